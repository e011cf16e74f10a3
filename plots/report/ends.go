package report

import (
	"fmt"
	"math"

	"budget/internal/notation"
	"budget/model"
	"budget/solver/estimate"
	"budget/sweep/store"
	"budget/sweep/table"
)

// Ends is the answer of budget run: how sessions of given lengths end.
type Ends struct {
	Rows    Table   // a row for each case and length
	Details []Table // of each, the probability of every outcome
	Note    string
}

// newEnds lists the outcomes of a run.
func newEnds(run *store.Run) *Ends {
	first := run.First()
	readings := len(run.Outcomes) / len(first)
	e := &Ends{Rows: Table{ID: "ends-title", Caption: "How sessions end, by case and length",
		Columns: columns("Session", ">Length", ">Fails", "Interval")}}
	if readings > 1 {
		e.Rows.Columns = append(e.Rows.Columns, columns(">If grants are never cut")...)
	}
	e.Rows.Columns = append(e.Rows.Columns, columns(">Refused", ">Completes", "Most failures by",
		">Battery used", ">Hottest skin")...)
	for i, o := range run.Outcomes {
		if o.Reading != first[0].Reading {
			continue
		}
		row := []string{notation.Case(o.Case), notation.Length(o.Length), chance(o.Fails),
			interval(o.Fails)}
		if readings > 1 {
			row = append(row, chance(run.Outcomes[min(i+1, len(run.Outcomes)-1)].Fails))
		}
		row = append(row, chance(o.Ended[model.Refused]), chance(o.Completes),
			worstCause(o, run.Provenance.Failures()), "", "")
		if !math.IsNaN(o.Level) {
			row[len(row)-2] = fmt.Sprintf("%.1f %%", 100*o.Level)
			row[len(row)-1] = fmt.Sprintf("%.1f °C", o.Hottest)
		}
		e.Rows.Rows = append(e.Rows.Rows, row)
		detail := Table{Caption: notation.Case(o.Case) + ", " + notation.Length(o.Length),
			Columns: columns("Outcome", ">Probability", "Interval")}
		for cause, p := range o.Ended {
			detail.Rows = append(detail.Rows, []string{model.Cause(cause).String(), chance(p), interval(p)})
		}
		e.Details = append(e.Details, detail)
	}
	e.Note = fmt.Sprintf("Fails and Completes are for users who mean to finish, of the sessions that "+
		"start. Refused is of all starts. Every interval holds by itself with %s confidence. Battery "+
		"and skin are averages over the sessions that reach their length.",
		notation.Percent(run.Provenance.Confidence))
	return e
}

// chance writes a probability, "" of a missing one.
func chance(p estimate.Estimate) string {
	if math.IsNaN(p.Value) || p.Lower <= 0 && p.Upper >= 1 {
		return "too few sessions simulated"
	}
	return notation.Chance(p.Value)
}

func interval(p estimate.Estimate) string {
	if math.IsNaN(p.Value) || p.Lower <= 0 && p.Upper >= 1 {
		return ""
	}
	return notation.ChanceNumber(p.Lower) + " to " + notation.Chance(p.Upper)
}

// worstCause names the cause of most failures, "" where none fails.
func worstCause(o table.Outcome, failures []model.Cause) string {
	worst := failures[0]
	for _, cause := range failures {
		if o.Ended[cause].Value > o.Ended[worst].Value {
			worst = cause
		}
	}
	if !(o.Ended[worst].Value > 0) {
		return ""
	}
	return worst.String()
}
