package table

import (
	"io"
	"math"
	"slices"

	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

// CostColumns follow CaseColumns in the table of costs, which has a row for each
// quantity and duration.
var CostColumns = []Column{
	{"duration_s", Real, "session length [s]"},
	{"quantity", Text,
		"level_used and shown_level_used: battery used, parts of 1, true and as the " +
			"watch shows it; hottest_skin_degC: of the skin side; reached_fair, reached_serious, " +
			"reached_critical: thermal level; prompted: the Low Power prompt appeared"},
	{"mean", Real, "mean, or share of sessions"},
	{"standard_error", Real, "its standard error"},
	{"p5", Real, "5 % quantile; empty for shares"},
	{"p50", Real, "median"},
	{"p95", Real, "95 % quantile"},
	{"paths", Whole, "simulated sessions that count: those that may reach their length"},
}

// WriteCosts writes the costs of a run as CSV, under a header line.
func WriteCosts(w io.Writer, costs []sweep.Cost, p *sweep.Provenance) error {
	columns := slices.Concat(CaseColumns, CostColumns, ConditionColumns)
	conditions := conditionValues(p)
	if _, err := w.Write(csvHeader(columns)); err != nil {
		return err
	}
	for _, c := range costs {
		if _, err := w.Write(csvText(CaseValues(c.Case), costValues(&c.Cost, conditions),
			len(columns))); err != nil {
			return err
		}
	}
	return nil
}

// costValues returns the rows of a cost, each with the conditions of the run at its end.
func costValues(c *solver.Cost, conditions []Value) []Value {
	var values []Value
	row := func(quantity string, mean estimate.Estimate, p5, p50, p95 float64) {
		values = append(values, RealValue(c.Duration), TextValue(quantity), RealValue(mean.Value),
			RealValue(mean.StandardError), RealValue(p5), RealValue(p50), RealValue(p95),
			WholeValue(c.Paths))
		values = append(values, conditions...)
	}
	spent := func(quantity string, s solver.Spent) {
		row(quantity, s.Mean, s.P5.Value, s.P50.Value, s.P95.Value)
	}
	share := func(quantity string, e estimate.Estimate) {
		row(quantity, e, math.NaN(), math.NaN(), math.NaN())
	}
	spent("level_used", c.Level)
	spent("shown_level_used", c.Shown)
	spent("hottest_skin_degC", c.Hottest)
	share("reached_fair", c.Fair)
	share("reached_serious", c.Serious)
	share("reached_critical", c.Critical)
	share("prompted", c.Prompted)
	return values
}
