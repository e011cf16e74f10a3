package plots

import (
	"cmp"
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
	"budget/sweep/store"
	"budget/sweep/table"
)

// KindStrip is the kind of charts in this file.
const KindStrip Kind = "strip"

// Colours of the phases of a timer. They differ in lightness, too.
var (
	sessionColor = figure.Tint(figure.SeriesColors[0], 0.55)
	restColor    = color.NRGBA{232, 232, 232, 255}
)

// Sizes of the parts of a strip.
const (
	stripTop     = vg.Length(6)
	stripPhases  = vg.Length(20)
	stripFailure = vg.Length(120)
	stripSmall   = vg.Length(66)
	stripGap     = vg.Length(20) // above a panel, with its caption
)

// cycleEnd is the line at the end of a cycle.
var cycleEnd = draw.LineStyle{Color: figure.Muted, Width: 0.5, Dashes: []vg.Length{1, 2}}

// StripChart draws a timer along its clock: its phases, how often it has failed, what each cycle
// adds by cause, and what it has cost at the end of each cycle.
func StripChart(h Heading, t table.TimerCharts, tolerance float64) (*Chart, error) {
	if len(t.Phases) == 0 || len(t.Failure) == 0 || len(t.Cycles) == 0 {
		return nil, wrong("no timer to draw")
	}
	end := t.Phases[len(t.Phases)-1].To
	causes, order := stripCauses(t.Cycles)
	entries := figure.Legend{figure.PatchEntry("session", sessionColor)}
	rests := slices.ContainsFunc(t.Phases, func(p table.TimerPhase) bool { return !p.Session })
	explain(&entries, rests,
		figure.PatchEntry("rest, without a session", restColor))
	failures := failurePart(t, tolerance)
	entries = append(entries, figure.CurveEntry("failure, with its interval", 18))
	explain(&entries, failures.y.Has(tolerance), figure.AcrossEntry("tolerance", toleranceLine))
	entries = append(entries, figure.PoleEntry("end of a cycle", cycleEnd))
	for _, c := range order {
		entries = append(entries, figure.PatchEntry(c.String(), causeColors[c]))
	}
	x := figure.Durations("Time on the timer's clock", end)
	parts := []stripPart{failures, causesPart(t, causes, order)}
	if p, ok := costPart("Battery used by then (%), with nine in ten", t.Cycles, 100, true,
		func(c *table.TimerCycle) table.TimerSpent { return c.Level }); ok {
		parts = append(parts, p)
	}
	if p, ok := costPart("Hottest skin side so far (°C), with nine in ten", t.Cycles, 1, false,
		func(c *table.TimerCycle) table.TimerSpent { return c.Hottest }); ok {
		parts = append(parts, p)
	}
	height := stripTop + stripPhases + figure.BottomMargin + 4
	panels := vg.Length(0)
	for _, p := range parts {
		height += stripGap + p.height
		panels += p.height
	}
	body := func(c draw.Canvas, r vg.Rectangle) {
		stretch := 1 + (r.Max.Y-r.Min.Y-height)/panels
		left, right := r.Min.X+figure.LeftMargin, r.Max.X-figure.LegendInset
		top := r.Max.Y - stripTop - stripPhases
		drawPhases(c, figure.Panel{X: x}.Frame(figure.Box(left, top, right, top+stripPhases)), t.Phases)
		for i, p := range parts {
			panel := figure.Panel{X: x.Bare(), Y: p.y, Plots: p.plots}
			if i == len(parts)-1 {
				panel.X = x
			}
			figure.Note.Write(c, left, top-stripGap+4, p.title, figure.LeftFoot)
			top -= stripGap + stretch*p.height
			area := figure.Box(left, top, right, top+stretch*p.height)
			frame := panel.Frame(area)
			for _, cycle := range t.Cycles {
				frame.Pole(c, cycle.End, cycleEnd)
			}
			frame = panel.Draw(c, area)
			if p.over != nil {
				p.over(c, frame)
			}
		}
	}
	return figure.Sheet{Header: h.Header(stripFinding(t)), Legend: entries,
		Lay: figure.Fixed(height, body)}.Chart(describeStrip(t)), nil
}

// stripPart is a panel of a strip.
type stripPart struct {
	title  string
	y      figure.Scale
	height vg.Length
	plots  []figure.Plotter
	over   func(c draw.Canvas, f figure.Frame) // drawn over the panel
}

