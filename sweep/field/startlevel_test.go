package field

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"budget/model"
	"budget/solver/random"
	"budget/sweep/sessionlog"
)

// exactGauge is a scenario whose gauge has no error, with start levels from 0 on.
const exactGauge = "[gauge]\nbias_sd = 0\nnoise_sd = 0\n[population]\nstart_level_min = 0\n"

// TestLevelsOfAnExactGauge: with an exact gauge P(D) is the probability of half a per cent around
// D, which for Beta(2, 1) is u² between the edges.
func TestLevelsOfAnExactGauge(t *testing.T) {
	t.Parallel()
	p := newShownLevels(parse(t, exactGauge)).probabilities(math.Log(2), 0)
	for d, got := range p {
		low, high := max(float64(d)-0.5, 0)/100, min(float64(d)+0.5, 100)/100
		near(t, fmt.Sprintf("P(%d %%)", d), got, high*high-low*low, 1e-9)
	}
}

// TestLevelsOfTheGauge integrates the levels shown over the law and the gauge's error by brute
// force, with the model's own gauge. Shapes below 1 have an infinite density at an end.
func TestLevelsOfTheGauge(t *testing.T) {
	t.Parallel()
	s := model.Default()
	shown := newShownLevels(s)
	const levels, errors = 4000, 400
	sd := math.Hypot(float64(s.Gauge.BiasSD), float64(s.Gauge.NoiseSD))
	for _, shapes := range [][2]float64{{2, 1.4}, {0.6, 0.7}, {12, 3}} {
		var want [101]float64
		table := random.NewBetaTable(shapes[0], shapes[1])
		m := float64(s.Population.StartLevelMin)
		for i := range levels {
			z := m + (1-m)*table.Quantile((float64(i)+0.5)/levels)
			for j := range errors {
				e := sd * random.Normal((float64(j)+0.5)/errors)
				want[percent(s.Gauge.DisplayedLevel(z, e))] += 1.0 / (levels * errors)
			}
		}
		sum := 0.0
		for d, got := range shown.probabilities(math.Log(shapes[0]), math.Log(shapes[1])) {
			sum += got
			if math.Abs(got-want[d]) > 2e-4 {
				t.Errorf("%v: %d %% has the probability %.6f, want %.6f", shapes, d, got, want[d])
			}
		}
		near(t, "all levels together", sum, 1, 1e-8)
	}
}

// TestLikelihoodOfStartLevels: the log likelihood of counts is that of the sum over the levels;
// multiples of 5 % alone are of a log that rounds to them.
func TestLikelihoodOfStartLevels(t *testing.T) {
	t.Parallel()
	shown := newShownLevels(parse(t, exactGauge))
	var n levelCounts
	n[50], n[51], n[90] = 2, 1, 3
	u := func(d float64) float64 { return (d / 100) * (d / 100) }
	want := 2*math.Log(u(50.5)-u(49.5)) + math.Log(u(51.5)-u(50.5)) + 3*math.Log(u(90.5)-u(89.5))
	near(t, "whole per cent", shown.logLikelihood(n, math.Log(2), 0), want, 1e-9)
	n = levelCounts{}
	want = 0
	for _, d := range []int{40, 50, 55, 60, 95} {
		n[d] = 1
		want += math.Log(u(float64(d)+2.5) - u(float64(d)-2.5))
	}
	near(t, "steps of 5 %", shown.logLikelihood(n, math.Log(2), 0), want, 1e-9)
}

// startRows are the rows of a log with start levels of a law, evenly spread over it.
func startRows(session string, alpha, beta float64, rows int) string {
	var b strings.Builder
	table := random.NewBetaTable(alpha, beta)
	for i := range rows {
		z := 0.03 + 0.97*table.Quantile((float64(i)+0.5)/float64(rows))
		fmt.Fprintf(&b, "%s,20,20,completed,%.2f,\n", session, z)
	}
	return b.String()
}

const levelHeader = "session,planned_min,actual_min,end,start_level,end_level"

