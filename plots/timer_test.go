package plots

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"budget/internal/notation"
	"budget/model"
	"budget/plots/figure"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/store"
	"budget/sweep/table"
)

// timerSample is a timer of some cycles of a length with rests [s]. Its failures grow from cycle
// to cycle: half of them each by two causes, after the first cycle a tenth by refusals.
func timerSample(cycles int, length, rest float64) table.TimerCharts {
	var t table.TimerCharts
	at, failed := 0.0, 0.0
	for i := range cycles {
		if i > 0 {
			t.Phases = append(t.Phases, table.TimerPhase{From: at, To: at + rest, Workload: "worn"})
			at += rest
		}
		t.Phases = append(t.Phases, table.TimerPhase{From: at, To: at + length, Session: true,
			Workload: "seated"})
		add := 0.003 * float64(i+1)
		for k := range 10 {
			part := float64(k+1) / 10
			p := min(failed+part*add, 0.8)
			t.Failure = append(t.Failure, table.TimerFailure{Position: at + part*(length-5), Value: p,
				Lower: 0.9 * p, Upper: 1.2 * p})
		}
		at, failed = at+length, failed+add
		c := table.TimerCycle{End: at - 5, Causes: []table.TimerCause{{Cause: "suppressed-battery",
			Share: 0.5 * add}, {Cause: "power-off", Share: 0.4 * add}}}
		other := "error"
		if i > 0 {
			other = "refused"
		}
		c.Causes = append(c.Causes, table.TimerCause{Cause: other, Share: 0.1 * add})
		used := 0.03 * float64(i+1)
		c.Level = table.TimerSpent{Mean: used, P5: 0.5 * used, P95: 1.6 * used}
		c.Hottest = table.TimerSpent{Mean: 30 + used, P5: 25, P95: 33.5}
		t.Cycles = append(t.Cycles, c)
	}
	minutes := float64(cycles) * length
	none := math.NaN()
	t.Ways = []table.TimerWay{
		{Name: "a session for each", Failure: 0.03, Lower: 0.028, Upper: 0.032, Completed: 0.9 * minutes,
			Length: minutes},
		{Name: "one session throughout", Failure: 0.907, Lower: 0.90, Upper: 0.91,
			Length: 1.15 * minutes},
		{Name: "a workout throughout", Failure: 0.14, Lower: 0.13, Upper: 0.15,
			Completed: 0.95 * minutes, Length: 1.15 * minutes},
		{Name: "no session", Failure: none, Lower: none, Upper: none, Completed: 0.19 * minutes,
			Length: minutes},
	}
	return t
}

// cellsSample is a map of a timer by lengths [s], whose failure is so much for each minute of a
// cycle. Its bounds are a tenth beside it.
func cellsSample(each float64, cycles int, lengths ...float64) (cells []table.TimerCell) {
	for _, length := range lengths {
		for n := range cycles {
			p := min(each*length/60*float64(n+1), 0.9)
			cells = append(cells, table.TimerCell{Length: length, Cycles: n + 1, Failure: p,
				JointLower: 0.9 * p, JointUpper: 1.1 * p, Time: float64(n+1) * length})
		}
	}
	return cells
}

// sequence returns the first multiples of 5 min [s].
func sequence(n int) (lengths []float64) {
	for i := range n {
		lengths = append(lengths, 300*float64(i+1))
	}
	return lengths
}

