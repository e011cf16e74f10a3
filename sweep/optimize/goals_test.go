package optimize

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"budget/model"
	"budget/solver"
	"budget/solver/ranking"
	"budget/sweep"
)

// scored is a design of minutes completed.
const scored = `
sessions = ["mindfulness"]
paths = 2048
goal = { maximize = "completed", length = "10 min", within = "2 min" }
[[axis]]
choose = true
key = "gate"
values = ["0 %", "50 %"]
`

// few is rules with one knob.
var few = rules[:strings.LastIndex(rules, "[[axis]]")]

// worths returns what all designs are worth.
func worths(r *Result) (all []float64) {
	for _, s := range r.Standings {
		all = append(all, s.Worth)
	}
	return all
}

// TestCompletedMinutes: they are those of all starts, by the estimates of the solver; of a timer
// the sum over its sessions.
func TestCompletedMinutes(t *testing.T) {
	t.Parallel()
	for name, phases := range map[string]string{"a session": "",
		"a timer": "2 x (5 min, rest 5 min)"} {
		text := scored
		if phases != "" {
			text = strings.Replace(text, `, length = "10 min"`, "", 1) +
				"[scenario.timer]\nphases = \"" + phases + "\"\n"
		}
		r := find(t, text)
		got := worths(r)
		s, on, err := r.Design.cell(r.Design.Candidates[1].Cells[0])
		if err != nil {
			t.Fatal(err)
		}
		gate := on.Gate
		p, err := solver.Compile(s, on)
		if err != nil {
			t.Fatal(err)
		}
		left := p.BelowGate()
		on.Gate = 0
		if p, err = solver.Compile(s, on); err != nil {
			t.Fatal(err)
		}
		settings := solver.Settings{Seed: r.Design.Seed, Readings: r.Design.Readings}
		want := 0.0
		if phases == "" {
			e, err := p.Estimates(context.Background(), settings, 2048)
			if err != nil {
				t.Fatal(err)
			}
			want = 600 * e.Completion(solver.Cautious, 600).Value * (1 - e.Refused(solver.Cautious).Value)
		} else {
			e, err := p.Timer(context.Background(), settings, 2048)
			if err != nil {
				t.Fatal(err)
			}
			_, length := e.CompletedStints(solver.Cautious)
			want = length.Value * (1 - e.Refused(solver.Cautious).Value)
		}
		if math.Abs(got[0]-want) > 0.2 {
			t.Errorf("%s: %v s complete, the solver says %v", name, got[0], want)
		}
		// Those at 50 % or more complete more often than others, but those below complete none.
		if of := got[1] / (1 - left); gate != 50 || of < got[0] || of > 600 {
			t.Errorf("%s: at the gate %v s of all starts, without %v; %v are below", name, got[1], got[0],
				left)
		}
	}
}

// TestValuesOfLevels: minutes at a level that is worth more count more.
func TestValuesOfLevels(t *testing.T) {
	t.Parallel()
	plain, valued := find(t, scored), find(t, scored+"value = [1, 4]\n")
	if plain.Chosen != 0 || valued.Chosen != 1 {
		t.Errorf("chose %d, with values %d", plain.Chosen, valued.Chosen)
	}
	if got, want := worths(valued)[1], 4*worths(plain)[1]; math.Abs(got-want) > 1e-6 {
		t.Errorf("worth %v, want %v", got, want)
	}
	x := valued.Prices[0].Change
	if math.Abs(x.Value-(worths(plain)[0]-4*worths(plain)[1])) > 1e-6 || x.Lower >= x.Value {
		t.Errorf("price %+v", x)
	}
}

// TestMenu: a menu offers the longest session within the cap.
func TestMenu(t *testing.T) {
	t.Parallel()
	menu := strings.Replace(rules, "[goal]\nlongest = \"11 min\"",
		"[goal]\nmaximize = \"offered\"\nmenu = [\"4 min\", \"7 min\", \"2 min\"]", 1)
	r := find(t, menu)
	if r.Outcome != ranking.Selected || r.Best.Worth.Value != 7*60 || r.Best.Best < 7*60 {
		t.Errorf("%+v", r.Best)
	}
	for i, w := range worths(r) {
		if w != 0 && w != 120 && w != 240 && w != 420 {
			t.Errorf("design %d offers %v s", i, w)
		}
	}
}

// TestRobust: the worst of the draws is shorter than as assumed, and a share of them in between;
// values are the same for any number of workers.
func TestRobust(t *testing.T) {
	t.Parallel()
	text := strings.Replace(few, "[goal]", "[goal]\nunknown = \"robust\"\nsets = 8\n"+
		"vary = [\"policy.pressure_low\"]\nshare = \"SHARE\"", 1)
	with := func(share string) float64 {
		return find(t, strings.Replace(text, "SHARE", share, 1)).Best.Best
	}
	all, half, assumed := with("100 %"), with("50 %"), find(t, few).Best.Best
	if !(all < half && all < assumed) {
		t.Errorf("caps: all draws %v, half of them %v, as assumed %v", all, half, assumed)
	}
}

