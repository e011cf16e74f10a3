package choices

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"budget/plots"
	"budget/sweep"
	"budget/sweep/store"
	"budget/sweep/table"
)

// sample is a result of four designs of two knobs: cues and gate. The gate moves the cap surely,
// the cues do not.
func sample() *store.Designs {
	return &store.Designs{DesignRun: &table.DesignRun{Name: "Sitting", Tolerance: 0.01,
		Confidence: 0.95,
		Provenance: sweep.Provenance{Scenario: "Defaults", Seed: 1}, Within: 60,
		Charts: table.DesignCharts{Worth: table.MeasureCap, Minutes: table.MeasureCap,
			Knobs: []table.DesignKnob{{Name: "cues", Levels: []string{"1 min", "5 min"}},
				{Name: "gate", Levels: []string{"0 %", "20 %"}}},
			Designs: []table.Design{
				{Levels: []int{0, 0}, State: table.DesignShorter, Cap: 2400, Lower: 2340, Upper: 2460},
				{Levels: []int{0, 1}, State: table.DesignAsGood, Cap: 3560, Lower: 3500, Upper: 3590},
				{Levels: []int{1, 0}, State: table.DesignShorter, Cap: 2700, Lower: 2640, Upper: 2760},
				{Levels: []int{1, 1}, State: table.DesignChosen, Cap: 3590, Lower: 3580, Upper: 3590},
			},
			Prices: []table.DesignPrice{
				{Knob: "cues", From: "5 min", To: "1 min", Change: -30, Lower: -60, Upper: 10},
				{Knob: "gate", From: "20 %", To: "0 %", Change: -890, Lower: -950, Upper: -800},
			},
			Fronts: []table.DesignFront{
				{Aspect: "cues", More: true, Amounts: []float64{1, 1, 0.2, 0.2},
					Minutes: []float64{2400, 3560, 2700, 3590},
					Points: []table.DesignFrontPoint{
						{Design: 2, Amount: 1, Cap: 3560, Lower: 3500, Upper: 3590},
						{Design: 4, Amount: 0.2, Cap: 3590, Lower: 3580, Upper: 3590}}},
				{Aspect: "left-out", Amounts: []float64{0, 0.047, 0, 0.047},
					Minutes: []float64{2400, 3560, 2700, 3590},
					Points: []table.DesignFrontPoint{
						{Design: 3, Amount: 0, Cap: 2700, Lower: 2640, Upper: 2760},
						{Design: 4, Amount: 0.047, Cap: 3590, Lower: 3580, Upper: 3590}}},
			}}}}
}

func drawn(t *testing.T, d *store.Designs, kind plots.Kind, axes Axes) []plots.Named {
	t.Helper()
	all, err := Draw(d, kind, axes)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		var b bytes.Buffer
		if err := c.Encode(&b, "svg"); err != nil || bytes.Contains(b.Bytes(), []byte("NaN")) ||
			c.Description == "" {
			t.Errorf("%s: %v, %d bytes", c.Name, err, b.Len())
		}
	}
	return all
}

