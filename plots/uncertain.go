package plots

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/internal/notation"
	"budget/plots/figure"
	"budget/sweep"
	"budget/sweep/store"
	"budget/sweep/uncertainty"
)

// KindUncertain is the kind of charts in this file.
const KindUncertain Kind = "unknown"

// setsLine spans the caps of most sets.
var setsLine = draw.LineStyle{Color: fanInner, Width: 5}

// uncertainRow is the height of a tolerance's line.
const uncertainRow = vg.Length(19)

// UncertainCapsChart draws how caps lie over what is uncertain: for each case and tolerance a
// line from the 5 to the 95 % quantile of the caps of the sets, with their median, the cap
// as assumed, that of the mean failure, and the one that a share of all that is uncertain
// carries. Caps under a second reading are left out.
func UncertainCapsChart(h Heading, cases []uncertainty.CaseSpread) (*Chart, error) {
	cases = slices.Clone(cases)
	rows, longest := 0, 0.0
	var limited []sweep.Case
	names, robust := vg.Length(0), figure.Note.Width("robust")
	share := ""
	var b strings.Builder
	b.WriteString("Caps over what is not known.")
	for k, c := range cases {
		caps := slices.DeleteFunc(slices.Clone(c.Caps), func(found uncertainty.CapSpread) bool {
			return found.Reading != c.Caps[0].Reading
		})
		cases[k].Caps = caps
		for _, found := range caps {
			q := found.Quantiles
			for _, d := range []float64{q[0].Value, q[1].Value, q[2].Value,
				found.Default, found.Predictive, found.Robust} {
				if !(d >= 0) {
					return nil, wrong("a cap of %s is %g s, want a duration", c.Session, d)
				}
				longest = max(longest, d)
			}
			if share == "" {
				share = notation.Percent(found.RobustShare)
			}
			robust = max(robust, figure.Label.Width(capWords(found.Robust)))
			fmt.Fprintf(&b, " %s at %s: %s to %s, median %s; as assumed %s, predictive %s, robust %s.",
				c.SessionName, notation.Percent(found.Tolerance),
				capWords(q[0].Value), capWords(q[2].Value), capWords(q[1].Value),
				capWords(found.Default), capWords(found.Predictive), capWords(found.Robust))
		}
		rows += len(caps)
		names = max(names, figure.Label.Width(c.SessionName), figure.Note.Width(limitNote(c.Limit)))
		if c.Limit > 0 && c.Limit <= 1.06*longest {
			limited = append(limited, c.Case)
		}
	}
	if rows == 0 {
		return nil, wrong("no caps to draw")
	}
	colors := figure.SeriesColors
	entries := figure.Legend{
		figure.AcrossEntry("caps of nine sets in ten", setsLine),
		figure.MarkerEntry("their median", figure.Circle, colors[0], false),
		figure.MarkerEntry("cap as assumed", figure.Circle, figure.Muted, true),
		figure.MarkerEntry("predictive: of the mean failure", figure.Diamond, colors[2], false),
		figure.MarkerEntry("robust: "+share+" of what is not known carry it", figure.Triangle,
			colors[1], false),
	}
	explain(&entries, len(limited) > 0, figure.PoleEntry(notation.LimitName(limited...), limitTick))
	x := capScale("Cap", longest)
	body := func(c draw.Canvas, r vg.Rectangle) {
		left, right := r.Min.X+names+figure.Note.Width("tolerance")+8+14, r.Max.X-robust-12
		y := r.Max.Y - figure.ColumnHeader
		figure.Note.Write(c, left-8, y+4, "tolerance", figure.RightFoot)
		figure.Note.Write(c, r.Max.X, y+4, "robust", figure.RightFoot)
		frame := figure.Panel{X: x}.Draw(c, figure.Box(left, r.Min.Y+figure.BottomMargin, right, y))
		for k, of := range cases {
			foot := y - vg.Length(len(of.Caps))*uncertainRow
			if k%2 == 0 {
				figure.Fill(c, figure.Box(r.Min.X, foot, r.Max.X, y), figure.Banded)
			}
			if of.Limit > 0 && of.Limit <= x.Hi {
				figure.Rule(c, frame.At(of.Limit), foot+2, frame.At(of.Limit), y-2, limitTick)
			}
			name, note := of.SessionName, limitNote(of.Limit)
			for _, found := range of.Caps {
				mid := y - uncertainRow/2
				if note != "" {
					figure.Note.Write(c, r.Min.X+3, mid-figure.NameLine, note, figure.Left)
				}
				figure.Label.Write(c, r.Min.X+3, mid, name, figure.Left)
				name, note = "", ""
				figure.Label.Write(c, left-8, mid, notation.Percent(found.Tolerance), figure.Right)
				figure.Label.Write(c, r.Max.X-2, mid, capWords(found.Robust), figure.Right)
				q := found.Quantiles
				figure.Rule(c, frame.At(q[0].Value), mid, frame.At(q[2].Value), mid, setsLine)
				figure.Circle.Draw(c, frame.At(q[1].Value), mid, colors[0], false)
				figure.Circle.Draw(c, frame.At(found.Default), mid, figure.Muted, true)
				figure.Diamond.Draw(c, frame.At(found.Predictive), mid, colors[2], false)
				figure.Triangle.Draw(c, frame.At(found.Robust), mid, colors[1], false)
				y -= uncertainRow
			}
		}
	}
	height := figure.ColumnHeader + vg.Length(rows)*uncertainRow + figure.BottomMargin
	return figure.Sheet{Header: h.header("Caps, and what is not known"), Legend: entries,
		Height: height, Body: body}.Chart(b.String()), nil
}

