package planning

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/internal/notation"
	"budget/plots"
	"budget/plots/figure"
	"budget/plots/selection"
	"budget/sweep"
	"budget/sweep/store"
)

// KindAxis is the kind of charts in this file.
const KindAxis plots.Kind = "axis"

// mostLevels is the number of levels that a chart along an axis shows, at most.
const mostLevels = 24

// Axis is what caps vary along: the levels of a column, in order.
type Axis struct {
	Title  string   // "" where levels are months
	Levels []string // with their unit
}

// Months as tables of records number them, and their names.
var (
	monthNumbers = strings.Fields("01 02 03 04 05 06 07 08 09 10 11 12")
	monthNames   = strings.Fields("January February March April May June July August September " +
		"October November December")
)

// named returns the axis with the names of its months, if its levels are months of one year.
func (a Axis) named() Axis {
	var names []string
	for _, level := range a.Levels {
		year, month, ok := strings.Cut(level, "-")
		at := slices.Index(monthNumbers, month)
		if !ok || at < 0 || len(year) != 4 || !strings.HasPrefix(a.Levels[0], year+"-") {
			return a
		}
		names = append(names, monthNames[at])
	}
	return Axis{Title: "", Levels: names}
}

// Panel is the caps of one session type: by level, then by tolerance.
type Panel struct {
	Name  string
	Limit float64 // [s]; 0 without one
	Caps  [][]sweep.Cap
}

// AxisChart draws the cap by the levels of an axis, evenly apart: a marker for each tolerance, with
// the interval of the cap. Nothing is drawn between two levels.
func AxisChart(h plots.Heading, axis Axis, panels []Panel) (*figure.Chart, error) {
	if len(axis.Levels) < 2 || len(panels) == 0 {
		return nil, fmt.Errorf("planning: %d levels in %d panels, want at least 2 in one",
			len(axis.Levels), len(panels))
	}
	var tolerances []float64
	var b strings.Builder
	fmt.Fprintf(&b, "The cap by %s.", cmp.Or(axis.Title, "month"))
	for _, p := range panels {
		if len(p.Caps) != len(axis.Levels) {
			return nil, fmt.Errorf("planning: %s: caps of %d levels, want %d", p.Name, len(p.Caps),
				len(axis.Levels))
		}
		for i, caps := range p.Caps {
			var texts []string
			for _, c := range caps {
				if !slices.Contains(tolerances, c.Tolerance) {
					tolerances = append(tolerances, c.Tolerance)
				}
				texts = append(texts, notation.Percent(c.Tolerance)+" "+
					notation.CapState(c.Case, c.Status, c.Cap))
			}
			fmt.Fprintf(&b, " %s %s: %s.", p.Name, axis.Levels[i], strings.Join(texts, ", "))
		}
	}
	slices.Sort(tolerances)
	f := &axisFigure{axis: axis, panels: panels, tolerances: tolerances, offers: h.Offers}
	sheet := figure.Sheet{Header: h.Header(f.finding()), Legend: f.legend(), Lay: f.lay}
	return sheet.Chart(b.String()), nil
}

// axisFigure is a chart along an axis worked out but for its drawing.
type axisFigure struct {
	axis       Axis
	panels     []Panel
	tolerances []float64
	offers     []float64 // [s]
}

