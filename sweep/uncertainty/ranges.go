package uncertainty

import (
	"context"
	"errors"
	"math"

	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// A range beside a cap has to be found while somebody waits. So it is found for one tolerance
// under one reading, on few paths a set, and no further than caps are likely to lie.

// rangeShare is the share of the draws that robust caps of ranges hold for.
const rangeShare = 0.95

// rangeSets is the number of sets of values that a range rests on. Many sets on a plant cost
// little.
const rangeSets = 256

// rangePaths returns the number of paths of a set, for so many cases.
func rangePaths(cases int) int64 {
	switch {
	case cases == 1:
		return 4096
	case cases <= 3:
		return 2048
	}
	return 1024
}

// robustPaths is the number of paths from which on a robust cap says something: with fewer,
// what a path not seen could carry comes close to the tolerance.
const robustPaths = 2048

// MostRanges is the largest number of cases that ranges are found for.
const MostRanges = 16

// AddRanges finds how caps move over the uncertain inputs of their scenario: of every case the
// cap at a tolerance under the first reading of the request, which rows has. It puts the
// ranges beside the caps (Cap.Spread), and returns all that is found. Cases without a cap of
// their own, for lack of paths, have no range; nor has any where no input is uncertain, and
// then AddRanges returns nil. If ctx ends first it returns its error.
func AddRanges(ctx context.Context, s *model.Scenario, q sweep.Request, tolerance float64,
	rows []sweep.Cap, control sweep.Control) (*Spread, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	var of []int
	for i, c := range rows {
		if c.Reading == rows[0].Reading && c.Tolerance == tolerance && c.Status != sweep.CapUnknown {
			of = append(of, i)
		}
	}
	q.Readings, q.Tolerances = []solver.Reading{solver.Reading(rows[0].Reading)}, []float64{tolerance}
	q.Estimator, q.Paths, q.Gate = solver.Weights, rangePaths(len(of)), 0
	begun := control.Case
	var all *Spread
	for n, i := range of {
		c := &rows[i]
		q.Sessions, q.Devices = []string{c.Session}, []string{c.Device}
		longest := rangeDuration(c, float64(s.Grid.Step))
		q.Environments, q.Duration = []string{c.Environment}, longest
		if _, timer := s.TimerSequence(); timer {
			longest, q.Duration = c.Horizon, 0 // the length of a timer is its own
		}
		if begun != nil {
			control.Case = func(_, _ int, c sweep.Case) { begun(n, len(of), c) }
		}
		found, err := FindSpread(ctx, s, SpreadRequest{Request: q, Sets: rangeSets,
			Plants: max(64, PlantsFor(rangeShare, q.Confidence)), Design: LatinRules, Share: rangeShare},
			control)
		if errors.Is(err, ErrNothingVaried) {
			continue
		}
		if err != nil {
			return nil, err
		}
		caps := found.Cases[0].Caps[0]
		c.Spread = &sweep.CapSpread{Low: caps.Quantiles[0].Value, Median: caps.Quantiles[1].Value,
			High: caps.Quantiles[2].Value, Robust: caps.Robust, RobustShare: caps.RobustShare,
			Longest: longest}
		if q.Paths < robustPaths {
			c.Spread.Robust, c.Spread.RobustShare = math.NaN(), math.NaN()
		}
		if all == nil {
			all = found
		} else {
			all.Cases = append(all.Cases, found.Cases...)
		}
	}
	return all, nil
}

// rangeDuration returns the longest session length [s] to look at for the range of a cap, a
// multiple of the step: two and a half times the cap, and no more than the limit where that
// bounds it.
func rangeDuration(c *sweep.Cap, step float64) float64 {
	longest := min(max(2.5*c.Cap, 600), c.Horizon)
	if c.Limit > 0 && c.CapUpper < c.Limit {
		longest = min(longest, c.Limit)
	}
	return max(math.Floor(longest/step+1e-9), 1) * step
}
