package sweep

import (
	"context"
	"sort"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
)

// Saves says what an app does against a loss: a save every so many seconds of a session,
// +Inf for none, and work of so many seconds once it is warned of the end.
type Saves struct{ Every, Closing float64 }

// Loss is what people who use the app lose where a session ends without a warning that
// suffices (session model, section 6), planned for a duration, under a reading.
type Loss struct {
	Case
	Reading solver.Reading
	Fits    float64     // how often the closing work fits before a session expires
	Causes  []CauseLoss // of the causes that lose something, in the order of tables
	Paths   int64
	// Unsaved is how often a session ends by them before its closing work is done; Mean is
	// what it loses then on average, Expected what a session loses, of all [s].
	Unsaved, Mean, Expected, Largest float64
}

// CauseLoss is what ends by one cause lose.
type CauseLoss struct {
	Cause    model.Cause
	Ends     estimate.Estimate // how often a session ends so
	Unsaved  float64           // how often before its closing work is done
	Mean     float64           // loss of such an end on average [s]; NaN where there is none
	Expected float64           // what a session loses so, of all [s]
	Largest  float64           // [s]
}

// Losing lists the causes by which unsaved work is lost. Refused sessions have done none, and
// an app that is left, or ends a session itself, runs on and saves.
var Losing = []model.Cause{model.SuppressedThermal, model.SuppressedBattery,
	model.SuppressedOther, model.Errored, model.Expired, model.PowerOff}

// Losses simulates the cases of a request, with its fixed number of paths, for the losses of
// sessions of some lengths [s], which ascend; the Horizon of each loss is its length. When ctx
// ends, no further case is begun; Losses returns the first thing that kept a case from being
// answered.
func Losses(ctx context.Context, s *model.Scenario, q Request, lengths []float64, saves Saves,
	control Control) ([]Loss, solver.Outcome, error) {
	// Without a margin, plans are as long as sessions run: there is an incidence at every time.
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

// lossOf returns what ends at times [s] lose with a save every so many seconds, given how
// often a session has ended so by each of the times. Each end counts at the first of the
// times that has seen it, those at the very start with the first.
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

// warned takes out the ends whose closing work fits.
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
