package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/internal/notation"
	"budget/plots/figure"
	"budget/plots/selection"
	"budget/sweep"
	"budget/sweep/store"
)

// KindMap is the kind of charts in this file.
const KindMap Kind = "map"

// Levels are the levels of an axis of a map.
type Levels = figure.Levels

// CapMap is the cap at one tolerance over two axes.
type CapMap struct {
	Heading
	Tolerance float64
	X, Y      Levels
	Caps      [][]*sweep.Cap // by level of Y, then of X; nil where nothing was simulated
	Apart     bool           // whether neighbours along Y have nothing between them: no contours
}

// Colours and texts of a map.
var (
	neverColor     = color.NRGBA{255, 255, 255, 255}
	uncertainColor = color.NRGBA{236, 236, 236, 255} // too few samples
	contourLine    = draw.LineStyle{Color: figure.Ink, Width: 1}
	contourText    = figure.Text{Size: 8, Color: figure.Ink}
)

// MapChart draws the cap as a heat map with contour lines. Levels stand evenly apart,
// whatever their values; contours are straight between the middles of cells.
func MapChart(m CapMap) (*Chart, error) {
	nx, ny := len(m.X.Texts), len(m.Y.Texts)
	if nx < 1 || ny < 1 || nx*ny < 2 {
		return nil, wrong("a map of %d by %d cells, want at least two", nx, ny)
	}
	if len(m.Caps) != ny {
		return nil, wrong("a map has %d rows of caps for %d levels", len(m.Caps), ny)
	}
	longest := 0.0
	for j, row := range m.Caps {
		if len(row) != nx {
			return nil, wrong("row %d of a map has %d caps for %d levels", j, len(row), nx)
		}
		for _, c := range row {
			if c == nil {
				continue
			}
			if err := checkCaps("", *c); err != nil {
				return nil, err
			}
			if hasCap(*c) {
				longest = max(longest, c.Cap)
			}
		}
	}
	f := &mapFigure{CapMap: m, longest: longest, top: max(longest, 60)}
	f.step = figure.RoundMinutes(f.top)
	f.cells = figure.NewCells(m.X, m.Y)
	f.numbers = len(m.X.Texts) <= 18
	return figure.Sheet{Header: f.header(), Legend: f.legend(),
		Lay: figure.Fixed(f.cells.Height(), f.draw)}.Chart(f.describe()), nil
}

// mapFigure is a map worked out but for its drawing.
type mapFigure struct {
	CapMap
	longest   float64
	top, step float64 // of the colours, and between contours [s]
	cells     figure.Cells
	numbers   bool // whether cells have room for their caps
}

func (f *mapFigure) header() figure.Header {
	first, numbers := "The cap is the longest session of which", "minutes, rounded down"
	if f.Case.Cycles != "" {
		first, numbers = "The cap is the end of the last session of a timer by which", "cycles"
	}
	first += " at most " + odds(f.Tolerance) + " fail, for users who mean to finish."
	if f.numbers {
		first += " Numbers are " + numbers + "."
	}
	limit := notation.Sentence(notation.Limit(f.Case)) + "."
	if l := f.Case.Limit; l > 0 {
		limit = notation.Sentence(notation.LimitName(f.Case)) + " " + notation.Length(l) +
			": a session as long " +
			"as that needs a little more, and expires."
	}
	return f.Heading.Header(f.finding(), first+" "+limit)
}

// finding says where the cap is shortest and where it is longest.
func (f *mapFigure) finding() string {
	var lengths []float64
	var names, texts []string
	for j, row := range f.Caps {
		for i, c := range row {
			if c != nil && c.Status != sweep.CapUnknown {
				lengths = append(lengths, c.Cap)
				texts = append(texts, notation.CapLength(c.Case, c.Cap))
				names = append(names, within(f.Y.Title, f.Y.Texts[j])+", "+within(f.X.Title, f.X.Texts[i]))
			}
		}
	}
	the := "the cap at " + notation.Percent(f.Tolerance)
	if len(lengths) == 0 {
		return "too few sessions simulated for " + the
	}
	least, greatest := extremes(lengths)
	if lengths[least] == lengths[greatest] {
		return fmt.Sprintf("%s is %s in every cell", the, texts[least])
	}
	if lengths[least] == 0 {
		return fmt.Sprintf("%s reaches %s (%s); no length is safe at %s", the, texts[greatest],
			names[greatest], names[least])
	}
	return fmt.Sprintf("%s goes from %s (%s) to %s (%s)", the, texts[least], names[least],
		texts[greatest], names[greatest])
}

