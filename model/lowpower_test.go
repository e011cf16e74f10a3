package model

import "testing"

// A workout has its own Low Power rules, a mindfulness session the policy's.
func TestOwnLowPowerRules(t *testing.T) {
	t.Parallel()
	s := Default()
	workout, mindfulness := s.Policy.Of(s.Session("workout")), s.Policy.Of(s.Session("mindfulness"))
	on := Condition{LowPower: true}
	approx(t, "refusal of a workout", workout.Refusal(true, Nominal, false), 0, 0)
	approx(t, "refusal of a hot workout", workout.Refusal(true, Critical, false), 0.5, 1e-15)
	approx(t, "refusal of mindfulness", mindfulness.Refusal(true, Nominal, false), 0.02, 1e-15)
	approx(t, "hazard of a workout", 3600*workout.BatteryHazard(on), 0.01, 1e-15)
	approx(t, "hazard of mindfulness", 3600*mindfulness.BatteryHazard(on), 0.02, 1e-15)
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

// A device's scale comes beside the population's.
func TestPowerScale(t *testing.T) {
	t.Parallel()
	s := mustParse(t, "population.power_scale = 1.2\n[[device]]\nid = 's9-45'\npower_scale = 0.5")
	approx(t, "its own", s.PowerScale(s.Device("s9-45")), 0.6, 1e-15)
	approx(t, "none of its own", s.PowerScale(s.Device("s9-41")), 1.2, 0)
}
