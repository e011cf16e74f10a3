package compare

import (
	"math"
	"slices"
	"sort"

	"budget/solver/estimate"
	"budget/sweep"
)

// Two sides of a comparison, A and B, simulate the same sessions if seed, paths and
// sampling are equal. Then a difference is known much better than either side (common
// random numbers). Replicates are independent, and so are the differences of their
// means. If the sides do not simulate the same sessions, their variances add.
//
// Sessions not simulated may fail on one side only. The interval allows for unseen
// events as heavy as those that make up the differences (see heaviest). Events that both
// sides share make no difference and need no allowance.

// Difference is B − A with its interval.
type Difference struct {
	A, B float64
	estimate.Estimate
}

// Significant reports whether the interval excludes zero.
func (d Difference) Significant() bool { return d.Lower > 0 || d.Upper < 0 }

// Side is the data of one side of a cell.
type Side struct {
	Durations  []float64
	Failure    []estimate.Moments  // by duration
	Replicates [][]float64         // by At
	At         []int               // indices of the durations with means of replicates
	Caps       map[float64]SafeCap // by tolerance
	Cycles     sweep.Cycles        // of the timer that sessions are
}

// SafeCap is a cap as the tables of its side have it.
type SafeCap struct {
	Length float64 // [s]; 0 without a cap
	Status sweep.CapStatus
}

// point is the failure of a side by a duration.
type point struct {
	mean       float64
	deviations []float64 // of the replicates from their mean
	apart      float64   // variance of the mean not in deviations
	paths      float64
}

// at returns the failure by the i-th duration. Between durations with means of replicates
// the deviations are interpolated linearly. Variance that the interpolation misses counts
// as independent of the other side.
func (s *Side) at(i int) point {
	m := s.Failure[i]
	p := point{mean: m.Mean(), paths: float64(m.Paths)}
	j := sort.SearchInts(s.At, i)
	switch {
	case len(s.At) == 0:
		p.apart = math.Inf(1)
		return p
	case j < len(s.At) && s.At[j] == i:
		p.deviations = centred(s.Replicates[j])
		return p
	case j == len(s.At):
		p.deviations = centred(s.Replicates[j-1])
	default:
		after := centred(s.Replicates[j])
		first, before := -1, make([]float64, len(after))
		if j > 0 {
			first, before = s.At[j-1], centred(s.Replicates[j-1])
		}
		part := float64(i-first) / float64(s.At[j]-first)
		for n := range after {
			after[n] = before[n] + part*(after[n]-before[n])
		}
		p.deviations = after
	}
	e := m.StandardError()
	p.apart = max(e*e-spread(p.deviations)/float64(len(p.deviations)), 0)
	return p
}

// centred returns values minus their mean.
func centred(values []float64) []float64 {
	mean := 0.0
	for _, v := range values {
		mean += v / float64(len(values))
	}
	out := slices.Clone(values)
	for i := range out {
		out[i] -= mean
	}
	return out
}

// spread returns the variance of values.
func spread(x []float64) float64 {
	sum := 0.0
	for _, v := range centred(x) {
		sum += v * v
	}
	return sum / float64(len(x)-1)
}

// pair is two sides with the data that all their differences share.
type pair struct {
	a, b     *Side
	shared   bool    // the same sessions on both sides
	heaviest float64 // weight of the heaviest event on one side only; see pairOf
}

// pairOf makes a pair. A session that fails at different times on the two sides makes a
// difference only between these times. So the heaviest event is estimated from the
// changes of the differences between successive durations with replicates.
func pairOf(a, b *Side, shared bool) *pair {
	p := &pair{a: a, b: b, shared: shared}
	if !shared {
		p.heaviest = 1
		return p
	}
	var before []float64
	for j, i := range a.At {
		k := sort.SearchInts(b.At, i)
		if k == len(b.At) || b.At[k] != i || len(a.Replicates[j]) != len(b.Replicates[k]) {
			continue
		}
		d := minus(b.Replicates[k], a.Replicates[j])
		change := d
		if before != nil {
			change = minus(d, before)
		}
		p.heaviest = max(p.heaviest, largest(centred(change))*float64(a.Failure[i].Paths)/float64(len(d)))
		before = d
	}
	p.heaviest = min(p.heaviest, 1)
	return p
}

func minus(a, b []float64) []float64 {
	d := make([]float64, len(a))
	for i := range d {
		d[i] = a[i] - b[i]
	}
	return d
}

// largest returns the largest absolute value.
func largest(x []float64) float64 {
	most := 0.0
	for _, v := range x {
		most = max(most, math.Abs(v))
	}
	return most
}

