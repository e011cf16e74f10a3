package sweep

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"budget/model"
	"budget/solver"
)

// TestMain collects garbage late: of many small runs that takes a tenth of the time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

func request() Request {
	return Request{
		Sessions: []string{"self-care", "workout"}, Devices: []string{solver.Fleet},
		Environments: []string{"indoor", "sun"},
		Duration:     900,
		Readings:     []solver.Reading{solver.Cautious, solver.AsDocumented},
		Tolerances:   []float64{0.005, 0.05}, Confidence: 0.95,
		Estimator: solver.Weights, Seed: 1, Paths: 2048, Curves: true,
	}
}

func run(t *testing.T, q Request) *Result {
	t.Helper()
	r, err := Run(context.Background(), model.Default(), q, Control{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestEndOnResign: if losing the front ends the session, failure grows by the
// share of lost fronts.
func TestEndOnResign(t *testing.T) {
	q := request()
	q.Sessions, q.Environments = []string{"self-care"}, []string{solver.Mix}
	paused := run(t, q)
	q.EndOnResign = true
	ended := run(t, q)
	i := 300/5 - 1
	more := ended.Incidences[0].Failure[i].Value - paused.Incidences[0].Failure[i].Value
	// The Low Power prompt takes the front from some more.
	if want := 1 - math.Pow(1+0.1*305/3600/1.5, -1.5); more < want || more > want+1e-3 {
		t.Errorf("failure by 300 s grows by %v, want a little more than %v", more, want)
	}
}

// TestUnknownSession: the error lists the known session types.
func TestUnknownSession(t *testing.T) {
	q := request()
	q.Sessions = []string{"meditation"}
	if _, err := Run(context.Background(), model.Default(), q, Control{}); err == nil ||
		!strings.Contains(err.Error(), "mindfulness") {
		t.Errorf("got %v, want an error that lists the session types", err)
	}
}

// TestNothingBeforeTheFirstCase: a run cancelled before it starts has no rows.
func TestNothingBeforeTheFirstCase(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := Run(ctx, model.Default(), request(), Control{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Caps) != 0 || r.Outcome != solver.Interrupted {
		t.Errorf("%d caps, outcome %v; want none of an interrupted run", len(r.Caps), r.Outcome)
	}
}

// TestInterruptBetweenCases: a run cancelled between two cases is not done.
func TestInterruptBetweenCases(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	taken := 0
	outcome, err := Each(ctx, model.Default(), request(), Control{Workers: 2},
		func(Case, *solver.Program, *solver.Answer) {
			taken++
			cancel()
		})
	if err != nil || taken != 1 || outcome != solver.Interrupted {
		t.Errorf("%d answers, outcome %v, %v; want 1 of an interrupted run", taken, outcome, err)
	}
}

// TestCases: a case has a horizon, and the grid must hold it.
func TestCases(t *testing.T) {
	s := model.Default()
	q := request()
	for _, test := range []struct{ duration, want float64 }{{0, 1200}, {900, 900}} {
		q.Duration = test.duration
		cases, err := q.Cases(s)
		if err != nil || cases[0].Horizon != test.want {
			t.Errorf("plans up to %v s: %v, %v; want a horizon of %v s",
				test.duration, cases, err, test.want)
		}
	}
	if err := s.SetStep(0.1, "--step"); err != nil {
		t.Fatal(err)
	}
	if _, err := q.Cases(s); err != nil {
		t.Errorf("15 min in steps of 0.1 s: %v", err)
	}
	q.Duration = 0
	const want = "session type workout: 4 h has 144000 steps of 0.1 s: expected at most 100000"
	if _, err := q.Cases(s); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestLimitOffTheGrid: a limit between two durations belongs to the longer one,
// and a limit on the grid to its own duration, also after rounding.
func TestLimitOffTheGrid(t *testing.T) {
	for _, test := range []struct {
		limit, step string
		i           int
	}{{"602 s", "5 s", 120}, {"600 s", "5 s", 119}, {"599.9 s", "0.1 s", 5998}} {
		s, err := model.Parse("plan.toml", fmt.Appendf(nil, "[[session]]\nid = 'self-care'\nlimit = %q",
			test.limit))
		if err != nil {
			t.Fatal(err)
		}
		step, err := model.ParseDuration(test.step)
		if err := errors.Join(err, s.SetStep(step, "--step")); err != nil {
			t.Fatal(err)
		}
		q := request()
		q.Sessions, q.Environments, q.Paths = []string{"self-care"}, []string{solver.Mix}, 64
		q.Duration = 610
		r, err := Run(context.Background(), s, q, Control{Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := r.Caps[0].FailureAtLimit, r.Incidences[0].Failure[test.i]; got != want {
			t.Errorf("limit %s, step %s: fails %v, want %v as a plan of %v s", test.limit, test.step, got,
				want, r.Incidences[0].Durations[test.i])
		}
	}
}

// TestFamily: readings that cannot differ count once.
func TestFamily(t *testing.T) {
	s := model.Default()
	q := Request{}.filled(s)
	limited := 0
	for _, x := range s.Sessions {
		if x.Limit > 0 {
			limited++
		}
	}
	cases := len(q.Devices) * len(q.Environments) * len(q.Tolerances)
	if got, want := q.Family(s), (len(s.Sessions)+limited)*cases; got != want ||
		limited == len(s.Sessions) {
		t.Errorf("%d caps hold together, want %d", got, want)
	}
	q.Readings = q.Readings[:1]
	if got, want := q.Family(s), len(s.Sessions)*cases; got != want {
		t.Errorf("under one reading %d caps hold together, want %d", got, want)
	}
}

// TestDescribeRequest: the provenance has every field that changes the answer.
func TestDescribeRequest(t *testing.T) {
	q := request()
	var p Provenance
	p.DescribeRequest(model.Default(), q)
	if p.Seed != 1 || p.Estimator != "weights" || p.Confidence != 0.95 || p.Duration != 900 ||
		p.MaxPaths != 0 ||
		!slices.Equal(p.Readings, []string{"cautious", "documented"}) ||
		!slices.Equal(p.Tolerances, q.Tolerances) {
		t.Errorf("%+v", p)
	}
	q.Paths, q.MaxPaths = 0, 1<<20
	p.DescribeRequest(model.Default(), q)
	if p.MaxPaths != 1<<20 {
		t.Errorf("at most %d paths, want %d", p.MaxPaths, 1<<20)
	}
}