// TestTitlesFollowRules: a title calls a difference one only where intervals are apart.
func TestTitlesFollowRules(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		kind   plots.Kind
		n      int // of its charts
		change func(*table.DesignCharts)
		want   string
	}{
		{KindFront, 0, nil, "Sitting: even at 1 cue per minute the cap is within 1 min of the longest, " +
			"59 min 50 s"},
		{KindFront, 1, nil, "Sitting: the longest cap is 59 min 50 s with 4.70 % of starts below the " +
			"gate; with 0 % it is 14.8 min shorter"},
		{KindFront, 1, func(c *table.DesignCharts) { c.Fronts[1].Points[0].Upper = 3585 },
			"Sitting: the longest cap is 59 min 50 s with 4.70 % of starts below the gate; with 0 % it is " +
				"not surely shorter"},
		{KindFront, 1, func(c *table.DesignCharts) { c.Fronts[1].Points = c.Fronts[1].Points[1:] },
			"Sitting: the longest cap, 59 min 50 s, comes with the fewest starts below the gate, too: 4.70 %"},
		{KindFront, 1, func(c *table.DesignCharts) { c.Minutes = table.MeasureCompleted },
			"Sitting: the longest completed time is 59.8 min with 4.70 % of starts below the gate; " +
				"with 0 % it is 14.8 min shorter"},
		{KindPrices, 0, func(c *table.DesignCharts) { c.Worth = table.MeasureOffered },
			"Sitting: gate 0 % in place of 20 % costs 14.8 min; no other step surely changes the cap"},
		{KindKnobs, 0, func(c *table.DesignCharts) { c.Worth = table.MeasureValue },
			"Sitting: gate moves the worth from 45.0 min (0 %) to 59.8 min (20 %); cues does not surely " +
				"move it"},
		{KindPrices, 0, nil, "Sitting: gate 0 % in place of 20 % costs 14.8 min; no other step surely " +
			"changes the cap"},
		{KindPrices, 0, func(c *table.DesignCharts) { c.Prices = c.Prices[:1] },
			"Sitting: no next step of a knob surely changes the cap"},
		{KindPrices, 0, func(c *table.DesignCharts) {
			c.Prices[0] = table.DesignPrice{Knob: "gate", From: "20 %", To: "25 %", Change: 60, Lower: 50,
				Upper: 70, Breaks: true}
		}, "Sitting: gate 25 % in place of 20 % gains 1.0 min, but breaks a requirement; gate 0 % in place " +
			"of 20 % costs 14.8 min"},
		{KindKnobs, 0, func(c *table.DesignCharts) { c.Designs[1].State = table.DesignBreaks },
			"Sitting: gate moves the cap from 45 min (0 %) to 59 min 50 s (20 %); any other cues breaks a " +
				"requirement"},
		{KindKnobs, 0, nil, "Sitting: gate moves the cap from 45 min (0 %) to 59 min 50 s (20 %); cues does " +
			"not surely move it"},
		{KindKnobs, 0, func(c *table.DesignCharts) { c.Designs[1].Upper = 3570 },
			"Sitting: gate moves the cap from 45 min (0 %) to 59 min 50 s (20 %), cues by 0.5 min"},
		{KindKnobs, 0, func(c *table.DesignCharts) { c.Designs[2].Upper = 3600 },
			"Sitting: neither gate nor cues surely moves the cap"},
	} {
		d := sample()
		if x.change != nil {
			x.change(&d.Charts)
		}
		if got := drawn(t, d, x.kind, Axes{})[x.n].Title; got != x.want {
			t.Errorf("%s: %q, want %q", x.kind, got, x.want)
		}
	}
}

// TestAxes: a map is over the knobs asked for; of those that are not, over the ones that move the
// cap farthest.
func TestAxes(t *testing.T) {
	t.Parallel()
	d := sample()
	if c := drawn(t, d, KindKnobs, Axes{X: "gate", Y: "cues"}); !strings.HasPrefix(c[0].Description,
		"The cap by cues and gate") {
		t.Errorf("%s", c[0].Description)
	}
	var unfit *plots.Unfit
	for _, axes := range []Axes{{X: "joy"}, {X: "gate", Y: "gate"}} {
		if _, err := Draw(d, KindKnobs, axes); !errors.As(err, &unfit) {
			t.Errorf("%+v: %v", axes, err)
		}
	}
	d.Charts.Designs[3].State = table.DesignBreaks
	for _, i := range []int{0, 1} {
		d.Charts.Designs[i].State = table.DesignNoSamples
	}
	d.Charts.Designs[2].State = table.DesignChosen
	drawn(t, d, KindKnobs, Axes{})
}

// TestMissing: without a chosen design there is nothing to draw, and the error says so.
func TestMissing(t *testing.T) {
	t.Parallel()
	d := sample()
	d.Charts.Designs[3].State = table.DesignAsGood
	d.Charts.Fronts, d.Charts.Prices = nil, nil
	for _, kind := range Kinds() {
		var missing *plots.Missing
		if _, err := Draw(d, kind, Axes{}); !errors.As(err, &missing) || Meaning(kind) == "" {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if _, err := Draw(d, "map", Axes{}); err == nil {
		t.Error("a map of designs is drawn")
	}
}

// TestLongNames: names and levels of any length leave room for the rest.
func TestLongNames(t *testing.T) {
	t.Parallel()
	d := sample()
	c := &d.Charts
	long := strings.Repeat("a long level ", 12)
	c.Knobs[0].Name, c.Knobs[0].Levels[0] = long, long
	c.Prices[0].Knob, c.Prices[0].To = long, long
	for range 40 {
		c.Prices = append(c.Prices, c.Prices[1])
	}
	for _, kind := range Kinds() {
		for _, chart := range drawn(t, d, kind, Axes{}) {
			if _, h := chart.Size(); h > 900 {
				t.Errorf("%s is %v high", kind, h)
			}
		}
	}
}