// legend explains what is no colour of the bar.
func (f *mapFigure) legend() (l figure.Legend) {
	has := func(test func(*sweep.Cap) bool) bool {
		return slices.ContainsFunc(f.Caps, func(row []*sweep.Cap) bool {
			return slices.ContainsFunc(row, test)
		})
	}
	status := func(s sweep.CapStatus) bool {
		return has(func(c *sweep.Cap) bool { return c != nil && c.Status == s })
	}
	cell := func(text string, col color.Color, hatched bool) figure.Entry {
		return figure.NewEntry(text, 16, func(c draw.Canvas, mid vg.Point) {
			r := figure.Around(mid, 8, 5)
			figure.Fill(c, r, col)
			if hatched {
				figure.Hatch(c, r, documentedColor)
			}
			figure.Outline(c, r, draw.LineStyle{Color: figure.Muted, Width: 0.4})
		})
	}
	explain(&l, !f.Apart && f.longest >= f.step && len(f.X.Texts) > 1 && len(f.Y.Texts) > 1,
		figure.AcrossEntry("contour, labelled where there is room", contourLine))
	explain(&l, status(sweep.CapNever),
		cell(sweep.CapNever.Name()+": "+sweep.CapNever.Meaning(), neverColor, true))
	explain(&l, status(sweep.CapUnknown), cell(sweep.CapUnknown.Name(), uncertainColor, false))
	explain(&l, has(func(c *sweep.Cap) bool { return c == nil }),
		cell("not simulated", figure.White, false))
	explain(&l, status(sweep.CapHorizon), figure.TextEntry(
		sweep.CapHorizon.Name()+" that long: "+sweep.CapHorizon.Meaning(), "+"))
	return l
}

// box is a text that has been placed.
type box = vg.Rectangle

// overlaps reports whether a box touches one of others.
func overlaps(b box, others []box) bool {
	return slices.ContainsFunc(others, func(o box) bool {
		return b.Min.X < o.Max.X && o.Min.X < b.Max.X && b.Min.Y < o.Max.Y && o.Min.Y < b.Max.Y
	})
}

// middle returns the middle of a box.
func middle(b box) vg.Point {
	return vg.Point{X: (b.Min.X + b.Max.X) / 2, Y: (b.Min.Y + b.Max.Y) / 2}
}

func (f *mapFigure) draw(c draw.Canvas, r vg.Rectangle) {
	cells := f.cells.In(r)
	values := make([][]float64, len(f.Y.Texts))
	for j, row := range f.Caps {
		for i, cap := range row {
			v := math.NaN()
			switch {
			case cap == nil:
				figure.Fill(c, cells.At(i, j), figure.White)
			case cap.Status == sweep.CapNever:
				v = 0
				figure.Fill(c, cells.At(i, j), neverColor)
				figure.Hatch(c, cells.At(i, j), documentedColor)
			case cap.Status == sweep.CapUnknown:
				figure.Fill(c, cells.At(i, j), uncertainColor)
			default:
				v = cap.Cap
				cells.Fill(c, i, j, figure.Along(v/f.top))
			}
			values[j] = append(values[j], v)
		}
	}
	numbers := f.placeNumbers(cells.At)
	if !f.Apart {
		f.drawContours(c, values, cells, numbers)
	}
	f.drawNumbers(c, numbers)
	cells.DrawLevels(c, r)
	cells.DrawBar(c, "cap", figure.Along, f.bar())
}

// drawContours draws the contours, with their labels where these cover neither a number of a
// cell nor each other.
func (f *mapFigure) drawContours(c draw.Canvas, values [][]float64, cells figure.Cells,
	numbers []mapNumber) {
	whole := cells.Whole()
	var taken, labels []box
	for _, n := range numbers {
		taken = append(taken, n.box)
	}
	at := func(x, y float64) vg.Point {
		return whole.Min.Add(vg.Point{X: vg.Length(x+0.5) * cells.Size.X,
			Y: vg.Length(y+0.5) * cells.Size.Y})
	}
	var texts []string
	for level := f.step; level <= f.longest; level += f.step {
		lines := figure.Contour(values, level)
		for _, sty := range []draw.LineStyle{{Color: figure.White, Width: 2.4}, contourLine} {
			for _, s := range lines {
				from, to := at(s.X0, s.Y0), at(s.X1, s.Y1)
				figure.Rule(c, from.X, from.Y, to.X, to.Y, sty)
			}
		}
		// The middle of the line first, then ever farther off.
		text := notation.Length(level)
		for n := range lines {
			k := (len(lines)/2 + (n+1)/2*(1-2*(n%2)) + len(lines)) % len(lines)
			mid := at((lines[k].X0+lines[k].X1)/2, (lines[k].Y0+lines[k].Y1)/2)
			b := figure.Around(mid, contourText.Width(text)/2+2, contourText.Size/2+1)
			if b.Min.X > whole.Min.X && b.Max.X < whole.Max.X && !overlaps(b, taken) {
				taken, labels, texts = append(taken, b), append(labels, b), append(texts, text)
				break
			}
		}
	}
	for i, b := range labels {
		figure.Fill(c, b, figure.White)
		contourText.Write(c, middle(b).X, middle(b).Y, texts[i], figure.Center)
	}
}

// mapNumber is the cap of a cell in minutes, with its place and the colour behind it.
type mapNumber struct {
	box
	text   string
	ground color.NRGBA
}

