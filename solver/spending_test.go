package solver_test

import (
	"fmt"
	"math"
	"testing"

	"budget/model"
	"budget/solver"
)

// TestSpendingIsThatOfCosts: the same means from the same paths, and the same bytes if paths are
// added in steps, by any number of workers.
func TestSpendingIsThatOfCosts(t *testing.T) {
	t.Parallel()
	p, err := solver.Compile(model.Default(), solver.Case{Session: "mindfulness", Duration: 1200,
		Gates: []int{50}})
	if err != nil {
		t.Fatal(err)
	}
	gated, _ := p.At(50)
	costs, err := p.Cost(t.Context(), solver.Settings{}, []float64{600, 1200}, 3000)
	if err != nil {
		t.Fatal(err)
	}
	want := ""
	for _, steps := range [][]int64{{3000}, {64, 1000, 3000}} {
		g, err := solver.Spend([]*solver.Program{p, gated}, solver.Settings{}, []float64{600, 1200})
		if err != nil {
			t.Fatal(err)
		}
		for i, paths := range steps {
			if err := g.Extend(t.Context(), paths, i+1); err != nil {
				t.Fatal(err)
			}
		}
		for i, c := range costs {
			used, ok := g.Battery(0, i)
			fair, _ := g.Reached(0, i, model.Fair)
			if !ok || math.Abs(used.Mean()-c.Level.Mean.Value) > 1e-9 ||
				math.Abs(used.StandardError()-c.Level.Mean.StandardError) > 1e-9 ||
				math.Abs(fair.Mean()-c.Fair.Value) > 1e-9 {
				t.Errorf("%v s: %v, %v; costs %+v", c.Duration, used, fair, c)
			}
			if high, _ := g.Battery(1, i); high == used {
				t.Error("the gate makes no difference")
			}
		}
		if got := fmt.Sprintf("%+v", *g); want == "" {
			want = fmt.Sprint(g.Battery(1, 1))
		} else if fmt.Sprint(g.Battery(1, 1)) != want {
			t.Errorf("in steps %s, at once %s", got, want)
		}
	}
}

// TestCompletingCountsAllThatStarts: what does not complete is refused, below the gate, or ended.
func TestCompletingCountsAllThatStarts(t *testing.T) {
	t.Parallel()
	p, err := solver.Compile(model.Default(), solver.Case{Session: "mindfulness", Duration: 1200,
		Gates: []int{30}})
	if err != nil {
		t.Fatal(err)
	}
	gated, _ := p.At(30)
	programs := []*solver.Program{p, gated, p.Completing(), gated.Completing()}
	found := make([]*solver.Estimates, len(programs))
	if err := solver.Summaries(t.Context(), programs, solver.Settings{}, 4096, []float64{1200},
		func(i int, e *solver.Estimates) { found[i] = e }); err != nil {
		t.Fatal(err)
	}
	at := len(found[0].Durations) - 1
	for i, left := range []float64{0, gated.BelowGate()} {
		of, completing := found[i], found[i+2]
		if left > 0 {
			of, completing = of.Gated, completing.Gated
		}
		refused := of.Refused(solver.Cautious).Value // below the gate, too
		want := 1 - (1-refused)*of.Completion(solver.Cautious, 1200).Value
		got := completing.Readings[0].Failure.Moments[at].Mean()
		if math.Abs(got-want) > 1e-4 || got < left {
			t.Errorf("gate %d: %v do not complete, want %v", 30*i, got, want)
		}
	}
}