// drawPhases draws the phases as blocks, with their lengths where there is room.
func drawPhases(c draw.Canvas, f figure.Frame, phases []table.TimerPhase) {
	for _, p := range phases {
		from, to := f.At(p.From), f.At(p.To)
		ground := restColor
		if p.Session {
			ground = sessionColor
		}
		figure.Fill(c, figure.Box(from, f.Min.Y, max(to-0.7, from+0.3), f.Max.Y), ground)
		words := []string{notation.Length(60 * math.Round((p.To-p.From)/60))}
		if p.To-p.From < 60 {
			words[0] = notation.Length(p.To - p.From)
		}
		if p.Workload != phases[0].Workload && p.Workload != model.Worn {
			words = append(words, p.Workload)
		}
		if p.Environment != "" {
			words = append(words, "in "+p.Environment)
		}
		// As many of the words as fit.
		for ; len(words) > 0; words = words[:len(words)-1] {
			if text := strings.Join(words, " "); figure.Label.Width(text)+4 < to-from {
				figure.Label.In(figure.Readable(ground)).Write(c, (from+to)/2, (f.Min.Y+f.Max.Y)/2, text,
					figure.Center)
				break
			}
		}
	}
}

// failurePart is the failure along the clock.
func failurePart(t table.TimerCharts, tolerance float64) stripPart {
	curve := figure.Curve{X: []float64{0}, Y: []float64{0}, Lower: []float64{0}, Upper: []float64{0}}
	top := 0.0
	for _, f := range t.Failure {
		curve.X, curve.Y = append(curve.X, f.Position), append(curve.Y, f.Value)
		curve.Lower, curve.Upper = append(curve.Lower, f.Lower), append(curve.Upper, f.Upper)
		top = max(top, f.Value, min(f.Upper, 2*f.Value))
	}
	if top == 0 {
		top = t.Failure[len(t.Failure)-1].Upper
	}
	if tolerance < 3*top {
		top = max(top, tolerance)
	}
	p := stripPart{title: "Timers that have failed", height: stripFailure,
		y:     figure.Shares("", min(figure.RoundUp(max(1.08*top, 10*negligible)), 1)),
		plots: []figure.Plotter{curve}}
	p.over = func(c draw.Canvas, f figure.Frame) {
		if p.y.Has(tolerance) {
			f.Across(c, []figure.Mark{{At: tolerance, Label: notation.Percent(tolerance),
				Style: toleranceLine}}, 1.6)
		}
	}
	return p
}

// stripCauses returns the share of each cause in every cycle, and the causes that have any, from
// the bottom of a stack to its top.
func stripCauses(cycles []table.TimerCycle) (shares []map[model.Cause]float64,
	order []model.Cause) {
	total := map[model.Cause]float64{}
	for _, cycle := range cycles {
		of := map[model.Cause]float64{}
		for _, c := range cycle.Causes {
			if cause := model.CauseNamed(c.Cause); cause >= 0 {
				of[cause] += c.Share
				total[cause] += c.Share
			}
		}
		shares = append(shares, of)
	}
	for _, cause := range append(slices.Clone(model.Failures), model.InProgress, model.Refused,
		model.Resigned) {
		if total[cause] >= negligible && !slices.Contains(order, cause) {
			order = append(order, cause)
		}
	}
	return shares, order
}

// causesPart is what each cycle adds, stacked by cause, as wide as the cycle with the rest before
// it.
func causesPart(t table.TimerCharts, shares []map[model.Cause]float64,
	order []model.Cause) stripPart {
	most := 0.0
	for _, of := range shares {
		sum := 0.0
		for _, share := range of {
			sum += share
		}
		most = max(most, sum)
	}
	return stripPart{title: "Of these in each cycle and the rest before it, by cause", height: stripSmall,
		y: figure.Shares("", min(figure.RoundUp(max(1.08*most, 10*negligible)), 1)),
		over: func(c draw.Canvas, f figure.Frame) {
			from := 0.0
			for i, cycle := range t.Cycles {
				sum := 0.0
				for _, cause := range order {
					low := f.Up(sum)
					sum += shares[i][cause]
					high := f.Up(sum)
					figure.Fill(c, figure.Box(f.At(from)+1, low, f.At(cycle.End)-1, high), causeColors[cause])
					if high-low > figure.HairThickness {
						figure.Rule(c, f.At(from)+1, high, f.At(cycle.End)-1, high, figure.Separator)
					}
				}
				from = cycle.End
			}
		}}
}

