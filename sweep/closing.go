package sweep

import (
	"context"
	"sort"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
)

// Saves says how an app protects unsaved work: it saves every Every seconds, +Inf for
// never, and needs Closing seconds of work after a warning of the end.
type Saves struct{ Every, Closing float64 }

// Loss is the unsaved work lost when a session of a given length ends without a
// sufficient warning (session model, section 6), for sessions as people use the app,
// under a reading.
type Loss struct {
	Case
	Reading solver.Reading
	Fits    float64     // probability that the closing work fits before a session expires
	Causes  []CauseLoss // causes with a loss, in the order of tables
	Paths   int64
	// Unsaved is the probability that a session ends before its closing work is done, Mean
	// the mean loss then, Expected the mean loss of all sessions [s], Largest the largest
	// loss [s].
	Unsaved, Mean, Expected, Largest float64
}

// CauseLoss is the loss by one cause.
type CauseLoss struct {
	Cause    model.Cause
	Ends     estimate.Estimate // probability of this end
	Unsaved  float64           // probability of this end before the closing work is done
	Mean     float64           // mean loss of such an end [s]; NaN if there are none
	Expected float64           // mean loss by this cause of all sessions [s]
	Largest  float64           // [s]
}

// Losing lists the causes by which unsaved work is lost. Refused sessions have no work yet.
// An app that the user leaves, or that ends a session itself, keeps running and saves.
var Losing = []model.Cause{model.SuppressedThermal, model.SuppressedBattery,
	model.SuppressedOther, model.Errored, model.Expired, model.PowerOff}

// Losses simulates the cases of a request, with its fixed number of paths, for the losses of
// sessions of some lengths [s], which ascend; the Horizon of each loss is its length. When ctx
// ends, no further case is begun; Losses returns the first thing that kept a case from being
// answered.
func Losses(ctx context.Context, s *model.Scenario, q Request, lengths []float64, saves Saves,
	control Control) ([]Loss, solver.Outcome, error) {
	// Without a margin a session runs exactly its planned length, so there is an incidence at
	// every time.
	margin := float64(s.Grid.Margin)
	whole := *s
	whole.Grid.Margin = 0
	q.Duration = lengths[len(lengths)-1] + margin
	q = q.filled(s)
	var losses []Loss
	outcome, err := Each(ctx, &whole, q, control,
		func(c Case, _ *solver.Program, a *solver.Answer) {
			fits := s.Policy.ClosingFits(saves.Closing)
			for _, length := range lengths {
				c.Horizon = length
				for _, reading := range q.Readings {
					losses = append(losses, lossBy(c, a.Estimates, reading, length+margin, saves.Every, fits))
				}
			}
		})
	return losses, outcome, err
}

// lossBy returns the loss by a time of a session [s], of whose expiries a share warns in
// time.
func lossBy(c Case, e *solver.Estimates, reading solver.Reading, end, every,
	fits float64) Loss {
	loss := Loss{Case: c, Reading: reading, Fits: fits, Paths: e.Paths}
	times := e.At[:sort.SearchFloat64s(e.At, end*(1+1e-9))]
	for _, cause := range Losing {
		var ended []float64
		for _, t := range times {
			ended = append(ended, e.Ended(reading, solver.AsUsed, cause, t).Value)
		}
		lost := lossOf(times, ended, every)
		lost.Cause, lost.Ends = cause, e.Ended(reading, solver.AsUsed, cause, end)
		if cause == model.Expired {
			lost.warned(loss.Fits)
		}
		loss.add(lost)
	}
	loss.Mean = loss.Expected / loss.Unsaved
	return loss
}

// lossOf returns the loss with a save every so many seconds. ended is the probability
// that the cause has ended a session by each of the times [s]. An end counts at the first
// of the times at or after it.
func lossOf(times, ended []float64, every float64) CauseLoss {
	var l CauseLoss
	before := 0.0
	for i, t := range times {
		if ends := ended[i] - before; ends > 0 {
			lost := model.Unsaved(t, every)
			l.Unsaved += ends
			l.Expected += ends * lost
			l.Largest = max(l.Largest, lost)
		}
		before = ended[i]
	}
	l.Mean = l.Expected / l.Unsaved
	return l
}

// warned removes the share of the ends whose closing work fits.
func (l *CauseLoss) warned(fits float64) {
	l.Unsaved *= 1 - fits
	l.Expected *= 1 - fits
	l.Mean = l.Expected / l.Unsaved
	if fits == 1 {
		l.Largest = 0
	}
}

// add adds a cause.
func (l *Loss) add(c CauseLoss) {
	l.Causes = append(l.Causes, c)
	l.Unsaved += c.Unsaved
	l.Expected += c.Expected
	l.Largest = max(l.Largest, c.Largest)
}
