package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"budget/plots/figure"
	"budget/sweep/store"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/sweep"
)

// KindCaps is the kind of charts in this file.
const KindCaps Kind = "caps"

// mostRows is the number of rows that a page holds.
const mostRows = 10

// CellCaps are the caps of a session type in one cell of a sweep.
type CellCaps struct {
	Label string // what tells the cell apart; "" leaves it to the device and environment
	Caps  []sweep.Cap
}

// CapsChart draws how long a session of each type may be: one row for every
// case, in the order of its first cap, and in it one marker for every tolerance
// with the interval of the cap, beside the documented limit. The cautious
// reading is solid; the documented one is hollow and only drawn where it gives
// another answer. The same numbers stand in columns on the right. Notes are further
// paragraphs of small print.
func CapsChart(caps []sweep.Cap, notes ...string) (*figure.Chart, error) {
	if err := checkCaps(caps); err != nil {
		return nil, fmt.Errorf("plots: %w", err)
	}
	type key struct{ session, device, environment string }
	places := map[key]int{}
	var cells []CellCaps
	for _, c := range caps {
		k := key{c.Session, c.Device, c.Environment}
		if _, ok := places[k]; !ok {
			places[k] = len(cells)
			cells = append(cells, CellCaps{})
		}
		cells[places[k]].Caps = append(cells[places[k]].Caps, c)
	}
	return CellCapsChart(cells, notes...)
}

// CellCapsChart is CapsChart with a row for every cell of a sweep.
func CellCapsChart(cells []CellCaps, notes ...string) (*figure.Chart, error) {
	if len(cells) == 0 {
		return nil, fmt.Errorf("plots: no caps to draw")
	}
	for _, cell := range cells {
		if len(cell.Caps) == 0 {
			return nil, fmt.Errorf("plots: cell %q has no caps", cell.Label)
		}
		if err := checkCaps(cell.Caps); err != nil {
			return nil, fmt.Errorf("plots: %w", err)
		}
	}
	f := newCapsFigure(cells, notes)
	return figure.Sheet{Header: f.header, Legend: f.legend, Height: f.height(), Body: f.draw}.Chart(f.describe()), nil
}

// Sizes of the parts of a caps chart.
const (
	nameWidth   = vg.Length(126)
	laneHeight  = vg.Length(13)
	rowPadding  = vg.Length(5) // above and below the lanes of a row
	arrowLength = vg.Length(20)
)

// capsRow is one case: its name, what else tells it apart, its answers.
type capsRow struct {
	sweep.Case
	names, details []string // lines
	answers        []answer
}

func (r capsRow) height() vg.Length {
	texts := vg.Length(len(r.names)+len(r.details)) * figure.NameLine
	return max(vg.Length(len(r.answers))*laneHeight, texts) + 2*rowPadding
}

// capsFigure is a caps chart worked out but for its drawing.
type capsFigure struct {
	header     figure.Header
	rows       []capsRow
	tolerances []float64 // all of the table, ascending
	lo, hi     float64   // ends of the duration axis [s]
	documented bool      // whether any row needs the documented column
	columns    [3]vg.Length
	legend     figure.Legend
}

func newCapsFigure(cells []CellCaps, notes []string) *capsFigure {
	f := &capsFigure{}
	var caps []sweep.Cap
	var devices, environments []string
	var paths []int64
	f.lo, f.hi = math.Inf(1), math.Inf(-1)
	include := func(d float64) {
		if d > 0 && !math.IsInf(d, 0) {
			f.lo, f.hi = min(f.lo, d), max(f.hi, d)
		}
	}
	for _, cell := range cells {
		caps = append(caps, cell.Caps...)
	}
	for _, c := range caps {
		paths = append(paths, c.Paths)
		devices = appendNew(devices, c.Device)
		environments = appendNew(environments, c.Environment)
		f.tolerances = appendNew(f.tolerances, c.Tolerance)
		include(c.Limit)
		if hasCap(c) {
			include(c.Cap)
			include(c.CapUpper)
		}
	}
	slices.Sort(f.tolerances)
	f.setRange()

	for _, cell := range cells {
		row := capsRow{Case: cell.Caps[0].Case, answers: answers(cell.Caps)}
		row.names = figure.Wrap(sessionName(row.Case), figure.LabelSize, nameWidth)
		apart := []string{cell.Label}
		if cell.Label == "" {
			apart = nil
			if len(devices) > 1 {
				apart = append(apart, row.Device)
			}
			if len(environments) > 1 {
				apart = append(apart, row.Environment)
			}
		}
		if len(apart) > 0 {
			row.details = figure.Wrap(strings.Join(apart, ", "), figure.NoteSize, nameWidth)
		}
		limit := "no documented limit"
		if row.Limit > 0 {
			limit = "limit " + duration(row.Limit)
		}
		row.details = append(row.details, limit)
		f.rows = append(f.rows, row)
		f.documented = f.documented || slices.ContainsFunc(row.answers, func(a answer) bool { return a.documented != nil })
	}

	f.header = figure.Header{
		Title: "How long a session may be",
		Notes: slices.Concat([]string{
			"Longest planned duration that fails no more often than tolerated, with " + confidence(caps) +
				" for a user who means to finish.",
			sentence(caseNote(devices, environments) + counts(paths) + " paths"),
		}, notes, []string{provenanceNote}),
	}
	f.setColumns()
	f.setLegend()
	return f
}

