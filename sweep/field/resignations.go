package field

import (
	"math"

	"budget/model"
	"budget/solver/estimate"
	"budget/sweep/sessionlog"
)

// resignations counts times at risk of being left for another app, by session type. The Low Power
// prompt covers the app and may end the session in the same way: of types whose sessions it ends,
// only the time before the level was low counts.
type resignations struct {
	scenario *model.Scenario
	Types    byType[resignTimes] `json:"types"`
}

// resignTimes counts times [ticks] of sessions that were left, and of all others.
type resignTimes struct {
	Resigned histogram `json:"resigned"`
	Others   histogram `json:"others"`
}

func (a *resignations) begin(s *model.Scenario) {
	*a = resignations{scenario: s}
}

func (a *resignations) add(x *sessionlog.Session) {
	if x.Cause == model.Refused {
		return
	}
	time, resigned := x.Actual, x.Cause == model.Resigned
	if a.scenario.Session(x.Type).PromptResigns(&a.scenario.Policy) > 0 {
		low, veryLow := x.LowTimes(&a.scenario.Policy)
		if low+veryLow > 0 || x.End <= sessionlog.LowEdge(a.scenario.Policy.LowBattery) {
			time, resigned = max(time-sessionlog.ZeroIfUnknown(low+veryLow), 0), false
		}
	}
	of, tick := a.Types.of(x.Type), int64(math.Round(time*ticks))
	if resigned {
		of.Resigned.add(tick, 1)
	} else {
		of.Others.add(tick, 1)
	}
}

func (a *resignations) merge(other accumulator) {
	a.Types.mergeTypes(&other.(*resignations).Types, func(of, from *resignTimes) {
		of.Resigned.merge(&from.Resigned)
		of.Others.merge(&from.Others)
	})
}

func (a *resignations) check(s *model.Scenario) error {
	return a.Types.checkTypes(s, func(of *resignTimes) error {
		for _, h := range []*histogram{&of.Resigned, &of.Others} {
			for t := range h.all() {
				if t < 0 || t > 60*sessionlog.MostMinutes*ticks {
					return errImpossible
				}
			}
		}
		return nil
	})
}

// risk returns the time at risk of a session type.
func (a *resignations) risk(id string) (sum risk) {
	of := a.Types.types[id]
	if of == nil {
		return sum
	}
	for i, h := range []*histogram{&of.Resigned, &of.Others} {
		for t, n := range h.all() {
			sum.Time += t * n * 1000 / ticks
			if t > 0 {
				sum.Sessions += n
			}
			if i == 0 {
				sum.Events += n
			}
		}
	}
	return sum
}

// times returns the different times [s] of a session type with the numbers of sessions.
func (a *resignations) times(id string) (times []estimate.FrailTime) {
	of := a.Types.types[id]
	var all histogram
	all.merge(&of.Resigned)
	all.merge(&of.Others)
	for t := range all.all() {
		times = append(times, estimate.FrailTime{Time: float64(t) / ticks, Ended: of.Resigned.count(t),
			Censored: of.Others.count(t)})
	}
	return times
}

// flat returns the different times [s] of a session type, whether they ended by being left, and
// how many sessions each stands for.
func (a *resignations) flat(id string) (times []float64, ended []bool, counts []int) {
	for _, x := range a.times(id) {
		for i, n := range []int64{x.Ended, x.Censored} {
			if n > 0 {
				times, ended, counts = append(times, x.Time), append(ended, i == 0), append(counts, int(n))
			}
		}
	}
	return times, ended, counts
}