// TestQuantile: a share of the circumstances may be worse.
func TestQuantile(t *testing.T) {
	t.Parallel()
	on := few + "[[axis]]\nkey = \"start_level\"\nvalues = [\"15 %\", \"90 %\", \"95 %\"]\n"
	with := func(over string) float64 {
		return find(t, strings.Replace(on, "[goal]", "[goal]\nover = \""+over+"\"", 1)).Best.Best
	}
	if worst, third := with("worst"), with("34 %"); worst >= third {
		t.Errorf("worst %v, all but a third %v", worst, third)
	}
}

// TestSpends: a requirement on the battery or on heat leaves the designs out that break it.
func TestSpends(t *testing.T) {
	t.Parallel()
	text := `
sessions = ["workout"]
paths = 8192
goal = { longest = "40 min", within = "15 min" }
[[require]]
what = "battery"
length = "30 min"
most = "9 %"
[[require]]
what = "heat"
level = "fair"
length = "30 min"
most = "60 %"
[[axis]]
choose = true
key = "session.workout.workload"
values = ["workout", "workout-stream"]
`
	r := find(t, text)
	if r.Chosen != 0 || r.Standings[1].Breaks != 0 {
		t.Fatalf("%+v", r.Standings)
	}
	s, on, err := r.Design.cell(r.Design.Candidates[0].Cells[0])
	if err != nil {
		t.Fatal(err)
	}
	p, err := solver.Compile(s, on)
	if err != nil {
		t.Fatal(err)
	}
	costs, err := p.Cost(context.Background(), solver.Settings{Seed: r.Design.Seed,
		Readings: r.Design.Readings}, []float64{1800}, r.Best.Paths)
	if err != nil || math.Abs(costs[0].Level.Mean.Value-r.Best.Shares[0].Value) > 1e-9 ||
		math.Abs(costs[0].Fair.Value-r.Best.Shares[1].Value) > 1e-9 {
		t.Errorf("costs %+v, shares %+v, %v", costs, r.Best.Shares, err)
	}
}