// setRange rounds the range of durations outwards, to a factor of at least six,
// so that markers keep off the edges and there are ticks to read.
func (f *capsFigure) setRange() {
	if f.lo > f.hi {
		f.lo, f.hi = 600, 3600
	}
	f.lo, f.hi = f.lo/1.25, f.hi*1.25
	if missing := 6 / (f.hi / f.lo); missing > 1 {
		f.lo, f.hi = f.lo/math.Sqrt(missing), f.hi*math.Sqrt(missing)
	}
}

// cells returns the texts of an answer's columns.
func (f *capsFigure) cells(a answer) [3]string {
	text := func(c *sweep.Cap) string {
		switch {
		case c == nil || !hasCap(*c):
			return "–"
		case c.Status == sweep.CapHorizon:
			return duration(c.Cap) + " +"
		case c.Status == sweep.CapImprecise:
			return "~ " + duration(c.Cap)
		}
		return duration(c.Cap)
	}
	cells := [3]string{percent(a.tolerance), text(a.cautious), ""}
	switch {
	case f.documented && a.documented != nil:
		cells[2] = text(a.documented)
	case f.documented && a.agreed && hasCap(*a.cautious):
		cells[2] = "same"
	}
	return cells
}

// heads returns the heads of the columns.
func (f *capsFigure) heads() [3]string {
	heads := [3]string{"tolerance", cautious, ""}
	if f.documented {
		heads[2] = documented
	}
	return heads
}

// setColumns makes every column as wide as its widest text.
func (f *capsFigure) setColumns() {
	for i, head := range f.heads() {
		f.columns[i] = figure.TextWidth(head, figure.NoteSize)
		for _, row := range f.rows {
			for _, a := range row.answers {
				f.columns[i] = max(f.columns[i], figure.TextWidth(f.cells(a)[i], figure.LabelSize))
			}
		}
		if f.columns[i] > 0 {
			f.columns[i] += 9
		}
	}
}

// setLegend lists the symbols the chart uses.
func (f *capsFigure) setLegend() {
	add := func(text string, width vg.Length, draw func(draw.Canvas, vg.Point)) {
		f.legend = append(f.legend, figure.LegendEntry{Text: text, Width: width, Draw: draw})
	}
	for i, t := range f.tolerances {
		add(percent(t)+" tolerated", 9, func(c draw.Canvas, mid vg.Point) {
			figure.DrawMarker(c, mid, i, f.color(t), false)
		})
	}
	uses := func(test func(sweep.Cap) bool) bool {
		for _, row := range f.rows {
			for _, a := range row.answers {
				if a.cautious != nil && test(*a.cautious) || a.documented != nil && test(*a.documented) {
					return true
				}
			}
		}
		return false
	}
	if f.documented {
		add("documented reading", 9, func(c draw.Canvas, mid vg.Point) { figure.DrawMarker(c, mid, figure.Circle, figure.Muted, true) })
	}
	if uses(func(c sweep.Cap) bool { return hasCap(c) && c.CapUpper > c.Cap && c.Status != sweep.CapHorizon }) {
		add("interval, where wider than its marker", 18, func(c draw.Canvas, mid vg.Point) {
			figure.DrawWhisker(c, mid.X-9, mid.X+9, mid.Y, figure.Muted)
		})
	}
	if uses(func(c sweep.Cap) bool { return c.Status == sweep.CapHorizon }) {
		add("met (+) as far as looked at", 18, func(c draw.Canvas, mid vg.Point) {
			figure.DrawArrow(c, mid.Sub(vg.Point{X: 9}), 18, figure.Muted)
		})
	}
	if uses(func(c sweep.Cap) bool { return c.Status == sweep.CapImprecise }) {
		add("less precise than asked", 9, func(c draw.Canvas, mid vg.Point) {
			figure.Write(c, mid, "~", figure.LabelSize, figure.Ink, draw.XCenter, draw.YCenter)
		})
	}
	if slices.ContainsFunc(f.rows, func(r capsRow) bool { return r.Limit > 0 }) {
		add("documented limit", 4, func(c draw.Canvas, mid vg.Point) {
			figure.Rule(c, mid.X, mid.Y-5.5, mid.X, mid.Y+5.5, limitTick)
		})
	}
}

