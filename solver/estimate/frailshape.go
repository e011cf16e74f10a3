package estimate

import (
	"math"
	"slices"
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
	from     float64 // ln of the least shape of the grid
	step     float64
	logs     []float64 // log density of ln of the shape
	samples  []FrailSample
	evidence [][]float64 // by sample and shape: ln ∫ over the rate
	centres  [][]peak    // by sample and shape
}

// peak is where the density of ln ρ is greatest, with the standard deviation of the normal law
// with the same curvature.
type peak struct{ at, sd float64 }

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
// each.
func NewFrailShape(samples []FrailSample, logPrior func(float64) float64,
	low, high float64) *FrailShape {
	f := &FrailShape{samples: samples}
	const rounds, deep = 6, 22
	for range rounds {
		f.from, f.step = low, (high-low)/(shapePoints-1)
		f.evaluate(logPrior)
		top := slices.Max(f.logs)
		first := slices.IndexFunc(f.logs, func(y float64) bool { return y > top-deep })
		last := len(f.logs) - 1
		for f.logs[last] <= top-deep {
			last--
		}
		first, last = max(first-1, 0), min(last+1, len(f.logs)-1)
		if last-first > shapePoints*2/3 {
			break
		}
		low, high = f.from+f.step*float64(first), f.from+f.step*float64(last)
	}
	f.shape = NewLogGrid(f.from, f.step, f.logs)
	return f
}

// evaluate computes the density on the grid.
func (f *FrailShape) evaluate(logPrior func(float64) float64) {
	f.logs = make([]float64, shapePoints)
	f.evidence, f.centres = make([][]float64, len(f.samples)), make([][]peak, len(f.samples))
	for j := range f.logs {
		f.logs[j] = logPrior(f.from + f.step*float64(j))
	}
	for i := range f.samples {
		s := &f.samples[i]
		start := math.Log(s.Prior.Mean())
		if !s.Prior.Proper() {
			start = 0
		}
		for j := range f.logs {
			a := math.Exp(f.from + f.step*float64(j))
			evidence, centre := s.integrate(a, start)
			start = centre.at
			f.logs[j] += evidence
			f.evidence[i], f.centres[i] = append(f.evidence[i], evidence), append(f.centres[i], centre)
		}
	}
}

// logDensity returns the logarithm of the density of x = ln ρ for a shape a, with its first two
// derivatives.
func (s *FrailSample) logDensity(a, x float64) (value, slope, curve float64) {
	rho := math.Exp(x)
	power := s.Prior.Shape
	value, slope, curve = -s.Prior.Exposure*rho, -s.Prior.Exposure*rho, -s.Prior.Exposure*rho
	for _, t := range s.Times {
		power += float64(t.Ended)
		weight := float64(t.Ended)*(a+1) + float64(t.Censored)*a
		y := rho * t.Time / a
		value -= weight * math.Log1p(y)
		slope -= weight * (y / (1 + y))
		curve -= weight * (y / ((1 + y) * (1 + y)))
	}
	return value + power*x, slope + power, curve
}

// logDensityAlone returns the value of logDensity, to the last bit, without its derivatives.
func (s *FrailSample) logDensityAlone(a, x float64) float64 {
	rho := math.Exp(x)
	power := s.Prior.Shape
	value := -s.Prior.Exposure * rho
	for _, t := range s.Times {
		power += float64(t.Ended)
		weight := float64(t.Ended)*(a+1) + float64(t.Censored)*a
		value -= weight * math.Log1p(rho*t.Time/a)
	}
	return value + power*x
}

// integrate returns ln ∫ of the density over ln ρ for a shape, and its peak. The density is
// log-concave in ln ρ; the trapezoidal rule is good to 1e-8 for it.
func (s *FrailSample) integrate(a, start float64) (evidence float64, centre peak) {
	x, top := start, 0.0
	for range 200 {
		value, slope, curve := s.logDensity(a, x)
		step := min(max(-slope/curve, -2), 2)
		centre, top = peak{x, 1 / math.Sqrt(-curve)}, value
		if !(math.Abs(step) > 1e-6*centre.sd) {
			break
		}
		x += step
	}
	sum := 0.0
	for k := -rateReach / rateStep; k < rateReach/rateStep+0.5; k++ {
		value := s.logDensityAlone(a, centre.at+centre.sd*rateStep*k)
		sum += math.Exp(value - top)
	}
	return top + math.Log(sum*centre.sd*rateStep), centre
}

// Shape returns the law of the shape.
func (f *FrailShape) Shape() *LogGrid { return f.shape }

// Rate returns the law of the rate of a sample, whatever the shape.
func (f *FrailShape) Rate(sample int) *LogGrid {
	s, top := &f.samples[sample], slices.Max(f.logs)
	low, high, sd := math.Inf(1), math.Inf(-1), math.Inf(1)
	for j, c := range f.centres[sample] {
		if f.logs[j] > top-16 {
			low, high = min(low, c.at-rateReach*c.sd), max(high, c.at+rateReach*c.sd)
			sd = min(sd, c.sd)
		}
	}
	n := int(math.Ceil((high-low)/(0.7*sd))) + 1
	step := (high - low) / float64(n-1)
	logs := make([]float64, n)
	for k := range logs {
		sum, x := 0.0, low+step*float64(k)
		for j := range f.logs {
			if f.logs[j] > top-16 {
				value := s.logDensityAlone(math.Exp(f.from+f.step*float64(j)), x)
				sum += math.Exp(f.logs[j] - top + value - f.evidence[sample][j])
			}
		}
		logs[k] = math.Log(sum)
	}
	return NewLogGrid(low, step, logs)
}
