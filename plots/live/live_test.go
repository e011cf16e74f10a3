package live

import (
	"context"
	"math"
	"strings"
	"testing"

	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/live"
)

// ask returns the question of a page under the lines of a scenario file.
func ask(t *testing.T, toml string) (Asked, live.Question) {
	t.Helper()
	s, err := model.Parse("test.toml", []byte(toml))
	if err != nil {
		t.Fatal(err)
	}
	q := Asked{Base: model.Default(), Scenario: s, Session: "self-care", Usual: "self-care",
		Timer: s.Timer.Phases, Tolerance: 0.01, Plan: 300, Environment: solver.Mix,
		Device: solver.Fleet, OnResign: s.Timer.Resign, Values: map[string]string{},
		Rates: []string{"policy.suppress_base", "policy.suppress_low", "policy.suppress_lpm",
			"policy.pressure_low", "policy.suppress_serious"}}
	if _, timer := s.TimerSequence(); timer {
		q.Plan = float64(s.Longest(s.Session(q.Session)))
	}
	return q, live.Question{Scenario: s, Plan: q.Plan, Request: sweep.Request{
		Sessions: []string{q.Session}, Devices: []string{q.Device}, Environments: []string{q.Environment},
		Readings: []solver.Reading{solver.Cautious}, Tolerances: []float64{q.Tolerance},
		Confidence: 0.95, Seed: 1}}
}

