package sessionlog

import (
	"fmt"
	"math"

	"budget/model"
)

// grace is the allowed difference of times before they contradict each other [s]:
// many logs have whole minutes.
const grace = 60

// nearly is the share of its planned length from which on a session that the log calls
// completed is completed, whatever the slack.
const nearly = 0.9

// longestOverrun is the longest runtime of a session, as a multiple of its planned length.
// Beyond it a unit is wrong, or the clock.
const longestOverrun = 2

// settleLength compares the runtime of a session with its planned length. What the log says
// stays, with a note:
//
//   - completed, but shorter than the slack allows: still completed if it ran nearly the planned
//     length, else the app or the user ended it early, and it is stopped;
//   - longer than planned: the app let it go on, so it has reached its length. After a power-off
//     the app takes the time only at its next launch, so the session ended by its planned length.
func (r *reader) settleLength(x *Session) {
	ran := ranOf{x.Actual, x.Planned}
	switch {
	case math.IsNaN(x.Planned):
	case x.Cause == model.Completed && x.Actual < nearly*x.Planned-r.options.Slack.of(x.Planned):
		x.Cause = model.Stopped
		r.deviation(columnEnd, "early", "completed after %s: counted as stopped", ran)
	case x.Cause == model.Completed && x.Actual < x.Planned-r.options.Slack.of(x.Planned):
		r.deviation(columnEnd, "short", "completed after %s: counted as completed", ran)
	case x.Actual <= x.Planned+float64(r.scenario.Grid.Margin)+grace:
	case x.Cause == model.PowerOff:
		x.Actual = x.Planned
		r.deviation(columnActual, "late",
			"power-off after %s: taken as noticed at the next launch, and as off by the planned length", ran)
	case x.Actual <= longestOverrun*x.Planned+grace:
		if x.Cause == model.Stopped {
			x.Cause = model.Completed
		}
		r.deviation(columnActual, "long", "ran %s: the app let it go on", ran)
	}
}

// ranOf are a runtime and a planned length [s], in words where they are needed.
type ranOf struct{ actual, planned float64 }

func (r ranOf) String() string {
	return fmt.Sprintf("%.4g min of %.4g min planned", r.actual/60, r.planned/60)
}
