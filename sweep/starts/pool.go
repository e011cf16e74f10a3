package starts

import (
	"budget/sweep"
)

// pool sets the caps of the cells of one watch class and mode from their own caps. cells
// are ordered by thermal state from cool to hot, then by level from low to high.
//
// Two orders are used. First, less battery never allows a longer session: on the same path
// an emptier battery ends no later and shows a low level no later. Given a lower displayed
// level, both the true level and the gauge's error are more likely to be low, because their
// laws are log-concave (Efron, Annals of Mathematical Statistics 36 (1965) 272). Second, a
// hotter start must not be allowed more than a cooler one. That is a rule for the table,
// not a law: a cold battery also starts cool. So caps are borrowed from lower battery
// levels only, where that is safe, and limited along both orders, which always is. There is
// no order between Low Power Mode on and off, nor between watches.
//
//  1. A cell with too few paths borrows the longest cap of a lower level in the same
//     thermal state, up to the longest length that its own paths do not exclude.
//  2. No cell has a longer cap than a cell with at least as much battery in a state at
//     least as cool. If that cell has no cap, neither has this one.
//
// A borrowed cap is valid whenever the cell's it comes from is, and a shorter cap whenever
// a longer one is. So all pooled caps hold together whenever the cells' own caps do.
func pool(cells []Cell, levels int) {
	source := make([]int, len(cells)) // cell that a cap, or its absence, comes from
	holder := make([]int, len(cells)) // cell that limits those with less battery or more heat
	for i := range cells {
		c := &cells[i]
		source[i], holder[i] = i, i
		c.Cap, c.Basis = c.Own, OwnCap
		switch {
		case c.Own > 0:
			continue
		case c.OwnStatus == sweep.CapNever:
			c.Basis = NoTolerance
			continue
		}
		c.Basis = NoSamples
		for lower := i - i%levels; lower < i; lower++ {
			if lent := min(cells[lower].Own, c.OwnUpper); lent > c.Cap {
				c.Cap, c.Basis, source[i] = lent, LentCap, lower
			}
		}
	}
	for state := 0; state < len(cells); state += levels {
		for i := state + levels - 1; i >= state; i-- {
			c := &cells[i]
			for _, better := range []int{i + 1, i - levels} {
				if better < 0 || better == state+levels {
					continue // no such cell
				}
				if b := &cells[better]; b.Cap < c.Cap {
					c.Cap, c.Basis, source[i], holder[i] = b.Cap, HeldCap, holder[better], holder[better]
					if b.Cap == 0 {
						c.Basis = b.Basis
					}
				}
			}
			c.From = ""
			if source[i] != i {
				c.From = cells[source[i]].Name()
			}
		}
	}
}
