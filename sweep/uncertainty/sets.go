package uncertainty

import (
	"fmt"

	"budget/solver/random"
)

// Sets of values of the uncertain quantities are drawn in two steps (a split-plot design),
// since a set that differs only in rules costs a thousandth of a run of the plant. First,
// the quantities that affect the plant are drawn independently for every plant. Second,
// the rules are drawn for the sets of each plant, by a design that fills the box of their
// laws evenly. So plants with their sets are independent and identically distributed;
// guarantees and standard errors count plants. If only rules are varied, plants are simply
// groups of sets.

// RuleDesign is how the sets of a plant fill the box of the rules' laws.
type RuleDesign string

// The designs of the sets of a plant.
const (
	LatinRules  RuleDesign = "latin-hypercube" // of n sets, each of n slices of every law has one
	SobolRules  RuleDesign = "sobol"           // scrambled Sobol' points
	RandomRules RuleDesign = "independent"     // independent draws
)

// RuleDesigns lists the designs.
func RuleDesigns() []RuleDesign { return []RuleDesign{LatinRules, SobolRules, RandomRules} }

// Purposes of random numbers, different from those of sessions. Each further sample uses
// the next two.
const (
	forPlants = 1 << 16 // quantities that affect the plant
	forRules  = forPlants + 1
)

// drawnSet is a set of values by quantity, in the unit of the law, and the shares of the laws
// below them.
type drawnSet struct {
	plant         int
	values, below []float64
}

// drawSets draws sets on plants, equally many on each; the first plants have one more if
// the numbers are not divisible.
func drawSets(unknowns []Quantity, sets, plants int, design RuleDesign, seed uint64,
	sample int) ([]drawnSet, error) {
	touching, rules := 0, 0
	for _, u := range unknowns {
		if u.Plant {
			touching++
		} else {
			rules++
		}
	}
	place := random.LatinHypercube
	switch design {
	case RandomRules:
		place = random.IndependentPoints
	case SobolRules:
		if rules > random.SobolDimensions {
			return nil,
				fmt.Errorf("%d rules are varied: expected at most %d for Sobol' points, or another design",
					rules, random.SobolDimensions)
		}
		place = random.SobolPoints
	}
	var all []drawnSet
	for p := range plants {
		n := sets / plants
		if p < sets%plants {
			n++
		}
		stream := func(purpose uint32) random.Stream {
			return random.Stream{Key: random.NewKey(seed), Path: uint64(p),
				Purpose: purpose + 2*uint32(sample)}
		}
		of := random.IndependentPoints(1, touching, stream(forPlants))[0]
		var inside [][]float64
		if rules > 0 {
			inside = place(n, rules, stream(forRules))
		}
		for i := range n {
			set := drawnSet{plant: p}
			t, r := 0, 0
			for _, u := range unknowns {
				var x float64
				if u.Plant {
					x, t = of[t], t+1
				} else {
					x, r = inside[i][r], r+1
				}
				set.values, set.below = append(set.values, u.parameter.Law.Quantile(x)), append(set.below, x)
			}
			all = append(all, set)
		}
	}
	return all, nil
}
