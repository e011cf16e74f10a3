package model

import (
	"slices"
	"testing"
)

// A workout has its own Low Power rules; a mindfulness session has the policy's.
func TestOwnLowPowerRules(t *testing.T) {
	t.Parallel()
	s := Default()
	workout, mindfulness := s.Policy.Of(s.Session("workout")), s.Policy.Of(s.Session("mindfulness"))
	approx(t, "refusal of a workout", workout.Refusal(true, Nominal, false), 0, 0)
	approx(t, "refusal of a hot workout", workout.Refusal(true, Critical, false), 0.5, 1e-15)
	approx(t, "refusal of mindfulness", mindfulness.Refusal(true, Nominal, false), 0.02, 1e-15)
	shaky := *s.Session("mindfulness")
	shaky.Refuse = 0.1
	approx(t, "starts that fail", shaky.Refusal(&s.Policy, false, Nominal, false), 0.1, 1e-15)
	approx(t, "and are refused", shaky.Refusal(&s.Policy, true, Nominal, false), 1-0.9*0.98, 1e-15)
	approx(t, "too hot", shaky.Refusal(&s.Policy, false, Nominal, true), 1, 0)
	for id, want := range map[string]struct {
		key  string
		rate float64
	}{
		"workout":     {"session.workout.suppress_lpm", 0.01},
		"mindfulness": {"policy.suppress_lpm", 0.02},
	} {
		hazards := s.Session(id).Under(&s.Policy)
		rates := Rates(hazards, Condition{LowPower: true}, 1)
		approx(t, "hazard of "+id, 3600*rates[SuppressedBattery], want.rate, 1e-15)
		found := slices.ContainsFunc(hazards, func(h Hazard) bool { return h.Key == want.key })
		if p := s.Parameter(want.key); !found || p == nil || 3600*p.Values[0] != want.rate {
			t.Errorf("%s: no row of %s", id, want.key)
		}
	}
	if s.Policy != Default().Policy {
		t.Error("the policy itself has changed")
	}

	approx(t, "power of a workout", s.Workload.ByID["workout"].LowPowerFactor(&s.Policy), 0.70, 0)
	seated := s.Workload.ByID["seated"]
	approx(t, "power of a seated session", seated.LowPowerFactor(&s.Policy), 0.55, 0)
}

// The prompt comes once, at the first low poll with the mode off, and its answer stays.
func TestLowPowerPrompt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		start, accepts bool
		polls          string // l for low
		prompts, on    string
	}{
		{false, true, "hhlhl", "--p--", "--111"},
		{false, false, "hhlhl", "--p--", "-----"},
		{false, true, "lll", "p--", "111"},
		{true, true, "hll", "---", "111"},
		{true, false, "hll", "---", "111"},
		{false, true, "hhh", "---", "---"},
	} {
		mode := LowPowerAtStart(c.start)
		prompts, on := "", ""
		for _, poll := range c.polls {
			next, prompted := mode.Poll(poll == 'l', c.accepts)
			mode = next
			prompts += map[bool]string{true: "p", false: "-"}[prompted]
			on += map[bool]string{true: "1", false: "-"}[mode.On]
		}
		if prompts != c.prompts || on != c.on {
			t.Errorf("on at start %v, accepts %v, polls %s: prompts %s, on %s; want %s, %s",
				c.start, c.accepts, c.polls, prompts, on, c.prompts, c.on)
		}
	}
}

func TestPromptTakesTheFront(t *testing.T) {
	t.Parallel()
	s := Default()
	approx(t, "from mindfulness", s.Session("mindfulness").PromptResigns(&s.Policy), 0.05, 0)
	approx(t, "from physical therapy", s.Session("physical-therapy").PromptResigns(&s.Policy), 0, 0)
}

// A device's scale multiplies the population's.
func TestPowerScale(t *testing.T) {
	t.Parallel()
	s := mustParse(t, "population.power_scale = 1.2\n[[device]]\nid = 's9-45'\npower_scale = 0.5")
	approx(t, "its own", s.PowerScale(nil, s.Device("s9-45")), 0.6, 1e-15)
	approx(t, "none of its own", s.PowerScale(nil, s.Device("s9-41")), 1.2, 0)
	s = mustParse(t, "population.power_scale = 1.2\n[[session]]\nid = 'audio'\npower_scale = 0.8\n"+
		"[[device]]\nid = 's9-45'\npower_scale = 0.5")
	device := s.Device("s9-45")
	approx(t, "that of the session type", s.PowerScale(s.Session("audio"), device), 0.4, 1e-15)
	approx(t, "of a type without", s.PowerScale(s.Session("workout"), device), 0.6, 1e-15)
	if a, b := s.PowerScaleOf(s.Session("audio")).Key, s.PowerScaleOf(s.Session("workout")).Key; a !=
		"session.audio.power_scale" || b != "population.power_scale" {
		t.Errorf("the factors are %s and %s", a, b)
	}
}