// TestNonsense: designs that are well-formed and make no sense are told with their places.
func TestNonsense(t *testing.T) {
	t.Parallel()
	knob := "[[axis]]\nchoose = true\nkey = \"policy.suppress_low\"\nvalues = [\"1 /h\", \"2 /h\"]\n"
	sit := "sessions = ['mindfulness']\n"
	for name, c := range map[string]struct{ text, want string }{
		"no knob": {sit + "[[axis]]\nkey = 'start_level'\nvalues = ['10 %', '50 %']\n",
			"design.toml:1:1: axis: nothing is ours to choose"},
		"of another workload": {sit + "[[axis]]\nname = 'power'\nchoose = true\n" +
			"key = 'workload.audio.cue_every'\nvalues = ['20 s', '40 s']\n",
			"design.toml:2:3: axis: the knob power changes nothing"},
		"of no timer": {sit + "[[axis]]\nchoose = true\nkey = 'restart'\nvalues = [false, true]\n",
			"the knob restart changes nothing"},
		"named as a column": {sit + "[[axis]]\nname = 'state'\nchoose = true\nkey = 'gate'\n" +
			"values = ['0 %', '20 %']\n", "axis.name: \"state\" is a column of the tables already"},
		"the same twice": {sit + "[[axis]]\nname = 'cue'\nchoose = true\n[[axis.case]]\nname = 'a'\n" +
			"[[axis.case]]\nname = 'b'\nset = { 'policy.suppress_low' = '0.1 /h' }\n" +
			"[[axis.case]]\nname = 'c'\nset = { 'policy.suppress_low' = '6 /min' }\n" +
			"[[axis.case]]\nname = 'd'\nset = { 'policy.suppress_low' = '360 /h' }\n", "same design"},
		"an unknown requirement": {sit + knob + "[[require]]\nwhat = 'batery'\nmost = '1 %'\n",
			"design.toml:7:8: require.what: unknown word \"batery\": did you mean \"battery\"?"},
		"beyond the grant": {sit + knob + "[[require]]\nwhat = 'failure'\nlength = '60 min'\nmost = '1 %'\n",
			"design.toml:6:3: require.length: no session of 1 h can finish"},
		"beyond the longest": {sit + knob + "[goal]\nlongest = '10 min'\n[[require]]\nwhat = 'failure'\n" +
			"length = '20 min'\nmost = '1 %'\n", "is longer than goal.longest"},
		"no gate so low": {sit + "[[axis]]\nchoose = true\nkey = 'gate'\nvalues = ['40 %', '50 %']\n" +
			"[[require]]\nwhat = 'left-out'\nmost = '5 %'\n",
			"design.toml:6:3: require.most: every design of this file leaves out at least"},
		"the cap of a timer": {sit + "[[axis]]\nchoose = true\nkey = 'timer.phases'\n" +
			"values = ['2 x 20 min', '40 min']\n", "a timer has the length that its phases say"},
		"no length": {sit + "goal.maximize = 'completed'\n" + knob, "goal.length: is missing"},
		"a menu of one": {sit + knob + "[goal]\nmaximize = 'offered'\nmenu = ['9 min']\n",
			"design.toml:8:1: goal.menu: expected a list of 2"},
		"no menu":           {sit + knob + "[goal]\nmaximize = 'offered'\n", "goal.menu: is missing"},
		"a worthless level": {sit + knob + "value = [1, 0]\n", "axis.value: 0 is out of range"},
		"values of a circumstance": {sit + knob + "[[axis]]\nkey = 'start_level'\nvalues = ['10 %', '50 %']\n" +
			"value = [1, 2]\n", "expected choose = true"},
		"drawn and set": {sit + knob + "[goal]\nunknown = 'robust'\nvary = ['policy.suppress_low']\n",
			"goal.vary: policy.suppress_low is set by the axis policy.suppress_low"},
		"nothing to draw": {sit + knob + "[goal]\nunknown = 'robust'\nvary = ['grid.*']\n",
			"goal.vary: "},
		"sets as assumed": {sit + knob + "[goal]\nsets = 8\n", "is only for unknown = \"robust\""},
		"the worst of a share": {sit + knob + "[goal]\nover = 'worst'\nunknown = 'robust'\n",
			"expected share = \"100 %\""},
		"heat of no level": {sit + knob + "[[require]]\nwhat = 'heat'\nlength = '9 min'\nmost = '1 %'\n",
			"require.level: is missing"},
	} {
		_, err := Parse("design.toml", []byte(c.text), nil)
		if problems, ok := err.(model.Problems); !ok || !strings.Contains(err.Error(), c.want) ||
			problems[0].Line == 0 {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// TestResolution: a knob may have a range with a resolution.
func TestResolution(t *testing.T) {
	t.Parallel()
	d := parse(t, strings.Replace(few, "values = [\"1.5 /h\", \"5 /h\", \"15 /h\"]",
		"from = \"0.3 /h\"\nto = \"3 /h\"\nresolution = \"0.9 /h\"", 1))
	if len(d.Candidates) != 4 {
		t.Errorf("%d designs", len(d.Candidates))
	}
	// A quantity may have no default.
	d = parse(t, few+"[[axis]]\nchoose = true\nkey = \"workload.seated.cue_every\"\n"+
		"from = \"20 s\"\nto = \"5 min\"\nresolution = \"20 s\"\n")
	cues := d.Axes[len(d.Axes)-1]
	if len(cues.Levels) != 15 || !cues.Columns[0].Number || cues.Levels[14].Values[0] != 300.0 {
		t.Errorf("%+v", cues)
	}
	back := strings.Replace(few, "values = [\"1.5 /h\", \"5 /h\", \"15 /h\"]",
		"from = \"3 /h\"\nto = \"1 /h\"\nresolution = \"0.9 /h\"", 1)
	_, err := Parse("design.toml", []byte(back), nil)
	if err == nil || !strings.Contains(err.Error(), "axis.resolution: leads away from to: expected the "+
		"other sign, or from and to swapped") {
		t.Errorf("a range that goes the other way: %v", err)
	}
}

// TestRobustIsTheSameForAnyWorkers: results of draws, timers and required spending do not depend on
// the number of workers.
func TestRobustIsTheSameForAnyWorkers(t *testing.T) {
	t.Parallel()
	text := strings.Replace(scored, `length = "10 min",`, `unknown = "robust", sets = 6,`, 1) + `
[scenario.timer]
phases = "2 x (5 min, rest 5 min)"
[[require]]
what = "battery"
most = "50 %"
`
	var all []*Result
	for _, workers := range []int{1, 3} {
		r, err := Find(context.Background(), parse(t, text), sweep.Control{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	a, b := all[0], all[1]
	if !slices.Equal(a.Standings, b.Standings) || a.Sessions != b.Sessions ||
		a.Best.Shares[0] != b.Best.Shares[0] || a.Prices[0].Change != b.Prices[0].Change {
		t.Errorf("%+v and %+v", a, b)
	}
	if n, of := a.Design.Draws(); n != 6 || len(of) < 20 {
		t.Errorf("%d draws of %d inputs", n, len(of))
	}
}

// TestWaysOfTimers: what leaving does, and starting again at the end of the grant, are knobs.
func TestWaysOfTimers(t *testing.T) {
	t.Parallel()
	r := find(t, `
sessions = ["self-care"]
paths = 2048
goal = { maximize = "completed", within = "2 min" }
[scenario.timer]
phases = "15 min"
[[axis]]
choose = true
key = "timer.resign"
values = ["leave", "pause"]
[[axis]]
choose = true
key = "restart"
values = [false, true]
`)
	got := worths(r)
	// The grant is 10 min.
	if got[0] > 60 || got[2] > 60 || got[1] < 800 || got[3] <= got[1] || r.Chosen != 3 {
		t.Errorf("chose %d of %v", r.Chosen, got)
	}
}
