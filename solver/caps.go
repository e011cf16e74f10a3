package solver

import (
	"math"

	"budget/model"
	"budget/solver/estimate"
)

// Cap is the longest safe session length for a reading and a tolerance.
type Cap struct {
	Reading   Reading
	Gated     bool // of the sessions alone that start at Case.Gate or above
	Tolerance float64
	// Duration and Upper are the cap and the upper end of its interval [s]; 0 if even
	// the shortest session is too long.
	Duration, Upper float64
	Status          estimate.Status
	Precise         bool        // the interval is as narrow as asked
	Binding         model.Cause // the cause with the most failures one step beyond the cap
}

// Caps returns the caps by reading, then tolerance, and then those at the gate. A cap is the
// longest session up to which the upper confidence bound of failure stays within the
// tolerance. One run serves any number of questions.
func Caps(e *Estimates, q Question) ([]Cap, error) {
	curves := len(e.Readings)
	if e.Gated != nil {
		curves++
	}
	q, err := q.filled(curves)
	if err != nil {
		return nil, err
	}
	return e.caps(q), nil
}

// caps returns the caps for a question whose defaults are filled in.
func (e *Estimates) caps(q Question) []Cap {
	caps := make([]Cap, 0, len(e.Readings)*len(q.Tolerances))
	n := len(e.Durations)
	for r := range e.Readings {
		in := &e.Readings[r]
		// The last argument is the error probability of each side of a cap's
		// interval.
		curve := estimate.NewCurveCaps(in.Failure, (1-q.Confidence)*e.Share/float64(q.Family))
		for _, tolerance := range q.Tolerances {
			found := estimate.CapResult{Index: -1, UpperIndex: n - 1, Status: estimate.Unknown}
			if e.Paths > 0 {
				found = curve.Invert(tolerance)
			}
			c := Cap{Reading: in.Reading, Tolerance: tolerance, Status: found.Status,
				Duration: e.duration(found.Index), Upper: e.duration(found.UpperIndex),
				Binding: in.Binding[min(found.Index+1, n-1)]}
			c.Precise = q.Paths > 0 || c.Status == estimate.Never ||
				c.Status != estimate.Unknown && c.Upper-c.Duration <= q.width(c)+1e-9
			caps = append(caps, c)
		}
	}
	if e.Gated != nil {
		for _, c := range e.Gated.caps(q) {
			c.Gated = true
			caps = append(caps, c)
		}
	}
	return caps
}

// duration returns the i-th duration [s], 0 for none.
func (e *Estimates) duration(i int) float64 {
	if i < 0 {
		return 0
	}
	return e.Durations[i]
}

// width returns the accepted width of a cap's interval [s].
func (q *Question) width(c Cap) float64 {
	return 2 * max(q.Precision, q.RelativePrecision*c.Duration)
}

// Looks are the estimates at growing numbers of paths, each with its share of the error
// probability.
type Looks []*Estimates

// Last returns the look with the most paths.
func (l Looks) Last() *Estimates { return l[len(l)-1] }

// Caps returns the caps that a run with these looks answers: each is that of the first
// look that decides it, else of the last look.
func (l Looks) Caps(q Question) ([]Cap, error) {
	var caps []Cap
	for _, e := range l {
		now, err := Caps(e, q)
		if err != nil {
			return nil, err
		}
		caps = settle(caps, now)
	}
	return caps, nil
}

// open reports whether the cap needs more paths.
func (c Cap) open() bool { return !c.Precise && !c.Gated }

// settle returns the caps after another look. Caps decided before do not
// change.
func settle(before, now []Cap) []Cap {
	for i, c := range before {
		if c.Precise {
			now[i] = c
		}
	}
	return now
}

// missing returns by what factor the number of paths must grow to decide the open cap
// that needs the fewest, or 1 if unknown. The width of an interval falls with the square
// root of the number of paths.
func (q *Question) missing(caps []Cap) float64 {
	least := math.Inf(1)
	for _, c := range caps {
		if !c.open() {
			continue
		}
		if c.Status == estimate.Unknown {
			return 1
		}
		ratio := (c.Upper - c.Duration) / q.width(c)
		least = min(least, ratio*ratio)
	}
	return least
}
