package field

import (
	"errors"
	"fmt"
	"math"

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
type endCounts struct{ byType[typeEnds] }

func (e *endCounts) begin(*model.Scenario) { *e = endCounts{} }

func (e *endCounts) add(x *sessionlog.Session) {
	of := e.of(x.Type)
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
	e.mergeTypes(&other.(*endCounts).byType, func(of, from *typeEnds) {
		for c := range from.ByCause {
			of.ByCause[c].merge(&from.ByCause[c])
		}
		of.Runtime += from.Runtime
		of.lengths(from.Shortest, from.Longest)
	})
}

func (e *endCounts) check(s *model.Scenario) error {
	return e.checkTypes(s, func(of *typeEnds) error {
		if of.sessions() == 0 {
			return errNoSessions
		}
		sum := int64(0)
		for c := range of.ByCause {
			for t, n := range of.ByCause[c].all() {
				if t < 0 || t > 60*sessionlog.MostMinutes*ticks {
					return fmt.Errorf("a session ran %g s", float64(t)/ticks)
				}
				sum += t * n
			}
		}
		// Rounding to ticks and milliseconds.
		slack := float64(of.sessions()) * (0.5/ticks + 0.001)
		if math.Abs(float64(sum)/ticks-float64(of.Runtime)/1000) > slack {
			return errors.New("the runtimes do not add up to runtime_ms")
		}
		if of.Shortest < 0 || of.Shortest > of.Longest || of.Longest > 60_000*sessionlog.MostMinutes {
			return errors.New("impossible planned lengths")
		}
		return nil
	})
}

// sessions returns the number of sessions of the type.
func (t *typeEnds) sessions() (n int64) {
	for c := range t.ByCause {
		n += t.ByCause[c].total()
	}
	return n
}

// runtimes counts all runtimes [ticks].
func (t *typeEnds) runtimes() *histogram {
	all := &histogram{}
	for c := range t.ByCause {
		all.merge(&t.ByCause[c])
	}
	return all
}
