package sweep

import (
	"context"
	"slices"
	"testing"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
)

// timerRequest is of mindfulness sessions that start at a low level, which fail often enough for
// few paths.
func timerRequest() Request {
	level := 0.2
	return Request{Sessions: []string{"mindfulness"}, StartLevel: &level, Paths: 2048, Seed: 1,
		Tolerances: []float64{0.05}}
}

func sequence(t *testing.T, s *model.Scenario, text string) model.Sequence {
	t.Helper()
	q, err := s.ParseSequence(text)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// asked returns the answer for a timer as asked.
func asked(t *testing.T, s *model.Scenario, q Request, of model.Sequence) *Timer {
	t.Helper()
	timers, err := Timers(context.Background(), s, q,
		Resigning(q.Sessions[0], of.Phases(), []string{model.ResignLeave}), Control{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	return &timers[0]
}

// TestTimerCapsAreOnTheBoundary: the caps hold and the next ones do not, whether cycles have
// sessions of their own, share one, or all phases grow.
func TestTimerCapsAreOnTheBoundary(t *testing.T) {
	t.Parallel()
	s, q, ctx := model.Default(), timerRequest(), context.Background()
	level := 0.13 // fails sooner, which takes fewer steps
	q.StartLevel = &level
	for _, c := range []struct {
		text         string
		inProportion bool
	}{{"3 x (5 min, rest 2 min)", false}, {"2 x (5 min, keep 1 min)", false},
		{"4 min, rest 2 min, 9 min", true}} { // by 10 s
		of := sequence(t, s, c.text)
		first := asked(t, s, q, of)
		caps, err := CapTimer(ctx, s, q, of, first, c.inProportion, Control{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		run := newTimerRun(ctx, s, q, model.ResignLeave, Control{Workers: 1})
		fails := func(q model.Sequence, alpha float64) bool {
			m, err := run.failure(q.Phases(), run.request.Paths)
			if err != nil {
				t.Fatal(err)
			}
			return m.Interval(alpha, alpha).Upper > 0.05
		}
		if of.Times > 0 {
			most := caps.Most.Index
			if most < 1 || fails(of.Repeated(most), 0.025) || !fails(of.Repeated(most+1), 0.025) {
				t.Errorf("%s: %d cycles are not the most", c.text, most)
			}
		}
		lengthened := func(steps int) model.Sequence {
			return of.Lengthened(model.Duration(steps)*s.Grid.Step, s.Grid.Step, c.inProportion)
		}
		// A bound of the search spends less than 0.025 and more than a hundredth of it.
		i, each := caps.Longest.Index, LongestStep(of, s.Grid.Step)
		if i < 1 || i%each != 0 || fails(lengthened(i), 0.025) || !fails(lengthened(i+each), 0.00025) {
			t.Errorf("%s: %d steps are not the longest: %+v", c.text, i, caps.Longest)
		}
	}
}

// TestTheSearchKnowsTheFirstRun: the most cycles are those that a simulation of their own finds.
func TestTheSearchKnowsTheFirstRun(t *testing.T) {
	t.Parallel()
	s, q := model.Default(), timerRequest()
	of := sequence(t, s, "3 x (5 min, rest 2 min)")
	first := asked(t, s, q, of)
	run := newTimerRun(context.Background(), s, q, model.ResignLeave, Control{Workers: 1})
	known, err := run.curve(of.Phases(), q.Paths)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range run.ends(of) {
		if known.Moments[at] != first.Readings[0].Failure.Moments[at] {
			t.Errorf("at step %d: %+v alone, %+v of the answer", at, known.Moments[at],
				first.Readings[0].Failure.Moments[at])
		}
	}
}

// TestOtherWaysTakeFewerPaths: a way that differs much from the first has a quarter of its paths,
// another one all; both have wider intervals, as there may be two looks.
func TestOtherWaysTakeFewerPaths(t *testing.T) {
	t.Parallel()
	s, q := model.Default(), timerRequest()
	of, half := sequence(t, s, "2 x (10 min, rest 1 min)"), 0.5
	q.Paths, q.StartLevel = otherPart*fewPaths, &half
	timers, err := Timers(context.Background(), s, q, Resigning(q.Sessions[0], of.Phases(),
		[]string{model.ResignLeave, model.ResignEnd, model.ResignLeave}), Control{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int64{q.Paths, fewPaths, q.Paths} {
		if timers[i].Paths != want {
			t.Errorf("way %d has %d paths, want %d", i, timers[i].Paths, want)
		}
	}
	end := timers[0].Stints[1].End
	one, same := timers[0].Failure(solver.Cautious, end), timers[2].Failure(solver.Cautious, end)
	if same.Value != one.Value || same.Lower >= one.Lower || same.Upper <= one.Upper {
		t.Errorf("the same way has %v, the first %v", same, one)
	}
}

// TestLongestStepIsRound: the resolution is a round time of about a fiftieth of the phase.
func TestLongestStepIsRound(t *testing.T) {
	t.Parallel()
	s := model.Default()
	for text, want := range map[string]int{"5 s": 1, "4 min": 1, "20 min": 3,
		"4 x (25 min, rest 5 min)": 6, "8 h": 60, "12 h": 120} {
		if got := LongestStep(sequence(t, s, text), s.Grid.Step); got != want {
			t.Errorf("%s: %d steps, want %d", text, got, want)
		}
	}
	if got := LongestStep(sequence(t, s, "25 min"), 7); got != 1 {
		t.Errorf("%d steps of 7 s, want 1", got)
	}
}

// TestOneCycleIsASession: the longest single phase is about the cap of sessions, which is found
// from one simulation instead of one for each length.
func TestOneCycleIsASession(t *testing.T) {
	t.Parallel()
	s, q, ctx := model.Default(), timerRequest(), context.Background()
	of := sequence(t, s, "20 min")
	caps, err := CapTimer(ctx, s, q, of, asked(t, s, q, of), false, Control{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	q.Readings = []solver.Reading{solver.Cautious}
	r, err := Run(ctx, s, q, Control{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	// The search spends a part of the error probability at each length, so it is the shorter one.
	step := float64(s.Grid.Step)
	cap, upper := float64(caps.Longest.Index)*step, float64(caps.Longest.UpperIndex)*step
	if cap > r.Caps[0].Cap || cap < 0.75*r.Caps[0].Cap || upper < r.Caps[0].CapUpper {
		t.Errorf("%v to %v s, and %v to %v s of sessions", cap, upper, r.Caps[0].Cap, r.Caps[0].CapUpper)
	}
}

// TestTimerMapIsOfTimers: a cell is the failure of its timer, from a simulation of its own, and
// a row's cap is the most cycles of the timer.
func TestTimerMapIsOfTimers(t *testing.T) {
	t.Parallel()
	s, q, ctx := model.Default(), timerRequest(), context.Background()
	of := sequence(t, s, "3 x (5 min, rest 2 min)")
	lengths := []model.Duration{300, 600}
	m, err := MapTimer(ctx, s, q, of, model.ResignLeave, lengths, false, Control{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i, length := range lengths {
		var menu []model.Sequence
		for n := range of.Times {
			menu = append(menu, of.Lengthened(length, 5, false).Repeated(n+1))
		}
		offers, err := OfferTimers(ctx, s, q, menu, model.ResignLeave, Control{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		for n, o := range offers {
			if o.Failure.Value != m.Failures[i][n].Value {
				t.Errorf("%v: %v on the map, %v alone", o.Sequence, m.Failures[i][n], o.Failure)
			}
			if m.Times[i][n] != o.Time || m.Bounds[i][n].Upper < o.Failure.Value ||
				m.Bounds[i][n].Lower > o.Failure.Value {
				t.Errorf("%v: %v s within %v on the map, %+v alone", o.Sequence, m.Times[i][n],
					m.Bounds[i][n], o)
			}
		}
	}
	plain, err := MapTimer(ctx, s, q, sequence(t, s, "5 min, rest 1 min, 10 min, keep 1 min, 5 min"),
		model.ResignLeave, lengths[1:], false, Control{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	if want := []float64{300, 300 + 600 + 60 + 300}; !slices.Equal(plain.Times[0], want) {
		t.Errorf("time in the first sessions: %v, want %v", plain.Times[0], want)
	}
	if m.Most[0].Index < 1 || m.Most[1].Index > m.Most[0].Index {
		t.Errorf("most cycles: %+v", m.Most)
	}
	if c := counted(estimate.CapResult{Index: -1, UpperIndex: 1}); c.Index != 0 || c.UpperIndex != 2 {
		t.Errorf("counted %+v", c)
	}
}
