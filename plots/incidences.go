package plots

import (
	"fmt"
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

// Panel is one of several small charts.
type Panel struct {
	Name string
	sweep.Incidence
}

const (
	smallHeight = vg.Length(104)
	smallGap    = vg.Length(18)
)

// IncidencesChart draws the failures of one session type in several scenarios, stacked by
// cause, in small panels with the same scales and one legend. The line is the failure of a
// user who means to finish.
func IncidencesChart(h Heading, title string, panels []Panel, tolerances []float64) (*figure.Chart, error) {
	if len(panels) == 0 {
		return nil, fmt.Errorf("plots: no panels to draw")
	}
	longest, top := 0.0, 0.0
	var shown []model.Cause
	for i, panel := range panels {
		if panel.Name == "" {
			return nil, fmt.Errorf("plots: panel %d has no name", i)
		}
		if err := checkIncidence(panel.Incidence); err != nil {
			return nil, fmt.Errorf("plots: %s: %w", panel.Name, err)
		}
		longest = max(longest, panel.Durations[len(panel.Durations)-1])
	}
	for _, cause := range stackOrder {
		if slices.Contains(model.Failures, cause) && slices.ContainsFunc(panels, func(p Panel) bool {
			return slices.ContainsFunc(p.Ended[cause], func(q estimate.Estimate) bool { return q.Value >= negligible })
		}) {
			shown = append(shown, cause)
		}
	}
	limit := h.Case.Limit > 0 && h.Case.Limit <= 1.1*longest
	if limit {
		longest = min(max(longest, h.Case.Limit), beyond*h.Case.Limit)
	}
	// The highest of the panels says how far the axis goes, the jump at a limit left out.
	for _, panel := range panels {
		for k, d := range panel.Durations {
			if h.Case.Limit <= 0 || d < h.Case.Limit {
				top = max(top, min(panel.Failure[k].Value, 1))
			}
		}
	}
	// As in a chart of one scenario, the largest tolerance does not sink to the bottom.
	if len(tolerances) > 0 {
		largest := slices.Max(tolerances)
		top = min(max(top, largest), 2*largest)
	}
	top = min(figure.RoundUp(max(1.05*top, 10*negligible)), 1)

	var entries figure.Legend
	for _, cause := range shown {
		entries = append(entries, figure.PatchEntry(cause.String(), causeColors[cause]))
	}
	entries = append(entries, figure.LegendEntry{Text: "failure, had nobody stopped early, with its interval", Width: 18, Draw: func(c draw.Canvas, mid vg.Point) {
		figure.Fill(c, vg.Rectangle{Min: mid.Sub(vg.Point{X: 9, Y: 4}), Max: mid.Add(vg.Point{X: 9, Y: 4})}, figure.BandColor)
		figure.Rule(c, mid.X-9, mid.Y, mid.X+9, mid.Y, draw.LineStyle{Color: figure.Ink, Width: 1.3})
	}})
	if len(tolerances) > 0 {
		var texts []string
		for _, t := range tolerances {
			texts = append(texts, percent(t))
		}
		entries = append(entries, figure.AcrossEntry("tolerated: "+strings.Join(texts, ", "), toleranceLine))
	}
	if limit {
		entries = append(entries, figure.PoleEntry("documented limit, "+duration(h.Case.Limit), limitLine))
	}
	columns := min(len(panels), 3)
	if len(panels) == 4 {
		columns = 2
	}
	rows := (len(panels) + columns - 1) / columns
	width := (figure.Width - 2*figure.Edge - figure.LeftMargin - vg.Length(columns-1)*smallGap) / vg.Length(columns)
	names := make([][]string, len(panels))
	nameRows := 1
	for i, panel := range panels {
		names[i] = figure.Wrap(panel.Name, figure.LabelSize, width)
		nameRows = max(nameRows, len(names[i]))
	}
	rowHeight := smallHeight + vg.Length(nameRows)*figure.NameLine + smallGap

	ticks, unit := figure.DurationTicks(longest)
	if len(ticks) > 5 {
		for i := range ticks {
			if i%2 == 1 {
				ticks[i].Label = ""
			}
		}
	}
	body := func(c draw.Canvas, r vg.Rectangle) {
		for i, panel := range panels {
			column, row := i%columns, i/columns
			x := panel.Durations
			pick := func(ps []estimate.Estimate, part func(estimate.Estimate) float64) []float64 {
				out := make([]float64, len(ps))
				for k, p := range ps {
					out[k] = part(p)
				}
				return out
			}
			value := func(p estimate.Estimate) float64 { return p.Value }
			failures := figure.Stack{X: x}
			for _, cause := range shown {
				failures.Areas = append(failures.Areas, figure.Area{Heights: pick(panel.Ended[cause], value), Color: causeColors[cause]})
			}
			p := figure.NewPlot()
			p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, longest, 0, top
			p.X.Tick.Marker, p.Y.Tick.Marker = plot.ConstantTicks(figure.Unlabelled(ticks)), plot.ConstantTicks(figure.Unlabelled(figure.ShareTicks(top)))
			if column == 0 {
				p.Y.Tick.Marker = plot.ConstantTicks(figure.ShareTicks(top))
			}
			if i+columns >= len(panels) {
				p.X.Tick.Marker = plot.ConstantTicks(ticks)
				p.X.Label.Text = "Planned duration (" + unit + ")"
			}
			p.Add(failures, figure.Curve{X: x, Y: pick(panel.Failure, value), Lower: pick(panel.Failure, func(p estimate.Estimate) float64 { return p.Lower }),
				Upper: pick(panel.Failure, func(p estimate.Estimate) float64 { return p.Upper })})
			at := vg.Rectangle{Min: vg.Point{X: r.Min.X + figure.LeftMargin + vg.Length(column)*(width+smallGap),
				Y: r.Max.Y - 20 - vg.Length(row+1)*rowHeight + smallGap}}
			at.Max = at.Min.Add(vg.Point{X: width, Y: smallHeight})
			figure.DrawPanel(c, p, at)
			for _, t := range tolerances {
				if t <= top {
					y := at.Min.Y + smallHeight*vg.Length(t/top)
					figure.Rule(c, at.Min.X, y, at.Max.X, y, draw.LineStyle{Color: figure.White, Width: 1.6})
					figure.Rule(c, at.Min.X, y, at.Max.X, y, toleranceLine)
				}
			}
			if limit {
				x := at.Min.X + width*vg.Length(h.Case.Limit/longest)
				figure.Rule(c, x, at.Min.Y, x, at.Max.Y, limitLine)
			}
			for k, line := range names[i] {
				figure.Write(c, vg.Point{X: at.Min.X, Y: at.Max.Y + 3 + vg.Length(len(names[i])-1-k)*figure.NameLine}, line, figure.LabelSize, figure.Ink, draw.XLeft, draw.YBottom)
			}
		}
		figure.Write(c, vg.Point{X: r.Min.X, Y: r.Max.Y - 4}, "Share of sessions that have failed (axes end at "+percent(top)+")", figure.NoteSize, figure.Muted, draw.XLeft, draw.YTop)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Failures stacked by cause against planned duration, by %s.", title)
	for _, panel := range panels {
		last := len(panel.Durations) - 1
		for last > 0 && h.Case.Limit > 0 && panel.Durations[last] >= h.Case.Limit {
			last--
		}
		fmt.Fprintf(&b, " %s: %s by %s.", panel.Name, share(math.Min(panel.Failure[last].Value, 1)), duration(panel.Durations[last]))
	}
	return figure.Sheet{Header: h.header("failures by cause, by " + title), Legend: entries, Height: 20 + vg.Length(rows)*rowHeight + figure.BottomMargin - smallGap + 4, Body: body}.Chart(b.String()), nil
}
