package solver_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"budget/model"
	"budget/solver"
)

// withoutSession computes a timer without a session under the settings of a scenario file.
func withoutSession(t *testing.T, toml, timer string) (*model.Scenario, *solver.NoSession) {
	t.Helper()
	s, err := model.Parse("t.toml", []byte(toml))
	if err != nil {
		t.Fatal(err)
	}
	phases, err := s.ParsePhases(timer)
	if err != nil {
		t.Fatal(err)
	}
	return s, solver.WithoutSession(s, "mindfulness", phases)
}

// TestRaisesAtRandomHaveClosedForms has raises that come nearly as a Poisson stream of rate λ, as
// the wrist drops soon and nothing else happens. Then, over a sit of length d,
//
//	lost = (d − front) e^(−λ front),  P(late > x) = e^(−λ (front + x))
func TestRaisesAtRandomHaveClosedForms(t *testing.T) {
	t.Parallel()
	const toml = `
		[workload.seated]
		enter = ["0 /h", "%g /h", "0 /h", "0 /h"]
		leave = ["0 /h", "36000 /h", "1200 /h", "1800 /h"]
		[window]
		front = "%g s"`
	for _, x := range []struct{ perHour, front, length float64 }{
		{4, 120, 1500}, {40, 120, 1500}, {4, 0, 600}, {400, 7, 600}, {1, 600, 3600}, {4, 33.3, 900},
	} {
		_, n := withoutSession(t, fmt.Sprintf(toml, x.perHour, x.front), fmt.Sprintf("%g s", x.length))
		rate := x.perHour / 3600
		lost := (x.length - x.front) * math.Exp(-rate*x.front)
		// The wrist cannot be raised in a glance, which lasts 0.1 s on average.
		off := 2 * 0.1 * rate
		if got := n.Length - n.Kept; math.Abs(got-lost) > 1e-3+off*lost {
			t.Errorf("%+v: lost %g s, want %g", x, got, lost)
		}
		for _, by := range []float64{0, 60, 1000} {
			want := math.Exp(-rate * (x.front + by))
			if got := n.Late(by); math.Abs(got-want) > off {
				t.Errorf("%+v: later than %g s with %g, want %g", x, by, got, want)
			}
		}
		// ln 20 / λ − front is exceeded by one in 20.
		want := max(0, math.Log(20)/rate-x.front)
		if got := n.LateQuantile(0.95); math.Abs(got-want) > 0.2 {
			t.Errorf("%+v: 95 %% are at most %g s late, want %g", x, got, want)
		}
	}
}

// TestLimitsOfTheFront goes to both ends: an app that is never suspended keeps everything, and
// one whose wrist is never raised has its first time in front alone.
func TestLimitsOfTheFront(t *testing.T) {
	t.Parallel()
	const timer = "2 x (10 min, rest 1 min)"
	_, n := withoutSession(t, "[window]\nfront = \"10 min\"", timer)
	if n.Kept != 1200 || n.KeptQuantile(0.01) != 1200 || n.Late(0) != 0 || n.LateQuantile(0.99) != 0 {
		t.Errorf("in front throughout: kept %g s, late with %g", n.Kept, n.Late(0))
	}
	_, n = withoutSession(t, `
		[workload.seated]
		enter = ["0 /h", "0 /h", "15 /h", "12 /h"]`, timer)
	if math.Abs(n.Kept-240) > 1e-3 || n.KeptQuantile(0.01) != 240 || n.KeptQuantile(0.99) != 240 {
		t.Errorf("never raised: kept %g s, want 240", n.Kept)
	}
	if p := n.Late(1e5); math.Abs(p-1) > 1e-9 || !math.IsInf(n.LateQuantile(0.5), 1) {
		t.Errorf("never raised: later than a day with %g, want 1", p)
	}
}

