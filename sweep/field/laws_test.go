package field

import (
	"reflect"
	"strings"
	"testing"

	"budget/model"
	"budget/solver/estimate"
	"budget/sweep/sessionlog"
)

// lawsOf fits a log with columns of its own.
func lawsOf(t *testing.T, s *model.Scenario, prior Prior, header, rows string) Laws {
	t.Helper()
	l, err := Read("log.csv", []byte(header+"\n"+rows), s,
		sessionlog.Options{Slack: sessionlog.DefaultSlack})
	if err != nil {
		t.Fatal(err)
	}
	return FitLaws(l, s, "", prior, 0.95)
}

func lawNamed(laws Laws, name string) *Law {
	for i := range laws.Found {
		if laws.Found[i].Name == name {
			return &laws.Found[i]
		}
	}
	return nil
}

func whyMissing(laws Laws, key string) string {
	for _, x := range laws.Missing {
		if x.Key == key {
			return x.Why
		}
	}
	return ""
}

const lpmHeader = "session,planned_min,actual_min,end,start_level,end_level,thermal,lpm"

const lpmRows = `mindfulness,20,20,completed,0.9,0.85,nominal,true
mindfulness,20,20,completed,0.9,0.85,nominal,false
mindfulness,20,0,refused,0.9,0.9,nominal,true
mindfulness,20,0,refused,0.9,0.9,critical,true
mindfulness,20,20,completed,0.9,0.85,nominal,
workout,20,0,refused,0.9,0.9,nominal,false
workout,20,20,completed,0.9,0.85,nominal,true
`

// TestLowPowerAndRefusalsByHand counts starts by hand. Jeffreys' prior with n of N is
// Beta(n + 1/2, N − n + 1/2).
func TestLowPowerAndRefusalsByHand(t *testing.T) {
	t.Parallel()
	laws := lawsOf(t, model.Default(), JeffreysPrior, lpmHeader, lpmRows)
	for _, c := range []struct {
		name          string
		events, cases int64
	}{
		{"population.lpm_on_start", 4, 6},
		{"policy.refuse_lpm", 1, 2}, // the one at a critical state is left out
		{"session.workout.refuse", 1, 1},
	} {
		x := lawNamed(laws, c.name)
		if x == nil {
			t.Errorf("no %s in %+v", c.name, laws)
			continue
		}
		want := estimate.JeffreysShare().Given(c.events, c.cases)
		if x.Events != c.events || x.Cases != c.cases || x.Mean != want.Mean() {
			t.Errorf("%s: %d of %d, mean %g; want %d of %d, %g", c.name, x.Events, x.Cases, x.Mean,
				c.events, c.cases, want.Mean())
		}
		near(t, c.name+": lower bound", x.Interval[0], want.Quantile(0.025), 1e-12)
		near(t, c.name+": upper bound", x.Interval[1], want.Quantile(0.975), 1e-12)
	}
	// The workout's own refuse_lpm is 0 and documented, and no workout was refused.
	if x := lawNamed(laws, "session.workout.refuse_lpm"); x != nil {
		t.Errorf("a refusal that does not happen is fitted: %+v", x)
	}
	if why := whyMissing(laws, "policy.refuse_critical"); !strings.HasPrefix(why, "1 start refused") {
		t.Errorf("refusals at a critical state: got %q", why)
	}
	// The range of the catalog is the prior's central 95 %, and decides here.
	laws = lawsOf(t, model.Default(), RangePrior, lpmHeader, lpmRows)
	x, before := lawNamed(laws, "policy.refuse_lpm"), estimate.BetaBetween(0.002, 0.2, 0.05)
	near(t, "mean", x.Mean, (before.A+1)/(before.A+before.B+2), 1e-12)
	near(t, "share of the log", x.Share, 2/(before.A+before.B+2), 1e-12)
	if x.Told {
		t.Errorf("two starts tell of refusals: %+v", x)
	}
}

