package plots

import (
	"fmt"
	"math"
	"strings"

	"budget/sweep"
)

// TradeOff is the cap of one scenario at many tolerances, ascending.
type TradeOff struct {
	Name string
	Caps []sweep.Cap
}

// ToleranceChart draws the cap against the tolerance, with its interval: what a planner
// gains by accepting more failures. The tolerances of the tables are marked.
func ToleranceChart(h Heading, title string, scenarios []TradeOff, tolerances []float64) (*Chart, error) {
	if len(scenarios) == 0 {
		return nil, fmt.Errorf("plots: no scenarios to draw")
	}
	g := graph{header: h.header("the cap, by what is tolerated"), title: title}
	lo, hi, longest := 1.0, 0.0, h.Case.Limit
	for i, s := range scenarios {
		if s.Name == "" || len(s.Caps) == 0 {
			return nil, fmt.Errorf("plots: scenario %d has no name or no caps", i)
		}
		c := series{name: s.Name}.style(i)
		for k, cap := range s.Caps {
			if err := checkCaps([]sweep.Cap{cap}); err != nil {
				return nil, fmt.Errorf("plots: %s: %w", s.Name, err)
			}
			if k > 0 && cap.Tolerance <= s.Caps[k-1].Tolerance {
				return nil, fmt.Errorf("plots: %s: tolerances do not ascend: %g follows %g", s.Name, cap.Tolerance, s.Caps[k-1].Tolerance)
			}
			value, upper := capEnds(cap)
			lo, hi, longest = min(lo, cap.Tolerance), max(hi, cap.Tolerance), longer(longest, value)
			c.x, c.y = append(c.x, cap.Tolerance), append(c.y, value)
			c.lower, c.upper = append(c.lower, value), append(c.upper, upper)
		}
		g.curves = append(g.curves, c)
	}
	if lo == hi {
		lo, hi = lo/3, min(hi*3, 1)
		for i := range g.curves {
			g.curves[i].marked = true
		}
	}
	g.x = scale{title: "Tolerance: failures that are accepted (logarithmic)", lo: lo, hi: hi, log: true, ticks: decadeTicks(lo, hi, percent)}
	g.y = durationScale("Safe cap", longest)
	for _, t := range tolerances {
		g.poles = append(g.poles, mark{t, percent(t), toleranceLine})
	}
	g.across = limitAcross(h.Case.Limit)
	g.legend = legend{patchEntry("band: how long it could be", faint)}
	if len(tolerances) > 0 {
		g.legend = append(g.legend, poleEntry("tolerance of the tables", toleranceLine))
	}
	if len(g.across) > 0 {
		g.legend = append(g.legend, acrossEntry("documented limit", limitLine))
	}
	var b strings.Builder
	b.WriteString("Safe cap against tolerance.")
	for _, s := range scenarios {
		first, last := s.Caps[0], s.Caps[len(s.Caps)-1]
		fmt.Fprintf(&b, " %s: %s; %s.", s.Name, capLabel(first), capLabel(last))
	}
	return g.chart(b.String()), nil
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
