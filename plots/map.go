package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"

	"budget/plots/figure"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/sweep"
)

// KindMap is the kind of charts in this file.
const KindMap Kind = "map"

// Levels are the levels of an axis of a map, in order, as texts with their unit.
type Levels struct {
	Title string
	Texts []string
}

// CapMap is the cap at one tolerance over two axes.
type CapMap struct {
	Heading
	Tolerance float64
	X, Y      Levels
	Caps      [][]*sweep.Cap // by level of Y, then of X; nil where nothing was simulated
}

// Sizes of the parts of a map.
const (
	mapNames    = vg.Length(96) // levels of Y, at most
	mapBar      = vg.Length(14)
	mapBarRoom  = vg.Length(92) // bar, its labels, and space
	mapCellMin  = vg.Length(15)
	mapCellMax  = vg.Length(44)
	mapWanted   = vg.Length(280) // height of all cells
	contourText = vg.Length(8)
)

// MapChart draws the cap as a heat map with contour lines. Levels stand evenly apart,
// whatever their values; contours are straight between the middles of cells.
func MapChart(m CapMap) (*figure.Chart, error) {
	nx, ny := len(m.X.Texts), len(m.Y.Texts)
	if nx < 1 || ny < 1 || nx*ny < 2 {
		return nil, fmt.Errorf("plots: a map of %d by %d cells, want at least two", nx, ny)
	}
	if len(m.Caps) != ny {
		return nil, fmt.Errorf("plots: a map has %d rows of caps for %d levels", len(m.Caps), ny)
	}
	f := &mapFigure{CapMap: m}
	for j, row := range m.Caps {
		if len(row) != nx {
			return nil, fmt.Errorf("plots: row %d of a map has %d caps for %d levels", j, len(row), nx)
		}
		for _, c := range row {
			if c == nil {
				f.missing = true
				continue
			}
			if err := checkCaps([]sweep.Cap{*c}); err != nil {
				return nil, fmt.Errorf("plots: %w", err)
			}
			f.never = f.never || c.Status == sweep.CapNever
			f.unknown = f.unknown || c.Status == sweep.CapUnknown
			f.horizon = f.horizon || c.Status == sweep.CapHorizon
			if hasCap(*c) {
				f.longest = max(f.longest, c.Cap)
			}
		}
	}
	f.lay()
	return figure.Sheet{Header: f.heading(), Legend: f.key(), Height: f.height(), Body: f.draw}.Chart(f.describe()), nil
}

// mapFigure is a map worked out but for its drawing.
type mapFigure struct {
	CapMap
	longest                          float64
	never, unknown, horizon, missing bool
	names                            vg.Length // width of the levels of Y
	cellWidth, cellHeight            vg.Length
	top                              float64 // of the colours [s]
	step                             float64 // between contours [s]
	numbers                          bool    // whether cells have room for their caps
}

func (f *mapFigure) lay() {
	for _, text := range f.Y.Texts {
		f.names = max(f.names, figure.TextWidth(text, figure.LabelSize))
	}
	f.names = min(max(f.names, figure.TextWidth(f.Y.Title, figure.NoteSize)), mapNames)
	f.cellWidth = (figure.Width - 2*figure.Edge - f.names - 6 - mapBarRoom) / vg.Length(len(f.X.Texts))
	f.cellHeight = min(max(mapWanted/vg.Length(len(f.Y.Texts)), mapCellMin), mapCellMax)
	f.top = max(f.longest, 60)
	f.step = figure.NiceStep(f.top/60, []float64{1, 2, 5, 10, 15, 20, 30, 60, 120, 240}) * 60
	f.numbers = f.cellWidth > 22
}

