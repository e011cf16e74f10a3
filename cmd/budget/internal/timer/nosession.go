package timer

import (
	"fmt"
	"math"
	"strconv"

	"budget/cmd/budget/internal/cli"
	"budget/internal/notation"
	"budget/solver"
)

// noSession is what becomes of the timer in an app that has no session.
type noSession struct {
	*solver.NoSession
	front float64 // [s]
}

// text says what the timer keeps, and how late its end cues come.
func (n noSession) text() string {
	return fmt.Sprintf("Without a session the app is suspended %s after the wrist drops, until the next "+
		"raise, which is no failure. If it counts as it runs, it counts %s of %s (nine in ten: %s to %s). "+
		"If it has stored the start, %s.", notation.Length(n.front), minutes(n.Kept), minutes(n.Length),
		minutes(n.KeptQuantile(0.05)), minutes(n.KeptQuantile(0.95)),
		lateWords(n.LateQuantile(0.5), n.LateQuantile(0.95)))
}

// minutes writes a time [s] in whole minutes, a short one in whole seconds, rounded down.
func minutes(seconds float64) string {
	if seconds < 120 {
		return fmt.Sprintf("%.0f s", math.Floor(seconds))
	}
	return fmt.Sprintf("%.0f min", math.Floor(seconds/60))
}

// lateWords says how late end cues come, by the time that half exceed and that one in 20 does.
func lateWords(half, most float64) string {
	time := func(seconds float64) string {
		if math.IsInf(seconds, 1) {
			return "a day"
		}
		return minutes(seconds)
	}
	switch {
	case most == 0:
		return "its end cues are on time"
	case half == 0:
		return fmt.Sprintf("most end cues are on time, and 1 in 20 comes more than %s late", time(most))
	}
	return fmt.Sprintf("half of its end cues come more than %s late, and 1 in 20 more than %s", time(half),
		time(most))
}

// records lists what each cycle keeps, and all of them together. A lateness of more than a day is
// missing.
func (n noSession) records() *cli.Records {
	r := &cli.Records{Fields: []string{"cycle", "position_s", "length_s", "kept_s", "kept_p5_s",
		"kept_p50_s", "kept_p95_s", "late", "late_p50_s", "late_p95_s"}}
	end := 0.0
	for i := range n.Sits {
		s := &n.Sits[i]
		end = s.End
		r.Add(strconv.Itoa(i+1), s.End, s.Length, s.Kept, s.KeptQuantile(0.05), s.KeptQuantile(0.5),
			s.KeptQuantile(0.95), s.Late(0), s.LateQuantile(0.5), s.LateQuantile(0.95))
	}
	r.Add("all", end, n.Length, n.Kept, n.KeptQuantile(0.05), n.KeptQuantile(0.5),
		n.KeptQuantile(0.95), n.Late(0), n.LateQuantile(0.5), n.LateQuantile(0.95))
	return r
}

// noSessionJSON is the timer without a session in JSON. A lateness of more than a day is null.
type noSessionJSON struct {
	Front  float64      `json:"front_s"`
	Cycles *cli.Records `json:"cycles"`
}