// color returns the colour of a tolerance.
func (f *capsFigure) color(tolerance float64) color.NRGBA {
	return figure.ToleranceColors[slices.Index(f.tolerances, tolerance)%len(figure.ToleranceColors)]
}

func (f *capsFigure) rowsHeight() vg.Length {
	var h vg.Length
	for _, r := range f.rows {
		h += r.height()
	}
	return h
}

func (f *capsFigure) height() vg.Length {
	return figure.ColumnHeader + f.rowsHeight() + figure.BottomMargin
}

func (f *capsFigure) draw(c draw.Canvas, r vg.Rectangle) {
	right := r.Max.X
	panel := vg.Rectangle{
		Min: vg.Point{X: r.Min.X + nameWidth + 8, Y: r.Min.Y + figure.BottomMargin},
		Max: vg.Point{X: right - f.columns[0] - f.columns[1] - f.columns[2] - 4},
	}
	panel.Max.Y = panel.Min.Y + f.rowsHeight()

	x := panel.Max.X + 2
	for i, head := range f.heads() {
		x += f.columns[i]
		figure.Write(c, vg.Point{X: x, Y: panel.Max.Y + 4}, head, figure.NoteSize, figure.Muted, draw.XRight, draw.YBottom)
	}

	ticks := figure.LogTicks(f.lo, f.hi, panel.Max.X-panel.Min.X)
	toX := func(d float64) vg.Length {
		return panel.Min.X + (panel.Max.X-panel.Min.X)*vg.Length(math.Log(d/f.lo)/math.Log(f.hi/f.lo))
	}
	top := panel.Max.Y
	for i, row := range f.rows {
		if i%2 == 0 {
			figure.Fill(c, vg.Rectangle{Min: vg.Point{X: c.Min.X + figure.Edge, Y: top - row.height()}, Max: vg.Point{X: right, Y: top}}, figure.Banded)
		}
		top -= row.height()
	}
	for _, t := range ticks {
		figure.Rule(c, toX(t.Value), panel.Min.Y, toX(t.Value), panel.Max.Y, draw.LineStyle{Color: figure.Faint, Width: 0.6})
	}

	p := figure.NewPlot()
	p.HideY()
	p.X.Min, p.X.Max = f.lo, f.hi
	p.X.Scale = plot.LogScale{}
	p.X.Tick.Marker = plot.ConstantTicks(ticks)
	p.X.Label.Text = "Longest safe duration (logarithmic)"
	p.Y.Min, p.Y.Max = 0, 1
	figure.DrawPanel(c, p, panel)

	top = panel.Max.Y
	for _, row := range f.rows {
		f.drawRow(c, row, panel, top, toX)
		top -= row.height()
	}
}

// drawRow draws one case below top.
func (f *capsFigure) drawRow(c draw.Canvas, row capsRow, panel vg.Rectangle, top vg.Length, toX func(float64) vg.Length) {
	middle := top - row.height()/2
	y := middle + vg.Length(len(row.names)+len(row.details))*figure.NameLine/2 - figure.NameLine/2
	for _, line := range row.names {
		figure.Write(c, vg.Point{X: c.Min.X + figure.Edge + 3, Y: y}, line, figure.LabelSize, figure.Ink, draw.XLeft, draw.YCenter)
		y -= figure.NameLine
	}
	for _, line := range row.details {
		figure.Write(c, vg.Point{X: c.Min.X + figure.Edge + 3, Y: y}, line, figure.NoteSize, figure.Muted, draw.XLeft, draw.YCenter)
		y -= figure.NameLine
	}
	if row.Limit > 0 {
		figure.Rule(c, toX(row.Limit), top-2, toX(row.Limit), top-row.height()+2, limitTick)
	}
	y = middle + vg.Length(len(row.answers))*laneHeight/2 - laneHeight/2
	for _, a := range row.answers {
		f.drawLane(c, row, a, panel, y, toX)
		x := panel.Max.X + 2
		for i, cell := range f.cells(a) {
			x += f.columns[i]
			col := figure.Ink
			if i != 1 {
				col = figure.Muted
			}
			figure.Write(c, vg.Point{X: x, Y: y}, cell, figure.LabelSize, col, draw.XRight, draw.YCenter)
		}
		y -= laneHeight
	}
}

