package uncertainty

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"budget/solver/estimate"
	"budget/sweep"
)

// Check returns an error unless the spread is one that budget may have written. Use it on what
// was read from a file.
func (u *Spread) Check() error {
	p := &u.Provenance
	if err := p.Check(); err != nil {
		return fmt.Errorf("the provenance %w", err)
	}
	for i := range u.Cases {
		c := &u.Cases[i]
		if len(c.Caps) == 0 {
			return fmt.Errorf("no caps of %s: expected one at least", c.Session)
		}
		// budget caps examines one of the readings and tolerances, budget uncertainty all.
		last := -1
		for j := range c.Caps {
			r := slices.Index(p.Readings, c.Caps[j].Reading)
			t := slices.Index(p.Tolerances, c.Caps[j].Tolerance)
			at := r*len(p.Tolerances) + t
			if r < 0 || t < 0 || at <= last {
				return fmt.Errorf("cap %d of %s is of another reading or tolerance", j+1, c.Session)
			}
			last = at
		}
		if err := c.check(); err != nil {
			return fmt.Errorf("%s: %w", c.Session, err)
		}
	}
	return nil
}

func (c *CaseSpread) check() error {
	for i := range c.Caps {
		if err := c.Caps[i].check(); err != nil {
			return err
		}
	}
	for i := range c.Bands {
		if err := c.Bands[i].check(); err != nil {
			return err
		}
	}
	for _, s := range c.Sets {
		if len(s.Values) != len(c.Quantities) || len(s.Caps) != len(c.Caps) {
			return fmt.Errorf("a set of %d values and %d caps", len(s.Values), len(s.Caps))
		}
		if slices.ContainsFunc(s.Values, func(x float64) bool { return math.IsInf(x, 0) || x != x }) {
			return errors.New("a set with a value that is no number")
		}
		for _, found := range s.Caps {
			if err := found.check(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *CapSpread) check() error {
	if !sweep.IsLength(c.Default) || !sweep.IsLength(c.Robust) {
		return fmt.Errorf("caps of %v s and %v s", c.Default, c.Robust)
	}
	if !sweep.IsShare(c.Failure) || !sweep.IsShare(c.RobustShare) {
		return fmt.Errorf("a failure of %v, or a cap that is safe for %v", c.Failure, c.RobustShare)
	}
	before := 0.0
	for _, q := range c.Quantiles {
		if err := q.check(); err != nil {
			return err
		}
		if q.Value < before {
			return fmt.Errorf("a quantile of %v s after one of %v s", q.Value, before)
		}
		before = q.Value
	}
	return errors.Join(sweep.CheckCap(c.Predictive, c.PredictiveUpper, c.PredictiveStatus),
		sweep.CheckCap(c.Robust, c.Robust, c.RobustStatus))
}

func (c CapEstimate) check() error {
	if !sweep.IsLength(c.Lower) || !sweep.IsLength(c.Upper) || !(c.Lower <= c.Value) ||
		!(c.Value <= c.Upper) {
		return fmt.Errorf("a cap of %v s from %v s to %v s", c.Value, c.Lower, c.Upper)
	}
	return nil
}

func (b *Band) check() error {
	before := 0.0
	for _, d := range b.Durations {
		if !(d > before) || !sweep.IsLength(d) {
			return fmt.Errorf("a duration of %v s after %v s", d, before)
		}
		before = d
	}
	for _, curve := range [][]float64{b.Mean, b.Default, b.Quantiles[0], b.Quantiles[1],
		b.Quantiles[2]} {
		if len(curve) != len(b.Durations) || len(curve) == 0 {
			return fmt.Errorf("a band of %d values for %d durations", len(curve), len(b.Durations))
		}
		for _, x := range curve {
			if !sweep.IsShare(x) {
				return fmt.Errorf("a band with a failure of %v", x)
			}
		}
	}
	return nil
}

// Check returns an error unless the sensitivity is one that budget may have written. Use it on what
// was read from a file.
func (s *Sensitivity) Check() error {
	if err := s.Provenance.Check(); err != nil {
		return fmt.Errorf("the provenance %w", err)
	}
	d := &s.Design
	if !(d.Tolerance > 0 && d.Tolerance < 1) || !slices.Contains(s.Provenance.Readings, d.Reading) {
		return fmt.Errorf("a tolerance of %v under the reading %q", d.Tolerance, d.Reading)
	}
	for i := range s.Cases {
		c := &s.Cases[i]
		if !sweep.IsLength(c.Cap) || !sweep.IsLength(c.Plan) || !sweep.IsShare(c.Failure) ||
			!sweep.IsLength(c.CapRange[0]) || !sweep.IsLength(c.CapRange[1]) ||
			c.CapRange[0] > c.CapRange[1] {
			return fmt.Errorf("%s has a cap of %v s (%v s to %v s), where %v of %v s sessions fail",
				c.Session, c.Cap, c.CapRange[0], c.CapRange[1], c.Failure, c.Plan)
		}
		for j := range c.Quantities {
			if err := c.Quantities[j].check(); err != nil {
				return fmt.Errorf("%s, %s: %w", c.Session, c.Quantities[j].Key, err)
			}
		}
	}
	return nil
}

func (q *Effect) check() error {
	if q.Key == "" || q.Together < 0 {
		return fmt.Errorf("the quantity %q, %d together", q.Key, q.Together)
	}
	for _, bar := range []*Bar{&q.Low, &q.High} {
		if !sweep.IsLength(bar.Cap) {
			return fmt.Errorf("a cap of %v s", bar.Cap)
		}
		if err := errors.Join(checkEstimate(bar.CapChange, math.MaxFloat32),
			checkEstimate(bar.FailureChange, 1)); err != nil {
			return err
		}
	}
	return errors.Join(checkEstimate(q.OfCap.First, math.MaxFloat32),
		checkEstimate(q.OfCap.Total, math.MaxFloat32),
		checkEstimate(q.OfFailure.First, math.MaxFloat32),
		checkEstimate(q.OfFailure.Total, math.MaxFloat32),
		checkEstimate(q.Narrowing, math.MaxFloat32))
}

// checkEstimate returns an error unless an estimate is missing, or a number up to most with its
// interval around it.
func checkEstimate(p estimate.Estimate, most float64) error {
	if math.Abs(p.Value) > most*(1+1e-9) || p.Lower > p.Upper || p.StandardError < 0 {
		return fmt.Errorf("a number of %v from %v to %v", p.Value, p.Lower, p.Upper)
	}
	return nil
}
