package notation

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

func TestLength(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[float64]string{
		0: "0 s", 5: "5 s", 60: "1 min", 1765: "29 min 25 s", 3600: "60 min", 5395: "89 min 55 s",
		7200: "2 h",
		9000: "2 h 30 min", 14395: "3 h 59 min 55 s", 2.5: "2.5 s", 1e99: "1e+99 s", -1e99: "-1e+99 s",
		1767.5: "29 min 27.5 s", 3 * 0.1: "0.3 s",
	} {
		if got := Length(seconds); got != want {
			t.Errorf("Length(%v) = %q, want %q", seconds, got, want)
		}
	}
}

// TestLengthIsExact parses the text of Length and gets the same duration on the grid.
func TestLengthIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		// Steps are written with few decimals; a step of 0.1 s is the finest.
		step := float64(rapid.IntRange(100, 60_000).Draw(t, "step")) / 1000
		seconds := float64(rapid.IntRange(1, 20_000).Draw(t, "steps")) * step
		back, err := model.ParseDuration(Length(seconds))
		if err != nil || math.Abs(float64(back)-seconds) > 1e-9*seconds {
			t.Fatalf("%v s is written %q, which is %v s (%v)", seconds, Length(seconds), float64(back), err)
		}
	})
}

func TestChance(t *testing.T) {
	t.Parallel()
	for p, want := range map[float64]string{
		0: "0 %", 1: "100 %", 0.0047: "0.47 %", 0.12345: "12.3 %", 0.01: "1.00 %", 0.000123: "0.012 %",
		0.0000123: "0.0012 %", 1e-6: "< 0.001 %", 0.9995: "99.95 %", 0.99999: "> 99.99 %",
		0.908: "90.8 %",
	} {
		if got := Chance(p); got != want {
			t.Errorf("Chance(%v) = %q, want %q", p, got, want)
		}
	}
	if got := Chance(math.NaN()); got != "" {
		t.Errorf("Chance(NaN) = %q, want nothing", got)
	}
}

func TestCap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cap         sweep.Cap
		text, upper string
	}{
		{sweep.Cap{Status: sweep.CapMet, Cap: 1755, CapUpper: 1845}, "29 min 15 s", "(to 30 min 45 s)"},
		{sweep.Cap{Status: sweep.CapMet, Cap: 2870, CapUpper: 2870}, "47 min 50 s", "(to the step)"},
		{sweep.Cap{Status: sweep.CapImprecise, Cap: 60, CapUpper: 120}, "1 min", "(to 2 min, imprecise)"},
		{sweep.Cap{Status: sweep.CapHorizon, Cap: 14400, CapUpper: 14400},
			"at least 4 h", ""},
		{sweep.Cap{Status: sweep.CapNever, ShortestFails: estimate.Estimate{Value: 0.0062}},
			"none: even 5 s fails 0.62 %", ""},
		{sweep.Cap{Status: sweep.CapUnknown, CapUpper: 14400}, "too few sessions simulated", ""},
	} {
		if text, upper := Cap(c.cap, 5); text != c.text || upper != c.upper {
			t.Errorf("%s: %q, %q, want %q, %q", c.cap.Status, text, upper, c.text, c.upper)
		}
	}
}

// TestStates: every status has its own name, and caps of that status are written with it.
func TestStates(t *testing.T) {
	t.Parallel()
	want := map[sweep.CapStatus][2]string{ // without and with the interval
		sweep.CapMet:       {"10 min", "10 min (to 15 min)"},
		sweep.CapImprecise: {"10 min", "10 min (to 15 min, imprecise)"},
		sweep.CapNever:     {"none", "none: even 5 s fails 0.62 % "},
		sweep.CapHorizon:   {"at least 10 min", "at least 10 min "},
		sweep.CapUnknown:   {"too few sessions simulated", "too few sessions simulated "},
	}
	all := sweep.CapStatuses()
	if len(all) != len(want) {
		t.Errorf("%d statuses, want %d", len(all), len(want))
	}
	for _, s := range all {
		text, upper := Cap(sweep.Cap{Status: s, Cap: 600, CapUpper: 900,
			ShortestFails: estimate.Estimate{Value: 0.0062}}, 5)
		if got := [2]string{CapState(sweep.Case{}, s, 600), text + " " + upper}; got != want[s] {
			t.Errorf("%s is written %q, want %q", s, got, want[s])
		}
		if s.Meaning() == "" {
			t.Errorf("%s is not explained", s)
		}
	}
}

