package plots

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"budget/plots/figure"
	"budget/sweep/store"
	"budget/sweep/uncertainty"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// KindUnknown is the kind of charts in this file.
const KindUnknown Kind = "unknown"

// UnknownCapsChart draws how caps lie over what is not known: for each case and tolerance a
// line from the 5 to the 95 % quantile of the caps of the sets, with their median, the cap
// as assumed, that of the mean failure, and the one that a share of all that is not known
// carries. Caps under a second reading are left out.
func UnknownCapsChart(h Heading, cases []uncertainty.CaseSpread) (*figure.Chart, error) {
	type lane struct {
		cap  uncertainty.CapSpread
		name string // of the case, where the lane is its first
		note string
	}
	var lanes []lane
	longest, limited := 0.0, false
	for _, c := range cases {
		for i, found := range c.Caps {
			if found.Reading != c.Caps[0].Reading {
				continue
			}
			for _, d := range append(quantileValues(found), found.Default, found.Predictive, found.Robust) {
				if !(d >= 0) {
					return nil, fmt.Errorf("plots: a cap of %s is %g s, want a duration", c.Session, d)
				}
				longest = max(longest, d)
			}
			l := lane{cap: found}
			if i == 0 {
				l.name = c.SessionName
				if c.Limit > 0 {
					l.note = "limit " + duration(c.Limit)
				}
			}
			lanes = append(lanes, l)
		}
		limited = limited || c.Limit > 0 && c.Limit <= 1.06*longest
	}
	if len(lanes) == 0 {
		return nil, fmt.Errorf("plots: no caps to draw")
	}
	names := vg.Length(0)
	for _, l := range lanes {
		names = max(names, figure.TextWidth(l.name, figure.LabelSize), figure.TextWidth(l.note, figure.NoteSize))
	}
	share := lanes[0].cap.RobustShare
	entries := figure.Legend{
		{Text: "caps of nine sets in ten", Width: 18, Draw: func(c draw.Canvas, mid vg.Point) { figure.Rule(c, mid.X-9, mid.Y, mid.X+9, mid.Y, setsLine) }},
		{Text: "their median", Width: 9, Draw: func(c draw.Canvas, mid vg.Point) {
			figure.DrawMarker(c, mid, figure.Circle, figure.SeriesColors[0], false)
		}},
		{Text: "cap as assumed", Width: 9, Draw: func(c draw.Canvas, mid vg.Point) { figure.DrawMarker(c, mid, figure.Circle, figure.Muted, true) }},
		{Text: "predictive: of the mean failure", Width: 9, Draw: func(c draw.Canvas, mid vg.Point) {
			figure.DrawMarker(c, mid, figure.Diamond, figure.SeriesColors[2], false)
		}},
		{Text: "robust: " + percent(share) + " of what is not known carry it", Width: 9, Draw: func(c draw.Canvas, mid vg.Point) {
			figure.DrawMarker(c, mid, figure.Triangle, figure.SeriesColors[1], false)
		}},
	}
	if limited {
		entries = append(entries, figure.PoleEntry("documented limit", limitTick))
	}
	const row = vg.Length(19)
	columns := vg.Length(0)
	for _, l := range lanes {
		columns = max(columns, figure.TextWidth(capWords(l.cap.Robust), figure.LabelSize), figure.TextWidth("robust", figure.NoteSize))
	}
	tolerances := figure.TextWidth("tolerance", figure.NoteSize) + 8
	body := func(c draw.Canvas, r vg.Rectangle) {
		left, right := r.Min.X+names+tolerances+14, r.Max.X-columns-12
		panel := vg.Rectangle{Min: vg.Point{X: left, Y: r.Min.Y + figure.BottomMargin}, Max: vg.Point{X: right, Y: r.Max.Y - figure.ColumnHeader}}
		p := figure.NewPlot()
		figure.DurationScale("Cap", longest).Set(&p.X)
		p.HideY()
		p.Y.Max = 1
		x := func(d float64) vg.Length { return panel.Min.X + (panel.Max.X-panel.Min.X)*vg.Length(p.X.Norm(d)) }
		figure.Write(c, vg.Point{X: left - 8, Y: panel.Max.Y + 4}, "tolerance", figure.NoteSize, figure.Muted, draw.XRight, draw.YBottom)
		figure.Write(c, vg.Point{X: r.Max.X, Y: panel.Max.Y + 4}, "robust", figure.NoteSize, figure.Muted, draw.XRight, draw.YBottom)
		figure.DrawPanel(c, p, panel)
		at, y := 0, panel.Max.Y
		for k, found := range cases {
			n := 0
			for at+n < len(lanes) && (n == 0 || lanes[at+n].name == "") {
				n++
			}
			block := vg.Rectangle{Min: vg.Point{X: r.Min.X, Y: y - vg.Length(n)*row}, Max: vg.Point{X: r.Max.X, Y: y}}
			if k%2 == 0 {
				figure.Fill(c, block, figure.Banded)
			}
			if found.Limit > 0 && found.Limit <= p.X.Max {
				figure.Rule(c, x(found.Limit), block.Min.Y+2, x(found.Limit), block.Max.Y-2, limitTick)
			}
			for _, l := range lanes[at : at+n] {
				mid := y - row/2
				if l.note != "" {
					figure.Write(c, vg.Point{X: r.Min.X + 3, Y: mid - figure.NameLine}, l.note, figure.NoteSize, figure.Muted, draw.XLeft, draw.YCenter)
				}
				figure.Write(c, vg.Point{X: r.Min.X + 3, Y: mid}, l.name, figure.LabelSize, figure.Ink, draw.XLeft, draw.YCenter)
				figure.Write(c, vg.Point{X: left - 8, Y: mid}, percent(l.cap.Tolerance), figure.LabelSize, figure.Ink, draw.XRight, draw.YCenter)
				figure.Write(c, vg.Point{X: r.Max.X - 2, Y: mid}, capWords(l.cap.Robust), figure.LabelSize, figure.Ink, draw.XRight, draw.YCenter)
				q := l.cap.Quantiles
				figure.Rule(c, x(q[0].Value), mid, x(q[2].Value), mid, setsLine)
				figure.DrawMarker(c, vg.Point{X: x(q[1].Value), Y: mid}, figure.Circle, figure.SeriesColors[0], false)
				figure.DrawMarker(c, vg.Point{X: x(l.cap.Default), Y: mid}, figure.Circle, figure.Muted, true)
				figure.DrawMarker(c, vg.Point{X: x(l.cap.Predictive), Y: mid}, figure.Diamond, figure.SeriesColors[2], false)
				figure.DrawMarker(c, vg.Point{X: x(l.cap.Robust), Y: mid}, figure.Triangle, figure.SeriesColors[1], false)
				y -= row
			}
			at += n
		}
	}
	var b strings.Builder
	b.WriteString("Caps over what is not known.")
	for _, c := range cases {
		for _, found := range c.Caps {
			if found.Reading == c.Caps[0].Reading {
				fmt.Fprintf(&b, " %s at %s: %s to %s, median %s; as assumed %s, predictive %s, robust %s.", c.SessionName, percent(found.Tolerance),
					capWords(found.Quantiles[0].Value), capWords(found.Quantiles[2].Value), capWords(found.Quantiles[1].Value),
					capWords(found.Default), capWords(found.Predictive), capWords(found.Robust))
			}
		}
	}
	return figure.Sheet{Header: h.header("Caps, and what is not known"), Legend: entries, Height: figure.ColumnHeader + vg.Length(len(lanes))*row + figure.BottomMargin, Body: body}.Chart(b.String()), nil
}

