package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/model"
	"budget/solver/estimate"
	"budget/sweep"
)

// IncidenceChart draws how the sessions of one type end as their planned
// duration grows, as people use them. The upper panel stacks every cause and
// survival to 100 %; the lower one magnifies the failures, which are its foot,
// around the tolerances. The line over them is the failure of a user who means
// to finish, the curve that caps are read from; each cap is marked where that
// curve's upper bound reaches the tolerance.
//
// Caps of other cases are left out, so a whole table may be passed. Notes are further
// paragraphs of small print.
func IncidenceChart(in sweep.Incidence, caps []sweep.Cap, notes ...string) (*Chart, error) {
	if err := checkIncidence(in); err != nil {
		return nil, fmt.Errorf("plots: %w", err)
	}
	if err := checkCaps(caps); err != nil {
		return nil, fmt.Errorf("plots: %w", err)
	}
	f := newIncidenceFigure(in, slices.DeleteFunc(slices.Clone(caps), func(c sweep.Cap) bool {
		return c.Session != in.Session || c.Device != in.Device || c.Environment != in.Environment
	}), notes)
	return sheet{header: f.header, height: f.height(), body: f.draw}.chart(f.describe()), nil
}

// Sizes of the parts of an incidence chart.
const (
	upperHeight  = vg.Length(168)
	lowerHeight  = vg.Length(196)
	captionSpace = vg.Length(18)
)

// capMark is a cap, or the lack of one, in the chart.
type capMark struct {
	cap   sweep.Cap
	label string
}

// incidenceFigure is an incidence chart worked out but for its drawing.
type incidenceFigure struct {
	header header
	in     sweep.Incidence
	shown  []model.Cause // causes that are not negligible, in stack order
	marks  []capMark
	xmax   float64 // end of the duration axis [s]
	ymax   float64 // end of the magnified axis
	limit  bool    // whether the documented limit lies on the axis

	flagTexts []string
	flagX     []float64 // duration of the pole [s]; NaN without one
	spots     []spot
	rows      int
}

func newIncidenceFigure(in sweep.Incidence, caps []sweep.Cap, notes []string) *incidenceFigure {
	f := &incidenceFigure{in: in}
	for _, cause := range stackOrder {
		if slices.ContainsFunc(in.Ended[cause], func(p estimate.Estimate) bool { return p.Value >= negligible }) {
			f.shown = append(f.shown, cause)
		}
	}
	for _, a := range answers(caps) {
		for _, c := range []*sweep.Cap{a.cautious, a.documented} {
			if c != nil {
				f.marks = append(f.marks, capMark{*c, capLabel(*c)})
			}
		}
	}

	f.xmax = in.Durations[len(in.Durations)-1]
	if len(in.Durations) == 1 {
		f.xmax *= 1.1
	}
	for _, m := range f.marks {
		if hasCap(m.cap) {
			f.xmax = max(f.xmax, m.cap.Cap)
		}
	}
	// A limit just past the last duration is worth the stretch.
	if in.Limit <= 1.1*f.xmax {
		f.xmax = max(f.xmax, in.Limit)
		f.limit = in.Limit > 0
	}
	f.ymax = magnifiedMax(in, caps)
	f.header = f.makeHeader(caps, notes)
	f.placeLabels()
	return f
}

func (f *incidenceFigure) makeHeader(caps []sweep.Cap, more []string) header {
	in := f.in
	setting := caseNote([]string{in.Device}, []string{in.Environment}) +
		"estimator: " + in.Estimator + " · " + counts(in.Paths) + " paths"
	switch {
	case in.Limit == 0:
		setting += " · no documented limit"
	case !f.limit:
		setting += " · documented limit " + duration(in.Limit) + ", beyond this chart"
	}
	notes := []string{sentence(setting)}
	if len(caps) > 0 {
		notes = append(notes, "Caps hold with "+confidence(caps)+" for a user who means to finish.")
	}
	return header{
		title: sessionName(in.Case) + ": how sessions end, by planned duration",
		notes: append(append(notes, more...), provenanceNote),
	}
}

// confidence says with what confidence a table of caps holds.
func confidence(caps []sweep.Cap) string {
	lo, hi := caps[0].Confidence, caps[0].Confidence
	for _, c := range caps {
		lo, hi = min(lo, c.Confidence), max(hi, c.Confidence)
	}
	if lo == hi {
		return percent(lo) + " confidence, all of the table together,"
	}
	return percent(lo) + " to " + percent(hi) + " confidence"
}

