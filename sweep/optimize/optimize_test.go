package optimize

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver"
	"budget/solver/ranking"
	"budget/sweep"
	"budget/sweep/compare"
	"budget/sweep/plan"
	"budget/sweep/store"
)

func parse(t *testing.T, text string) *Design {
	t.Helper()
	d, err := Parse("design.toml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func find(t *testing.T, text string) *Result {
	t.Helper()
	r, err := Find(context.Background(), parse(t, text), sweep.Control{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// rules is a design whose knobs are rules, on one plant.
const rules = `
sessions = ["self-care"]
paths = 8192
[goal]
longest = "11 min"
within = "80 s"
[[axis]]
name = "low"
choose = true
key = "policy.suppress_low"
values = ["1.5 /h", "5 /h", "15 /h"]
[[axis]]
name = "other"
choose = true
key = "policy.suppress_base"
values = ["0.005 /h", "0.05 /h", "0.5 /h"]
`

// TestBestIsFound: the lowest rates make the longest cap, on one plant; caps are those of budget
// caps, and prices those of budget compare on the same sessions.
func TestBestIsFound(t *testing.T) {
	r := find(t, rules)
	d := r.Design
	if r.Outcome != ranking.Selected || r.Chosen != 0 || r.Best.Candidate != 0 {
		t.Fatalf("chose %d of %+v", r.Chosen, r.Standings)
	}
	// Looks and prices take one run of the plant, each only the paths that are new.
	if r.Sessions != 8192 || r.Paths < 9*2048 {
		t.Errorf("%d sessions for %d paths in %d looks", r.Sessions, r.Paths, r.Looks)
	}
	s, on, err := d.Scenario(d.Candidates[0].Cells[0])
	if err != nil {
		t.Fatal(err)
	}
	on.Session, on.Duration = "self-care", 11*60
	p, err := solver.Compile(s, on)
	if err != nil {
		t.Fatal(err)
	}
	e, err := p.Estimates(context.Background(), solver.Settings{Seed: d.Seed,
		Readings: d.Readings}, r.Best.Paths)
	if err != nil {
		t.Fatal(err)
	}
	caps, err := solver.Caps(e, solver.Question{Tolerances: d.Tolerances, Family: 1, Paths: e.Paths})
	if err != nil || caps[0].Duration != r.Best.Cap || caps[0].Upper != r.Best.Upper {
		t.Errorf("caps has %+v, the design %+v, %v", caps, r.Best, err)
	}

	if len(r.Prices) != 2 {
		t.Fatalf("prices: %+v", r.Prices)
	}
	for _, x := range r.Prices {
		if !(x.Change.Value <= 0) || x.Change.Upper < x.Change.Value || x.Found.Paths != 8192 {
			t.Errorf("price %+v", x)
		}
		side := func(i int) *plan.Plan {
			s, err := d.Chosen(d.Candidates[i].Cells[0], d.Knobs)
			if err != nil {
				t.Fatal(err)
			}
			p, err := plan.Of(s, sweep.Request{Sessions: d.Sessions, Devices: []string{solver.Fleet},
				Environments: []string{solver.Mix}, Readings: d.Readings, Tolerances: d.Tolerances,
				Confidence: d.Confidence, Sampling: d.Sampling, Seed: d.Seed, Paths: x.Found.Paths})
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		c, err := compare.Plans(context.Background(), side(0), side(x.Candidate), d.Confidence,
			store.Control{Workers: 2})
		if err != nil || math.Abs(c.Cells[0].Caps[0].Value-x.Change.Value) > 1e-6 {
			t.Errorf("compare has %+v, the price list %+v, %v", c.Cells[0].Caps, x.Change, err)
		}
	}
}

// TestCircumstances: the worst case is the shortest cap of the circumstances, and the mean lies
// between the shortest and the longest.
func TestCircumstances(t *testing.T) {
	alone := map[string]float64{}
	for _, level := range []string{"15 %", "90 %"} {
		alone[level] = find(t, "start_level = \""+level+"\""+rules).Best.Best
	}
	on := rules + "[[axis]]\nkey = \"start_level\"\nvalues = [\"15 %\", \"90 %\"]\n"
	worst := find(t, strings.Replace(on, "[goal]", "[goal]\nover = \"worst\"", 1))
	if worst.Best.Best != alone["15 %"] {
		t.Errorf("the worst case is %v, alone %v", worst.Best.Best, alone)
	}
	mean := find(t, on+"weights = [1, 9]\n").Best.Best
	if mean < alone["15 %"] || mean > alone["90 %"] || mean == worst.Best.Best {
		t.Errorf("the mean is %v, alone %v", mean, alone)
	}
}

// TestSameForAnyWorkers: results do not depend on the number of workers.
func TestSameForAnyWorkers(t *testing.T) {
	text := rules + "[[axis]]\nkey = \"start_level\"\nvalues = [\"15 %\", \"50 %\", \"90 %\"]\n"
	var all []*Result
	for _, workers := range []int{1, 3} {
		r, err := Find(context.Background(), parse(t, text), sweep.Control{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	a, b := all[0], all[1]
	if a.Chosen != b.Chosen || !slices.Equal(a.Standings, b.Standings) || a.Sessions != b.Sessions ||
		a.Prices[0].Change != b.Prices[0].Change {
		t.Errorf("%+v and %+v", a, b)
	}
}

// TestInterrupted: a run that is cancelled at once has no answer but the error.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := Find(ctx, parse(t, rules), sweep.Control{Workers: 2})
	if err == nil || r != nil && r.Best != nil {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestInterruptedLater: before any candidate is sure to meet the requirements, those that lead by
// the best estimates are listed, the longest first.
func TestInterruptedLater(t *testing.T) {
	_, knobs, _ := strings.Cut(rules, "within = \"80 s\"\n")
	d := parse(t, `
sessions = ["self-care"]
goal = { within = "5 s" }
[[require]]
what = "failure"
length = "5 min"
most = "0.3 %"
zone = "0.0001 %"
`+knobs)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var progress solver.Progress
	parallel.Go(func() {
		for progress.Paths.Load() <= firstPaths && ctx.Err() == nil { // until the second look
			time.Sleep(time.Millisecond)
		}
		cancel()
	})
	r, err := Find(ctx, d, sweep.Control{Workers: 2, Progress: &progress})
	if !errors.Is(err, context.Canceled) || r.Outcome != ranking.Interrupted || r.Best != nil {
		t.Fatalf("%+v, %+v, %v", r.Standings, r, err)
	}
	if len(r.Leading) == 0 || !slices.IsSortedFunc(r.Leading, func(a, b Found) int {
		return cmp.Compare(b.Best, a.Best)
	}) {
		t.Errorf("leading: %+v", r.Leading)
	}
	for _, f := range r.Leading {
		if s := r.Standings[f.Candidate]; s.State != ranking.Open || f.Paths != s.Paths {
			t.Errorf("%+v leads, but stands as %+v", f, s)
		}
	}
}

// TestProblems: what is wrong with a design is told with its place.
func TestProblems(t *testing.T) {
	knob := "[[axis]]\nchoose = true\nkey = \"policy.suppress_low\"\nvalues = [\"1 /h\", \"2 /h\"]\n"
	audio := "sessions = ['audio']\n"
	level := "[[axis]]\nkey = 'start_level'\nvalues = ['10 %', '50 %']\n"
	gate := "[[axis]]\nkey = 'gate'\nvalues = ['0 %', '2.5 %']\n"
	require := func(text string) string { return audio + knob + "[[require]]\n" + text }
	for name, c := range map[string]struct{ text, want string }{
		"no session": {knob, ":1:1: sessions: expected one session type"},
		"one level":  {audio + strings.Replace(knob, `, "2 /h"`, "", 1), "has one level"},
		"weights of knob": {audio + knob + "weights = [1, 2]\n",
			":6:1: axis.weights: are for circumstances"},
		"weights of worst": {audio + "goal.over = 'worst'\n" + knob + level + "weights = [1, 2]\n",
			"the worst case has no weights"},
		"few weights":  {audio + knob + level + "weights = [1]\n", "a list of 2 weights"},
		"unknown goal": {audio + "goal.over = 'median'\n" + knob, "expected one of mean, worst"},
		"unknown key":  {audio + "goal.withn = '1 min'\n" + knob, `did you mean "within"?`},
		"unknown require": {require("what = 'temperature'\nmost = '1 %'\n"),
			"expected one of failure, refused, left-out, battery, heat"},
		"length of a gate": {require("what = 'left-out'\nmost = '1 %'\nlength = '2 min'\n"),
			"is not for what ="},
		"twice": {require("what = 'refused'\nmost = '1 %'\n[[require]]\nwhat = 'refused'\nmost = 0.1\n"),
			"repeats the requirement of line 6"},
		"half a gate": {audio + knob + strings.Replace(gate, "key", "choose = true\nkey", 1),
			"no level that a watch shows"},
		"a gate as a circumstance": {audio + knob + strings.Replace(gate, "2.5", "2", 1),
			"gate is ours to set"},
		"unknown session": {knob + "[[axis]]\nchoose = true\nkey = 'session'\nvalues = ['audio', 'nap']\n",
			"unknown session type \"nap\""},
		"paths": {"paths = 64\n" + audio + knob, "expected 128 to 262144"},
		"exclusions": {audio + strings.Replace(knob, "choose", "name = 'low'\nchoose", 1) + level +
			"[[exclude]]\nlow = '1 /h'\nstart_level = '10 %'\n", "expected the same of each"},
	} {
		_, err := Parse("design.toml", []byte(c.text), nil)
		if problems, ok := err.(model.Problems); !ok || !strings.Contains(err.Error(), c.want) ||
			problems[0].Line == 0 {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// TestSessionsAreAKnob: of two session types the one with the longer grant is chosen.
func TestSessionsAreAKnob(t *testing.T) {
	r := find(t, `
paths = 4096
goal = { longest = "70 min", within = "20 min" }
[[axis]]
choose = true
key = "session"
values = ["self-care", "mindfulness"]
`)
	if got := r.Design.Levels(&r.Design.Candidates[r.Chosen])[0].Label; got != "mindfulness" ||
		r.Outcome != ranking.Selected {
		t.Errorf("chose %s: %+v", got, r.Standings)
	}
}
