package incidence

import (
	"math"
	"testing"

	"budget/model"
	"budget/solver/plant"
)

// TestTracesEndAsRulesSay: a traced path ends when and as its history does under the
// cautious reading, by the physics or by the grant.
func TestTracesEndAsRulesSay(t *testing.T) {
	const hot = "[policy]\nlevels = [\"32 degC\", \"35 degC\", \"37 degC\"]\n"
	s, err := model.Parse("hot.toml", []byte(hot))
	if err != nil {
		t.Fatal(err)
	}
	on, terms := compile(t, s, 0)
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
		if got := int(math.Round(last.Time / on.Step)); got != index || last.End != cause {
			t.Fatalf("path %d: traced to step %d, %v; its history ends at %d, %v", path, got, last.End,
				index, cause)
		}
		ends[cause]++
	}
	if len(ends) < 2 || ends[model.Expired] == 0 {
		t.Errorf("ends %v: the test shows little", ends)
	}
}

// compile returns a plant of mindfulness sessions and what ends them.
func compile(t *testing.T, s *model.Scenario, duration float64) (*plant.Plant, Terms) {
	t.Helper()
	on, err := plant.Compile(s, plant.Case{Session: "mindfulness", Device: plant.Fleet,
		Environment: plant.Mix, Duration: duration})
	if err != nil {
		t.Fatal(err)
	}
	return on, Terms{Session: s.Session("mindfulness"), Policy: &s.Policy,
		Frailty: float64(s.Population.FrailtyShape), Timer: &s.Timer}
}