// setsLine spans the caps of most sets.
var setsLine = draw.LineStyle{Color: fanInner, Width: 5}

func quantileValues(c uncertainty.CapSpread) []float64 {
	var out []float64
	for _, q := range c.Quantiles {
		out = append(out, q.Value)
	}
	return out
}

// UnknownFailureChart draws the failure of plans by duration over what is not known: the
// band of nine sets in ten, their median and mean, and the failure as assumed, for a user
// who means to finish.
func UnknownFailureChart(h Heading, b uncertainty.Band, tolerances []float64) (*figure.Chart, error) {
	n := len(b.Durations)
	if n < 2 || len(b.Mean) != n || len(b.Default) != n || len(b.Quantiles[0]) != n || len(b.Quantiles[1]) != n || len(b.Quantiles[2]) != n {
		return nil, fmt.Errorf("plots: a band of %d durations, want as many values of each curve, and at least two", n)
	}
	last := n - 1
	if limit := h.Case.Limit; limit > 0 {
		for last > 1 && b.Durations[last] > beyond*limit {
			last--
		}
	}
	lowest := 1.0
	curve := func(i int, name string, y, lower, upper []float64) figure.Series {
		s := figure.Series{Name: name, X: b.Durations[:last+1], Y: y[:last+1]}.Style(i)
		if lower != nil {
			s.Lower, s.Upper = lower[:last+1], upper[:last+1]
		}
		for _, v := range s.Y {
			if v > 0 {
				lowest = min(lowest, v)
			}
		}
		return s
	}
	g := figure.Graph{Header: h.header("failure, and what is not known"), Curves: figure.Crowd{
		curve(0, "median of the sets, with nine in ten", b.Quantiles[1], b.Quantiles[0], b.Quantiles[2]),
		curve(2, "mean of the sets: predictive", b.Mean, nil, nil),
		curve(1, "as assumed", b.Default, nil, nil),
	}}
	for _, t := range tolerances {
		lowest = min(lowest, t)
		g.Across = append(g.Across, figure.Mark{At: t, Label: percent(t), Style: toleranceLine})
	}
	ticks, unit := figure.DurationTicks(b.Durations[last])
	g.X = figure.Scale{Title: "Planned duration (" + unit + ")", Hi: b.Durations[last], Ticks: ticks}
	lo := max(lowest/2, 1e-5)
	g.Y = figure.Scale{Title: "Plans that fail (logarithmic)", Lo: lo, Hi: 1, Log: true, Ticks: figure.DecadeTicks(lo, 1, percent)}
	g.Poles = h.limitMarks()
	g.Legend = figure.Legend{figure.AcrossEntry("tolerance", toleranceLine)}
	k := last
	if limit := h.Case.Limit; limit > 0 {
		for k > 0 && b.Durations[k] > limit*(1-1e-9) {
			k--
		}
	}
	return g.Chart(fmt.Sprintf("Failure of plans over what is not known. By %s: as assumed %s, mean %s, nine sets in ten %s to %s.",
		duration(b.Durations[k]), share(b.Default[k]), share(b.Mean[k]), share(b.Quantiles[0][k]), share(b.Quantiles[2][k]))), nil
}