func (f *mapFigure) heading() figure.Header {
	notes := []string{"Longest planned duration that fails no more often than " + percent(f.Tolerance) + ", for a user who means to finish. Numbers are minutes, cut off."}
	if !f.numbers {
		notes[0] = strings.TrimSuffix(notes[0], " Numbers are minutes, cut off.")
	}
	switch limit := f.Case.Limit; {
	case limit <= 0:
		notes = append(notes, "No documented limit.")
	default:
		notes = append(notes, "Documented limit "+duration(limit)+": plans as long as that need a little more, and expire.")
	}
	h := f.Heading
	h.Notes = append(notes, h.Notes...)
	return h.header("the cap at " + percent(f.Tolerance) + " by " + f.Y.Title + " and " + f.X.Title)
}

// Colours of cells without a cap.
var (
	neverColor   = color.NRGBA{255, 255, 255, 255}
	unknownColor = color.NRGBA{236, 236, 236, 255}
	contourLine  = draw.LineStyle{Color: figure.Ink, Width: 1}
)

// key explains what is no colour of the bar.
func (f *mapFigure) key() figure.Legend {
	var l figure.Legend
	if f.longest >= f.step && len(f.X.Texts) > 1 && len(f.Y.Texts) > 1 {
		l = append(l, figure.AcrossEntry("contour, labelled with its duration", contourLine))
	}
	cell := func(col color.Color, hatched bool) func(draw.Canvas, vg.Point) {
		return func(c draw.Canvas, mid vg.Point) {
			r := vg.Rectangle{Min: mid.Sub(vg.Point{X: 8, Y: 5}), Max: mid.Add(vg.Point{X: 8, Y: 5})}
			figure.Fill(c, r, col)
			if hatched {
				hatch(c, r)
			}
			c.StrokeLines(draw.LineStyle{Color: figure.Muted, Width: 0.4}, outline(r))
		}
	}
	if f.never {
		l = append(l, figure.LegendEntry{Text: "no cap: even the shortest plan fails more often", Width: 16, Draw: cell(neverColor, true)})
	}
	if f.unknown {
		l = append(l, figure.LegendEntry{Text: "not enough samples", Width: 16, Draw: cell(unknownColor, false)})
	}
	if f.missing {
		l = append(l, figure.LegendEntry{Text: "not simulated", Width: 16, Draw: cell(figure.White, false)})
	}
	if f.horizon {
		l = append(l, figure.LegendEntry{Text: "met as far as looked at", Width: 9, Draw: func(c draw.Canvas, mid vg.Point) {
			figure.Write(c, mid, "+", figure.LabelSize, figure.Ink, draw.XCenter, draw.YCenter)
		}})
	}
	return l
}

func (f *mapFigure) height() vg.Length {
	return 18 + f.cellHeight*vg.Length(len(f.Y.Texts)) + figure.BottomMargin + 6
}

// outline returns the edges of a rectangle.
func outline(r vg.Rectangle) []vg.Point {
	return []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}, r.Min}
}

// hatch draws diagonal lines over a rectangle.
func hatch(c draw.Canvas, r vg.Rectangle) {
	const gap = 5
	w, h := r.Max.X-r.Min.X, r.Max.Y-r.Min.Y
	for d := vg.Length(gap); d < w+h; d += gap {
		figure.Rule(c, r.Min.X+max(0, d-h), r.Min.Y+min(d, h), r.Min.X+min(d, w), r.Min.Y+max(0, d-w), draw.LineStyle{Color: documentedColor, Width: 0.5})
	}
}

// box is a text that has been placed.
type box = vg.Rectangle

// overlaps tells whether a box touches one of others.
func overlaps(b box, others []box) bool {
	return slices.ContainsFunc(others, func(o box) bool {
		return b.Min.X < o.Max.X && o.Min.X < b.Max.X && b.Min.Y < o.Max.Y && o.Min.Y < b.Max.Y
	})
}