// limitNote writes a limit, if there is one.
func limitNote(limit float64) string {
	if limit <= 0 {
		return ""
	}
	return "limit " + notation.Length(limit)
}

// UncertainFailureChart draws the failure of plans by duration over what is uncertain: the
// band of nine sets in ten, their median and mean, and the failure as assumed, for a user
// who means to finish.
func UncertainFailureChart(h Heading, b uncertainty.Band, tolerances []float64) (*Chart, error) {
	n := len(b.Durations)
	q := b.Quantiles
	if n < 2 || slices.ContainsFunc([][]float64{b.Mean, b.Default, q[0], q[1], q[2]},
		func(y []float64) bool { return len(y) != n }) {
		return nil, wrong("a band of %d durations, "+
			"want as many values of each curve, and at least two", n)
	}
	last, by := n, n-1
	if limit := h.Case.Limit; limit > 0 {
		last = max(lastUpTo(b.Durations, beyond*limit), 1) + 1
		for by = last - 1; by > 0 && b.Durations[by] > limit*(1-1e-9); {
			by--
		}
	}
	x := b.Durations[:last]
	lowest := leastPositive(1, tolerances...)
	curve := func(i int, name string, y []float64) figure.Series {
		s := figure.NewSeries(i, name)
		s.X, s.Y = x, y[:last]
		lowest = leastPositive(lowest, s.Y...)
		return s
	}
	g := figure.Graph{Header: h.header("failure, and what is not known"), Curves: figure.Crowd{
		curve(0, "median of the sets, with nine in ten", q[1]),
		curve(2, "mean of the sets: predictive", b.Mean),
		curve(1, "as assumed", b.Default),
	}, Across: toleranceMarks(tolerances), Poles: limitPole(h.Case)}
	g.Curves[0].Lower, g.Curves[0].Upper = q[0][:last], q[2][:last]
	g.X = figure.Durations("Planned duration", x[last-1])
	g.Y = figure.Decades("Plans that fail (logarithmic)", max(lowest/2, 1e-5), 1, notation.Percent)
	g.Legend = figure.Legend{figure.AcrossEntry("tolerance", toleranceLine)}
	return g.Chart(fmt.Sprintf("Failure of plans over what is not known. "+
		"By %s: as assumed %s, mean %s, nine sets in ten %s to %s.",
		notation.Length(b.Durations[by]), notation.Chance(b.Default[by]), notation.Chance(b.Mean[by]),
		notation.Chance(q[0][by]), notation.Chance(q[2][by]))), nil
}

// DrawUncertainty makes the charts of what budget uncertainty finds: one of all caps, and
// one of the failure curves of each case, under the first reading.
func DrawUncertainty(u *uncertainty.Spread) ([]Named, error) {
	const toFinish = "For a user who means to finish."
	d, p := u.Design, u.Provenance
	small := fmt.Sprintf("“%s” · %s sets of %s paths · seed %d", p.Scenario,
		notation.Count(int64(d.Sets)), notation.Count(d.Paths), p.Seed)
	if len(p.Readings) > 0 {
		small += " · " + p.Readings[0] + " reading"
	}
	notes := []string{toFinish + " Lengths that cannot be promised are at 0.", small}
	c, err := UncertainCapsChart(Heading{Notes: notes}, u.Cases)
	if err != nil {
		return nil, err
	}
	out := []Named{{string(KindUncertain), c}}
	for _, found := range u.Cases {
		if len(found.Bands) == 0 {
			continue
		}
		of := small + fmt.Sprintf(" · device %s · environment %s", found.Device, found.Environment)
		h := Heading{found.Case, []string{toFinish, of}}
		c, err := UncertainFailureChart(h, found.Bands[0], p.Tolerances)
		if err != nil {
			return nil, err
		}
		name := caseName(KindUncertain, found.Case, u.Cases, func(c uncertainty.CaseSpread) sweep.Case {
			return c.Case
		})
		out = append(out, Named{name, c})
	}
	return out, nil
}

func drawUncertain(r *store.Results, _ Choice) ([]Named, error) {
	u, err := beside(r, uncertainty.ReadSpread, LackUncertainty,
		"there is no analysis of what is uncertain beside the results")
	if err != nil {
		return nil, err
	}
	return DrawUncertainty(u)
}
