package estimate

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// GammaRate is the gamma law of a rate of events, as known after Shape events
// in the time Exposure. Its density is
//
//	f(λ) ∝ λ^(Shape−1) e^(−Exposure·λ).
//
// It is conjugate to exponential times (see Given). Rates are in events per
// unit of Exposure.
type GammaRate struct{ Shape, Exposure float64 }

// JeffreysRate is the prior of a rate without any knowledge, λ^(−1/2). It is
// improper; with the first exposure it becomes a law.
func JeffreysRate() GammaRate { return GammaRate{0.5, 0} }

// GammaBetween returns the gamma law that lies below low and above high with
// probability alpha/2 each. No gamma law has such a quantile at 0: where low is
// 0, the shape is the 1/2 of JeffreysRate and the law is above high with
// probability alpha/2. It panics unless 0 <= low < high < +Inf and 0 < alpha <
// 1.
func GammaBetween(low, high, alpha float64) GammaRate {
	if !(low >= 0 && low < high && !math.IsInf(high, 1) && alpha > 0 && alpha < 1) {
		panic("estimate: gamma law needs 0 <= low < high < +Inf and 0 < alpha < 1")
	}
	shape := 0.5
	if low > 0 {
		// The ratio of the quantiles falls with the shape, from +Inf to 1.
		ratio := math.Log(high / low)
		excess := func(logShape float64) float64 {
			a := math.Exp(logShape)
			return ratio - math.Log(gammaQuantile(a, 1-alpha/2)/gammaQuantile(a, alpha/2))
		}
		least, most := math.Log(0.02), math.Log(1e8)
		switch {
		case excess(least) >= 0:
			shape = math.Exp(least)
		case excess(most) <= 0:
			shape = math.Exp(most)
		default:
			shape = math.Exp(bisect(excess, least, most))
		}
	}
	return GammaRate{shape, gammaQuantile(shape, 1-alpha/2) / high}
}

// Given returns the posterior after further events and exposure. With
// exponential times, some of them censored, n events in the exposure T have the
// likelihood λ^n e^(−λT), so that
//
//	Gamma(a, b) becomes Gamma(a + n, b + T).
//
// It panics if either is negative.
func (g GammaRate) Given(events int, exposure float64) GammaRate {
	if events < 0 || !(exposure >= 0) {
		panic("estimate: negative events or exposure")
	}
	return GammaRate{g.Shape + float64(events), g.Exposure + exposure}
}

// Proper reports whether the density is a law. JeffreysRate without exposure is
// not.
func (g GammaRate) Proper() bool { return g.Shape > 0 && g.Exposure > 0 }

// Mean returns the mean rate, which predicts the number of events in a short
// time.
func (g GammaRate) Mean() float64 { return g.Shape / g.Exposure }

// Quantile returns the p-quantile of the rate, 0 < p < 1, to about 1e-6 of the
// standard deviation.
func (g GammaRate) Quantile(p float64) float64 { return gammaQuantile(g.Shape, p) / g.Exposure }

// FrailRate is the posterior of the rate ρ of an event whose hazard differs
// between subjects. Each time is of another subject, whose hazard is ρ·f with a
// gamma frailty f of shape a and mean 1. Integrated over f, a time t has the
// likelihood
//
//	ρ (1 + ρt/a)^−(a+1) if the event ended it,  (1 + ρt/a)^−a if it was censored.
//
// These times are not exponential and no gamma law is conjugate, so the posterior
// is computed on a grid of ln ρ. Events divided by exposure would give too small a
// rate, since frail subjects leave early.
type FrailRate struct {
	log        []float64 // of the rate, evenly spaced
	density    []float64 // of log, up to a factor
	cumulative []float64
	mean       float64
}

// frailPoints is the number of points of the grid: quantiles are good to better than
// 1e-3 of the standard deviation.
const frailPoints = 256

// frailDepth is how far the log density has fallen at the ends of the grid. The
// probability outside is below 1e-12.
const frailDepth = 30