func (f *mapFigure) draw(c draw.Canvas, r vg.Rectangle) {
	nx, ny := len(f.X.Texts), len(f.Y.Texts)
	corner := vg.Point{X: r.Min.X + f.names + 6, Y: r.Min.Y + figure.BottomMargin + 6}
	cell := func(i, j int) vg.Rectangle {
		at := corner.Add(vg.Point{X: vg.Length(i) * f.cellWidth, Y: vg.Length(j) * f.cellHeight})
		return vg.Rectangle{Min: at, Max: at.Add(vg.Point{X: f.cellWidth, Y: f.cellHeight})}
	}
	whole := vg.Rectangle{Min: corner, Max: cell(nx-1, ny-1).Max}
	values := make([][]float64, ny)
	for j, row := range f.Caps {
		for i, cap := range row {
			v := math.NaN()
			switch {
			case cap == nil:
				figure.Fill(c, cell(i, j), figure.White)
			case cap.Status == sweep.CapNever:
				v = 0
				figure.Fill(c, cell(i, j), neverColor)
				hatch(c, cell(i, j))
			case cap.Status == sweep.CapUnknown:
				figure.Fill(c, cell(i, j), unknownColor)
			default:
				v = cap.Cap
				// A little overlap leaves no seams.
				r := cell(i, j)
				r.Max = r.Max.Add(vg.Point{X: 0.3, Y: 0.3})
				figure.Fill(c, r, figure.Along(v/f.top))
			}
			values[j] = append(values[j], v)
		}
	}
	taken := f.drawContours(c, values, whole)
	f.drawNumbers(c, cell, taken)
	c.StrokeLines(draw.LineStyle{Color: figure.Muted, Width: 0.6}, outline(whole))

	// Levels, as many as there is room for.
	widest := vg.Length(0)
	for _, text := range f.X.Texts {
		widest = max(widest, figure.TextWidth(text, figure.LabelSize))
	}
	every := int(math.Ceil(float64((widest + 8) / f.cellWidth)))
	for i, text := range f.X.Texts {
		if i%every == 0 {
			at := min(max(corner.X+(vg.Length(i)+0.5)*f.cellWidth, r.Min.X+figure.TextWidth(text, figure.LabelSize)/2), r.Max.X-figure.TextWidth(text, figure.LabelSize)/2)
			figure.Rule(c, corner.X+(vg.Length(i)+0.5)*f.cellWidth, corner.Y, corner.X+(vg.Length(i)+0.5)*f.cellWidth, corner.Y-3, draw.LineStyle{Color: figure.Muted, Width: 0.6})
			figure.Write(c, vg.Point{X: at, Y: corner.Y - 5}, text, figure.LabelSize, figure.Ink, draw.XCenter, draw.YTop)
		}
	}
	figure.Write(c, vg.Point{X: (whole.Min.X + whole.Max.X) / 2, Y: corner.Y - 19}, sentence(f.X.Title), figure.LabelSize, figure.Ink, draw.XCenter, draw.YTop)
	for j, text := range f.Y.Texts {
		lines := figure.Wrap(text, figure.LabelSize, f.names)
		if most := max(1, int(f.cellHeight/figure.NameLine)); len(lines) > most {
			lines = append(lines[:most-1], lines[most-1]+" …")
		}
		at := corner.Y + (vg.Length(j)+0.5)*f.cellHeight + vg.Length(len(lines)-1)*figure.NameLine/2
		for _, line := range lines {
			figure.Write(c, vg.Point{X: corner.X - 5, Y: at}, line, figure.LabelSize, figure.Ink, draw.XRight, draw.YCenter)
			at -= figure.NameLine
		}
	}
	figure.Write(c, vg.Point{X: corner.X - 5, Y: whole.Max.Y + 4}, sentence(f.Y.Title), figure.NoteSize, figure.Muted, draw.XRight, draw.YBottom)
	f.drawBar(c, vg.Rectangle{Min: vg.Point{X: whole.Max.X + 16, Y: whole.Min.Y}, Max: vg.Point{X: whole.Max.X + 16 + mapBar, Y: whole.Max.Y}})
}

