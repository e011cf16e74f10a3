package field

import (
	"context"
	"math"
	"strings"
	"testing"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep/sessionlog"
)

func read(t *testing.T, text string) *Log {
	t.Helper()
	l, err := Read("log.csv", []byte(text), model.Default(), plainOptions())
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Remarks) > 0 {
		t.Fatalf("unexpected remarks: %v", l.Remarks)
	}
	return l
}

func rateOf(rates []Rate, key string) *Rate {
	for i := range rates {
		if rates[i].Key == key {
			return &rates[i]
		}
	}
	return nil
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}

// TestRatesByHand fits a log whose events and hours are counted by hand for every rate.
func TestRatesByHand(t *testing.T) {
	t.Parallel()
	l := read(t, fullHeader+`mindfulness,60,60,completed,0.9,0.8,nominal,,,w,1
mindfulness,60,30,stopped,0.9,0.8,serious,12,0,w,2
mindfulness,60,30,resigned,0.9,0.8,,,,w,3
mindfulness,60,60,suppressed-other,0.9,0.8,fair,0,0,w,4
mindfulness,60,40,suppressed-battery,0.125,0.085,fair,0,0,w,5
workout,120,60,suppressed-thermal,0.9,0.8,serious,30,0,w,6
workout,120,60,suppressed-battery,0.9,0.8,critical,18,6,w,7
workout,60,0,refused,0.9,0.9,nominal,,,w,8
workout,60,60,error,0.9,0.8,nominal,,,w,9
`)
	rates := Fit(l, model.Default(), JeffreysPrior, 0.9)
	for _, c := range []struct {
		key      string
		events   int
		minutes  float64
		sessions int
	}{
		{"session.mindfulness.resign", 1, 200, 5}, // not at a low level, where the prompt comes
		{"session.mindfulness.stop", 1, 220, 5},
		{"session.workout.resign", 0, 180, 3},
		{"session.workout.stop", 0, 180, 3},
		{"policy.error_base", 1, 400, 8},
		{"policy.suppress_base", 1, 400, 8},
		{"policy.suppress_low", 1, 20, 1},
		{"policy.suppress_serious", 1, 60, 3},
		{"policy.suppress_critical", 0, 6, 1},
	} {
		r := rateOf(rates, c.key)
		if r == nil {
			t.Errorf("no %s", c.key)
			continue
		}
		if r.Events != c.events || math.Abs(r.Exposure-60*c.minutes) > 1e-6 || r.Sessions != c.sessions {
			t.Errorf("%s: %d events in %g min of %d sessions, want %d in %g of %d",
				c.key, r.Events, r.Exposure/60, r.Sessions, c.events, c.minutes, c.sessions)
		}
		if !r.Frail {
			want := estimate.GammaRate{Shape: 0.5 + float64(c.events), Exposure: 60 * c.minutes}
			near(t, c.key+": mean", r.Mean, want.Mean(), 1e-12)
			near(t, c.key+": lower bound", r.Interval[0], want.Quantile(0.05), 1e-12)
			near(t, c.key+": upper bound", r.Interval[1], want.Quantile(0.95), 1e-12)
			near(t, c.key+": one-sided bound", r.AtMost, want.Quantile(0.9), 1e-12)
		}
	}
	if r := rateOf(rates, "policy.suppress_very_low"); r != nil {
		t.Errorf("nobody was at a very low level: %+v", r)
	}

	// The hazard of resigning differs between sessions.
	frail, _ := estimate.NewFrailRate(estimate.JeffreysRate(), 1.5,
		[]float64{3600, 1800, 1800, 3600, 1200}, []bool{false, false, true, false, false}, nil)
	near(t, "resigning: mean", rateOf(rates, "session.mindfulness.resign").Mean, frail.Mean(), 1e-12)

	// Without a range, the prior's mean is the rate's value and its weight is half an event.
	r := rateOf(Fit(l, model.Default(), RangePrior, 0.9), "policy.error_base")
	near(t, "mean after one error in 400 min", r.Mean*3600, (0.5+1)/(0.5/0.001+400.0/60), 1e-12)

	// The range of the catalog is the prior's central 95 %.
	r = rateOf(Fit(l, model.Default(), RangePrior, 0.9), "policy.suppress_serious")
	near(t, "prior's lower end", r.Before.Quantile(0.025)*3600, 0.05, 1e-6)
	near(t, "prior's upper end", r.Before.Quantile(0.975)*3600, 5, 1e-6)
	near(t, "mean", r.Mean, (r.Before.Shape+1)/(r.Before.Exposure+3600), 1e-12)
}

