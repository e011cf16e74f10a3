package selection

import (
	"cmp"
	"slices"
	"strings"

	"budget/sweep"
	"budget/sweep/store"
)

// View is the part of results that charts of one session type show.
type View struct {
	Results *store.Results
	Choice  Choice
	Session string // its id
	Reading string
	Cells   []*store.Cell
	columns []Column
}

// Views returns the parts of the results that a choice asks for, by session type. Where the
// results do not have what the choice names, the error is an *Unfit.
func Views(r *store.Results, c Choice) ([]View, error) {
	sessions := r.Sessions()
	for _, id := range c.Sessions {
		if !slices.Contains(sessions, id) {
			return nil, Unfitf("no session type %q: expected one of %s", id, strings.Join(sessions, ", "))
		}
	}
	reading := cmp.Or(c.Reading, r.Provenance.Readings[0])
	if readings := r.Provenance.Readings; !slices.Contains(readings, reading) {
		return nil, Unfitf("no reading %q: expected one of %s", reading, strings.Join(readings, ", "))
	}
	var views []View
	for _, id := range sessions {
		if len(c.Sessions) > 0 && !slices.Contains(c.Sessions, id) {
			continue
		}
		v := View{Results: r, Choice: c, Session: id, Reading: reading, columns: columns(r)}
		v.Cells = v.without(r.Cells, func(cell *store.Cell) bool { return cell.Session != id })
		for _, only := range c.Only {
			col, err := v.Column(only.Column)
			if err != nil {
				return nil, err
			}
			levels := v.Levels(col)
			v.Cells = v.without(v.Cells, func(cell *store.Cell) bool { return !col.is(cell, only.Value) })
			if len(v.Cells) == 0 {
				return nil, Unfitf("no cell with %s %s: expected one of %s", only.Column, only.Value,
					strings.Join(levels, ", "))
			}
		}
		views = append(views, v)
	}
	return views, nil
}

func (v View) without(cells []*store.Cell, left func(*store.Cell) bool) []*store.Cell {
	return slices.DeleteFunc(slices.Clone(cells), left)
}

// Column returns the column of a name.
func (v View) Column(name string) (Column, error) {
	var names []string
	for _, c := range v.columns {
		if c.Name == name || c.Title == name {
			return c, nil
		}
		if len(v.Levels(c)) > 1 {
			names = append(names, c.Name)
		}
	}
	return Column{}, Unfitf("no column %q: expected one of those that vary: %s", name,
		cmp.Or(strings.Join(names, ", "), "there are none"))
}

// Varying lists the columns that differ between the cells, as the function of that name.
func (v View) Varying() []Column { return Varying(v.Results, v.Cells) }

// Levels lists the values of a column: numbers from small to large, words as they come.
func (v View) Levels(c Column) []string {
	levels := c.Values(v.Cells)
	if c.Number {
		slices.SortStableFunc(levels, func(a, b string) int {
			return cmp.Compare(c.number(a), c.number(b))
		})
	}
	return levels
}

// Label names what tells a cell apart, beside the session type.
func (v View) Label(cell *store.Cell) string {
	var parts []string
	for _, c := range v.Varying() {
		parts = append(parts, c.Title+" "+c.TextOf(cell))
	}
	return strings.Join(parts, ", ")
}

// Fixed writes the columns that have one value in all cells.
func (v View) Fixed() (parts []string) {
	for _, c := range v.columns {
		if levels := v.Levels(c); c.Name != MeanLoad && len(levels) == 1 && levels[0] != "" {
			parts = append(parts, c.Title+" "+c.Text(levels[0]))
		}
	}
	return parts
}

// Headline picks the tolerance that titles and first sentences are about: the largest up to 1 %,
// or the smallest.
func Headline(tolerances []float64) float64 {
	best := slices.Min(tolerances)
	for _, t := range tolerances {
		if t <= 0.01 {
			best = max(best, t)
		}
	}
	return best
}

// Tolerances lists those that are asked for, else those of the tables.
func (v View) Tolerances() []float64 {
	if len(v.Choice.Tolerances) > 0 {
		return v.Choice.Tolerances
	}
	return v.Results.Provenance.Tolerances
}

// Tolerance is the one for charts of a single one: the first that is asked for, else 1 % if
// the tables have it, else their middle one.
func (v View) Tolerance() float64 {
	t := v.Tolerances()
	switch {
	case len(v.Choice.Tolerances) > 0:
		return t[0]
	case slices.Contains(t, 0.01):
		return 0.01
	}
	return t[len(t)/2]
}

// Confidence is that of the choice, else that of the results.
func (v View) Confidence() float64 {
	return cmp.Or(v.Choice.Confidence, v.Results.Provenance.Confidence)
}

// Cap returns the cap of a cell: that of its table, or another that its curves tell.
func (v View) Cap(cell *store.Cell, tolerance float64) (sweep.Cap, error) {
	if v.Confidence() == v.Results.Provenance.Confidence {
		for _, c := range cell.Caps {
			if c.Reading == v.Reading && c.Tolerance == tolerance {
				return c, nil
			}
		}
	}
	curves, err := cell.Curves()
	if err != nil {
		return sweep.Cap{}, err
	}
	return curves.Cap(v.Reading, tolerance, v.Confidence())
}

// Caps returns the caps of a cell at some tolerances.
func (v View) Caps(cell *store.Cell, tolerances []float64) ([]sweep.Cap, error) {
	var caps []sweep.Cap
	for _, t := range tolerances {
		found, err := v.Cap(cell, t)
		if err != nil {
			return nil, err
		}
		caps = append(caps, found)
	}
	return caps, nil
}

// Planned is the duration [s] that a chart of one is for: that of the choice, else the end of a
// timer, else just before the limit, else the cap at the tolerance.
func (v View) Planned(cell *store.Cell) float64 {
	if v.Choice.Duration > 0 {
		return v.Choice.Duration
	}
	if cell.Cycles != "" {
		return cell.Horizon
	}
	if cell.Limit > 0 {
		// A plan needs up to a step more than its length, at its start.
		return cell.Limit - 2*v.Results.Provenance.Step
	}
	found, _ := v.Cap(cell, v.Tolerance())
	return found.Cap
}