// TestStartLevelsByType fits two session types with different laws, then one law in both.
func TestStartLevelsByType(t *testing.T) {
	t.Parallel()
	s := parse(t, "[gauge]\nbias_sd = 0\nnoise_sd = 0\n")
	laws := lawsOf(t, s, RangePrior, levelHeader,
		startRows("mindfulness", 2.4, 1.3, 1500)+startRows("smart-alarm", 1.6, 2.6, 1500))
	for key, want := range map[string]float64{"mindfulness.start_level_alpha": 2.4,
		"mindfulness.start_level_beta": 1.3, "smart-alarm.start_level_alpha": 1.6,
		"smart-alarm.start_level_beta": 2.6} {
		x := lawNamed(laws, "session."+key)
		if x == nil || !x.Told || math.Abs(x.Mean/want-1) > 0.03 ||
			x.Interval[0] > want || x.Interval[1] < want {
			t.Errorf("%s: got %+v, want %g", key, x, want)
		}
	}
	if len(laws.Remarks) != 1 || !strings.HasPrefix(laws.Remarks[0], "Start levels differ") {
		t.Errorf("different laws: %q", laws.Remarks)
	}
	l := &Log{Log: sessionlog.Log{File: "log.csv"}}
	fitted, err := Scenario(l, s, nil, laws)
	if err != nil {
		t.Fatal(err)
	}
	a, b := fitted.StartLevelShape(fitted.Session("mindfulness"))
	if math.Abs(a/2.4-1) > 0.03 || math.Abs(b/1.3-1) > 0.03 {
		t.Errorf("the fitted scenario has the shapes %g and %g", a, b)
	}
	if a, _ := fitted.StartLevelShape(fitted.Session("workout")); a != 2 {
		t.Errorf("a session type that is not in the log has the shape %g, want the population's", a)
	}
	laws = lawsOf(t, s, RangePrior, levelHeader,
		startRows("mindfulness", 2, 1.4, 300)+startRows("workout", 2, 1.4, 300))
	if len(laws.Remarks) != 0 {
		t.Errorf("the same law in both: %q", laws.Remarks)
	}
}

// TestFewStartLevels: a handful of levels keeps what is assumed; levels that the law cannot have
// are left out and said; a log without levels says so.
func TestFewStartLevels(t *testing.T) {
	t.Parallel()
	s := parse(t, "[gauge]\nbias_sd = 0\nnoise_sd = 0\n")
	laws := lawsOf(t, s, RangePrior, levelHeader, startRows("mindfulness", 2, 1.4, 5)+
		"mindfulness,20,0,refused,0,0\n")
	x := lawNamed(laws, "session.mindfulness.start_level_alpha")
	if x == nil || x.Told || x.Cases != 5 || x.Interval[0] > 1.6 || x.Interval[1] < 2.7 {
		t.Errorf("five levels: got %+v", x)
	}
	if len(laws.Remarks) != 1 || !strings.HasPrefix(laws.Remarks[0], "1 start of mindfulness below") {
		t.Errorf("a level of 0: %q", laws.Remarks)
	}
	laws = lawsOf(t, s, JeffreysPrior, levelHeader, startRows("mindfulness", 2, 1.4, 5))
	if why := whyMissing(laws, "session.mindfulness.start_level_alpha, "+
		"session.mindfulness.start_level_beta"); why != "only 5 starts with a level" {
		t.Errorf("five levels without a prior: %+v", laws.Missing)
	}
	laws = lawsOf(t, s, RangePrior, levelHeader, "mindfulness,20,20,completed,-1,\n")
	why := whyMissing(laws, "start_level_alpha, start_level_beta")
	if !strings.HasPrefix(why, "no row") {
		t.Errorf("no level: %+v", laws.Missing)
	}
	// Half of the watches start at 100 %: no law of the model's family has that.
	laws = lawsOf(t, s, RangePrior, levelHeader, startRows("mindfulness", 2, 1.4, 200)+
		strings.Repeat("mindfulness,20,20,completed,1,\n", 200))
	if len(laws.Remarks) != 1 || !strings.Contains(laws.Remarks[0], "do not follow") {
		t.Errorf("half at 100 %%: %q", laws.Remarks)
	}
}
