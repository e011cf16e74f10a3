package compare

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/plan"
	"budget/sweep/store"
)

// planOf returns a plan of one cell.
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

// TestPairsAreNarrower: differences have narrower intervals if both sides simulate the
// same sessions.
func TestPairsAreNarrower(t *testing.T) {
	const other = "[policy]\nsuppress_low = \"0.6 /h\"\n[population]\nstart_level_beta = 1.6\n"
	paired := compareOf(t, planOf(t, "", 1, 1<<12), planOf(t, other, 1, 1<<12))
	unpaired := compareOf(t, planOf(t, "", 1, 1<<12), planOf(t, other, 1001, 1<<12))
	width := func(d Difference) float64 { return d.Upper - d.Lower }
	for _, of := range [][2]Difference{{paired.Failure[3], unpaired.Failure[3]},
		{paired.Caps[0], unpaired.Caps[0]}} {
		narrower := width(of[0]) / width(of[1])
		t.Logf("%.2f times as wide", narrower)
		if narrower > 0.95 {
			t.Errorf("with pairs %+v is %.2f times as wide as %+v", of[0], narrower, of[1])
		}
	}
}

// TestCompareWithItself: all differences are 0, and the intervals allow only for
// events that no path had.
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

// TestCompareSwept: cells are paired by their levels in any order; cells without a
// counterpart are counted, differences of inputs are listed, and the differences are
// those of comparing the plans.
func TestCompareSwept(t *testing.T) {
	a := parse(t, smallPlan)
	b := parse(t, strings.NewReplacer(`"10 %", "50 %"`, `"50 %", "30 %"`,
		"128", "128\nscenario.policy.pressure_low = 2", `tolerances = ["1 %", "5 %"]`,
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
		// Plans are compared by session type, sweeps by cell.
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

// smallPlan varies rules and plants, for two session types and both readings.
const smallPlan = `
sessions = ["mindfulness", "self-care"]
readings = ["cautious", "documented"]
tolerances = ["1 %", "5 %"]
paths = 128
[[axis]]
key = "start_level"
values = ["10 %", "50 %"]
[[axis]]
name = "rate"
key = "policy.suppress_low"
values = ["0.1 /h", "1 /h", "9 /h"]
`

// parse parses a valid plan.
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
	s, err := store.Open(dir, store.Writer{Version: "v1", Code: "c1"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	units, _, _, err := s.Missing(p)
	if err == nil {
		err = s.Fill(context.Background(), p, units, store.Control{Workers: workers})
	}
	if err == nil {
		err = s.Write(context.Background(), p, []byte("plan"), workers, func(plan.Cell, []sweep.Cap) {})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestDifferencesOfKnownValues: the interval of a difference is slightly wider than
// Student's if all replicates differ by chance, to allow for heavier unseen events, and
// Poisson's if no replicate or only one differs.
func TestDifferencesOfKnownValues(t *testing.T) {
	const n, paths = 64, 64 << 10
	side := func(of func(i int) float64) *Side {
		s := &Side{Durations: []float64{5}, At: []int{0}, Replicates: [][]float64{make([]float64, n)}}
		sum := 0.0
		for i := range n {
			s.Replicates[0][i] = of(i)
			sum += of(i) / n
		}
		s.Failure = []estimate.Moments{{Paths: paths, Blocks: n, Sum: sum * paths, Largest: 1}}
		return s
	}
	level := func(int) float64 { return 0.5 }
	noise := func(i int) float64 { return 0.5 + 1e-3*distuv.UnitNormal.Quantile((float64(i)+0.5)/n) }
	one := func(i int) float64 { return 0.5 + float64(max(1-i, 0))*n/paths }
	d := FailureDifference(side(level), side(noise), 0, 0, true, 0.025)
	student := 1.9983 * math.Sqrt(spread(side(noise).Replicates[0])/n)
	if half := (d.Upper - d.Lower) / 2; half < student || half > 1.5*student {
		t.Errorf("of chance: %v, Student's is %v", half, student)
	}
	unpaired := FailureDifference(side(noise), side(noise), 0, 0, false, 0.025)
	if half := (unpaired.Upper - unpaired.Lower) / 2; half < 1.4*student || half > 1.8*student {
		t.Errorf("without pairs: %v, Student's of one side is %v", half, student)
	}
	d = FailureDifference(side(level), side(level), 0, 0, true, 0.025)
	if want := -math.Log(0.025) / paths; math.Abs(d.Upper-want) > 1e-9 ||
		math.Abs(d.Lower+want) > 1e-9 {
		t.Errorf("of no event: %+v, want ±%v", d, want)
	}
	// Garwood's upper bound is 5.5716 for one event.
	d = FailureDifference(side(level), side(one), 0, 0, true, 0.025)
	if half := (d.Upper - d.Value) * paths; math.Abs(half-4.57) > 0.25 {
		t.Errorf("of one event: %v beyond it, want about 4.57", half)
	}
}

// TestOtherCode: results of other code differ for that reason, too.
func TestOtherCode(t *testing.T) {
	t.Parallel()
	var a, b store.Provenance
	a.CodeDigest, b.CodeDigest = "one", "two"
	if found := changes(a, b); len(found) != 1 || !strings.Contains(found[0], "code_digest") {
		t.Errorf("got %q", found)
	}
}
