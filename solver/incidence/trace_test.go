package incidence

import (
	"math"
	"testing"

	"budget/model"
	"budget/solver/plant"
)

// TestTracesEndAsRulesSay: a traced path ends when and as its history does under the
// cautious reading, by the physics or by the grant, which every start of a timer and every return
// from an absence renews.
func TestTracesEndAsRulesSay(t *testing.T) {
	const hot = "[policy]\nlevels = [\"32 degC\", \"35 degC\", \"37 degC\"]\n" +
		"[timer]\naway = \"5 min\"\n[[session]]\nid = \"mindfulness\"\nresign = \"1.5 /h\"\n"
	s, err := model.Parse("hot.toml", []byte(hot))
	if err != nil {
		t.Fatal(err)
	}
	timer := []model.Phase{{Length: 2700}, {Length: 300, Rest: true}, {Length: 2700}}
	for name, c := range map[string]plant.Case{"session": {}, "timer": {Phases: timer},
		"pauses": {Phases: timer, Pause: true}, "restarts": {Restart: true}} {
		on, terms := compileCase(t, s, c)
		r := terms.Rules(on, []Reading{Cautious}, model.Failures)[0]
		kernel := on.Kernel("portable", plant.NewSampler(7, plant.Independent))
		ends := map[model.Cause]int{}
		for path := range uint64(100) {
			var index int
			var cause model.Cause
			left := 1
			kernel.Run(on.Steps, func() (uint64, bool) { left--; return path, left == 0 },
				func(_ uint64, h *plant.History) { index, cause = r.stop(h) })
			if index > on.Steps {
				index, cause = on.Steps, model.Completed
			}
			points := terms.Trace(on, 7, path)
			last := points[len(points)-1]
			if got := int(math.Round(last.Position / on.Step)); got != index || last.End != cause {
				t.Fatalf("%s, path %d: traced to step %d, %v; its history ends at %d, %v", name, path, got,
					last.End, index, cause)
			}
			ends[cause]++
		}
		if len(ends) < 2 || (ends[model.Expired] == 0) != c.Restart {
			t.Errorf("%s: ends %v: the test shows little", name, ends)
		}
	}
}

// compile returns a plant of mindfulness sessions and what ends them.
func compile(t *testing.T, s *model.Scenario, duration float64) (*plant.Plant, Terms) {
	t.Helper()
	return compileCase(t, s, plant.Case{Duration: duration})
}

// compileCase does so for a case, whose session type, device and environment it sets.
func compileCase(t *testing.T, s *model.Scenario, c plant.Case) (*plant.Plant, Terms) {
	t.Helper()
	c.Session, c.Device, c.Environment = "mindfulness", plant.Fleet, plant.Mix
	on, err := plant.Compile(s, c)
	if err != nil {
		t.Fatal(err)
	}
	return on, Terms{Session: s.Session("mindfulness"), Policy: &s.Policy, Restart: c.Restart,
		Frailty: float64(s.Population.FrailtyShape), Timer: &s.Timer}
}
