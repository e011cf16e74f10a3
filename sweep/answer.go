package sweep

import (
	"slices"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
)

func newCap(c Case, durations []float64, a *solver.Answer, found solver.Cap, q Request) Cap {
	reading := slices.Index(q.Readings, found.Reading)
	row := Cap{
		Case: c, Reading: string(found.Reading), Tolerance: found.Tolerance, Confidence: q.Confidence,
		BindingCause: found.Binding, Paths: a.Paths(),
		FailureAtCap: Missing, FailureAtLimit: Missing, ResignedAtCap: Missing,
		ShortestFails: a.Failure(reading, 0),
	}
	if found.Index >= 0 {
		row.Cap = durations[found.Index]
		row.FailureAtCap = a.Failure(reading, found.Index)
		row.ResignedAtCap = a.Ended(reading, solver.Meaning, model.Resigned, found.Index)
	}
	if found.Upper >= 0 {
		row.CapUpper = durations[found.Upper]
	}
	if i := Reaching(c.Limit, durations); i >= 0 {
		row.FailureAtLimit = a.Failure(reading, i)
	}
	row.Status = StatusOf(found.Status)
	if !found.Precise && row.Status != CapNever && row.Status != CapUnknown {
		row.Status = CapImprecise
	}
	return row
}

func newIncidence(c Case, durations []float64, a *solver.Answer, q Request) Incidence {
	in := Incidence{Case: c, Durations: durations, Ended: make([][]estimate.Estimate, len(model.Ends)), Estimator: string(q.Estimator)}
	for i := range durations {
		for _, cause := range model.Ends {
			in.Ended[cause] = append(in.Ended[cause], a.Ended(0, solver.AsUsed, cause, i))
		}
		in.Survival = append(in.Survival, a.Survival(0, i))
		in.Failure = append(in.Failure, a.Failure(0, i))
		in.Paths = append(in.Paths, a.PathsTo(i))
	}
	return in
}

// statusOf says how a cap that no more precision was asked of came about.
func StatusOf(s estimate.Status) CapStatus {
	switch s {
	case estimate.Never:
		return CapNever
	case estimate.Unknown:
		return CapUnknown
	case estimate.ToHorizon:
		return CapHorizon
	}
	return CapMet
}

// reaching returns the place of the shortest duration that reaches a limit, or -1. A
// limit between two durations is reached by the longer one; the slack takes up the
// rounding of a multiple of the step.
func Reaching(limit float64, durations []float64) int {
	if i, _ := slices.BinarySearch(durations, limit*(1-1e-9)); limit > 0 && i < len(durations) {
		return i
	}
	return -1
}
