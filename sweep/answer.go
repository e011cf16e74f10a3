package sweep

import (
	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
)

// NewCap returns the row of a cap, given the estimates that were known last.
func NewCap(c Case, found solver.Cap, e *solver.Estimates, confidence float64) Cap {
	last := *e
	last.Confidence = confidence
	row := Cap{
		Case: c, Reading: string(found.Reading), Tolerance: found.Tolerance, Confidence: confidence,
		Cap: found.Duration, CapUpper: found.Upper, BindingCause: found.Binding, Paths: e.Paths,
		FailureAtCap:   last.Failure(found.Reading, found.Duration),
		ResignedAtCap:  last.Resigned(found.Reading, found.Duration),
		ShortestFails:  last.Failure(found.Reading, e.Durations[0]),
		FailureAtLimit: last.Failure(found.Reading, c.Limit),
		Status:         StatusOf(found.Status),
	}
	if !found.Precise && row.Status != CapNever && row.Status != CapUnknown {
		row.Status = CapImprecise
	}
	return row
}

// NewIncidence returns the table of how sessions end under a reading, by the durations
// that the estimates tell of every cause.
func NewIncidence(c Case, e *solver.Estimates, reading solver.Reading, estimator string) Incidence {
	in := Incidence{Case: c, Durations: e.At, Ended: make([][]estimate.Estimate, len(model.Ends)), Estimator: estimator}
	for _, d := range e.At {
		for _, cause := range model.Ends {
			in.Ended[cause] = append(in.Ended[cause], e.Ended(reading, solver.AsUsed, cause, d))
		}
		in.Survival = append(in.Survival, e.Survival(reading, d))
		in.Failure = append(in.Failure, e.Failure(reading, d))
		in.Paths = append(in.Paths, e.PathsTo(d))
	}
	return in
}

// StatusOf says how a cap that no more precision was asked of came about.
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
