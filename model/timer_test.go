package model

import (
	"reflect"
	"strings"
	"testing"
)

func TestParsePhases(t *testing.T) {
	t.Parallel()
	s := Default()
	sit, rest := Phase{Length: 1500}, Phase{Length: 300, Rest: true}
	for text, want := range map[string][]Phase{
		"25 min":                     {sit},
		"2 x (25 min, rest 5 min)":   {sit, rest, sit, rest},
		"2x25min, 5min rest, 25 min": {sit, sit, rest, sit},
		"2 × (25 min sit, 5 min keep), 25 min": {sit, {Length: 300, Rest: true, Keep: true}, sit,
			{Length: 300, Rest: true, Keep: true}, sit},
		"1 h 30 min, 1 min rest in sun, 5 min workout in shade": {{Length: 5400},
			{Length: 60, Rest: true, Environment: "sun"},
			{Length: 300, Workload: "workout", Environment: "shade"}},
		"((25 min)), 2 x (2 x (rest 5 min), 25 min)": {sit, rest, rest, sit, rest, rest, sit},
	} {
		got, err := s.ParsePhases(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v, want %+v", text, got, err, want)
		}
	}
}

func TestBadPhases(t *testing.T) {
	t.Parallel()
	s := Default()
	for text, want := range map[string]string{
		"":                                     "column 1, the end: expected a duration, such as 25 min",
		"rest 5 min":                           "all phases are rests",
		"rest 5 min, 25 min":                   "it begins with a rest",
		"4 x (25 min, rest 5 min":              "column 24, the end: expected )",
		"25 min 5 min, 1 min":                  "column 10, \"min\": a phase has one duration",
		"25 min, 3 min in the garden":          "column 18, \"the\": expected an environment, one of indoor, shade, sun",
		"25 min yoga":                          "column 8, \"yoga\": expected rest, keep, sit, in and an environment, or a workload",
		"25 parsec":                            "column 1, \"25\": ",
		"7 s":                                  "column 1, \"7\": 7 s is no multiple of the time step (grid.step, 5 s)",
		"0 min":                                "column 1, \"0\": a phase lasts at least a time step (grid.step, 5 s)",
		"5 min, keep 1 min":                    "it ends with keep 1 min: a kept rest joins two sessions",
		"5 min, keep 1 min, rest 1 min, 5 min": "phase 2, keep 1 min, has a rest beside it",
		"5 min, rest 1 min, keep 1 min, 5 min": "phase 3, keep 1 min, has a rest beside it",
		"5 min, rest 1 min in sun in shade, 5 min": "column 29, \"shade\": a phase has one environment",
		"5 min workout dive":                       "column 15, \"dive\": a phase has one workload",
		"4 x 25 min)":                              "column 11, \")\": no bracket is open",
		"20 x (2 h)":                               "it lasts 40 h: expected at most 24 h",
		"24 h 5 s":                                 "it lasts 24 h 5 s: expected at most 24 h",
		"2 x (13 h, rest 5 h)":                     "it lasts 31 h: expected at most 24 h",
		"24 h":                                     "",
		"24 x (55 min, rest 5 min)":                "",
		"2 x (10 h, rest 4 h)":                     "",
		"2000 x (25 min)":                          "column 1, \"2000\": expected how often, a whole number from 1 to 1000",
		"4 * (25 min, rest 5 min)":                 "column 3, \"*\": expected x, such as 4 x",
		"4 X 25 min":                               "column 3, \"X\": expected x, such as 4 x",
		"4 (25 min)":                               "column 3, \"(\": expected x, such as 4 x",
		"25 min, keep 5 min":                       "it ends with keep 5 min: a kept rest joins two sessions, and none follows",
		"25 min in sun":                            "give --environment sun for where the timer begins",
		"audio 5 min, workout 5 min, dive 5 min, location 5 min": "it has 4 workloads besides worn",
		strings.Repeat("(", 20) + "5 min":                        "nested too deeply",

		"1 min)": "column 6, \")\": no bracket is open",
	} {
		_, err := s.ParsePhases(text)
		if want == "" && err != nil ||
			want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// TestLegs: the last leg of a stint has the margin, a kept rest joins two stints, and a last
// rest is dropped.
func TestLegs(t *testing.T) {
	t.Parallel()
	s := Default()
	phases, err := s.ParsePhases("5 min, rest 1 min, 5 min, keep 1 min, 5 min, rest 1 min")
	if err != nil {
		t.Fatal(err)
	}
	type leg struct {
		from, to, stint int
		starts, ends    bool
	}
	margin := int(s.Grid.Margin / s.Grid.Step)
	want := []leg{{0, 60 + margin, 0, true, true}, {60 + margin, 72 + margin, 1, false, false},
		{72 + margin, 132 + margin, 1, true, false}, {132 + margin, 144 + margin, 1, false, false},
		{144 + margin, 204 + 2*margin, 1, false, true}}
	var got []leg
	for _, l := range s.Grid.Legs(phases) {
		got = append(got, leg{l.From, l.To, l.Stint, l.Starts, l.Ends})
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
