package plots

import (
	"cmp"
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
	"budget/solver/estimate"
	"budget/sweep/store"
	"budget/sweep/table"
)

// KindCycles is the kind of charts in this file.
const KindCycles Kind = "cycles"

// leastShown is the failure at the end of the colours for the safest cells, where none is seen.
const leastShown = 1e-5

// Lines around the cells that hold. The casing keeps the line apart from dark cells.
var (
	safeLine   = draw.LineStyle{Color: figure.Ink, Width: 2.2}
	safeCasing = draw.LineStyle{Color: figure.White, Width: 5}
)

// cyclesFigure is a map of cycles by length worked out but for its drawing.
type cyclesFigure struct {
	rows      [][]table.TimerCell // by length, then by cycles
	tolerance float64
	most      []estimate.CapResult // by length: the last cycle that holds, from 0 on
	lo, hi    float64              // failure at the ends of the colours
	cells     figure.Cells
}

// CyclesChart draws the failure of a timer by the length of its longest phases and the number of
// its cycles. The cells that hold at the tolerance, all together, are outlined; those of which too
// few paths tell are hatched.
func CyclesChart(h Heading, cells []table.TimerCell, tolerance float64) (*Chart, error) {
	f, err := newCyclesFigure(cells, tolerance)
	if err != nil {
		return nil, err
	}
	note := "Failure by the end of so many cycles, in per cent, by the length of the longest phases in a " +
		"session."
	return figure.Sheet{Header: h.Header(f.finding(), note), Legend: f.legend(),
		Lay: figure.Fixed(f.cells.Height(), f.draw)}.Chart(f.describe()), nil
}

// newCyclesFigure works out which cells hold, and where they and their colours are.
func newCyclesFigure(cells []table.TimerCell, tolerance float64) (*cyclesFigure, error) {
	rows, err := table.TimerRows(cells)
	if err != nil {
		return nil, wrong("%w", err)
	}
	if len(rows) == 0 {
		return nil, wrong("no map of a timer to draw")
	}
	f := &cyclesFigure{rows: rows, tolerance: tolerance}
	x, y := figure.Levels{Title: "number of cycles"}, figure.Levels{Title: "length"}
	for n := range rows[0] {
		x.Texts = append(x.Texts, strconv.Itoa(n+1))
	}
	least, greatest := tolerance, tolerance
	for _, row := range rows {
		y.Texts = append(y.Texts, notation.Length(row[0].Length))
		f.most = append(f.most, estimate.InvertCap(len(row), func(n int) estimate.Interval {
			return estimate.Interval{Lower: row[n].JointLower, Upper: row[n].JointUpper}
		}, tolerance))
		for _, cell := range row {
			greatest = max(greatest, cell.Failure)
			if cell.Failure > 0 {
				least = min(least, cell.Failure)
			}
		}
	}
	f.lo = math.Pow(10, math.Floor(math.Log10(max(least, leastShown))))
	f.hi = math.Pow(10, math.Ceil(math.Log10(max(greatest, 2*f.lo))))
	f.cells = figure.NewCells(x, y)
	return f, nil
}

// holds reports whether a number of cycles (from 0 on) of the i-th length holds.
func (f *cyclesFigure) holds(n, i int) bool {
	return i >= 0 && i < len(f.rows) && n >= 0 && n <= f.most[i].Index
}

// undecided reports whether too few paths tell if a cell holds.
func (f *cyclesFigure) undecided(n, i int) bool {
	return n > f.most[i].Index && n <= f.most[i].UpperIndex
}

// finding names the cell with the most time in sessions of those that hold; of several the one
// that fails least.
func (f *cyclesFigure) finding() string {
	var held, all []table.TimerCell
	open := false
	for i, row := range f.rows {
		for n, cell := range row {
			all = append(all, cell)
			open = open || f.undecided(n, i)
			if f.holds(n, i) {
				held = append(held, cell)
			}
		}
	}
	name := func(c table.TimerCell) string {
		return notation.Plural(c.Cycles, "cycle") + " with " + notation.Length(c.Length)
	}
	at := notation.Percent(f.tolerance)
	if len(held) == 0 {
		if open {
			return "too few paths to say whether a timer of the map holds at " + at
		}
		least := slices.MinFunc(all, func(a, b table.TimerCell) int {
			return cmp.Compare(a.Failure, b.Failure)
		})
		return fmt.Sprintf("no timer of the map holds at %s; of the safest, %s, %s fail", at, name(least),
			notation.Chance(least.Failure))
	}
	best := slices.MaxFunc(held, func(a, b table.TimerCell) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(b.Failure, a.Failure))
	})
	if len(held) == len(all) {
		return fmt.Sprintf("every timer of the map holds at %s, up to %s", at, name(best))
	}
	return fmt.Sprintf("the longest that holds at %s is %s: %s in sessions", at, name(best),
		notation.Length(best.Time))
}