// screens returns what the page shows, one screen after the other.
func screens(t *testing.T, toml string) (all []*Screen) {
	t.Helper()
	q, question := ask(t, toml)
	err := live.NewEngine(16_384, sweep.Control{}).Answer(context.Background(), question, true,
		func(a *live.Answer) error {
			all = append(all, NewScreen(q, a, "budget caps"))
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestNamesAreData: whatever names hold, they stand in the page as these names, between tags and in
// quoted attributes, and nothing else of the page differs.
func TestNamesAreData(t *testing.T) {
	t.Parallel()
	page := func(name string) string {
		var b strings.Builder
		if err := (&Board{Scenario: name, File: name, Keys: []string{name}}).HTML(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	want := page("harmless")
	for _, place := range []string{"<title>budget: harmless<", ">harmless · harmless<",
		`<option value="harmless">`} {
		if !strings.Contains(want, place) {
			t.Errorf("the page has no %s", place)
		}
	}
	got := page(`</title><script>alert(1)</script>"><img src=x onerror='y'> &amp; {{.}} {%s x %}`)
	escaped := "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;" +
		"&lt;img src=x onerror=&#39;y&#39;&gt; &amp;amp; {{.}} {%s x %}"
	if strings.Count(got, escaped) != 4 || strings.ReplaceAll(got, escaped, "harmless") != want {
		t.Errorf("a name makes another page:\n%s", got)
	}
}

// TestScreensSayWhatIsCoarse: before an answer is settled the page says so, with a range where the
// cap is not known yet; then it says whether the plan holds.
func TestScreensSayWhatIsCoarse(t *testing.T) {
	t.Parallel()
	all := screens(t, "policy.pressure_low = 0\npolicy.suppress_base = '0.05 /h'")
	if len(all) != 2 {
		t.Fatalf("%d screens", len(all))
	}
	coarse, settled := all[0], all[1]
	if coarse.Settled || coarse.Note != "refining" || !strings.Contains(coarse.Verdict, "about") {
		t.Errorf("a coarse screen says %q %q, %q", coarse.Cap, coarse.Note, coarse.Verdict)
	}
	if !settled.Settled || settled.Note == "refining" || !settled.Holds ||
		!strings.HasPrefix(settled.Verdict, "5 min holds: ") {
		t.Errorf("a settled screen says %q %q, %q", settled.Cap, settled.Note, settled.Verdict)
	}
	sum := 0.0
	for i, c := range settled.Causes {
		sum += c.Value
		if i > 0 && c.Value > settled.Causes[i-1].Value {
			t.Errorf("causes are not in order: %+v", settled.Causes)
		}
	}
	if sum <= 0 || sum > 0.011 {
		t.Errorf("causes of failure at a cap of 1 %% sum to %g", sum)
	}
}

// TestNoneNamesItsCause: where no length is safe the page says what fails the shortest one.
func TestNoneNamesItsCause(t *testing.T) {
	t.Parallel()
	all := screens(t, "policy.suppress_base = '60 /h'")
	s := all[len(all)-1]
	if s.Cap != "None" || !s.None || !strings.Contains(s.Note, "suppressed-other") || s.Holds {
		t.Errorf("the page says %q %q, %q", s.Cap, s.Note, s.Verdict)
	}
}

// TestTimersShowTheirSessions with what has failed by the end of each.
func TestTimersShowTheirSessions(t *testing.T) {
	t.Parallel()
	all := screens(t, "timer.phases = '2 x (2 min, rest 1 min)'")
	s := all[len(all)-1]
	if len(s.Stints) != 2 || s.Stints[0].Ends != "2 min" || !s.Stints[1].Holds ||
		s.Offer != "2 of 2 sessions on the timer's clock." {
		t.Errorf("the page shows %+v, %q", s.Stints, s.Offer)
	}
}

// TestControls: at most twelve for every session type, each with a track or choices, its evidence,
// and its place on the track.
func TestControls(t *testing.T) {
	t.Parallel()
	for _, id := range model.IDs(model.Default().Sessions) {
		q, _ := ask(t, "")
		q.Session = id
		all := Controls(q)
		if len(all) > 12 {
			t.Errorf("%s: %d controls", id, len(all))
		}
		for _, c := range all {
			if c.Label == "" || c.Evidence == "" || c.Options == nil && !c.Number {
				t.Errorf("%s: %s has no label, evidence or track: %+v", id, c.Name, c)
			}
			if c.Number && (c.Low >= c.High || c.Log && c.Low <= 0 ||
				!math.IsNaN(c.At) && (c.At < c.Low || c.At > c.High)) {
				t.Errorf("%s: %s is at %g of %g to %g", id, c.Name, c.At, c.Low, c.High)
			}
		}
	}
	q, _ := ask(t, "policy.refuse_lpm = 0.2")
	q.Environment, q.Set, q.Also = "shade", []string{"policy.refuse_lpm"}, []string{"policy.levels"}
	all := Controls(q)
	if n := len(all); n != 14 || all[12].Name != "policy.refuse_lpm" || !all[12].Moved ||
		all[12].At != 0.2 || all[13].Number || !all[13].Extra || all[3].Also.At != 18 {
		t.Errorf("controls %+v", all)
	}
	if q, _ := ask(t, "policy.low_battery = '15 %'"); Controls(q)[9].Label !=
		"Ends sessions at 15 % battery or less" {
		t.Errorf("at a low battery of 15 %% the rate is called %q", Controls(q)[9].Label)
	}
	if !strings.Contains(all[8].Cited, "W:7: ") {
		t.Errorf("the source of %s is explained by %q", all[8].Name, all[8].Cited)
	}
}

// TestEveryUnknownRuleHasALabel, whichever of them a scenario depends on most.
func TestEveryUnknownRuleHasALabel(t *testing.T) {
	t.Parallel()
	n := 0
	for _, p := range model.Default().Parameters() {
		if p.Law != nil && model.IsRule(p.Key) && strings.HasPrefix(p.Key, "policy.") {
			n++
			if rateLabels[p.Key] == "" {
				t.Errorf("%s has no label", p.Key)
			}
		}
	}
	if n != len(rateLabels) {
		t.Errorf("%d labels for %d rules", len(rateLabels), n)
	}
}

// TestLeavingIsAsTheScenarioSays: where the scenario says what becomes of a session whose user
// leaves, that is what the control takes back to.
func TestLeavingIsAsTheScenarioSays(t *testing.T) {
	t.Parallel()
	q, _ := ask(t, "[timer]\nresign = 'end'\nphases = '2 x (2 min, rest 1 min)'")
	q.Base = q.Scenario
	if c := q.sessionControl(); c.Also.Moved || c.Also.Value != "2 x (2 min, rest 1 min)" {
		t.Errorf("the scenario's own timer is shown as %+v", c.Also)
	}
	if c := q.resignControl(); c.Value != model.ResignEnd || c.Usual != model.ResignEnd || c.Moved {
		t.Errorf("the scenario's own way is shown as %+v", c)
	}
	q.OnResign = model.ResignLeave
	if c := q.resignControl(); c.Value != model.ResignLeave || c.Usual != model.ResignEnd || !c.Moved {
		t.Errorf("another way is shown as %+v", c)
	}
}

// TestTimersWithoutACapNameTheirFirstSession, not a length that nobody plans.
func TestTimersWithoutACapNameTheirFirstSession(t *testing.T) {
	t.Parallel()
	all := screens(t, "timer.phases = '2 x (2 min, rest 1 min)'\npolicy.suppress_base = '2 /h'")
	s := all[len(all)-1]
	if !s.None || !strings.HasPrefix(s.Note, "even the first session fails "+s.Stints[0].Fails) ||
		s.At != "2 min" || s.Causes[0].Name != "suppressed-other" || s.Causes[0].Value < 0.01 {
		t.Errorf("the page says %q at %q, by %+v", s.Note, s.At, s.Causes)
	}
}

// TestRanges say how the cap moves, in the order of draws.
func TestRanges(t *testing.T) {
	t.Parallel()
	r := &live.Range{Low: 100, Median: 700, High: 5400, Robust: math.NaN(), Longest: 5400}
	if got := NewRuleRange(r).Text; !strings.Contains(got, "100 s, 11 min, at least 90 min") &&
		!strings.Contains(got, "1 min 40 s, 11 min, at least 90 min") {
		t.Errorf("a range reads %q", got)
	}
	r.Robust = 60
	if got := NewFullRange(r).Text; !strings.HasSuffix(got, "robust: 60 s.") &&
		!strings.HasSuffix(got, "robust: 1 min.") {
		t.Errorf("a full range reads %q", got)
	}
	if NewRuleRange(nil).Text == "" || NewFullRange(nil).Text == "" {
		t.Error("nothing uncertain is nothing said")
	}
}
