package solver

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"sync"
	"testing"

	"budget/model"
	"budget/solver/estimate"
	"budget/solver/plant"
)

// summaries returns the summaries of all programs.
func summaries(t testing.TB, programs []*Program, s Settings, paths int64,
	at []float64) []*Estimates {
	t.Helper()
	list := make([]*Estimates, len(programs))
	err := Summaries(context.Background(), programs, s, paths, at,
		func(i int, e *Estimates) { list[i] = e })
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestSummariesSayWhatAnswersSay: the same moments and probabilities up to rounding, and
// the same caps. A mean is rounded by 3e-14 in each replicate, and what paths take out of a
// row by 7e-12 of a path.
func TestSummariesSayWhatAnswersSay(t *testing.T) {
	long, low := Case{Duration: 3700}, Case{Duration: 3700, StartLevel: level(0.12)}
	for name, k := range map[string]struct {
		session string
		c       Case
		toml    []string
		paths   int64
	}{
		"mindfulness":              {"mindfulness", long, variantRules, 1024},
		"mindfulness, fixed level": {"mindfulness", low, variantRules, 1000},
		"workout":                  {"workout", Case{Duration: 5400}, variantRules[:7], 512},
		"workout, fixed level":     {"workout", low, variantRules[:7], 500},
		"smart-alarm":              {"smart-alarm", Case{}, variantRules[:7], 1024},
		"one path":                 {"mindfulness", long, variantRules, 1},
		"two paths":                {"mindfulness", low, variantRules, 2},
		"63 paths":                 {"mindfulness", low, variantRules, 63},
		"65 paths":                 {"workout", low, variantRules[:7], 65},
		"a short horizon":          {"mindfulness", Case{Duration: 5}, variantRules, 300},
		"fierce rules":             {"mindfulness", low, fierceRules, 500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k.c.Session = k.session
			base := compile(t, model.Default(), k.c)
			var programs []*Program
			for i, toml := range k.toml {
				p, ok := base.Under(scenario(t, toml))
				if !ok {
					t.Fatalf("variant %d does not share the plant", i)
				}
				programs = append(programs, p)
			}
			for _, sampling := range []Sampling{Tilted, Stratified}[:longer(1, 2)] {
				s := Settings{Seed: 6, Estimator: Weights, Sampling: sampling, Readings: bothReadings,
					Failures: model.Failures, Workers: 2}
				n := len(base.Durations())
				places := []int{n - 1}
				if n > 1 {
					places = []int{0, n / 3, n / 2, n - 1}
				}
				var at []float64
				for _, i := range places {
					at = append(at, base.Durations()[i])
				}
				ofTallies := tallySummaries(t, programs, s, k.paths, places)
				ofSums := summaries(t, programs, s, k.paths, at)
				only := s
				only.FailuresOnly = true
				failuresOnly(t, programs, only, k.paths, at, places, ofSums, ofTallies)
				if err := Answers(context.Background(), programs, s, Question{Paths: k.paths},
					func(i int, a *Answer) {
						sameAsEstimates(t, i, ofSums[i], a.Estimates, places)
						sameAsEstimates(t, i, ofTallies[i], a.Estimates, places)
					}); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// failuresOnly checks that summaries without what ends sessions are else the same.
func failuresOnly(t *testing.T, programs []*Program, s Settings, paths int64, at []float64,
	places []int, ofSums, ofTallies []*Estimates) {
	t.Helper()
	tallies := tallySummaries(t, programs, s, paths, places)
	for i, e := range summaries(t, programs, s, paths, at) {
		for j := range e.Readings {
			sums, of := &ofSums[i].Readings[j], &ofTallies[i].Readings[j]
			for _, x := range []struct{ got, want *Incidence }{{&e.Readings[j], sums},
				{&tallies[i].Readings[j], of}} {
				want := *x.want
				want.Ended = Incidence{}.Ended
				if got := *x.got; fmt.Sprint(got) != fmt.Sprint(want) { // DeepEqual tells NaN apart
					t.Fatalf("variant %d: failures alone are others", i)
				}
			}
		}
		if got := e.Completion(Cautious, e.Durations[0]); !math.IsNaN(got.Lower) && got.Lower != 0 {
			t.Fatalf("variant %d: completion %v has bounds", i, got)
		}
	}
}

// fierceRules end sessions within a step, or hardly ever.
var fierceRules = []string{
	"[policy]\nsuppress_low = \"3600 /h\"\nsuppress_serious = \"1000 /h\"\nsuppress_base = " +
		"\"300 /h\"\n",
	"[population]\nfrailty_shape = 0.02\n[[session]]\nid = \"mindfulness\"\nresign = \"3600 " +
		"/h\"\nstop = \"500 /h\"\n",
	"[[session]]\nid = \"mindfulness\"\nresign = \"0 /h\"\nstop = \"0 /h\"\n[policy]\nsuppress_base " +
		"= \"0 /h\"\nerror_base = \"0 /h\"\n",
	"[[session]]\nid = \"mindfulness\"\nlimit = \"1 s\"\n",
	"[[session]]\nid = \"mindfulness\"\nlimit = \"8 s\"\n[policy]\npressure_low = 100\n",
}

// tallySummaries summarizes programs with tallies, as for many paths.
func tallySummaries(t *testing.T, programs []*Program, s Settings, paths int64,
	at []int) []*Estimates {
	t.Helper()
	s, err := s.filled()
	if err != nil {
		t.Fatal(err)
	}
	readers, sim := together(programs, &s, false)
	if err := sim.extend(context.Background(), paths, programs[0].plant.Steps); err != nil {
		t.Fatal(err)
	}
	list := make([]*Estimates, len(programs))
	for i, r := range readers {
		list[i] = r.summary(sim.account, nil, at, 2)
	}
	return list
}

func sameAsEstimates(t *testing.T, variant int, got, want *Estimates, at []int) {
	rounding := 2e-13 + 256e-12/float64(got.Paths)
	if got.Paths != want.Paths || len(got.Readings) != len(want.Readings) {
		t.Fatalf("variant %d: %d paths under %d readings", variant, got.Paths, len(got.Readings))
	}
	n := len(want.Durations)
	for r := range got.Readings {
		summary, want := &got.Readings[r], &want.Readings[r]
		near := func(what string, i int, got, want, tolerance float64) {
			if !(math.Abs(got-want) <= tolerance) {
				t.Fatalf("variant %d, %s, duration %d: %s is %v in the summary, %v in the estimates", variant,
					summary.Reading, i, what, got, want)
			}
		}
		moments := func(what string, i int, got, want estimate.Moments) {
			if got.Paths != want.Paths || got.Blocks != want.Blocks {
				t.Fatalf("variant %d, duration %d: %s of %d paths in %d blocks, want %d in %d", variant, i,
					what, got.Paths, got.Blocks, want.Paths, want.Blocks)
			}
			near(what, i, got.Mean(), want.Mean(), rounding)
			near(what+"'s variance", i, got.Variance, want.Variance, rounding*float64(want.Paths))
			near(what+"'s largest", i, got.Largest, want.Largest, 0)
		}
		if summary.Reading != want.Reading || summary.Failure.Len() != n || summary.Resigned.Len() != n ||
			len(summary.Binding) != n {
			t.Fatalf("variant %d, %s: %d, %d and %d durations, want %d", variant, summary.Reading,
				summary.Failure.Len(), summary.Resigned.Len(), len(summary.Binding), n)
		}
		for i := range n {
			moments("failure", i, summary.Failure.Moments[i], want.Failure.Moments[i])
			near("resigned", i, summary.Resigned.Value(i), want.Resigned.Value(i), rounding)
			// all amounts
			near("unfinished", i, summary.Unfinished.Value(i), want.Unfinished.Value(i), 2e-11)
			// The same cause, unless two are as frequent as each other up to the rounding of both.
			if a, b := summary.Binding[i], want.Binding[i]; a != b {
				near("binding", i, want.Ended[Meaning][a].Value(i), want.Ended[Meaning][b].Value(i),
					2*rounding)
			}
		}
		moments("refused", 0, summary.Refused.Moments[0], want.Refused.Moments[0])
		for j, i := range at {
			all, of := summary.Ended[Meaning][model.Completed].Moments[j], want.Unfinished.Moments[i]
			// One is what is left, the other what is taken: apart by the rounding of amounts.
			near("unfinished at", i, all.Mean(), of.Mean(), 2e-11)
			near("its variance", i, all.Variance, of.Variance, 1e-6*of.Variance+2e-11*float64(of.Paths))
			of.Sum, of.Variance = all.Sum, all.Variance
			moments("unfinished", i, all, of)
		}
		for slot := range want.Ended[AsUsed] {
			for j, i := range at {
				moments("ended", i, summary.Ended[AsUsed][slot].Moments[j], want.Ended[AsUsed][slot].Moments[i])
			}
		}
		for j, i := range at {
			// The mean of replicates is that of all, and one has a mean if it has a path.
			sum, blocks := 0.0, 0
			for k, mean := range summary.Replicates[j] {
				if math.IsNaN(mean) != (int64(k) >= got.Paths) {
					t.Fatalf("variant %d: mean of replicate %d is %v with %d paths", variant, k, mean, got.Paths)
				}
				if !math.IsNaN(mean) {
					sum += mean
					blocks++
				}
			}
			if len(summary.Replicates[j]) != plant.Replicates {
				t.Fatalf("%d replicates", len(summary.Replicates[j]))
			}
			mean := sum / float64(blocks)
			if mean > 1-1e-10 {
				mean = 1
			}
			near("mean of replicates", i, mean, summary.Failure.Moments[i].Mean(), rounding)
		}
	}
	q := Question{Tolerances: []float64{0.002, 0.01, 0.05}, Family: 1, Paths: 1}
	a, err := Caps(got, q)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Caps(want, q)
	if err != nil {
		t.Fatal(err)
	}
	for i := range a {
		if b[i].Binding = a[i].Binding; a[i] != b[i] {
			t.Fatalf("variant %d: cap is %+v by the summary, %+v by the estimates", variant, a[i], b[i])
		}
	}
}

// TestSummariesDoNotDependOnTheMachine: the same bytes for any number of workers, any
// kernel and any other programs.
func TestSummariesDoNotDependOnTheMachine(t *testing.T) {
	variants := func(length float64) (programs []*Program) {
		base := compile(t, model.Default(), Case{Session: "mindfulness", Duration: length})
		for _, toml := range append(variantRules, fierceRules...) {
			p, _ := base.Under(scenario(t, toml))
			programs = append(programs, p)
		}
		return programs
	}
	programs := variants(3700)
	s := Settings{Seed: 3, Estimator: Weights, Readings: bothReadings, Failures: model.Failures,
		Workers: 1}
	at := []float64{5, 505, 510, 3205, 3695}
	same := func(what string, got, want []*Estimates) {
		t.Helper()
		for i := range want {
			if !sameSummary(got[i], want[i]) {
				t.Errorf("%s: another summary of variant %d", what, i)
			}
		}
	}
	want := summaries(t, programs, s, 300, at)
	for i := range programs {
		same("alone", summaries(t, programs[i:i+1], s, 300, at), want[i:i+1])
	}
	for _, kernel := range Kernels() {
		s.Kernel = kernel
		same(kernel, summaries(t, programs, s, 300, at), want)
	}
	// So many paths that workers share nets, of a short session.
	s.Kernel = ""
	many := int64(chunk*plant.Replicates + 1000)
	programs, at = variants(700)[:4], []float64{5, 505, 510, 695}
	want = summaries(t, programs, s, many, at)
	for _, s.Workers = range []int{2, 7} {
		same(fmt.Sprint(s.Workers, " workers"), summaries(t, programs, s, many, at), want)
	}
}

// TestMorePathsAreTheSamePaths: paths added in parts, read in between and for other programs,
// say the same bytes as all at once; kept as histories or as tallies.
func TestMorePathsAreTheSamePaths(t *testing.T) {
	for name, c := range map[string]Case{
		"histories": {Session: "mindfulness", Duration: 1200},
		"gate":      {Session: "mindfulness", Duration: 1200, Gate: 20},
		"tallies":   {Session: "mindfulness", Duration: 600, Restart: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := compile(t, model.Default(), c)
			var programs []*Program
			for _, toml := range variantRules[:3] {
				p, _ := base.Under(scenario(t, toml))
				programs = append(programs, p)
			}
			s := Settings{Seed: 4, Estimator: Weights, Readings: bothReadings, Failures: model.Failures}
			at := []float64{5, 505, 595}
			g, err := Grow(programs, s, 700, at)
			if err != nil {
				t.Fatal(err)
			}
			for n, step := range []struct {
				paths int64
				which []int
			}{{100, []int{0, 1, 2}}, {101, []int{2}}, {500, []int{1}}, {700, []int{0, 2}}, {300, []int{1}}} {
				got := map[int]*Estimates{}
				var mu sync.Mutex
				if err := g.Summaries(context.Background(), step.which, step.paths, n%2+1,
					func(i int, e *Estimates) { mu.Lock(); got[i] = e; mu.Unlock() }); err != nil {
					t.Fatal(err)
				}
				want := summaries(t, programs, s, g.Paths(), at)
				if len(got) != len(step.which) || g.Paths() < step.paths {
					t.Fatalf("%d programs of %d paths, want %+v", len(got), g.Paths(), step)
				}
				for _, i := range step.which {
					if !sameSummary(got[i], want[i]) ||
						(c.Gate > 0) != (got[i].Gated != nil) ||
						c.Gate > 0 && !sameSummary(got[i].Gated, want[i].Gated) {
						t.Errorf("program %d of %d paths differs", i, g.Paths())
					}
				}
			}
		})
	}
}

// sameSummary compares bytes, so NaN equals NaN.
func sameSummary(a, b *Estimates) bool {
	for r := range a.Readings {
		for j := range a.Readings[r].Replicates {
			for net, x := range a.Readings[r].Replicates[j] {
				if math.Float64bits(x) != math.Float64bits(b.Readings[r].Replicates[j][net]) {
					return false
				}
			}
		}
		x, y := a.Readings[r], b.Readings[r]
		x.Replicates, y.Replicates = nil, nil
		if !reflect.DeepEqual(x, y) {
			return false
		}
	}
	return a.Paths == b.Paths
}

// TestSummariesRefuse invalid arguments, and take nothing when interrupted.
func TestSummariesRefuse(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "mindfulness", Duration: 600})
	other := compile(t, model.Default(), Case{Session: "mindfulness", Duration: 605})
	s := Settings{Estimator: Weights, Readings: bothReadings, Failures: model.Failures, Workers: 2}
	take := func(int, *Estimates) { t.Error("a summary") }
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Summaries(ended, []*Program{p}, s, 1000, nil, take); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	counts := s
	counts.Estimator = Counts
	ctx := context.Background()
	for what, err := range map[string]error{
		"no program": Summaries(ctx, nil, s, 1000, nil, take),
		"no such reading": Summaries(ctx, []*Program{p}, Settings{Readings: []Reading{"hopeful"}}, 1000,
			nil, take),
		"no path":        Summaries(ctx, []*Program{p}, s, 0, nil, take),
		"counts":         Summaries(ctx, []*Program{p}, counts, 1000, nil, take),
		"another plant":  Summaries(ctx, []*Program{p, other}, s, 1000, nil, take),
		"not ascending":  Summaries(ctx, []*Program{p}, s, 1000, []float64{25, 25}, take),
		"beyond the end": Summaries(ctx, []*Program{p}, s, 1000, []float64{605}, take),
		"before it":      Summaries(ctx, []*Program{p}, s, 1000, []float64{0}, take),
	} {
		if err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}
