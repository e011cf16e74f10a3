package starts

import (
	"budget/sweep"
)

// pool settles the caps of the cells of one watch class and mode, by thermal state from
// cool to hot and so many levels from low to high, from what each carries by itself.
//
// Two orders are used. Less battery never allows more: on the same path an emptier cell
// ends no later and shows a low battery no later, and given a lower displayed level both
// the level and the gauge's error are, as their laws are log-concave, more likely to be
// low (Efron, Annals of Mathematical Statistics 36 (1965) 272). And a hotter start shall
// not be allowed more than a cooler one, which is a rule for the table and no law: a cold
// cell, too, starts cool. So caps are lent along the battery alone, where that is safe, and
// held down along both, which always is. There is no order between Low Power Mode on and
// off, nor between watches.
//
//  1. A cell with too few paths takes the longest cap that a lower level carries in the
//     same thermal state, as far as its own paths do not exclude it.
//  2. No cell has a longer cap than one with as much battery or more in as cool a state
//     or cooler. Where that one has none, neither has this.
//
// A lent cap is valid where that of the lender is, and a shorter cap where a longer one is:
// so all hold together as the caps of the single cells do.
func pool(cells []Cell, levels int) {
	source := make([]int, len(cells)) // the cell that a cap, or the lack of one, is from
	holder := make([]int, len(cells)) // the cell that holds down those that are worse off
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
					continue // there is none
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
