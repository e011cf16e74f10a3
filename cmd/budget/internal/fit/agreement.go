package fit

import (
	"fmt"

	"budget/internal/notation"
	"budget/model"
	"budget/plots"
	"budget/plots/planning"
	"budget/sweep/field"
)

// drawAgreement draws what a log of so many sessions shows against what the scenario before the
// fit predicts.
func drawAgreement(base *model.Scenario, agreement []*field.Agreement, sessions int, seed uint64) (
	*plots.Chart, error) {
	var all []planning.Observation
	for _, g := range agreement {
		name := g.Type
		if t := base.Session(g.Type); t != nil && t.Name != "" {
			name = t.Name
		}
		for _, c := range g.Comparisons {
			all = append(all, planning.Observation{Name: name, Comparison: c})
		}
	}
	foot := fmt.Sprintf("“%s” · %s of the log · seed %d", base.Name,
		notation.Plural(sessions, "session"), seed)
	return planning.AgreementChart(plots.Heading{Foot: []string{foot}}, all)
}
