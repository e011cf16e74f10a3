package estimate

import (
	"math"
	"slices"
)

// IncidencePoint is the state of an Aalen–Johansen estimate at a time at which
// something ended or was censored; it holds until the next point. The slices
// have one element for each cause, cause 1 first.
type IncidencePoint struct {
	Time     float64
	AtRisk   int     // number at risk just before Time
	Survival float64 // probability that nothing has ended by Time

	Incidence []float64 // probability of an end by Time from each cause

	// DeltaError is the standard error of Incidence by the delta method, equal to
	// the infinitesimal jackknife; what survfit of the R package survival prints.
	DeltaError []float64

	// AalenError is Aalen's standard error of Incidence; what cuminc of the R
	// package cmprsk prints. It differs from DeltaError by the finite-sample
	// factors of a hypergeometric variance, by some per cent where few are at
	// risk. Say which one is shown.
	AalenError []float64
}

// AalenJohansen estimates the cumulative incidence of m competing causes from
// times of which some are censored. The cause of times[i] is causes[i], from 1
// to m, or 0 if the time is censored. It returns one point for each distinct
// time, in ascending order; before the first, survival is 1.
//
// With Y at risk just before a time s, d_c ends from cause c at s and d of any,
//
//	I_c(t) = Σ_{s≤t} S(s−)·d_c/Y,   S(t) = Π_{s≤t} (1 − d/Y).
//
// Ties are exact: all causes at one time share one risk set, which includes
// those censored at that time. Without censoring the incidence is the plain
// proportion, to the last bit.
//
// The squared standard errors, with F = I_c and sums over s <= t, are
//
//	delta: Σ_s { [F(t)−F(s)]²·d/(Y(Y−d)) + S(s−)²·d_c(Y−d_c)/Y³
//	             − 2[F(t)−F(s)]·S(s−)·d_c/Y² },
//	Aalen: Σ_s Σ_k { 1[k = c] − [F(t)−F(s)]/S(s) }²·S(s−)²·d_k(Y−d_k)/(Y²(Y−1)),
//
// where k runs over cause c and all others taken as one. F(t)−F(s) is zero, and
// wins over a divisor of zero, when nobody is left after s.
//
// AalenJohansen panics if the slices differ in length, m < 1, a cause is outside
// [0, m] or a time is NaN.
//
// References: Aalen, Annals of Statistics 6 (1978) 534; Aalen and Johansen,
// Scandinavian Journal of Statistics 5 (1978) 141; Gray, Annals of Statistics 16
// (1988) 1141.
func AalenJohansen(times []float64, causes []int, m int) []IncidencePoint {
	if len(times) != len(causes) || m < 1 {
		panic("estimate: times and causes do not match")
	}
	order := make([]int, len(times))
	for i := range order {
		if math.IsNaN(times[i]) || causes[i] < 0 || causes[i] > m {
			panic("estimate: time is NaN or cause outside [0, m]")
		}
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		switch {
		case times[i] < times[j]:
			return -1
		case times[i] > times[j]:
			return 1
		}
		return 0
	})

	var points []IncidencePoint
	var (
		ended    = make([]int, m+1)   // at this time, by cause; censored at 0
		since    = make([]int, m)     // since the last censoring, by cause
		base     = make([]float64, m) // incidence at the last censoring
		delta    = make([]incidenceVariance, m)
		aalen    = make([]incidenceVariance, m)
		survival = 1.0        // at the last censoring
		start    = len(times) // at risk just after the last censoring
		left     = len(times) // at risk now
	)
	for first := 0; first < len(order); {
		t := times[order[first]]
		clear(ended)
		last := first
		for ; last < len(order) && times[order[last]] == t; last++ {
			ended[causes[order[last]]]++
		}
		censored, all := ended[0], last-first-ended[0]
		point := IncidencePoint{
			Time:       t,
			AtRisk:     left,
			Incidence:  make([]float64, m),
			DeltaError: make([]float64, m),
			AalenError: make([]float64, m),
		}
		// Between censorings survival falls with the number at risk, S/Y stays,
		// and the product telescopes: whole numbers carry the sum.
		before := survival * (float64(left) / float64(start))
		after := survival * (float64(left-all) / float64(start))
		for c := range m {
			since[c] += ended[c+1]
			f := base[c] + survival*(float64(since[c])/float64(start))
			y, d, dc := float64(left), float64(all), float64(ended[c+1])
			delta[c].addDelta(y, d, dc, before, f)
			aalen[c].addAalen(y, d, dc, before, after, f)
			point.Incidence[c] = f
			point.DeltaError[c] = delta[c].standardError(f)
			point.AalenError[c] = aalen[c].standardError(f)
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
		first = last
	}
	return points
}

// incidenceVariance holds the sums over past times s that give the variance of
// F(t) at any later time t as q₀ + q₁·F(t) + q₂·F(t)².
type incidenceVariance struct{ q0, q1, q2 float64 }

func (v *incidenceVariance) standardError(f float64) float64 {
	return math.Sqrt(max(0, v.q0+f*(v.q1+f*v.q2)))
}

// addDelta takes in, for the delta method, a time with y at risk, d ends, dc of
// them from the cause, survival before it and incidence f after it.
func (v *incidenceVariance) addDelta(y, d, dc, before, f float64) {
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

// addAalen takes in the same for Aalen's variance, with survival after the time
// as well.
func (v *incidenceVariance) addAalen(y, d, dc, before, after, f float64) {
	inverse := 0.0
	if after > 0 {
		inverse = 1 / after
	}
	term := func(dk, own float64) {
		// (Y−d_k)/(Y−1), 1 for a single end also where Y = 1.
		w := before * before * dk / (y * y)
		if dk > 1 {
			w *= (y - dk) / (y - 1)
		}
		g := own + f*inverse
		v.q0 += w * g * g
		v.q1 -= 2 * w * g * inverse
		v.q2 += w * inverse * inverse
	}
	term(dc, 1)
	if after > 0 {
		term(d-dc, 0)
	}
}
