package figure

import (
	"cmp"
	"slices"

	"gonum.org/v1/plot/vg"
)

// Flag is a label on a pole: the pole rises at x from the panel below, the
// text hangs beside its top. Without a pole the text only wants to be near x.
type Flag struct {
	X     vg.Length
	Width vg.Length // of the text
	Pole  bool
}

// Spot is where a flag's text goes: its left end, and its row above the panel.
type Spot struct {
	Left vg.Length
	Row  int
}

// flagGap keeps a text off its own pole and off its neighbours.
const flagGap = vg.Length(3)

// PlaceFlags finds a spot for every flag between lo and hi so that no two texts
// overlap, and returns how many rows that takes. The flags left of some split
// hang to one side of their poles, the others to the other side. Of all splits,
// outwards and inwards, it takes the one where fewest poles run through a text
// (none, unless the poles are many and close), then the one with fewest rows. A
// text wider than hi - lo sticks out on the right.
func PlaceFlags(flags []Flag, lo, hi vg.Length) (spots []Spot, rows int) {
	if len(flags) == 0 {
		return nil, 0
	}
	order := make([]int, len(flags))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(flags[a].X, flags[b].X) })
	crossings := -1
	for split := range len(order) + 1 {
		for _, inwards := range []bool{false, true} {
			left := make([]vg.Length, len(flags))
			for rank, i := range order {
				left[i] = flags[i].X + flagGap
				if rank < split != inwards {
					left[i] = flags[i].X - flagGap - flags[i].Width
				}
				left[i] = max(lo, min(left[i], hi-flags[i].Width))
			}
			s, n, crossed := stackRows(flags, left)
			if crossings < 0 || crossed < crossings || crossed == crossings && n < rows {
				spots, rows, crossings = s, n, crossed
			}
		}
	}
	return spots, rows
}

// stackRows gives every text, the left end of which is fixed, a row. A pole
// reaches from the panel up to its own row, so a text that another flag's pole
// would run through has to be above that flag. It counts the poles for which
// that is impossible, and the texts that cover the top of their own.
func stackRows(flags []Flag, left []vg.Length) (spots []Spot, rows, crossed int) {
	n := len(flags)
	spots = make([]Spot, n)
	placed := make([]bool, n)
	covers := func(i, j int) bool { // whether text i lies over pole j
		const touch = 0.5 // Poles at the edge of the gap beside a text are where they belong
		return flags[j].Pole && left[i]-flagGap+touch < flags[j].X && flags[j].X < left[i]+flags[i].Width+
			flagGap-touch
	}
	above := func(i, j int) bool { // whether i has to be above j
		return i != j && covers(i, j)
	}
	overlap := func(i, j int) bool {
		return left[i] < left[j]+flags[j].Width+2*flagGap && left[j] < left[i]+flags[i].Width+2*flagGap
	}
	for range n {
		// Next comes the flag with the fewest flags it would have to wait for.
		next, waiting := -1, 0
		for i := range n {
			if placed[i] {
				continue
			}
			w := 0
			for j := range n {
				if !placed[j] && above(i, j) {
					w++
				}
			}
			if next < 0 || w < waiting {
				next, waiting = i, w
			}
		}
		crossed += waiting
		if covers(next, next) {
			crossed++
		}
		row := 0
		for clash := true; clash; {
			clash = false
			for j := range n {
				if placed[j] && (spots[j].Row == row && overlap(next, j) || above(next, j) &&
					spots[j].Row >= row) {
					clash = true
				}
			}
			if clash {
				row++
			}
		}
		spots[next] = Spot{left[next], row}
		placed[next] = true
		rows = max(rows, row+1)
	}
	return spots, rows, crossed
}

// spread moves centres of labels of given heights apart, keeping their
// order, so that none overlap and all stay between lo and hi if they fit. The
// centres have to be ascending.
func spread(centres, heights []vg.Length, lo, hi vg.Length) []vg.Length {
	out := slices.Clone(centres)
	floor := lo
	for i, h := range heights {
		out[i] = max(out[i], floor+h/2)
		floor = out[i] + h/2
	}
	ceiling := hi
	for i, h := range slices.Backward(heights) {
		out[i] = min(out[i], ceiling-h/2)
		ceiling = out[i] - h/2
	}
	return out
}

// Interval is a stretch of an axis.
type Interval struct{ Lo, Hi vg.Length }

// touches reports whether two intervals overlap.
func (i Interval) touches(o Interval) bool { return i.Lo < o.Hi && o.Lo < i.Hi }

// FreeSpot returns the leftmost start of a stretch of the given width within room that
// touches none of the busy ones, or the start of the room if there is none.
func FreeSpot(room Interval, width vg.Length, busy []Interval) vg.Length {
	starts := []vg.Length{room.Lo}
	for _, b := range busy {
		starts = append(starts, b.Hi)
	}
	slices.Sort(starts)
	for _, s := range starts {
		at := Interval{s, s + width}
		if at.Lo >= room.Lo && at.Hi <= room.Hi && !slices.ContainsFunc(busy, at.touches) {
			return s
		}
	}
	return room.Lo
}
