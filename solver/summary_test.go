package solver

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"testing"

	"budget/model"
	"budget/solver/estimate"
)

// summaries summarizes programs, all of them.
func summaries(t testing.TB, programs []*Program, s Settings, paths int64, at []int) []*Summary {
	t.Helper()
	list := make([]*Summary, len(programs))
	err := Summaries(context.Background(), programs, s, paths, at, func(i int, s *Summary) { list[i] = s })
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestSummariesSayWhatAnswersSay: the same moments and probabilities but for rounding, and
// the same caps. A mean is rounded by 3e-14 in each net; what paths leave of a row that
// they are in is rounded by 7e-12 of a path, and an answer keeps the difference in the row.
func TestSummariesSayWhatAnswersSay(t *testing.T) {
	long, low := Case{Duration: 3700}, Case{Duration: 3700, StartLevel: level(0.12)}
	for name, k := range map[string]struct {
		session string
		c       Case
		toml    []string
		paths   int64
	}{
		"mindfulness":              {"mindfulness", long, variantRules, 2048},
		"mindfulness, fixed level": {"mindfulness", low, variantRules, 1000},
		"workout":                  {"workout", Case{Duration: 5400}, variantRules[:7], 1024},
		"workout, fixed level":     {"workout", low, variantRules[:7], 500},
		"smart-alarm":              {"smart-alarm", Case{}, variantRules[:7], 2048},
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
				s := Settings{Seed: 6, Estimator: Weights, Sampling: sampling, Readings: bothReadings, Failures: model.Failures, Workers: 2}
				n := len(base.Durations())
				at := []int{n - 1}
				if n > 1 {
					at = []int{0, n / 3, n / 2, n - 1}
				}
				ofTallies := make([]*Summary, len(programs)) // the way of many paths
				if err := summariesOfTallies(context.Background(), programs, s, k.paths, at, func(i int, s *Summary) { ofTallies[i] = s }); err != nil {
					t.Fatal(err)
				}
				ofSums := summaries(t, programs, s, k.paths, at)
				q := Question{Tolerances: []float64{0.002, 0.01, 0.05}, Confidence: 0.95, Family: 1,
					Paths: k.paths}
				if err := Answers(context.Background(), programs, s, q, func(i int, a *Answer) {
					sameAsAnswer(t, i, ofSums[i], a, at)
					sameAsAnswer(t, i, ofTallies[i], a, at)
				}); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// fierceRules end sessions faster than a step lasts, or hardly at all.
var fierceRules = []string{
	"[policy]\nsuppress_low = \"3600 /h\"\nsuppress_serious = \"1000 /h\"\nsuppress_base = \"300 /h\"\n",
	"[population]\nfrailty_shape = 0.02\n[[session]]\nid = \"mindfulness\"\nresign = \"3600 /h\"\nstop = \"500 /h\"\n",
	"[[session]]\nid = \"mindfulness\"\nresign = \"0 /h\"\nstop = \"0 /h\"\n[policy]\nsuppress_base = \"0 /h\"\nerror_base = \"0 /h\"\n",
	"[[session]]\nid = \"mindfulness\"\nlimit = \"1 s\"\n",
	"[[session]]\nid = \"mindfulness\"\nlimit = \"8 s\"\n[policy]\npressure_low = 100\n",
}

func sameAsAnswer(t *testing.T, variant int, s *Summary, a *Answer, at []int) {
	t.Helper()
	rounding := 2e-13 + 64e-12/float64(s.Paths)
	near := func(what string, r, i int, got, want, tolerance float64) {
		if !(math.Abs(got-want) <= tolerance) {
			t.Fatalf("variant %d, %s, duration %d: %s is %v in the summary, %v in the answer", variant, a.settings.Readings[r], i, what, got, want)
		}
	}
	moments := func(what string, r, i int, got, want estimate.Moments) {
		if got.Paths != want.Paths || got.Blocks != want.Blocks {
			t.Fatalf("variant %d, duration %d: %s of %d paths in %d blocks, want %d in %d", variant, i, what, got.Paths, got.Blocks, want.Paths, want.Blocks)
		}
		near(what, r, i, got.Mean(), want.Mean(), rounding)
		near(what+"'s variance", r, i, got.Variance, want.Variance, rounding*float64(want.Paths))
		near(what+"'s largest", r, i, got.Largest, want.Largest, 0)
	}
	if s.Paths != a.Paths() || len(s.Readings) != len(bothReadings) {
		t.Fatalf("summary of %d paths under %d readings", s.Paths, len(s.Readings))
	}
	n := len(a.program.Durations())
	for r, summary := range s.Readings {
		if len(summary.Failure) != n || len(summary.Resigned) != n || len(summary.Binding) != n {
			t.Fatalf("variant %d: %d, %d and %d durations, want %d", variant, len(summary.Failure), len(summary.Resigned), len(summary.Binding), n)
		}
		for i := range n {
			moments("failure", r, i, summary.Failure[i], a.moments(r, Meaning, slotSum, i))
			near("resigned", r, i, summary.Resigned[i], a.probability(r, Meaning, int(model.Resigned), i), rounding)
			got, want := summary.Binding[i], a.binding(r, i)
			if got != want { // two causes may be as likely as each other
				near("binding", r, i, a.probability(r, Meaning, int(got), i), a.probability(r, Meaning, int(want), i), rounding)
			}
		}
		for _, c := range a.Caps {
			if c.Reading != a.settings.Readings[r] {
				continue
			}
			got := estimate.InvertCap(n, func(i int) estimate.Interval { return summary.Failure[i].Interval(a.capAlpha, a.capAlpha) }, c.Tolerance)
			if got.Index != c.Index || got.UpperIndex != c.Upper || got.Status != c.Status {
				t.Fatalf("variant %d: cap at %v is %+v by the summary, %+v by the answer", variant, c.Tolerance, got, c)
			}
		}
		for slot := range slots {
			for j, i := range at {
				moments("ended", r, i, summary.Ended[slot][j], a.moments(r, AsUsed, slot, i))
			}
		}
		for j, i := range at {
			// The mean of nets is that of all, and a net has a mean if it has a path.
			sum, blocks := 0.0, 0
			for net, mean := range summary.Nets[j] {
				if math.IsNaN(mean) != (int64(net) >= s.Paths) {
					t.Fatalf("variant %d: mean of net %d is %v with %d paths", variant, net, mean, s.Paths)
				}
				if !math.IsNaN(mean) {
					sum += mean
					blocks++
				}
			}
			if len(summary.Nets[j]) != nets {
				t.Fatalf("%d nets", len(summary.Nets[j]))
			}
			mean := sum / float64(blocks)
			if mean > nearlyAll {
				mean = 1
			}
			near("mean of nets", r, i, mean, summary.Failure[i].Mean(), rounding)
		}
	}
}

// TestSummariesDoNotDependOnTheMachine: the same bytes from any number of workers, any
// kernel, and in any company.
func TestSummariesDoNotDependOnTheMachine(t *testing.T) {
	base := compile(t, model.Default(), Case{Session: "mindfulness", Duration: 3700})
	var programs []*Program
	for _, toml := range append(variantRules, fierceRules...) {
		p, _ := base.Under(scenario(t, toml))
		programs = append(programs, p)
	}
	s := Settings{Seed: 3, Estimator: Weights, Readings: bothReadings, Failures: model.Failures, Workers: 1}
	at := []int{0, 100, 101, 640, 738}
	same := func(what string, got, want []*Summary) {
		t.Helper()
		for i := range want {
			if !sameSummary(got[i], want[i]) {
				t.Errorf("%s: another summary of variant %d", what, i)
			}
		}
	}
	want := summaries(t, programs, s, 1000, at)
	for i := range programs {
		same("alone", summaries(t, programs[i:i+1], s, 1000, at), want[i:i+1])
	}
	for _, kernel := range Kernels() {
		s.Kernel = kernel
		same(kernel, summaries(t, programs, s, 1000, at), want)
	}
	// So many paths that workers share nets.
	s.Kernel = ""
	many := int64(chunk*nets + 1000)
	want = summaries(t, programs[:9], s, many, at)
	for _, s.Workers = range []int{2, 7} {
		same(fmt.Sprint(s.Workers, " workers"), summaries(t, programs[:9], s, many, at), want)
	}
}

// sameSummary compares bytes, in which NaN is NaN.
func sameSummary(a, b *Summary) bool {
	for r := range a.Readings {
		for j := range a.Readings[r].Nets {
			for net, x := range a.Readings[r].Nets[j] {
				if math.Float64bits(x) != math.Float64bits(b.Readings[r].Nets[j][net]) {
					return false
				}
			}
		}
		x, y := a.Readings[r], b.Readings[r]
		x.Nets, y.Nets = nil, nil
		if !reflect.DeepEqual(x, y) {
			return false
		}
	}
	return a.Paths == b.Paths
}

// TestSummariesRefuse what they cannot do, and take nothing when interrupted.
func TestSummariesRefuse(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "mindfulness", Duration: 600})
	other := compile(t, model.Default(), Case{Session: "mindfulness", Duration: 605})
	s := Settings{Estimator: Weights, Readings: bothReadings, Failures: model.Failures, Workers: 2}
	take := func(int, *Summary) { t.Error("a summary") }
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Summaries(ended, []*Program{p}, s, 1000, nil, take); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	counts := s
	counts.Estimator = Counts
	ctx := context.Background()
	for what, err := range map[string]error{
		"no program":     Summaries(ctx, nil, s, 1000, nil, take),
		"no reading":     Summaries(ctx, []*Program{p}, Settings{Estimator: Weights}, 1000, nil, take),
		"no path":        Summaries(ctx, []*Program{p}, s, 0, nil, take),
		"counts":         Summaries(ctx, []*Program{p}, counts, 1000, nil, take),
		"another plant":  Summaries(ctx, []*Program{p, other}, s, 1000, nil, take),
		"not ascending":  Summaries(ctx, []*Program{p}, s, 1000, []int{5, 5}, take),
		"beyond the end": Summaries(ctx, []*Program{p}, s, 1000, []int{120}, take),
		"before it":      Summaries(ctx, []*Program{p}, s, 1000, []int{-1}, take),
	} {
		if err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}