// capLabel writes a cap, or why there is none, with its tolerance.
func capLabel(c sweep.Cap) string {
	text := percent(c.Tolerance) + ": "
	switch {
	case !hasCap(c):
		text += statusText(c.Status)
	case c.Status == sweep.CapHorizon:
		text += "met up to " + duration(c.Cap)
	default:
		text += duration(c.Cap)
	}
	var remarks []string
	if c.Status == sweep.CapImprecise {
		remarks = append(remarks, "imprecise")
	}
	if c.Reading == documented {
		remarks = append(remarks, documented)
	}
	if len(remarks) > 0 {
		text += " (" + strings.Join(remarks, ", ") + ")"
	}
	return text
}

// magnifiedMax chooses the end of the magnified axis: a quarter above the
// largest tolerance, or above the failures if these are larger, but never so
// large that the largest tolerance sinks below a third of the panel; then up to a
// round number. The jump of expired at a limit does not count; it is cut off.
func magnifiedMax(in sweep.Incidence, caps []sweep.Cap) float64 {
	var tolerance, failures, all float64
	for _, c := range caps {
		tolerance = max(tolerance, c.Tolerance)
	}
	for k := range in.Durations {
		sum := 0.0
		for _, cause := range model.Failures {
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
	return min(roundUp(top), 1)
}

// panelsEnd is the right end of the panels in the body of the sheet.
const panelsEnd = chartWidth - 2*edge - rightColumn

// xOf returns where a duration [s] lies in the body of the sheet.
func (f *incidenceFigure) xOf(d float64) vg.Length {
	return leftMargin + (panelsEnd-leftMargin)*vg.Length(d/f.xmax)
}

// placeLabels puts the labels of the limit and the caps between the panels.
func (f *incidenceFigure) placeLabels() {
	var flags []flag
	add := func(text string, d float64) {
		fl := flag{x: leftMargin, width: textWidth(text, labelSize)}
		if !math.IsNaN(d) {
			fl.x, fl.pole = f.xOf(d), true
		}
		flags = append(flags, fl)
		f.flagTexts = append(f.flagTexts, text)
		f.flagX = append(f.flagX, d)
	}
	for _, m := range f.marks {
		if hasCap(m.cap) {
			add(m.label, m.cap.Cap)
		} else {
			add(m.label, math.NaN())
		}
	}
	if f.limit {
		add("documented limit: "+duration(f.in.Limit), f.in.Limit)
	}
	// Labels may use the empty margin beside the panels.
	f.spots, f.rows = placeFlags(flags, leftMargin/2, panelsEnd+legendInset)
}

func (f *incidenceFigure) height() vg.Length {
	return bottomMargin + lowerHeight + vg.Length(f.rows)*flagRow + captionSpace*2 + 4 + upperHeight
}

func (f *incidenceFigure) draw(c draw.Canvas, r vg.Rectangle) {
	x := func(d float64) vg.Length { return r.Min.X + f.xOf(d) }
	left, right := r.Min.X+leftMargin, r.Min.X+panelsEnd
	lower := vg.Rectangle{Min: vg.Point{X: left, Y: r.Min.Y + bottomMargin}}
	lower.Max = vg.Point{X: right, Y: lower.Min.Y + lowerHeight}
	flagsBottom := lower.Max.Y + 4
	upper := vg.Rectangle{Min: vg.Point{X: left, Y: flagsBottom + vg.Length(f.rows)*flagRow + captionSpace + 6}}
	upper.Max = vg.Point{X: right, Y: upper.Min.Y + upperHeight}

	whole, magnified := f.panels()
	drawPanel(c, whole, upper)
	drawPanel(c, magnified, lower)
	write(c, vg.Point{X: left, Y: upper.Max.Y + 5}, "All sessions, as people use them",
		labelSize, ink, draw.XLeft, draw.YBottom)
	write(c, vg.Point{X: left, Y: upper.Min.Y - 6}, f.caption(), labelSize, ink, draw.XLeft, draw.YTop)

	// Tolerances.
	yOf := func(p float64) vg.Length { return lower.Min.Y + lowerHeight*vg.Length(p/f.ymax) }
	var tolerances []float64
	for _, m := range f.marks {
		tolerances = appendNew(tolerances, m.cap.Tolerance)
	}
	var centres []vg.Length
	for _, t := range tolerances {
		rule(c, left, yOf(t), right, yOf(t), draw.LineStyle{Color: white, Width: 1.8})
		rule(c, left, yOf(t), right, yOf(t), toleranceLine)
		centres = append(centres, yOf(t))
	}
	for i, y := range spread(centres, labelSize*1.15, lower.Min.Y, lower.Max.Y) {
		rule(c, right, centres[i], right+6, y, draw.LineStyle{Color: muted, Width: 0.6})
		write(c, vg.Point{X: right + 8, Y: y}, percent(tolerances[i]), labelSize, ink, draw.XLeft, draw.YCenter)
	}

	// Poles, lightest first, then labels over them.
	for i := range f.flagTexts {
		if math.IsNaN(f.flagX[i]) {
			continue
		}
		at := x(f.flagX[i])
		top := flagsBottom + vg.Length(f.spots[i].row+1)*flagRow - 2
		sty := f.poleStyle(i)
		casing := draw.LineStyle{Color: white, Width: sty.Width + 1}
		rule(c, at, upper.Min.Y, at, upper.Max.Y, casing)
		rule(c, at, upper.Min.Y, at, upper.Max.Y, sty)
		rule(c, at, lower.Min.Y, at, lower.Max.Y, casing)
		rule(c, at, lower.Min.Y, at, top, sty)
	}
	for i, text := range f.flagTexts {
		at := vg.Point{X: r.Min.X + f.spots[i].left, Y: flagsBottom + vg.Length(f.spots[i].row)*flagRow}
		fill(c, vg.Rectangle{Min: at.Add(vg.Point{X: -1}),
			Max: at.Add(vg.Point{X: textWidth(text, labelSize) + 1, Y: flagRow - 2})}, white)
		write(c, at.Add(vg.Point{Y: flagRow / 2}), text, labelSize, f.flagColor(i), draw.XLeft, draw.YCenter)
	}
	for _, m := range slices.Backward(f.marks) {
		if hasCap(m.cap) {
			hollow := m.cap.Reading == documented
			col := ink
			if hollow {
				col = documentedColor
			}
			drawMarker(c, vg.Point{X: x(m.cap.Cap), Y: yOf(m.cap.Tolerance)}, circle, col, hollow)
		}
	}

	legendLeft := right + legendInset
	f.drawStackLegend(c, vg.Point{X: legendLeft, Y: upper.Max.Y}, r.Max.X)
	f.drawLineLegend(c, vg.Point{X: legendLeft, Y: lower.Max.Y})
}

func (f *incidenceFigure) poleStyle(i int) draw.LineStyle {
	switch {
	case i >= len(f.marks):
		return limitLine
	case f.marks[i].cap.Reading == documented:
		return documentedLine
	}
	return cautiousLine
}

func (f *incidenceFigure) flagColor(i int) color.Color {
	if i < len(f.marks) && f.marks[i].cap.Reading == documented {
		return documentedColor
	}
	return ink
}

// caption names the magnified panel and says how much of it is cut off.
func (f *incidenceFigure) caption() string {
	return fmt.Sprintf("Failures only, magnified (axis ends at %s)", percent(f.ymax))
}

// panels returns the two plots, on the same duration axis.
func (f *incidenceFigure) panels() (whole, magnified *plot.Plot) {
	x := f.in.Durations
	if len(x) == 1 {
		// A single duration becomes a narrow column.
		x = []float64{0.96 * x[0], 1.04 * x[0]}
	}
	pick := func(ps []estimate.Estimate, part func(estimate.Estimate) float64) []float64 {
		out := make([]float64, len(x))
		for k := range out {
			out[k] = part(ps[min(k, len(ps)-1)])
		}
		return out
	}
	values := func(ps []estimate.Estimate) []float64 {
		return pick(ps, func(p estimate.Estimate) float64 { return p.Value })
	}
	failure := curve{
		x: x, y: values(f.in.Failure),
		lower: pick(f.in.Failure, func(p estimate.Estimate) float64 { return p.Lower }),
		upper: pick(f.in.Failure, func(p estimate.Estimate) float64 { return p.Upper }),
	}
	all := stack{x: x}
	failures := stack{x: x}
	for _, cause := range stackOrder {
		layer := area{values(f.in.Ended[cause]), causeColors[cause]}
		all.areas = append(all.areas, layer)
		if slices.Contains(model.Failures, cause) {
			failures.areas = append(failures.areas, layer)
		}
	}
	all.areas = append(all.areas, area{values(f.in.Survival), survivalColor})

	ticks, unit := durationTicks(f.xmax)
	whole, magnified = newPlot(), newPlot()
	for _, p := range []*plot.Plot{whole, magnified} {
		p.X.Min, p.X.Max = 0, f.xmax
		p.Y.Label.Text = "Share of sessions"
	}
	whole.Add(all)
	whole.X.Tick.Marker = plot.ConstantTicks(unlabelled(ticks))
	whole.Y.Min, whole.Y.Max = 0, 1
	whole.Y.Tick.Marker = plot.ConstantTicks(shareTicks(1))
	magnified.Add(failures, failure)
	magnified.X.Label.Text = "Planned duration (" + unit + ")"
	magnified.X.Tick.Marker = plot.ConstantTicks(ticks)
	magnified.Y.Min, magnified.Y.Max = 0, f.ymax
	magnified.Y.Tick.Marker = plot.ConstantTicks(shareTicks(f.ymax))
	return whole, magnified
}

// drawStackLegend lists the areas from the top of the stack down, with their
// shares at the longest cautious cap, or at the last duration without one.
func (f *incidenceFigure) drawStackLegend(c draw.Canvas, at vg.Point, right vg.Length) {
	k := len(f.in.Durations) - 1
	longest := 0.0
	for _, m := range f.marks {
		if hasCap(m.cap) && m.cap.Reading == cautious {
			longest = max(longest, m.cap.Cap)
		}
	}
	if longest > 0 {
		for k > 0 && f.in.Durations[k] > longest {
			k--
		}
	}
	const row = vg.Length(13.5)
	write(c, vg.Point{X: right, Y: at.Y + 5}, "by "+duration(f.in.Durations[k]), labelSize, muted, draw.XRight, draw.YBottom)
	entry := func(col color.Color, name string, p float64) {
		fill(c, vg.Rectangle{Min: at.Add(vg.Point{Y: -10}), Max: at.Add(vg.Point{X: 10})}, col)
		write(c, at.Add(vg.Point{X: 15, Y: -5}), name, labelSize, ink, draw.XLeft, draw.YCenter)
		write(c, vg.Point{X: right, Y: at.Y - 5}, share(p), labelSize, ink, draw.XRight, draw.YCenter)
		at.Y -= row
	}
	entry(survivalColor, "still running", f.in.Survival[k].Value)
	for _, cause := range slices.Backward(f.shown) {
		entry(causeColors[cause], cause.String(), f.in.Ended[cause][k].Value)
	}
}

// drawLineLegend explains the lines and marks of the lower panel.
func (f *incidenceFigure) drawLineLegend(c draw.Canvas, at vg.Point) {
	const row = vg.Length(14)
	at.Y -= 6
	entry := func(text string, symbol func(mid vg.Point)) {
		symbol(at.Add(vg.Point{X: 8}))
		write(c, at.Add(vg.Point{X: 21}), text, labelSize, ink, draw.XLeft, draw.YCenter)
		at.Y -= row
	}
	has := func(reading string) bool {
		return slices.ContainsFunc(f.marks, func(m capMark) bool { return m.cap.Reading == reading && hasCap(m.cap) })
	}
	horizontal := func(sty draw.LineStyle) func(vg.Point) {
		return func(mid vg.Point) { rule(c, mid.X-8, mid.Y, mid.X+8, mid.Y, sty) }
	}
	vertical := func(mid vg.Point, sty draw.LineStyle) { rule(c, mid.X, mid.Y-6, mid.X, mid.Y+6, sty) }

	entry("failure, had nobody stopped", func(mid vg.Point) {
		fill(c, vg.Rectangle{Min: mid.Sub(vg.Point{X: 8, Y: 4}), Max: mid.Add(vg.Point{X: 8, Y: 4})}, bandColor)
		horizontal(draw.LineStyle{Color: ink, Width: 1.3})(mid)
	})
	write(c, at.Add(vg.Point{X: 21, Y: 2}), "early, with its interval", labelSize, ink, draw.XLeft, draw.YCenter)
	at.Y -= row
	if len(f.marks) > 0 {
		entry("tolerance", horizontal(toleranceLine))
	}
	if has(cautious) {
		entry("cap, cautious reading", func(mid vg.Point) {
			vertical(mid, cautiousLine)
			drawMarker(c, mid, circle, ink, false)
		})
	}
	if has(documented) {
		entry("cap, documented reading", func(mid vg.Point) {
			vertical(mid, documentedLine)
			drawMarker(c, mid, circle, documentedColor, true)
		})
	}
	if f.limit {
		entry("documented limit", func(mid vg.Point) { vertical(mid, limitLine) })
	}
}

// describe says in words what the chart shows.
func (f *incidenceFigure) describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Stacked cumulative incidence of every way a session ends, for planned durations up to %s, and below it the failures alone.",
		duration(f.in.Durations[len(f.in.Durations)-1]))
	for _, text := range f.flagTexts {
		fmt.Fprintf(&b, " %s.", sentence(text))
	}
	return b.String()
}