// drawContours draws the contours with their labels, where these have room, and returns
// the labels' boxes.
func (f *mapFigure) drawContours(c draw.Canvas, values [][]float64, whole vg.Rectangle) (taken []box) {
	at := func(x, y float64) vg.Point {
		return whole.Min.Add(vg.Point{X: (vg.Length(x) + 0.5) * f.cellWidth, Y: (vg.Length(y) + 0.5) * f.cellHeight})
	}
	type label struct {
		text string
		box  box
	}
	var labels []label
	for level := f.step; level <= f.longest; level += f.step {
		lines := figure.Contour(values, level)
		for _, sty := range []draw.LineStyle{{Color: figure.White, Width: 2.4}, contourLine} {
			for _, s := range lines {
				from, to := at(s.X0, s.Y0), at(s.X1, s.Y1)
				figure.Rule(c, from.X, from.Y, to.X, to.Y, sty)
			}
		}
		// The middle of the line first, then ever farther off.
		text := duration(level)
		size := vg.Point{X: figure.TextWidth(text, contourText)/2 + 2, Y: contourText/2 + 1}
		order := make([]int, len(lines))
		for k := range order {
			order[k] = (len(lines)/2 + (k+1)/2*(1-2*(k%2)) + len(lines)) % len(lines)
		}
		for _, k := range order {
			mid := at((lines[k].X0+lines[k].X1)/2, (lines[k].Y0+lines[k].Y1)/2)
			b := box{Min: mid.Sub(size), Max: mid.Add(size)}
			if b.Min.X > whole.Min.X && b.Max.X < whole.Max.X && !overlaps(b, taken) {
				taken = append(taken, b)
				labels = append(labels, label{text, b})
				break
			}
		}
	}
	for _, l := range labels {
		figure.Fill(c, l.box, figure.White)
		figure.Write(c, vg.Point{X: (l.box.Min.X + l.box.Max.X) / 2, Y: (l.box.Min.Y + l.box.Max.Y) / 2}, l.text, contourText, figure.Ink, draw.XCenter, draw.YCenter)
	}
	return taken
}

// drawNumbers writes the caps into their cells, but for those that a label covers.
func (f *mapFigure) drawNumbers(c draw.Canvas, cell func(i, j int) vg.Rectangle, taken []box) {
	if !f.numbers {
		return
	}
	for j, row := range f.Caps {
		for i, cap := range row {
			if cap == nil || !hasCap(*cap) {
				continue
			}
			r := cell(i, j)
			mid := vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}
			text := minutes(cap.Cap)
			if cap.Status == sweep.CapHorizon {
				text += "+"
			}
			size := vg.Point{X: figure.TextWidth(text, contourText)/2 + 1.5, Y: contourText/2 + 0.5}
			b := box{Min: mid.Sub(size), Max: mid.Add(size)}
			if overlaps(b, taken) {
				continue
			}
			// Contours pass behind the number.
			ground := figure.Along(cap.Cap / f.top)
			figure.Fill(c, b, ground)
			figure.Write(c, mid, text, contourText, figure.Readable(ground), draw.XCenter, draw.YCenter)
		}
	}
}

// minutes writes a cap in minutes, or seconds below one, never rounded up.
func minutes(seconds float64) string {
	if seconds < 60 {
		return duration(seconds)
	}
	tenths := math.Floor(seconds/6 + 1e-6)
	if tenths >= 100 {
		tenths = math.Floor(tenths/10) * 10
	}
	return strconv.FormatFloat(tenths/10, 'f', -1, 64)
}

