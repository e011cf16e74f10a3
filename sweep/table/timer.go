package table

import (
	"fmt"
	"math"

	"budget/internal/finite"
	"budget/solver/estimate"
	"budget/sweep"
)

// TimerCharts is what charts show of a timer, in timer.json: under the first reading, for users
// who mean to finish, among the timers that start. The phases, the failure and the cycles are
// those of the first way to run it.
type TimerCharts struct {
	Phases []TimerPhase `json:"phases"`
	// Failure is by position on the timer's clock, ascending, from its start.
	Failure []TimerFailure `json:"failure"`
	Cycles  []TimerCycle   `json:"cycles"`
	Ways    []TimerWay     `json:"ways"`
}

// TimerPhase is a phase of a timer on its clock, the margin of a session included.
type TimerPhase struct {
	From        float64 `json:"from_s"`
	To          float64 `json:"to_s"`
	Session     bool    `json:"session"` // whether a session runs in it
	Workload    string  `json:"workload"`
	Environment string  `json:"environment,omitempty"` // to which the watch moves with it
}

// TimerFailure is the failure up to a position.
type TimerFailure struct {
	Position float64 `json:"position_s"`
	Value    float64 `json:"value"`
	Lower    float64 `json:"lower"`
	Upper    float64 `json:"upper"`
}

// TimerCycle is how a cycle ends, and what the timer has cost by then.
type TimerCycle struct {
	End float64 `json:"end_s"`
	// Causes are the failures in the cycle by cause, since the end of the one before.
	Causes []TimerCause `json:"causes"`
	// Level is the drop of the battery level, a part of 1, and Hottest the highest skin-side
	// temperature [degC] since the start, of those that complete the cycle.
	Level   TimerSpent `json:"level_used"`
	Hottest TimerSpent `json:"hottest_skin_degC"`
}

// TimerCause is a cause with its share of all timers.
type TimerCause struct {
	Cause string  `json:"cause"`
	Share float64 `json:"share"`
}

// TimerSpent is a mean with the quantiles between which nine in ten lie; NaN if it is unknown.
type TimerSpent struct {
	Mean float64 `json:"mean"`
	P5   float64 `json:"p5"`
	P95  float64 `json:"p95"`
}

// TimerWay is a way to run the timer: how often it fails by its end, and how many of its minutes
// in sessions are completed on average. Without a session there is no failure, and the minutes
// are those that the app counts.
type TimerWay struct {
	Name      string  `json:"name"`
	Failure   float64 `json:"failure"`
	Lower     float64 `json:"lower"`
	Upper     float64 `json:"upper"`
	Completed float64 `json:"completed_s"`
	Length    float64 `json:"length_s"` // in sessions
	// Resign is what becomes of it when the user leaves, one of model.Resigns; none without a
	// session. Wall is the mean time on the wall of timers that pause and reach their end [s],
	// else NaN.
	Resign string  `json:"resign,omitempty"`
	Wall   float64 `json:"wall_s"`
}

// TimerCell is a cell of the map of a timer: its failure with the longest phases of a length and a
// number of cycles. The joint bounds at one tolerance hold together for the whole map
// (estimate.InvertCap over the cells of a length).
type TimerCell struct {
	Length     float64 `json:"length_s"`
	Cycles     int     `json:"cycles"`
	Failure    float64 `json:"failure"`
	JointLower float64 `json:"joint_lower"`
	JointUpper float64 `json:"joint_upper"`
	Time       float64 `json:"session_s"` // in sessions
}

// TimerRows returns the cells of a map by length, then from 1 cycle on. The error says what is
// no map.
func TimerRows(cells []TimerCell) (rows [][]TimerCell, err error) {
	for i, c := range cells {
		switch n := len(rows); {
		case c.Cycles == 1 && (n == 0 || c.Length > rows[n-1][0].Length):
			rows = append(rows, nil)
		case n == 0 || c.Cycles != len(rows[n-1])+1 || c.Length != rows[n-1][0].Length:
			return nil, fmt.Errorf("cell %d of the map has %d cycles with %v s", i+1, c.Cycles, c.Length)
		}
		if !(c.Length > 0) || math.IsInf(c.Length, 0) || !(c.Time > 0) || math.IsInf(c.Time, 0) {
			return nil, fmt.Errorf("%d cycles with %v s have %v s in sessions", c.Cycles, c.Length, c.Time)
		}
		if err := sweep.CheckShare(estimate.Estimate{Value: c.Failure,
			Interval: estimate.Interval{Lower: c.JointLower, Upper: c.JointUpper}}); err != nil {
			return nil, err
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], c)
	}
	for _, row := range rows {
		if len(row) != len(rows[0]) {
			return nil, fmt.Errorf("the map has %d cycles with %v s and %d with %v s", len(rows[0]),
				rows[0][0].Length, len(row), row[0].Length)
		}
	}
	return rows, nil
}

// TimerRun is what timer.json says of a timer.
type TimerRun struct {
	Provenance sweep.Provenance `json:"provenance"`
	Case       sweep.Case       `json:"case"`
	Timer      string           `json:"timer"` // its phases as typed
	Tolerance  float64          `json:"tolerance"`
	Charts     TimerCharts      `json:"charts"`
	// Map is by length, then by cycles; none if not asked for.
	Map []TimerCell `json:"map,omitempty"`
}

// ReadTimerJSON reads timer.json. The error says what budget would not have written.
func ReadTimerJSON(text []byte) (*TimerRun, error) {
	t := &TimerRun{}
	if err := finite.Unmarshal(text, t); err != nil {
		return nil, err
	}
	return t, t.check()
}

// check returns an error unless the timer is one that budget may have written.
func (t *TimerRun) check() error {
	c := &t.Charts
	if t.Case.Session == "" || len(c.Phases) == 0 || len(c.Failure) == 0 || len(c.Cycles) == 0 ||
		len(c.Ways) == 0 {
		return fmt.Errorf("it has no timer")
	}
	if !(t.Tolerance > 0 && t.Tolerance < 1) {
		return fmt.Errorf("a tolerance of %v", t.Tolerance)
	}
	at := 0.0
	for i, p := range c.Phases {
		if p.From != at || !(p.To > p.From) || math.IsInf(p.To, 0) {
			return fmt.Errorf("phase %d goes from %v s to %v s", i+1, p.From, p.To)
		}
		at = p.To
	}
	before := 0.0
	for _, f := range c.Failure {
		if !(f.Position > before) || f.Position > at {
			return fmt.Errorf("a failure at %v s", f.Position)
		}
		before = f.Position
		if err := sweep.CheckShare(f.estimate()); err != nil {
			return err
		}
	}
	before = 0
	for _, cycle := range c.Cycles {
		if !(cycle.End > before) || cycle.End > at {
			return fmt.Errorf("a cycle ends at %v s", cycle.End)
		}
		before = cycle.End
		for _, cause := range cycle.Causes {
			if !sweep.IsShare(cause.Share) {
				return fmt.Errorf("a share of %v", cause.Share)
			}
		}
	}
	if _, err := TimerRows(t.Map); err != nil {
		return err
	}
	for _, way := range c.Ways {
		if way.Name == "" || !(way.Length > 0) || !(way.Completed >= 0 && way.Completed <= way.Length+1) {
			return fmt.Errorf("%q completes %v s of %v s", way.Name, way.Completed, way.Length)
		}
	}
	return nil
}

func (f TimerFailure) estimate() estimate.Estimate {
	return estimate.Estimate{Value: f.Value,
		Interval: estimate.Interval{Lower: f.Lower, Upper: f.Upper}}
}
