package solver

import (
	"context"
	"math"
	"reflect"
	"testing"

	"budget/model"
	"budget/solver/incidence"
	"budget/solver/plant"
)

// edges are bins of levels, in per cent.
var edges = []int{0, 4, 11, 20, 50}

func startSettings() Settings {
	s, _ := Settings{Seed: 5, Workers: 2}.filled()
	return s
}

func starts(t *testing.T, p *Program, s Settings, q Strata) []Observed {
	t.Helper()
	found, err := Starts(context.Background(), p, s, q)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestStartsAreTheirPaths: the estimates of a stratum are those of its first paths,
// simulated one by one.
func TestStartsAreTheirPaths(t *testing.T) {
	coldAndLow := `
[[environment]]
id = "shade"
ambient_mean = "-15 degC"
[population]
start_level_beta = 6
lpm_accept = 0.8
`
	p := compile(t, scenario(t, coldAndLow),
		Case{Session: "audio", Environment: "shade", Duration: 1200})
	const candidates, quota = 3000, 300
	q := Strata{Edges: edges, Candidates: candidates, Quota: quota}
	found := starts(t, p, startSettings(), q)
	sampler := plant.NewSampler(5, Independent)
	listening, observe := p.plant.WithNoiseFromStart(), p.plant.Observer(sampler)
	followed, full := 0, 0
	settings := startSettings()
	settings.Sampling = Independent
	for _, o := range found {
		r := p.reader(&settings)
		account := incidence.NewAccount(r.rules, Weights, sampler, false, settings.Kernel, false)
		account.Open(p.plant.Steps)
		drawn, paths := int64(0), uint64(0)
		for path := range uint64(candidates) {
			if q.stratum(observe(path)) != o.Stratum {
				continue
			}
			drawn++
			if paths < quota {
				history := historyOf(listening, sampler, path)
				account.Add(paths, &history)
				paths++
			}
		}
		if paths < plant.Replicates {
			paths = 0 // no ground for an interval
		}
		if drawn != o.Drawn || int64(paths) != o.Paths {
			t.Fatalf("%+v: %d drawn, %d followed, want %d and %d", o.Stratum, o.Drawn, o.Paths, drawn, paths)
		}
		if paths == 0 {
			continue
		}
		if want := r.summary(account, nil, nil, 1); !reflect.DeepEqual(&o.Estimates, want) {
			t.Fatalf("%+v: another summary than its paths have", o.Stratum)
		}
		followed++
		if paths == quota {
			full++
		}
	}
	if followed < 6 || full < 2 {
		t.Errorf("%d strata have paths, %d as many as the quota: the test shows little", followed, full)
	}
}

// TestStartsMakeUpAllSessions: strata weighted by their shares fail as often as sessions
// sampled in another way from another seed.
func TestStartsMakeUpAllSessions(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "mindfulness", Device: "s9-45", Duration: 1800})
	const candidates = 1 << 18
	found := starts(t, p, startSettings(), Strata{Edges: []int{0, 11},
		Candidates: candidates, Quota: 4096})
	all := answer(t, p, Weights, 17, 1<<15)
	for _, i := range []int{0, 59, 179, 359} {
		mean, square, variance, start := 0.0, 0.0, 0.0, 0.0
		drawn, unknown := int64(0), int64(0)
		for _, o := range found {
			drawn += o.Drawn
			if o.Paths == 0 {
				unknown += o.Drawn
				continue
			}
			share := float64(o.Drawn) / candidates * (1 - o.Refused(Cautious).Value)
			if share == 0 {
				continue // none of them starts
			}
			start += share
			f := o.Readings[0].Failure.Moments[i]
			mean += share * f.Mean()
			square += share * f.Mean() * f.Mean()
			variance += share * share * f.StandardError() * f.StandardError()
		}
		if drawn != candidates {
			t.Fatalf("%d of %d candidates are in a stratum", drawn, candidates)
		}
		mean /= start                                 // of those that start
		variance += (square - mean*mean) / candidates // of the shares
		// Those that are not followed may fail or not, and are few.
		most := mean + float64(unknown)/candidates
		e := all.Failure(Cautious, p.Durations()[i])
		if apart := 4.5 * math.Hypot(math.Sqrt(variance), e.StandardError); e.Value < mean-apart ||
			e.Value > most+apart || most-mean > 2e-4 {
			t.Errorf(
				"duration %d: strata fail with %.5f to %.5f, all sessions with %.5f; %.5f would be chance",
				i, mean, most, e.Value, apart)
		}
	}
}