// TestBareReasonsAreSplitByTheStateOfTheWatch fits what an app is told. A suppression when the
// watch is hot or the level low counts for that state, and the time in that state does not count
// for the base rate.
func TestBareReasonsAreSplitByTheStateOfTheWatch(t *testing.T) {
	t.Parallel()
	l := read(t, fullHeader+`mindfulness,60,60,none,0.9,0.8,nominal,,,w,1
mindfulness,60,30,suppressedBySystem,0.9,0.8,serious,12,0,w,2
mindfulness,60,40,suppressedBySystem,0.125,0.085,fair,0,0,w,3
mindfulness,60,20,suppressedBySystem,0.9,0.85,fair,0,0,w,4
`)
	rates := Fit(l, model.Default(), JeffreysPrior, 0.95)
	for key, want := range map[string][2]float64{"policy.suppress_base": {1, 60 + 18 + 20 + 20},
		"policy.suppress_low": {1, 20}, "policy.suppress_serious": {1, 12}} {
		if r := rateOf(rates, key); float64(r.Events) != want[0] ||
			math.Abs(r.Exposure/60-want[1]) > 1e-6 {
			t.Errorf("%s: %d events in %g min, want %g in %g", key, r.Events, r.Exposure/60,
				want[0], want[1])
		}
	}
}

// TestLittleIsSaidOfLittle fits logs with very little information.
func TestLittleIsSaidOfLittle(t *testing.T) {
	t.Parallel()
	// One session that completed: no event, and an upper bound from its 20 min.
	l := read(t, plainHeader+"physical-therapy,20,20,completed,0.9,0.85\n")
	rates := Fit(l, model.Default(), JeffreysPrior, 0.95)
	if r := rateOf(rates, "session.physical-therapy.resign"); r != nil {
		t.Errorf("background sessions cannot lose the front, and none did: %+v", r)
	}
	r := rateOf(rates, "session.physical-therapy.stop")
	near(t, "bound from one session", r.AtMost,
		estimate.GammaRate{Shape: 0.5, Exposure: 1200}.Quantile(0.95), 1e-12)
	for _, o := range Observe(l, model.Default(), 0.95) {
		for _, in := range o.Incidences {
			if in.Value != 0 || in.Lower != 0 || math.Abs(in.Upper-0.975) > 1e-9 {
				t.Errorf("one session that did not end says %v of %s, want at most 97.5 %%", in, in.Outcome)
			}
		}
	}

	// Only censored sessions: the posterior of resigning is lower than its prior.
	all := read(t, plainHeader+strings.Repeat("mindfulness,20,20,completed,0.9,0.85\n", 1)+
		"mindfulness,50,50,completed,0.9,0.85\nmindfulness,55,54.9,completed,0.9,0.85\n")
	r = rateOf(Fit(all, model.Default(), RangePrior, 0.95), "session.mindfulness.resign")
	if !(r.Known && r.Interval[1] < r.Before.Quantile(0.975) &&
		r.Interval[1] > r.Before.Quantile(0.5)) {
		t.Errorf("three censored sessions: %+v", r)
	}

	// Only a refused start.
	refused := read(t, plainHeader+"mindfulness,20,0,refused,0.9,0.9\n")
	if rates := Fit(refused, model.Default(), RangePrior, 0.95); len(rates) != 0 {
		t.Errorf("no time says something of rates: %+v", rates)
	}
	o := Observe(refused, model.Default(), 0.95)[0]
	if a, err := Check(context.Background(), model.Default(), &o,
		Prediction{Device: solver.Fleet, Environment: solver.Mix,
			Reading: solver.Cautious, Paths: 64,
			Settings: solver.Settings{Workers: 1, Estimator: solver.Weights}}, 0.95); err != nil ||
		len(a.Comparisons) != 0 || !a.Agrees {
		t.Errorf("nothing to compare: %+v, %v", a, err)
	}
}