// timerCharts are charts of timers that stretch their layouts.
func timerCharts() map[string]func() (*figure.Chart, error) {
	h := headingOf(mindfulnessCase)
	strip := func(t table.TimerCharts) func() (*figure.Chart, error) {
		return func() (*figure.Chart, error) { return StripChart(h, t, 0.01) }
	}
	strategies := func(ways []table.TimerWay) func() (*figure.Chart, error) {
		return func() (*figure.Chart, error) { return StrategiesChart(h, ways, 0.01) }
	}
	safe := timerSample(1, 605, 0)
	for i := range safe.Failure {
		safe.Failure[i] = table.TimerFailure{Position: safe.Failure[i].Position, Upper: 1e-5}
	}
	safe.Cycles[0].Causes = nil
	unknown := timerSample(2, 605, 60)
	for i := range unknown.Cycles {
		missing := table.TimerSpent{Mean: math.NaN(), P5: math.NaN(), P95: math.NaN()}
		unknown.Cycles[i].Level, unknown.Cycles[i].Hottest = missing, missing
	}
	moved := timerSample(3, 1205, 600)
	moved.Phases[2].Workload, moved.Phases[2].Environment = "workout", "sun"
	moved.Phases[3].Environment = "indoor"
	certain := timerSample(2, 3605, 300)
	for i := range certain.Failure {
		certain.Failure[i].Value, certain.Failure[i].Lower, certain.Failure[i].Upper = 1, 1, 1
	}
	long := timerSample(1, 1505, 0).Ways
	long[0].Name = strings.Repeat("a way with a long name ", 3)
	long[1].Failure, long[1].Lower, long[1].Upper = 0, 0, 1e-6
	cycles := func(cells []table.TimerCell) func() (*figure.Chart, error) {
		return func() (*figure.Chart, error) { return CyclesChart(h, cells, 0.01) }
	}
	unseen := cellsSample(0, 3, 300, 600)
	for i := range unseen {
		unseen[i].JointUpper = 2e-5
	}
	few := cellsSample(2e-4, 3, 300, 600)
	for i := range few {
		few[i].JointLower, few[i].JointUpper = 0, 0.2
	}
	resigns := timerSample(3, 1505, 300).Ways
	resigns[0].Resign, resigns[1].Resign, resigns[2].Resign = "leave", "end", "pause"
	resigns[0].Name, resigns[2].Wall = "leaving ends it, no failure", 5000
	return map[string]func() (*figure.Chart, error){
		"cycles":                 cycles(cellsSample(2e-4, 4, 600, 900, 1200, 1500)),
		"cycles: a cell":         cycles(cellsSample(2e-4, 1, 600)),
		"cycles: none hold":      cycles(cellsSample(0.1, 2, 600, 1200)),
		"cycles: all hold":       cycles(unseen),
		"cycles: few paths":      cycles(few),
		"cycles: 200 by 40":      cycles(cellsSample(2e-6, 200, sequence(40)...)),
		"strategies: resigns":    strategies(resigns),
		"strip":                  strip(timerSample(4, 1505, 300)),
		"strip of 40 cycles":     strip(timerSample(40, 305, 60)),
		"strip that never fails": strip(safe),
		"strip without costs":    strip(unknown),
		"strip in other places":  strip(moved),
		"strip that fails":       strip(certain),
		"strip of seconds":       strip(timerSample(2, 25, 5)),
		"strategies":             strategies(timerSample(4, 1505, 300).Ways),
		"strategies: long names": strategies(long),
		"strategies: one":        strategies(long[3:]),
	}
}

func TestTimerChartsTexts(t *testing.T) {
	t.Parallel()
	for name, chart := range timerCharts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := chart()
			if err != nil {
				t.Fatal(err)
			}
			checkTexts(t, c)
			svg, err := svgOf(c)
			if err != nil {
				t.Fatal(err)
			}
			for _, unwanted := range []string{"NaN", "Inf"} {
				if strings.Contains(string(svg), unwanted) {
					t.Errorf("the SVG has a %s", unwanted)
				}
			}
		})
	}
}

