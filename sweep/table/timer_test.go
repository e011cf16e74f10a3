package table

import (
	"math"
	"strings"
	"testing"

	"budget/internal/finite"
	"budget/sweep"
)

// timerRun is a timer of two cycles, without a session in the last way.
func timerRun() *TimerRun {
	return &TimerRun{Case: sweep.Case{Session: "mindfulness"}, Timer: "2 x (5 min, rest 1 min)",
		Tolerance: 0.01, Charts: TimerCharts{
			Phases: []TimerPhase{{To: 305, Session: true, Workload: "seated"}, {From: 305, To: 365},
				{From: 365, To: 670, Session: true}},
			Failure: []TimerFailure{{300, 0.001, 0.0005, 0.002}, {665, 0.003, 0.002, 0.004}},
			Cycles: []TimerCycle{{End: 300, Causes: []TimerCause{{"power-off", 0.001}}},
				{End: 665, Causes: []TimerCause{{"refused", 0.002}}}},
			Ways: []TimerWay{{Name: "a session for each", Failure: 0.003, Lower: 0.002, Upper: 0.004,
				Completed: 590, Length: 600, Resign: "leave", Wall: math.NaN()}}},
		Map: []TimerCell{{300, 1, 0.001, 0.0005, 0.002, 300}, {300, 2, 0.003, 0.002, 0.004, 600},
			{600, 1, 0.002, 0.001, 0.003, 600}, {600, 2, 0.005, 0.004, 0.006, 1200}}}
}

// TestTimersThatAreReadAreChecked changes what budget has written, in one place at a time.
func TestTimersThatAreReadAreChecked(t *testing.T) {
	t.Parallel()
	read := func(change func(*TimerRun)) error {
		run := timerRun()
		change(run)
		text, err := finite.Marshal(run)
		if err != nil {
			t.Fatal(err)
		}
		_, err = ReadTimerJSON(text)
		return err
	}
	if err := read(func(*TimerRun) {}); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*TimerRun){
		"no timer":        func(r *TimerRun) { r.Charts.Ways = nil },
		"tolerance of 2":  func(r *TimerRun) { r.Tolerance = 2 },
		"phase 2 goes":    func(r *TimerRun) { r.Charts.Phases[1].From = 300 },
		"failure at 300":  func(r *TimerRun) { r.Charts.Failure[1].Position = 300 },
		"share of 1.5":    func(r *TimerRun) { r.Charts.Failure[0].Upper = 1.5 },
		"ends at 671":     func(r *TimerRun) { r.Charts.Cycles[1].End = 671 },
		"share of -0.001": func(r *TimerRun) { r.Charts.Cycles[0].Causes[0].Share = -0.001 },
		"cell 3 of the map has 1 cycles with 300 s": func(r *TimerRun) { r.Map[2].Length = 300 },
		"cell 2 of the map has 3 cycles":            func(r *TimerRun) { r.Map[1].Cycles = 3 },
		"have 0 s in sessions":                      func(r *TimerRun) { r.Map[1].Time = 0 },
		"share of -0.1":                             func(r *TimerRun) { r.Map[1].JointLower = -0.1 },
		"2 cycles with 300 s and 1 with 600 s":      func(r *TimerRun) { r.Map = r.Map[:3] },
		"completes 700 s": func(r *TimerRun) {
			r.Charts.Ways[0].Completed = 700
		},
	} {
		if err := read(change); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	for _, text := range []string{"", "{}", "[]", "null", `{"charts": 3}`} {
		if _, err := ReadTimerJSON([]byte(text)); err == nil {
			t.Errorf("%q is read as a timer", text)
		}
	}
}