// DrawUncertainty makes the charts of what budget uncertainty finds: one of all caps, and
// one of the failure curves of each case, under the first reading.
func DrawUncertainty(u *uncertainty.Spread) ([]Named, error) {
	d, p := u.Design, u.Provenance
	small := fmt.Sprintf("“%s” · %s sets of %s paths · seed %d", p.Scenario, count(int64(d.Sets)), count(d.Paths), p.Seed)
	if len(p.Readings) > 0 {
		small += " · " + p.Readings[0] + " reading"
	}
	c, err := UnknownCapsChart(Heading{Notes: []string{"For a user who means to finish. Lengths that cannot be promised are at 0.", small}}, u.Cases)
	if err != nil {
		return nil, err
	}
	out := []Named{{"unknown", c}}
	several := slices.ContainsFunc(u.Cases, func(c uncertainty.CaseSpread) bool {
		return c.Device != u.Cases[0].Device || c.Environment != u.Cases[0].Environment
	})
	for _, found := range u.Cases {
		if len(found.Bands) == 0 {
			continue
		}
		c, err := UnknownFailureChart(Heading{found.Case, []string{"For a user who means to finish.",
			small + fmt.Sprintf(" · device %s · environment %s", found.Device, found.Environment)}}, found.Bands[0], p.Tolerances)
		if err != nil {
			return nil, err
		}
		name := "unknown-" + found.Session
		if several {
			name += "-" + found.Device + "-" + found.Environment
		}
		out = append(out, Named{name, c})
	}
	return out, nil
}

func drawUnknown(r *store.Results, _ Choice) ([]Named, error) {
	u, err := uncertainty.ReadSpread(r.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Missing{KindUnknown, "it takes what budget uncertainty -o leaves in the same directory"}
	}
	if err != nil {
		return nil, err
	}
	return DrawUncertainty(u)
}
