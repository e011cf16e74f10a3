package planning

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/internal/notation"
	"budget/plots"
	"budget/plots/figure"
	"budget/plots/selection"
	"budget/sweep/compare"
	"budget/sweep/store"
)

// KindChanges is the kind of charts in this file.
const KindChanges plots.Kind = "differences"

// mostChanges is the number of differences that a page holds; those of the largest size are shown.
const mostChanges = 24

// Change is the difference of a cap, with what it is of.
type Change struct {
	Name string
	compare.Difference
}

// Colours of changes.
var (
	longerColor  = figure.SeriesColors[0]
	shorterColor = figure.SeriesColors[1]
	unsureColor  = figure.SeriesColors[6]
)

// colour returns the colour of a change: whether it is surely longer or shorter.
func (c Change) colour() color.NRGBA {
	switch {
	case c.Lower > 0:
		return longerColor
	case c.Upper < 0:
		return shorterColor
	}
	return unsureColor
}

// ChangesChart draws differences of caps at a tolerance, B minus A, with their intervals.
func ChangesChart(h plots.Heading, changes []Change, tolerance float64) (*figure.Chart, error) {
	if len(changes) == 0 {
		return nil, fmt.Errorf("planning: no differences to draw")
	}
	rows := slices.Clone(changes)
	note := ""
	if len(rows) > mostChanges {
		slices.SortStableFunc(rows, func(a, b Change) int {
			return int(math.Copysign(1, math.Abs(b.Value)-math.Abs(a.Value)))
		})
		note = fmt.Sprintf("The %d largest of %d differences shown.", mostChanges, len(rows))
		rows = rows[:mostChanges]
	}
	lo, hi := -60.0, 60.0
	var names, values []string
	var b strings.Builder
	fmt.Fprintf(&b, "Differences of the cap at %s, B minus A.", notation.Percent(tolerance))
	for _, c := range rows {
		lo, hi = min(lo, c.Lower, c.Value), max(hi, c.Upper, c.Value)
		names, values = append(names, c.Name), append(values, minutes(c.Value))
		fmt.Fprintf(&b, " %s: %s min (%s to %s).", c.Name, minutes(c.Value), minutes(c.Lower),
			minutes(c.Upper))
	}
	pad := 0.05 * (hi - lo)
	legend := figure.Legend{figure.PatchEntry("surely longer in B", longerColor),
		figure.PatchEntry("surely shorter", shorterColor), figure.PatchEntry("not sure", unsureColor),
		figure.NewEntry("interval", 18, func(c draw.Canvas, mid vg.Point) {
			figure.DrawSpan(c, mid.X-9, mid.X+9, mid.Y)
		})}
	const most = vg.Length(190)
	left := min(figure.Label.Width(names...), most) + 12
	right := figure.Label.Width(values...) + 12
	heights := make([]vg.Length, len(rows))
	all := vg.Length(0)
	for i, name := range names {
		heights[i] = max(18, vg.Length(len(figure.Label.Wrap(name, most)))*figure.NameLine+4)
		all += heights[i]
	}
	body := func(c draw.Canvas, r vg.Rectangle) {
		bottom := r.Min.Y + figure.BottomMargin
		top := r.Max.Y - figure.ColumnHeader
		stretch := (top - bottom) / all
		x := figure.Numbers("Change of the cap (minutes)", lo-pad, hi+pad, 1.0/60, 8)
		f := figure.Panel{X: x}.Draw(c, figure.Box(r.Min.X+left, bottom, r.Max.X-right, top))
		figure.Note.Write(c, r.Max.X, top+4, "min", figure.RightFoot)
		f.Pole(c, 0, figure.ThinLine)
		for i, row := range rows {
			y := top - stretch*heights[i]/2
			top -= stretch * heights[i]
			figure.Label.Lines(c, r.Min.X+left-8, y, figure.Label.Wrap(row.Name, most), figure.Right)
			figure.Fill(c, figure.Box(f.At(min(row.Value, 0)), y-5, f.At(max(row.Value, 0)), y+5),
				row.colour())
			if f.At(row.Upper)-f.At(row.Lower) > 2 {
				figure.DrawSpan(c, f.At(row.Lower), f.At(row.Upper), y)
			}
			figure.Label.Write(c, r.Max.X-2, y, values[i], figure.Right)
		}
	}
	first := []string{"Of best estimates, at the same tolerance; each interval holds by itself."}
	if note != "" {
		first = append(first, note)
	}
	return figure.Sheet{Header: h.Header(changesFinding(changes, tolerance), first...), Legend: legend,
		Lay: figure.Fixed(figure.ColumnHeader+all+figure.BottomMargin, body)}.Chart(b.String()), nil
}

