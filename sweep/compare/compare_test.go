package compare

import (
	"context"
	"flag"
	"math"
	"slices"
	"strings"
	"testing"

	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/plan"
	"budget/sweep/store"
)

// planOf is a plan of one cell.
func planOf(t *testing.T, scenario string, seed uint64, paths int64) *plan.Plan {
	t.Helper()
	s, err := model.Parse("scenario.toml", []byte(scenario))
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Of(s, sweep.Request{Sessions: []string{"mindfulness"},
		Devices: []string{solver.Fleet}, Environments: []string{solver.Mix},
		Readings: []solver.Reading{solver.Cautious}, Tolerances: []float64{0.005, 0.02}, Confidence: 0.95,
		Sampling: solver.Tilted, Seed: seed, Paths: paths})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func compareOf(t *testing.T, a, b *plan.Plan) Cell {
	t.Helper()
	c, err := Plans(context.Background(), a, b, 0.95, store.Control{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return c.Cells[0]
}

var long = flag.Bool("long", false, "hold differences to 60 seeds where it is 20 otherwise")

// TestDifferencesCover: intervals of differences hold the difference that many times as
// many paths find, as often as they claim, and are narrower than without pairs.
func TestDifferencesCover(t *testing.T) {
	runs, many, least := 20, int64(1<<16), 0.81
	if *long {
		runs, many, least = 60, 1<<17, 0.86
	}
	const other = "[policy]\nsuppress_low = \"0.6 /h\"\n[population]\nstart_level_beta = 1.6\n"
	truth := compareOf(t, planOf(t, "", 77, many), planOf(t, other, 77, many))
	unpairedRuns := runs / 3
	covered, narrower, n := map[string]int{}, 0.0, 0
	for seed := range uint64(runs) {
		paired := compareOf(t, planOf(t, "", seed, 1<<12), planOf(t, other, seed, 1<<12))
		for i, d := range paired.Failure {
			if want := truth.Failure[i].Value; paired.Durations[i] <= 50*60 && d.Lower <= want &&
				want <= d.Upper {
				covered["failure"]++
			}
		}
		for i, d := range paired.Caps {
			if want := truth.Caps[i].Value; d.Lower <= want && want <= d.Upper {
				covered["cap"]++
			}
		}
		if seed < uint64(unpairedRuns) {
			unpaired := compareOf(t, planOf(t, "", seed, 1<<12), planOf(t, other, seed+1000, 1<<12))
			width := func(d Difference) float64 { return d.Upper - d.Lower }
			narrower += width(paired.Failure[3]) / width(unpaired.Failure[3]) / float64(unpairedRuns)
		}
		n++
	}
	// Room for paths not seen makes intervals of failure wide here. Those of caps, which
	// take failure to run straight around a cap, hold in 93.5 % of 800 tries with so few
	// paths, and in 97 % with four times as many: three standard errors less for 120 tries,
	// or for 40.
	durations := 0
	for _, d := range truth.Durations {
		if d <= 50*60 {
			durations++
		}
	}
	for what, tries := range map[string]int{"failure": n * durations, "cap": n * len(truth.Caps)} {
		share := float64(covered[what]) / float64(tries)
		t.Logf("%s: %.3f of %d intervals hold", what, share, tries)
		if share < map[string]float64{"failure": 0.93, "cap": least}[what] {
			t.Errorf("%s: %.3f of the intervals hold", what, share)
		}
	}
	t.Logf("paired intervals are %.2f times as wide", narrower)
	if narrower > 0.8 {
		t.Errorf("paired intervals are %.2f times as wide as others", narrower)
	}
}

// TestCompareWithItself: nothing differs, and nothing is claimed beyond what paths not
// seen could do.
func TestCompareWithItself(t *testing.T) {
	c := compareOf(t, planOf(t, "", 1, 1000), planOf(t, "", 1, 1000))
	for _, d := range c.Failure {
		if d.Value != 0 || d.Significant() || d.Upper > 0.005 {
			t.Errorf("failure: %+v", d)
		}
	}
	for _, d := range c.Caps {
		if d.Value != 0 || d.Lower != 0 || d.Upper != 0 {
			t.Errorf("cap: %+v", d)
		}
	}
}

// TestCompareSwept: cells are paired by their levels, whatever their order; what has no
// counterpart is counted, what differs in the inputs is told, and the differences are
// those of comparing the plans.
func TestCompareSwept(t *testing.T) {
	a := parse(t, smallPlan)
	b := parse(t, strings.NewReplacer(`"10 %", "50 %"`, `"50 %", "30 %"`,
		"512", "512\nscenario.policy.pressure_low = 2", `tolerances = ["1 %", "5 %"]`,
		`tolerances = ["5 %"]`).Replace(smallPlan))
	dirA, dirB := t.TempDir(), t.TempDir()
	sweepInto(t, dirA, a, 2)
	sweepInto(t, dirB, b, 2)
	read := func(dir string) *store.Results {
		s, err := store.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	sideA, sideB := read(dirA), read(dirB)
	c, err := Results(sideA, sideB, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Cells) != 3*2*2 || c.OnlyA != 12 || c.OnlyB != 12 || !c.Paired {
		t.Errorf("%d cells, without counterpart %d and %d, paired %v",
			len(c.Cells), c.OnlyA, c.OnlyB, c.Paired)
	}
	if want := []string{"policy.pressure_low: 0.25 → 2",
		"axis start_level: 10 %, 50 % → 50 %, 30 %"}; !slices.Equal(c.Changed, want) {
		t.Errorf("changed: %q", c.Changed)
	}
	for _, cell := range c.Cells {
		if !slices.Equal(cell.Tolerances, []float64{0.05}) ||
			cell.Values[slices.Index(c.Columns, "start_level")] != "0.5" {
			t.Errorf("cell %v has caps at %v", cell.Values, cell.Tolerances)
		}
	}
	plans, err := Plans(context.Background(), a, a, 0.9, store.Control{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	self, err := Results(sideA, sideA, 0.9)
	if err != nil || len(self.Cells) != len(plans.Cells) || len(self.Changed) != 0 {
		t.Fatalf("with itself: %v", err)
	}
	for i := range plans.Cells {
		// Plans are compared session type by session type, sweeps cell by cell.
		k := slices.IndexFunc(self.Cells, func(c Cell) bool {
			return c.Session == plans.Cells[i].Session && c.Reading == plans.Cells[i].Reading &&
				c.Failure[3].A == plans.Cells[i].Failure[3].A
		})
		if k < 0 || len(self.Cells[k].Caps) != 2 {
			t.Errorf("%s has no counterpart", plans.Cells[i].Session)
		}
	}
	other := parse(t, "sessions = [\"mindfulness\"]\npaths = 512\n[[axis]]\nkey = "+
		"\"policy.suppress_serious\"\nvalues = [\"1 /h\", \"2 /h\"]")
	dirC := t.TempDir()
	sweepInto(t, dirC, other, 2)
	if _, err := Results(sideA, read(dirC), 0.9); err == nil ||
		!strings.Contains(err.Error(), "varies rate_per_h, which") {
		t.Errorf("got %v", err)
	}
}

// smallPlan has policies and plants, two session types and both readings.
const smallPlan = `
sessions = ["mindfulness", "self-care"]
readings = ["cautious", "documented"]
tolerances = ["1 %", "5 %"]
paths = 512
[[axis]]
key = "start_level"
values = ["10 %", "50 %"]
[[axis]]
name = "rate"
key = "policy.suppress_low"
values = ["0.1 /h", "1 /h", "9 /h"]
`

// parse reads a plan that is right.
func parse(t *testing.T, text string) *plan.Plan {
	t.Helper()
	p, err := plan.Parse("plan.toml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return p
}

// sweepInto runs a plan into a directory.
func sweepInto(t *testing.T, dir string, p *plan.Plan, workers int) {
	t.Helper()
	s, err := store.Open(dir, store.Writer{Version: "v1", Catalog: model.CatalogDigest()},
		store.StaleRefuse)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	units, _, _, err := s.Missing(p)
	if err == nil {
		err = s.Fill(context.Background(), p, units, store.Control{Workers: workers})
	}
	if err == nil {
		err = s.Write(p, []byte("plan"), workers, func(plan.Cell, sweep.Cap) {})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestDifferencesOfKnownValues: Student's interval of pairs, and Welch's without.
func TestDifferencesOfKnownValues(t *testing.T) {
	a, b := []float64{1, 2, 3, 4}, []float64{2, 2, 5, 5}
	// Differences 1, 0, 2, 1: mean 1, variance 2/3, t(3; 0.975) = 3.18245.
	d := difference(2.5, 3.5, a, b, true, 0.025)
	if half := 3.182446305284263 * math.Sqrt(2.0/3/4); math.Abs(d.Upper-1-half) > 1e-9 ||
		math.Abs(d.Lower-1+half) > 1e-9 {
		t.Errorf("pairs: %+v", d)
	}
	// Variances 5/3 and 3 of means of four: 7/6; freedom 5.5579; t = 2.495.
	d = difference(2.5, 3.5, a, b, false, 0.025)
	if math.Abs(d.Upper-1-2.4953*math.Sqrt(7.0/6)) > 1e-3 {
		t.Errorf("without pairs: %+v", d)
	}
}
