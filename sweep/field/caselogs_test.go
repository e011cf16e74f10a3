package field

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"budget/model"
	"budget/sweep/sessionlog"
)

// TestLawsOfLogsPeopleHad fits logs as people have them: each quantity is finite, in order and
// near what is assumed, since so few rows say little, and the counts are those of the rows.
func TestLawsOfLogsPeopleHad(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file    string
		missing []string
		cases   map[string]int64
	}{
		{"lpm.csv", []string{keyFrailty}, map[string]int64{keyLowPower: 3, "policy.refuse_lpm": 2,
			"session.mindfulness.start_level_alpha": 3, "session.mindfulness.power_scale": 1}},
		{"raw.csv", []string{keyLowPower, "policy.refuse_lpm", keyFrailty, "session.mindfulness.refuse"},
			map[string]int64{"session.mindfulness.power_scale": 4}},
		{"poweroff.csv", []string{keyLowPower, keyFrailty},
			map[string]int64{"session.workout.start_level_beta": 4, "session.workout.power_scale": 2}},
		{"slack.csv", []string{keyLowPower}, map[string]int64{"session.mindfulness.power_scale": 10}},
		{"healthkit.csv", []string{keyLowPower, keyFrailty, "start_level_alpha, start_level_beta",
			"power_scale"}, nil},
	} {
		data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "cases", "logs", c.file))
		if err != nil {
			t.Skipf("needs the logs of people beside the repository: %v", err)
		}
		s := model.Default()
		l, err := Read(c.file, data, s, sessionlog.Options{Slack: sessionlog.DefaultSlack})
		if err != nil {
			t.Fatal(err)
		}
		laws := FitLaws(l, s, "", RangePrior, 0.95)
		for key, cases := range c.cases {
			if x := lawNamed(laws, key); x == nil || x.Cases != cases {
				t.Errorf("%s: %s: got %+v, want %d cases", c.file, key, x, cases)
			}
		}
		for _, key := range c.missing {
			if whyMissing(laws, key) == "" {
				t.Errorf("%s: nothing says why %s is not fitted: %v", c.file, key, laws.Missing)
			}
		}
		for _, x := range laws.Found {
			if !(x.Interval[0] < x.Median && x.Median < x.Interval[1] && x.Interval[0] >= 0 &&
				x.Mean > x.Interval[0] && x.Mean < x.Interval[1] && !math.IsInf(x.Interval[1], 0)) || x.Told {
				t.Errorf("%s: %+v", c.file, x)
			}
		}
	}
}
