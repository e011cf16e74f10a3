package choices

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
	"budget/plots"
	"budget/plots/figure"
	"budget/sweep/store"
	"budget/sweep/table"
)

// KindPrices is the kind of charts in this file.
const KindPrices plots.Kind = "prices"

// Colours of steps that surely gain or cost, and of others.
var (
	gainColor   = figure.SeriesColors[0]
	costColor   = figure.SeriesColors[1]
	unsureColor = figure.SeriesColors[6]
)

// Sizes of the parts of a price list.
const (
	priceRow   = vg.Length(24)
	priceNames = vg.Length(210) // at most
	mostPrices = 24
)

// PricesChart draws what the next step of each knob changes, as bars with intervals.
func PricesChart(d *store.Designs) (*figure.Chart, error) {
	rows, m := slices.Clone(d.Charts.Prices), changeOf(d)
	chosen := d.Charts.Chosen()
	if len(rows) == 0 || chosen < 0 {
		return nil, &plots.Missing{Kind: KindPrices, Reason: "no design is chosen yet, or it has no " +
			"other level of a knob"}
	}
	notes := []string{fmt.Sprintf("%s Bars are its changes by the same simulated sessions, one knob "+
		"changed and the others as chosen. Intervals hold with %s confidence, each by itself.",
		explain(d, m), notation.Percent(d.Confidence))}
	if len(rows) > mostPrices {
		slices.SortStableFunc(rows, func(a, b table.DesignPrice) int {
			return cmp.Compare(math.Abs(b.Change), math.Abs(a.Change))
		})
		notes = append(notes, fmt.Sprintf("The %d largest changes of %d are shown.", mostPrices,
			len(rows)))
		rows = rows[:mostPrices]
		slices.SortStableFunc(rows, func(a, b table.DesignPrice) int {
			return cmp.Compare(b.Change, a.Change)
		})
	}
	var names, changes []string
	lo, hi, breaks := 0.0, 0.0, false
	var b strings.Builder
	fmt.Fprintf(&b, "What a step of one knob changes of the %s.", m.name)
	for _, p := range rows {
		names = append(names, p.Knob+" "+p.From+" → "+p.To)
		text := Change(p.Change)
		if p.Breaks {
			text, breaks = text+" *", true
		}
		changes = append(changes, text)
		lo, hi = min(lo, p.Lower, p.Change), max(hi, p.Upper, p.Change)
		fmt.Fprintf(&b, " %s from %s to %s: %s, %s to %s.", p.Knob, p.From, p.To, Change(p.Change),
			Change(p.Lower), Change(p.Upper))
	}
	if span := hi - lo; span < 120 {
		lo, hi = lo-(120-span)/2, hi+(120-span)/2
	}
	pad := 0.04 * (hi - lo)
	var legend figure.Legend
	for _, entry := range []struct {
		text  string
		color color.NRGBA
	}{{"surely gains", gainColor}, {"surely costs", costColor}, {"not sure", unsureColor}} {
		if slices.ContainsFunc(rows, func(p table.DesignPrice) bool {
			return colorOf(p) == entry.color && Change(p.Change) != "0"
		}) {
			legend = append(legend, figure.PatchEntry(entry.text, entry.color))
		}
	}
	legend = append(legend, figure.NewEntry("interval", 18, func(c draw.Canvas, mid vg.Point) {
		figure.DrawSpan(c, mid.X-9, mid.X+9, mid.Y)
	}))
	if breaks {
		legend = append(legend, figure.TextEntry("breaks a requirement", "*"))
	}
	left := min(figure.Label.Width(names...), priceNames) + 10
	right := figure.Label.Width(changes...) + 10
	body := func(c draw.Canvas, r vg.Rectangle) {
		bottom := r.Min.Y + figure.BottomMargin
		top := r.Max.Y - 4
		priceRow := (top - bottom) / vg.Length(len(rows))
		for i := 0; i < len(rows); i += 2 {
			y := top - vg.Length(i)*priceRow
			figure.Fill(c, figure.Box(r.Min.X, y-priceRow, r.Max.X, y), figure.Banded)
		}
		x := figure.Numbers("Change of the "+m.name+" (minutes)", lo-pad, hi+pad, 1.0/60, 8)
		for i := range x.Ticks {
			x.Ticks[i].Label = strings.Replace(x.Ticks[i].Label, "-", "−", 1)
		}
		f := figure.Panel{X: x}.Draw(c, figure.Box(r.Min.X+left, bottom, r.Max.X-right, top))
		for i, p := range rows {
			y := top - (vg.Length(i)+0.5)*priceRow
			figure.Label.Lines(c, r.Min.X+left-8, y, fitted(names[i], priceNames), figure.Right)
			figure.Fill(c, figure.Box(f.At(min(p.Change, 0)), y-5, f.At(max(p.Change, 0)), y+5), colorOf(p))
			if f.At(p.Upper)-f.At(p.Lower) > 2 {
				figure.DrawSpan(c, f.At(p.Lower), f.At(p.Upper), y)
			}
			figure.Label.Write(c, r.Max.X-2, y, changes[i], figure.Right)
		}
		f.Pole(c, 0, figure.ThinLine)
	}
	height := 4 + vg.Length(len(rows))*priceRow + figure.BottomMargin
	return figure.Sheet{Header: header(d, pricesFinding(d), notes...), Legend: legend,
		Lay: figure.Fixed(height, body)}.Chart(b.String()), nil
}

