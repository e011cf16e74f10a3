package plots

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"budget/sweep"
	"budget/sweep/store"
)

// view is the part of results that charts of one session type are made of.
type view struct {
	results *store.Results
	choice  Choice
	session string
	reading string
	cells   []*store.Cell
}

// dimension is a column that tells cells apart, as an axis of charts.
type dimension struct {
	name, title, unit string
	number            bool
	factor            float64 // from the tables' numbers to those of the chart
	value             func(*store.Cell) string
	text              func(value string) string
}

// loadName is the column of the mean load, which no plan sets by itself.
const loadName = "mean_load_w"

// newViews returns the parts of the results that a choice is of, by session type.
func newViews(r *store.Results, c Choice) ([]view, error) {
	sessions := r.Sessions()
	for _, id := range c.Sessions {
		if !slices.Contains(sessions, id) {
			return nil, unfit("no session type %q: expected one of %s", id, strings.Join(sessions, ", "))
		}
	}
	reading := cmp.Or(c.Reading, r.Provenance.Readings[0])
	if !slices.Contains(r.Provenance.Readings, reading) {
		return nil, unfit("no reading %q: expected one of %s", reading, strings.Join(r.Provenance.Readings, ", "))
	}
	var views []view
	for _, id := range sessions {
		if len(c.Sessions) > 0 && !slices.Contains(c.Sessions, id) {
			continue
		}
		v := view{results: r, choice: c, session: id, reading: reading}
		for _, cell := range r.Cells {
			if cell.Session == id {
				v.cells = append(v.cells, cell)
			}
		}
		for _, only := range c.Only {
			d, err := v.dimension(only.Column)
			if err != nil {
				return nil, err
			}
			levels := v.levels(d)
			v.cells = slices.DeleteFunc(v.cells, func(cell *store.Cell) bool { return !d.is(cell, only.Value) })
			if len(v.cells) == 0 {
				return nil, unfit("no cell with %s %s: expected one of %s", only.Column, only.Value, strings.Join(levels, ", "))
			}
		}
		views = append(views, v)
	}
	return views, nil
}

// is tells whether a cell is at a level, which may be written as tables or as charts do.
func (d dimension) is(cell *store.Cell, level string) bool {
	value := d.value(cell)
	x, err1 := strconv.ParseFloat(value, 64)
	y, err2 := strconv.ParseFloat(level, 64)
	return value == level || d.text(value) == level || err1 == nil && err2 == nil && x == y
}

// dimensions lists all columns.
func (v view) dimensions() []dimension {
	var out []dimension
	for i, c := range v.results.Columns {
		d := dimension{name: c.Name, title: c.Title, unit: c.Unit, number: c.Number, factor: 1,
			value: func(cell *store.Cell) string { return cell.Values[i] }}
		switch {
		case c.Name == "start_level":
			d.unit, d.factor = "%", 100
		case c.Unit == "degC":
			d.unit = "°C"
		}
		d.text = c.Text
		out = append(out, d)
	}
	return append(out, dimension{name: loadName, title: "mean power of the watch", unit: "mW", number: true, factor: 1000,
		value: func(cell *store.Cell) string { return strconv.FormatFloat(cell.MeanLoad, 'g', -1, 64) },
		text: func(value string) string {
			x, _ := strconv.ParseFloat(value, 64)
			return floored(1000*x) + " mW"
		}})
}

// dimension returns the column of a name.
func (v view) dimension(name string) (dimension, error) {
	all := v.dimensions()
	if i := slices.IndexFunc(all, func(d dimension) bool { return d.name == name || d.title == name }); i >= 0 {
		return all[i], nil
	}
	var names []string
	for _, d := range all {
		if len(v.levels(d)) > 1 {
			names = append(names, d.name)
		}
	}
	return dimension{}, unfit("no column %q: expected one of those that vary: %s", name, cmp.Or(strings.Join(names, ", "), "there are none"))
}

// varying lists the columns that vary, but for those that another one before them
// settles.
func (v view) varying() []dimension {
	var out []dimension
	for _, d := range v.dimensions() {
		if d.name != loadName && len(v.levels(d)) > 1 && !slices.ContainsFunc(out, func(o dimension) bool { return v.settles(d, o) }) {
			out = append(out, d)
		}
	}
	return out
}

// settles tells whether the values of some columns leave one value of another.
func (v view) settles(d dimension, by ...dimension) bool {
	found := map[string]string{}
	for _, cell := range v.cells {
		key := ""
		for _, b := range by {
			key += b.value(cell) + "\x00"
		}
		if before, ok := found[key]; ok && before != d.value(cell) {
			return false
		}
		found[key] = d.value(cell)
	}
	return true
}

