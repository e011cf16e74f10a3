package estimate

import (
	"math"
	"slices"

	"budget/internal/parallel"
)

// FrailSample is the times of subjects with one rate of an event, as in FrailRate, and the prior
// of the rate.
type FrailSample struct {
	Prior GammaRate
	Times []FrailTime
}

// FrailTime counts the subjects whose time ended by the event or was censored.
type FrailTime struct {
	Time            float64
	Ended, Censored int64
}

// FrailShape is the joint posterior of a frailty's shape, the same in several samples, and of the
// rate of each.
type FrailShape struct {
	shape    *LogGrid
	workers  int
	from     float64   // ln of the least shape of the grid
	step     float64   // of the grid
	prior    []float64 // log prior density of ln of the shape
	logs     []float64 // log density of ln of the shape
	samples  []FrailSample
	evidence [][]float64 // by sample and shape: ln ∫ over the rate
	peaks    [][]peak    // by sample and shape
}

// peak is where the density of ln ρ is greatest, with the standard deviation of the normal law
// with the same curvature, and the logarithm of the density there.
type peak struct{ at, sd, top float64 }

// shapePoints is the number of points of the grid of ln of the shape, rateReach and rateStep the
// half width and the step of the grid of ln of a rate, in standard deviations.
const (
	shapePoints = 25
	rateReach   = 6.5
	rateStep    = 0.65
)

// NewFrailShape returns the posterior for the logarithm of a prior density of ln a between two
// values of it. Rates are integrated out:
//
//	p(a | times) ∝ p(a) ∏ ∫ p(ρ) ∏ ρ (1+ρt/a)^−(a+1) ∏ (1+ρt/a)^−a dρ
//
// over samples, their times that ended, and those that were censored. Samples need two events
// each. The result does not depend on the number of workers.
func NewFrailShape(samples []FrailSample, logPrior func(float64) float64,
	low, high float64, workers int) *FrailShape {
	f := &FrailShape{samples: samples, workers: workers}
	const rounds = 6
	for round := 1; ; round++ {
		f.from, f.step, f.prior = low, (high-low)/(shapePoints-1), nil
		for j := range shapePoints {
			f.prior = append(f.prior, logPrior(f.from+f.step*float64(j)))
		}
		f.findPeaks()
		f.approximate()
		first, last, certain := f.span()
		enough := last-first > shapePoints*2/3 || round == rounds
		if enough || !certain {
			f.integrate()
			first, last, _ = f.span()
			enough = last-first > shapePoints*2/3 || round == rounds
		}
		if enough {
			break
		}
		low, high = f.from+f.step*float64(first), f.from+f.step*float64(last)
	}
	f.shape = NewLogGrid(f.from, f.step, f.logs)
	return f
}

// findPeaks finds the peaks for every shape of the grid, each from the one before.
func (f *FrailShape) findPeaks() {
	f.peaks = make([][]peak, len(f.samples))
	parallel.For(f.workers, len(f.samples), func(_, i int) {
		s := &f.samples[i]
		start := math.Log(s.Prior.Mean())
		if !s.Prior.Proper() {
			start = 0
		}
		for j := range shapePoints {
			p := s.peak(math.Exp(f.from+f.step*float64(j)), start)
			start = p.at
			f.peaks[i] = append(f.peaks[i], p)
		}
	})
}

// approximate computes the density on the grid as if it were normal in ln ρ.
func (f *FrailShape) approximate() {
	f.logs = slices.Clone(f.prior)
	for _, peaks := range f.peaks {
		for j, p := range peaks {
			f.logs[j] += p.top + math.Log(p.sd*math.Sqrt(2*math.Pi))
		}
	}
}

// integrate computes the density on the grid.
func (f *FrailShape) integrate() {
	f.logs, f.evidence = slices.Clone(f.prior), make([][]float64, len(f.samples))
	for i := range f.evidence {
		f.evidence[i] = make([]float64, shapePoints)
	}
	parallel.For(f.workers, len(f.samples)*shapePoints, func(_, k int) {
		i, j := k/shapePoints, k%shapePoints
		f.evidence[i][j] = f.samples[i].integrate(math.Exp(f.from+f.step*float64(j)), f.peaks[i][j])
	})
	for _, evidence := range f.evidence {
		for j, y := range evidence {
			f.logs[j] += y
		}
	}
}

