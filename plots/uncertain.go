package plots

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/internal/notation"
	"budget/plots/figure"
	"budget/plots/selection"
	"budget/sweep"
	"budget/sweep/store"
	"budget/sweep/uncertainty"
)

// KindUncertain is the kind of charts in this file.
const KindUncertain Kind = "uncertainty"

// setsLine spans the caps of most sets.
var setsLine = draw.LineStyle{Color: fanInner, Width: 5}

// spreadCase is a case with its caps under the first reading, and spreadCap one of them with the
// ends of its line [s].
type (
	spreadCase struct {
		sweep.Case
		caps []spreadCap
	}
	spreadCap struct {
		uncertainty.CapSpread
		from, to float64
	}
)

// uncertainRow is the height of a tolerance's line.
const uncertainRow = vg.Length(19)

// robustText writes a robust cap, or the name of the state that stands in its place.
func robustText(of sweep.Case, c uncertainty.CapSpread) string {
	return notation.CapReached(of, c.RobustStatus, c.Robust)
}

// UncertainCapsChart draws how caps lie over uncertain inputs: for each case and tolerance a
// line from the 5 to the 95 % quantile of the caps of the sets of values, or from the least to
// the greatest cap of a few sets, with their median, the cap as assumed, that of the mean
// failure, and the one that a share of the sets carries. Caps under a second reading are left
// out.
func UncertainCapsChart(h Heading, spreads []uncertainty.CaseSpread) (*Chart, error) {
	var cases []spreadCase
	rows, longest := 0, 0.0
	var limited []sweep.Case
	names, robust := vg.Length(0), figure.Note.Width("robust")
	share := ""
	var b strings.Builder
	b.WriteString("Caps over uncertain inputs.")
	few := 0 // sets, where there are too few for quantiles
	for _, c := range spreads {
		var caps []spreadCap
		for j, found := range c.Caps {
			if found.Reading != c.Caps[0].Reading {
				continue
			}
			lower, upper, all := c.Range(j)
			if all {
				few = len(c.Sets)
			}
			caps = append(caps, spreadCap{found, lower, upper})
		}
		if len(caps) == 0 {
			continue
		}
		cases = append(cases, spreadCase{c.Case, caps})
		for _, found := range caps {
			median := found.Quantiles[1].Value
			for _, d := range []float64{found.from, median, found.to, found.Default,
				found.Predictive, found.Robust} {
				if !(d >= 0) {
					return nil, wrong("a cap of %s is %g s, want a duration", c.Session, d)
				}
				longest = max(longest, d)
			}
			if share == "" {
				share = notation.Percent(found.RobustShare)
			}
			robust = max(robust, figure.Label.Width(robustText(c.Case, found.CapSpread)))
			fmt.Fprintf(&b, " %s at %s: %s to %s, median %s; as assumed %s, predictive %s, robust %s.",
				c.SessionName, notation.Percent(found.Tolerance),
				notation.CapLength(c.Case, found.from), notation.CapLength(c.Case, found.to),
				notation.CapLength(c.Case, median), notation.CapLength(c.Case, found.Default),
				notation.CapState(c.Case, found.PredictiveStatus, found.Predictive),
				robustText(c.Case, found.CapSpread))
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
	spread := "caps of nine sets in ten"
	if few > 0 {
		spread = fmt.Sprintf("least to greatest cap: %d sets are too few for 5 to 95 %%", few)
	}
	entries := figure.Legend{
		figure.AcrossEntry(spread, setsLine),
		figure.MarkerEntry("their median", figure.Circle, colors[0], false),
		figure.MarkerEntry("cap as assumed", figure.Circle, figure.Muted, true),
		figure.MarkerEntry("predictive: of the mean failure", figure.Diamond, colors[2], false),
		figure.MarkerEntry("robust: holds for "+share+" of the sets", figure.Triangle,
			colors[1], false),
	}
	explain(&entries, len(limited) > 0, figure.PoleEntry(notation.LimitName(limited...), limitTick))
	x := capScale("Cap", longest)
	body := func(c draw.Canvas, r vg.Rectangle) {
		left, right := r.Min.X+names+figure.Note.Width("tolerance")+8+14, r.Max.X-robust-12
		y := r.Max.Y - figure.ColumnHeader
		uncertainRow := (y - r.Min.Y - figure.BottomMargin) / vg.Length(rows)
		figure.Note.Write(c, left-8, y+4, "tolerance", figure.RightFoot)
		figure.Note.Write(c, r.Max.X, y+4, "robust", figure.RightFoot)
		frame := figure.Panel{X: x}.Draw(c, figure.Box(left, r.Min.Y+figure.BottomMargin, right, y))
		for k, of := range cases {
			foot := y - vg.Length(len(of.caps))*uncertainRow
			if k%2 == 0 {
				figure.Fill(c, figure.Box(r.Min.X, foot, r.Max.X, y), figure.Banded)
			}
			if of.Limit > 0 && of.Limit <= x.Hi {
				figure.Rule(c, frame.At(of.Limit), foot+2, frame.At(of.Limit), y-2, limitTick)
			}
			name, note := of.SessionName, limitNote(of.Limit)
			for _, found := range of.caps {
				mid := y - uncertainRow/2
				if note != "" {
					figure.Note.Write(c, r.Min.X+3, mid-figure.NameLine, note, figure.Left)
				}
				figure.Label.Write(c, r.Min.X+3, mid, name, figure.Left)
				name, note = "", ""
				figure.Label.Write(c, left-8, mid, notation.Percent(found.Tolerance), figure.Right)
				figure.Label.Write(c, r.Max.X-2, mid, robustText(of.Case, found.CapSpread), figure.Right)
				figure.Rule(c, frame.At(found.from), mid, frame.At(found.to), mid, setsLine)
				figure.Circle.Draw(c, frame.At(found.Quantiles[1].Value), mid, colors[0], false)
				figure.Circle.Draw(c, frame.At(found.Default), mid, figure.Muted, true)
				figure.Diamond.Draw(c, frame.At(found.Predictive), mid, colors[2], false)
				figure.Triangle.Draw(c, frame.At(found.Robust), mid, colors[1], false)
				y -= uncertainRow
			}
		}
	}
	height := figure.ColumnHeader + vg.Length(rows)*uncertainRow + figure.BottomMargin
	return figure.Sheet{Header: h.Header(spreadFinding(cases)), Legend: entries,
		Lay: figure.Fixed(height, body)}.Chart(b.String()), nil
}

// spreadFinding says how far the uncertain inputs move the caps at the headline tolerance: that
// of the case which they move most.
func spreadFinding(cases []spreadCase) string {
	var moved []float64
	var texts []string
	for _, c := range cases {
		var tolerances []float64
		for _, found := range c.caps {
			tolerances = append(tolerances, found.Tolerance)
		}
		at := selection.Headline(tolerances)
		found := c.caps[slices.Index(tolerances, at)]
		moved = append(moved, found.to-found.from)
		texts = append(texts, fmt.Sprintf("%s, from %s to %s (at %s)", sessionName(c.Case),
			notation.Drawn(c.Case, found.from, c.Horizon), notation.Drawn(c.Case, found.to, c.Horizon),
			notation.Percent(at)))
	}
	_, most := extremes(moved)
	if len(cases) == 1 {
		return "uncertain inputs move the cap of " + texts[most]
	}
	return "uncertain inputs move caps most for " + texts[most]
}

// limitNote writes a limit, if there is one.
func limitNote(limit float64) string {
	if limit <= 0 {
		return ""
	}
	return "limit " + notation.Length(limit)
}

// UncertainFailureChart draws the failure of sessions by length over so many sets of values of
// uncertain inputs: the band of nine sets in ten where there are enough sets, their median and
// mean, and the failure as assumed, for users who mean to finish.
func UncertainFailureChart(h Heading, b uncertainty.Band, sets int, tolerances []float64) (*Chart,
	error) {
	n := len(b.Durations)
	q := b.Quantiles
	if n < 2 || slices.ContainsFunc([][]float64{b.Mean, b.Default, q[0], q[1], q[2]},
		func(y []float64) bool { return len(y) != n }) {
		return nil, wrong("a band of %d durations, "+
			"want as many values of each curve, and at least two", n)
	}
	last, by := n, tellingLength(b.Durations, h.Case)
	if limit := h.Case.Limit; limit > 0 {
		last = max(lastUpTo(b.Durations, limit), 1) + 1
	}
	x := b.Durations[:last]
	lowest := leastPositive(1, tolerances...)
	curve := func(i int, name string, y []float64) figure.Series {
		s := figure.NewSeries(i, name)
		s.X, s.Y = x, y[:last]
		lowest = leastPositive(lowest, s.Y...)
		return s
	}
	enough := sets >= uncertainty.LeastSets
	median, between := "median of the sets", ""
	if enough {
		median += ", with nine in ten"
		between = fmt.Sprintf(", nine sets in ten %s to %s", notation.Chance(q[0][by]),
			notation.Chance(q[2][by]))
	} else {
		h.Notes = append(slices.Clone(h.Notes), fmt.Sprintf("No band: %d sets of values are too few for "+
			"their 5 to 95 %%, which takes %d.", sets, uncertainty.LeastSets))
	}
	what := fmt.Sprintf("of %s sessions fail", notation.Length(b.Durations[by]))
	if h.Case.Cycles != "" {
		what = timersFail
	}
	finding := fmt.Sprintf("%s %s as assumed, %s on average over uncertain inputs",
		notation.Chance(b.Default[by]), what, notation.Chance(b.Mean[by]))
	g := figure.Graph{Header: h.Header(finding), Curves: figure.Crowd{
		curve(0, median, q[1]),
		curve(2, "mean of the sets: predictive", b.Mean),
		curve(1, "as assumed", b.Default),
	}, Across: tolerated(tolerances), Poles: limitPole(h.Case)}
	if enough {
		g.Curves[0].Lower, g.Curves[0].Upper = q[0][:last], q[2][:last]
	}
	g.X = LengthAxis(h.Case, x[last-1])
	g.Y = figure.Decades("Sessions that fail (logarithmic)", max(lowest/2, 1e-5), 1, notation.Percent)
	return g.Chart(fmt.Sprintf("Failure of sessions over uncertain inputs. By %s: as assumed %s, mean %s%s.",
		notation.Length(b.Durations[by]), notation.Chance(b.Default[by]), notation.Chance(b.Mean[by]),
		between)), nil
}

// DrawUncertainty makes the charts of what budget uncertainty finds: one of all caps, and
// one of the failure curves of each case, under the first reading.
func DrawUncertainty(u *uncertainty.Spread) ([]Named, error) {
	const toFinish = "For users who mean to finish."
	d, p := u.Design, u.Provenance
	small := fmt.Sprintf("“%s” · %s sets of %s paths · seed %d", p.Scenario,
		notation.Count(int64(d.Sets)), notation.Count(d.Paths), p.Seed)
	if len(p.Readings) > 0 {
		small += " · " + notation.Grants(p.Readings[0])
	}
	h := Heading{Notes: []string{toFinish + " A case without a cap stands at 0."},
		Foot: []string{small}}
	c, err := UncertainCapsChart(h, u.Cases)
	if err != nil {
		return nil, err
	}
	out := []Named{{string(KindUncertain), c}}
	for _, found := range u.Cases {
		if len(found.Bands) == 0 {
			continue
		}
		of := small + fmt.Sprintf(" · device %s · environment %s", found.Device, found.Environment)
		h := Heading{Case: found.Case, Notes: []string{toFinish}, Foot: []string{of}}
		c, err := UncertainFailureChart(h, found.Bands[0], len(found.Sets), p.Tolerances)
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
	u, err := beside(r, uncertainty.SpreadFile, uncertainty.ReadSpread,
		func(u *uncertainty.Spread) sweep.Provenance { return u.Provenance }, LackUncertainty,
		"there is no analysis of uncertain inputs beside the results")
	if err != nil {
		return nil, err
	}
	return DrawUncertainty(u)
}
