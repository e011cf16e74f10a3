package plots

import (
	"cmp"
	"fmt"
	"math"

	"budget/model"
	"budget/solver/estimate"
	"budget/sweep"
)

// sumTolerance is how far the causes and survival may be from 1 together:
// rounding, nothing more.
const sumTolerance = 1e-6

// checkIncidence returns an error if the table contradicts itself or cannot be
// drawn.
func checkIncidence(in sweep.Incidence) error {
	n := len(in.Durations)
	if sessionName(in.Case) == "" {
		return fmt.Errorf("incidence names no session")
	}
	if err := checkDurations(in.Durations); err != nil {
		return err
	}
	if !(in.Limit >= 0) || math.IsInf(in.Limit, 0) {
		return fmt.Errorf("limit is %g s, want 0 or more", in.Limit)
	}
	if len(in.Ended) != len(model.Ends) {
		return fmt.Errorf("incidence has %d causes, want %d", len(in.Ended), len(model.Ends))
	}
	for i, curve := range in.Ended {
		if err := checkCurve(model.Cause(i).String(), curve, n); err != nil {
			return err
		}
	}
	if err := checkCurve("survival", in.Survival, n); err != nil {
		return err
	}
	if err := checkCurve("failure", in.Failure, n); err != nil {
		return err
	}
	for k, d := range in.Durations {
		sum := in.Survival[k].Value
		for _, curve := range in.Ended {
			sum += curve[k].Value
		}
		if math.Abs(sum-1) > sumTolerance {
			return fmt.Errorf("causes and survival sum to %g at %s, want 1", sum, duration(d))
		}
	}
	if len(in.Paths) != n {
		return fmt.Errorf("incidence has %d path counts for %d durations", len(in.Paths), n)
	}
	return nil
}

// checkDurations returns an error unless durations are positive and ascend.
func checkDurations(durations []float64) error {
	if len(durations) == 0 {
		return fmt.Errorf("there are no durations")
	}
	for i, d := range durations {
		if !(d > 0) || math.IsInf(d, 0) {
			return fmt.Errorf("duration %d is %g s, want a positive one", i, d)
		}
		if i > 0 && d <= durations[i-1] {
			return fmt.Errorf("durations do not ascend: %g s follows %g s", d, durations[i-1])
		}
	}
	return nil
}

func checkCurve(name string, curve []estimate.Estimate, n int) error {
	if len(curve) != n {
		return fmt.Errorf("%s has %d values for %d durations", name, len(curve), n)
	}
	for i, p := range curve {
		for _, v := range []float64{p.Value, p.Lower, p.Upper} {
			// Rounding may leave a sum a hair outside.
			if !(v >= -sumTolerance && v <= 1+sumTolerance) {
				return fmt.Errorf("%s value %d is %g, want a probability", name, i, v)
			}
		}
	}
	return nil
}

// checkCaps returns an error if a cap contradicts itself or two caps answer the
// same question.
func checkCaps(caps []sweep.Cap) error {
	type key struct {
		session, device, environment, reading string
		tolerance                             float64
	}
	seen := map[key]bool{}
	for i, c := range caps {
		name := fmt.Sprintf("cap %d (%s, %g)", i, cmp.Or(sessionName(c.Case), "no session"), c.Tolerance)
		switch {
		case sessionName(c.Case) == "":
			return fmt.Errorf("%s names no session", name)
		case !(c.Tolerance > 0 && c.Tolerance < 1):
			return fmt.Errorf("%s: tolerance is not between 0 and 1", name)
		case !(c.Confidence > 0 && c.Confidence < 1):
			return fmt.Errorf("%s: confidence %g is not between 0 and 1", name, c.Confidence)
		case c.Reading != cautious && c.Reading != documented:
			return fmt.Errorf("%s: unknown reading %q", name, c.Reading)
		case !(c.Limit >= 0) || math.IsInf(c.Limit, 0):
			return fmt.Errorf("%s: limit is %g s, want 0 or more", name, c.Limit)
		}
		switch c.Status {
		case sweep.CapMet, sweep.CapImprecise, sweep.CapHorizon:
			if !(c.Cap > 0) || math.IsInf(c.Cap, 0) {
				return fmt.Errorf("%s: status is %q, but the cap is %g s", name, c.Status, c.Cap)
			}
			if math.IsNaN(c.CapUpper) || c.CapUpper != 0 && c.CapUpper < c.Cap {
				return fmt.Errorf("%s: interval ends at %g s, before the cap of %g s", name, c.CapUpper, c.Cap)
			}
		case sweep.CapNever, sweep.CapUnknown:
		default:
			return fmt.Errorf("%s: unknown status %q", name, c.Status)
		}
		k := key{c.Session, c.Device, c.Environment, c.Reading, c.Tolerance}
		if seen[k] {
			return fmt.Errorf("%s appears twice for reading %q", name, c.Reading)
		}
		seen[k] = true
	}
	return nil
}