// difference returns the failure of B by its k-th duration minus that of A by its i-th.
// With N paths whose replicates deviate by at most L, the bounds are those of
// estimate.Moments for the variance of the difference and the largest weight L: Student's
// if many paths make the difference, Poisson's if few do (estimate.ReplicateMoments).
func (p *pair) difference(i, k int, alpha float64) estimate.Estimate {
	a, b := p.a.at(i), p.b.at(k)
	e := estimate.Estimate{Value: b.mean - a.mean}
	apart, paths := a.apart+b.apart, min(a.paths, b.paths)
	var m estimate.Moments
	if p.shared && len(a.deviations) == len(b.deviations) {
		m = estimate.ReplicateMoments(minus(b.deviations, a.deviations), int64(paths))
		m.Largest = max(m.Largest, p.heaviest)
	} else {
		na, nb := float64(len(a.deviations)), float64(len(b.deviations))
		va, vb := spread(a.deviations)/na, spread(b.deviations)/nb
		freedom := min(na, nb) - 1
		if va+vb > 0 { // Welch and Satterthwaite
			freedom = (va + vb) * (va + vb) / (va*va/(na-1) + vb*vb/(nb-1))
		}
		m = estimate.Moments{Paths: int64(paths), Blocks: int64(freedom) + 1,
			Variance: (va + vb) * paths, Largest: 1}
	}
	m.Variance += apart * paths
	e.StandardError = math.Sqrt(m.Variance / paths)
	if m.Blocks < 2 || math.IsNaN(m.Variance) || math.IsInf(m.Variance, 1) {
		e.Lower, e.Upper = math.Inf(-1), math.Inf(1)
		return e
	}
	half := m.Interval(0, alpha).Upper
	e.Lower, e.Upper = max(e.Value-half, -1), min(e.Value+half, 1)
	return e
}

// FailureDifference returns the failure of B by duration At[k] minus that of A by duration
// At[j].
func FailureDifference(a, b *Side, j, k int, shared bool, alpha float64) Difference {
	i, l := a.At[j], b.At[k]
	return Difference{a.Failure[i].Mean(), b.Failure[l].Mean(),
		pairOf(a, b, shared).difference(i, l, alpha)}
}

// ofCaps is the part of the error probability of a difference of caps that each of the four
// bounds on the single caps may spend.
const ofCaps = 0.05

// CrossingDifference returns the difference of the longest sessions whose estimated
// failure is within a tolerance ε. If these are the a-th duration of A and the b-th of B,
// failure exceeds ε in the next step:
//
//	F_A(a) <= ε < F_A(a+1),  F_B(b) <= ε < F_B(b+1),
//	so F_A(a) < F_B(b+1) and F_B(b) < F_A(a+1).
//
// The interval contains the differences b − a of all pairs that the data do not exclude,
// by the intervals of the two caps or of the two differences of failure. Sides with the
// same sessions have much narrower intervals of differences. If failure jumps over ε by
// more than chance allows, one pair remains and the difference is exact.
func CrossingDifference(a, b *Side, tolerance float64, shared bool, alpha float64) Difference {
	bestA, bestB := a.best(tolerance), b.best(tolerance)
	time := func(s *Side, i int) float64 { return float64(i+1) * s.Durations[0] }
	d := Difference{A: time(a, bestA), B: time(b, bestB)}
	d.Value = d.B - d.A
	d.Lower, d.Upper = d.Value, d.Value
	if shared && a.same(b) {
		return d
	}
	p := pairOf(a, b, shared)
	side := (1 - 2*ofCaps) * alpha
	fromA, toA := a.caps(tolerance, ofCaps*alpha)
	fromB, toB := b.caps(tolerance, ofCaps*alpha)
	for i := fromA; i <= toA; i++ {
		// Shortest cap of B whose failure one step later is not surely below A's.
		first := fromB + sort.Search(toB-fromB, func(n int) bool {
			k := fromB + n + 1
			return i < 0 || !(p.difference(i, k, side).Upper < 0)
		})
		last := fromB - 1 + sort.Search(toB-fromB+1, func(n int) bool {
			k := fromB + n
			return k >= 0 && i+1 < len(a.Failure) && p.difference(i+1, k, side).Lower > 0
		})
		if first <= last {
			d.Lower = min(d.Lower, time(b, first)-time(a, i))
			d.Upper = max(d.Upper, time(b, last)-time(a, i))
		}
	}
	return d
}

// best returns the index of the longest session whose estimated failure is within a
// tolerance, −1 if none.
func (s *Side) best(tolerance float64) int {
	i := 0
	for i < len(s.Failure) && s.Failure[i].Mean() <= tolerance {
		i++
	}
	return i - 1
}

// caps returns the indices of the interval of the cap at a tolerance.
func (s *Side) caps(tolerance, alpha float64) (from, to int) {
	c := estimate.NewCurveCaps(estimate.Curve{Moments: s.Failure}, alpha).Invert(tolerance)
	best := s.best(tolerance)
	return min(c.Index, best), max(c.UpperIndex, best)
}

// same reports whether two sides have equal failure at every duration.
func (s *Side) same(o *Side) bool {
	return slices.Equal(s.Failure, o.Failure) &&
		slices.EqualFunc(s.Replicates, o.Replicates, slices.Equal[[]float64])
}
