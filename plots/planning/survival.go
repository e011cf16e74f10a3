package planning

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/internal/notation"
	"budget/plots"
	"budget/plots/figure"
	"budget/plots/selection"
	"budget/sweep"
	"budget/sweep/store"
)

// KindSurvival is the kind of charts in this file.
const KindSurvival plots.Kind = "survival"

// perStarts is the number of sessions that the numbers below the curves are of.
const perStarts = 1000

// SurvivalChart draws the sessions of one type that still run by length, in upright steps: of users
// who mean to finish, and of all as they use the app. Below stand the numbers of a thousand. Of a
// timer, failures count from the end of their cycle on.
func SurvivalChart(h plots.Heading, in sweep.Incidence) (*figure.Chart, error) {
	n := len(in.Durations)
	if n == 0 || len(in.Survival) != n || len(in.Failure) != n {
		return nil, fmt.Errorf("planning: %d durations with %d and %d values", n, len(in.Survival),
			len(in.Failure))
	}
	end := in.Durations[n-1]
	if in.Limit > 0 && in.Limit <= end {
		end = in.Limit
	}
	finish := figure.NewSeries(0, "users who mean to finish")
	used := figure.NewSeries(1, "all, as used")
	finish.Steps, used.Steps = figure.Held, figure.Held
	finish.Add(0, 1, 1, 1)
	used.Add(0, 1, 1, 1)
	last := 0 // the last length before all expire
	for k, d := range in.Durations {
		if d > end {
			break
		}
		s := in.Survival[k]
		failed, lower, upper := failedBy(in, d)
		finish.Add(d, 1-failed, 1-upper, 1-lower)
		used.Add(d, s.Value, s.Lower, s.Upper)
		if in.Limit <= 0 || d <= 0.99*in.Limit {
			last = k
		}
	}
	finish.End, used.End = in.Durations[last], in.Durations[last]
	count := func(p float64) int64 { return int64(math.Round(perStarts * p)) }
	x := plots.LengthAxis(in.Case, end)
	at := func(t float64, of func(int) float64) string {
		k := -1
		for i, d := range in.Durations {
			if d <= t*(1+1e-9) {
				k = i
			}
		}
		if k < 0 {
			return notation.Count(perStarts)
		}
		return notation.Count(count(of(k)))
	}
	finishing := func(k int) float64 {
		failed, _, _ := failedBy(in, in.Durations[k])
		return 1 - failed
	}
	rows := []struct {
		name string
		of   func(int) float64
	}{{"who mean to finish", finishing},
		{"all, as used", func(k int) float64 { return in.Survival[k].Value }}}
	const tableHead, table = 30, 3 * figure.NameLine
	lay := func(width vg.Length) figure.Body {
		const height = 230
		return figure.Body{Height: 8 + height + figure.BottomMargin + tableHead + table,
			Draw: func(c draw.Canvas, r vg.Rectangle) {
				left := r.Min.X + 116
				right := r.Max.X - 150
				bottom := r.Min.Y + table + tableHead
				area := figure.Box(left, bottom+figure.BottomMargin-16, right, r.Max.Y-8)
				panel := figure.Panel{X: x, Y: figure.Shares("Still running", 1),
					Plots: []figure.Plotter{figure.Crowd{finish, used}}}
				frame := panel.Draw(c, area)
				if in.Limit > 0 && in.Limit <= end {
					frame.Pole(c, in.Limit, limitLine)
				}
				figure.DrawEnds(c, frame, figure.Crowd{finish, used}, 150)
				figure.Quiet.Write(c, r.Min.X, r.Min.Y+2.5*figure.NameLine,
					"Still running, of 1 000 sessions", figure.Left)
				for i, row := range rows {
					y := r.Min.Y + (1.5-vg.Length(i))*figure.NameLine
					figure.Label.Write(c, r.Min.X, y, row.name, figure.Left)
					for _, t := range x.Ticks {
						if t.Label == "" {
							continue
						}
						figure.Label.Write(c, frame.At(t.Value), y, at(t.Value, row.of), figure.Center)
					}
				}
			}}
	}
	finding := fmt.Sprintf("of 1 000 sessions of users who mean to finish, %s still run after %s; of all, "+
		"as used, %s", notation.Count(count(finishing(last))),
		notation.Length(in.Durations[last]), notation.Count(count(in.Survival[last].Value)))
	var b strings.Builder
	b.WriteString("Sessions that still run by length, of 1 000 of users who mean to finish and of all.")
	for _, t := range x.Ticks {
		fmt.Fprintf(&b, " %s: %s and %s.", notation.Length(t.Value), at(t.Value, rows[0].of),
			at(t.Value, rows[1].of))
	}
	legend := figure.Legend{figure.PatchEntry("band: interval at each length", figure.Faint)}
	if in.Limit > 0 && in.Limit <= end {
		legend = append(legend, figure.PoleEntry(notation.LimitName(in.Case)+", at which all expire",
			limitLine))
	}
	return figure.Sheet{Header: h.Header(finding), Legend: legend, Lay: lay}.Chart(b.String()), nil
}

// failedBy returns the share that has failed by a length, or of a timer by the last end of a cycle
// up to a position on its clock [s]. Within a cycle the tables have what fails by its end.
func failedBy(in sweep.Incidence, length float64) (failed, lower, upper float64) {
	if in.Cycles != "" {
		done := in.Cycles.By(length)
		if done == 0 {
			return 0, 0, 0
		}
		length = in.Cycles.Ends()[done-1]
	}
	for k, d := range in.Durations {
		if d <= length*(1+1e-9) {
			failed, lower, upper = in.Failure[k].Value, in.Failure[k].Lower, in.Failure[k].Upper
		}
	}
	return failed, lower, upper
}

func drawSurvival(r *store.Results, c plots.Choice) ([]plots.Named, error) {
	views, err := selection.Views(r, c)
	if err != nil {
		return nil, err
	}
	var out []plots.Named
	for _, v := range views {
		held, notes := v.Hold()
		cell := held.Cells[0]
		if told := r.Provenance.IncidenceReading; r.Plan == nil && v.Reading != told {
			return nil, &plots.Missing{Kind: KindSurvival, Reason: fmt.Sprintf("the table of endings "+
				"follows the %s reading, not the %s one", told, v.Reading)}
		}
		in, err := cell.Incidence(v.Reading)
		if err != nil {
			return nil, err
		}
		chart, err := SurvivalChart(plots.HeadingOf(v, held.Cells[:1], notes...), in)
		drawn, err := named(chart, err, string(KindSurvival)+"-"+v.Session)
		if err != nil {
			return nil, err
		}
		out = append(out, drawn...)
	}
	return out, nil
}