// TestObservedIncidence checks a log counted by hand: of ten sessions one fails by heat after 5
// min, one is stopped after 10, four complete at 20, and of the remaining four two resign after
// 30.
func TestObservedIncidence(t *testing.T) {
	t.Parallel()
	l := read(t, fullHeader+`mindfulness,40,5,suppressed-thermal,0.9,0.8,critical,1,1,w,1
mindfulness,40,10,stopped,0.9,0.84,nominal,0,0,w,2
mindfulness,20,20.083,completed,0.9,0.84,nominal,0,0,w,3
mindfulness,20,20.083,completed,0.9,0.84,nominal,0,0,w,4
mindfulness,20,20.083,completed,0.9,0.84,nominal,0,0,w,5
mindfulness,20,20.083,completed,0.9,0.84,nominal,0,0,w,6
mindfulness,40,30,resigned,0.9,0.84,nominal,0,0,w,7
mindfulness,40,30,resigned,0.9,0.84,nominal,0,0,w,8
mindfulness,40,40.083,completed,0.9,0.78,nominal,0,0,w,9
mindfulness,40,40.083,completed,0.9,0.78,nominal,0,0,w,10
`)
	points := curve(l.Statistics.Ends.types["mindfulness"], Groups)
	for _, c := range []struct{ minutes, fails, resigned, stopped float64 }{
		{4, 0, 0, 0}, {5, 0.1, 0, 0}, {20, 0.1, 0, 0.1}, {30, 0.1, 0.8 * 0.5, 0.1}, {40, 0.1, 0.4, 0.1},
	} {
		in := at(points, Groups, 60*c.minutes, 60*c.minutes+5.5, 0.025)
		for i, want := range []float64{c.fails, c.resigned, c.stopped} {
			if math.Abs(in[i].Value-want) > 1e-12 || !in[i].Contains(want) {
				t.Errorf("by %g min: %s %v, want %g", c.minutes, in[i].Outcome, in[i], want)
			}
		}
	}
	o := Observe(l, model.Default(), 0.95)[0]
	if o.Sessions != 10 || o.Ended[model.Completed] != 6 || o.Ended[model.Resigned] != 2 ||
		len(o.Durations) == 0 {
		t.Errorf("%+v", o)
	}
	// 6 % in 10 min, 20 min and 30 min; 12 % in 40 min.
	near(t, "median drain", o.Drain.Median, 0.06/(20.083/60), 1e-3)
	if o.Drain.Sessions != 9 {
		t.Errorf("%d sessions tell of drain, want 9: one is shorter than 10 min", o.Drain.Sessions)
	}
}