// finding is where the cap is shortest and where longest: of the only panel, else of each.
func (f *axisFigure) finding() string {
	var parts []string
	for _, p := range f.panels {
		text := plots.CapsFinding(f.axis.Title, f.axis.Levels, p.Caps)
		if text == "" {
			text = "too few sessions simulated at a level for the cap"
		}
		if len(f.panels) > 1 {
			text = p.Name + ": " + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}

func (f *axisFigure) legend() (l figure.Legend) {
	for _, t := range f.tolerances {
		col, shape := figure.OfTolerance(t)
		l = append(l, figure.MarkerEntry(notation.Percent(t)+" tolerated", shape, col, false))
	}
	l = append(l, figure.NewEntry("interval of the cap", 8, func(c draw.Canvas, mid vg.Point) {
		figure.Rule(c, mid.X, mid.Y-6, mid.X, mid.Y+6, draw.LineStyle{Color: figure.Muted, Width: 1.2})
	}))
	if slices.ContainsFunc(f.panels, func(p Panel) bool { return p.Limit > 0 }) {
		l = append(l, figure.AcrossEntry("limit", limitLine))
	}
	if len(f.offers) > 0 {
		l = append(l, figure.AcrossEntry("length to offer", offerLine))
	}
	return l
}

// Sizes of the panels.
const (
	axisHeight  = vg.Length(220) // of the only panel
	panelHeight = vg.Length(110) // of one of several
	panelGap    = vg.Length(20)
	rightMargin = vg.Length(70) // labels of lines across
)

// lay lays the chart out in a width.
func (f *axisFigure) lay(width vg.Length) figure.Body {
	n := vg.Length(len(f.axis.Levels))
	column := (width - figure.LeftMargin - rightMargin) / n
	lines := 1
	texts := make([][]string, len(f.axis.Levels))
	for i, level := range f.axis.Levels {
		texts[i] = figure.Label.Wrap(level, max(column-4, 14))
		lines = max(lines, len(texts[i]))
	}
	height, gap := axisHeight, vg.Length(8)
	if len(f.panels) > 1 {
		height, gap = panelHeight, panelGap
	}
	count := vg.Length(len(f.panels))
	foot := vg.Length(lines)*figure.NameLine + 24
	body := figure.Body{Height: count*(height+gap) + foot}
	body.Draw = func(c draw.Canvas, r vg.Rectangle) {
		height := (r.Max.Y-r.Min.Y-foot)/count - gap
		top := r.Max.Y
		left, right := r.Min.X+figure.LeftMargin, r.Max.X-rightMargin
		for k, p := range f.panels {
			area := figure.Box(left, top-gap-height, right, top-gap)
			f.draw(c, area, p)
			if len(f.panels) > 1 {
				figure.Label.Write(c, left, area.Max.Y+3, p.Name, figure.LeftFoot)
			}
			top = area.Min.Y
			if k < len(f.panels)-1 {
				continue
			}
			for i, lines := range texts {
				y := top - 5
				for _, line := range lines {
					at := left + (vg.Length(i)+0.5)*(right-left)/n
					figure.Label.Write(c, at, y, line, figure.CenterTop)
					y -= figure.NameLine
				}
			}
			title := notation.Sentence(cmp.Or(f.axis.Title, "month"))
			figure.Label.Write(c, (left+right)/2, r.Min.Y+12, title, figure.CenterTop)
		}
	}
	return body
}

// draw draws the caps of a panel.
func (f *axisFigure) draw(c draw.Canvas, area vg.Rectangle, p Panel) {
	longest := p.Limit
	for _, caps := range p.Caps {
		for _, found := range caps {
			if found.Status.HasCap() {
				longest = max(longest, found.Cap, min(found.CapUpper, 2*found.Cap))
			}
		}
	}
	for _, d := range f.offers {
		longest = max(longest, d)
	}
	n := float64(len(f.axis.Levels))
	panel := figure.Panel{X: figure.Scale{Hi: n},
		Y: figure.Durations("Safe cap", 1.06*max(longest, 60))}
	frame := panel.Frame(area)
	for _, t := range panel.Y.Ticks {
		frame.Line(c, t.Value, figure.GridLine, 0)
	}
	panel.Draw(c, area)
	var marks []figure.Mark
	for _, d := range f.offers {
		label := "offer " + notation.Length(d)
		marks = append(marks, figure.Mark{At: d, Label: label, Style: offerLine})
	}
	if p.Limit > 0 {
		marks = append(marks, figure.Mark{At: p.Limit, Label: "limit", Style: limitLine})
	}
	frame.Across(c, marks, 0)
	for i, caps := range p.Caps {
		apart := min(1/float64(len(f.tolerances)+1), 0.25)
		for k, found := range caps {
			at := frame.At(float64(i) + 0.5 + apart*(float64(k)-float64(len(caps)-1)/2))
			col, shape := figure.OfTolerance(found.Tolerance)
			if !found.Status.HasCap() {
				text := "none"
				if found.Status == sweep.CapUnknown {
					text = "?"
				}
				if k == 0 {
					figure.Note.Write(c, frame.At(float64(i)+0.5), frame.Min.Y+6, text, figure.Center)
				}
				continue
			}
			if to := math.Min(found.CapUpper, panel.Y.Hi); to > found.Cap {
				figure.Rule(c, at, frame.Up(found.Cap), at, frame.Up(to),
					draw.LineStyle{Color: col, Width: 1.2})
			}
			shape.Draw(c, at, frame.Up(found.Cap), col, false)
		}
	}
}

// drawAxis draws a chart for each session type, or where several are chosen by name one with a
// panel for each.
func drawAxis(r *store.Results, c plots.Choice) ([]plots.Named, error) {
	views, err := selection.Views(r, c)
	if err != nil {
		return nil, err
	}
	var out []plots.Named
	var panels []Panel
	var axis Axis
	var h plots.Heading
	for _, v := range views {
		column, cells, notes, err := v.Along(c.X, mostLevels)
		if err != nil {
			return nil, err
		}
		if len(cells) < 2 {
			return nil, &plots.Missing{Kind: KindAxis, Reason: "nothing varies in these results"}
		}
		p := Panel{Name: cells[0].SessionName, Limit: cells[0].Limit}
		axis = Axis{Title: column.Title}
		for _, cell := range cells {
			caps, err := v.Caps(cell, v.Tolerances())
			if err != nil {
				return nil, err
			}
			axis.Levels, p.Caps = append(axis.Levels, column.TextOf(cell)), append(p.Caps, caps)
		}
		h = plots.HeadingOf(v, cells, notes...)
		if len(c.Sessions) > 1 {
			panels = append(panels, p)
			continue
		}
		chart, err := AxisChart(h, axis.named(), []Panel{p})
		drawn, err := named(chart, err, string(KindAxis)+"-"+v.Session+"-"+column.Name)
		if err != nil {
			return nil, err
		}
		out = append(out, drawn...)
	}
	if len(panels) == 0 {
		return out, nil
	}
	h.Case = sweep.Case{}
	chart, err := AxisChart(h, axis.named(), panels)
	return named(chart, err, string(KindAxis))
}
