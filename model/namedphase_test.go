package model

import (
	"slices"
	"strings"
	"testing"
)

// TestNamedPhases: the phases of a file stand for their lengths, rests, workloads and places, and
// a file that has been written reads back as it was.
func TestNamedPhases(t *testing.T) {
	t.Parallel()
	s, err := Parse("x.toml", []byte(`
[timer]
phases = "2 x (sit, walk), sit"
[timer.phase.sit]
length = "25 min"
[timer.phase.walk]
length = "5 min"
rest = true
workload = "workout"
environment = "sun"
`))
	if err != nil {
		t.Fatal(err)
	}
	q, ok := s.TimerSequence()
	const want = "25 min, rest 5 min workout in sun, 25 min, rest 5 min workout in sun, 25 min"
	if !ok || q.String() != want {
		t.Errorf("%v, %v", q, ok)
	}
	// Two margins of 5 s lie before the end of the third sit.
	if d := s.Longest(s.Session("mindfulness")); d != 3*1500+2*300+2*5 {
		t.Errorf("it ends at %v", d)
	}
	if ends := s.CycleEnds(); len(ends) != 3 || ends[0] != 1500 || ends[1] != 1500+5+300+1500 {
		t.Errorf("sessions end at %v", ends)
	}
	other, err := Parse("y.toml", []byte("[timer]\nphases = \"2 x 25 min\"\n"))
	if err != nil || SharePlant(s, other, "mindfulness", true) {
		t.Errorf("other timers share a plant; %v", err)
	}
}

// TestBadNamedPhases: what is wrong is told with its place and what would be right.
func TestBadNamedPhases(t *testing.T) {
	t.Parallel()
	for _, bad := range [][2]string{
		{`timer.phases = "4 x (sit, wlak)"
timer.phase.sit.length = "25 min"`,
			`x.toml:1:7: timer.phases: timer "4 x (sit, wlak)": column 11, "wlak": expected rest,`},
		{`timer.phase.rest.length = "25 min"`,
			`x.toml:1:13: timer.phase.rest: "rest" has a meaning`},
		{`timer.phase.workout.length = "25 min"`, "has a meaning in timers already"},
		{`timer.phase.sit.length = "7 s"`,
			"x.toml:1:17: timer.phase.sit.length: 7 s is no multiple"},
		{`timer.phase.sit.rest = true`, `needs a length, such as length = "25 min"`},
		{`timer.phase.sit.length = "5 min"
timer.phase.sit.workload = "yoga"`, `unknown name "yoga"`},
		{`timer.phases = "rest 5 min, 5 min"`, "a session comes first"},
	} {
		_, err := Parse("x.toml", []byte(bad[0]))
		if err == nil || !strings.Contains(err.Error(), bad[1]) {
			t.Errorf("%s: %v, want %q", bad[0], err, bad[1])
		}
	}
}

// TestCycleEnds: cycles end where the text's repeat ends; sessions count where cycles share one.
func TestCycleEnds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]float64{
		"3 x (10 min, rest 5 min)":                     {600, 1505, 2410},
		"2 x (10 min, rest 5 min, 10 min, rest 5 min)": {1505, 3315},
		"5 min, 2 x (10 min, rest 5 min)":              {900, 1805},
		"5 min, rest 5 min, 2 x (10 min, rest 5 min)":  {1205, 2110},
		"10 min, rest 5 min, 10 min":                   {600, 1505},
		"10 min, 2 x (rest 5 min)":                     nil, // a session alone
		"10 min, 2 x (rest 5 min, 10 min)":             {1505, 2410},
		"3 x 10 min":                                   {1800},
		"2 x (10 min, rest 5 min, 10 min)":             {600, 2105, 3010},
		"90 min":                                       nil,
		"2 x (10 min, keep 5 min, 10 min, rest 5 min)": {1500, 3305},
		"10 min, rest 5 min, 10 min, 2 x (rest 1 min)": {600, 1505},
	} {
		s, err := Parse("x.toml", []byte("[timer]\nphases = \""+text+"\"\n"))
		if err != nil {
			t.Fatal(err)
		}
		if ends := s.CycleEnds(); !slices.Equal(ends, want) {
			t.Errorf("%s: cycles end at %v, want %v", text, ends, want)
		}
	}
}
