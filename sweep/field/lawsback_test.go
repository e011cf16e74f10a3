package field

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"

	"budget/model"
	"budget/solver"
	"budget/solver/random"
	"budget/sweep/sessionlog"
)

// uncertain is a scenario with ranges for all that a log says besides the rates. Sessions are
// short, so that many can be simulated, and left often, so that they show the frailty. Its shape
// was measured before: then the rate of leaving is fitted for all shapes, not for one.
const uncertain = `
[[session]]
id = "self-care"
refuse = { value = 0.05, range = [0.02, 0.2] }
resign = { value = "4 /h", range = ["1 /h", "15 /h"] }
[policy]
refuse_lpm = { value = 0.1, range = [0.05, 0.5] }
[population]
lpm_on_start = { value = 0.1, range = [0.05, 0.4] }
frailty_shape = { value = 1, range = [0.3, 3], evidence = "measured" }
`

// truths draws the quantities of a scenario from their priors, and returns it with their values
// by key.
func truths(base *model.Scenario, log int) (*model.Scenario, map[string]float64) {
	stream := random.Stream{Key: random.NewKey(6), Path: uint64(log)}
	next := uint32(0)
	u := func() float64 { next++; return stream.Uniform(next - 1) }
	s, session := *base, *base.Session("self-care")
	s.Sessions = []*model.Session{&session}
	drawn := map[string]float64{}
	share := func(key string) model.Number {
		law, _ := beforeShare(RangePrior, base.Parameter(key))
		drawn[key] = law.Quantile(u())
		return model.Number(drawn[key])
	}
	rate := func(key, as string) float64 {
		law, _ := beforeRate(RangePrior, base.Parameter(key))
		drawn[as] = law.Quantile(u())
		return drawn[as]
	}
	number := func(x float64) *model.Number { n := model.Number(x); return &n }
	s.Population.LPMOnStart = share("population.lpm_on_start")
	s.Policy.RefuseLPM = share("policy.refuse_lpm")
	session.Refuse = share("session.self-care.refuse")
	session.Resign = model.Rate(rate("session.self-care.resign", "session.self-care.resign"))
	s.Population.FrailtyShape = model.Number(rate(keyFrailty, keyFrailty))
	session.StartLevelAlpha = number(rate("population.start_level_alpha",
		"session.self-care.start_level_alpha"))
	session.StartLevelBeta = number(rate("population.start_level_beta",
		"session.self-care.start_level_beta"))
	centre, variance, _ := beforeFactor(RangePrior, base.Parameter("population.power_scale"))
	scale := math.Exp(centre + math.Sqrt(variance)*random.Normal(u()))
	session.PowerScale, drawn["session.self-care.power_scale"] = number(scale), scale
	return &s, drawn
}

