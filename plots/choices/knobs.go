package choices

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/internal/notation"
	"budget/plots"
	"budget/plots/figure"
	"budget/plots/selection"
	"budget/sweep/store"
	"budget/sweep/table"
)

// KindKnobs is the kind of charts in this file.
const KindKnobs plots.Kind = "knobs"

// numberText is the style of numbers in cells.
var numberText = figure.Text{Size: 8, Color: figure.Ink}

// KnobsChart draws the cap over two knobs, with all others as in the chosen design.
func KnobsChart(d *store.Designs, x, y int) (*figure.Chart, error) {
	c, m := &d.Charts, worthOf(d)
	at := c.Chosen()
	if at < 0 {
		return nil, &plots.Missing{Kind: KindKnobs, Reason: "no design is chosen yet"}
	}
	kx, ky := c.Knobs[x], c.Knobs[y]
	cells := make([][]*table.Design, len(ky.Levels)) // by level of y, then of x
	for j := range cells {
		cells[j] = make([]*table.Design, len(kx.Levels))
	}
	least, longest, breaks, missing := math.Inf(1), 0.0, false, false
	for i := range c.Designs {
		if s := &c.Designs[i]; differs(c, i, at, x, y) == 0 {
			cells[s.Levels[y]][s.Levels[x]] = s
			if s.State != table.DesignNoSamples {
				least, longest = min(least, s.Cap), max(longest, s.Cap)
			}
		}
	}
	f := figure.NewCells(figure.Levels{Title: kx.Name, Texts: kx.Levels},
		figure.Levels{Title: ky.Name, Texts: ky.Levels})
	// Colours go from the shortest cap, rounded down, to the longest.
	step := figure.RoundMinutes(max(longest-least, 60))
	bottom := math.Floor(least/step) * step
	top := max(longest, bottom+step)
	part := func(cap float64) float64 { return (cap - bottom) / (top - bottom) }
	var b strings.Builder
	fmt.Fprintf(&b, "The %s by %s and %s, best estimates.", m.name, ky.Name, kx.Name)
	for j, row := range cells {
		for i, s := range row {
			fmt.Fprintf(&b, " %s, %s: ", ky.Levels[j], kx.Levels[i])
			if s == nil || s.State == table.DesignNoSamples {
				missing = true
				b.WriteString("not simulated.")
				continue
			}
			b.WriteString(Time(c.Worth, s.Cap))
			if s.State == table.DesignBreaks {
				breaks = true
				b.WriteString(", breaks a requirement")
			}
			b.WriteString(".")
		}
	}
	notes := []string{fmt.Sprintf("%s By best estimates; numbers are "+
		"minutes, rounded down. Designs that left the race early are known less well.",
		explain(d, m))}
	var others []string
	for k, knob := range c.Knobs {
		if k != x && k != y {
			others = append(others, knob.Name+" "+knob.Levels[c.Designs[at].Levels[k]])
		}
	}
	if len(others) > 0 {
		notes = append(notes, "As chosen: "+strings.Join(others, ", ")+".")
	}
	legend := figure.Legend{figure.NewEntry("chosen", 18, func(c draw.Canvas, mid vg.Point) {
		figure.Outline(c, figure.Around(mid, 8, 5), draw.LineStyle{Color: figure.Ink, Width: 2})
	})}
	cell := func(text string, hatched bool) figure.Entry {
		return figure.NewEntry(text, 16, func(c draw.Canvas, mid vg.Point) {
			r := figure.Around(mid, 8, 5)
			if hatched {
				figure.Hatch(c, r, figure.Muted)
			}
			figure.Outline(c, r, figure.ThinLine)
		})
	}
	if breaks {
		legend = append(legend, cell("breaks a requirement", true))
	}
	if missing {
		legend = append(legend, cell("not simulated", false))
	}
	body := func(canvas draw.Canvas, r vg.Rectangle) {
		g := f.In(r)
		for j, row := range cells {
			for i, s := range row {
				if s == nil || s.State == table.DesignNoSamples {
					figure.Fill(canvas, g.At(i, j), figure.White)
					continue
				}
				ground := figure.Along(part(s.Cap))
				g.Fill(canvas, i, j, ground)
				if s.State == table.DesignBreaks {
					figure.Hatch(canvas, g.At(i, j), figure.Readable(ground))
				}
				number(canvas, g.At(i, j), minutes(s.Cap), part(s.Cap))
			}
		}
		of := g.At(c.Designs[at].Levels[x], c.Designs[at].Levels[y])
		figure.Outline(canvas, of, draw.LineStyle{Color: figure.White, Width: 4})
		figure.Outline(canvas, of, draw.LineStyle{Color: figure.Ink, Width: 2})
		g.DrawLevels(canvas, r)
		var marks []figure.BarMark
		for v := bottom; v <= top*(1+1e-9); v += step {
			marks = append(marks, figure.BarMark{At: part(v), Label: notation.Length(v)})
		}
		g.DrawBar(canvas, m.name, figure.Along, marks)
	}
	return figure.Sheet{Header: header(d, knobsFinding(d, at, x, y), notes...), Legend: legend,
		Lay: figure.Fixed(f.Height(), body)}.Chart(b.String()), nil
}

// number writes a number into a cell, if there is room.
func number(c draw.Canvas, r vg.Rectangle, text string, part float64) {
	mid := vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}
	box := figure.Around(mid, numberText.Width(text)/2+1.5, numberText.Size/2+0.5)
	if box.Max.X-box.Min.X > r.Max.X-r.Min.X-2 {
		return
	}
	ground := figure.Along(part)
	figure.Fill(c, box, ground)
	numberText.In(figure.Readable(ground)).Write(c, mid.X, mid.Y, text, figure.Center)
}

