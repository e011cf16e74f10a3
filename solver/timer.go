package solver

import (
	"context"
	"errors"
	"slices"

	"budget/solver/estimate"
)

// TimerEstimates are estimates of a timer, at every length from its start, and its stints.
type TimerEstimates struct {
	*Estimates
	Stints []Stint
}

// Stint is a part of a timer that has one session.
type Stint struct {
	// End is the length [s] from the start of the timer to the end of the stint, before its
	// margin. It is the duration to ask the estimates for.
	End    float64
	Length float64 // of the phases that share the session [s]
	// Replicates are the mean failures up to the end, by reading and replicate
	// (Incidence.Replicates).
	Replicates [][]float64
}

// Timer simulates a fixed number of paths of a timer. If ctx ends first, it returns ctx's
// error.
func (p *Program) Timer(ctx context.Context, s Settings, paths int64) (*TimerEstimates, error) {
	if p.plant.Case.Phases == nil {
		return nil, errors.New("solver: Case.Phases: expected the phases of a timer")
	}
	s, err := s.filled()
	if err == nil {
		err = weightsOnly(s)
	}
	if err != nil {
		return nil, err
	}
	e, r, err := p.simulated(ctx, &s, paths)
	if err != nil {
		return nil, err
	}
	return r.timer(e), nil
}

// timer adds the stints of a timer to its estimates.
func (r *reader) timer(e *Estimates) *TimerEstimates {
	t := &TimerEstimates{Estimates: e}
	for _, stint := range r.program.Stints() {
		for i := range r.settings.Readings {
			reader := r.readers[min(i, r.readings-1)]
			stint.Replicates = append(stint.Replicates,
				reader.Failing(reaching(stint.End, t.Durations)))
		}
		t.Stints = append(t.Stints, stint)
	}
	return t
}

// Stints returns the stints of a timer, without replicates; nil of single sessions.
func (p *Program) Stints() []Stint {
	if p.plant.Case.Phases == nil {
		return nil
	}
	var all []Stint
	length := 0
	for i := range p.plant.Legs {
		l := &p.plant.Legs[i]
		if l.Starts {
			length = 0
		}
		if l.InSession() {
			length += l.To - l.From
		}
		if l.Ends {
			margin := p.plant.First - 1
			all = append(all, Stint{End: float64(l.To-margin) * p.plant.Step,
				Length: float64(length-margin) * p.plant.Step})
		}
	}
	return all
}

// FailureSoFar estimates the probability that the timer has failed by a position [s] on its clock,
// among those of Failure, which asks for the end of the stint that the position is in.
func (t *TimerEstimates) FailureSoFar(r Reading, position float64) estimate.Estimate {
	in, i := t.reading(r), reaching(position, t.Durations)
	if in == nil || i < 0 {
		return estimate.Missing
	}
	if in.SoFar.Len() == 0 { // of one phase
		return in.Failure.Estimate(i, t.alpha())
	}
	return in.SoFar.Estimate(i, t.alpha())
}

// CompletedStints estimates the mean number of stints that are completed, and the mean time in
// their sessions [s], among the timers that start, for a user who means to finish. The bounds
// are the sums of those of every stint.
func (t *TimerEstimates) CompletedStints(r Reading) (number, length estimate.Estimate) {
	for _, stint := range t.Stints {
		c := t.Completion(r, stint.End)
		for _, x := range []struct {
			of     *estimate.Estimate
			factor float64
		}{{&number, 1}, {&length, stint.Length}} {
			x.of.Value += x.factor * c.Value
			x.of.StandardError += x.factor * c.StandardError
			x.of.Lower += x.factor * c.Lower
			x.of.Upper += x.factor * c.Upper
		}
	}
	return number, length
}

// MostStints returns the largest number of first stints whose failure is surely within a
// tolerance, by the upper bounds of the estimates.
func (t *TimerEstimates) MostStints(r Reading, tolerance float64) int {
	n := slices.IndexFunc(t.Stints, func(s Stint) bool {
		return !(t.Failure(r, s.End).Upper <= tolerance)
	})
	if n < 0 {
		return len(t.Stints)
	}
	return n
}