// levels lists the values of a column: numbers from small to large, words as they come.
func (v view) levels(d dimension) []string {
	var out []string
	seen := map[string]bool{}
	for _, cell := range v.cells {
		if value := d.value(cell); !seen[value] {
			seen[value] = true
			out = append(out, value)
		}
	}
	if d.number {
		slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(d.at(a), d.at(b)) })
	}
	return out
}

// at returns the number of a value, as charts have it; NaN where it is none.
func (d dimension) at(value string) float64 {
	x, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return math.NaN()
	}
	return d.factor * x
}

// hold leaves one cell for each combination of the levels of some columns: all others that
// these do not settle are held at the middle one of their levels. A note says at which.
func (v view) hold(keep ...dimension) (view, string) {
	var held []string
	for _, d := range v.dimensions() {
		if d.name == loadName || v.settles(d, keep...) {
			continue
		}
		levels := v.levels(d)
		middle := levels[(len(levels)-1)/2]
		v.cells = slices.DeleteFunc(slices.Clone(v.cells), func(cell *store.Cell) bool { return d.value(cell) != middle })
		held = append(held, d.title+" "+d.text(middle))
	}
	if len(held) == 0 {
		return v, ""
	}
	return v, "Held at the middle of its levels: " + strings.Join(held, ", ") + "."
}

// along returns the dimension that a chart of scenarios varies, and a cell for each of its
// levels, as many as most, evenly chosen; notes say what is held and what is left out.
func (v view) along(name string, most int) (d dimension, cells []*store.Cell, notes []string, err error) {
	varying := v.varying()
	switch {
	case name != "":
		if d, err = v.dimension(name); err != nil {
			return d, nil, nil, err
		}
	case len(varying) > 0:
		d = varying[0]
	default:
		return d, v.cells[:1], nil, nil
	}
	v, held := v.hold(d)
	if held != "" {
		notes = append(notes, held)
	}
	levels := v.levels(d)
	chosen := evenly(levels, most)
	if len(chosen) < len(levels) {
		notes = append(notes, fmt.Sprintf("%d of %d levels of %s, evenly chosen.", len(chosen), len(levels), d.title))
	}
	for _, level := range chosen {
		i := slices.IndexFunc(v.cells, func(cell *store.Cell) bool { return d.value(cell) == level })
		cells = append(cells, v.cells[i])
	}
	return d, cells, notes, nil
}

// thin leaves out levels, evenly, of the column with the most of them, until there are at
// most so many cells; and says of what.
func (v view) thin(most int) (view, string) {
	varying := v.varying()
	all := make([]int, len(varying))
	for i, d := range varying {
		all[i] = len(v.levels(d))
	}
	for len(v.cells) > most {
		d := slices.MaxFunc(varying, func(a, b dimension) int { return cmp.Compare(len(v.levels(a)), len(v.levels(b))) })
		levels := v.levels(d)
		kept := evenly(levels, max(len(levels)*2/3, 1))
		fewer := slices.DeleteFunc(slices.Clone(v.cells), func(cell *store.Cell) bool { return !slices.Contains(kept, d.value(cell)) })
		if len(fewer) == 0 { // a grid with holes
			fewer = evenly(v.cells, most)
		}
		v.cells = fewer
	}
	var parts []string
	for i, d := range varying {
		if n := len(v.levels(d)); n < all[i] {
			parts = append(parts, fmt.Sprintf("%d of %d levels of %s", n, all[i], d.title))
		}
	}
	if len(parts) == 0 {
		return v, ""
	}
	return v, "Evenly chosen: " + strings.Join(parts, ", ") + "."
}

// evenly chooses at most so many of a list, with the first and the last.
func evenly[T any](list []T, most int) []T {
	if len(list) <= most {
		return list
	}
	var out []T
	for i := range most {
		out = append(out, list[i*(len(list)-1)/max(most-1, 1)])
	}
	return out
}

// tolerances lists those that are asked for, else those of the tables.
func (v view) tolerances() []float64 {
	if len(v.choice.Tolerances) > 0 {
		return v.choice.Tolerances
	}
	return v.results.Provenance.Tolerances
}

// tolerance is the one for charts of a single one: the first that is asked for, else 1 %
// if the tables have it, else their middle one.
func (v view) tolerance() float64 {
	t := v.tolerances()
	if len(v.choice.Tolerances) == 0 && slices.Contains(t, 0.01) {
		return 0.01
	}
	if len(v.choice.Tolerances) > 0 {
		return t[0]
	}
	return t[len(t)/2]
}

