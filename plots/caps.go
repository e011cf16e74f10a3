package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/internal/notation"
	"budget/plots/figure"
	"budget/plots/selection"
	"budget/sweep"
	"budget/sweep/store"
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

// CapsChart draws how long a session of each type may be: one row for every case, in the
// order of its first cap, and in it one marker for every tolerance with the interval of the
// cap, beside the limit. The cautious reading is solid; the documented one is
// hollow and only drawn where it gives another answer. The same numbers stand in columns on
// the right. Notes are further paragraphs of small print.
func CapsChart(caps []sweep.Cap, notes ...string) (*Chart, error) {
	if err := checkCaps("", caps...); err != nil {
		return nil, err
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
func CellCapsChart(cells []CellCaps, notes ...string) (*Chart, error) {
	return cellCapsChart(cells, nil, notes...)
}

// cellCapsChart is CellCapsChart with lengths to offer [s].
func cellCapsChart(cells []CellCaps, offers []float64, notes ...string) (*Chart, error) {
	if len(cells) == 0 {
		return nil, wrong("no caps to draw")
	}
	var caps []sweep.Cap
	for _, cell := range cells {
		if len(cell.Caps) == 0 {
			return nil, wrong("cell %q has no caps", cell.Label)
		}
		if err := checkCaps("", cell.Caps...); err != nil {
			return nil, err
		}
		caps = append(caps, cell.Caps...)
	}
	f := &capsFigure{heads: [3]string{"tolerance", "safe", ""}, offers: offers}
	var devices, environments []string
	var paths []int64
	for _, c := range caps {
		paths = append(paths, c.Paths)
		devices = appendNew(devices, c.Device)
		environments = appendNew(environments, c.Environment)
		f.tolerances = appendNew(f.tolerances, c.Tolerance)
	}
	slices.Sort(f.tolerances)
	f.setRange(caps)
	for _, cell := range cells {
		f.addRow(cell, len(devices) > 1, len(environments) > 1)
	}
	f.setColumns()
	var b strings.Builder
	b.WriteString("Longest safe durations by session type.")
	for _, row := range f.rows {
		var parts []string
		for _, a := range row.answers {
			for _, c := range a.caps() {
				parts = append(parts, capLabel(c))
			}
		}
		names := slices.Concat(row.names, row.details[:len(row.details)-1])
		fmt.Fprintf(&b, " %s: %s.", strings.Join(names, " "), strings.Join(parts, "; "))
	}
	setting := notation.Sentence(caseNote(devices, environments) + notation.Counts(paths) + " paths")
	marker := "A marker is the longest session that fails"
	if slices.ContainsFunc(caps, func(c sweep.Cap) bool { return c.Cycles != "" }) {
		marker = "A marker is where the last session of a timer ends by which it fails"
	}
	header := figure.Header{Title: f.finding(cells), Notes: []string{
		marker + " no more often than tolerated, with " + confidence(caps) +
			" for users who mean to finish."},
		Foot: slices.Concat([]string{setting}, notes, []string{ProvenanceNote})}
	height := figure.ColumnHeader + f.rowsHeight() + figure.BottomMargin
	sheet := figure.Sheet{Header: header, Legend: f.legend(), Lay: figure.Fixed(height, f.draw)}
	return sheet.Chart(b.String()), nil
}

// Sizes of the parts of a caps chart.
const (
	nameWidth   = vg.Length(126)
	laneHeight  = vg.Length(13)
	rowPadding  = vg.Length(5) // above and below the lines of a row
	arrowLength = vg.Length(20)
)

// capsRow is one case: its name, what else tells it apart, its answers.
type capsRow struct {
	limit          float64
	names, details []string // lines
	answers        []answer
}

func (r capsRow) height() vg.Length {
	texts := vg.Length(len(r.names)+len(r.details)) * figure.NameLine
	return max(vg.Length(len(r.answers))*laneHeight, texts) + 2*rowPadding
}

// capsFigure is a caps chart worked out but for its drawing.
type capsFigure struct {
	rows       []capsRow
	limited    []sweep.Case // that have a limit
	tolerances []float64    // all of the table, ascending
	lo, hi     float64      // ends of the duration axis [s]
	offers     []float64    // [s]
	heads      [3]string    // of the columns, the last empty where no row needs the documented reading
	columns    [3]vg.Length
}

// finding says which row has the shortest cap and which the longest.
func (f *capsFigure) finding(cells []CellCaps) string {
	if len(cells) == 1 {
		c := headlineCap(cells[0].Caps)
		return titled(c.Case, capFinding(*c))
	}
	var lengths []float64
	var names, texts []string
	at := selection.Headline(f.tolerances)
	for i, cell := range cells {
		c := headlineCap(cell.Caps)
		if c.Status == sweep.CapUnknown || c.Tolerance != at {
			continue
		}
		row := f.rows[i]
		apart := row.details[:len(row.details)-1] // the last is the limit
		lengths = append(lengths, c.Cap)
		texts = append(texts, notation.CapLength(c.Case, c.Cap))
		name := sessionName(c.Case)
		if len(apart) > 0 {
			name += ", " + strings.Join(apart, " ")
		}
		names = append(names, strings.TrimPrefix(name, ", "))
	}
	if len(lengths) == 0 {
		return "Too few sessions simulated for a cap at " + notation.Percent(at)
	}
	text := "At most " + odds(at) + " fail up to "
	least, greatest := extremes(lengths)
	switch {
	case lengths[greatest] == 0:
		return "No length is safe: even " + theShortest(cells[0].Caps[0].Case) + " more often than " +
			odds(at)
	case lengths[least] == lengths[greatest]:
		return text + texts[least] + " in each row that has a cap"
	}
	if lengths[least] == 0 {
		return fmt.Sprintf("%s%s (%s); no length is safe for %s", text, texts[greatest], names[greatest],
			names[least])
	}
	return fmt.Sprintf("%s%s (%s) to %s (%s)", text, texts[least], names[least], texts[greatest],
		names[greatest])
}

// setRange chooses the range of durations, rounded outwards, to a factor of at least six, so
// that markers keep off the edges and there are ticks to read.
func (f *capsFigure) setRange(caps []sweep.Cap) {
	f.lo, f.hi = math.Inf(1), math.Inf(-1)
	include := func(d float64) {
		if d > 0 && !math.IsInf(d, 0) {
			f.lo, f.hi = min(f.lo, d), max(f.hi, d)
		}
	}
	for _, c := range caps {
		include(c.Limit)
		if hasCap(c) {
			include(c.Cap)
			include(c.CapUpper)
		}
	}
	for _, d := range f.offers {
		include(d)
	}
	if f.lo > f.hi {
		f.lo, f.hi = 600, 3600
	}
	f.lo, f.hi = f.lo/1.25, f.hi*1.25
	if missing := 6 / (f.hi / f.lo); missing > 1 {
		f.lo, f.hi = f.lo/math.Sqrt(missing), f.hi*math.Sqrt(missing)
	}
}

// addRow adds the row of a cell, with its device and environment where it has no label.
func (f *capsFigure) addRow(cell CellCaps, device, environment bool) {
	of := cell.Caps[0].Case
	row := capsRow{limit: of.Limit, answers: answers(cell.Caps),
		names: figure.Label.Wrap(sessionName(of), nameWidth)}
	apart := []string{cell.Label}
	if cell.Label == "" {
		apart = nil
		if device {
			apart = append(apart, of.Device)
		}
		if environment {
			apart = append(apart, of.Environment)
		}
	}
	row.details = figure.Note.Wrap(strings.Join(apart, ", "), nameWidth)
	limit := notation.Limit(of)
	if of.Limit > 0 {
		limit = limitNote(of.Limit)
		f.limited = append(f.limited, of)
	}
	row.details = append(row.details, limit)
	f.rows = append(f.rows, row)
	if slices.ContainsFunc(row.answers, func(a answer) bool { return a.documented != nil }) {
		f.heads[2] = "if never cut"
	}
}

// cells returns the texts of an answer's columns.
func (f *capsFigure) cells(a answer) [3]string {
	text := func(c *sweep.Cap) string {
		switch {
		case c == nil || !hasCap(*c):
			return "–"
		case c.Status == sweep.CapImprecise:
			return "~ " + notation.CapLength(c.Case, c.Cap)
		}
		return notation.CapReached(c.Case, c.Status, c.Cap)
	}
	cells := [3]string{notation.Percent(a.tolerance), text(a.cautious), ""}
	switch {
	case f.heads[2] == "":
	case a.documented != nil:
		cells[2] = text(a.documented)
	case a.agreed && hasCap(*a.cautious):
		cells[2] = "same"
	}
	return cells
}

// setColumns makes every column as wide as its widest text.
func (f *capsFigure) setColumns() {
	for i, head := range f.heads {
		f.columns[i] = figure.Note.Width(head)
		for _, row := range f.rows {
			for _, a := range row.answers {
				f.columns[i] = max(f.columns[i], figure.Label.Width(f.cells(a)[i]))
			}
		}
		if f.columns[i] > 0 {
			f.columns[i] += 9
		}
	}
}

// legend lists the symbols the chart uses.
func (f *capsFigure) legend() (l figure.Legend) {
	for _, t := range f.tolerances {
		col, shape := figure.OfTolerance(t)
		l = append(l, figure.MarkerEntry(notation.Percent(t)+" tolerated", shape, col, false))
	}
	uses := func(test func(sweep.Cap) bool) bool {
		return slices.ContainsFunc(f.rows, func(row capsRow) bool {
			return slices.ContainsFunc(row.answers, func(a answer) bool {
				return slices.ContainsFunc(a.caps(), test)
			})
		})
	}
	status := func(s sweep.CapStatus) bool {
		return uses(func(c sweep.Cap) bool { return c.Status == s })
	}
	explain(&l, f.heads[2] != "",
		figure.MarkerEntry(ifNeverCut, figure.Circle, figure.Muted, true))
	explain(&l, uses(func(c sweep.Cap) bool {
		return hasCap(c) && c.CapUpper > c.Cap && c.Status != sweep.CapHorizon
	}),
		figure.NewEntry("upper end of its interval", 18, func(c draw.Canvas, mid vg.Point) {
			figure.DrawWhisker(c, mid.X-9, mid.X+9, mid.Y, figure.Muted)
		}))
	explain(&l, uses(func(c sweep.Cap) bool { return c.Status == sweep.CapHorizon && c.Cycles == "" }),
		figure.NewEntry(sweep.CapHorizon.Name()+": "+sweep.CapHorizon.Meaning(), 18,
			func(c draw.Canvas, mid vg.Point) {
				figure.DrawArrow(c, mid.Sub(vg.Point{X: 9}), 18, figure.Muted)
			}))
	explain(&l, status(sweep.CapImprecise), figure.TextEntry(sweep.CapImprecise.Name(), "~"))
	explain(&l, len(f.offers) > 0, figure.PoleEntry("offer "+lengths(f.offers), offerLine))
	explain(&l, len(f.limited) > 0, figure.PoleEntry(notation.LimitName(f.limited...), limitTick))
	return l
}

// lengths lists durations.
func lengths(durations []float64) string {
	var texts []string
	for _, d := range durations {
		texts = append(texts, notation.Length(d))
	}
	return strings.Join(texts, ", ")
}

func (f *capsFigure) rowsHeight() (h vg.Length) {
	for _, r := range f.rows {
		h += r.height()
	}
	return h
}

func (f *capsFigure) draw(c draw.Canvas, r vg.Rectangle) {
	left, right := r.Min.X+nameWidth+8, r.Max.X-f.columns[0]-f.columns[1]-f.columns[2]-4
	bottom := r.Min.Y + figure.BottomMargin
	top := r.Max.Y - figure.ColumnHeader
	stretch := (top - bottom) / f.rowsHeight()
	x := right + 2
	for i, head := range f.heads {
		x += f.columns[i]
		figure.Note.Write(c, x, top+4, head, figure.RightFoot)
	}
	y := top
	for i, row := range f.rows {
		if i%2 == 0 {
			figure.Fill(c, figure.Box(r.Min.X, y-stretch*row.height(), r.Max.X, y), figure.Banded)
		}
		y -= stretch * row.height()
	}
	const title = "Longest safe duration (logarithmic)"
	p := figure.Panel{X: figure.LogDurations(title, f.lo, f.hi, right-left)}
	frame := p.Frame(figure.Box(left, bottom, right, top))
	for _, t := range p.X.Ticks {
		frame.Pole(c, t.Value, figure.GridLine)
	}
	p.Draw(c, frame.Rectangle)
	for _, d := range f.offers {
		frame.Pole(c, d, offerLine)
	}
	for _, row := range f.rows {
		f.drawRow(c, row, frame, r.Min.X+3, top, stretch*row.height())
		top -= stretch * row.height()
	}
}

// drawRow draws one case below top, in a height, with its name at x.
func (f *capsFigure) drawRow(c draw.Canvas, row capsRow, frame figure.Frame, x, top,
	height vg.Length) {
	middle := top - height/2
	y := middle + vg.Length(len(row.names)+len(row.details))*figure.NameLine/2 - figure.NameLine/2
	for i, line := range slices.Concat(row.names, row.details) {
		style := figure.Label
		if i >= len(row.names) {
			style = figure.Note
		}
		style.Write(c, x, y, line, figure.Left)
		y -= figure.NameLine
	}
	if row.limit > 0 {
		at := frame.At(row.limit)
		figure.Rule(c, at, top-2, at, top-height+2, limitTick)
	}
	y = middle + vg.Length(len(row.answers))*laneHeight/2 - laneHeight/2
	for _, a := range row.answers {
		f.drawAnswer(c, row, a, frame, y)
		x := frame.Max.X + 2
		for i, cell := range f.cells(a) {
			x += f.columns[i]
			style := figure.Quiet
			if i == 1 {
				style = figure.Label
			}
			style.Write(c, x, y, cell, figure.Right)
		}
		y -= laneHeight
	}
}

// drawAnswer draws what one tolerance allows, at height y.
func (f *capsFigure) drawAnswer(c draw.Canvas, row capsRow, a answer, frame figure.Frame,
	y vg.Length) {
	col, shape := figure.OfTolerance(a.tolerance)
	var busy []figure.Interval
	if row.limit > 0 {
		busy = append(busy, figure.Interval{Lo: frame.At(row.limit) - 3, Hi: frame.At(row.limit) + 3})
	}
	var reasons []string
	var markers []func()
	for _, found := range slices.Backward(a.caps()) {
		hollow := found.Reading == documented
		if !hasCap(found) {
			reason := found.Status.Name()
			if hollow {
				reason = "if never cut: " + reason
			}
			reasons = append([]string{reason}, reasons...)
			continue
		}
		at := frame.At(found.Cap)
		end := at
		switch {
		case found.Status == sweep.CapHorizon && found.Cycles == "": // a timer ends there
			end = at + arrowLength
			figure.DrawArrow(c, vg.Point{X: at, Y: y}, arrowLength, col)
		case found.CapUpper > found.Cap:
			// An interval that its marker hides would only fray the marker.
			if to := min(frame.At(found.CapUpper), frame.Max.X); to > at+1.3*figure.MarkerSize {
				end = to
				figure.DrawWhisker(c, at, end, y, col)
			}
		}
		markers = append(markers, func() { shape.Draw(c, at, y, col, hollow) })
		busy = append(busy, figure.Interval{Lo: at - 2*figure.MarkerSize, Hi: end + 2*figure.MarkerSize})
	}
	// Markers last, so that no whisker crosses one.
	for _, draw := range markers {
		draw()
	}
	if len(reasons) > 0 {
		text := strings.Join(reasons, "; ")
		room := figure.Interval{Lo: frame.Min.X + 4, Hi: frame.Max.X}
		at := figure.FreeSpot(room, figure.Label.Width(text), busy)
		figure.Label.Write(c, at, y, text, figure.Left)
	}
}

func drawCaps(r *store.Results, c Choice) ([]Named, error) {
	views, err := selection.Views(r, c)
	if err != nil {
		return nil, err
	}
	type entry struct {
		view selection.View
		cell *store.Cell
	}
	var entries []entry
	var notes []string
	for _, v := range views {
		thinned, more := v.Thin(max(mostRows/len(views), 2))
		for _, note := range more {
			notes = appendNew(notes, note)
		}
		for _, cell := range thinned.Cells {
			entries = append(entries, entry{v, cell})
		}
	}
	rows, err := gather(entries, func(e entry) (CellCaps, error) {
		row := CellCaps{e.view.Label(e.cell), e.cell.Caps}
		if c.Reading == "" && len(c.Tolerances) == 0 && c.Confidence == 0 {
			return row, nil
		}
		var err error
		row.Caps, err = e.view.Caps(e.cell, e.view.Tolerances())
		return row, err
	})
	if err != nil {
		return nil, err
	}
	chart, err := cellCapsChart(rows, c.Offers, append(notes, seedNote(r))...)
	return named(chart, err, string(KindCaps))
}
