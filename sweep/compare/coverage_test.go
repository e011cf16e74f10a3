package compare

import (
	"context"
	"flag"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"budget/solver/estimate"
	"budget/sweep/store"
)

var many = flag.Int("seeds", 4, "test differences over this many seeds")

// sidesOf returns the sides of both scenarios, with means of replicates at all
// durations.
func sidesOf(t *testing.T, scenarios [2]string, seed uint64, paths int64) (sides [2]*Side) {
	t.Helper()
	for k, scenario := range scenarios {
		p := planOf(t, scenario, seed, paths)
		all, err := sideOfPlan(context.Background(), p, p.Cells()[0], "mindfulness",
			store.Control{Workers: 1})
		if err != nil {
			t.Error(err)
			return sides
		}
		sides[k] = all[0]
	}
	return sides
}

// truthOf returns sides with the mean failure of a number of runs of so many paths, with
// seeds that no coverage test uses.
func truthOf(t *testing.T, scenarios [2]string, runs int, paths int64) (sides [2]*Side) {
	for run := range runs {
		for k, s := range sidesOf(t, scenarios, 1<<32+uint64(run), paths) {
			if sides[k] == nil {
				sides[k] = &Side{Durations: s.Durations, Failure: slices.Clone(s.Failure)}
				continue
			}
			for i, m := range s.Failure {
				sides[k].Failure[i].Sum += m.Sum
				sides[k].Failure[i].Paths += m.Paths
			}
		}
	}
	return sides
}

// changed are scenarios that differ from the defaults.
var changed = []struct{ name, scenario string }{
	{"another plant", "[policy]\nsuppress_low = \".13 /h\"\nsuppress_serious = \".7 /h\"\n" +
		"[[environment]]\nid = \"sun\"\nirradiance_max = \"700 W/m2\"\n"},
	{"another rule", "[policy]\nsuppress_low = \"0.6 /h\"\n"},
	{"other start levels",
		"[policy]\nsuppress_low = \"0.6 /h\"\n[population]\nstart_level_beta = 1.6\n"},
}

// TestDifferencesCover: intervals of differences of caps and of failure contain the result
// of many more paths in 94 % of 1000 seeds, with few paths and where failure jumps: on the
// slope before the step at 48 min, at its foot, on it, beyond it, and before the limit. Fewer
// than 20 seeds look at one change only, with a truth of fewer paths.
func TestDifferencesCover(t *testing.T) {
	const paths = 1 << 12
	seeds, runs, truePaths, changes := *many, 1, int64(1<<17), changed
	switch {
	case seeds < 20:
		truePaths, changes = 1<<15, changed[2:]
	case seeds >= 100:
		runs = 12
	}
	minutes := []float64{10, 30, 48, 50, 58}
	for _, change := range changes {
		scenarios := [2]string{"", change.scenario}
		truth := truthOf(t, scenarios, runs, truePaths)
		// The failure of one side just reaches the foot of the step, that of the other does
		// not.
		foot := int(2870/truth[0].Durations[0]) - 1
		atFoot := (truth[0].Failure[foot].Mean() + truth[1].Failure[foot].Mean()) / 2
		tolerances := []float64{0.004, atFoot, 0.0125, 0.02, 0.04}
		held, widths := map[string]int{}, map[string][]float64{}
		var mu sync.Mutex
		var group sync.WaitGroup
		look := func(seed uint64) {
			sides := sidesOf(t, scenarios, seed, paths)
			mu.Lock()
			defer mu.Unlock()
			check := func(what string, e estimate.Estimate, want float64) {
				widths[what] = append(widths[what], e.Upper-e.Lower)
				if e.Lower-1e-9 <= want && want <= e.Upper+1e-9 {
					held[what]++
				}
			}
			for i, tolerance := range tolerances {
				step := sides[0].Durations[0]
				want := float64(truth[1].best(tolerance)-truth[0].best(tolerance)) * step
				check(fmt.Sprintf("cap %d, at %.2f %%", i+1, 100*tolerance),
					CrossingDifference(sides[0], sides[1], tolerance, true, 0.025).Estimate, want)
			}
			for _, m := range minutes {
				i := int(m*60/sides[0].Durations[0]) - 1
				check(fmt.Sprintf("failure by %g min", m),
					pairOf(sides[0], sides[1], true).difference(i, i, 0.025),
					truth[1].Failure[i].Mean()-truth[0].Failure[i].Mean())
			}
		}
		for worker := range 2 {
			group.Go(func() {
				for seed := worker; seed < seeds; seed += 2 {
					look(uint64(seed))
				}
			})
		}
		group.Wait()
		names := []string{}
		for what := range widths {
			names = append(names, what)
		}
		slices.Sort(names)
		// 94 % for 1000 seeds; for fewer seeds three standard errors below 95 %.
		least := min(0.94, 0.95-3*math.Sqrt(0.95*0.05/float64(seeds)))
		for _, what := range names {
			share := float64(held[what]) / float64(seeds)
			slices.Sort(widths[what])
			t.Logf("%s, %d paths, %s: holds in %.3f, median width %.4g", change.name, paths, what, share,
				widths[what][seeds/2])
			if share < least {
				t.Errorf("%s, %d paths, %s: holds in %.3f of %d seeds", change.name, paths, what, share, seeds)
			}
		}
	}
}
