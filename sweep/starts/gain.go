package starts

import "budget/solver/estimate"

// Gain compares a table with its one cap for everyone, over all sessions that start, if
// each plans the longest that it may.
type Gain struct {
	// Minutes that a session may last on average [s]; where there is no cap it is not
	// offered, and counts 0.
	Fixed, Table float64
	Offered      float64 // share of the starts for which the table has a cap
	// Failures of those that are offered, by all that start.
	FixedFails, TableFails estimate.Estimate
	// Worst is the cell with paths that fails most often under the fixed cap; nil without
	// one.
	Worst *Cell
}

// Gain returns what the table gains. With s the share of a cell, F its failure and c its
// cap, the table allows Σ s·c and fails with probability Σ s·F(c). The bounds of that are
// the sums of the cells' own, and of the tolerance, which no cap exceeds.
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
		if c.Paths == 0 { // a lent cap, which fails no more often than that
			fails = estimate.Estimate{Value: t.Tolerance, Interval: estimate.Interval{Upper: t.Tolerance}}
		}
		b.TableFails.Value += s * fails.Value
		b.TableFails.Lower += s * fails.Lower
		b.TableFails.Upper += s * max(fails.Value, min(fails.Upper, t.Tolerance))
	}
	return b
}