// NewFrailRate returns the posterior of the rate for a prior and a frailty shape.
// ended[i] reports whether times[i] ended by the event; it counts counts[i] times, or once if
// counts is nil. ok is false if the posterior is improper: an improper prior with too few times.
// It panics if the slices differ in length, a time or a count is negative or shape is not
// positive.
func NewFrailRate(prior GammaRate, shape float64, times []float64, ended []bool,
	counts []int) (r *FrailRate, ok bool) {
	if len(times) != len(ended) || counts != nil && len(times) != len(counts) || !(shape > 0) {
		panic("estimate: times, ended and counts differ in length, or shape is not positive")
	}
	type weighted struct{ time, weight float64 }
	var all []weighted
	events, heaviest := 0.0, 0.0
	for i, t := range times {
		n := 1.0
		if counts != nil {
			n = float64(counts[i])
		}
		if !(t >= 0 && n >= 0) {
			panic("estimate: negative time or count")
		}
		w := n * shape
		if ended[i] {
			w = n * (shape + 1)
			events += n
		}
		if t > 0 && n > 0 {
			all = append(all, weighted{t, w})
			heaviest += w
		}
	}
	// Merge equal times: many sessions have the same planned length.
	slices.SortFunc(all, func(a, b weighted) int {
		return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.weight, b.weight))
	})
	distinct := all[:0]
	for _, x := range all {
		if n := len(distinct); n > 0 && distinct[n-1].time == x.time {
			distinct[n-1].weight += x.weight
			continue
		}
		distinct = append(distinct, x)
	}
	power := prior.Shape + events
	if !(power > 0) || prior.Exposure == 0 && heaviest <= power*(1+1e-6) {
		return nil, false
	}

	// The logarithm of the density of x = ln ρ is concave:
	//
	//	(A + n) x − B e^x − Σ w ln(1 + e^x t/a),
	//
	// for a prior Gamma(A, B), n events, and weights w = a + 1 or a.
	logDensity := func(x float64) float64 {
		rho := math.Exp(x)
		sum := power*x - prior.Exposure*rho
		for _, x := range distinct {
			sum -= x.weight * math.Log1p(rho*x.time/shape)
		}
		return sum
	}
	slope := func(x float64) float64 {
		rho := math.Exp(x)
		sum := power - prior.Exposure*rho
		for _, x := range distinct {
			sum -= x.weight * (rho * x.time / (shape + rho*x.time))
		}
		return sum
	}
	low, high := 0.0, 0.0
	for step := 1.0; slope(low) <= 0; step *= 2 {
		low -= step
	}
	for step := 1.0; slope(high) >= 0; step *= 2 {
		high += step
	}
	mode := bisect(slope, low, high)
	top := logDensity(mode)
	reach := func(direction float64) float64 {
		step := direction
		for logDensity(mode+step) > top-frailDepth {
			step *= 2
		}
		return mode + bisect(func(share float64) float64 {
			return logDensity(mode+share*step) - (top - frailDepth)
		}, 0, 1)*step
	}
	from, to := reach(-1), reach(1)

	r = &FrailRate{log: make([]float64, frailPoints), density: make([]float64, frailPoints),
		cumulative: make([]float64, frailPoints)}
	h := (to - from) / (frailPoints - 1)
	total, moment, before, rising := 0.0, 0.0, 0.0, 0.0
	for i := range frailPoints {
		x := from + h*float64(i)
		density := math.Exp(logDensity(x) - top)
		derivative := density * slope(x)
		if i > 0 {
			// The corrected trapezium rule; its error is h⁵/720 f⁗ a cell.
			total += h/2*(before+density) + h*h/12*(rising-derivative)
		}
		moment += h * density * math.Exp(x)
		r.log[i], r.density[i], r.cumulative[i] = x, density, total
		before, rising = density, derivative
	}
	for i := range r.cumulative {
		r.cumulative[i] /= total
	}
	r.mean = moment / total
	return r, true
}

// Mean returns the mean rate.
func (r *FrailRate) Mean() float64 { return r.mean }

// Quantile returns the p-quantile of the rate, 0 < p < 1.
func (r *FrailRate) Quantile(p float64) float64 {
	i := min(max(sort.SearchFloat64s(r.cumulative, p), 1), len(r.cumulative)-1)
	left, right := r.cumulative[i-1], r.cumulative[i]
	share := 0.5
	if right > left {
		share = min(max((p-left)/(right-left), 0), 1)
	}
	// Between two points the density is taken to be a power of the rate.
	if growth := math.Log(r.density[i] / r.density[i-1]); math.Abs(growth) > 1e-9 {
		share = math.Log1p(share*math.Expm1(growth)) / growth
	}
	return math.Exp(r.log[i-1] + share*(r.log[i]-r.log[i-1]))
}

// bisect returns the zero of a function that is monotone and changes sign
// between low and high.
func bisect(f func(float64) float64, low, high float64) float64 {
	rising := f(low) < 0
	for range 200 {
		middle := low + (high-low)/2
		if middle <= low || middle >= high {
			break
		}
		if (f(middle) < 0) == rising {
			low = middle
		} else {
			high = middle
		}
	}
	return low + (high-low)/2
}

// LogVariance returns the variance of the logarithm of the rate: the trigamma function of the
// shape, by its recurrence and its asymptotic series (Abramowitz and Stegun 6.4.6 and 6.4.12).
func (g GammaRate) LogVariance() float64 {
	x, sum := g.Shape, 0.0
	for ; x < 10; x++ {
		sum += 1 / (x * x)
	}
	y := 1 / (x * x)
	return sum + 1/x + y/2 + y/x*(1.0/6-y*(1.0/30-y*(1.0/42-y/30)))
}