// legend explains the outline and the hatching.
func (f *cyclesFigure) legend() (l figure.Legend) {
	held, open := false, false
	for i := range f.rows {
		held = held || f.most[i].Index >= 0
		open = open || f.most[i].UpperIndex > f.most[i].Index
	}
	explain(&l, held, figure.NewEntry("holds: at most "+odds(f.tolerance)+" fail", 18,
		func(c draw.Canvas, mid vg.Point) { figure.Outline(c, figure.Around(mid, 8, 5), safeLine) }))
	explain(&l, open, figure.NewEntry("too few paths to say", 16, func(c draw.Canvas, mid vg.Point) {
		r := figure.Around(mid, 8, 5)
		figure.Hatch(c, r, figure.Ink)
		figure.Outline(c, r, draw.LineStyle{Color: figure.Muted, Width: 0.4})
	}))
	return l
}

// part returns where a failure is along the bar of colours, on a logarithmic scale.
func (f *cyclesFigure) part(failure float64) float64 {
	return math.Log(max(failure, f.lo)/f.lo) / math.Log(f.hi/f.lo)
}

// failureColor returns the colour at a part of the bar: dark where more fail.
func failureColor(part float64) color.NRGBA { return figure.Along(1 - part) }

func (f *cyclesFigure) draw(c draw.Canvas, r vg.Rectangle) {
	cells := f.cells.In(r)
	for i, row := range f.rows {
		for n, cell := range row {
			ground := failureColor(f.part(cell.Failure))
			cells.Fill(c, n, i, ground)
			if f.undecided(n, i) {
				figure.Hatch(c, cells.At(n, i), figure.Readable(ground))
			}
		}
	}
	for i, row := range f.rows {
		for n, cell := range row {
			f.drawNumber(c, cells.At(n, i), cell)
		}
	}
	for _, sty := range []draw.LineStyle{safeCasing, safeLine} {
		f.outline(c, cells, sty)
	}
	cells.DrawLevels(c, r)
	var marks []figure.BarMark
	for p := f.lo; p < 1.1*f.hi; p *= 10 {
		marks = append(marks, figure.BarMark{At: f.part(p), Label: notation.Percent(p)})
	}
	cells.DrawBar(c, "fails", failureColor, marks)
}

// drawNumber writes the failure of a cell into it, if there is room.
func (f *cyclesFigure) drawNumber(c draw.Canvas, r vg.Rectangle, cell table.TimerCell) {
	text := notation.ChanceNumber(cell.Failure)
	b := figure.Around(middle(r), contourText.Width(text)/2+1.5, contourText.Size/2+0.5)
	if b.Max.X-b.Min.X > r.Max.X-r.Min.X-2 {
		return
	}
	ground := failureColor(f.part(cell.Failure))
	figure.Fill(c, b, ground)
	contourText.In(figure.Readable(ground)).Write(c, middle(b).X, middle(b).Y, text, figure.Center)
}

// outline draws a line around the cells that hold.
func (f *cyclesFigure) outline(c draw.Canvas, cells figure.Cells, sty draw.LineStyle) {
	for i := range f.rows {
		for n := range f.rows[i] {
			if !f.holds(n, i) {
				continue
			}
			r := cells.At(n, i)
			for _, side := range []struct {
				n, i           int // the cell beyond it
				x0, y0, x1, y1 vg.Length
			}{
				{n - 1, i, r.Min.X, r.Min.Y, r.Min.X, r.Max.Y},
				{n + 1, i, r.Max.X, r.Min.Y, r.Max.X, r.Max.Y},
				{n, i - 1, r.Min.X, r.Min.Y, r.Max.X, r.Min.Y},
				{n, i + 1, r.Min.X, r.Max.Y, r.Max.X, r.Max.Y},
			} {
				if !f.holds(side.n, side.i) {
					figure.Rule(c, side.x0, side.y0, side.x1, side.y1, sty)
				}
			}
		}
	}
}

// describe says in words what the map shows.
func (f *cyclesFigure) describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Map of how often a timer fails, by the length of its phases and its number of cycles. "+
		"At %s:", notation.Percent(f.tolerance))
	for i, row := range f.rows {
		fmt.Fprintf(&b, " %s: %s, of which %d hold.", notation.Length(row[0].Length),
			notation.Plural(len(row), "cycle"), f.most[i].Index+1)
		var parts []string
		for _, cell := range row {
			parts = append(parts, notation.Chance(cell.Failure))
		}
		fmt.Fprintf(&b, " They fail in %s.", strings.Join(parts, ", "))
	}
	return b.String()
}

func drawCycles(t *store.Timer) ([]Named, error) {
	if len(t.Map) == 0 {
		return nil, &Missing{Kind: KindCycles, Reason: "the timer has no map", Lack: LackMap}
	}
	notes := comingBack(t)
	if confidence := t.Provenance.Confidence; confidence > 0 {
		notes += " The cells that hold do so together, with " + notation.Percent(confidence) +
			" confidence."
	}
	c, err := CyclesChart(timerHeading(t, notes), t.Map, t.Tolerance)
	return named(c, err, string(KindCycles))
}
