package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"budget/plots/figure"
	"budget/solver/estimate"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/model"
	"budget/sweep"
)

// KindIncidence is the kind of charts in this file.
const KindIncidence Kind = "incidence"

// mostPanels is the number of panels in a chart of several scenarios, at most.
const mostPanels = 12

// IncidenceChart draws how the sessions of one type end as their planned
// duration grows, as people use them. The upper panel stacks every cause and
// survival to 100 %; the lower one magnifies the failures, which are its foot,
// around the tolerances. The line over them is the failure of a user who means
// to finish, the curve that caps are read from; each cap is marked where that
// curve's upper bound reaches the tolerance.
//
// Caps of other cases are left out, so a whole table may be passed. Notes are further
// paragraphs of small print.
func IncidenceChart(in sweep.Incidence, caps []sweep.Cap, notes ...string) (*figure.Chart, error) {
	if err := checkIncidence(in); err != nil {
		return nil, fmt.Errorf("plots: %w", err)
	}
	if err := checkCaps(caps); err != nil {
		return nil, fmt.Errorf("plots: %w", err)
	}
	f := newIncidenceFigure(in, slices.DeleteFunc(slices.Clone(caps), func(c sweep.Cap) bool {
		return c.Session != in.Session || c.Device != in.Device || c.Environment != in.Environment
	}), notes)
	return figure.Sheet{Header: f.header, Height: f.height(), Body: f.draw}.Chart(f.describe()), nil
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
	header figure.Header
	in     sweep.Incidence
	shown  []model.Cause // causes that are not negligible, in stack order
	marks  []capMark
	xmax   float64 // end of the duration axis [s]
	ymax   float64 // end of the magnified axis
	limit  bool    // whether the documented limit lies on the axis

	flagTexts []string
	flagX     []float64 // duration of the pole [s]; NaN without one
	spots     []figure.Spot
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

func (f *incidenceFigure) makeHeader(caps []sweep.Cap, more []string) figure.Header {
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
	return figure.Header{
		Title: sessionName(in.Case) + ": how sessions end, by planned duration",
		Notes: append(append(notes, more...), provenanceNote),
	}
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
	return min(figure.RoundUp(top), 1)
}

// panelsEnd is the right end of the panels in the body of the sheet.
const panelsEnd = figure.Width - 2*figure.Edge - figure.RightColumn

// xOf returns where a duration [s] lies in the body of the sheet.
func (f *incidenceFigure) xOf(d float64) vg.Length {
	return figure.LeftMargin + (panelsEnd-figure.LeftMargin)*vg.Length(d/f.xmax)
}

// placeLabels puts the labels of the limit and the caps between the panels.
func (f *incidenceFigure) placeLabels() {
	var flags []figure.Flag
	add := func(text string, d float64) {
		fl := figure.Flag{X: figure.LeftMargin, Width: figure.TextWidth(text, figure.LabelSize)}
		if !math.IsNaN(d) {
			fl.X, fl.Pole = f.xOf(d), true
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
	f.spots, f.rows = figure.PlaceFlags(flags, figure.LeftMargin/2, panelsEnd+figure.LegendInset)
}

func (f *incidenceFigure) height() vg.Length {
	return figure.BottomMargin + lowerHeight + vg.Length(f.rows)*figure.FlagRow + captionSpace*2 + 4 + upperHeight
}

func (f *incidenceFigure) draw(c draw.Canvas, r vg.Rectangle) {
	x := func(d float64) vg.Length { return r.Min.X + f.xOf(d) }
	left, right := r.Min.X+figure.LeftMargin, r.Min.X+panelsEnd
	lower := vg.Rectangle{Min: vg.Point{X: left, Y: r.Min.Y + figure.BottomMargin}}
	lower.Max = vg.Point{X: right, Y: lower.Min.Y + lowerHeight}
	flagsBottom := lower.Max.Y + 4
	upper := vg.Rectangle{Min: vg.Point{X: left, Y: flagsBottom + vg.Length(f.rows)*figure.FlagRow + captionSpace + 6}}
	upper.Max = vg.Point{X: right, Y: upper.Min.Y + upperHeight}

	whole, magnified := f.panels()
	figure.DrawPanel(c, whole, upper)
	figure.DrawPanel(c, magnified, lower)
	figure.Write(c, vg.Point{X: left, Y: upper.Max.Y + 5}, "All sessions, as people use them",
		figure.LabelSize, figure.Ink, draw.XLeft, draw.YBottom)
	figure.Write(c, vg.Point{X: left, Y: upper.Min.Y - 6}, f.caption(), figure.LabelSize, figure.Ink, draw.XLeft, draw.YTop)

	// Tolerances.
	yOf := func(p float64) vg.Length { return lower.Min.Y + lowerHeight*vg.Length(p/f.ymax) }
	var tolerances []float64
	for _, m := range f.marks {
		tolerances = appendNew(tolerances, m.cap.Tolerance)
	}
	var centres []vg.Length
	for _, t := range tolerances {
		figure.Rule(c, left, yOf(t), right, yOf(t), draw.LineStyle{Color: figure.White, Width: 1.8})
		figure.Rule(c, left, yOf(t), right, yOf(t), toleranceLine)
		centres = append(centres, yOf(t))
	}
	for i, y := range figure.Spread(centres, figure.LabelSize*1.15, lower.Min.Y, lower.Max.Y) {
		figure.Rule(c, right, centres[i], right+6, y, draw.LineStyle{Color: figure.Muted, Width: 0.6})
		figure.Write(c, vg.Point{X: right + 8, Y: y}, percent(tolerances[i]), figure.LabelSize, figure.Ink, draw.XLeft, draw.YCenter)
	}

	// Poles, lightest first, then labels over them.
	for i := range f.flagTexts {
		if math.IsNaN(f.flagX[i]) {
			continue
		}
		at := x(f.flagX[i])
		top := flagsBottom + vg.Length(f.spots[i].Row+1)*figure.FlagRow - 2
		sty := f.poleStyle(i)
		casing := draw.LineStyle{Color: figure.White, Width: sty.Width + 1}
		figure.Rule(c, at, upper.Min.Y, at, upper.Max.Y, casing)
		figure.Rule(c, at, upper.Min.Y, at, upper.Max.Y, sty)
		figure.Rule(c, at, lower.Min.Y, at, lower.Max.Y, casing)
		figure.Rule(c, at, lower.Min.Y, at, top, sty)
	}
	for i, text := range f.flagTexts {
		at := vg.Point{X: r.Min.X + f.spots[i].Left, Y: flagsBottom + vg.Length(f.spots[i].Row)*figure.FlagRow}
		figure.Fill(c, vg.Rectangle{Min: at.Add(vg.Point{X: -1}),
			Max: at.Add(vg.Point{X: figure.TextWidth(text, figure.LabelSize) + 1, Y: figure.FlagRow - 2})}, figure.White)
		figure.Write(c, at.Add(vg.Point{Y: figure.FlagRow / 2}), text, figure.LabelSize, f.flagColor(i), draw.XLeft, draw.YCenter)
	}
	for _, m := range slices.Backward(f.marks) {
		if hasCap(m.cap) {
			hollow := m.cap.Reading == documented
			col := figure.Ink
			if hollow {
				col = documentedColor
			}
			figure.DrawMarker(c, vg.Point{X: x(m.cap.Cap), Y: yOf(m.cap.Tolerance)}, figure.Circle, col, hollow)
		}
	}

	legendLeft := right + figure.LegendInset
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
	return figure.Ink
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
	failure := figure.Curve{
		X: x, Y: values(f.in.Failure),
		Lower: pick(f.in.Failure, func(p estimate.Estimate) float64 { return p.Lower }),
		Upper: pick(f.in.Failure, func(p estimate.Estimate) float64 { return p.Upper }),
	}
	all := figure.Stack{X: x}
	failures := figure.Stack{X: x}
	for _, cause := range stackOrder {
		layer := figure.Area{Heights: values(f.in.Ended[cause]), Color: causeColors[cause]}
		all.Areas = append(all.Areas, layer)
		if slices.Contains(model.Failures, cause) {
			failures.Areas = append(failures.Areas, layer)
		}
	}
	all.Areas = append(all.Areas, figure.Area{Heights: values(f.in.Survival), Color: survivalColor})

	ticks, unit := figure.DurationTicks(f.xmax)
	whole, magnified = figure.NewPlot(), figure.NewPlot()
	for _, p := range []*plot.Plot{whole, magnified} {
		p.X.Min, p.X.Max = 0, f.xmax
		p.Y.Label.Text = "Share of sessions"
	}
	whole.Add(all)
	whole.X.Tick.Marker = plot.ConstantTicks(figure.Unlabelled(ticks))
	whole.Y.Min, whole.Y.Max = 0, 1
	whole.Y.Tick.Marker = plot.ConstantTicks(figure.ShareTicks(1))
	magnified.Add(failures, failure)
	magnified.X.Label.Text = "Planned duration (" + unit + ")"
	magnified.X.Tick.Marker = plot.ConstantTicks(ticks)
	magnified.Y.Min, magnified.Y.Max = 0, f.ymax
	magnified.Y.Tick.Marker = plot.ConstantTicks(figure.ShareTicks(f.ymax))
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
	figure.Write(c, vg.Point{X: right, Y: at.Y + 5}, "by "+duration(f.in.Durations[k]), figure.LabelSize, figure.Muted, draw.XRight, draw.YBottom)
	entry := func(col color.Color, name string, p float64) {
		figure.Fill(c, vg.Rectangle{Min: at.Add(vg.Point{Y: -10}), Max: at.Add(vg.Point{X: 10})}, col)
		figure.Write(c, at.Add(vg.Point{X: 15, Y: -5}), name, figure.LabelSize, figure.Ink, draw.XLeft, draw.YCenter)
		figure.Write(c, vg.Point{X: right, Y: at.Y - 5}, share(p), figure.LabelSize, figure.Ink, draw.XRight, draw.YCenter)
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
		figure.Write(c, at.Add(vg.Point{X: 21}), text, figure.LabelSize, figure.Ink, draw.XLeft, draw.YCenter)
		at.Y -= row
	}
	has := func(reading string) bool {
		return slices.ContainsFunc(f.marks, func(m capMark) bool { return m.cap.Reading == reading && hasCap(m.cap) })
	}
	horizontal := func(sty draw.LineStyle) func(vg.Point) {
		return func(mid vg.Point) { figure.Rule(c, mid.X-8, mid.Y, mid.X+8, mid.Y, sty) }
	}
	vertical := func(mid vg.Point, sty draw.LineStyle) { figure.Rule(c, mid.X, mid.Y-6, mid.X, mid.Y+6, sty) }

	entry("failure, had nobody stopped", func(mid vg.Point) {
		figure.Fill(c, vg.Rectangle{Min: mid.Sub(vg.Point{X: 8, Y: 4}), Max: mid.Add(vg.Point{X: 8, Y: 4})}, figure.BandColor)
		horizontal(draw.LineStyle{Color: figure.Ink, Width: 1.3})(mid)
	})
	figure.Write(c, at.Add(vg.Point{X: 21, Y: 2}), "early, with its interval", figure.LabelSize, figure.Ink, draw.XLeft, draw.YCenter)
	at.Y -= row
	if len(f.marks) > 0 {
		entry("tolerance", horizontal(toleranceLine))
	}
	if has(cautious) {
		entry("cap, cautious reading", func(mid vg.Point) {
			vertical(mid, cautiousLine)
			figure.DrawMarker(c, mid, figure.Circle, figure.Ink, false)
		})
	}
	if has(documented) {
		entry("cap, documented reading", func(mid vg.Point) {
			vertical(mid, documentedLine)
			figure.DrawMarker(c, mid, figure.Circle, documentedColor, true)
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

func (v view) drawIncidence() ([]Named, error) {
	d, cells, notes, err := v.along(v.choice.X, mostPanels)
	if err != nil {
		return nil, err
	}
	incidences := make([]sweep.Incidence, len(cells))
	if err := each(len(cells), func(i int) (err error) {
		incidences[i], err = v.incidence(KindIncidence, cells[i])
		return err
	}); err != nil {
		return nil, err
	}
	if len(cells) == 1 {
		var caps []sweep.Cap
		for _, t := range v.tolerances() {
			found, err := v.cap(cells[0], t)
			if err != nil {
				return nil, err
			}
			caps = append(caps, found)
		}
		for _, c := range cells[0].Caps {
			if c.Reading != v.reading && v.choice.Reading == "" && len(v.choice.Tolerances) == 0 {
				caps = append(caps, c)
			}
		}
		c, err := IncidenceChart(incidences[0], caps, append(notes, v.seed())...)
		return named(c, err, "incidence", v.session)
	}
	var panels []Panel
	for i, cell := range cells {
		panels = append(panels, Panel{d.text(d.value(cell)), incidences[i]})
	}
	notes = append(notes, fmt.Sprintf("Straight between the %d durations of the tables.", len(incidences[0].Durations)))
	c, err := IncidencesChart(v.heading(cells[0], notes...), d.title, panels, v.tolerances())
	return named(c, err, "incidence", v.session, d.name)
}