func TestCapMinutes(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[float64]string{
		0: "none", 5: "0.08", 55: "0.91", 60: "1.0", 65: "1.0", 66: "1.1", 1218: "20.3", 2870: "47.8",
		9645: "160.7",
	} {
		if got := CapMinutes(seconds); got != want {
			t.Errorf("CapMinutes(%v) = %q, want %q", seconds, got, want)
		}
	}
}

func TestCase(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]sweep.Case{
		"Mindfulness": {SessionName: "Mindfulness", Device: solver.Fleet,
			Environment: solver.Mix},
		"Mindfulness, ultra2-49, shade": {SessionName: "Mindfulness", Device: "ultra2-49",
			Environment: "shade"},
	} {
		if got := Case(c); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestOtherNumbers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ got, want string }{
		{Drawn(sweep.Case{}, 940, 5400), "15 min"},
		{Drawn(sweep.Case{}, 595, 5400), "9 min 55 s"},
		{Drawn(sweep.Case{}, 0, 5400), "none"},
		{Drawn(sweep.Case{}, 5400, 5400), "at least 90 min"},
		{Drawn(sweep.Case{}, math.NaN(), 5400), ""},
		{Narrowing(299), "−4 min 30 s"},
		{Narrowing(29.9), "none"},
		{Narrowing(-600), "none"},
		{Counts([]int64{384000, 1000000, 999}), "999 to 1 000 000"},
		{Sentence("été"), "Été"},
		{Counts([]int64{64}), "64"},
		{Counts([]int64{131072, 65536, 131072}), "65 536 and 131 072"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

func TestFloor(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{0: "0", 139.99: "139", 68.67: "68.6", 1239: "1230",
		0.012399: "0.0123", 5: "5.00", -1.2341: "-1.24"} {
		if got := Floor(v); got != want {
			t.Errorf("Floor(%g) = %s, want %s", v, got, want)
		}
	}
	for v, want := range map[float64]string{0: "0", 139.01: "140", 68.67: "68.7", 5: "5.00",
		-1.2341: "-1.23"} {
		if got := Ceil(v); got != want {
			t.Errorf("Ceil(%g) = %s, want %s", v, got, want)
		}
	}
}

// TestCapsOfTimersAreInCycles: a cap of a timer is whole cycles and the position on its clock.
func TestCapsOfTimersAreInCycles(t *testing.T) {
	t.Parallel()
	of := func(s sweep.CapStatus, cap, upper float64) sweep.Cap {
		return sweep.Cap{Case: sweep.Case{Cycles: "1500 3305 5110"}, Status: s, Cap: cap, CapUpper: upper,
			ShortestFails: estimate.Estimate{Value: 0.1}}
	}
	for _, test := range []struct {
		cap  sweep.Cap
		want string
	}{
		{of(sweep.CapMet, 1500, 3305), "1 of 3 cycles, 25 min (to 2 of 3 cycles)"},
		{of(sweep.CapMet, 3305, 3305), "2 of 3 cycles, 55 min 5 s (to the step)"},
		{of(sweep.CapMet, 600, 1200), "no whole cycle, 10 min (to 20 min)"},
		{of(sweep.CapHorizon, 5110, 5110), "all 3 cycles, 85 min 10 s "},
		{of(sweep.CapImprecise, 1500, 5110), "1 of 3 cycles, 25 min (to all 3 cycles, imprecise)"},
		{of(sweep.CapNever, 0, 1500), "none: even the first session fails 10.0 % "},
		{of(sweep.CapUnknown, 0, 1500), "too few sessions simulated "},
	} {
		text, upper := Cap(test.cap, 5)
		if got := text + " " + upper; got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
	c := of(sweep.CapMet, 0, 0).Case
	for _, test := range [][2]string{{CapReached(c, sweep.CapMet, 3305), "2 of 3 cycles"},
		{CapLength(c, 0), "none"}, {Drawn(c, 1500, 5110), "1 of 3 cycles"},
		{EndOf(c, 3305), "cycle 2, 55 min 5 s"}, {EndOf(c, 3300), "55 min"},
		{Reached(sweep.Case{Cycles: "1500"}, 1500), "the whole timer"},
		{Limit(c), "the limit is for each session"}} {
		if test[0] != test[1] {
			t.Errorf("%q, want %q", test[0], test[1])
		}
	}
}
