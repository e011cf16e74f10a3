package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

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

// LoadChart draws the cap against the load, or any number that varies. Sessions under the
// curve of the smallest tolerance are shaded: they are safe at every one. Beside it stands, for
// round lengths, the largest load simulated up to which such a session is safe; where more of
// the number makes caps longer, the smallest from which it is; where caps rise and fall, that
// they do. Nothing is read off between two loads.
func LoadChart(h Heading, load, unit string, frontiers []Frontier) (*Chart, error) {
	if len(frontiers) == 0 {
		return nil, wrong("no frontiers to draw")
	}
	lo, hi, longest := math.Inf(1), math.Inf(-1), h.Case.Limit
	frontiers = slices.Clone(frontiers)
	slices.SortFunc(frontiers, func(a, b Frontier) int {
		return cmp.Compare(a.Tolerance, b.Tolerance)
	})
	g := figure.Graph{Of: "tolerated",
		Across: append(limitMark(h.Case.Limit, "limit"), offerMarks(h.Offers, nil, nil)...)}
	for _, f := range frontiers {
		if len(f.Load) < 2 || len(f.Load) != len(f.Caps) {
			return nil, wrong("%d loads with %d caps, want as many, and at least two", len(f.Load),
				len(f.Caps))
		}
		own := figure.NewSeries(0, notation.Percent(f.Tolerance))
		own.Color, own.Shape = figure.OfTolerance(f.Tolerance)
		c, most, err := capCurve(own, "loads", f.Load, f.Caps)
		if err != nil {
			return nil, err
		}
		c.Marked, c.Steps = true, figure.Lowest
		lo, hi, longest = min(lo, f.Load[0]), max(hi, f.Load[len(f.Load)-1]), max(longest, most)
		g.Curves = append(g.Curves, c)
	}
	first := g.Curves[0]
	safe := first.Under()
	safe.Color = safeColor
	g.Below = []figure.Plotter{safe}
	of := "" // the unit
	if unit != "" {
		of = " (" + unit + ")"
	}
	margin := 0.03 * (hi - lo)
	g.X = figure.Numbers(notation.Sentence(load)+of, lo-margin, hi+margin, 1, 7)
	g.Y = capScale("Safe cap", longest)
	g.Legend = figure.Legend{figure.PatchEntry("band: interval of the cap", figure.Faint),
		figure.PatchEntry("safe at every tolerance drawn", safeColor)}
	explain(&g.Legend, len(g.Across) > 0, figure.AcrossEntry(notation.LimitName(h.Case), limitLine))
	told := frontiers[:min(len(frontiers), 3)]
	g.Header = h.Header(loadFinding(load, unit, frontiers))
	g.Readout = readout(told, load, unit, longest)
	words := strings.Join(g.Readout, " ")
	return g.Chart(fmt.Sprintf("Safe cap against %s%s. %s", load, of, words)), nil
}

// trend is how caps go with the load.
type trend int

const (
	flat    trend = iota
	falling       // the more load, the shorter
	rising        // the more, the longer: not a load but a level, say
	mixed         // both, by more than their intervals allow
)

// trend returns how the caps go, as far as their intervals tell: a rise within them does not
// keep caps from falling.
func (f Frontier) trend() trend {
	var lower, upper []float64
	for _, c := range f.Caps {
		if lo, up := capEnds(c); !math.IsNaN(lo) {
			lower, upper = append(lower, lo), append(upper, up)
		}
	}
	rises, falls := false, false
	for j := range lower {
		for i := range j {
			rises = rises || lower[j] > upper[i]
			falls = falls || upper[j] < lower[i]
		}
	}
	switch n := len(lower); {
	case rises && falls:
		return mixed
	case falls || !rises && n > 0 && lower[n-1] < lower[0]:
		return falling
	case rises || n > 0 && lower[n-1] > lower[0]:
		return rising
	}
	return flat
}

// trendOf returns the trend that all frontiers share; those that are flat share any.
func trendOf(frontiers []Frontier) trend {
	shared := flat
	for _, f := range frontiers {
		switch t := f.trend(); {
		case t == flat || t == shared:
		case shared == flat:
			shared = t
		default:
			return mixed
		}
	}
	return shared
}

// last returns the last load at which sessions of a length [s] are safe, on the way from the
// load where caps are longest; NaN if not even there.
func (f Frontier) last(length float64, t trend) float64 {
	found := math.NaN()
	for i := range f.Caps {
		k := i
		if t == rising {
			k = len(f.Caps) - 1 - i
		}
		if value, _ := capEnds(f.Caps[k]); !(value >= length) {
			break
		}
		found = f.Load[k]
	}
	return found
}

// readout writes the last loads for round lengths up to the longest, until there are none:
// "30 min: 53.8, 83.7, 203 mW".
func readout(frontiers []Frontier, load, unit string, longest float64) []string {
	t := trendOf(frontiers)
	var at []float64
	for _, f := range frontiers {
		at = append(at, f.Tolerance)
	}
	head, write := "Largest "+load+" simulated", notation.Floor
	switch t {
	case rising:
		head, write = "Smallest "+load+" simulated", notation.Ceil
	case flat:
		return []string{"Caps are the same at every " + load + " simulated."}
	case mixed:
		return []string{"Caps rise and fall with " + load +
			": it has no largest or smallest value that is safe."}
	}
	head += " at which sessions are safe at " + notation.Percents(at) + ":"
	out := []string{head}
	step := figure.RoundMinutes(longest)
	for d := step; d <= longest*(1+1e-9); d += step {
		var texts []string
		none := true
		for _, f := range frontiers {
			text := "none"
			if load := f.last(d, t); !math.IsNaN(load) {
				text, none = write(load), false
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

// loadFinding says how the cap at the headline tolerance goes with the load.
func loadFinding(load, unit string, frontiers []Frontier) string {
	var tolerances []float64
	for _, f := range frontiers {
		tolerances = append(tolerances, f.Tolerance)
	}
	at := selection.Headline(tolerances)
	f := frontiers[slices.Index(tolerances, at)]
	var lengths, loads []float64
	var texts []string
	for k, c := range f.Caps {
		if c.Status != sweep.CapUnknown {
			lengths, loads = append(lengths, c.Cap), append(loads, f.Load[k])
			texts = append(texts, notation.CapLength(c.Case, c.Cap))
		}
	}
	the := "the cap at " + notation.Percent(at)
	if len(lengths) == 0 {
		return "too few sessions simulated for " + the
	}
	where := func(k int) string {
		at := strconv.FormatFloat(loads[k], 'g', 4, 64)
		return texts[k] + " at " + strings.TrimSpace(at+" "+unit)
	}
	switch f.trend() {
	case flat:
		return fmt.Sprintf("%s is %s at every %s", the, texts[0], load)
	case mixed:
		least, greatest := extremes(lengths)
		return fmt.Sprintf("%s rises and falls with %s, from %s to %s", the, load, where(least),
			where(greatest))
	case rising:
		return fmt.Sprintf("%s rises from %s to %s", the, where(0), where(len(lengths)-1))
	}
	return fmt.Sprintf("%s falls from %s to %s", the, where(0), where(len(lengths)-1))
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
	c, err := LoadChart(HeadingOf(v, cells, notes...), x.Title, unit, frontiers)
	return named(c, err, string(KindLoad), v.Session)
}
