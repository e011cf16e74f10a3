package starts

import (
	"errors"
	"fmt"
	"slices"

	"budget/model"
	"budget/solver/estimate"
	"budget/sweep"
)

// Check returns an error unless the caps are ones that budget may have written. Use it on caps
// that were read from files.
func (s *Result) Check() error {
	if err := s.Provenance.Check(); err != nil {
		return fmt.Errorf("the provenance %w", err)
	}
	if s.Family < 1 || s.Drawn < 0 || s.Quota < 0 || len(s.Tables) == 0 {
		return fmt.Errorf("%d caps hold together, of %d paths out of %d, in %d tables", s.Family, s.Quota,
			s.Drawn, len(s.Tables))
	}
	before := -1
	for _, l := range s.Levels {
		if l.From != before+1 || l.To < l.From || l.To > 100 {
			return fmt.Errorf("levels of %v after %d", l, before)
		}
		before = l.To
	}
	if before < 0 || len(s.Watches) == 0 {
		return errors.New("no levels or no watches")
	}
	for i, w := range s.Watches {
		if slices.ContainsFunc(s.Watches[:i], func(o WatchClass) bool { return o.ID == w.ID }) {
			return fmt.Errorf("the watch %q twice", w.ID)
		}
	}
	for i := range s.Tables {
		t := &s.Tables[i]
		if slices.ContainsFunc(s.Tables[:i], func(o Table) bool {
			return o.Session == t.Session && o.Tolerance == t.Tolerance
		}) {
			return fmt.Errorf("%s at a tolerance of %v twice", t.Session, t.Tolerance)
		}
		if err := t.check(s.Watches, s.Levels); err != nil {
			return fmt.Errorf("%s at a tolerance of %v: %w", t.Session, t.Tolerance, err)
		}
	}
	return nil
}

// check returns an error unless a table has a cell for every start, in order.
func (t *Table) check(watches []WatchClass, levels []LevelBin) error {
	if !(t.Tolerance > 0 && t.Tolerance < 1) || !sweep.IsLength(t.Limit) {
		return fmt.Errorf("a tolerance or a limit of %v s", t.Limit)
	}
	if err := sweep.CheckCycles(t.Cycles); err != nil {
		return err
	}
	if err := errors.Join(sweep.CheckCap(t.Fixed.Cap, t.Fixed.Upper, t.Fixed.Status),
		sweep.CheckShare(t.Fixed.Failure)); err != nil {
		return fmt.Errorf("the cap for everyone: %w", err)
	}
	if want := len(watches) * 2 * len(ThermalStates) * len(levels); len(t.Cells) != want {
		return fmt.Errorf("%d kinds of start, not %d", len(t.Cells), want)
	}
	for i := range t.Cells {
		c := &t.Cells[i]
		rest, level := i/len(levels), levels[i%len(levels)]
		rest, thermal := rest/len(ThermalStates), ThermalStates[rest%len(ThermalStates)]
		if c.Watch != watches[rest/2].ID || c.LowPower != (rest%2 == 1) || c.Thermal != thermal ||
			c.Level != level {
			return fmt.Errorf("kind of start %d is %s on %q", i+1, c.Name(), c.Watch)
		}
		if err := c.check(); err != nil {
			return fmt.Errorf("%s on %s: %w", c.Name(), c.Watch, err)
		}
	}
	return nil
}

// check returns an error unless a cell has caps and shares that can be.
func (c *Cell) check() error {
	offers := c.Basis == OwnCap || c.Basis == LentCap || c.Basis == HeldCap
	switch {
	case !offers && c.Basis != NoTolerance && c.Basis != NoSamples:
		return fmt.Errorf("a cap for the reason %q", c.Basis)
	case offers != (c.Cap > 0) || !sweep.IsLength(c.Cap):
		return fmt.Errorf("a cap of %v s with the basis %q", c.Cap, c.Basis)
	case c.Paths < 0:
		return fmt.Errorf("%d paths", c.Paths)
	case c.Binding != "" && model.CauseNamed(c.Binding) < 0:
		return fmt.Errorf("the unknown cause %q", c.Binding)
	}
	if err := sweep.CheckCap(c.Own, c.OwnUpper, c.OwnStatus); err != nil {
		return err
	}
	for _, p := range []estimate.Estimate{c.Share, c.FailsAtCap, c.FailsAtFixed} {
		if err := sweep.CheckShare(p); err != nil {
			return err
		}
	}
	return nil
}
