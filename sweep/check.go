package sweep

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
)

// Check returns an error unless the cap is one that budget may have written. Use it on caps that
// were read from a file.
func (c *Cap) Check() error {
	switch {
	case !(c.Tolerance > 0 && c.Tolerance < 1):
		return fmt.Errorf("a tolerance of %v: expected more than 0 and less than 1", c.Tolerance)
	case c.Paths < 0:
		return fmt.Errorf("%d paths", c.Paths)
	case c.BindingCause < 0 || c.BindingCause > model.Completed:
		return errors.New("an unknown binding cause")
	case !IsLength(c.Limit) || !IsLength(c.Horizon) || !IsLength(c.MeanLoad):
		return fmt.Errorf("a limit of %v s, a horizon of %v s or a load of %v W", c.Limit, c.Horizon,
			c.MeanLoad)
	case c.StartLevel != nil && !IsShare(*c.StartLevel):
		return fmt.Errorf("a start level of %v", *c.StartLevel)
	}
	if err := errors.Join(CheckCycles(c.Cycles),
		CheckCap(c.Cap, c.CapUpper, c.Status)); err != nil {
		return err
	}
	for _, p := range []estimate.Estimate{c.FailureAtCap, c.ShortestFails, c.FailureAtLimit,
		c.ResignedAtCap, c.CompletedAtCap, c.Refused} {
		if err := CheckShare(p); err != nil {
			return err
		}
	}
	if g := c.Gated; g != nil {
		if !IsShare(g.Level) || !IsShare(g.LeftOut) {
			return fmt.Errorf("a gate at %v that leaves out %v", g.Level, g.LeftOut)
		}
		if err := errors.Join(CheckCap(g.Cap, g.CapUpper, g.Status),
			CheckShare(g.FailureAtCap)); err != nil {
			return fmt.Errorf("at the gate: %w", err)
		}
	}
	if s := c.Spread; s != nil {
		robust := math.IsNaN(s.Robust) && math.IsNaN(s.RobustShare) ||
			IsLength(s.Robust) && IsShare(s.RobustShare)
		if !IsLength(s.Low) || !IsLength(s.Longest) || !(s.Low <= s.Median && s.Median <= s.High) ||
			!IsLength(s.High) || !robust {
			return fmt.Errorf("a range of %v s, %v s, %v s", s.Low, s.Median, s.High)
		}
	}
	return nil
}

// CheckCycles returns an error unless cycles end at lengths that ascend, as NewCycles writes them.
func CheckCycles(c Cycles) error {
	ends := c.Ends()
	if c != NewCycles(ends) || !slices.IsSorted(ends) ||
		slices.ContainsFunc(ends, func(x float64) bool { return !IsLength(x) }) {
		return fmt.Errorf("cycles that end at %q", string(c))
	}
	return nil
}

// CheckCap returns an error unless two lengths can be a cap and the upper end of its interval [s].
func CheckCap(cap, upper float64, status CapStatus) error {
	switch {
	case !slices.Contains(CapStatuses(), status):
		return fmt.Errorf("an unknown status %q", status)
	case !IsLength(cap) || !IsLength(upper) || cap > upper*(1+1e-9):
		return fmt.Errorf("a cap of %v s (to %v s)", cap, upper)
	}
	return nil
}

// CheckShare returns an error unless an estimate is a share of 1, or missing.
func CheckShare(p estimate.Estimate) error {
	for _, x := range []float64{p.Value, p.Lower, p.Upper} {
		if !math.IsNaN(x) && !IsShare(x) {
			return fmt.Errorf("a share of %v: expected 0 to 1", x)
		}
	}
	if p.Lower > p.Upper || p.StandardError < 0 {
		return fmt.Errorf("a share of %v from %v to %v", p.Value, p.Lower, p.Upper)
	}
	return nil
}

// IsShare reports whether a number is a share of 1, which twelve digits may exceed by rounding.
func IsShare(x float64) bool { return x >= -1e-9 && x <= 1+1e-9 }

// IsLength reports whether a number of seconds can be a duration: not negative, and no longer than
// thirty years, so that sums and other units of it are finite.
func IsLength(x float64) bool { return x >= 0 && x <= 1e9 }

// Check returns an error unless every curve has a share for every duration, and durations ascend.
func (in *Incidence) Check() error {
	before := 0.0
	for _, d := range in.Durations {
		if !(d > before && IsLength(d)) {
			return fmt.Errorf("a duration of %v s after %v s", d, before)
		}
		before = d
	}
	if len(in.Ended) != len(model.Ends) || len(in.Paths) != len(in.Durations) {
		return errors.New("a cause or a number of paths is missing")
	}
	for _, curve := range append(slices.Clone(in.Ended), in.Survival, in.Failure, in.Completed) {
		if len(curve) != len(in.Durations) {
			return errors.New("a cause is missing at some durations")
		}
		for _, p := range curve {
			if err := CheckShare(p); err != nil {
				return err
			}
		}
	}
	if slices.ContainsFunc(in.Paths, func(n int64) bool { return n < 0 }) {
		return errors.New("a negative number of paths")
	}
	return nil
}

// Check returns an error unless the provenance is that of results. Those with caps have tolerances.
func (p *Provenance) Check() error {
	switch {
	case len(p.Readings) == 0:
		return errors.New("names no reading or no tolerance")
	case !(p.Confidence >= 0.5 && p.Confidence < 1):
		return fmt.Errorf("has a confidence of %g: expected at least 0.5 and less than 1", p.Confidence)
	case p.Caps < 0 || p.Caps == 0 && len(p.Tolerances) > 0:
		return fmt.Errorf("counts %d caps: expected the number that hold together", p.Caps)
	case !IsLength(p.Step) || !IsLength(p.Margin) || !IsLength(p.Duration) ||
		!IsLength(p.PrecisionSeconds) || !IsLength(p.RelativePrecision) || !IsShare(p.Gate) ||
		p.MaxPaths < 0:
		return errors.New("has a step, margin, length, precision or gate that cannot be")
	case p.StartLevel != nil && !IsShare(*p.StartLevel):
		return fmt.Errorf("has a start level of %v", *p.StartLevel)
	}
	for i, r := range p.Readings {
		known := r == string(solver.Cautious) || r == string(solver.AsDocumented)
		if !known || slices.Contains(p.Readings[:i], r) {
			return fmt.Errorf("has the reading %q", r)
		}
	}
	for i, t := range p.Tolerances {
		if !(t > 0 && t < 1) || slices.Contains(p.Tolerances[:i], t) {
			return fmt.Errorf("has a tolerance of %v", t)
		}
	}
	for _, d := range p.Offered {
		if !IsLength(d) {
			return fmt.Errorf("has a length of %v s", d)
		}
	}
	return nil
}
