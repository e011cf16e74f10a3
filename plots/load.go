package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"

	"budget/internal/notation"
	"budget/plots/figure"
	"budget/plots/selection"
	"budget/sweep"
	"budget/sweep/store"
)

// KindLoad is the kind of charts in this file.
const KindLoad Kind = "load"

// Frontier is the cap against a load, or whatever number varies, at one tolerance.
type Frontier struct {
	Tolerance float64
	Load      []float64 // ascending
	Caps      []sweep.Cap
}

// safeColor fills what is safe.
var safeColor = figure.Tint(figure.SeriesColors[4], 0.16)

// LoadChart draws the cap against the load: the frontier of the power budget. The plans
// under the curve of the smallest tolerance are shaded: they are safe at every one. Beside
// it stands, for round durations, the largest load simulated at which such a plan is still
// safe, as all smaller loads are; nothing is read off between two loads.
func LoadChart(h Heading, load, unit string, frontiers []Frontier) (*Chart, error) {
	if len(frontiers) == 0 {
		return nil, wrong("no frontiers to draw")
	}
	lo, hi, longest := math.Inf(1), math.Inf(-1), h.Case.Limit
	frontiers = slices.Clone(frontiers)
	slices.SortFunc(frontiers, func(a, b Frontier) int {
		return cmp.Compare(a.Tolerance, b.Tolerance)
	})
	g := figure.Graph{Header: h.header("the cap, by " + load), Of: "tolerated",
		Across: limitMark(h.Case.Limit, "limit")}
	for i, f := range frontiers {
		if len(f.Load) < 2 || len(f.Load) != len(f.Caps) {
			return nil, wrong("%d loads with %d caps, want as many, and at least two", len(f.Load),
				len(f.Caps))
		}
		c, most, err := capCurve(i, notation.Percent(f.Tolerance), "loads", f.Load, f.Caps)
		if err != nil {
			return nil, err
		}
		c.Marked = true
		lo, hi, longest = min(lo, f.Load[0]), max(hi, f.Load[len(f.Load)-1]), max(longest, most)
		g.Curves = append(g.Curves, c)
	}
	first := g.Curves[0]
	zeros := make([]float64, len(first.X))
	g.Below = []plot.Plotter{figure.Band{X: first.X, Lower: zeros, Upper: first.Y, Color: safeColor}}
	of := "" // the unit
	if unit != "" {
		of = " (" + unit + ")"
	}
	margin := 0.03 * (hi - lo)
	g.X = figure.Numbers(notation.Sentence(load)+of, lo-margin, hi+margin, 1, 7)
	g.Y = capScale("Safe cap", longest)
	g.Legend = figure.Legend{figure.PatchEntry("band: how long it could be", figure.Faint),
		figure.PatchEntry("safe at every tolerance drawn", safeColor)}
	explain(&g.Legend, len(g.Across) > 0, figure.AcrossEntry(notation.LimitName(h.Case), limitLine))
	told := frontiers[:min(len(frontiers), 3)]
	var at []float64
	for _, f := range told {
		at = append(at, f.Tolerance)
	}
	head := "Largest load simulated at which plans are safe at " + notation.Percents(at) + ":"
	g.Readout = append(figure.Label.Wrap(head, figure.LegendWidth), readout(told, unit, longest)...)
	words := strings.Join(g.Readout, " ")
	return g.Chart(fmt.Sprintf("Safe cap against %s%s. %s", load, of, words)), nil
}

// largest returns the largest load at which plans of a duration [s] are safe, as they are
// at all smaller ones; NaN if not even at the smallest.
func (f Frontier) largest(planned float64) float64 {
	found := math.NaN()
	for k, c := range f.Caps {
		if value, _ := capEnds(c); !(value >= planned) {
			break
		}
		found = f.Load[k]
	}
	return found
}

// readout writes the largest loads for round durations up to the longest, until there are
// none: "30 min: 53.8, 83.7, 203 mW".
func readout(frontiers []Frontier, unit string, longest float64) []string {
	step := figure.RoundMinutes(longest)
	var out []string
	for d := step; d <= longest*(1+1e-9); d += step {
		var texts []string
		none := true
		for _, f := range frontiers {
			text := "none"
			if load := f.largest(d); !math.IsNaN(load) {
				text, none = notation.Floor(load), false
			}
			texts = append(texts, text)
		}
		if none {
			return append(out, notation.Length(d)+": none")
		}
		out = append(out, strings.TrimSpace(notation.Length(d)+": "+strings.Join(texts, ", ")+" "+unit))
	}
	return out
}

// loadAxis returns what the load depends on: the column that moves it while all others are
// held, those of the watch and its surroundings last.
func loadAxis(v selection.View, load selection.Column) (along selection.Column, found bool) {
	for _, c := range v.Varying() {
		if held, _ := v.Hold(c); len(held.Levels(load)) > 1 {
			if c.Name != "device" && c.Name != "environment" {
				return c, true
			}
			if !found {
				along, found = c, true
			}
		}
	}
	return along, found
}

func drawLoad(v selection.View) ([]Named, error) {
	x, err := v.Column(cmp.Or(v.Choice.X, selection.MeanLoad))
	if err != nil {
		return nil, err
	}
	along := x
	if x.Name == selection.MeanLoad {
		var ok bool
		if along, ok = loadAxis(v, x); !ok {
			return nil, &Missing{Reason: "the mean power of the watch does not vary", Lack: LackLoads}
		}
	}
	if !x.Number {
		return nil, selection.Unfitf("%s is no number: expected one as the axis of a load chart", x.Name)
	}
	held, notes := v.Hold(along)
	cells := slices.DeleteFunc(slices.Clone(held.Cells), func(c *store.Cell) bool {
		return math.IsNaN(x.At(c))
	})
	slices.SortStableFunc(cells, func(a, b *store.Cell) int { return cmp.Compare(x.At(a), x.At(b)) })
	cells = slices.CompactFunc(cells, func(a, b *store.Cell) bool { return x.Value(a) == x.Value(b) })
	if len(cells) < 2 {
		return nil, missing("%s does not vary", x.Name)
	}
	var loads []float64
	for _, cell := range cells {
		loads = append(loads, x.At(cell))
	}
	frontiers, err := gather(v.Tolerances(), func(t float64) (Frontier, error) {
		f := Frontier{Tolerance: t, Load: loads}
		for _, cell := range cells {
			found, err := v.Cap(cell, t)
			if err != nil {
				return f, err
			}
			f.Caps = append(f.Caps, found)
		}
		return f, nil
	})
	if err != nil {
		return nil, err
	}
	unit, _ := x.Axis()
	c, err := LoadChart(heading(v, cells[0], notes...), x.Title, unit, frontiers)
	return named(c, err, string(KindLoad), v.Session)
}
