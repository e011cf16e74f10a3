package selection

import (
	"cmp"
	"fmt"
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
// the name is empty, and a cell for each of its levels, as many as most, evenly chosen; the
// notes say what is held and what is left out.
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
			fmt.Sprintf("%d of %d levels of %s, evenly chosen.", len(chosen), len(levels), c.Title))
	}
	for _, level := range chosen {
		i := slices.IndexFunc(v.Cells, func(cell *store.Cell) bool { return c.Value(cell) == level })
		cells = append(cells, v.Cells[i])
	}
	return c, cells, notes, nil
}

// Thin leaves out levels, evenly, of the column with the most of them, until there are at
// most so many cells; the notes say of what.
func (v View) Thin(most int) (View, []string) {
	varying := v.Varying()
	count := func(c Column) int { return len(c.Values(v.Cells)) }
	all := make([]int, len(varying))
	for i, c := range varying {
		all[i] = count(c)
	}
	for len(v.Cells) > most {
		c := slices.MaxFunc(varying, func(a, b Column) int { return cmp.Compare(count(a), count(b)) })
		levels := v.Levels(c)
		kept := Evenly(levels, max(len(levels)*2/3, 1))
		fewer := v.without(v.Cells, func(cell *store.Cell) bool {
			return !slices.Contains(kept, c.Value(cell))
		})
		if len(fewer) == 0 { // a grid with holes
			fewer = Evenly(v.Cells, most)
		}
		v.Cells = fewer
	}
	var parts []string
	for i, c := range varying {
		if n := count(c); n < all[i] {
			parts = append(parts, fmt.Sprintf("%d of %d levels of %s", n, all[i], c.Title))
		}
	}
	if len(parts) == 0 {
		return v, nil
	}
	return v, []string{"Evenly chosen: " + strings.Join(parts, ", ") + "."}
}

// Evenly chooses at most so many of a list, with the first and the last.
func Evenly[T any](list []T, most int) []T {
	if len(list) <= most {
		return list
	}
	var out []T
	for i := range most {
		out = append(out, list[i*(len(list)-1)/max(most-1, 1)])
	}
	return out
}
