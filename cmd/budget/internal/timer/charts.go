package timer

import (
	"cmp"
	"math"
	"slices"

	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/table"
)

// mostPositions is about the largest number of positions that charts have failures for.
const mostPositions = 300

// chartsOf returns what charts show of a timer, of which the first way is as asked. causes are
// those by which it can fail.
func chartsOf(s *model.Scenario, timers []sweep.Timer, without noSession, reading solver.Reading,
	causes []model.Cause) table.TimerCharts {
	t := &timers[0]
	out := table.TimerCharts{Cycles: cyclesOf(t, reading, causes)}
	step := float64(s.Grid.Step)
	for _, leg := range s.Grid.Legs(t.Phases) {
		id := cmp.Or(leg.Workload, s.Session(t.Session).Workload)
		if leg.Rest {
			id = cmp.Or(leg.Workload, model.Worn)
		}
		out.Phases = append(out.Phases, table.TimerPhase{From: float64(leg.From) * step,
			To: float64(leg.To) * step, Session: leg.InSession(), Workload: id,
			Environment: leg.Environment})
	}
	last := t.Stints[len(t.Stints)-1].End
	var at []float64
	for i := range t.Durations {
		if every := 1 + len(t.Durations)/mostPositions; i%every == every-1 && t.Durations[i] < last {
			at = append(at, t.Durations[i])
		}
	}
	for _, stint := range t.Stints {
		at = append(at, stint.End)
	}
	slices.Sort(at)
	for _, position := range slices.Compact(at) {
		p := t.FailureSoFar(reading, position)
		out.Failure = append(out.Failure, table.TimerFailure{Position: position, Value: p.Value,
			Lower: p.Lower, Upper: p.Upper})
	}
	for i := range timers {
		way := &timers[i]
		p := way.Failure(reading, way.Stints[len(way.Stints)-1].End)
		_, length := way.CompletedStints(reading)
		wall := math.NaN()
		if way.Resign == model.ResignPause && way.Costs[len(way.Costs)-1].Paths > 0 {
			wall, _, _ = way.Wall()
		}
		out.Ways = append(out.Ways, table.TimerWay{Name: way.Name, Failure: p.Value, Lower: p.Lower,
			Upper: p.Upper, Completed: length.Value, Length: sessionTime(way), Resign: way.Resign,
			Wall: wall})
	}
	none := math.NaN()
	out.Ways = append(out.Ways, table.TimerWay{Name: "no session", Failure: none, Lower: none,
		Upper: none, Completed: without.Kept, Length: without.Length, Wall: none})
	return out
}

// cyclesOf returns how each cycle ends, with its failures in proportion to their causes.
func cyclesOf(t *sweep.Timer, reading solver.Reading, causes []model.Cause) []table.TimerCycle {
	var cycles []table.TimerCycle
	failed, ended := 0.0, make([]float64, len(causes))
	for i, stint := range t.Stints {
		c := table.TimerCycle{End: stint.End}
		shares, sum := make([]float64, len(causes)), 0.0
		for j, cause := range causes {
			now := t.Ended(reading, solver.Meaning, cause, stint.End).Value
			if cause != model.Refused || i > 0 { // the first start is not among the failures
				shares[j] = max(0, now-ended[j])
			}
			ended[j] = now
			sum += shares[j]
		}
		failure := t.Failure(reading, stint.End).Value
		for j, cause := range causes {
			if shares[j] > 0 {
				c.Causes = append(c.Causes, table.TimerCause{Cause: cause.String(),
					Share: shares[j] / sum * max(0, failure-failed)})
			}
		}
		failed = failure
		missing := table.TimerSpent{Mean: math.NaN(), P5: math.NaN(), P95: math.NaN()}
		c.Level, c.Hottest = missing, missing
		if i < len(t.Costs) && t.Costs[i].Paths > 0 {
			c.Level, c.Hottest = spent(t.Costs[i].Level), spent(t.Costs[i].Hottest)
		}
		cycles = append(cycles, c)
	}
	return cycles
}

func spent(s solver.Spent) table.TimerSpent {
	return table.TimerSpent{Mean: s.Mean.Value, P5: s.P5.Value, P95: s.P95.Value}
}

// sessionTime returns the time in sessions of a timer [s].
func sessionTime(t *sweep.Timer) (total float64) {
	for _, s := range t.Stints {
		total += s.Length
	}
	return total
}