// TestWithoutTheColumnNothingIsFitted: a log without lpm says why.
func TestWithoutTheColumnNothingIsFitted(t *testing.T) {
	t.Parallel()
	laws := lawsOf(t, model.Default(), RangePrior, strings.TrimSuffix(lpmHeader, ",thermal,lpm"),
		"mindfulness,20,20,completed,0.9,0.85\nmindfulness,20,0,refused,0.9,0.9\n")
	for _, key := range []string{"population.lpm_on_start", "policy.refuse_lpm"} {
		if why := whyMissing(laws, key); !strings.Contains(why, "column lpm") {
			t.Errorf("%s: got %q", key, why)
		}
		if x := lawNamed(laws, key); x != nil {
			t.Errorf("%s is fitted: %+v", key, x)
		}
	}
	if why := whyMissing(laws, "session.mindfulness.refuse"); !strings.HasPrefix(why,
		"1 of 2 starts refused") {
		t.Errorf("refused: got %q", why)
	}
}

// TestRefusalsOfAType: 40 of 400 starts without Low Power Mode are refused, and 19 of 100 with it:
// (1−q)(1−0.1) = 0.81, so q is about 0.1. Without lpm the types that Low Power Mode does not refuse
// are fitted all the same.
func TestRefusalsOfAType(t *testing.T) {
	t.Parallel()
	row := func(n int, end, minutes, lpm string) string {
		return strings.Repeat("mindfulness,20,"+minutes+","+end+",0.9,,nominal,"+lpm+"\n", n)
	}
	laws := lawsOf(t, model.Default(), JeffreysPrior, lpmHeader, row(40, "refused", "0", "false")+
		row(360, "completed", "20", "false")+row(19, "refused", "0", "true")+
		row(81, "completed", "20", "true"))
	near(t, "refuse", lawNamed(laws, "session.mindfulness.refuse").Mean, 40.5/401, 1e-12)
	x := lawNamed(laws, "policy.refuse_lpm")
	if near(t, "refuse_lpm", x.Median, 0.1, 0.1); x.Interval[0] > 0.03 || x.Interval[1] < 0.17 {
		t.Errorf("got %+v", x)
	}
	laws = lawsOf(t, model.Default(), RangePrior, levelHeader, strings.Repeat(
		"workout,20,0,refused,0.9,\nworkout,20,20,completed,0.9,\n", 10))
	if x := lawNamed(laws, "session.workout.refuse"); x == nil || x.Events != 10 || x.Cases != 20 ||
		!x.Told {
		t.Errorf("refusals of workouts: %+v", x)
	}
}

// TestSessionTypesMayDiffer: Low Power Mode in 50 of 100 sits and in 10 of 100 workouts.
func TestSessionTypesMayDiffer(t *testing.T) {
	t.Parallel()
	rows := strings.Repeat("mindfulness,20,20,completed,,,nominal,true\n", 50) +
		strings.Repeat("mindfulness,20,20,completed,,,nominal,false\n", 50)
	laws := lawsOf(t, model.Default(), RangePrior, lpmHeader, rows)
	if len(laws.Remarks) != 0 {
		t.Errorf("one session type differs from itself: %q", laws.Remarks)
	}
	laws = lawsOf(t, model.Default(), RangePrior, lpmHeader, rows+
		strings.Repeat("workout,20,20,completed,,,nominal,true\n", 10)+
		strings.Repeat("workout,20,20,completed,,,nominal,false\n", 90))
	if len(laws.Remarks) != 1 || !strings.Contains(laws.Remarks[0], "mindfulness 50 % of 100, "+
		"workout 10 % of 100") {
		t.Errorf("got %q", laws.Remarks)
	}
}

// TestFitAllIsBothFits: fitting rates and laws at once gives what fitting one after the other does.
func TestFitAllIsBothFits(t *testing.T) {
	t.Parallel()
	s := model.Default()
	l := &Log{Statistics: NewStatistics(s)}
	all := simulated(t, s, 150)
	for i := range all {
		l.Statistics.Add(all[i])
	}
	rates, laws := FitAll(l, s, "", RangePrior, 0.95)
	if !reflect.DeepEqual(rates, Fit(l, s, RangePrior, 0.95)) {
		t.Error("the rates differ")
	}
	if want := FitLaws(l, s, "", RangePrior, 0.95); !reflect.DeepEqual(laws, want) {
		t.Errorf("got %+v, want %+v", laws, want)
	}
}
