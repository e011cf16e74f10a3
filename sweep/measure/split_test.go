package measure

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"budget/model"
	"budget/solver/random"
)

// TestSplitCovers simulates logs of 12 h in which an app is in front for half an hour of each
// hour and a half, with 150 mW, and in the background otherwise, with 40 mW. Health and the
// gauge's noise are drawn as the model does. Intervals hold the powers in 95 % of logs, within 4
// standard errors.
func TestSplitCovers(t *testing.T) {
	t.Parallel()
	logs := uint64(200)
	if *long {
		logs = 1000
	}
	s := model.Default()
	energy := newEnergyCurve(&s.Battery)
	cells := newCells(s, "s10-46", 0)
	truth := map[string]float64{"active": 0.15, "background": 0.04}
	held := map[string]int{}
	for n := range logs {
		e := estimation{scenario: s, cells: cells, seed: 1000}
		c := e.cell(n)
		stream := random.Stream{Key: random.NewKey(3), Path: n, Purpose: 9}
		sd := float64(s.Gauge.NoiseSD)
		decay, innovation := model.OUStep(sd, float64(s.Gauge.NoiseTau), 60)
		noise := sd * random.Normal(stream.Uniform(0))
		z := 0.98
		var b strings.Builder
		b.WriteString("time,level,state\n")
		for i := range 721 {
			state := "background"
			if i%90 < 30 {
				state = "active"
			}
			fmt.Fprintf(&b, "%d,%.2f,%s\n", 60*i, min(1, z+noise), state)
			u := (energy.at(z) - energy.at(z-0.001)) / 0.001
			z -= truth[state] * 60 / u / c.capacity
			noise = decay*noise + innovation*random.Normal(stream.Uniform(uint32(i+1)))
		}
		l, err := Read("log.csv", []byte(b.String()))
		if err != nil {
			t.Fatal(err)
		}
		states, err := l.Split(s, l.Stretches(0).Kept, "state", Question{Device: "s10-46", Seed: 7})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range states {
			if p := truth[x.Name]; x.Power.Low <= p && p <= x.Power.High {
				held[x.Name]++
			}
		}
	}
	for state := range truth {
		share := float64(held[state]) / float64(logs)
		t.Logf("%s: %d of %d logs", state, held[state], logs)
		if slack := 4 * math.Sqrt(0.95*0.05/float64(logs)); math.Abs(share-0.95) > slack {
			t.Errorf("%s: 95 %% intervals hold %.1f %% of %d powers, expected %.1f to %.1f %%", state,
				100*share, logs, 95-100*slack, 95+100*slack)
		}
	}
}

// TestSplitIsExact gives the gauge no noise and knows the cell: half a minute of rounding in a
// step of some minutes is all that is left open.
func TestSplitIsExact(t *testing.T) {
	t.Parallel()
	s := known(t)
	z := 0.9
	var b strings.Builder
	b.WriteString("time,level,screen\n")
	truth := map[string]float64{"on": 0.3, "off": 0.06}
	for i := range 300 {
		screen := []string{"on", "off"}[i/20%2]
		fmt.Fprintf(&b, "%d,%.2f,%s\n", 60*i, z, screen)
		z -= truth[screen] * 60 / (0.3 * 4 * 3600)
	}
	l, err := Read("log.csv", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	states, err := l.Split(s, l.Stretches(0).Kept, "screen",
		Question{Device: "known", Health: 1, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range states {
		if want := truth[x.Name]; math.Abs(x.Power.Middle/want-1) > 0.03 || x.Power.Low > want ||
			x.Power.High < want {
			t.Errorf("%s: got %v, expected %v W", x.Name, x.Power, want)
		}
	}
	for column, want := range map[string]string{
		"screens": `no column "screens" to split by: did you mean "screen"?`,
	} {
		if _, err := l.Split(s, l.Stretches(0).Kept, column, Question{}); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("column %s: got %v, expected %s", column, err, want)
		}
	}
}
