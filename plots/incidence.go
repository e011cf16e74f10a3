package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/internal/notation"
	"budget/model"
	"budget/plots/figure"
	"budget/plots/selection"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/store"
)

// incidenceFigure is an incidence chart worked out but for its drawing.
type incidenceFigure struct {
	in       sweep.Incidence
	failures []model.Cause // that count as failing
	caps     []sweep.Cap   // by tolerance, then reading
	limit    bool          // whether the limit lies on the axis
	panel    figure.Panel
	labels   []poleLabel // of the caps, then of the limit and of the lengths to offer
	shown    []model.Cause
}

// poleLabel is a label above the panel, on a pole through it.
type poleLabel struct {
	text  string
	at    float64 // duration of the pole [s]; NaN without one
	line  draw.LineStyle
	color color.Color
}

// IncidenceChart draws how many sessions of one type fail as their planned duration grows, as
// people use them, stacked by cause. The line over them is the failure of a user who means to
// finish, the curve that caps are read from; each cap is marked where that curve's upper bound
// reaches the tolerance. Beside it stands how all sessions end by the longest cap. Past a limit
// everything has expired; the axis ends there.
//
// failures are the causes that count as failing. Caps of other cases are left out, so a whole table
// may be passed. Notes are further paragraphs of small print.
func IncidenceChart(in sweep.Incidence, failures []model.Cause, caps []sweep.Cap,
	notes ...string) (*Chart, error) {
	return incidenceChart(in, failures, caps, nil, notes...)
}

// incidenceChart is IncidenceChart with lengths to offer [s].
func incidenceChart(in sweep.Incidence, failures []model.Cause, caps []sweep.Cap,
	offers []float64, notes ...string) (*Chart, error) {
	if err := checkIncidence("", in); err != nil {
		return nil, err
	}
	if err := checkCaps("", caps...); err != nil {
		return nil, err
	}
	caps = slices.DeleteFunc(slices.Clone(caps), func(c sweep.Cap) bool {
		return c.Session != in.Session || c.Device != in.Device || c.Environment != in.Environment
	})
	f := &incidenceFigure{in: in, failures: failures}
	for _, a := range answers(caps) {
		f.caps = append(f.caps, a.caps()...)
	}
	f.shown = causesOf(stackOrder, func(c model.Cause) bool { return visible(f.in.Ended[c]...) })
	f.setPanel()
	f.setLabels(offers)
	return figure.Sheet{Header: f.header(notes), Lay: f.lay}.Chart(f.describe()), nil
}

// incidenceHeight is that of the panel of an incidence chart, at least.
const incidenceHeight = vg.Length(236)

// setPanel makes the panel.
func (f *incidenceFigure) setPanel() {
	in := f.in
	xmax := in.Durations[len(in.Durations)-1]
	if len(in.Durations) == 1 {
		xmax *= 1.1
		in = column(in)
	}
	for _, c := range f.caps {
		if hasCap(c) {
			xmax = max(xmax, c.Cap)
		}
	}
	// A limit just past the last duration is worth the stretch.
	if in.Limit > 0 && in.Limit <= 1.1*xmax {
		xmax, f.limit = in.Limit, true
	}
	failed := causeStack(in, causesOf(f.failures, func(model.Cause) bool { return true }))
	f.panel = figure.Panel{X: LengthAxis(in.Case, xmax),
		Y:     figure.Shares("Share of sessions that have failed", magnifiedMax(in, f.failures, f.caps)),
		Plots: []figure.Plotter{failed, failureCurve(in)}}
}

// column makes a narrow column of a table of a single duration.
func column(in sweep.Incidence) sweep.Incidence {
	twice := func(curve []estimate.Estimate) []estimate.Estimate { return slices.Repeat(curve, 2) }
	in.Durations = []float64{0.96 * in.Durations[0], 1.04 * in.Durations[0]}
	in.Failure, in.Survival, in.Ended = twice(in.Failure), twice(in.Survival), slices.Clone(in.Ended)
	for i := range in.Ended {
		in.Ended[i] = twice(in.Ended[i])
	}
	return in
}

// magnifiedMax chooses the end of the magnified axis: a quarter above the largest
// tolerance, or above the failures if these are larger, but never so large that the largest
// tolerance sinks below a third of the panel; then up to a round number. The jump of expired
// at a limit does not count; it is cut off.
func magnifiedMax(in sweep.Incidence, causes []model.Cause, caps []sweep.Cap) float64 {
	var tolerance, failures, all float64
	for _, c := range caps {
		tolerance = max(tolerance, c.Tolerance)
	}
	for k := range in.Durations {
		sum := 0.0
		for _, cause := range causes {
			sum += in.Ended[cause][k].Value
		}
		all = max(all, sum)
		failures = max(failures, sum-in.Ended[model.Expired][k].Value)
	}
	top := 1.25 * max(tolerance, failures)
	if tolerance > 0 {
		top = min(top, 2.5*tolerance)
	}
	if top < negligible {
		top = 1.25 * all
	}
	if top < negligible {
		top = 0.01
	}
	return min(figure.RoundUp(top), 1)
}