// TestTimerTitlesFollowRules: a title names the worst cycle with its cause, and calls a way the
// best only where the intervals are apart.
func TestTimerTitlesFollowRules(t *testing.T) {
	t.Parallel()
	all := timerCharts()
	for name, want := range map[string]string{
		"strip": "Mindfulness: 3.00 % of timers of 4 cycles fail, 1.20 % in cycle 4 alone, there most often " +
			"by suppressed-battery",
		"strip that never fails": "Mindfulness: the timer is not seen to fail",
		"strategies": "Mindfulness: a session for each fails least often (3.00 %), one session throughout " +
			"most often (90.7 %)",
		"strategies: one": "Mindfulness: without a session the app counts 4 of 25 min",
		"strategies: resigns": "Mindfulness: “a workout throughout” completes most (71 of 86 min), and " +
			"14.0 % fail",
		"cycles":         "Mindfulness: the longest that holds at 1 % is 3 cycles with 15 min: 45 min in sessions",
		"cycles: a cell": "Mindfulness: every timer of the map holds at 1 %, up to 1 cycle with 10 min",
		"cycles: none hold": "Mindfulness: no timer of the map holds at 1 %; of the safest, 1 cycle with " +
			"10 min, 90.0 % fail",
		"cycles: all hold":  "Mindfulness: every timer of the map holds at 1 %, up to 3 cycles with 10 min",
		"cycles: few paths": "Mindfulness: too few paths to say whether a timer of the map holds at 1 %",
	} {
		c, err := all[name]()
		if err != nil {
			t.Fatal(err)
		}
		if c.Title != want {
			t.Errorf("%s: %q, want %q", name, c.Title, want)
		}
	}
	ways := timerSample(2, 605, 60).Ways
	for _, x := range []struct {
		workout estimate.Interval
		want    string
	}{
		{estimate.Interval{Lower: 0.032, Upper: 0.04},
			"a session for each fails about as seldom as a workout throughout (3.00 %), one session " +
				"throughout most often (90.7 %)"},
		{estimate.Interval{Lower: 0.033, Upper: 0.04},
			"a session for each fails least often (3.00 %), one session throughout most often (90.7 %)"},
	} {
		ways[2].Failure, ways[2].Lower, ways[2].Upper = 0.035, x.workout.Lower, x.workout.Upper
		if got := strategiesFinding(ways); got != x.want {
			t.Errorf("workout %+v: %q, want %q", x.workout, got, x.want)
		}
	}
	ways[1].Lower, ways[1].Upper = 0.02, 0.95
	if got, want := strategiesFinding(ways[:2]), "a session for each fails in 3.00 % of timers; no "+
		"other way is surely better or worse"; got != want {
		t.Errorf("two ways: %q, want %q", got, want)
	}
	if got, want := strategiesFinding(ways[:1]),
		"a session for each fails in 3.00 % of timers"; got != want {
		t.Errorf("one way: %q, want %q", got, want)
	}
}

// TestCyclesThatHold: a cell is within the outline if the upper bounds up to it are within the
// tolerance, and hatched if only the lower bounds are; the title names a cell of the outline with
// the most time.
func TestCyclesThatHold(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		cells := cellsSample(0.02*random.Float64()/40, 1+random.IntN(5), 300, 600, 1200)
		tolerance := 0.001 + 0.02*random.Float64()
		rows, err := table.TimerRows(cells)
		if err != nil {
			t.Fatal(err)
		}
		f, err := newCyclesFigure(cells, tolerance)
		if err != nil {
			t.Fatal(err)
		}
		best := 0.0
		for i, row := range rows {
			surely, perhaps := true, true
			for n, cell := range row {
				surely = surely && cell.JointUpper <= tolerance
				perhaps = perhaps && cell.JointLower <= tolerance
				if f.holds(n, i) != surely || f.undecided(n, i) != (perhaps && !surely) {
					t.Fatalf("%+v at %v: holds %v, undecided %v", cell, tolerance, f.holds(n, i),
						f.undecided(n, i))
				}
				if surely {
					best = max(best, cell.Time)
				}
			}
		}
		if title := f.finding(); best > 0 && !strings.HasPrefix(title, "every") &&
			!strings.Contains(title, ": "+notation.Length(best)+" in sessions") {
			t.Errorf("%q, but %v s hold", title, best)
		}
		if f.holds(-1, 0) || f.holds(0, -1) || f.holds(0, len(rows)) {
			t.Error("a cell outside the map holds")
		}
	}
}

// TestFailureColorsAreOrdered: the more fail, the darker is a cell, for every kind of colour vision
// and so in grey, by more than is just noticeable between large patches for a twentieth of the bar.
func TestFailureColorsAreOrdered(t *testing.T) {
	t.Parallel()
	const noticeable = 2.3
	for name, vision := range colorVision {
		before := math.Inf(1)
		for k := range 21 {
			l, _, _ := lab(failureColor(float64(k)/20), vision)
			if !(l < before-noticeable) {
				t.Errorf("%s vision: lightness %.1f at %d of 20, %.1f before", name, l, k, before)
			}
			before = l
		}
	}
}