// drawBar draws the colours with the durations they stand for.
func (f *mapFigure) drawBar(c draw.Canvas, r vg.Rectangle) {
	const steps = 64
	height := r.Max.Y - r.Min.Y
	for k := range steps {
		part := height / steps
		at := r.Min.Y + vg.Length(k)*part
		// A little overlap leaves no seams.
		figure.Fill(c, vg.Rectangle{Min: vg.Point{X: r.Min.X, Y: at}, Max: vg.Point{X: r.Max.X, Y: min(at+part+0.3, r.Max.Y)}}, figure.Along((float64(k)+0.5)/steps))
	}
	c.StrokeLines(draw.LineStyle{Color: figure.Muted, Width: 0.6}, outline(r))
	figure.Write(c, vg.Point{X: r.Min.X, Y: r.Max.Y + 4}, "cap", figure.NoteSize, figure.Muted, draw.XLeft, draw.YBottom)
	room := vg.Length(math.Inf(-1))
	for level := 0.0; level <= f.top*(1+1e-9); level += f.step {
		y := r.Min.Y + height*vg.Length(level/f.top)
		figure.Rule(c, r.Max.X, y, r.Max.X+4, y, draw.LineStyle{Color: figure.Muted, Width: 0.6})
		if y-room < figure.LabelSize {
			continue
		}
		room = y
		figure.Write(c, vg.Point{X: r.Max.X + 7, Y: y}, duration(level), figure.LabelSize, figure.Ink, draw.XLeft, draw.YCenter)
	}
}

// describe says in words what the map shows.
func (f *mapFigure) describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Heat map of the longest safe duration at %s by %s and %s.", percent(f.Tolerance), f.Y.Title, f.X.Title)
	for j, row := range slices.Backward(f.Caps) {
		var parts []string
		for i, c := range row {
			text := "not simulated"
			switch {
			case c == nil:
			case hasCap(*c):
				text = duration(c.Cap)
			default:
				text = statusText(c.Status)
			}
			parts = append(parts, f.X.Texts[i]+" "+text)
		}
		fmt.Fprintf(&b, " %s: %s.", f.Y.Texts[j], strings.Join(parts, ", "))
	}
	return b.String()
}

func (v view) drawMap() ([]Named, error) {
	varying := v.varying()
	x, y := v.choice.X, v.choice.Y
	// The level at the start stands upright; else the second does.
	for _, d := range varying {
		if y == "" && d.name == "start_level" && x != d.name {
			y = d.name
		}
	}
	for _, d := range varying {
		switch {
		case x == "" && d.name != y:
			x = d.name
		case y == "" && d.name != x:
			y = d.name
		}
	}
	if x != "" && x == y {
		return nil, unfit("a map needs two axes: %s is given as both", x)
	}
	if x == "" || y == "" {
		what := "nothing varies here"
		if len(varying) > 0 {
			what = "this sweep varies " + varying[0].name + " alone"
		}
		return nil, &Missing{KindMap, "a map needs two axes that vary: " + what}
	}
	dx, err := v.dimension(x)
	if err != nil {
		return nil, err
	}
	dy, err := v.dimension(y)
	if err != nil {
		return nil, err
	}
	whole := v
	v, held := v.hold(dx, dy)
	xs, ys := v.levels(dx), v.levels(dy)
	if 2*len(v.cells) < len(xs)*len(ys) {
		return nil, &Missing{KindMap, fmt.Sprintf("a map needs a grid: %s and %s vary together, in %d cells of %d", dx.name, dy.name, len(v.cells), len(xs)*len(ys))}
	}
	var notes []string
	if held != "" {
		notes = append(notes, held)
	}
	m := CapMap{Heading: whole.heading(v.cells[0], notes...), Tolerance: v.tolerance(),
		X: Levels{dx.title, levelTexts(dx, xs)}, Y: Levels{dy.title, levelTexts(dy, ys)}}
	m.Caps = make([][]*sweep.Cap, len(ys))
	for j := range m.Caps {
		m.Caps[j] = make([]*sweep.Cap, len(xs))
	}
	if err := each(len(v.cells), func(k int) error {
		cell := v.cells[k]
		found, err := v.cap(cell, m.Tolerance)
		m.Caps[slices.Index(ys, dy.value(cell))][slices.Index(xs, dx.value(cell))] = &found
		return err
	}); err != nil {
		return nil, err
	}
	c, err := MapChart(m)
	return named(c, err, "map", v.session)
}

func levelTexts(d dimension, values []string) []string {
	var out []string
	for _, value := range values {
		out = append(out, d.text(value))
	}
	return out
}
