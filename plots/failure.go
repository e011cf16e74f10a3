package plots

import (
	"fmt"
	"math"
	"strings"

	"budget/solver/estimate"
	"budget/sweep"
)

// Scenario is the failure of plans in one scenario, for a user who means to finish.
type Scenario struct {
	Name      string // what tells it apart
	Durations []float64
	Failure   []estimate.Estimate // by duration
}

// FailureChart draws the probability that a plan fails against its duration, on a
// logarithmic scale, with the interval of every scenario, the tolerances and the
// documented limit.
func FailureChart(h Heading, title string, scenarios []Scenario, tolerances []float64) (*Chart, error) {
	if len(scenarios) == 0 {
		return nil, fmt.Errorf("plots: no scenarios to draw")
	}
	g := graph{header: h.header("how often plans fail, by duration"), title: title, poles: h.limitMarks()}
	longest, least := 0.0, 1.0
	for i, s := range scenarios {
		if err := checkScenario(s); err != nil {
			return nil, fmt.Errorf("plots: %w", err)
		}
		c := series{name: s.Name, x: s.Durations}.style(i)
		for _, p := range s.Failure {
			c.y, c.lower, c.upper = append(c.y, p.Value), append(c.lower, p.Lower), append(c.upper, p.Upper)
			for _, v := range []float64{p.Value, p.Upper} {
				if v > 0 {
					least = min(least, v)
				}
			}
		}
		longest = max(longest, s.Durations[len(s.Durations)-1])
		g.curves = append(g.curves, c)
	}
	if limit := h.Case.Limit; limit > 0 && limit <= longest {
		longest = min(longest, beyond*limit)
	}
	for _, t := range tolerances {
		g.across = append(g.across, mark{t, percent(t), toleranceLine})
		least = min(least, t)
	}
	ticks, unit := durationTicks(longest)
	g.x = scale{title: "Planned duration (" + unit + ")", hi: longest, ticks: ticks}
	// Six decades are as many as there is something to see of.
	floor := max(math.Pow(10, math.Floor(math.Log10(max(least, 1e-6))+1e-9)), 1e-6)
	g.y = scale{title: "Plans that fail (logarithmic)", lo: min(floor, 0.1), hi: 1, log: true}
	g.y.ticks = decadeTicks(g.y.lo, 1, percent)
	g.legend = legend{patchEntry("band: interval at each duration", faint)}
	if len(tolerances) > 0 {
		g.legend = append(g.legend, acrossEntry("tolerance", toleranceLine))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Probability that a plan fails, by planned duration up to %s, on a logarithmic scale.", duration(longest))
	for _, s := range scenarios {
		last := len(s.Durations) - 1
		for last > 0 && s.Durations[last] > longest {
			last--
		}
		half := last / 2
		fmt.Fprintf(&b, " %s: %s by %s, %s by %s.", s.Name, share(s.Failure[half].Value), duration(s.Durations[half]),
			share(s.Failure[last].Value), duration(s.Durations[last]))
	}
	return g.chart(b.String()), nil
}

func checkScenario(s Scenario) error {
	if s.Name == "" {
		return fmt.Errorf("a scenario has no name")
	}
	if err := checkDurations(s.Durations); err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	if err := checkCurve("failure", s.Failure, len(s.Durations)); err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	return nil
}
