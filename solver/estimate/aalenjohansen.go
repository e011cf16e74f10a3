package estimate

import (
	"cmp"
	"math"
	"slices"
)

// IncidencePoint is an Aalen–Johansen estimate at a time when something ended
// or was censored. It holds until the next point. The slices have one element
// for each cause, cause 1 first.
type IncidencePoint struct {
	Time     float64
	AtRisk   int     // number at risk just before Time
	Survival float64 // probability that nothing has ended by Time

	Incidence []float64 // probability of an end by Time from each cause

	// StandardError is the standard error of Incidence by the delta method. It
	// equals the infinitesimal jackknife and the value that survfit of the R
	// package survival prints.
	StandardError []float64
}

// AalenJohansen estimates the cumulative incidence of m competing causes. Some of the
// times may be censored. The cause of times[i] is causes[i], from 1 to m, or 0 if the
// time is censored; it counts counts[i] times, or once if counts is nil. It returns one
// point for each distinct time, in ascending order; before the first, survival is 1.
//
// With Y at risk just before a time s, d_c ends from cause c at s and d ends from any
// cause,
//
//	I_c(t) = Σ_{s≤t} S(s−)·d_c/Y,   S(t) = Π_{s≤t} (1 − d/Y).
//
// Ties are exact: all causes at one time share one risk set, which includes
// those censored at that time. Without censoring the incidence is the plain
// proportion, to the last bit.
//
// The squared standard error, with F = I_c, is
//
//	Σ_{s≤t} { [F(t)−F(s)]²·d/(Y(Y−d)) + S(s−)²·d_c(Y−d_c)/Y³
//	          − 2[F(t)−F(s)]·S(s−)·d_c/Y² },
//
// When none is left after s, F(t)−F(s) is zero and its terms are zero even where the
// divisor is zero.
//
// AalenJohansen panics if the slices differ in length, m < 1, a cause is outside
// [0, m], a time is NaN or a count is negative.
//
// References: Aalen, Annals of Statistics 6 (1978) 534; Aalen and Johansen,
// Scandinavian Journal of Statistics 5 (1978) 141; Gray, Annals of Statistics 16
// (1988) 1141.
func AalenJohansen(times []float64, causes, counts []int, m int) []IncidencePoint {
	if len(times) != len(causes) || counts != nil && len(times) != len(counts) || m < 1 {
		panic("estimate: times, causes and counts do not match")
	}
	count := func(i int) int { return 1 }
	if counts != nil {
		count = func(i int) int { return counts[i] }
	}
	order, number := make([]int, len(times)), 0
	for i := range order {
		if math.IsNaN(times[i]) || causes[i] < 0 || causes[i] > m || count(i) < 0 {
			panic("estimate: time is NaN, cause outside [0, m] or count negative")
		}
		order[i] = i
		number += count(i)
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Compare(times[i], times[j])
	})

	var points []IncidencePoint
	var (
		ended    = make([]int, m+1)   // at this time, by cause; censored at 0
		since    = make([]int, m)     // since the last censoring, by cause
		base     = make([]float64, m) // incidence at the last censoring
		variance = make([]incidenceVariance, m)
		survival = 1.0    // at the last censoring
		start    = number // at risk just after the last censoring
		left     = number // at risk now
	)
	for first := 0; first < len(order); {
		t := times[order[first]]
		clear(ended)
		last, here := first, 0
		for ; last < len(order) && times[order[last]] == t; last++ {
			n := count(order[last])
			ended[causes[order[last]]] += n
			here += n
		}
		first = last
		if here == 0 {
			continue
		}
		censored, all := ended[0], here-ended[0]
		point := IncidencePoint{
			Time:          t,
			AtRisk:        left,
			Incidence:     make([]float64, m),
			StandardError: make([]float64, m),
		}
		// Between censorings survival falls with the number at risk, S/Y stays,
		// and the product telescopes: whole numbers carry the sum.
		before := survival * (float64(left) / float64(start))
		after := survival * (float64(left-all) / float64(start))
		for c := range m {
			since[c] += ended[c+1]
			f := base[c] + survival*(float64(since[c])/float64(start))
			y, d, dc := float64(left), float64(all), float64(ended[c+1])
			variance[c].add(y, d, dc, before, f)
			point.Incidence[c] = f
			point.StandardError[c] = variance[c].standardError(f)
		}
		point.Survival = after
		points = append(points, point)

		left -= all
		if censored > 0 {
			for c := range m {
				base[c] = point.Incidence[c]
			}
			clear(since)
			survival = after
			left -= censored
			start = left
		}
	}
	return points
}

// incidenceVariance holds the sums over past times s that give the variance of
// F(t) at any later time t as q₀ + q₁·F(t) + q₂·F(t)².
type incidenceVariance struct{ q0, q1, q2 float64 }

func (v *incidenceVariance) standardError(f float64) float64 {
	return math.Sqrt(max(0, v.q0+f*(v.q1+f*v.q2)))
}

// add adds a time with y at risk and d ends, dc of them from the cause. before is
// the survival before it and f the incidence after it.
func (v *incidenceVariance) add(y, d, dc, before, f float64) {
	if y > d {
		a := d / (y * (y - d))
		v.q0 += a * f * f
		v.q1 -= 2 * a * f
		v.q2 += a
	}
	b := before * dc / (y * y)
	v.q0 += before*b*(y-dc)/y + 2*b*f
	v.q1 -= 2 * b
}

// Interval returns confidence bounds for the incidence of a cause, from 1, that
// are wrong with about the given one-sided probabilities. Censoring makes the
// estimate F as precise as a proportion among fewer subjects,
//
//	n = F (1 − F) / σ²,
//
// with σ the standard error; where F is 0 or 1, n is the number at risk. The
// bounds are those of Clopper and Pearson for that proportion, with counts
// rounded outwards. They are exact without censoring and stay valid for few
// events, where bounds made from σ alone are too narrow.
//
// Reference: Dorey and Korn, Statistics in Medicine 6 (1987) 679.
func (p IncidencePoint) Interval(cause int, alphaLower, alphaUpper float64) Interval {
	f, sigma, n := p.Incidence[cause-1], p.StandardError[cause-1], float64(p.AtRisk)
	if f > 0 && f < 1 && sigma > 0 {
		n = f * (1 - f) / (sigma * sigma)
	}
	// Whole numbers come back as such, but for rounding.
	const slack = 1e-6
	whole := math.Floor(n + slack)
	least, most := math.Floor(f*whole+slack), min(math.Ceil(f*whole-slack), whole)
	return Interval{
		Lower: ClopperPearson(int64(least), int64(whole), alphaLower, 0).Lower,
		Upper: ClopperPearson(int64(most), int64(whole), 0, alphaUpper).Upper,
	}
}
