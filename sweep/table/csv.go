package table

import (
	"io"
	"math"
	"slices"

	"budget/model"
	"budget/solver/estimate"
	"budget/sweep"
)

// CaseValues returns the values of CaseColumns for a case.
func CaseValues(c sweep.Case) []Value {
	level := math.NaN()
	if c.StartLevel != nil {
		level = *c.StartLevel
	}
	return []Value{TextValue(c.Session), TextValue(c.Device), TextValue(c.Environment),
		RealValue(level)}
}

// CapValues returns the values of CapsColumns for a cap.
func CapValues(c sweep.Cap) []Value {
	positive := func(x float64) Value { // 0 means no limit, or an unknown load
		if x == 0 {
			x = math.NaN()
		}
		return RealValue(x)
	}
	return []Value{TextValue(c.Reading), positive(c.Limit), positive(c.MeanLoad),
		RealValue(c.Tolerance), RealValue(c.Confidence),
		RealValue(c.Cap), RealValue(c.CapUpper), cycles(c.Cycles, c.Cap), TextValue(string(c.Cycles)),
		RealValue(c.FailureAtCap.Value), TextValue(c.Binding()),
		RealValue(c.FailureAtLimit.Value), RealValue(c.ResignedAtCap.Value),
		RealValue(c.CompletedAtCap.Value), RealValue(c.Refused.Value), TextValue(string(c.Status)),
		WholeValue(c.Paths)}
}

// cycles returns the number of cycles that end by a position [s], missing for single sessions.
func cycles(of sweep.Cycles, position float64) Value {
	if of == "" {
		return RealValue(math.NaN())
	}
	return RealValue(float64(of.By(position)))
}

// runValues returns what RunColumns hold for a cap.
func runValues(c sweep.Cap) []Value {
	none := RealValue(math.NaN())
	gated := []Value{none, none, none, none, TextValue("")}
	if g := c.Gated; g != nil {
		gated = []Value{RealValue(g.Level), RealValue(g.LeftOut), RealValue(g.Cap),
			RealValue(g.CapUpper), TextValue(string(g.Status))}
	}
	spread := []Value{none, none, none, none, none, none}
	if s := c.Spread; s != nil {
		spread = []Value{RealValue(s.Low), RealValue(s.Median), RealValue(s.High),
			RealValue(s.Robust), RealValue(s.RobustShare), RealValue(s.Longest)}
	}
	return append(gated, spread...)
}

// AppendIncidence appends the values of IncidenceColumns, row after row: for every duration
// the causes of the session model and "survival", as people use the app, then "failure" and
// "completed" for users who mean to finish.
func AppendIncidence(values []Value, in sweep.Incidence) []Value {
	values = slices.Grow(values, len(in.Durations)*(len(model.Ends)+3)*len(IncidenceColumns))
	for i, duration := range in.Durations {
		row := func(cause string, e estimate.Estimate) {
			values = append(values, TextValue(in.Reading), RealValue(duration), TextValue(cause),
				RealValue(e.Value),
				RealValue(e.StandardError), RealValue(e.Lower), RealValue(e.Upper), TextValue(in.Estimator),
				WholeValue(in.Paths[i]))
		}
		for _, cause := range model.Ends {
			row(cause.String(), in.Ended[cause][i])
		}
		row("survival", in.Survival[i])
		row("failure", in.Failure[i])
		row("completed", in.Completed[i])
	}
	return values
}

// conditionValues returns the values of ConditionColumns.
func conditionValues(p *sweep.Provenance) []Value {
	return []Value{TextValue(p.Scenario), TextValue(p.OverridesText())}
}

// WriteCaps writes the caps of a run as CSV.
func WriteCaps(w io.Writer, caps []sweep.Cap, p *sweep.Provenance) error {
	columns := slices.Concat(CaseColumns, CapsColumns, RunColumns, ConditionColumns)
	text := csvHeader(columns)
	for _, c := range caps {
		values := slices.Concat(CapValues(c), runValues(c), conditionValues(p))
		text = append(text, csvText(CaseValues(c.Case), values, len(columns))...)
	}
	_, err := w.Write(text)
	return err
}

// WriteIncidences writes incidence curves as CSV.
func WriteIncidences(w io.Writer, incidences []sweep.Incidence) error {
	columns := slices.Concat(CaseColumns, IncidenceColumns)
	if _, err := w.Write(csvHeader(columns)); err != nil {
		return err
	}
	for _, in := range incidences {
		if _, err := w.Write(csvText(CaseValues(in.Case), AppendIncidence(nil, in),
			len(columns))); err != nil {
			return err
		}
	}
	return nil
}