func (v view) confidence() float64 {
	return cmp.Or(v.choice.Confidence, v.results.Provenance.Confidence)
}

// cap returns the cap of a cell: that of its table, or another that its curves tell.
func (v view) cap(cell *store.Cell, tolerance float64) (sweep.Cap, error) {
	if v.confidence() == v.results.Provenance.Confidence {
		for _, c := range cell.Caps {
			if c.Reading == v.reading && c.Tolerance == tolerance {
				return c, nil
			}
		}
	}
	curves, err := cell.Curves()
	if err != nil {
		return sweep.Cap{}, err
	}
	return curves.Cap(v.reading, tolerance, v.confidence())
}

// incidence returns the table of how the sessions of a cell end, for a kind of chart.
func (v view) incidence(kind Kind, cell *store.Cell) (sweep.Incidence, error) {
	if told := v.results.Provenance.IncidenceReading; v.results.Plan == nil && v.reading != told {
		return sweep.Incidence{}, &Missing{kind, "the table of endings follows the " + told + " reading, not the " + v.reading + " one"}
	}
	return cell.Incidence(v.reading)
}

// heading returns what charts of the view say above the curves.
func (v view) heading(cell *store.Cell, notes ...string) Heading {
	small := v.print(cell.Caps[0].Paths)
	if len(notes) == 0 {
		return Heading{cell.Case, []string{small}}
	}
	return Heading{cell.Case, []string{strings.Join(notes, " "), small}}
}

// print is the small print: what was simulated, how often, and from which seed.
func (v view) print(paths int64) string {
	p := &v.results.Provenance
	parts := []string{"“" + v.results.Name + "”"}
	if v.results.Plan == nil {
		parts = append(parts, count(paths)+" paths")
	} else {
		parts = append(parts, fmt.Sprintf("%s cells, %s paths each", count(int64(v.results.Plan.Cells)), count(v.results.Plan.PathsPerCell)))
	}
	parts = append(parts, fmt.Sprintf("seed %d", p.Seed), v.reading+" reading")
	for _, d := range v.dimensions() {
		if levels := v.levels(d); d.name != loadName && len(levels) == 1 && levels[0] != "" {
			parts = append(parts, d.title+" "+d.text(levels[0]))
		}
	}
	return strings.Join(parts, " · ")
}

// each calls do for 0 to n−1 on all processors, and returns the error of the lowest.
func each(n int, do func(i int) error) error {
	errs := make([]error, n)
	next := make(chan int)
	var all sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			for i := range next {
				errs[i] = do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// appendNew appends v unless the list has it.
func appendNew[T comparable](list []T, v T) []T {
	if slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}

// seed is the small print of charts that say the rest by themselves.
func (v view) seed() string {
	return fmt.Sprintf("“%s” · seed %d", v.results.Name, v.results.Provenance.Seed)
}

// label names what tells a cell apart, beside the session type.
func (v view) label(cell *store.Cell) string {
	var parts []string
	for _, d := range v.varying() {
		parts = append(parts, d.title+" "+d.text(d.value(cell)))
	}
	return strings.Join(parts, ", ")
}

// planned is the duration that a chart of one is for: that of the choice, else just before
// the documented limit, else the cap at the tolerance.
func (v view) planned(cell *store.Cell) float64 {
	if v.choice.Duration > 0 {
		return v.choice.Duration
	}
	if cell.Limit > 0 {
		// A plan needs up to a step more than its length, at its start.
		return cell.Limit - 2*v.results.Provenance.Step
	}
	if found, err := v.cap(cell, v.tolerance()); err == nil && hasCap(found) {
		return found.Cap
	}
	return 0
}

// eachView makes a drawing of one session type into one of all. What only some session
// types lack is left out.
func eachView(draw func(view) ([]Named, error)) func(*store.Results, Choice) ([]Named, error) {
	return func(r *store.Results, c Choice) ([]Named, error) {
		views, err := newViews(r, c)
		if err != nil {
			return nil, err
		}
		var out []Named
		var lacking error
		for _, v := range views {
			drawn, err := draw(v)
			if _, ok := errors.AsType[*Missing](err); ok {
				lacking = err
			} else if err != nil {
				return nil, err
			}
			out = append(out, drawn...)
		}
		if len(out) == 0 {
			return nil, lacking
		}
		return out, nil
	}
}