// placeNumbers returns the numbers of all cells that have a cap, where cells have room for them.
func (f *mapFigure) placeNumbers(cell func(i, j int) box) (numbers []mapNumber) {
	if !f.numbers {
		return nil
	}
	for j, row := range f.Caps {
		for i, cap := range row {
			if cap == nil || !hasCap(*cap) {
				continue
			}
			text := minutes(cap.Cap)
			switch {
			case cap.Cycles != "":
				text = fmt.Sprintf("%d of %d", cap.Cycles.By(cap.Cap), cap.Cycles.Len())
			case cap.Status == sweep.CapHorizon:
				text += "+"
			}
			b := figure.Around(middle(cell(i, j)), contourText.Width(text)/2+1.5, contourText.Size/2+0.5)
			numbers = append(numbers, mapNumber{b, text, figure.Along(cap.Cap / f.top)})
		}
	}
	return numbers
}

// drawNumbers writes the numbers; contours pass behind them.
func (f *mapFigure) drawNumbers(c draw.Canvas, numbers []mapNumber) {
	for _, n := range numbers {
		figure.Fill(c, n.box, n.ground)
		mid := middle(n.box)
		contourText.In(figure.Readable(n.ground)).Write(c, mid.X, mid.Y, n.text, figure.Center)
	}
}

// minutes writes a cap in minutes, or seconds below one, never rounded up.
func minutes(seconds float64) string {
	if seconds < 60 {
		return notation.Length(seconds)
	}
	tenths := math.Floor(seconds/6 + 1e-6)
	if tenths >= 100 {
		tenths = math.Floor(tenths/10) * 10
	}
	return strconv.FormatFloat(tenths/10, 'f', -1, 64)
}

// bar returns the durations that the bar of colours names.
func (f *mapFigure) bar() (marks []figure.BarMark) {
	for level := 0.0; level <= f.top*(1+1e-9); level += f.step {
		marks = append(marks, figure.BarMark{At: level / f.top, Label: notation.Length(level)})
	}
	return marks
}

// describe says in words what the map shows.
func (f *mapFigure) describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Heat map of the longest safe duration at %s by %s and %s.",
		notation.Percent(f.Tolerance), f.Y.Title, f.X.Title)
	for j, row := range slices.Backward(f.Caps) {
		var parts []string
		for i, c := range row {
			text := "not simulated"
			if c != nil {
				text = notation.CapReached(c.Case, c.Status, c.Cap)
			}
			parts = append(parts, f.X.Texts[i]+" "+text)
		}
		fmt.Fprintf(&b, " %s: %s.", f.Y.Texts[j], strings.Join(parts, ", "))
	}
	return b.String()
}

// mapAxes chooses the axes of a map: those of the choice, else the level at the start
// upright, and the first others that vary.
func mapAxes(v selection.View) (x, y selection.Column, err error) {
	varying := v.Varying()
	nameX, nameY := v.Choice.X, v.Choice.Y
	for _, c := range varying {
		if nameY == "" && c.Name == "start_level" && nameX != c.Name {
			nameY = c.Name
		}
	}
	for _, c := range varying {
		switch {
		case nameX == "" && c.Name != nameY:
			nameX = c.Name
		case nameY == "" && c.Name != nameX:
			nameY = c.Name
		}
	}
	switch {
	case nameX != "" && nameX == nameY:
		return x, y, selection.Unfitf("a map needs two axes: %s is given as both", nameX)
	case nameX != "" && nameY != "":
	case len(varying) > 0:
		return x, y, missing("a map needs two axes that vary: this sweep varies %s alone",
			varying[0].Name)
	default:
		return x, y, missing("a map needs two axes that vary: nothing varies here")
	}
	if x, err = v.Column(nameX); err == nil {
		y, err = v.Column(nameY)
	}
	return x, y, err
}

func drawMap(whole selection.View) ([]Named, error) {
	x, y, err := mapAxes(whole)
	if err != nil {
		return nil, err
	}
	v, held := whole.Hold(x, y)
	xs, ys := v.Levels(x), v.Levels(y)
	if 2*len(v.Cells) < len(xs)*len(ys) {
		return nil, missing("a map needs a grid: %s and %s vary together, in %d cells of %d", x.Name,
			y.Name,
			len(v.Cells), len(xs)*len(ys))
	}
	m := CapMap{Heading: HeadingOf(whole, v.Cells, held...), Tolerance: v.Tolerance(),
		X: levelsOf(x, xs), Y: levelsOf(y, ys), Caps: make([][]*sweep.Cap, len(ys))}
	for j := range m.Caps {
		m.Caps[j] = make([]*sweep.Cap, len(xs))
	}
	caps, err := gather(v.Cells, func(cell *store.Cell) (sweep.Cap, error) {
		return v.Cap(cell, m.Tolerance)
	})
	if err != nil {
		return nil, err
	}
	for k, cell := range v.Cells {
		m.Caps[slices.Index(ys, y.Value(cell))][slices.Index(xs, x.Value(cell))] = &caps[k]
	}
	c, err := MapChart(m)
	return named(c, err, string(KindMap), v.Session)
}

// levelsOf writes levels of a column.
func levelsOf(c selection.Column, values []string) Levels {
	l := Levels{Title: c.Title}
	for _, value := range values {
		l.Texts = append(l.Texts, c.Text(value))
	}
	return l
}