func TestBadTimers(t *testing.T) {
	t.Parallel()
	h := headingOf(mindfulnessCase)
	if _, err := StripChart(h, table.TimerCharts{}, 0.01); err == nil {
		t.Error("a strip of nothing is drawn")
	}
	if _, err := StrategiesChart(h, nil, 0.01); err == nil {
		t.Error("no ways are drawn")
	}
	ways := timerSample(1, 605, 0).Ways
	ways[0].Length = 0
	if _, err := StrategiesChart(h, ways, 0.01); err == nil {
		t.Error("a way of no length is drawn")
	}
	run := &store.Timer{TimerRun: &table.TimerRun{Case: mindfulnessCase, Tolerance: 0.01,
		Charts: timerSample(2, 605, 60), Map: cellsSample(2e-4, 3, 300, 600)}}
	run.Charts.Ways[0].Resign, run.Charts.Ways[0].Wall = "pause", 2000
	for _, kind := range TimerKinds() {
		if charts, err := DrawTimer(run, kind); err != nil || len(charts) != 1 || kind.Meaning() == "" {
			t.Errorf("%s: %d charts, %v", kind, len(charts), err)
		}
	}
	for _, cells := range [][]table.TimerCell{nil, cellsSample(2e-4, 3, 600, 300), run.Map[1:]} {
		if _, err := CyclesChart(h, cells, 0.01); err == nil {
			t.Errorf("a map of %d cells is drawn", len(cells))
		}
	}
	run.Map = nil
	var missing *Missing
	if _, err := DrawTimer(run, KindCycles); !errors.As(err, &missing) || missing.Lack != LackMap {
		t.Errorf("a map that was not asked for: %v", err)
	}
	if _, err := DrawTimer(run, KindMap); err == nil || !strings.Contains(err.Error(),
		"expected one of strip, strategies, cycles") {
		t.Errorf("a map of a timer: %v", err)
	}
}

// TestTitlesOfTimersCountCycles: a cap in a title is whole cycles, and the failure that a title
// speaks of is that by the end of each timer.
func TestTitlesOfTimersCountCycles(t *testing.T) {
	t.Parallel()
	of := sweep.Case{SessionName: "Mindfulness, 3 x (25 min, rest 5 min)", Cycles: "1500 3305 5110",
		Horizon: 5110}
	at := func(s sweep.CapStatus, cap float64) sweep.Cap {
		return sweep.Cap{Case: of, Status: s, Cap: cap, CapUpper: 5110, Tolerance: 0.01, Confidence: 0.95,
			Reading:      cautious,
			BindingCause: model.PowerOff}
	}
	for _, test := range []struct {
		cap  sweep.Cap
		want string
	}{
		{at(sweep.CapMet, 3305), "at most 1 in 100 fail up to 2 of 3 cycles, then they end by power-off"},
		{at(sweep.CapHorizon, 5110), "at most 1 in 100 fail in all 3 cycles"},
		{at(sweep.CapNever, 0), "even in their first session they fail more often than 1 in 100"},
	} {
		if got := capFinding(test.cap); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
	curve := func(values ...float64) (all []estimate.Estimate) {
		for _, v := range values {
			all = append(all, estimate.Estimate{Value: v, Interval: estimate.Interval{Lower: v, Upper: v}})
		}
		return all
	}
	long := Scenario{Name: "3", Durations: []float64{1500, 3305, 5110}, Timer: true,
		Failure: curve(0.003, 0.009, 0.018)}
	short := Scenario{Name: "1", Durations: []float64{1500}, Failure: curve(0.003)}
	for want, scenarios := range map[string][]Scenario{
		"1.80 % of timers fail by their end":                                 {long},
		"0.30 % (cycles 1) to 1.80 % (cycles 3) of timers fail by their end": {long, short},
	} {
		if got := scenariosFinding("cycles", scenarios); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	c, err := FailureChart(Heading{Case: of}, "", []Scenario{long}, []float64{0.01})
	if err != nil {
		t.Fatal(err)
	}
	text := func(c *figure.Chart) string {
		svg, err := svgOf(c)
		if err != nil {
			t.Fatal(err)
		}
		return string(svg)
	}
	if !strings.Contains(text(c), "clock (minutes)") {
		t.Error("the axis is not the timer's clock")
	}
	caps, err := CapsChart([]sweep.Cap{at(sweep.CapHorizon, 5110)})
	if err != nil {
		t.Fatal(err)
	}
	if drawn := text(caps); strings.Contains(drawn, "longer lengths were not simulated") ||
		!strings.Contains(drawn, "all 3 cycles") {
		t.Error("a timer that holds seems to go on")
	}
	const tolerance = "the cap goes from 1 of 3 cycles at 1 % failures to all 3 cycles at 5 %"
	more := at(sweep.CapHorizon, 5110)
	more.Tolerance = 0.05
	if got := toleranceFinding("", TradeOff{"x", []sweep.Cap{at(sweep.CapMet, 1500), more}}, false,
		nil); got != tolerance {
		t.Errorf("%q, want %q", got, tolerance)
	}
}