// minutes writes a cap in minutes, rounded down to a tenth.
func minutes(seconds float64) string {
	return strconv.FormatFloat(math.Floor(seconds/6+1e-6)/10, 'f', -1, 64)
}

// differs returns in how many knobs two designs differ, some knobs aside.
func differs(c *table.DesignCharts, i, j int, aside ...int) (n int) {
	for k := range c.Knobs {
		if !slices.Contains(aside, k) && c.Designs[i].Levels[k] != c.Designs[j].Levels[k] {
			n++
		}
	}
	return n
}

// reach is how far the cap goes over the levels of a knob, with the others as chosen.
type reach struct{ least, most *table.Design }

// sure reports whether the two ends surely differ.
func (r reach) sure() bool { return r.least != nil && r.least.Upper < r.most.Lower }

func (r reach) span() float64 {
	if r.least == nil {
		return 0
	}
	return r.most.Cap - r.least.Cap
}

// reachOf returns the reach of a knob, over designs that break no requirement.
func reachOf(c *table.DesignCharts, at, knob int) (r reach) {
	for i := range c.Designs {
		s := &c.Designs[i]
		if differs(c, i, at, knob) > 0 || s.State == table.DesignBreaks ||
			s.State == table.DesignNoSamples {
			continue
		}
		if r.least == nil || s.Cap < r.least.Cap {
			r.least = s
		}
		if r.most == nil || s.Cap > r.most.Cap {
			r.most = s
		}
	}
	return r
}

// othersBreak reports whether every other level of a knob breaks a requirement.
func othersBreak(c *table.DesignCharts, at, knob int) bool {
	n := 0
	for i := range c.Designs {
		if i != at && differs(c, i, at, knob) == 0 && c.Designs[i].State == table.DesignBreaks {
			n++
		}
	}
	return n == len(c.Knobs[knob].Levels)-1
}

// knobsFinding says over which of two knobs the cap goes farthest, if its ends surely differ.
func knobsFinding(d *store.Designs, at, x, y int) string {
	c, of := &d.Charts, worthOf(d).name
	first, second := x, y
	if reachOf(c, at, y).span() > reachOf(c, at, x).span() {
		first, second = y, x
	}
	goes := func(k int) string {
		r := reachOf(c, at, k)
		level := func(s *table.Design) string { return c.Knobs[k].Levels[s.Levels[k]] }
		return fmt.Sprintf("%s moves the %s from %s (%s) to %s (%s)", c.Knobs[k].Name, of,
			Time(c.Worth, r.least.Cap), level(r.least), Time(c.Worth, r.most.Cap), level(r.most))
	}
	switch a, b := reachOf(c, at, first), reachOf(c, at, second); {
	case a.sure() && othersBreak(c, at, second):
		return fmt.Sprintf("%s; any other %s breaks a requirement", goes(first), c.Knobs[second].Name)
	case !a.sure():
		return fmt.Sprintf("neither %s nor %s surely moves the %s", c.Knobs[first].Name,
			c.Knobs[second].Name, of)
	case !b.sure():
		return fmt.Sprintf("%s; %s does not surely move it", goes(first), c.Knobs[second].Name)
	default:
		return fmt.Sprintf("%s, %s by %.1f min", goes(first), c.Knobs[second].Name, b.span()/60)
	}
}

// axesOf returns the knobs of a map: those asked for, else the two that move the cap farthest. The
// longer names stand upright.
func axesOf(c *table.DesignCharts, at int, axes Axes) (x, y int, err error) {
	find := func(name string) (int, error) {
		k := slices.IndexFunc(c.Knobs, func(k table.DesignKnob) bool { return k.Name == name })
		if k < 0 {
			var names []string
			for _, knob := range c.Knobs {
				names = append(names, knob.Name)
			}
			return 0, selection.Unfitf("no knob %q: expected one of %s", name, strings.Join(names, ", "))
		}
		return k, nil
	}
	var order []int
	for k := range c.Knobs {
		order = append(order, k)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(reachOf(c, at, b).span(), reachOf(c, at, a).span())
	})
	x, y = -1, -1
	if axes.X != "" {
		if x, err = find(axes.X); err != nil {
			return 0, 0, err
		}
	}
	if axes.Y != "" {
		if y, err = find(axes.Y); err != nil {
			return 0, 0, err
		}
	}
	given := x >= 0 || y >= 0
	for _, k := range order {
		switch {
		case k == x || k == y:
		case x < 0:
			x = k
		case y < 0:
			y = k
		}
	}
	widest := func(k int) vg.Length { return figure.Label.Width(c.Knobs[k].Levels...) }
	switch {
	case x >= 0 && x == y:
		return 0, 0, selection.Unfitf("a map needs two knobs: %s is given as both", axes.X)
	case x < 0 || y < 0:
		return 0, 0, &plots.Missing{Kind: KindKnobs, Reason: "a map needs two knobs: the file has one"}
	case !given && widest(x) > widest(y):
		x, y = y, x
	}
	return x, y, nil
}

func drawKnobs(d *store.Designs, axes Axes) ([]plots.Named, error) {
	at := d.Charts.Chosen()
	if at < 0 {
		return nil, &plots.Missing{Kind: KindKnobs, Reason: "no design is chosen yet"}
	}
	x, y, err := axesOf(&d.Charts, at, axes)
	if err != nil {
		return nil, err
	}
	c, err := KnobsChart(d, x, y)
	if err != nil {
		return nil, err
	}
	return []plots.Named{named(c, string(KindKnobs))}, nil
}
