package uncertainty

import (
	"math"
	"testing"

	"budget/model"
	"budget/solver"
)

// TestDrawnSets checks three things for every design: all sets of a plant share one draw of the
// inputs that affect the watch; its draws of the rules are stratified (except for RandomRules),
// one in each of as many slices as it has sets; and over many plants both are uniform and
// independent.
func TestDrawnSets(t *testing.T) {
	t.Parallel()
	on := solver.Case{Session: "mindfulness", Device: solver.Fleet, Environment: solver.Mix}
	unknowns, err := Varying{Vary: []string{"population.lpm_accept", "policy.refuse_lpm",
		"policy.refuse_critical"}}.quantities(
		model.Default(), on, []solver.Reading{solver.Cautious})
	if err != nil {
		t.Fatal(err)
	}
	share := func(set drawnSet, i int) float64 { // share of the law below the i-th value
		l, x := unknowns[i].parameter.Law, set.values[i]
		if l.Kind == model.LogUniform {
			return math.Log(x/l.Low) / math.Log(l.High/l.Low)
		}
		return (x - l.Low) / (l.High - l.Low)
	}
	for _, design := range RuleDesigns() {
		const plants, each = 1024, 4
		sets, err := drawSets(unknowns, plants*each, plants, design, 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		for p := range plants {
			var seen [3]uint
			for _, set := range sets[p*each : (p+1)*each] {
				if set.plant != p || set.values[0] != sets[p*each].values[0] {
					t.Fatalf("%s: plant %d has %v among its sets", design, p, set)
				}
				for i := 1; i < 3; i++ {
					seen[i] |= 1 << int(share(set, i)*each)
				}
			}
			if design != RandomRules && (seen[1] != 1<<each-1 || seen[2] != 1<<each-1) {
				t.Fatalf("%s: the sets of plant %d do not lie one in each slice", design, p)
			}
		}
		// The first set of each plant is a draw from all laws. The means are those of uniform numbers
		// and of products of two independent ones. Four standard errors are 4·0.29/√1024 = 0.036 and
		// 4·0.083/√1024 = 0.0104.
		for i := range unknowns {
			mean := 0.0
			for p := range plants {
				mean += share(sets[p*each], i) / plants
			}
			if math.Abs(mean-0.5) > 0.036 {
				t.Errorf("%s: the mean of %s is at %.3f of its range", design, unknowns[i].Key, mean)
			}
			for j := range i {
				product := 0.0
				for p := range plants {
					product += (share(sets[p*each], i) - 0.5) * (share(sets[p*each], j) - 0.5) / plants
				}
				if math.Abs(product) > 0.0104 {
					t.Errorf("%s: %s and %s go together: covariance %.4f",
						design, unknowns[i].Key, unknowns[j].Key, product)
				}
			}
		}
		other, err := drawSets(unknowns, plants*each, plants, design, 1, 1)
		if err != nil || other[0].values[0] == sets[0].values[0] ||
			other[0].values[1] == sets[0].values[1] {
			t.Errorf("%s: another sample has the same draws (%v)", design, err)
		}
	}
	many := make([]Quantity, 14)
	for i := range many {
		many[i] = unknowns[1]
		many[i].Plant = false
	}
	if _, err := drawSets(many, 4, 2, SobolRules, 1, 0); err == nil ||
		err.Error() != "14 rules are varied: expected at most 13 for Sobol' points, or another design" {
		t.Errorf("14 rules by Sobol' points: %v", err)
	}
}