// TestCheckKnowsATrueScenarioFromAFalseOne checks logs against the scenario that made them,
// which at most one in twenty logs may contradict, and against other scenarios.
func TestCheckKnowsATrueScenarioFromAFalseOne(t *testing.T) {
	t.Parallel()
	truth := parse(t, ranged)
	w := &walk{session: truth.Session("mindfulness")}
	program, err := solver.Compile(truth, solver.Case{Session: "mindfulness", Device: solver.Fleet,
		Environment: solver.Mix, Duration: 3540})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 400 {
		w.pool = append(w.pool, program.Trace(1, uint64(i)))
	}
	p := Prediction{Device: solver.Fleet, Environment: solver.Mix, Reading: solver.Cautious,
		Paths:    2048,
		Settings: solver.Settings{Seed: 2, Workers: 2, Estimator: solver.Weights}}
	verdict := func(s *model.Scenario, l *Log) *Agreement {
		o := Observe(l, s, 0.95)[0]
		a, err := Check(context.Background(), s, &o, p, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	contradicted := 0
	const checked = 20
	for i := range checked {
		data := w.log(t, truth, uint64(i), 300, func(*sessionlog.Session) {})
		l, _ := fitLog(t, data, truth, RangePrior)
		if !verdict(truth, l).Agrees {
			contradicted++
		}
	}
	// At one in twenty, more than 4 of 20 has a probability of 0.3 %.
	if contradicted > 4 {
		t.Errorf("%d of %d logs contradict the scenario that made them", contradicted, checked)
	}
	t.Logf("%d of %d logs contradict the scenario that made them", contradicted, checked)

	l, rates := fitLog(t, w.log(t, truth, 99, 600, func(*sessionlog.Session) {}), truth, RangePrior)
	wrong := parse(t, strings.Replace(ranged, `stop = { value = "0.5 /h"`,
		`stop = { value = "1.5 /h"`, 1))
	if verdict(wrong, l).Agrees {
		t.Error("a log of 600 sessions does not tell 0.5 stops an hour from 1.5")
	}
	fitted, err := Scenario(l, wrong, rates, Laws{})
	if err != nil {
		t.Fatal(err)
	}
	if !verdict(fitted, l).Agrees {
		t.Error("the fitted scenario does not agree with the log it was fitted to")
	}
}

// TestOnlyWhatTheLogTellsIsFitted checks that a log of 1.3 h changes only those rates for which
// it has at least half of the information: the rate of stopping, whose prior has the weight of
// an hour, but not the error rate, whose prior has that of 500 hours.
func TestOnlyWhatTheLogTellsIsFitted(t *testing.T) {
	t.Parallel()
	l := read(t,
		plainHeader+"mindfulness,60,30,stopped,0.9,0.85\nmindfulness,50,50,completed,0.9,0.85\n")
	for prior, want := range map[Prior]bool{RangePrior: false, JeffreysPrior: true} {
		rates := Fit(l, model.Default(), prior, 0.95)
		stop, errors := rateOf(rates, "session.mindfulness.stop"), rateOf(rates, "policy.error_base")
		if !stop.Told || errors.Told != want {
			t.Errorf("%s: shares of the log %g and %g", prior, stop.Share, errors.Share)
		}
		fitted, err := Scenario(l, model.Default(), rates, Laws{})
		if err != nil {
			t.Fatal(err)
		}
		if p := fitted.Parameter("policy.error_base"); p.Overridden != want ||
			!fitted.Parameter("session.mindfulness.stop").Overridden {
			t.Errorf("%s: error_base is overridden: %v", prior, p.Overridden)
		}
	}
}

// TestFittedScenarios writes a fitted scenario, reads it again, and fits it again.
func TestFittedScenarios(t *testing.T) {
	t.Parallel()
	base := parse(t, "name = \"Base\"\n[[environment]]\nid = \"sun\"\nairflow = "+
		"\"still\"\nambient_mean = \"31 degC\"\n")
	l := read(t,
		plainHeader+"mindfulness,60,30,stopped,0.9,0.85\nmindfulness,50,50,completed,0.9,0.85\n")
	rates := Fit(l, base, RangePrior, 0.95)
	fitted, err := Scenario(l, base, rates, Laws{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := fitted.Write(&b); err != nil {
		t.Fatal(err)
	}
	again, err := model.Parse("fitted.toml", []byte(b.String()))
	if err != nil {
		t.Fatalf("%v\n%s", err, &b)
	}
	if again.Digest() != fitted.Digest() || again.Name != "Base, fitted" ||
		again.Environment("sun").Airflow != "still" {
		t.Errorf("another scenario is read:\n%s", &b)
	}
	p := again.Parameter("session.mindfulness.stop")
	r := rateOf(rates, p.Key)
	near(t, "value", p.Values[0], r.Mean, 1e-3)
	if p.Evidence != model.Measured ||
		p.Source != "fitted to a log (digest "+l.Digest[:8]+"): 1 event in 1.333 h of 2 sessions" ||
		p.Range[0] > r.Interval[0] || p.Range[1] < r.Interval[1] {
		t.Errorf("%+v", p)
	}

	// A second log starts from the result of the first: prior and posterior have the same central
	// 95 %, to the digits that a scenario keeps.
	second := rateOf(Fit(l, again, RangePrior, 0.95), p.Key)
	if second.Prior != RangePrior {
		t.Fatal("the range of a fitted scenario is no prior")
	}
	near(t, "prior's upper end", second.Before.Quantile(0.975), r.Interval[1], 2e-3)
	little := read(t, plainHeader+"mindfulness,5,5,completed,0.9,0.85\n")
	if more := rateOf(Fit(little, again, RangePrior, 0.95), p.Key); more.Share > 0.1 || !more.Told {
		t.Errorf("a little more is known of a measured rate: %+v", more)
	}
	if second.Interval[1]-second.Interval[0] >= r.Interval[1]-r.Interval[0] {
		t.Error("a second log does not make the rate better known")
	}
}
