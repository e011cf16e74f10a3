package sweep

import (
	"slices"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
)

// NewCaps returns the rows of caps, as solver.Caps lists them, given the estimates that were
// known last: the caps at a gate beside those of all starts.
func NewCaps(c Case, found []solver.Cap, e *solver.Estimates, confidence float64) []Cap {
	var rows []Cap
	for _, f := range found {
		if !f.Gated {
			rows = append(rows, NewCap(c, f, e, confidence))
			continue
		}
		gated := NewCap(c, f, e.Gated, confidence)
		for i := range rows {
			if rows[i].Reading == gated.Reading && rows[i].Tolerance == gated.Tolerance {
				rows[i].Gated = &GatedCap{Cap: gated.Cap, CapUpper: gated.CapUpper,
					FailureAtCap: gated.FailureAtCap, Status: gated.Status}
			}
		}
	}
	return rows
}

// NewCap returns the table row of a cap. e are the estimates of the last look.
func NewCap(c Case, found solver.Cap, e *solver.Estimates, confidence float64) Cap {
	last := *e
	last.Confidence = confidence
	row := Cap{
		Case: c, Reading: string(found.Reading), Tolerance: found.Tolerance, Confidence: confidence,
		Cap: found.Duration, CapUpper: found.Upper, BindingCause: found.Binding, Paths: e.Paths,
		FailureAtCap:   last.Failure(found.Reading, found.Duration),
		ResignedAtCap:  last.Resigned(found.Reading, found.Duration),
		CompletedAtCap: last.Completion(found.Reading, found.Duration),
		Refused:        last.Refused(found.Reading),
		ShortestFails:  last.Failure(found.Reading, e.Durations[0]),
		FailureAtLimit: last.Failure(found.Reading, c.Limit),
		Status:         StatusOf(found.Status),
	}
	if !found.Precise && row.Status != CapNever && row.Status != CapUnknown {
		row.Status = CapImprecise
	}
	return row
}

// NewOffer returns what is known of a session length [s] under a reading, given the margin
// that a session needs beyond its length [s].
func NewOffer(c Case, duration, margin float64, e *solver.Estimates,
	reading solver.Reading) Offer {
	past := func(d float64) bool { return c.Limit > 0 && d+margin > c.Limit*(1+1e-9) }
	looked := duration
	// Past the limit all has ended, so the longest length looked at says what longer ones do.
	if longest := e.Durations[len(e.Durations)-1]; past(longest) {
		looked = min(duration, longest)
	}
	return Offer{Case: c, Reading: string(reading), Duration: duration, Beyond: past(duration),
		Failure: e.Failure(reading, looked)}
}

// NewIncidence returns the incidence table of a reading, for the durations e.At.
func NewIncidence(c Case, e *solver.Estimates, reading solver.Reading, estimator string) Incidence {
	in := Incidence{Case: c, Durations: e.At, Ended: make([][]estimate.Estimate, len(model.Ends)),
		Reading:   string(reading),
		Estimator: estimator}
	r := slices.IndexFunc(e.Readings, func(r solver.Incidence) bool { return r.Reading == reading })
	if r < 0 {
		return in
	}
	each := func(curve estimate.Curve, places []int,
		at func(d float64) estimate.Estimate) []estimate.Estimate {
		out := make([]estimate.Estimate, len(e.At))
		for j, d := range e.At {
			// Reuse the estimate of the previous duration where the moments are equal:
			// refusals all happen at the start, and nothing happens after a limit.
			if j > 0 && curve.Values == nil && len(curve.Moments) > 0 &&
				curve.Moments[places[j]] == curve.Moments[places[j-1]] {
				out[j] = out[j-1]
			} else {
				out[j] = at(d)
			}
		}
		return out
	}
	own := make([]int, len(e.At)) // indices into At
	for j := range own {
		own[j] = j
		in.Paths = append(in.Paths, e.PathsTo(e.At[j]))
	}
	ended := e.Readings[r].Ended[solver.AsUsed]
	for _, cause := range model.Ends {
		in.Ended[cause] = each(ended[cause], own,
			func(d float64) estimate.Estimate { return e.Ended(reading, solver.AsUsed, cause, d) })
	}
	// What only timers end by has no table of its own: a start that fails because the old session
	// still runs is a refused one, and a user who does not come back has stopped.
	if len(ended) > int(model.InProgress) {
		for as, cause := range map[model.Cause]model.Cause{model.Refused: model.InProgress,
			model.Stopped: model.NotReturned} {
			for j, d := range e.At {
				in.Ended[as][j] = in.Ended[as][j].Plus(e.Ended(reading, solver.AsUsed, cause, d))
			}
		}
	}
	in.Survival = each(ended[model.Completed], own,
		func(d float64) estimate.Estimate { return e.Survival(reading, d) })
	in.Failure = each(e.Readings[r].Failure, Indices(e.Durations, e.At),
		func(d float64) estimate.Estimate { return e.Failure(reading, d) })
	completed := e.Readings[r].Ended[solver.Meaning][model.Completed]
	in.Completed = each(completed, own,
		func(d float64) estimate.Estimate { return e.Completion(reading, d) })
	return in
}

// StatusOf returns the status of a cap without a required precision.
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
