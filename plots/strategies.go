package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/internal/notation"
	"budget/model"
	"budget/plots/figure"
	"budget/sweep/store"
	"budget/sweep/table"
)

// KindStrategies is the kind of charts in this file.
const KindStrategies Kind = "strategies"

// Sizes and colours of a chart of strategies.
const (
	strategyRow   = vg.Length(26)
	strategyNames = vg.Length(130) // at most
)

var (
	completedColor = figure.SeriesColors[0]
	plannedLine    = draw.LineStyle{Color: figure.Muted, Width: 0.8}
)

// StrategiesChart lays ways to run a timer side by side: how often each fails by the end of the
// timer, and how many of its minutes in sessions are completed on average. A way without a
// session has no failure: its app counts less.
func StrategiesChart(h Heading, ways []table.TimerWay, tolerance float64) (*Chart, error) {
	if len(ways) == 0 {
		return nil, wrong("no ways to run a timer to draw")
	}
	lo, longest := tolerance, 0.0
	var names, minutes []string
	var b strings.Builder
	b.WriteString("Ways to run a timer: how often each fails and how many minutes it completes.")
	for _, way := range ways {
		if way.Name == "" {
			return nil, wrong("a way to run a timer has no name")
		}
		if !isDuration(way.Length) || way.Length == 0 || !isDuration(way.Completed) {
			return nil, wrongIn(way.Name, "it completes %g s of %g s", way.Completed, way.Length)
		}
		longest = max(longest, way.Length)
		if way.Failure > 0 {
			lo = min(lo, way.Failure)
		}
		names = append(names, way.Name)
		minutes = append(minutes, minutesOf(way))
		fmt.Fprintf(&b, " %s: ", notation.Sentence(way.Name))
		if hasNoSession(way) {
			fmt.Fprintf(&b, "counts %s.", minutes[len(minutes)-1])
		} else {
			fmt.Fprintf(&b, "fails: %s, %s.", seen(way), minutes[len(minutes)-1])
		}
	}
	entries := figure.Legend{
		figure.MarkerEntry("failure", figure.Circle, figure.Ink, false),
		figure.MarkerEntry("none seen", figure.Circle, figure.Ink, true),
		figure.NewEntry("its interval", 18, func(c draw.Canvas, mid vg.Point) {
			figure.DrawSpan(c, mid.X-9, mid.X+9, mid.Y)
		}),
		figure.PoleEntry("tolerance: "+notation.Percent(tolerance), toleranceLine),
		figure.PatchEntry("minutes completed, of those planned", completedColor),
	}
	if !slices.ContainsFunc(ways, func(w table.TimerWay) bool { return w.Failure == 0 }) {
		entries = slices.Delete(entries, 1, 2)
	}
	left := min(figure.Label.Width(names...), strategyNames) + 10
	right := figure.Label.Width(minutes...) + 8
	body := func(c draw.Canvas, r vg.Rectangle) {
		bottom := r.Min.Y + figure.BottomMargin
		top := r.Max.Y - 4
		strategyRow := (top - bottom) / vg.Length(len(ways))
		middle := r.Min.X + left + 0.5*(r.Max.X-right-r.Min.X-left)
		for i := 0; i < len(ways); i += 2 {
			y := top - vg.Length(i)*strategyRow
			figure.Fill(c, figure.Box(r.Min.X, y-strategyRow, r.Max.X, y), figure.Banded)
		}
		fails := figure.Panel{X: figure.Decades("Fails by the end (logarithmic)",
			math.Pow(10, math.Floor(math.Log10(max(lo, 1e-5)))), 1, notation.Percent)}.Draw(c,
			figure.Box(r.Min.X+left, bottom, middle-14, top))
		done := figure.Panel{X: figure.Durations("Completed on average", longest)}.Draw(c,
			figure.Box(middle+14, bottom, r.Max.X-right, top))
		fails.Pole(c, tolerance, toleranceLine)
		for i, way := range ways {
			y := top - (vg.Length(i)+0.5)*strategyRow
			lines := figure.Label.Wrap(way.Name, strategyNames)
			figure.Label.Lines(c, r.Min.X+left-8, y, lines, figure.Right)
			figure.Label.Write(c, r.Max.X-2, y, minutes[i], figure.Right)
			drawWay(c, fails, done, way, y)
		}
	}
	height := 4 + vg.Length(len(ways))*strategyRow + figure.BottomMargin
	return figure.Sheet{Header: h.Header(strategiesFinding(ways)), Legend: entries,
		Lay: figure.Fixed(height, body)}.Chart(b.String()), nil
}