// colorOf returns the colour of a step.
func colorOf(p table.DesignPrice) color.NRGBA {
	switch {
	case !p.Sure():
		return unsureColor
	case p.Change > 0:
		return gainColor
	}
	return costColor
}

// pricesFinding names the step that surely costs most, and one that surely gains.
func pricesFinding(d *store.Designs) string {
	all, of := d.Charts.Prices, changeOf(d).name
	sure := slices.DeleteFunc(slices.Clone(all), func(p table.DesignPrice) bool { return !p.Sure() })
	if len(sure) == 0 {
		return "no next step of a knob surely changes the " + of
	}
	least := slices.MinFunc(sure, func(a, b table.DesignPrice) int {
		return cmp.Compare(a.Change, b.Change)
	})
	most := slices.MaxFunc(sure, func(a, b table.DesignPrice) int {
		return cmp.Compare(a.Change, b.Change)
	})
	step := func(p table.DesignPrice, verb string) string {
		return fmt.Sprintf("%s %s in place of %s %s %.1f min", p.Knob, p.To, p.From, verb,
			math.Abs(p.Change)/60)
	}
	var parts []string
	if most.Change > 0 {
		text := step(most, "gains")
		if most.Breaks {
			text += ", but breaks a requirement"
		}
		parts = append(parts, text)
	}
	if least.Change < 0 {
		parts = append(parts, step(least, "costs"))
	}
	text := strings.Join(parts, "; ")
	if rest := len(all) - len(sure); len(sure) == 1 && rest > 0 {
		text += "; no other step surely changes the " + of
	}
	return text
}

// Change writes a change of a cap.
func Change(seconds float64) string {
	text := fmt.Sprintf("%+.1f min", seconds/60)
	if text == "+0.0 min" || text == "-0.0 min" {
		return "0"
	}
	return strings.Replace(text, "-", "−", 1)
}

// fitted breaks a name into at most two lines.
func fitted(name string, width vg.Length) []string {
	lines := figure.Label.Wrap(name, width)
	if len(lines) > 2 {
		lines = append(lines[:1], "…")
	}
	return lines
}

func drawPrices(d *store.Designs, _ Axes) ([]plots.Named, error) {
	c, err := PricesChart(d)
	if err != nil {
		return nil, err
	}
	return []plots.Named{named(c, string(KindPrices))}, nil
}
