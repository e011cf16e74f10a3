package sweep

import (
	"context"
	"slices"

	"budget/model"
	"budget/solver"
)

// Cost is the battery and heat cost of a session of one case and length.
type Cost struct {
	Case
	solver.Cost
}

// CostPaths is the default number of paths behind a cost. All are stepped to their end.
const CostPaths = 16_384

// CostDurations are the default durations of costs [s].
var CostDurations = []float64{300, 600, 1200, 1800, 2700, 3600, 5400}

// CapDurations returns a function for Costs that gives the caps of a case as
// durations [s].
func CapDurations(caps []Cap) func(Case) []float64 {
	return func(of Case) (durations []float64) {
		for _, c := range caps {
			if c.Case == of && c.Cap > 0 {
				durations = append(durations, c.Cap)
			}
		}
		slices.Sort(durations)
		return slices.Compact(durations)
	}
}

// Costs returns the costs of every case of a request at ascending durations [s], up to the
// case's horizon. It uses CostPaths if the request has no number of paths, and the first
// reading. Tolerances and precision of the request are ignored. If ctx ends first, it returns
// ctx's error and the costs of the cases done.
func Costs(ctx context.Context, s *model.Scenario, q Request, durations func(Case) []float64,
	control Control) ([]Cost, error) {
	q = q.filled(s)
	if q.Paths == 0 {
		q.Paths = CostPaths
	}
	settings := solver.Settings{
		Seed: q.Seed, Sampling: q.Sampling, Readings: q.Readings,
		Failures: Failures(q.EndOnResign, q.CountRefused),
		Workers:  control.Workers, Kernel: control.Kernel, Progress: control.Progress,
	}
	var costs []Cost
	err := q.EachCase(s, control, func(_ int, c Case) error {
		var at []float64
		for _, d := range durations(c) {
			if d <= c.Horizon*(1+1e-9) {
				at = append(at, d)
			}
		}
		if len(at) == 0 {
			return nil
		}
		on := solver.Case{Session: c.Session, Device: c.Device, Environment: c.Environment,
			StartLevel: q.StartLevel, Pause: q.Pause}
		if _, timer := s.TimerSequence(); !timer {
			on.Duration = at[len(at)-1]
		}
		p, err := solver.Compile(s, on)
		if err != nil {
			return err
		}
		found, err := p.Cost(ctx, settings, at, q.Paths)
		for _, cost := range found {
			costs = append(costs, Cost{c, cost})
		}
		return err
	})
	return costs, err
}