func (f *incidenceFigure) header(more []string) figure.Header {
	in := f.in
	setting := caseNote([]string{in.Device}, []string{in.Environment}) +
		"estimator: " + in.Estimator + " · " + notation.Counts(in.Paths) + " paths"
	switch {
	case in.Limit == 0:
		setting += " · " + notation.Limit(in.Case)
	case !f.limit:
		setting += " · " + notation.LimitName(in.Case) + " " + notation.Length(in.Limit) +
			", beyond this chart"
	}
	var notes []string
	if len(f.caps) > 0 {
		notes = append(notes, "Caps hold with "+confidence(f.caps)+" for users who mean to finish.")
	}
	return figure.Header{Title: titled(in.Case, f.finding()), Notes: notes,
		Foot: append(append([]string{notation.Sentence(setting)}, more...), ProvenanceNote)}
}

// finding is that of the cap at the headline tolerance; without caps it says how often
// sessions fail.
func (f *incidenceFigure) finding() string {
	if c := headlineCap(f.caps); c != nil {
		return capFinding(*c)
	}
	k := tellingLength(f.in.Durations, f.in.Case)
	if f.in.Cycles != "" {
		return failuresOf(timersFail, nil, []float64{f.in.Failure[k].Value})
	}
	return failureFinding(f.in.Durations[k], nil, []float64{f.in.Failure[k].Value})
}

// setLabels puts the labels of the caps, of the limit and of lengths to offer [s] above the panel.
func (f *incidenceFigure) setLabels(offers []float64) {
	for _, c := range f.caps {
		l := poleLabel{capLabel(c), math.NaN(), cautiousLine, figure.Ink}
		if hasCap(c) {
			l.at = c.Cap
		}
		if c.Reading == documented {
			l.line, l.color = documentedLine, documentedColor
		}
		f.labels = append(f.labels, l)
	}
	if f.limit {
		text := notation.LimitName(f.in.Case) + ": " + notation.Length(f.in.Limit)
		f.labels = append(f.labels, poleLabel{text, f.in.Limit, limitLine, figure.Ink})
	}
	for _, m := range offerMarks(offers, f.in.Durations, f.in.Failure) {
		if m.At <= f.panel.X.Hi {
			f.labels = append(f.labels, poleLabel{m.Label, m.At, m.Style, figure.Ink})
		}
	}
}

// lay lays the chart out in a width.
func (f *incidenceFigure) lay(width vg.Length) figure.Body {
	end := width - figure.RightColumn
	frame := f.panel.Frame(figure.Box(figure.LeftMargin, 0, end, incidenceHeight))
	var flags []figure.Flag
	for _, l := range f.labels {
		flag := figure.Flag{X: frame.Min.X, Width: figure.Label.Width(l.text)}
		if !math.IsNaN(l.at) {
			flag.X, flag.Pole = frame.At(l.at), true
		}
		flags = append(flags, flag)
	}
	// Labels may use the empty margins beside the panel.
	spots, rows := figure.PlaceFlags(flags, figure.LeftMargin/2, width)
	above := vg.Length(rows)*figure.FlagRow + 12
	height := max(incidenceHeight, vg.Length(len(f.shown)+1)*stackEntry+12+6*lineEntry)
	return figure.Body{Height: figure.BottomMargin + height + above,
		Draw: func(c draw.Canvas, r vg.Rectangle) {
			area := figure.Box(r.Min.X+figure.LeftMargin, r.Min.Y+figure.BottomMargin, r.Min.X+end,
				r.Max.Y-above)
			f.draw(c, r, area, spots)
		}}
}

func (f *incidenceFigure) draw(c draw.Canvas, r, area vg.Rectangle, spots []figure.Spot) {
	panel := f.panel.Draw(c, area)
	var tolerances []float64
	for _, c := range f.caps {
		tolerances = appendNew(tolerances, c.Tolerance)
	}
	panel.Across(c, toleranceMarks(tolerances), 1.8)
	flags := area.Max.Y + 4

	// Poles, lightest first, then labels over them.
	for i, l := range f.labels {
		if math.IsNaN(l.at) {
			continue
		}
		panel.Pole(c, l.at, draw.LineStyle{Color: figure.White, Width: l.line.Width + 1})
		top := flags + vg.Length(spots[i].Row+1)*figure.FlagRow - 2
		figure.Rule(c, panel.At(l.at), panel.Min.Y, panel.At(l.at), top, l.line)
	}
	for i, l := range f.labels {
		x, y := r.Min.X+spots[i].Left, flags+vg.Length(spots[i].Row)*figure.FlagRow
		figure.Fill(c, figure.Box(x-1, y, x+figure.Label.Width(l.text)+1, y+figure.FlagRow-2),
			figure.White)
		figure.Label.In(l.color).Write(c, x, y+figure.FlagRow/2, l.text, figure.Left)
	}
	for i, found := range slices.Backward(f.caps) {
		if hasCap(found) {
			hollow := found.Reading == documented
			figure.Circle.Draw(c, panel.At(found.Cap), panel.Up(found.Tolerance), f.labels[i].color, hollow)
		}
	}
	x := area.Max.X + figure.LegendInset
	f.drawLineLegend(c, x, f.drawStackLegend(c, x, area.Max.Y-figure.NameLine, r.Max.X)-8)
}

