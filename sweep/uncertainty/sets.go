package uncertainty

import (
	"fmt"

	"budget/solver/random"
)

// Sets of values of what is not known are drawn in two steps, since a set that differs in
// rules alone costs a thousandth of a run of the plant (a split-plot design). What touches
// the watch is drawn for every plant by itself, each draw independent of the others. The
// sets of a plant then differ in rules, by a design of their own that fills the box of the
// rules' laws evenly. So plants with their sets are independent of each other and alike,
// which is what guarantees and standard errors count. Where nothing varied touches the
// watch, plants stand for groups of sets all the same.

// RuleDesign says how the sets of a plant fill the box of the rules' laws.
type RuleDesign string

// The designs of the sets of a plant.
const (
	LatinRules  RuleDesign = "latin-hypercube" // one set in each of as many slices of every law
	SobolRules  RuleDesign = "sobol"           // scrambled Sobol' points
	RandomRules RuleDesign = "independent"     // independent draws
)

// RuleDesigns lists the designs.
func RuleDesigns() []RuleDesign { return []RuleDesign{LatinRules, SobolRules, RandomRules} }

// Purposes of random numbers: far from those that sessions are drawn for. Further samples
// have the next two, and so on.
const (
	forPlants = 1 << 16 // what touches the watch
	forRules  = forPlants + 1
)

// drawnSet is a set of values, by unknown, in the unit of the law.
type drawnSet struct {
	plant  int
	values []float64
}

// drawSets draws sets on plants, as many on each, the first ones having one more where that
// does not come out even.
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
				set.values = append(set.values, u.parameter.Law.Quantile(x))
			}
			all = append(all, set)
		}
	}
	return all, nil
}
