package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"budget/plots/figure"

	"budget/sweep"
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
func ToleranceChart(h Heading, title string, scenarios []TradeOff, tolerances []float64) (*figure.Chart, error) {
	if len(scenarios) == 0 {
		return nil, fmt.Errorf("plots: no scenarios to draw")
	}
	g := figure.Graph{Header: h.header("the cap, by what is tolerated"), Title: title}
	lo, hi, longest := 1.0, 0.0, h.Case.Limit
	for i, s := range scenarios {
		if s.Name == "" || len(s.Caps) == 0 {
			return nil, fmt.Errorf("plots: scenario %d has no name or no caps", i)
		}
		c := figure.Series{Name: s.Name}.Style(i)
		for k, cap := range s.Caps {
			if err := checkCaps([]sweep.Cap{cap}); err != nil {
				return nil, fmt.Errorf("plots: %s: %w", s.Name, err)
			}
			if k > 0 && cap.Tolerance <= s.Caps[k-1].Tolerance {
				return nil, fmt.Errorf("plots: %s: tolerances do not ascend: %g follows %g", s.Name, cap.Tolerance, s.Caps[k-1].Tolerance)
			}
			value, upper := capEnds(cap)
			lo, hi, longest = min(lo, cap.Tolerance), max(hi, cap.Tolerance), longer(longest, value)
			c.X, c.Y = append(c.X, cap.Tolerance), append(c.Y, value)
			c.Lower, c.Upper = append(c.Lower, value), append(c.Upper, upper)
		}
		g.Curves = append(g.Curves, c)
	}
	if lo == hi {
		lo, hi = lo/3, min(hi*3, 1)
		for i := range g.Curves {
			g.Curves[i].Marked = true
		}
	}
	g.X = figure.Scale{Title: "Tolerance: failures that are accepted (logarithmic)", Lo: lo, Hi: hi, Log: true, Ticks: figure.DecadeTicks(lo, hi, percent)}
	g.Y = figure.DurationScale("Safe cap", longest)
	for _, t := range tolerances {
		g.Poles = append(g.Poles, figure.Mark{At: t, Label: percent(t), Style: toleranceLine})
	}
	g.Across = limitAcross(h.Case.Limit)
	g.Legend = figure.Legend{figure.PatchEntry("band: how long it could be", figure.Faint)}
	if len(tolerances) > 0 {
		g.Legend = append(g.Legend, figure.PoleEntry("tolerance of the tables", toleranceLine))
	}
	if len(g.Across) > 0 {
		g.Legend = append(g.Legend, figure.AcrossEntry("documented limit", limitLine))
	}
	var b strings.Builder
	b.WriteString("Safe cap against tolerance.")
	for _, s := range scenarios {
		first, last := s.Caps[0], s.Caps[len(s.Caps)-1]
		fmt.Fprintf(&b, " %s: %s; %s.", s.Name, capLabel(first), capLabel(last))
	}
	return g.Chart(b.String()), nil
}

// capEnds returns the ends of a cap's interval on a chart: 0 where no plan is safe, NaN
// where the paths do not tell.
func capEnds(c sweep.Cap) (value, upper float64) {
	switch c.Status {
	case sweep.CapUnknown:
		return math.NaN(), math.NaN()
	case sweep.CapNever:
		return 0, max(c.CapUpper, 0)
	}
	return c.Cap, max(c.Cap, c.CapUpper)
}

// longer returns the longer of two durations, of which the second may be unknown.
func longer(a, b float64) float64 {
	if b > a {
		return b
	}
	return a
}

// tradeOffs are the tolerances that a trade-off is drawn at: 24 from the first to the last,
// evenly apart on a logarithmic scale.
func tradeOffs(lo, hi float64) []float64 {
	const n = 24
	var out []float64
	for i := range n {
		out = append(out, lo*math.Pow(hi/lo, float64(i)/(n-1)))
	}
	return out
}

func (v view) drawTolerance() ([]Named, error) {
	d, cells, notes, err := v.along(v.choice.X, mostScenarios)
	if err != nil {
		return nil, err
	}
	asked := v.tolerances()
	at := tradeOffs(min(0.001, slices.Min(asked)), max(0.2, slices.Max(asked)))
	scenarios := make([]TradeOff, len(cells))
	if err := each(len(cells), func(i int) error {
		scenarios[i].Name = "cap"
		if len(cells) > 1 {
			scenarios[i].Name = d.text(d.value(cells[i]))
		}
		curves, err := cells[i].Curves()
		if err != nil {
			return err
		}
		for _, t := range at {
			found, err := curves.Cap(v.reading, t, v.confidence())
			if err != nil {
				return err
			}
			scenarios[i].Caps = append(scenarios[i].Caps, found)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	title := ""
	if len(cells) > 1 {
		title = d.title
	}
	notes = append([]string{fmt.Sprintf("For a user who means to finish. At each tolerance, as many caps as the tables have, %s, hold together with %s confidence.",
		count(int64(v.results.Provenance.Caps)), percent(v.confidence()))}, notes...)
	c, err := ToleranceChart(v.heading(cells[0], notes...), title, scenarios, asked)
	return named(c, err, "tolerance", v.session)
}
