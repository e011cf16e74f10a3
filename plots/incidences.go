package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/internal/notation"
	"budget/model"
	"budget/plots/figure"
	"budget/plots/selection"
	"budget/sweep"
	"budget/sweep/store"
)

// KindIncidence is the kind of charts in this file, of several cells, and in incidence.go, of
// one.
const KindIncidence Kind = "incidence"

// mostPanels is the number of panels in a chart of several scenarios, at most.
const mostPanels = 12

// Panel is one of several small charts.
type Panel struct {
	Name string
	sweep.Incidence
	Failures []model.Cause // that count as failing
}

// Sizes of small panels.
const (
	smallHeight = vg.Length(104)
	smallGap    = vg.Length(18)
)

// IncidencesChart draws the failures of one session type in several scenarios, stacked by
// cause, in small panels with the same scales and one legend. The line is the failure of a
// user who means to finish. The title is that of the scenarios.
func IncidencesChart(h Heading, title string, panels []Panel, tolerances []float64) (
	*Chart, error) {
	if len(panels) == 0 {
		return nil, wrong("no panels to draw")
	}
	longest := 0.0
	for i, p := range panels {
		if p.Name == "" || len(p.Failures) == 0 {
			return nil, wrong("panel %d has no name, or no cause of failure", i)
		}
		if err := checkIncidence(p.Name, p.Incidence); err != nil {
			return nil, err
		}
		longest = max(longest, p.Durations[len(p.Durations)-1])
	}
	limit := h.Case.Limit > 0 && h.Case.Limit <= 1.1*longest
	if limit {
		longest = min(max(longest, h.Case.Limit), h.Case.Limit)
	}
	shown := causesOf(panels[0].Failures, func(c model.Cause) bool {
		return slices.ContainsFunc(panels, func(p Panel) bool { return visible(p.Ended[c]...) })
	})
	entries := append(causeLegend(shown),
		figure.CurveEntry("failure of users who mean to finish, with its interval", 18))
	explain(&entries, len(tolerances) > 0,
		figure.AcrossEntry("tolerated: "+notation.Percents(tolerances), toleranceLine))
	explain(&entries, limit,
		figure.PoleEntry(notation.LimitName(h.Case)+", "+notation.Length(h.Case.Limit), limitLine))

	columns := min(len(panels), 3)
	if len(panels) == 4 {
		columns = 2
	}
	rows := (len(panels) + columns - 1) / columns
	x := LengthAxis(panels[0].Case, longest)
	y := figure.Shares("", panelsTop(panels, h.Case.Limit, tolerances))
	if len(x.Ticks) > 5 {
		for i := 1; i < len(x.Ticks); i += 2 {
			x.Ticks[i].Label = ""
		}
	}
	lay := func(all vg.Length) figure.Body {
		width := (all - figure.LeftMargin - vg.Length(columns-1)*smallGap) / vg.Length(columns)
		names := make([][]string, len(panels))
		nameRows := 1
		for i, p := range panels {
			names[i] = figure.Label.Wrap(p.Name, width)
			nameRows = max(nameRows, len(names[i]))
		}
		rowHeight := smallHeight + vg.Length(nameRows)*figure.NameLine + smallGap
		height := 20 + vg.Length(rows)*rowHeight + figure.BottomMargin - smallGap + 4
		return figure.Body{Height: height, Draw: func(c draw.Canvas, r vg.Rectangle) {
			smallHeight := smallHeight + (r.Max.Y-r.Min.Y-height)/vg.Length(rows)
			rowHeight := smallHeight + vg.Length(nameRows)*figure.NameLine + smallGap
			for i, in := range panels {
				column, row := i%columns, i/columns
				p := figure.Panel{X: x.Bare(), Y: y.Bare(), Plots: []figure.Plotter{
					causeStack(in.Incidence, shown), failureCurve(in.Incidence)}}
				if column == 0 {
					p.Y = y
				}
				if i+columns >= len(panels) {
					p.X = x
				}
				left := r.Min.X + figure.LeftMargin + vg.Length(column)*(width+smallGap)
				bottom := r.Max.Y - 20 - vg.Length(row+1)*rowHeight + smallGap
				frame := p.Draw(c, figure.Box(left, bottom, left+width, bottom+smallHeight))
				for _, t := range tolerances {
					if y.Has(t) {
						frame.Line(c, t, toleranceLine, 1.6)
					}
				}
				if limit {
					frame.Pole(c, h.Case.Limit, limitLine)
				}
				for k, line := range names[i] {
					up := frame.Max.Y + 3 + vg.Length(len(names[i])-1-k)*figure.NameLine
					figure.Label.Write(c, left, up, line, figure.LeftFoot)
				}
			}
			figure.Note.Write(c, r.Min.X, r.Max.Y-4, "Share of sessions that have failed (axes end at "+
				notation.Percent(y.Hi)+")", figure.LeftTop)
		}}
	}
	var b strings.Builder
	var all []float64
	var by []string
	length := math.Inf(1)
	fmt.Fprintf(&b, "Failures stacked by cause against session length, by %s.", title)
	for _, p := range panels {
		last := tellingLength(p.Durations, h.Case)
		failed := min(p.Failure[last].Value, 1)
		fmt.Fprintf(&b, " %s: %s by %s.", p.Name, notation.Chance(failed),
			notation.Length(p.Durations[last]))
		all, by = append(all, failed), append(by, within(title, p.Name))
		length = min(length, p.Durations[last])
	}
	finding := failureFinding(length, by, all)
	if h.Case.Cycles != "" {
		finding = failuresOf(timersFail, by, all)
	}
	return figure.Sheet{Header: h.Header(finding), Legend: entries, Lay: lay}.Chart(b.String()), nil
}

// panelsTop chooses the end of the axes of all panels: the highest failure of any, the jump
// at a limit left out. As in a chart of one scenario, the largest tolerance does not sink to
// the bottom.
func panelsTop(panels []Panel, limit float64, tolerances []float64) float64 {
	top := 0.0
	for _, p := range panels {
		for k, d := range p.Durations {
			if limit <= 0 || d < limit {
				top = max(top, min(p.Failure[k].Value, 1))
			}
		}
	}
	if len(tolerances) > 0 {
		largest := slices.Max(tolerances)
		top = min(max(top, largest), 2*largest)
	}
	return min(figure.RoundUp(max(1.05*top, 10*negligible)), 1)
}

func drawIncidences(v selection.View, by selection.Column, cells []*store.Cell,
	found []sweep.Incidence, notes []string) ([]Named, error) {
	var panels []Panel
	for i, cell := range cells {
		panels = append(panels, Panel{by.TextOf(cell), found[i], v.Results.Provenance.Failures()})
	}
	notes = append(notes,
		fmt.Sprintf("Lines are straight between the %d lengths that the tables have.", len(found[0].Durations)))
	c, err := IncidencesChart(HeadingOf(v, cells, notes...), by.Title, panels, v.Tolerances())
	return named(c, err, string(KindIncidence), v.Session, by.Name)
}