// minutesOf writes the minutes that a way completes. Those that an app without a session counts
// are rounded down, as in its own display.
func minutesOf(way table.TimerWay) string {
	completed := math.Round(way.Completed / 60)
	if hasNoSession(way) {
		completed = math.Floor(way.Completed / 60)
	}
	return fmt.Sprintf("%.0f of %.0f min", completed, math.Floor(way.Length/60))
}

// hasNoSession reports whether a way to run a timer has no session that could fail.
func hasNoSession(way table.TimerWay) bool { return math.IsNaN(way.Failure) }

// drawWay draws the failure and the minutes of a way at height y.
func drawWay(c draw.Canvas, fails, done figure.Frame, way table.TimerWay, y vg.Length) {
	const half = vg.Length(6)
	bar := func(to float64) vg.Rectangle {
		return figure.Box(done.At(0), y-half, done.At(min(to, done.End())), y+half)
	}
	figure.Fill(c, bar(way.Completed), completedColor)
	figure.Outline(c, bar(way.Length), plannedLine)
	if hasNoSession(way) {
		figure.Note.Write(c, fails.Min.X+4, y, "no session: it stands still", figure.Left)
		return
	}
	place := func(p float64) vg.Length {
		return min(max(fails.At(max(p, 1e-12)), fails.Min.X), fails.Max.X)
	}
	figure.DrawSpan(c, place(way.Lower), place(way.Upper), y)
	figure.Circle.Draw(c, place(way.Failure), y, figure.Ink, way.Failure == 0)
}

// strategiesFinding says which way fails least and which most, where their intervals are apart.
func strategiesFinding(ways []table.TimerWay) string {
	var with []table.TimerWay
	var failures []float64
	for _, way := range ways {
		if !hasNoSession(way) {
			with, failures = append(with, way), append(failures, way.Failure)
		}
	}
	if len(with) == 0 {
		return "without a session the app counts " + minutesOf(ways[0])
	}
	if slices.ContainsFunc(with, func(w table.TimerWay) bool { return w.Resign != with[0].Resign }) {
		return completedFinding(with)
	}
	i, j := extremes(failures)
	least, most := with[i], with[j]
	if !(least.Upper < most.Lower) {
		text := fmt.Sprintf("%s fails in %s of timers", with[0].Name, notation.Chance(with[0].Failure))
		if len(with) > 1 {
			text += "; no other way is surely better or worse"
		}
		return text
	}
	text := fmt.Sprintf("%s fails least often (%s)", least.Name, seen(least))
	for k, way := range with {
		if k != i && !(least.Upper < way.Lower) {
			text = fmt.Sprintf("%s fails about as seldom as %s (%s)", least.Name, way.Name,
				seen(least))
		}
	}
	return fmt.Sprintf("%s, %s most often (%s)", text, most.Name, seen(most))
}

// completedFinding says which way completes most, of ways that differ in what leaving does. Their
// failures are not of the same users: who has left can no longer fail.
func completedFinding(with []table.TimerWay) string {
	most := slices.MaxFunc(with, func(a, b table.TimerWay) int {
		return cmp.Compare(a.Completed, b.Completed)
	})
	var as []string
	for _, way := range with {
		if way.Name != most.Name && minutesOf(way) == minutesOf(most) {
			as = append(as, "“"+way.Name+"”")
		}
	}
	text := fmt.Sprintf("“%s” completes most (%s), and %s fail", most.Name, minutesOf(most),
		failing(most))
	if len(as) > 0 {
		text += "; " + strings.Join(as, ", ") + " as much"
	}
	return text
}

// failing writes how many fail.
func failing(way table.TimerWay) string {
	if way.Failure == 0 {
		return "none is seen to"
	}
	return notation.Chance(way.Failure)
}

// seen writes how often a way fails.
func seen(way table.TimerWay) string {
	if way.Failure == 0 {
		return "none seen"
	}
	return notation.Chance(way.Failure)
}

func drawStrategies(t *store.Timer) ([]Named, error) {
	notes := "For users who mean to finish, on the same simulated watches. One session through the rests " +
		"has their minutes, too."
	var walls []string
	for _, way := range t.Charts.Ways {
		if way.Resign == model.ResignPause && !math.IsNaN(way.Wall) {
			walls = append(walls, fmt.Sprintf("%s (%s)", wallTime(way), way.Name))
		}
	}
	if len(walls) > 0 {
		notes += " On average those that complete take on the wall, with all pauses: " +
			strings.Join(walls, ", ") + "."
	}
	c, err := StrategiesChart(timerHeading(t, notes), t.Charts.Ways, t.Tolerance)
	return named(c, err, string(KindStrategies))
}
