package plots

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/sweep"
)

// UnknownCapsChart draws how caps lie over what is not known: for each case and tolerance a
// line from the 5 to the 95 % quantile of the caps of the sets, with their median, the cap
// as assumed, that of the mean failure, and the one that a share of all that is not known
// carries. Caps under a second reading are left out.
func UnknownCapsChart(h Heading, cases []sweep.UncertainCase) (*Chart, error) {
	type lane struct {
		cap  sweep.UncertainCap
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
		names = max(names, textWidth(l.name, labelSize), textWidth(l.note, noteSize))
	}
	share := lanes[0].cap.RobustShare
	entries := legend{
		{"caps of nine sets in ten", 18, func(c draw.Canvas, mid vg.Point) { rule(c, mid.X-9, mid.Y, mid.X+9, mid.Y, setsLine) }},
		{"their median", 9, func(c draw.Canvas, mid vg.Point) { drawMarker(c, mid, circle, seriesColors[0], false) }},
		{"cap as assumed", 9, func(c draw.Canvas, mid vg.Point) { drawMarker(c, mid, circle, muted, true) }},
		{"predictive: of the mean failure", 9, func(c draw.Canvas, mid vg.Point) { drawMarker(c, mid, diamond, seriesColors[2], false) }},
		{"robust: " + percent(share) + " of what is not known carry it", 9, func(c draw.Canvas, mid vg.Point) { drawMarker(c, mid, triangle, seriesColors[1], false) }},
	}
	if limited {
		entries = append(entries, poleEntry("documented limit", limitTick))
	}
	const row = vg.Length(19)
	columns := vg.Length(0)
	for _, l := range lanes {
		columns = max(columns, textWidth(capWords(l.cap.Robust), labelSize), textWidth("robust", noteSize))
	}
	tolerances := textWidth("tolerance", noteSize) + 8
	body := func(c draw.Canvas, r vg.Rectangle) {
		left, right := r.Min.X+names+tolerances+14, r.Max.X-columns-12
		panel := vg.Rectangle{Min: vg.Point{X: left, Y: r.Min.Y + bottomMargin}, Max: vg.Point{X: right, Y: r.Max.Y - columnHeader}}
		p := newPlot()
		durationScale("Cap", longest).set(&p.X)
		p.HideY()
		p.Y.Max = 1
		x := func(d float64) vg.Length { return panel.Min.X + (panel.Max.X-panel.Min.X)*vg.Length(p.X.Norm(d)) }
		write(c, vg.Point{X: left - 8, Y: panel.Max.Y + 4}, "tolerance", noteSize, muted, draw.XRight, draw.YBottom)
		write(c, vg.Point{X: r.Max.X, Y: panel.Max.Y + 4}, "robust", noteSize, muted, draw.XRight, draw.YBottom)
		drawPanel(c, p, panel)
		at, y := 0, panel.Max.Y
		for k, found := range cases {
			n := 0
			for at+n < len(lanes) && (n == 0 || lanes[at+n].name == "") {
				n++
			}
			block := vg.Rectangle{Min: vg.Point{X: r.Min.X, Y: y - vg.Length(n)*row}, Max: vg.Point{X: r.Max.X, Y: y}}
			if k%2 == 0 {
				fill(c, block, banded)
			}
			if found.Limit > 0 && found.Limit <= p.X.Max {
				rule(c, x(found.Limit), block.Min.Y+2, x(found.Limit), block.Max.Y-2, limitTick)
			}
			for _, l := range lanes[at : at+n] {
				mid := y - row/2
				if l.note != "" {
					write(c, vg.Point{X: r.Min.X + 3, Y: mid - nameLine}, l.note, noteSize, muted, draw.XLeft, draw.YCenter)
				}
				write(c, vg.Point{X: r.Min.X + 3, Y: mid}, l.name, labelSize, ink, draw.XLeft, draw.YCenter)
				write(c, vg.Point{X: left - 8, Y: mid}, percent(l.cap.Tolerance), labelSize, ink, draw.XRight, draw.YCenter)
				write(c, vg.Point{X: r.Max.X - 2, Y: mid}, capWords(l.cap.Robust), labelSize, ink, draw.XRight, draw.YCenter)
				q := l.cap.Quantiles
				rule(c, x(q[0].Value), mid, x(q[2].Value), mid, setsLine)
				drawMarker(c, vg.Point{X: x(q[1].Value), Y: mid}, circle, seriesColors[0], false)
				drawMarker(c, vg.Point{X: x(l.cap.Default), Y: mid}, circle, muted, true)
				drawMarker(c, vg.Point{X: x(l.cap.Predictive), Y: mid}, diamond, seriesColors[2], false)
				drawMarker(c, vg.Point{X: x(l.cap.Robust), Y: mid}, triangle, seriesColors[1], false)
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
	return sheet{h.header("Caps, and what is not known"), entries, columnHeader + vg.Length(len(lanes))*row + bottomMargin, body}.chart(b.String()), nil
}

// setsLine spans the caps of most sets.
var setsLine = draw.LineStyle{Color: fanInner, Width: 5}

func quantileValues(c sweep.UncertainCap) []float64 {
	var out []float64
	for _, q := range c.Quantiles {
		out = append(out, q.Value)
	}
	return out
}

// UnknownFailureChart draws the failure of plans by duration over what is not known: the
// band of nine sets in ten, their median and mean, and the failure as assumed, for a user
// who means to finish.
func UnknownFailureChart(h Heading, b sweep.UncertainBand, tolerances []float64) (*Chart, error) {
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
	curve := func(i int, name string, y, lower, upper []float64) series {
		s := series{name: name, x: b.Durations[:last+1], y: y[:last+1]}.style(i)
		if lower != nil {
			s.lower, s.upper = lower[:last+1], upper[:last+1]
		}
		for _, v := range s.y {
			if v > 0 {
				lowest = min(lowest, v)
			}
		}
		return s
	}
	g := graph{header: h.header("failure, and what is not known"), curves: crowd{
		curve(0, "median of the sets, with nine in ten", b.Quantiles[1], b.Quantiles[0], b.Quantiles[2]),
		curve(2, "mean of the sets: predictive", b.Mean, nil, nil),
		curve(1, "as assumed", b.Default, nil, nil),
	}}
	for _, t := range tolerances {
		lowest = min(lowest, t)
		g.across = append(g.across, mark{t, percent(t), toleranceLine})
	}
	ticks, unit := durationTicks(b.Durations[last])
	g.x = scale{title: "Planned duration (" + unit + ")", hi: b.Durations[last], ticks: ticks}
	lo := max(lowest/2, 1e-5)
	g.y = scale{title: "Plans that fail (logarithmic)", lo: lo, hi: 1, log: true, ticks: decadeTicks(lo, 1, percent)}
	g.poles = h.limitMarks()
	g.legend = legend{acrossEntry("tolerance", toleranceLine)}
	k := last
	if limit := h.Case.Limit; limit > 0 {
		for k > 0 && b.Durations[k] > limit*(1-1e-9) {
			k--
		}
	}
	return g.chart(fmt.Sprintf("Failure of plans over what is not known. By %s: as assumed %s, mean %s, nine sets in ten %s to %s.",
		duration(b.Durations[k]), share(b.Default[k]), share(b.Mean[k]), share(b.Quantiles[0][k]), share(b.Quantiles[2][k]))), nil
}

// DrawUncertainty makes the charts of what budget uncertainty finds: one of all caps, and
// one of the failure curves of each case, under the first reading.
func DrawUncertainty(u *sweep.Uncertainty) ([]Named, error) {
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
	several := slices.ContainsFunc(u.Cases, func(c sweep.UncertainCase) bool {
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

func drawUnknown(r *sweep.Results, _ Choice) ([]Named, error) {
	u, err := sweep.ReadUncertainty(r.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Missing{KindUnknown, "it takes what budget uncertainty -o leaves in the same directory"}
	}
	if err != nil {
		return nil, err
	}
	return DrawUncertainty(u)
}
