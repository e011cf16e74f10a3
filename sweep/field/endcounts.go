package field

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"budget/model"
	"budget/sweep/sessionlog"
)

// ticks is the resolution of the times at which sessions end [1/s]. Neither the callbacks of a
// watch nor the steps of the simulation are as fine as a tenth of a second.
const ticks = 10

// typeEnds counts the sessions of a type.
type typeEnds struct {
	// ByCause counts runtimes [ticks] by the cause that ended them.
	ByCause [model.Completed + 1]histogram `json:"by_cause"`
	// Runtime is the sum of all runtimes [ms].
	Runtime int64 `json:"runtime_ms"`
	// Shortest and Longest are the extreme planned lengths [ms], 0 if all sessions are open-ended.
	Shortest int64 `json:"shortest_ms"`
	Longest  int64 `json:"longest_ms"`
}

// endCounts counts how sessions ended and when, by type.
type endCounts map[string]*typeEnds

func (e *endCounts) begin(*model.Scenario) { *e = endCounts{} }

func (e *endCounts) add(x *sessionlog.Session) {
	of := (*e)[x.Type]
	if of == nil {
		of = &typeEnds{}
		(*e)[x.Type] = of
	}
	of.ByCause[x.Cause].add(int64(math.Round(x.Actual*ticks)), 1)
	of.Runtime += milliseconds(x.Actual)
	if !math.IsNaN(x.Planned) {
		planned := max(milliseconds(x.Planned), 1)
		of.lengths(planned, planned)
	}
}

// lengths extends the range of planned lengths.
func (t *typeEnds) lengths(shortest, longest int64) {
	if longest == 0 {
		return
	}
	if t.Longest == 0 || shortest < t.Shortest {
		t.Shortest = shortest
	}
	t.Longest = max(t.Longest, longest)
}

func (e *endCounts) merge(other accumulator) {
	for id, from := range *other.(*endCounts) {
		of := (*e)[id]
		if of == nil {
			of = &typeEnds{}
			(*e)[id] = of
		}
		for c := range from.ByCause {
			of.ByCause[c].merge(from.ByCause[c])
		}
		of.Runtime += from.Runtime
		of.lengths(from.Shortest, from.Longest)
	}
}

func (e *endCounts) check(s *model.Scenario) error {
	for _, id := range slices.Sorted(maps.Keys(*e)) {
		of := (*e)[id]
		if s.Session(id) == nil {
			return fmt.Errorf("session type %q is not in the scenario", id)
		}
		if of == nil || of.sessions() == 0 {
			return fmt.Errorf("%s has no sessions", id)
		}
		sum := int64(0)
		for _, h := range of.ByCause {
			for t, n := range h {
				if t < 0 || t > 60*sessionlog.MostMinutes*ticks {
					return fmt.Errorf("%s: a session ran %g s", id, float64(t)/ticks)
				}
				sum += t * n
			}
		}
		// Rounding to ticks and milliseconds.
		slack := float64(of.sessions()) * (0.5/ticks + 0.001)
		if math.Abs(float64(sum)/ticks-float64(of.Runtime)/1000) > slack {
			return fmt.Errorf("%s: the runtimes do not add up to runtime_ms", id)
		}
		if of.Shortest < 0 || of.Shortest > of.Longest || of.Longest > 60_000*sessionlog.MostMinutes {
			return fmt.Errorf("%s: impossible planned lengths", id)
		}
	}
	return nil
}

// sessions returns the number of sessions of the type.
func (t *typeEnds) sessions() (n int64) {
	for _, h := range t.ByCause {
		n += h.total()
	}
	return n
}

// runtimes counts all runtimes [ticks].
func (t *typeEnds) runtimes() histogram {
	all := histogram{}
	for _, h := range t.ByCause {
		all.merge(h)
	}
	return all
}