// drawLane draws what one tolerance allows, at height y.
func (f *capsFigure) drawLane(c draw.Canvas, row capsRow, a answer, panel vg.Rectangle, y vg.Length, toX func(float64) vg.Length) {
	col := f.color(a.tolerance)
	shape := slices.Index(f.tolerances, a.tolerance)
	var busy []figure.Interval
	if row.Limit > 0 {
		busy = append(busy, figure.Interval{Lo: toX(row.Limit) - 3, Hi: toX(row.Limit) + 3})
	}
	var reasons []string
	var markers []func()
	for _, r := range []struct {
		cap    *sweep.Cap
		hollow bool
	}{{a.documented, true}, {a.cautious, false}} {
		if r.cap == nil {
			continue
		}
		if !hasCap(*r.cap) {
			reason := statusText(r.cap.Status)
			if r.hollow {
				reason = documented + ": " + reason
			}
			reasons = append([]string{reason}, reasons...)
			continue
		}
		at := vg.Point{X: toX(r.cap.Cap), Y: y}
		end := at.X
		switch {
		case r.cap.Status == sweep.CapHorizon:
			end = at.X + arrowLength
			figure.DrawArrow(c, at, arrowLength, col)
		case r.cap.CapUpper > r.cap.Cap:
			// An interval that its marker hides would only fray the marker.
			if to := min(toX(r.cap.CapUpper), panel.Max.X); to > at.X+1.3*figure.MarkerSize {
				end = to
				figure.DrawWhisker(c, at.X, end, y, col)
			}
		}
		markers = append(markers, func() { figure.DrawMarker(c, at, shape, col, r.hollow) })
		busy = append(busy, figure.Interval{Lo: at.X - 2*figure.MarkerSize, Hi: end + 2*figure.MarkerSize})
	}
	// Markers last, so that no whisker crosses one.
	for _, draw := range markers {
		draw()
	}
	if len(reasons) > 0 {
		text := strings.Join(reasons, "; ")
		start := figure.FreeSpot(figure.Interval{Lo: panel.Min.X + 4, Hi: panel.Max.X}, figure.TextWidth(text, figure.LabelSize), busy)
		figure.Write(c, vg.Point{X: start, Y: y}, text, figure.LabelSize, col, draw.XLeft, draw.YCenter)
	}
}

// describe says in words what the chart shows.
func (f *capsFigure) describe() string {
	var b strings.Builder
	b.WriteString("Longest safe durations by session type.")
	for _, row := range f.rows {
		var parts []string
		for _, a := range row.answers {
			for _, c := range []*sweep.Cap{a.cautious, a.documented} {
				if c != nil {
					parts = append(parts, capLabel(*c))
				}
			}
		}
		fmt.Fprintf(&b, " %s: %s.", strings.Join(slices.Concat(row.names, row.details[:len(row.details)-1]), " "), strings.Join(parts, "; "))
	}
	return b.String()
}

func drawCaps(r *store.Results, c Choice) ([]Named, error) {
	views, err := newViews(r, c)
	if err != nil {
		return nil, err
	}
	type entry struct {
		v    view
		cell *store.Cell
	}
	var entries []entry
	var notes []string
	for _, v := range views {
		thinned, note := v.thin(max(mostRows/len(views), 2))
		if note != "" {
			notes = appendNew(notes, note)
		}
		for _, cell := range thinned.cells {
			entries = append(entries, entry{v, cell})
		}
	}
	rows := make([]CellCaps, len(entries))
	if err := each(len(entries), func(i int) error {
		e := entries[i]
		rows[i].Label = e.v.label(e.cell)
		if c.Reading == "" && len(c.Tolerances) == 0 && c.Confidence == 0 {
			rows[i].Caps = e.cell.Caps
			return nil
		}
		for _, t := range e.v.tolerances() {
			found, err := e.v.cap(e.cell, t)
			if err != nil {
				return err
			}
			rows[i].Caps = append(rows[i].Caps, found)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	chart, err := CellCapsChart(rows, append(notes, views[0].seed())...)
	return named(chart, err, "caps")
}
