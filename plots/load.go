package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"budget/sweep"
)

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
func LoadChart(h Heading, load, unit string, frontiers []Frontier) (*Chart, error) {
	if len(frontiers) == 0 {
		return nil, fmt.Errorf("plots: no frontiers to draw")
	}
	lo, hi, longest := math.Inf(1), math.Inf(-1), h.Case.Limit
	frontiers = slices.Clone(frontiers)
	slices.SortFunc(frontiers, func(a, b Frontier) int { return cmp.Compare(a.Tolerance, b.Tolerance) })
	g := graph{header: h.header("the cap, by " + load), title: "tolerated"}
	for i, f := range frontiers {
		if len(f.Load) < 2 || len(f.Load) != len(f.Caps) {
			return nil, fmt.Errorf("plots: %d loads with %d caps, want as many, and at least two", len(f.Load), len(f.Caps))
		}
		c := series{name: percent(f.Tolerance), x: f.Load, marked: true}.style(i)
		for k, cap := range f.Caps {
			if err := checkCaps([]sweep.Cap{cap}); err != nil {
				return nil, fmt.Errorf("plots: %w", err)
			}
			if math.IsNaN(f.Load[k]) || k > 0 && f.Load[k] <= f.Load[k-1] {
				return nil, fmt.Errorf("plots: loads do not ascend: %g follows %g", f.Load[k], f.Load[max(k-1, 0)])
			}
			value, upper := capEnds(cap)
			longest = longer(longest, value)
			c.y, c.lower, c.upper = append(c.y, value), append(c.lower, value), append(c.upper, upper)
		}
		lo, hi = min(lo, f.Load[0]), max(hi, f.Load[len(f.Load)-1])
		g.curves = append(g.curves, c)
	}
	first := g.curves[0]
	for _, run := range first.runs() {
		g.below = append(g.below, band{first.x[run[0]:run[1]], make([]float64, run[1]-run[0]), first.y[run[0]:run[1]], safeColor})
	}
	margin := 0.03 * (hi - lo)
	ticks := evenTicks(lo-margin, hi+margin, 7)
	g.x = scale{title: sentence(load) + unitText(unit), lo: lo - margin, hi: hi + margin, ticks: ticks}
	g.y = durationScale("Safe cap", longest)
	g.across = limitAcross(h.Case.Limit)
	g.legend = legend{patchEntry("band: how long it could be", faint), patchEntry("safe at every tolerance drawn", safeColor)}
	if len(g.across) > 0 {
		g.legend = append(g.legend, acrossEntry("documented limit", limitLine))
	}
	told := frontiers[:min(len(frontiers), 3)]
	var at []string
	for _, f := range told {
		at = append(at, percent(f.Tolerance))
	}
	g.readout = append(wrap("Largest load simulated at which plans are safe at "+strings.Join(at, ", ")+":", labelSize, legendWidth),
		readout(told, unit, longest)...)
	description := fmt.Sprintf("Safe cap against %s%s. %s", load, unitText(unit), strings.Join(g.readout, " "))
	return g.chart(description), nil
}

// safeColor fills what is safe.
var safeColor = tint(seriesColors[4], 0.16)

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
	step := niceStep(longest/60, []float64{1, 2, 5, 10, 15, 20, 30, 60, 120, 240}) * 60
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
