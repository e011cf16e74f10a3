package solver

import (
	"errors"
	"fmt"
	"math"

	"budget/model"
	"budget/solver/estimate"
)

// Check returns an error unless the estimates can be those of a simulation: every curve has a
// value for every duration and is a cumulative incidence, counts and causes are in range, and
// the causes add up to all ends. The methods of Estimates and Caps rely on this. Use it on
// estimates that were read from a file.
func (e *Estimates) Check() error {
	if err := ascending(e.Durations); err != nil {
		return fmt.Errorf("durations: %w", err)
	}
	switch {
	case e.Paths < 1:
		return fmt.Errorf("%d paths", e.Paths)
	case !(e.Share > 0 && e.Share <= 1):
		return fmt.Errorf("a share of %v of the error probability", e.Share)
	case len(e.Readings) == 0:
		return errors.New("no reading")
	}
	for i := range e.Readings {
		if err := e.check(&e.Readings[i]); err != nil {
			return fmt.Errorf("reading %s: %w", e.Readings[i].Reading, err)
		}
	}
	if e.Gated == nil {
		return nil
	}
	if e.Gated.Gated != nil || len(e.Gated.Readings) != 1 {
		return errors.New("at the gate: expected one reading")
	}
	if e.Gated.Paths == 0 { // no session starts at the gate or above
		return e.Gated.check(&e.Gated.Readings[0])
	}
	if err := e.Gated.Check(); err != nil {
		return fmt.Errorf("at the gate: %w", err)
	}
	return nil
}

// check returns an error unless the curves of a reading fit the estimates.
func (e *Estimates) check(in *Incidence) error {
	n := len(e.Durations)
	if len(in.Binding) != n {
		return fmt.Errorf("%d binding causes for %d durations", len(in.Binding), n)
	}
	for _, cause := range in.Binding {
		if cause < 0 || cause > model.Completed {
			return fmt.Errorf("unknown cause %d", int(cause))
		}
	}
	for _, curve := range []struct {
		name string
		estimate.Curve
		times int
	}{{"failure", in.Failure, n}, {"resigned", in.Resigned, n}, {"unfinished", in.Unfinished, n},
		{"refused", in.Refused, 1}} {
		if err := curve.Check(curve.times); err != nil {
			return fmt.Errorf("%s: %w", curve.name, err)
		}
	}
	for _, m := range []estimate.Moments{in.Failure.Moments[0], in.Refused.Moments[0]} {
		if m.Paths > e.Paths {
			return fmt.Errorf("moments of %d of %d paths", m.Paths, e.Paths)
		}
	}
	if in.Ended[AsUsed] == nil {
		return nil
	}
	return e.checkEnded(in)
}

// checkEnded returns an error unless the causes of ends add up and the means of replicates are
// shares.
func (e *Estimates) checkEnded(in *Incidence) error {
	used, ends := in.Ended[AsUsed], model.Ends
	if len(used) == int(model.InProgress)+1 {
		ends = model.TimerEnds
	}
	if len(used) != int(model.Completed)+1 && len(used) != int(model.InProgress)+1 ||
		len(in.Ended[Meaning]) != len(used) {
		return fmt.Errorf("%d series of ends, not %d", len(used), int(model.Completed)+1)
	}
	for _, curve := range append(used[:len(used):len(used)], in.Ended[Meaning][model.Completed]) {
		if err := curve.Check(len(e.At)); err != nil {
			return fmt.Errorf("ends: %w", err)
		}
	}
	const slack = 1e-6
	for j := range e.At {
		sum := 0.0
		for _, cause := range ends {
			sum += used[cause].Moments[j].Mean()
		}
		if all := used[model.Completed].Moments[j]; all.Paths > 0 &&
			!(math.Abs(sum-all.Mean()) < slack) {
			return fmt.Errorf("the causes of ends add up to %v of %v", sum, all.Mean())
		}
	}
	if len(in.Replicates) == 0 {
		return nil
	}
	if len(in.Replicates) != len(e.At) {
		return fmt.Errorf("means of replicates at %d of %d durations", len(in.Replicates), len(e.At))
	}
	for _, means := range in.Replicates {
		if len(means) != len(in.Replicates[0]) {
			return errors.New("numbers of replicates that differ")
		}
		for i, x := range means {
			none := math.IsNaN(x) // without a path that starts
			if none != math.IsNaN(in.Replicates[0][i]) || !none && !(x >= 0 && x <= 1) {
				return fmt.Errorf("a replicate with the mean %v", x)
			}
		}
	}
	return nil
}

// ascending returns an error unless times are positive, finite and ascending.
func ascending(times []float64) error {
	if len(times) == 0 {
		return errors.New("none")
	}
	before := 0.0
	for _, t := range times {
		if !(t > before && !math.IsInf(t, 1)) {
			return fmt.Errorf("%v s after %v s", t, before)
		}
		before = t
	}
	return nil
}

// Check returns an error unless the states can be those of Program.States: a value for every
// time, ascending times from 0, shares, and quantiles in order. Use it on states that were read
// from a file.
func (s *States) Check() error {
	switch {
	case s.Paths < 1 || len(s.Some) > s.Paths:
		return fmt.Errorf("states of %d paths, %d of them singly", s.Paths, len(s.Some))
	case len(s.Times) == 0 || s.Times[0] != 0 || len(s.Times) > 1 && ascending(s.Times[1:]) != nil:
		return errors.New("states at times that do not ascend from 0")
	case len(s.On) != len(s.Times):
		return errors.New("states with a share of watches missing")
	}
	for _, x := range append([]float64{s.LowBattery, s.VCut, s.TOff}, s.Levels[:]...) {
		if !finite(x) {
			return fmt.Errorf("a threshold of %v", x)
		}
	}
	for i, x := range s.On {
		if !(x >= 0 && x <= 1) || i > 0 && x > s.On[i-1] {
			return fmt.Errorf("a share of %v of watches that are on", x)
		}
	}
	for _, quantiles := range s.Quantiles {
		for q, values := range quantiles {
			if len(values) != len(s.Times) {
				return errors.New("states with quantiles missing")
			}
			for i, x := range values {
				none := math.IsNaN(x) // no watch was on
				if none != math.IsNaN(s.Quantiles[0][0][0]) || !none && !finite(x) ||
					q > 0 && x < quantiles[q-1][i] {
					return fmt.Errorf("a quantile of %v", x)
				}
			}
		}
	}
	for _, path := range s.Some {
		for _, values := range path {
			if len(values) != len(s.Times) {
				return errors.New("states of a path with times missing")
			}
			for i, x := range values {
				ended := i > 0 && math.IsNaN(values[i-1])
				if math.IsInf(x, 0) || ended && !math.IsNaN(x) {
					return fmt.Errorf("a path in the state %v", x)
				}
			}
		}
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