// changesFinding counts what surely changes, and names the largest change.
func changesFinding(changes []Change, tolerance float64) string {
	longer, shorter := 0, 0
	var largest *Change
	for i := range changes {
		c := &changes[i]
		switch {
		case c.Lower > 0:
			longer++
		case c.Upper < 0:
			shorter++
		default:
			continue
		}
		if largest == nil || math.Abs(c.Value) > math.Abs(largest.Value) {
			largest = c
		}
	}
	at := "at " + notation.Percent(tolerance)
	if largest == nil {
		return fmt.Sprintf("no cap %s surely changes", at)
	}
	text := fmt.Sprintf("caps %s: %d of %d surely shorter in B, %d longer", at, shorter, len(changes),
		longer)
	if len(changes) == 1 {
		text = "the cap " + at + " surely changes"
	}
	return fmt.Sprintf("%s; most by %s min (%s)", text, minutes(largest.Value), largest.Name)
}

// minutes writes a change with its sign.
func minutes(seconds float64) string {
	return strings.Replace(fmt.Sprintf("%+.1f", seconds/60), "-", "−", 1)
}

// DrawChanges draws the differences of the caps of two directories of sweeps.
func DrawChanges(a, b *store.Results, c plots.Choice) ([]plots.Named, error) {
	views, err := selection.Views(a, plots.Choice{Sessions: c.Sessions, Reading: c.Reading,
		Tolerances: c.Tolerances, Confidence: c.Confidence})
	if err != nil {
		return nil, err
	}
	tolerance := selection.Headline(views[0].Tolerances())
	result, err := compare.Results(a, b, views[0].Confidence())
	if err != nil {
		return nil, err
	}
	var changes []Change
	for _, cell := range result.Cells {
		k := slices.Index(cell.Tolerances, tolerance)
		i := slices.IndexFunc(views, func(v selection.View) bool { return v.Session == cell.Session })
		if k < 0 || i < 0 || cell.Reading != views[i].Reading || math.IsNaN(cell.Caps[k].Value) {
			continue
		}
		parts := []string{views[i].Cells[0].SessionName}
		for j, name := range result.Columns {
			if col := a.Columns[a.Column(name)]; distinct(result.Cells, j) {
				parts = append(parts, col.Title+" "+col.Text(cell.Values[j]))
			}
		}
		changes = append(changes, Change{strings.Join(parts, ", "), cell.Caps[k]})
	}
	if len(changes) == 0 {
		return nil, &plots.Missing{Kind: KindChanges, Reason: "the directories have no cap at " +
			notation.Percent(tolerance) + " in common"}
	}
	h := plots.Heading{Foot: []string{fmt.Sprintf("A: “%s”, seed %d · B: “%s”, seed %d", a.Name,
		a.Provenance.Seed, b.Name, b.Provenance.Seed)}}
	chart, err := ChangesChart(h, changes, tolerance)
	return named(chart, err, string(KindChanges))
}

// distinct reports whether a column differs between cells.
func distinct(cells []compare.Cell, j int) bool {
	return slices.ContainsFunc(cells, func(c compare.Cell) bool {
		return c.Values[j] != cells[0].Values[j]
	})
}
