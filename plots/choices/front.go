package choices

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/internal/notation"
	"budget/plots"
	"budget/plots/figure"
	"budget/sweep/store"
	"budget/sweep/table"
)

// KindFront is the kind of charts in this file.
const KindFront plots.Kind = "front"

var (
	frontColor = figure.SeriesColors[0]
	cloudColor = figure.SeriesColors[6]
	frontLine  = draw.LineStyle{Color: frontColor, Width: 1.2}
	chosenLine = draw.LineStyle{Color: figure.Ink, Width: 1.2}
)

const frontHeight = vg.Length(280)

// FrontChart draws the cap of every design that breaks no requirement against a second goal, and
// the front: the designs with the longest cap for so much of it.
func FrontChart(d *store.Designs, f table.DesignFront) (*figure.Chart, error) {
	c, m := &d.Charts, minutesOf(d)
	x0, x1, y0, y1 := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	var cloud []int
	for i := range c.Designs {
		if s := c.Designs[i].State; s == table.DesignBreaks || s == table.DesignNoSamples {
			continue
		}
		cloud = append(cloud, i)
		x0, x1 = min(x0, f.Amounts[i]), max(x1, f.Amounts[i])
		y0, y1 = min(y0, f.Minutes[i]), max(y1, f.Minutes[i])
	}
	for _, p := range f.Points {
		x0, x1 = min(x0, p.Amount), max(x1, p.Amount)
		y0, y1 = min(y0, p.Lower), max(y1, p.Upper)
	}
	if !(x0 < x1) || len(f.Points) == 0 {
		return nil, &plots.Missing{Kind: KindFront,
			Reason: "no designs differ in " + AspectTitle(f.Aspect)}
	}
	if y1-y0 < 120 {
		y0, y1 = max(0, y0-60), y1+60
	}
	pad := 0.08 * (y1 - y0)
	panel := figure.Panel{X: axis(f.Aspect, x0, x1),
		Y: figure.Numbers(m.axis, max(0, y0-pad), y1+pad, 1.0/60, 7)}
	varying, same := apart(c, f)
	notes := []string{fmt.Sprintf("%s On the front no "+
		"design that meets the requirements is better in both, by best estimates; intervals hold with %s confidence, each "+
		"by itself. Of designs that are not surely apart, the one most like the chosen one is shown.", explain(d, m), notation.Percent(d.Confidence))}
	if same != "" {
		notes = append(notes, "All on the front have "+same+".")
	}
	legend := figure.Legend{figure.MarkerEntry("on the front", figure.Circle, frontColor, false),
		figure.NewEntry("its interval", 8, func(c draw.Canvas, mid vg.Point) {
			figure.Rule(c, mid.X, mid.Y-5, mid.X, mid.Y+5, frontLine)
		}),
		figure.MarkerEntry("other designs that break no requirement", figure.Circle, cloudColor, true)}
	at := c.Chosen()
	if at >= 0 {
		legend = append(legend, figure.NewEntry("chosen", 12, func(c draw.Canvas, mid vg.Point) {
			figure.Outline(c, figure.Around(mid, 5.5, 5.5), chosenLine)
		}))
	}
	body := func(canvas draw.Canvas, r vg.Rectangle) {
		area := figure.Box(r.Min.X+figure.LeftMargin, r.Min.Y+figure.BottomMargin, r.Max.X-8, r.Max.Y-8)
		frame := panel.Frame(area)
		for _, t := range panel.Y.Ticks {
			frame.Line(canvas, t.Value, figure.GridLine, 0)
		}
		panel.Draw(canvas, area)
		var taken, better []vg.Rectangle // what labels must not touch, and had better not
		drawn := map[[2]int]bool{}       // by place: most designs lie over others
		for _, i := range cloud {
			x, y := frame.At(f.Amounts[i]), frame.Up(f.Minutes[i])
			at := [2]int{int(x), int(y)}
			if drawn[at] {
				continue
			}
			drawn[at] = true
			figure.Circle.Draw(canvas, x, y, cloudColor, true)
			better = append(better, figure.Around(vg.Point{X: x, Y: y}, 4, 4))
		}
		for k, p := range f.Points {
			x, y := frame.At(p.Amount), frame.Up(p.Cap)
			if k > 0 {
				before := f.Points[k-1]
				figure.Rule(canvas, frame.At(before.Amount), frame.Up(before.Cap), x,
					frame.Up(before.Cap), frontLine)
				figure.Rule(canvas, x, frame.Up(before.Cap), x, y, frontLine)
				from := frame.At(before.Amount)
				better = append(better, figure.Box(min(from, x), frame.Up(before.Cap)-1, max(from, x),
					frame.Up(before.Cap)+1), figure.Box(x-1, frame.Up(before.Cap), x+1, y))
			}
		}
		for _, p := range f.Points {
			x := frame.At(p.Amount)
			figure.Rule(canvas, x, frame.Up(p.Lower), x, frame.Up(p.Upper), frontLine)
			figure.Circle.Draw(canvas, x, frame.Up(p.Cap), frontColor, false)
			taken = append(taken, figure.Around(vg.Point{X: x, Y: frame.Up(p.Cap)}, 6, 6))
		}
		if at >= 0 {
			mid := vg.Point{X: frame.At(f.Amounts[at]), Y: frame.Up(capOf(f, at))}
			figure.Outline(canvas, figure.Around(mid, 5.5, 5.5), chosenLine)
			taken = append(taken, figure.Around(mid, 7, 7))
		}
		for _, p := range f.Points {
			mid := vg.Point{X: frame.At(p.Amount), Y: frame.Up(p.Cap)}
			text := name(c, p.Design-1, varying)
			box, ok := place(area, mid, text, slices.Concat(taken, better))
			if !ok {
				box, ok = place(area, mid, text, taken)
			}
			if ok {
				taken = append(taken, box)
				figure.Fill(canvas, box, figure.White)
				figure.Label.Write(canvas, (box.Min.X+box.Max.X)/2, (box.Min.Y+box.Max.Y)/2, text,
					figure.Center)
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "The longest %s against %s.", m.name, AspectTitle(f.Aspect))
	for _, p := range f.Points {
		fmt.Fprintf(&b, " %s: %s (%s to %s).", Amount(f.Aspect, p.Amount), Time(d.Charts.Minutes, p.Cap),
			Time(d.Charts.Minutes, p.Lower), Time(d.Charts.Minutes, p.Upper))
	}
	return figure.Sheet{Header: header(d, frontFinding(d, f), notes...), Legend: legend,
		Lay: figure.Fixed(frontHeight, body)}.Chart(b.String()), nil
}

// apart returns the knobs in which the designs of a front differ, and what they have in common.
func apart(c *table.DesignCharts, f table.DesignFront) (varying []int, same string) {
	first := c.Designs[f.Points[0].Design-1].Levels
	var common []string
	for k, knob := range c.Knobs {
		if slices.ContainsFunc(f.Points, func(p table.DesignFrontPoint) bool {
			return c.Designs[p.Design-1].Levels[k] != first[k]
		}) {
			varying = append(varying, k)
			continue
		}
		common = append(common, knob.Name+" "+knob.Levels[first[k]])
	}
	return varying, strings.Join(common, ", ")
}

// name names a design by some knobs.
func name(c *table.DesignCharts, i int, knobs []int) string {
	var parts []string
	for _, k := range knobs {
		parts = append(parts, c.Knobs[k].Name+" "+c.Knobs[k].Levels[c.Designs[i].Levels[k]])
	}
	return strings.Join(parts, ", ")
}

// capOf returns the cap of a design, as its front has it.
func capOf(f table.DesignFront, i int) float64 {
	for _, p := range f.Points {
		if p.Design == i+1 {
			return p.Cap
		}
	}
	return f.Minutes[i]
}

// place finds room for a text beside a point, where it touches nothing that is taken.
func place(area vg.Rectangle, at vg.Point, text string, taken []vg.Rectangle) (vg.Rectangle, bool) {
	w, h := figure.Label.Width(text)/2+1, figure.Label.Size/2+1
	for _, mid := range []vg.Point{{X: w + 8, Y: -h - 3}, {X: -w - 8, Y: -h - 3}, {X: w + 8, Y: h + 3},
		{X: -w - 8, Y: h + 3}, {Y: -h - 9}, {Y: h + 9}} {
		box := figure.Around(at.Add(mid), w, h)
		inside := box.Min.X > area.Min.X && box.Max.X < area.Max.X && box.Min.Y > area.Min.Y &&
			box.Max.Y < area.Max.Y
		if text != "" && inside && !slices.ContainsFunc(taken, func(o vg.Rectangle) bool {
			return box.Min.X < o.Max.X && o.Min.X < box.Max.X && box.Min.Y < o.Max.Y && o.Min.Y < box.Max.Y
		}) {
			return box, true
		}
	}
	return vg.Rectangle{}, false
}

// frontFinding says how far the second goal goes at no cost that counts, and what its best costs.
func frontFinding(d *store.Designs, f table.DesignFront) string {
	best, longest := f.Points[0], f.Points[len(f.Points)-1]
	cap, of := Time(d.Charts.Minutes, longest.Cap), minutesOf(d).name
	at := func(p table.DesignFrontPoint) string { return At(f.Aspect, p.Amount) }
	within := max(d.Within, d.Relative*longest.Cap)
	k := slices.IndexFunc(f.Points, func(p table.DesignFrontPoint) bool {
		return p.Cap >= longest.Cap-within
	})
	free, extent := f.Points[k], "the fewest"
	switch {
	case f.Aspect == "value":
		extent = "the highest"
	case f.More:
		extent = "the most"
	case f.Aspect == "power":
		extent = "the least"
	}
	switch {
	case len(f.Points) == 1:
		return fmt.Sprintf("the longest %s, %s, comes with %s %s, too: %s", of, cap, extent,
			AspectTitle(f.Aspect), Amount(f.Aspect, longest.Amount))
	case k == 0:
		return fmt.Sprintf("even %s the %s is within %s of the longest, %s", at(free), of,
			notation.Length(within), cap)
	}
	text := fmt.Sprintf("the longest %s is %s %s", of, cap, at(longest))
	if free != longest {
		text = fmt.Sprintf("%s the %s is within %s of the longest, %s", at(free), of,
			notation.Length(within), cap)
	}
	brief := "at " + Amount(f.Aspect, best.Amount)
	if aspects[f.Aspect].share {
		brief = "with " + Amount(f.Aspect, best.Amount)
	}
	if best.Upper < longest.Lower {
		return fmt.Sprintf("%s; %s it is %.1f min shorter", text, brief, (longest.Cap-best.Cap)/60)
	}
	return text + "; " + brief + " it is not surely shorter"
}

func drawFronts(d *store.Designs, _ Axes) (all []plots.Named, err error) {
	for _, f := range d.Charts.Fronts {
		c, err := FrontChart(d, f)
		if err != nil {
			return nil, err
		}
		all = append(all, named(c, string(KindFront), f.Aspect))
	}
	if len(all) == 0 {
		return nil, &plots.Missing{Kind: KindFront,
			Reason: "the designs differ in no second goal, or none is chosen yet"}
	}
	return all, nil
}
