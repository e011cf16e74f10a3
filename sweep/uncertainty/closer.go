package uncertainty

import (
	"context"
	"maps"
	"slices"

	"budget/solver"
	"budget/solver/estimate"
)

// Caps differ more between plants than a few thousand paths leave them open: from plant to plant
// by a factor, from run to run by a tenth. A cost-optimal number of paths, after the formula of
// two-stage samples √(cost of a plant/cost of a path · variance of a path/variance between plants),
// is some hundreds. But the robust cap rests on single plants, and their bounds allow for
// sessions that no path shows: 6 of 4096, a third of a tolerance of 0.5 %. So every plant gets few
// paths, and the plants with the smallest bounds more, until the smallest have all had more.
//
// A plant looked at twice has two bounds, and the better one counts. Each is wrong with half of
// the probability allowed for the plant, so that both hold except with that probability.

// closer looks closer at plants that decide robust caps.
type closer struct {
	*evaluator // of more paths
	tolerances []float64
	sure       float64     // error probability of a bound
	points     [][]float64 // by set
	caps       [][]setCaps // by reading and tolerance, then set
	firsts     []int       // index of the first set, by plant
	rank       int         // of the robust caps
	shorten    bool        // follow plants only as far as their caps can lie
}

// look simulates more paths of the plants that decide the robust caps. Their caps are the
// shortest, so most of these plants are not followed to the end of the others.
func (c *closer) look(ctx context.Context) error {
	looked := make([]bool, len(c.firsts))
	for {
		next := c.deciding(looked)
		if len(next) == 0 {
			return nil
		}
		for _, plant := range next {
			looked[plant] = true
		}
		short := *c.evaluator
		short.on.Duration = c.reach(next)
		beyond, err := c.bound(ctx, &short, next)
		if err == nil && len(beyond) > 0 && short.on.Duration != c.on.Duration {
			_, err = c.bound(ctx, c.evaluator, beyond)
		}
		if err != nil {
			return err
		}
	}
}

// reach returns the duration [s] beyond which none of the plants' caps lies, by the paths so far.
func (c *closer) reach(plants []int) float64 {
	if !c.shorten {
		return c.on.Duration
	}
	last := 0
	for _, caps := range c.caps {
		for _, plant := range plants {
			last = max(last, caps[c.firsts[plant]].upper+1)
		}
	}
	if last >= len(c.durations) || c.on.Duration > 0 && c.durations[last] >= c.on.Duration {
		return c.on.Duration
	}
	return c.durations[last]
}

// bound keeps the better bounds of plants after a run of e, and returns the plants with a bound at
// the end of what e follows.
func (c *closer) bound(ctx context.Context, e *evaluator, plants []int) (beyond []int, err error) {
	points := make([][]float64, len(plants))
	for i, plant := range plants {
		points[i] = c.points[c.firsts[plant]]
	}
	ends := make([]bool, len(plants))
	err = e.each(ctx, points, func(i int, found *solver.Estimates) {
		for row, bound := range sureCaps(found, c.tolerances, c.sure) {
			kept := &c.caps[row][c.firsts[plants[i]]].sure
			if bound.Index >= kept.Index {
				*kept = bound
			}
			ends[i] = ends[i] || bound.Status == estimate.ToHorizon
		}
	})
	for i, plant := range plants {
		if ends[i] {
			beyond = append(beyond, plant)
		}
	}
	return beyond, err
}

// deciding returns the plants to look closer at: for every robust cap that could still move
// the plants up to its rank and the next one.
func (c *closer) deciding(looked []bool) []int {
	wanted := map[int]bool{}
	for _, caps := range c.caps {
		plants := make([]int, len(c.firsts))
		for i := range plants {
			plants[i] = i
		}
		sure := func(plant int) estimate.CapResult { return caps[c.firsts[plant]].sure }
		slices.SortStableFunc(plants, func(a, b int) int { return compareSure(sure(a), sure(b)) })
		// More paths hardly raise a bound at the best estimate, nor where there surely is no cap.
		open := func(plant int) bool {
			return !looked[plant] && (sure(plant).Index < caps[c.firsts[plant]].best ||
				sure(plant).Status == estimate.Unknown)
		}
		if !slices.ContainsFunc(plants[:c.rank], open) {
			continue
		}
		for _, plant := range plants[:min(c.rank+1, len(plants))] {
			if open(plant) {
				wanted[plant] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(wanted))
}

// sureCaps returns the caps of a set that are wrong with a given probability, by reading and
// tolerance.
func sureCaps(found *solver.Estimates, tolerances []float64, sure float64) []estimate.CapResult {
	var all []estimate.CapResult
	for _, reading := range found.Readings {
		bound := estimate.NewCurveCaps(reading.Failure, sure)
		for _, tolerance := range tolerances {
			all = append(all, bound.Invert(tolerance))
		}
	}
	return all
}
