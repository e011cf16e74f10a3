package selection

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"budget/sweep/store"
)

// Hold leaves one cell for each combination of the levels of some columns: all others that
// these do not determine are held at the middle one of their levels. The notes say at which.
func (v View) Hold(keep ...Column) (View, []string) {
	var held []string
	for _, c := range v.columns {
		if c.Name == MeanLoad || determined(v.Cells, c, keep...) {
			continue
		}
		levels := v.Levels(c)
		middle := levels[(len(levels)-1)/2]
		v.Cells = v.without(v.Cells, func(cell *store.Cell) bool { return c.Value(cell) != middle })
		held = append(held, c.Title+" "+c.Text(middle))
	}
	if len(held) == 0 {
		return v, nil
	}
	return v, []string{"Held at the middle of its levels: " + strings.Join(held, ", ") + "."}
}

// Along returns the column that a chart of several cells goes by, the first that varies if
// the name is empty, and a cell for each of its levels, at most so many, evenly
// apart by rank; the notes say what is held and how many levels are shown.
func (v View) Along(name string, most int) (c Column, cells []*store.Cell, notes []string,
	err error) {
	if name != "" {
		if c, err = v.Column(name); err != nil {
			return c, nil, nil, err
		}
	} else if varying := v.Varying(); len(varying) > 0 {
		c = varying[0]
	} else {
		return c, v.Cells[:1], nil, nil
	}
	v, notes = v.Hold(c)
	levels := v.Levels(c)
	chosen := Evenly(levels, most)
	if len(chosen) < len(levels) {
		notes = append(notes,
			fmt.Sprintf("%d of %d levels of %s shown.", len(chosen), len(levels), c.Title))
	}
	for _, level := range chosen {
		i := slices.IndexFunc(v.Cells, func(cell *store.Cell) bool { return c.Value(cell) == level })
		cells = append(cells, v.Cells[i])
	}
	return c, cells, notes, nil
}

// Thin leaves out levels of the columns with the most of them until there are at most so
// many cells. What is left of a column is evenly apart by rank; the notes say how many levels
// are shown.
func (v View) Thin(most int) (View, []string) {
	if len(v.Cells) <= most {
		return v, nil
	}
	varying := v.Varying()
	levels, shown := make([][]string, len(varying)), make([]int, len(varying))
	for i, c := range varying {
		levels[i] = v.Levels(c)
		shown[i] = len(levels[i])
	}
	cells := v.Cells
	for len(cells) > most {
		i := slices.Index(shown, slices.Max(shown))
		shown[i]--
		// Always of all levels: thinning what is thinned would leave uneven gaps.
		cells = v.Cells
		for k, c := range varying {
			kept := Evenly(levels[k], shown[k])
			cells = v.without(cells, func(cell *store.Cell) bool {
				return !slices.Contains(kept, c.Value(cell))
			})
		}
	}
	if len(cells) == 0 { // no grid: its levels go together
		note := fmt.Sprintf("%d of %d cells shown.", most, len(v.Cells))
		v.Cells = Evenly(v.Cells, most)
		return v, []string{note}
	}
	v.Cells = cells
	var parts []string
	for i, c := range varying {
		if shown[i] < len(levels[i]) {
			parts = append(parts, fmt.Sprintf("%d of %d levels of %s", shown[i], len(levels[i]), c.Title))
		}
	}
	return v, []string{strings.Join(parts, ", ") + " shown."}
}

// Evenly chooses at most so many of a list, evenly apart by rank, with the first and the
// last: the gaps between them differ by one at most.
func Evenly[T any](list []T, most int) []T {
	if len(list) <= most {
		return list
	}
	var out []T
	for i := range most {
		rank := float64(i*(len(list)-1)) / float64(max(most-1, 1))
		out = append(out, list[int(math.Round(rank))])
	}
	return out
}