// costPart is what has been spent at the end of each cycle, with fromZero from nothing at the
// start. ok is false if nothing is known.
func costPart(title string, cycles []table.TimerCycle, factor float64, fromZero bool,
	of func(*table.TimerCycle) table.TimerSpent) (p stripPart, ok bool) {
	line := figure.Line{Style: draw.LineStyle{Color: figure.Ink, Width: 1}}
	lo, hi := math.Inf(1), math.Inf(-1)
	if fromZero {
		line.X, line.Y, lo = []float64{0}, []float64{0}, 0
	}
	for i := range cycles {
		s := of(&cycles[i])
		if math.IsNaN(s.Mean) {
			continue
		}
		line.X, line.Y = append(line.X, cycles[i].End), append(line.Y, s.Mean)
		for _, v := range []float64{s.P5, s.Mean, s.P95} {
			if !math.IsNaN(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	if math.IsInf(hi, -1) {
		return p, false
	}
	room := max(0.08*(hi-lo), 0.5/factor)
	if lo -= room; fromZero {
		lo = 0
	}
	p = stripPart{title: title, height: stripSmall, plots: []figure.Plotter{line},
		y: figure.Numbers("", lo, hi+room, factor, 4)}
	p.over = func(c draw.Canvas, f figure.Frame) {
		for i := range cycles {
			s, at := of(&cycles[i]), f.At(cycles[i].End)
			if math.IsNaN(s.Mean) {
				continue
			}
			if s.P95 > s.P5 {
				figure.Rule(c, at, f.Up(s.P5), at, f.Up(s.P95), draw.LineStyle{Color: figure.Muted, Width: 1.2})
			}
			figure.Circle.Draw(c, at, f.Up(s.Mean), figure.Ink, false)
		}
	}
	return p, true
}

// stripFinding says how often the timer fails, and which cycle and cause add most.
func stripFinding(t table.TimerCharts) string {
	last := t.Failure[len(t.Failure)-1].Value
	name := "the timer"
	if n := len(t.Cycles); n > 1 {
		name = fmt.Sprintf("the timer of %d cycles", n)
	}
	if last < negligible {
		return name + " is not seen to fail"
	}
	shares, order := stripCauses(t.Cycles)
	totals := make([]float64, len(shares))
	for i, of := range shares {
		for _, cause := range order {
			totals[i] += of[cause]
		}
	}
	_, worst := extremes(totals)
	cause := slices.MaxFunc(order, func(a, b model.Cause) int {
		return cmp.Compare(shares[worst][a], shares[worst][b])
	})
	text := fmt.Sprintf("%s of %s fail", notation.Chance(last),
		strings.Replace(name, "the timer", "timers", 1))
	if len(t.Cycles) == 1 {
		return fmt.Sprintf("%s, most often by %s", text, cause)
	}
	return fmt.Sprintf("%s, %s in cycle %d alone, there most often by %s", text,
		notation.Chance(totals[worst]), worst+1, cause)
}

// describeStrip says in words what a strip shows.
func describeStrip(t table.TimerCharts) string {
	var b strings.Builder
	b.WriteString("A timer along its clock: its phases, failures, battery and heat.")
	for i, cycle := range t.Cycles {
		k, _ := slices.BinarySearchFunc(t.Failure, cycle.End,
			func(f table.TimerFailure, end float64) int { return cmp.Compare(f.Position, end) })
		fmt.Fprintf(&b, " Cycle %d ends at %s", i+1, notation.Length(cycle.End))
		if k < len(t.Failure) {
			fmt.Fprintf(&b, ": %s have failed", notation.Chance(t.Failure[k].Value))
		}
		if !math.IsNaN(cycle.Level.Mean) {
			fmt.Fprintf(&b, ", %.1f %% of the battery is used", 100*cycle.Level.Mean)
		}
		b.WriteString(".")
	}
	return b.String()
}

// timerHeading returns what a chart of a timer says above and below its curves.
func timerHeading(t *store.Timer, notes ...string) Heading {
	p := t.Provenance
	foot := []string{"“" + p.Scenario + "”", t.Timer}
	if len(p.Paths) > 0 {
		foot = append(foot, notation.Count(p.Paths[0].Paths)+" paths")
	}
	foot = append(foot, fmt.Sprintf("seed %d", p.Seed))
	if len(p.Readings) > 0 {
		foot = append(foot, notation.Grants(p.Readings[0]))
	}
	foot = append(foot, "device "+t.Case.Device, "environment "+t.Case.Environment)
	if t.Changed != "" {
		foot = append(foot, UncheckedNote)
	}
	return Heading{Case: t.Case, Notes: notes, Foot: []string{strings.Join(foot, " · ")}}
}

// comingBack says which users the failures of a timer, run the first way, are of.
func comingBack(t *store.Timer) string {
	note := "For users who mean to finish and come back after every rest."
	if t.Charts.Ways[0].Resign == model.ResignPause {
		note += " Those who switch to another app come back, too."
	}
	return note
}

// wallTime writes the mean time on the wall of a way that pauses, as budget timer does.
func wallTime(way table.TimerWay) string { return fmt.Sprintf("%.1f min", way.Wall/60) }

func drawStrip(t *store.Timer) ([]Named, error) {
	note := comingBack(t)
	if way := t.Charts.Ways[0]; way.Resign == model.ResignPause && !math.IsNaN(way.Wall) {
		note += fmt.Sprintf(" Meanwhile the timer's clock stands still: those that complete take %s on "+
			"the wall on average.", wallTime(way))
	}
	c, err := StripChart(timerHeading(t, note), t.Charts, t.Tolerance)
	return named(c, err, string(KindStrip))
}
