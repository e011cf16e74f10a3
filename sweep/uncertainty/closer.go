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
}

// closer simulates more paths of the plants that decide the robust caps.
func (c *closer) look(ctx context.Context) error {
	looked := make([]bool, len(c.firsts))
	for {
		next := c.deciding(looked)
		if len(next) == 0 {
			return nil
		}
		var points [][]float64
		for _, plant := range next {
			looked[plant] = true
			points = append(points, c.points[c.firsts[plant]])
		}
		if err := c.each(ctx, points, func(i int, found *solver.Estimates) {
			for row, bound := range sureCaps(found, c.tolerances, c.sure) {
				kept := &c.caps[row][c.firsts[next[i]]].sure
				if bound.Index >= kept.Index {
					*kept = bound
				}
			}
		}); err != nil {
			return err
		}
	}
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
