package plots

import (
	"cmp"
	"fmt"
	"math"

	"budget/internal/notation"
	"budget/model"
	"budget/solver/estimate"
	"budget/sweep"
)

// wrong returns an error that says what is wrong with a table.
func wrong(format string, args ...any) error { return wrongIn("", format, args...) }

// wrongIn says in which table.
func wrongIn(name, format string, args ...any) error {
	if name != "" {
		name += ": "
	}
	return fmt.Errorf("plots: %s%w", name, fmt.Errorf(format, args...))
}

// sumTolerance is how far the causes and survival may be from 1 together: rounding, nothing
// more.
const sumTolerance = 1e-6

// checkIncidence returns an error if the table contradicts itself or cannot be drawn.
func checkIncidence(name string, in sweep.Incidence) error {
	n := len(in.Durations)
	if sessionName(in.Case) == "" {
		return wrongIn(name, "incidence names no session")
	}
	if err := checkDurations(name, in.Durations); err != nil {
		return err
	}
	if !isDuration(in.Limit) {
		return wrongIn(name, "limit is %g s, want 0 or more", in.Limit)
	}
	if len(in.Ended) != len(model.Ends) {
		return wrongIn(name, "incidence has %d causes, want %d", len(in.Ended), len(model.Ends))
	}
	for i, curve := range in.Ended {
		if err := checkCurve(name, model.Cause(i).String(), curve, n); err != nil {
			return err
		}
	}
	if err := checkCurve(name, "survival", in.Survival, n); err != nil {
		return err
	}
	if err := checkCurve(name, "failure", in.Failure, n); err != nil {
		return err
	}
	for k, d := range in.Durations {
		sum := in.Survival[k].Value
		for _, curve := range in.Ended {
			sum += curve[k].Value
		}
		if math.Abs(sum-1) > sumTolerance {
			return wrongIn(name, "causes and survival sum to %g at %s, want 1", sum, notation.Length(d))
		}
	}
	if len(in.Paths) != n {
		return wrongIn(name, "incidence has %d path counts for %d durations", len(in.Paths), n)
	}
	return nil
}

func isDuration(d float64) bool { return d >= 0 && !math.IsInf(d, 0) }

// checkDurations returns an error unless durations are positive and ascend.
func checkDurations(name string, durations []float64) error {
	if len(durations) == 0 {
		return wrongIn(name, "there are no durations")
	}
	for i, d := range durations {
		if !isDuration(d) || d == 0 {
			return wrongIn(name, "duration %d is %g s, want a positive one", i, d)
		}
		if i > 0 && d <= durations[i-1] {
			return wrongIn(name, "durations do not ascend: %g s follows %g s", d, durations[i-1])
		}
	}
	return nil
}

// checkCurve returns an error unless a curve has n values, which are probabilities.
func checkCurve(name, what string, curve []estimate.Estimate, n int) error {
	if len(curve) != n {
		return wrongIn(name, "%s has %d values for %d durations", what, len(curve), n)
	}
	for i, p := range curve {
		for _, v := range []float64{p.Value, p.Lower, p.Upper} {
			// Rounding may leave a sum a hair outside.
			if !(v >= -sumTolerance && v <= 1+sumTolerance) {
				return wrongIn(name, "%s value %d is %g, want a probability", what, i, v)
			}
		}
	}
	return nil
}

// checkCaps returns an error if a cap contradicts itself or two caps answer the same
// question.
func checkCaps(name string, caps ...sweep.Cap) error {
	type key struct {
		session, device, environment, reading string
		tolerance                             float64
	}
	seen := map[key]bool{}
	for i, c := range caps {
		bad := func(format string, args ...any) error {
			of := fmt.Sprintf("cap %d (%s, %g)", i, cmp.Or(sessionName(c.Case), "no session"), c.Tolerance)
			return wrongIn(name, "%s%s", of, fmt.Sprintf(format, args...))
		}
		switch {
		case sessionName(c.Case) == "":
			return bad(" names no session")
		case !(c.Tolerance > 0 && c.Tolerance < 1):
			return bad(": tolerance is not between 0 and 1")
		case !(c.Confidence > 0 && c.Confidence < 1):
			return bad(": confidence %g is not between 0 and 1", c.Confidence)
		case c.Reading != cautious && c.Reading != documented:
			return bad(": unknown reading %q", c.Reading)
		case !isDuration(c.Limit):
			return bad(": limit is %g s, want 0 or more", c.Limit)
		}
		switch c.Status {
		case sweep.CapMet, sweep.CapImprecise, sweep.CapHorizon:
			if !isDuration(c.Cap) || c.Cap == 0 {
				return bad(": status is %q, but the cap is %g s", c.Status, c.Cap)
			}
			if math.IsNaN(c.CapUpper) || c.CapUpper != 0 && c.CapUpper < c.Cap {
				return bad(": interval ends at %g s, before the cap of %g s", c.CapUpper, c.Cap)
			}
		case sweep.CapNever, sweep.CapUnknown:
		default:
			return bad(": unknown status %q", c.Status)
		}
		k := key{c.Session, c.Device, c.Environment, c.Reading, c.Tolerance}
		if seen[k] {
			return bad(" appears twice for reading %q", c.Reading)
		}
		seen[k] = true
	}
	return nil
}
