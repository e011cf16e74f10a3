package solver

import (
	"math"
	"testing"

	"budget/model"
)

// TestTracesEndAsEndingsSay: a traced path ends when and as its history does under the
// cautious reading, by the physics or by the grant.
func TestTracesEndAsEndingsSay(t *testing.T) {
	p := compile(t, scenario(t, "[policy]\nlevels = [\"32 degC\", \"35 degC\", \"37 degC\"]\n"), Case{Session: "mindfulness"})
	e := p.newHazards().newEndings(Cautious, model.Failures)
	ends := map[model.Cause]int{}
	for path := range uint64(100) {
		h := historyOf(p, newSampler(7, Counts, ""), path, p.steps)
		index, cause := e.stop(&h)
		if index > p.steps {
			index, cause = p.steps, model.Completed
		}
		points := p.Trace(7, path)
		last := points[len(points)-1]
		if got := int(math.Round(last.Time / p.step)); got != index || last.End != cause {
			t.Fatalf("path %d: traced to step %d, %v; its history ends at %d, %v", path, got, last.End, index, cause)
		}
		ends[cause]++
	}
	if len(ends) < 2 || ends[model.Expired] == 0 {
		t.Errorf("ends %v: the test shows little", ends)
	}
}