// Heights of the entries of the legends.
const (
	stackEntry = vg.Length(13.5)
	lineEntry  = vg.Length(14)
)

// drawStackLegend lists the areas from the top of the stack down, with their shares at the
// longest cautious cap, or at the last duration without one. It returns where the list ends.
func (f *incidenceFigure) drawStackLegend(c draw.Canvas, x, y, right vg.Length) vg.Length {
	longest := 0.0
	for _, found := range f.caps {
		if hasCap(found) && found.Reading == cautious {
			longest = max(longest, found.Cap)
		}
	}
	if longest == 0 {
		longest = math.Inf(1)
	}
	k := lastUpTo(f.in.Durations, longest)
	figure.Quiet.Write(c, right, y+1, "all sessions by "+notation.Length(f.in.Durations[k]),
		figure.RightFoot)
	entry := func(col color.Color, name string, p float64) {
		figure.Fill(c, figure.Box(x, y-10, x+10, y), col)
		figure.Label.Write(c, x+15, y-5, name, figure.Left)
		figure.Label.Write(c, right, y-5, notation.Chance(p), figure.Right)
		y -= stackEntry
	}
	entry(survivalColor, "still running", f.in.Survival[k].Value)
	for _, cause := range slices.Backward(f.shown) {
		entry(causeColors[cause], cause.String(), f.in.Ended[cause][k].Value)
	}
	return y
}

// drawLineLegend explains the lines and marks of the lower panel.
func (f *incidenceFigure) drawLineLegend(c draw.Canvas, x, y vg.Length) {
	y -= 6
	has := func(reading string) bool {
		return slices.ContainsFunc(f.caps, func(c sweep.Cap) bool {
			return c.Reading == reading &&
				hasCap(c)
		})
	}
	entry := func(there bool, text string, symbol func(mid vg.Point)) {
		if !there {
			return
		}
		symbol(vg.Point{X: x + 8, Y: y})
		figure.Label.Write(c, x+21, y, text, figure.Left)
		y -= lineEntry
	}
	pole := func(mid vg.Point, sty draw.LineStyle) {
		figure.Rule(c, mid.X, mid.Y-6, mid.X, mid.Y+
			6, sty)
	}
	entry(true, "failure of users who mean", func(mid vg.Point) {
		figure.CurveEntry("", 16).Symbol(c, mid)
	})
	figure.Label.Write(c, x+21, y+2, "to finish, with its interval", figure.Left)
	y -= lineEntry
	entry(len(f.caps) > 0, "tolerance", func(mid vg.Point) {
		figure.Rule(c, mid.X-8, mid.Y, mid.X+8, mid.Y, toleranceLine)
	})
	entry(has(cautious), "cap", func(mid vg.Point) {
		pole(mid, cautiousLine)
		figure.Circle.Draw(c, mid.X, mid.Y, figure.Ink, false)
	})
	entry(has(documented), "cap "+ifNeverCut, func(mid vg.Point) {
		pole(mid, documentedLine)
		figure.Circle.Draw(c, mid.X, mid.Y, documentedColor, true)
	})
	entry(f.limit, notation.LimitName(f.in.Case), func(mid vg.Point) { pole(mid, limitLine) })
}

// describe says in words what the chart shows.
func (f *incidenceFigure) describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Stacked cumulative incidence of every way a session fails, for session lengths up to %s.",
		notation.Length(f.in.Durations[len(f.in.Durations)-1]))
	for _, l := range f.labels {
		fmt.Fprintf(&b, " %s.", notation.Sentence(l.text))
	}
	return b.String()
}

func drawIncidence(v selection.View) ([]Named, error) {
	column, cells, notes, err := v.Along(v.Choice.X, mostPanels)
	if err != nil {
		return nil, err
	}
	found, err := gather(cells, func(cell *store.Cell) (sweep.Incidence, error) {
		return incidence(v, cell)
	})
	if err != nil {
		return nil, err
	}
	if len(cells) > 1 {
		return drawIncidences(v, column, cells, found, notes)
	}
	caps, err := v.Caps(cells[0], v.Tolerances())
	if err != nil {
		return nil, err
	}
	for _, c := range cells[0].Caps {
		if c.Reading != v.Reading && v.Choice.Reading == "" && len(v.Choice.Tolerances) == 0 {
			caps = append(caps, c)
		}
	}
	failures := v.Results.Provenance.Failures()
	c, err := incidenceChart(found[0], failures, caps, v.Choice.Offers,
		append(notes, seedNote(v.Results))...)
	return named(c, err, string(KindIncidence), v.Session)
}