// messy rewrites a log as apps write it: some levels are -1 or empty, ends are raw values, starts
// are time stamps in several zones, and some rows do not know about Low Power Mode.
func messy(t *testing.T, data []byte, log int) []byte {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	place := map[string]int{}
	for i, name := range rows[0] {
		place[name] = i
	}
	raw := map[string]string{"error": "-1", "none": "0", "sessionInProgress": "1", "expired": "2",
		"resignedFrontmost": "3", "suppressedBySystem": "4"}
	stream := random.Stream{Key: random.NewKey(9), Path: uint64(log)}
	for n, row := range rows[1:] {
		u := func(i uint32) float64 { return stream.Uniform(8*uint32(n) + i) }
		for i, column := range []string{"start_level", "end_level"} {
			switch x := u(uint32(i)); {
			case x < 0.1:
				row[place[column]] = "-1"
			case x < 0.2:
				row[place[column]] = ""
			}
		}
		if u(2) < 0.1 {
			row[place["lpm"]] = ""
		}
		if value, ok := raw[row[place["end"]]]; ok {
			row[place["end"]] = value
		}
		// The same hour of the calendar in zones a quarter of a day apart.
		row[place["start"]] = fmt.Sprintf("2026-%02d-%02dT%02d:15:00%s", 1+n/672, 1+n/24%28, n%24,
			[]string{"Z", "+01:00", "-0500", "+05:30"}[int(4*u(3))])
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestLawsComeBack is the round trip of everything besides the hazards of the system. It draws
// the truth from the priors, simulates sessions on paths of the watch, and fits them, once as the
// log is and once as apps write logs. If the likelihoods are right, 95 % of the intervals of
// every quantity contain the truth.
func TestLawsComeBack(t *testing.T) {
	t.Parallel()
	n, sessions, tolerance := 12, 80, 0.26 // four standard errors
	if *long {
		n, sessions, tolerance = 1000, 250, 0.02
	}
	base := parse(t, uncertain)
	kinds := []string{"clean", "messy"}
	inside, of := [2]coverage{newCoverage(), newCoverage()}, []string(nil)
	var lock sync.Mutex
	var workers sync.WaitGroup
	for worker := range 2 {
		workers.Go(func() {
			for i := worker; i < n; i += 2 {
				seed := 5000 + i
				truth, drawn := truths(base, seed)
				var b bytes.Buffer
				c := solver.Case{Session: "self-care", Device: solver.Fleet, Environment: solver.Mix}
				if err := WriteLog(context.Background(), &b, truth, []solver.Case{c}, uint64(seed), sessions,
					true); err != nil {
					t.Error(err)
					return
				}
				for k, data := range [][]byte{b.Bytes(), messy(t, b.Bytes(), seed)} {
					l, err := Read("log.csv", data, base, sessionlog.Options{Slack: sessionlog.DefaultSlack})
					if err != nil || l.LeftOut() > 0 && k == 0 {
						t.Error(err, l.Remarks)
						return
					}
					rates := Fit(l, base, RangePrior, 0.95)
					for _, x := range FitLaws(l, base, "", RangePrior, 0.95).Found {
						rates = append(rates, Rate{Key: x.Key, Known: true, Interval: x.Interval})
					}
					lock.Lock()
					inside[k].addKnown(rates, drawn)
					lock.Unlock()
				}
				lock.Lock()
				of = of[:0]
				for key := range drawn {
					of = append(of, key)
				}
				lock.Unlock()
			}
		})
	}
	workers.Wait()
	for _, key := range of {
		for k, c := range inside {
			share := float64(c.inside[key]) / float64(c.of[key])
			t.Logf("%-36s %s: %.1f %% of %d intervals hold the truth", key, kinds[k], 100*share, c.of[key])
			if c.of[key] < n*9/10 || math.Abs(share-0.95) > tolerance {
				t.Errorf("%s, %s logs: %.1f %% of %d intervals hold the truth, want 95 %% within %.1f",
					key, kinds[k], 100*share, c.of[key], 100*tolerance)
			}
		}
	}
}

// addKnown counts the intervals of quantities whose truth is known.
func (c coverage) addKnown(rates []Rate, truth map[string]float64) {
	var known []Rate
	for _, r := range rates {
		if _, ok := truth[r.Key]; ok {
			known = append(known, r)
		}
	}
	c.add(known, truth)
}

// TestMessyLogsSayTheSame: what only looks different says the same, apart from what is missing.
func TestMessyLogsSayTheSame(t *testing.T) {
	t.Parallel()
	s := parse(t, uncertain)
	var b bytes.Buffer
	c := solver.Case{Session: "self-care", Device: solver.Fleet, Environment: solver.Mix}
	if err := WriteLog(context.Background(), &b, s, []solver.Case{c}, 3, 200, true); err != nil {
		t.Fatal(err)
	}
	data := messy(t, b.Bytes(), 1)
	for _, part := range []string{",-1,", ",3,", "+05:30", "Z\n"} {
		if !strings.Contains(string(data), part) {
			t.Errorf("the log has no %q", part)
		}
	}
	clean, err := Read("log.csv", b.Bytes(), s, sessionlog.Options{Slack: sessionlog.DefaultSlack})
	if err != nil {
		t.Fatal(err)
	}
	l, err := Read("log.csv", data, s, sessionlog.Options{Slack: sessionlog.DefaultSlack})
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range clean.Sessions {
		if y := l.Sessions[i]; y.Cause != x.Cause && !math.IsNaN(y.End) || y.Actual != x.Actual {
			t.Errorf("row %d ended by %v after %g s, want %v after %g s", i+2, y.Cause, y.Actual, x.Cause,
				x.Actual)
		}
	}
}
