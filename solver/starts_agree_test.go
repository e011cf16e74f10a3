package solver_test

import (
	"math"
	"slices"
	"testing"

	"budget/model"
	"budget/solver"
)

// TestStartsAgreeWithOracle: given what an app observes, sessions fail as often as in
// the oracle, which draws sessions until one starts with that observation.
func TestStartsAgreeWithOracle(t *testing.T) {
	for i, given := range []struct {
		name, toml, session string
		edges               []int
		at                  solver.Stratum
		plans               []float64
		timer               []oraclePhase
	}{
		{"low battery", "", "mindfulness", []int{0, 4, 11}, solver.Stratum{Level: 1, Class: 1},
			[]float64{5, 300, 1500, 2880}, nil},
		{"just not low", "", "workout", []int{0, 11, 15}, solver.Stratum{Level: 1, Class: 0},
			[]float64{60, 600, 1500}, nil},
		{"half full", "", "mindfulness", []int{0, 40}, solver.Stratum{Level: 1, Class: 0},
			[]float64{1500, 3590, 3600}, nil},
		{"Low Power Mode", "[population]\nlpm_on_start = 0.6\n", "audio", []int{0, 15, 40},
			solver.Stratum{Level: 1, LowPower: true, Class: 1}, []float64{300, 1500, 2400}, nil},
		{"hot", manyHot, "mindfulness", []int{0, 40},
			solver.Stratum{Level: 1, Thermal: model.Serious, Class: 1}, []float64{60, 600, 1800}, nil},
		{"warm and low", manyHot, "mindfulness", []int{0, 15, 40},
			solver.Stratum{Level: 1, Thermal: model.Fair, Class: 1}, []float64{60, 600, 1800}, nil},
		// What is observed when the first session starts says less of the later ones.
		{"timer, low battery", "", "mindfulness", []int{0, 4, 15},
			solver.Stratum{Level: 1, Class: 1}, nil,
			[]oraclePhase{{Length: 600}, {Length: 300, Rest: true}, {Length: 600},
				{Length: 120, Rest: true}, {Length: 900}}},
	} {
		t.Run(given.name, func(t *testing.T) {
			t.Parallel()
			s, err := model.Parse(given.name, []byte(given.toml))
			if err != nil {
				t.Fatal(err)
			}
			device := [...]string{"s9-41", "s9-45"}[given.at.Class] // small and large
			o := &oracle{Scenario: s, Session: given.session, Device: device, Plans: given.plans,
				Failures: model.Failures, Timer: given.timer}
			c := solver.Case{Session: given.session, Device: device, Environment: solver.Mix,
				Phases: o.phases()}
			if given.timer == nil {
				c.Duration = given.plans[len(given.plans)-1]
			} else {
				o.Plans = stintEnds(s, c.Phases)
			}
			p, err := solver.Compile(s, c)
			if err != nil {
				t.Fatal(err)
			}
			oraclePaths, quota := 256, int64(1024)
			if *solver.Long {
				oraclePaths, quota = 1<<13, 1<<15
			}
			found, err := solver.Starts(t.Context(), p,
				solver.Settings{Seed: uint64(3000 + i), Estimator: solver.Weights,
					Readings: []solver.Reading{solver.Cautious,
						solver.AsDocumented}, Failures: model.Failures, Workers: 2},
				solver.Strata{Edges: given.edges, Candidates: 60 * quota, Quota: quota})
			if err != nil {
				t.Fatal(err)
			}
			got := found[slices.IndexFunc(found,
				func(o solver.Observed) bool { return o.Stratum == given.at })]
			if got.Paths < 400 {
				t.Fatalf("%d paths start so: too few to compare", got.Paths)
			}
			o.Given = func(start oracleStart) bool {
				percent := int(math.Round(100 * start.Displayed))
				return percent >= given.edges[1] && (len(given.edges) == 2 || percent < given.edges[2]) &&
					start.Thermal == int(given.at.Thermal) && start.LowPower == given.at.LowPower &&
					start.Build == p.Classes()[given.at.Class]
			}
			want := o.Run(oraclePaths, uint64(4000+i), 2)
			for reading := range 2 {
				for j, plan := range o.Plans {
					g := got.Failure(got.Readings[reading].Reading, plan)
					w := want.Weights[accountIndex(reading == 1, true)][failureRow][j]
					if z := zScore(g, w, float64(got.Paths)); math.Abs(z) > oracleDistance() {
						t.Errorf("reading %d, %v s: %.6f ± %.6f fail, in the oracle %.6f ± %.6f, z = %.1f",
							reading, plan, g.Value, g.StandardError, w.Probability, w.StandardError, z)
					}
				}
			}
		})
	}
}

// manyHot is a scenario in which many sessions start warm and hot.
const manyHot = `
[[environment]]
id = "sun"
ambient_mean = "34 degC"
irradiance_max = "1000 W/m2"
[policy]
levels = ["34 degC", "37 degC", "39 degC"]
`