// TestConditionalIntervalsCover: over many seeds, the intervals of a stratum contain
// the estimate of forty times as many paths as often as they claim.
func TestConditionalIntervalsCover(t *testing.T) {
	p := compile(t, scenario(t, "[population]\nstart_level_beta = 8\n"),
		Case{Session: "mindfulness", Device: "s9-45", Duration: 300})
	edges := []int{0, 4, 11}
	at := Stratum{1, model.Nominal, false, 1}.place(len(edges))
	s := startSettings()
	s.Readings = bothReadings[:1]
	truth := starts(t, p, s, Strata{Edges: edges, Candidates: 1 << 17,
		Quota: 1 << 14})[at].Readings[0].Failure.Moments[50].Mean()
	const seeds = 100
	outside := 0
	for seed := range uint64(seeds) {
		s.Seed = 100 + seed
		o := starts(t, p, s, Strata{Edges: edges, Candidates: 1 << 11, Quota: 256})[at]
		if o.Paths < 128 {
			t.Fatalf("%d paths", o.Paths)
		}
		if !o.Readings[0].Failure.Moments[50].Interval(0.05, 0.05).Contains(truth) {
			outside++
		}
	}
	// With a tenth outside, more than 20 of 100 are seen once in a thousand times.
	if limit := 20; outside > limit {
		t.Errorf("%d of %d intervals of 90 %% miss", outside, seeds)
	}
}

// TestStartsSameBytes for any number of workers, every kernel, and with StepAll.
func TestStartsSameBytes(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "workout", Duration: 900})
	q := Strata{Edges: edges, Candidates: 1 << 12, Quota: 200}
	want := starts(t, p, startSettings(), q)
	for name, change := range map[string]func(*Settings){
		"1 worker":   func(s *Settings) { s.Workers = 1 },
		"7 workers":  func(s *Settings) { s.Workers = 7 },
		"all steps":  func(s *Settings) { s.StepAll = true },
		"sampling":   func(s *Settings) { s.Sampling = Sobol },
		Kernels()[0]: func(s *Settings) { s.Kernel = Kernels()[0] },
		"portable":   func(s *Settings) { s.Kernel = "portable" },
	} {
		s := startSettings()
		change(&s)
		if !reflect.DeepEqual(starts(t, p, s, q), want) {
			t.Errorf("%s: another result", name)
		}
	}
	s := startSettings()
	s.Seed++
	if reflect.DeepEqual(starts(t, p, s, q), want) {
		t.Error("another seed changes nothing: the test shows nothing")
	}
}

// TestLowerStartsFailMore: given the thermal state, with Low Power Mode off throughout, a
// lower bin fails no less often. Borrowing the cap of a lower bin relies on this. The bins
// are far enough apart that chance does not hide it.
func TestLowerStartsFailMore(t *testing.T) {
	p := compile(t, scenario(t, "[population]\nlpm_on_start = 0\nlpm_accept = 0\n"),
		Case{Session: "workout", Duration: 3600})
	found := starts(t, p, startSettings(), Strata{Edges: edges, Candidates: 1 << 16, Quota: 2000})
	compared := 0
	for i, o := range found[:len(found)-1] {
		next := found[i+1]
		if o.Level+1 != next.Level || o.Paths < 200 || next.Paths < 200 {
			continue
		}
		for _, j := range []int{59, 239, 719} {
			a, b := o.Readings[0].Failure.Moments[j], next.Readings[0].Failure.Moments[j]
			if se := math.Hypot(a.StandardError(), b.StandardError()); a.Mean() < b.Mean()-4*se {
				t.Errorf("%+v fails less often than the bin above it: %.4f and %.4f", o.Stratum, a.Mean(),
					b.Mean())
			}
			compared++
		}
	}
	if compared < 20 {
		t.Errorf("%d comparisons: the test shows little", compared)
	}
}

func TestStartsRefuseBadQuestions(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "self-care", Duration: 60})
	good := Strata{Edges: edges, Candidates: 100, Quota: plant.Replicates}
	for name, change := range map[string]func(*Settings, *Strata){
		"counts":          func(s *Settings, _ *Strata) { s.Estimator = Counts },
		"no such reading": func(s *Settings, _ *Strata) { s.Readings = []Reading{"hopeful"} },
		"no candidate":    func(_ *Settings, q *Strata) { q.Candidates = 0 },
		"too small quota": func(_ *Settings, q *Strata) { q.Quota = plant.Replicates - 1 },
		"too large quota": func(_ *Settings, q *Strata) { q.Quota = MostKept + 1 },
		"no edge":         func(_ *Settings, q *Strata) { q.Edges = nil },
		"no zero":         func(_ *Settings, q *Strata) { q.Edges = []int{1, 2} },
		"no order":        func(_ *Settings, q *Strata) { q.Edges = []int{0, 5, 5} },
		"beyond 100":      func(_ *Settings, q *Strata) { q.Edges = []int{0, 101} },
	} {
		s, q := startSettings(), good
		change(&s, &q)
		if _, err := Starts(context.Background(), p, s, q); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Starts(ctx, p, startSettings(), good); err != context.Canceled {
		t.Errorf("cancelled: %v", err)
	}
}
