package measure

import (
	"errors"
	"math"
	"testing"

	"budget/model"
)

// TestSessionsOfAKnownCell: 400 sessions of 10 min, of which every second falls by 1 %, use 2 parts
// of 300 mAh at 4 V in 4000 min. The error of their sum is that of 800 rounded levels.
func TestSessionsOfAKnownCell(t *testing.T) {
	t.Parallel()
	s := known(t)
	s.Population.PowerSigma = 0
	x := Sessions{Falls: map[int64]int64{101*80 + 79: 200, 101*60 + 60: 200}, Time: 400 * 600,
		Watches: 1, Workload: "seated"}
	powers, err := x.Power(s, Question{Device: "known", Health: 1, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	const full = 0.3 * 4 * 3600 // [J]
	middle := 2 * full / x.Time
	half := 1.96 * math.Sqrt(800*0.01*0.01/12) * full / x.Time
	got := intervalOf(powers)
	for _, c := range []struct{ got, want, within float64 }{{got.Middle, middle, 0.003 * middle},
		{got.Low, middle - half, 0.04 * half}, {got.High, middle + half, 0.04 * half}} {
		if math.Abs(c.got-c.want) > c.within {
			t.Errorf("got %.5g, want %.5g", c.got, c.want)
		}
	}
	// Under Low Power Mode, in which the load is 0.55 times as much, the load is larger by that.
	x.LowPower, s.Population.LPMOnStart = 1, 1
	if powers, err = x.Power(s, Question{Device: "known", Health: 1, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	if got := intervalOf(powers).Middle; math.Abs(got*0.55/middle-1) > 0.003 {
		t.Errorf("under Low Power Mode: got %.5g, want %.5g", got, middle/0.55)
	}
	x.Falls = map[int64]int64{101*60 + 60: 3}
	if _, err = x.Power(s, Question{Device: "known", Seed: 1}); !errors.Is(err, ErrFlat) {
		t.Errorf("levels that do not fall: got %v", err)
	}
}

// TestManyWatches: watches of 200 and 400 mAh, as many of each, lose the levels of one of their
// harmonic mean, 267 mAh. The interval narrows with the root of their number, and the law of a
// few that are drawn one by one is about that of the lognormal mean.
func TestManyWatches(t *testing.T) {
	t.Parallel()
	s := known(t)
	s.Population.PowerSigma = 0
	fleet, err := model.Parse("two.toml", []byte(`shares = "given"
[[device]]
id = "half"
like = "s10-46"
capacity = "200 mAh"
weight = 1
[[device]]
id = "whole"
like = "s10-46"
capacity = "400 mAh"
weight = 1
`))
	if err != nil {
		t.Fatal(err)
	}
	s.Devices = fleet.Devices
	relative := map[float64]float64{}
	for _, watches := range []float64{single, single + 1, 3200} {
		x := Sessions{Falls: map[int64]int64{101*80 + 70: 100_000}, Time: 1e8, Watches: watches,
			Workload: "seated"}
		powers, err := x.Power(s, Question{Health: 1, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		want := 1 / ((1/0.2 + 1/0.4) / 2) * 3600 * 4 * 0.1 * 1e5 / x.Time
		got := intervalOf(powers)
		if math.Abs(got.Middle/want-1) > 0.02 {
			t.Errorf("%g watches: got %.5g, want %.5g", watches, got.Middle, want)
		}
		relative[watches] = (got.High - got.Low) / want * math.Sqrt(watches)
	}
	// 1/Q is 1 ± 1/3 of its mean.
	for watches, got := range relative {
		// Few watches of two kinds are a coarse count.
		if want := 2 * 1.96 / 3; math.Abs(got/want-1) > 0.1 {
			t.Errorf("%g watches: the interval is %.4g wide times the root, want %.4g", watches, got, want)
		}
	}
}