// span returns the points beside those with a density that matters, and whether they would be the
// same for any error of approximate. The density is at most that at the peak, so integrate returns
// at most ln(21·rateStep/√2π) more, and not less than ln(rateStep/√2π) for the peak alone.
func (f *FrailShape) span() (first, last int, certain bool) {
	const deep, most, least = 22, 1.7, -1.36
	edge := slices.Max(f.logs) - deep
	first = slices.IndexFunc(f.logs, func(y float64) bool { return y > edge })
	last = len(f.logs) - 1
	for f.logs[last] <= edge {
		last--
	}
	certain = !slices.ContainsFunc(f.logs, func(y float64) bool {
		return !(math.Abs(y-edge) > (most-least)*float64(len(f.samples)))
	})
	return max(first-1, 0), min(last+1, len(f.logs)-1), certain
}

// logDensity returns the logarithm of the density of x = ln ρ for a shape a.
func (s *FrailSample) logDensity(a, x float64) float64 {
	rho := math.Exp(x)
	power := s.Prior.Shape
	value := -s.Prior.Exposure * rho
	for _, t := range s.Times {
		power += float64(t.Ended)
		weight := float64(t.Ended)*(a+1) + float64(t.Censored)*a
		value -= weight * log1p(rho*t.Time/a)
	}
	return value + power*x
}

// log1p returns math.Log1p(y) for y >= 0, to the last bit. For 2⁻²⁹ <= y < √2−1, as with most times
// of a long log, it does the same operations without asking for other cases:
//
//	ln(1+y) = y − y²/2 + s·(y²/2 + R(s²)),   s = y/(2+y).
func log1p(y float64) float64 {
	if !(y >= 1.0/(1<<29) && y < 4.142135623730950488017e-01) {
		return math.Log1p(y)
	}
	half := 0.5 * y * y
	s := y / (2.0 + y)
	z := s * s
	r := z * (6.666666666666735130e-01 + z*(3.999999999940941908e-01+z*(2.857142874366239149e-01+
		z*(2.222219843214978396e-01+z*(1.818357216161805012e-01+
			z*(1.531383769920937332e-01+z*1.479819860511658591e-01))))))
	return y - (half - s*(half+r))
}

// derivatives returns the first two derivatives of logDensity by x.
func (s *FrailSample) derivatives(a, x float64) (slope, curve float64) {
	rho := math.Exp(x)
	power := s.Prior.Shape
	slope, curve = -s.Prior.Exposure*rho, -s.Prior.Exposure*rho
	for _, t := range s.Times {
		power += float64(t.Ended)
		weight := float64(t.Ended)*(a+1) + float64(t.Censored)*a
		y := rho * t.Time / a
		slope -= weight * (y / (1 + y))
		curve -= weight * (y / ((1 + y) * (1 + y)))
	}
	return slope + power, curve
}

// peak returns the peak of the density of ln ρ for a shape, which is log-concave, by Newton's steps
// from a start.
func (s *FrailSample) peak(a, start float64) (p peak) {
	x := start
	for range 200 {
		slope, curve := s.derivatives(a, x)
		step := min(max(-slope/curve, -2), 2)
		p.at, p.sd = x, 1/math.Sqrt(-curve)
		if !(math.Abs(step) > 1e-6*p.sd) {
			break
		}
		x += step
	}
	p.top = s.logDensity(a, p.at)
	return p
}

// integrate returns ln ∫ of the density over ln ρ for a shape. The trapezoidal rule is good to 1e-8
// for it.
func (s *FrailSample) integrate(a float64, centre peak) float64 {
	sum := 0.0
	for k := -rateReach / rateStep; k < rateReach/rateStep+0.5; k++ {
		value := s.logDensity(a, centre.at+centre.sd*rateStep*k)
		sum += math.Exp(value - centre.top)
	}
	return centre.top + math.Log(sum*centre.sd*rateStep)
}

// Shape returns the law of the shape.
func (f *FrailShape) Shape() *LogGrid { return f.shape }

// Rate returns the law of the rate of a sample, whatever the shape.
func (f *FrailShape) Rate(sample int) *LogGrid {
	s, top := &f.samples[sample], slices.Max(f.logs)
	low, high, sd := math.Inf(1), math.Inf(-1), math.Inf(1)
	for j, c := range f.peaks[sample] {
		if f.logs[j] > top-16 {
			low, high = min(low, c.at-rateReach*c.sd), max(high, c.at+rateReach*c.sd)
			sd = min(sd, c.sd)
		}
	}
	n := int(math.Ceil((high-low)/(0.7*sd))) + 1
	step := (high - low) / float64(n-1)
	logs := make([]float64, n)
	parallel.For(f.workers, n, func(_, k int) {
		sum, x := 0.0, low+step*float64(k)
		for j := range f.logs {
			if f.logs[j] > top-16 {
				value := s.logDensity(math.Exp(f.from+f.step*float64(j)), x)
				sum += math.Exp(f.logs[j] - top + value - f.evidence[sample][j])
			}
		}
		logs[k] = math.Log(sum)
	})
	return NewLogGrid(low, step, logs)
}
