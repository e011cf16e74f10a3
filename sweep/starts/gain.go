package starts

import "budget/solver/estimate"

// Gain compares a table with the one cap for everyone, over all sessions that start, if
// every session is as long as its cap allows.
type Gain struct {
	// Fixed and Table are the mean allowed session lengths [s]. A start without a cap
	// counts as 0.
	Fixed, Table float64
	Offered      float64 // share of the starts for which the table has a cap
	// Failures of the offered sessions, as a share of all that start.
	FixedFails, TableFails estimate.Estimate
	// Worst is the cell that fails most often under the fixed cap, among cells with
	// paths; nil if there is none.
	Worst *Cell
}

// Gain returns the gain of the table. With s the share of a cell, F its failure and c its
// cap, the table allows Σ s·c and fails with probability Σ s·F(c). The bounds are the
// sums of the cells' bounds; the upper bound of a cell is at most the tolerance.
func (t *Table) Gain() Gain {
	b := Gain{Fixed: t.Fixed.Cap, FixedFails: t.Fixed.Failure}
	if t.Fixed.Cap == 0 {
		b.FixedFails = estimate.Estimate{}
	}
	for i := range t.Cells {
		c := &t.Cells[i]
		if f := c.FailsAtFixed.Value; f >= 0 && (b.Worst == nil || f > b.Worst.FailsAtFixed.Value) {
			b.Worst = c
		}
		if c.Cap == 0 {
			continue
		}
		s := c.Share.Value
		b.Offered += s
		b.Table += s * c.Cap
		fails := c.FailsAtCap
		if c.Paths == 0 { // a borrowed cap, which fails at most that often
			fails = estimate.Estimate{Value: t.Tolerance, Interval: estimate.Interval{Upper: t.Tolerance}}
		}
		b.TableFails.Value += s * fails.Value
		b.TableFails.Lower += s * fails.Lower
		b.TableFails.Upper += s * max(fails.Value, min(fails.Upper, t.Tolerance))
	}
	return b
}