// drawnSit draws a sit of phases of a workload and a length, in continuous time: how long the app
// is in front and how late its cue comes.
func drawnSit(r *rand.Rand, s *model.Scenario, front float64, workloads []string,
	lengths []float64) (kept, late float64) {
	at, end, came := 0.0, 0.0, 0.0
	for i, id := range workloads {
		w, state := s.Workload.ByID[id], model.StateQuiet
		at, end = end, end+lengths[i]
		for last := i == len(workloads)-1; ; {
			rate := 0.0
			for _, x := range w.Enter {
				rate += float64(x)
			}
			if state != model.StateQuiet {
				rate = float64(w.Leave[state])
			}
			next := at + r.ExpFloat64()/rate
			if next > end && !last {
				break
			}
			at = next
			if state != model.StateQuiet {
				state = model.StateQuiet
				continue
			}
			for u := r.Float64() * rate; u >= 0; {
				state++
				u -= float64(w.Enter[state])
			}
			if state != model.StateGlance {
				continue
			}
			if at >= end {
				kept += min(front, end-came)
				if late = at - end; end-came <= front {
					late = 0
				}
				return kept, late
			}
			kept += min(front, at-came)
			came = at
		}
	}
	panic("not reached")
}

// TestSitsWithoutSessionAgreeWithDraws compares with sits that are drawn.
func TestSitsWithoutSessionAgreeWithDraws(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		timer, toml string
		workloads   []string
		lengths     []float64
	}{
		{"25 min", "", []string{"seated"}, []float64{1500}},
		{"45 min", "[window]\nfront = \"47 s\"", []string{"seated"}, []float64{2700}},
		{"10 min, keep 5 min, 3 min workout, 40 s", "", []string{"seated", "worn", "workout", "seated"},
			[]float64{600, 300, 180, 40}},
		{"10 min", `
			[workload.seated] # glances that last, and much else
			enter = ["0 /h", "60 /h", "30 /h", "60 /h"]
			leave = ["0 /h", "60 /h", "30 /h", "20 /h"]`, []string{"seated"}, []float64{600}},
	} {
		s, n := withoutSession(t, x.toml, x.timer)
		r := rand.New(rand.NewPCG(1, 2))
		const draws = 20_000
		var kept, late []float64
		sum, squares := 0.0, 0.0
		for range draws {
			k, l := drawnSit(r, s, float64(s.Window.Front), x.workloads, x.lengths)
			kept, late = append(kept, k), append(late, l)
			sum, squares = sum+k, squares+k*k
		}
		mean := sum / draws
		if se := math.Sqrt((squares/draws - mean*mean) / draws); math.Abs(n.Kept-mean) > 4*se {
			t.Errorf("%s: kept %g s, drawn %g ± %g", x.timer, n.Kept, mean, se)
		}
		// A quantile lies between those of 4 standard errors of its rank.
		within := func(of string, values []float64, p, got, room float64) {
			slices.Sort(values)
			off := 4 * math.Sqrt(draws*p*(1-p))
			lo, hi := values[int(draws*p-off)], values[int(draws*p+off)]
			if got < lo-room || got > hi+room {
				t.Errorf("%s: %g-quantile of %s is %g s, drawn %g to %g", x.timer, p, of, got, lo, hi)
			}
		}
		for _, p := range []float64{0.05, 0.5, 0.95} {
			within("kept", kept, p, n.KeptQuantile(p), 5)
			within("late", late, p, n.LateQuantile(p), 0.01)
		}
		for _, by := range []float64{0, 60, 600} {
			late, _ := slices.BinarySearchFunc(late, by, func(v, by float64) int {
				if v <= by {
					return -1
				}
				return 1
			})
			p := float64(draws-late) / draws
			if got := n.Late(by); math.Abs(got-p) > 4*math.Sqrt(p*(1-p)/draws)+1e-4 {
				t.Errorf("%s: later than %g s with %g, drawn %g", x.timer, by, got, p)
			}
		}
	}
}

// TestTimersWithoutSession adds up the sits of a timer.
func TestTimersWithoutSession(t *testing.T) {
	t.Parallel()
	_, one := withoutSession(t, "", "10 min")
	_, four := withoutSession(t, "", "4 x (10 min, rest 5 min)")
	if len(four.Sits) != 4 || four.Sits[3].End != 4*600+3*(300+5) {
		t.Fatalf("sits %+v", four.Sits)
	}
	if math.Abs(four.Kept-4*one.Kept) > 1e-6 || math.Abs(four.Late(30)-one.Late(30)) > 1e-12 {
		t.Errorf("four sits keep %g s, one %g", four.Kept, one.Kept)
	}
	// The sum of four is nearer to its mean.
	if narrow, wide := four.KeptQuantile(0.95)-four.KeptQuantile(0.05),
		4*(one.KeptQuantile(0.95)-one.KeptQuantile(0.05)); narrow > 0.7*wide {
		t.Errorf("nine in ten of four sits span %g s, want about half of %g", narrow, wide)
	}
}
