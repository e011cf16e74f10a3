package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"budget/plots/figure"
	"budget/sweep/store"

	"budget/sweep"
)

// KindLoad is the kind of charts in this file.
const KindLoad Kind = "load"

// Frontier is the cap against a load, or whatever number varies, at one tolerance.
type Frontier struct {
	Tolerance float64
	Load      []float64 // ascending
	Caps      []sweep.Cap
}

// LoadChart draws the cap against the load: the frontier of the power budget. The plans
// under the curve of the smallest tolerance are shaded: they are safe at every one. Beside
// it stands, for round durations, the largest load simulated at which such a plan is still
// safe, as all smaller loads are; nothing is read off between two loads.
func LoadChart(h Heading, load, unit string, frontiers []Frontier) (*figure.Chart, error) {
	if len(frontiers) == 0 {
		return nil, fmt.Errorf("plots: no frontiers to draw")
	}
	lo, hi, longest := math.Inf(1), math.Inf(-1), h.Case.Limit
	frontiers = slices.Clone(frontiers)
	slices.SortFunc(frontiers, func(a, b Frontier) int { return cmp.Compare(a.Tolerance, b.Tolerance) })
	g := figure.Graph{Header: h.header("the cap, by " + load), Title: "tolerated"}
	for i, f := range frontiers {
		if len(f.Load) < 2 || len(f.Load) != len(f.Caps) {
			return nil, fmt.Errorf("plots: %d loads with %d caps, want as many, and at least two", len(f.Load), len(f.Caps))
		}
		c := figure.Series{Name: percent(f.Tolerance), X: f.Load, Marked: true}.Style(i)
		for k, cap := range f.Caps {
			if err := checkCaps([]sweep.Cap{cap}); err != nil {
				return nil, fmt.Errorf("plots: %w", err)
			}
			if math.IsNaN(f.Load[k]) || k > 0 && f.Load[k] <= f.Load[k-1] {
				return nil, fmt.Errorf("plots: loads do not ascend: %g follows %g", f.Load[k], f.Load[max(k-1, 0)])
			}
			value, upper := capEnds(cap)
			longest = longer(longest, value)
			c.Y, c.Lower, c.Upper = append(c.Y, value), append(c.Lower, value), append(c.Upper, upper)
		}
		lo, hi = min(lo, f.Load[0]), max(hi, f.Load[len(f.Load)-1])
		g.Curves = append(g.Curves, c)
	}
	first := g.Curves[0]
	for _, run := range first.Runs() {
		g.Below = append(g.Below, figure.Band{X: first.X[run[0]:run[1]], Lower: make([]float64, run[1]-run[0]), Upper: first.Y[run[0]:run[1]], Color: safeColor})
	}
	margin := 0.03 * (hi - lo)
	ticks := figure.EvenTicks(lo-margin, hi+margin, 7)
	g.X = figure.Scale{Title: sentence(load) + unitText(unit), Lo: lo - margin, Hi: hi + margin, Ticks: ticks}
	g.Y = figure.DurationScale("Safe cap", longest)
	g.Across = limitAcross(h.Case.Limit)
	g.Legend = figure.Legend{figure.PatchEntry("band: how long it could be", figure.Faint), figure.PatchEntry("safe at every tolerance drawn", safeColor)}
	if len(g.Across) > 0 {
		g.Legend = append(g.Legend, figure.AcrossEntry("documented limit", limitLine))
	}
	told := frontiers[:min(len(frontiers), 3)]
	var at []string
	for _, f := range told {
		at = append(at, percent(f.Tolerance))
	}
	g.Readout = append(figure.Wrap("Largest load simulated at which plans are safe at "+strings.Join(at, ", ")+":", figure.LabelSize, figure.LegendWidth),
		readout(told, unit, longest)...)
	description := fmt.Sprintf("Safe cap against %s%s. %s", load, unitText(unit), strings.Join(g.Readout, " "))
	return g.Chart(description), nil
}

// safeColor fills what is safe.
var safeColor = figure.Tint(figure.SeriesColors[4], 0.16)

// unitText writes a unit after the title of an axis.
func unitText(unit string) string {
	if unit == "" {
		return ""
	}
	return " (" + unit + ")"
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
	step := figure.NiceStep(longest/60, []float64{1, 2, 5, 10, 15, 20, 30, 60, 120, 240}) * 60
	var out []string
	for d := step; d <= longest*(1+1e-9); d += step {
		var texts []string
		none := true
		for _, f := range frontiers {
			text := "none"
			if load := f.largest(d); !math.IsNaN(load) {
				text, none = floored(load), false
			}
			texts = append(texts, text)
		}
		if none {
			return append(out, duration(d)+": none")
		}
		out = append(out, strings.TrimSpace(duration(d)+": "+strings.Join(texts, ", ")+" "+unit))
	}
	return out
}

// loadAxis returns what the load depends on: the column that moves it while all others are
// held, those of the watch and its surroundings last.
func (v view) loadAxis() (dimension, bool) {
	load, _ := v.dimension(loadName)
	var last []dimension
	for _, d := range v.varying() {
		if held, _ := v.hold(d); len(held.levels(load)) > 1 {
			if d.name != "device" && d.name != "environment" {
				return d, true
			}
			last = append(last, d)
		}
	}
	if len(last) > 0 {
		return last[0], true
	}
	return dimension{}, false
}

func (v view) drawLoad() ([]Named, error) {
	x, err := v.dimension(loadName)
	if v.choice.X != "" {
		x, err = v.dimension(v.choice.X)
	}
	if err != nil {
		return nil, err
	}
	along := x
	if x.name == loadName {
		var ok bool
		if along, ok = v.loadAxis(); !ok {
			return nil, &Missing{KindLoad, "the mean power of the watch does not vary: expected a plan over a workload's power, such as workload.seated.power, or another number by --x"}
		}
	}
	if !x.number {
		return nil, unfit("%s is no number: expected one as the axis of a load chart", x.name)
	}
	held, text := v.hold(along)
	var notes []string
	if text != "" {
		notes = append(notes, text)
	}
	cells := slices.DeleteFunc(slices.Clone(held.cells), func(c *store.Cell) bool { return math.IsNaN(x.at(x.value(c))) })
	slices.SortStableFunc(cells, func(a, b *store.Cell) int {
		switch xa, xb := x.at(x.value(a)), x.at(x.value(b)); {
		case xa < xb:
			return -1
		case xa > xb:
			return 1
		}
		return 0
	})
	cells = slices.CompactFunc(cells, func(a, b *store.Cell) bool { return x.value(a) == x.value(b) })
	if len(cells) < 2 {
		return nil, &Missing{KindLoad, x.name + " does not vary"}
	}
	frontiers := make([]Frontier, len(v.tolerances()))
	if err := each(len(frontiers), func(i int) error {
		f := &frontiers[i]
		f.Tolerance = v.tolerances()[i]
		for _, cell := range cells {
			found, err := v.cap(cell, f.Tolerance)
			if err != nil {
				return err
			}
			f.Load, f.Caps = append(f.Load, x.at(x.value(cell))), append(f.Caps, found)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	c, err := LoadChart(v.heading(cells[0], notes...), x.title, x.unit, frontiers)
	return named(c, err, "load", v.session)
}
