package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"budget/internal/notation"
	"budget/plots/figure"
	"budget/plots/selection"
	"budget/sweep"
	"budget/sweep/store"
)

// KindTolerance is the kind of charts in this file.
const KindTolerance Kind = "tolerance"

// TradeOff is the cap of one scenario at many tolerances, ascending.
type TradeOff struct {
	Name string
	Caps []sweep.Cap
}

// ToleranceChart draws the cap against the tolerance, with its interval: what a planner
// gains by accepting more failures. The tolerances of the tables are marked.
func ToleranceChart(h Heading, title string, scenarios []TradeOff, tolerances []float64) (
	*Chart, error) {
	if len(scenarios) == 0 {
		return nil, wrong("no scenarios to draw")
	}
	g := figure.Graph{Of: title,
		Poles: toleranceMarks(tolerances), Across: limitMark(h.Case.Limit, "limit")}
	g.Across = append(g.Across, offerMarks(h.Offers, nil, nil)...)
	lo, hi, longest := 1.0, 0.0, h.Case.Limit
	var b strings.Builder
	b.WriteString("Safe cap against tolerance.")
	for i, s := range scenarios {
		if s.Name == "" || len(s.Caps) == 0 {
			return nil, wrong("scenario %d has no name or no caps", i)
		}
		var at []float64
		for _, c := range s.Caps {
			at = append(at, c.Tolerance)
		}
		c, most, err := capCurve(h.series(i, len(scenarios), s.Name), "tolerances", at, s.Caps)
		if err != nil {
			return nil, err
		}
		// A larger tolerance allows at least as much: what lies between is not drawn.
		c.Steps = figure.Held
		lo, hi, longest = min(lo, at[0]), max(hi, at[len(at)-1]), max(longest, most)
		g.Curves = append(g.Curves, c)
		fmt.Fprintf(&b, " %s: %s; %s.", s.Name, capLabel(s.Caps[0]), capLabel(s.Caps[len(s.Caps)-1]))
	}
	g.Header = h.Header(toleranceFinding(title, scenarios[0], len(scenarios) > 1, tolerances))
	if lo == hi {
		lo, hi = lo/3, min(hi*3, 1)
		for i := range g.Curves {
			g.Curves[i].Marked = true
		}
	}
	g.X = figure.Decades("Tolerance: failures that are accepted (logarithmic)", lo, hi,
		notation.Percent)
	g.Y = capScale("Safe cap", longest)
	g.Legend = figure.Legend{figure.PatchEntry("band: interval of the cap", figure.Faint)}
	explain(&g.Legend, len(tolerances) > 0, figure.PoleEntry("tolerance of the tables", toleranceLine))
	explain(&g.Legend, len(g.Across) > 0, figure.AcrossEntry(notation.LimitName(h.Case), limitLine))
	return g.Chart(b.String()), nil
}

// toleranceFinding says what accepting more failures buys in a scenario, which is named if it
// is one of several: from the smallest to the largest of some tolerances, or of all that it has.
func toleranceFinding(title string, s TradeOff, several bool, tolerances []float64) string {
	known := slices.DeleteFunc(slices.Clone(s.Caps), func(c sweep.Cap) bool {
		return c.Status == sweep.CapUnknown
	})
	if len(known) == 0 {
		return "too few sessions simulated for a cap"
	}
	marked := slices.DeleteFunc(slices.Clone(known), func(c sweep.Cap) bool {
		return !slices.Contains(tolerances, c.Tolerance)
	})
	if len(marked) > 1 {
		known = marked
	}
	first, last := known[0], known[len(known)-1]
	text := fmt.Sprintf("the cap goes from %s at %s failures to %s at %s",
		notation.CapLength(first.Case, first.Cap), notation.Percent(first.Tolerance),
		notation.CapLength(last.Case, last.Cap), notation.Percent(last.Tolerance))
	if len(known) == 1 {
		text = "the cap at " + notation.Percent(first.Tolerance) + " is " +
			notation.CapLength(first.Case, first.Cap)
	}
	if several {
		text += " (" + within(title, s.Name) + ")"
	}
	return text
}

// capCurve adds caps to a curve, one at each of what ascends, and returns the longest.
func capCurve(of figure.Series, what string, at []float64, caps []sweep.Cap) (c figure.Series,
	longest float64, err error) {
	c = of
	name := of.Name
	for k, cap := range caps {
		if err := checkCaps(name, cap); err != nil {
			return c, 0, err
		}
		if math.IsNaN(at[k]) || k > 0 && at[k] <= at[k-1] {
			return c, 0, wrongIn(name, "%s do not ascend: %g follows %g", what, at[k], at[max(k-1, 0)])
		}
		value, upper := capEnds(cap)
		if value > longest {
			longest = value
		}
		c.Add(at[k], value, value, upper)
	}
	return c, longest, nil
}

// tradeOffs are the tolerances that a trade-off is drawn at from one to another: round ones, ten
// to a factor of ten (the preferred numbers of ISO 3), with both ends.
func tradeOffs(lo, hi float64) []float64 {
	out := []float64{lo}
	for power := 1e-6; power < hi; power *= 10 {
		for _, m := range []float64{1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8} {
			// Rounding leaves the number that a user types.
			t := math.Round(m*power*1e9) / 1e9
			if t > lo && t < hi {
				out = append(out, t)
			}
		}
	}
	return append(out, hi)
}

func drawTolerance(v selection.View) ([]Named, error) {
	column, cells, notes, err := v.Along(v.Choice.X, mostScenarios)
	if err != nil {
		return nil, err
	}
	asked := v.Tolerances()
	at := append(tradeOffs(min(0.001, slices.Min(asked)), max(0.2, slices.Max(asked))), asked...)
	slices.Sort(at)
	at = slices.Compact(at)
	title := ""
	if len(cells) > 1 {
		title = column.Title
	}
	scenarios, err := gather(cells, func(cell *store.Cell) (s TradeOff, err error) {
		s.Name = "cap"
		if len(cells) > 1 {
			s.Name = column.TextOf(cell)
		}
		curves, err := cell.Curves()
		if err != nil {
			return s, err
		}
		for _, t := range at {
			found, err := curves.Cap(v.Reading, t, v.Confidence())
			if err != nil {
				return s, err
			}
			s.Caps = append(s.Caps, found)
		}
		return s, nil
	})
	if err != nil {
		return nil, err
	}
	notes = append([]string{fmt.Sprintf("For users who mean to finish. At each tolerance, "+
		"as many caps as the tables have, %s, hold together with %s confidence.",
		notation.Count(int64(v.Results.Provenance.Caps)), notation.Percent(v.Confidence()))}, notes...)
	h := HeadingOf(v, cells, notes...)
	h.Ordered = len(cells) > 2 && column.Number
	c, err := ToleranceChart(h, title, scenarios, asked)
	return named(c, err, string(KindTolerance), v.Session)
}
