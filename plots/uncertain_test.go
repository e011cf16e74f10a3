package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"budget/plots/figure"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/uncertainty"
)

// sensitiveSample is what moves a cap of 45 min: so many quantities, each less than the one
// before; every third makes it shorter at both ends.
func sensitiveSample(n int, indices bool) uncertainty.CaseSensitivity {
	c := uncertainty.CaseSensitivity{Case: mindfulnessCase, Cap: 2700}
	around := func(x float64) estimate.Estimate {
		return estimate.Estimate{Value: x, Interval: estimate.Interval{Lower: x - 60, Upper: x + 60}}
	}
	for i := range n {
		swing := math.Floor(2700 / float64(i+1))
		q := uncertainty.Effect{Quantity: uncertainty.Quantity{Key: fmt.Sprintf("policy.quantity_%d", i),
			Evidence: "assumed"}}
		q.Low = uncertainty.Bar{Value: "0 /h", Cap: min(2700+swing/4, 3590)}
		q.High = uncertainty.Bar{Value: "1000 W/m2", Cap: 2700 - swing}
		if i%3 == 2 {
			q.Low.Cap = 2700 - swing/3
		}
		q.Low.CapChange, q.High.CapChange = around(q.Low.Cap-2700), around(q.High.Cap-2700)
		if indices {
			q.Together, q.OfCap.Total = 1, estimate.Estimate{Value: 0.6 / float64(i+1)}
		}
		c.Quantities = append(c.Quantities, q)
	}
	still := uncertainty.Effect{Quantity: uncertainty.Quantity{Key: "policy.still"}}
	still.Low.Cap, still.High.Cap = 2700, 2700
	c.Quantities = append(c.Quantities, still)
	return c
}

// uncertainSample is how caps of two session types lie.
func uncertainSample() []uncertainty.CaseSpread {
	caps := func(scale float64) (out []uncertainty.CapSpread) {
		for i, tolerance := range []float64{0.005, 0.01, 0.05} {
			at := float64(i) * scale
			c := uncertainty.CapSpread{Reading: cautious, Tolerance: tolerance, Default: 600 + 1.4*at,
				Predictive: 0.6 * at, Robust: 0.2 * at, RobustShare: 0.95}
			for k, part := range []float64{0.3, 1, 1.5} {
				c.Quantiles[k] = uncertainty.CapEstimate{Value: part * at}
			}
			out = append(out, c)
			c.Reading, c.Default = documented, 1e6
			out = append(out, c)
		}
		return out
	}
	return []uncertainty.CaseSpread{
		{Case: mindfulnessCase, Caps: caps(1500)},
		{Case: sweep.Case{Session: "workout", SessionName: "Workout (HKWorkoutSession)", Device: "fleet",
			Environment: "mix"}, Caps: caps(2000)},
	}
}

// bandSample is a band of failure curves that rises a hundredfold at the limit.
func bandSample() uncertainty.Band {
	b := uncertainty.Band{Reading: cautious}
	for i := range 30 {
		d := 180 * float64(i+1)
		p := 0.0004 * float64(i+1)
		if d >= 3600 {
			p = 0.9
		}
		b.Durations, b.Mean, b.Default = append(b.Durations, d), append(b.Mean,
			min(2*p, 0.9)), append(b.Default, p/3)
		for k, part := range []float64{0, 1, 4} {
			b.Quantiles[k] = append(b.Quantiles[k], min(part*p, 1))
		}
	}
	return b
}

// uncertainCharts are the charts of what is not known.
func uncertainCharts() map[string]func() (*figure.Chart, error) {
	return map[string]func() (*figure.Chart, error){
		"tornado": func() (*figure.Chart, error) {
			return TornadoChart(headingOf(mindfulnessCase), sensitiveSample(5, true), 0.01)
		},
		"tornado-many": func() (*figure.Chart, error) {
			return TornadoChart(headingOf(mindfulnessCase), sensitiveSample(40, false), 0.01)
		},
		"uncertainty": func() (*figure.Chart, error) {
			return UncertainCapsChart(Heading{}, uncertainSample())
		},
		"uncertainty-failure": func() (*figure.Chart, error) {
			return UncertainFailureChart(headingOf(mindfulnessCase), bandSample(), 64, []float64{0.01, 0.05})
		},
	}
}

func TestUncertainChartsSayWhatMatters(t *testing.T) {
	t.Parallel()
	for name, wants := range map[string][]string{
		"tornado": {"policy.quantity_0", "assumed", "0 /h", "1000 W/m2", "60 %", "cap as assumed",
			"documented limit", "The cap at 1 % is 45 min as assumed"},
		"tornado-many": {"14 of the 40 inputs that move the cap shown"},
		"uncertainty": {"Mindfulness", "limit 60 min", "0.5 %", "none", "10 min",
			"robust: holds for 95 % of the sets",
			"Uncertain inputs move caps most for Workout (HKWorkoutSession)"},
		"uncertainty-failure": {"as assumed", "mean of the sets: predictive", "documented limit: 60 min",
			"1 %"},
	} {
		c, err := uncertainCharts()[name]()
		if err != nil {
			t.Fatal(err)
		}
		all := strings.Join(checkTexts(t, c), "\n")
		for _, want := range wants {
			if !strings.Contains(all, want) {
				t.Errorf("%s does not say %q", name, want)
			}
		}
		if strings.Contains(all, "policy.still") {
			t.Errorf("%s shows what moves nothing", name)
		}
	}
}

func TestBadUncertain(t *testing.T) {
	t.Parallel()
	still := sensitiveSample(0, false)
	if _, err := TornadoChart(Heading{}, still, 0.01); err == nil || !strings.Contains(err.Error(),
		"nothing that was varied moves the cap") {
		t.Errorf("nothing moves: %v", err)
	}
	spoilt := sensitiveSample(2, false)
	spoilt.Quantities[1].Low.Cap = math.NaN()
	if _, err := TornadoChart(Heading{}, spoilt, 0.01); err == nil || !strings.Contains(err.Error(),
		"is NaN s, want a duration") {
		t.Errorf("no duration: %v", err)
	}
	cases := uncertainSample()
	cases[0].Caps[2].Predictive = math.Inf(-1)
	if _, err := UncertainCapsChart(Heading{}, cases); err == nil || !strings.Contains(err.Error(),
		"is -Inf s") {
		t.Errorf("no duration: %v", err)
	}
	if _, err := UncertainCapsChart(Heading{}, nil); err == nil {
		t.Error("no cases are taken")
	}
	b := bandSample()
	b.Quantiles[2] = b.Quantiles[2][1:]
	if _, err := UncertainFailureChart(Heading{}, b, 64, nil); err == nil ||
		!strings.Contains(err.Error(), "as many values") {
		t.Errorf("short band: %v", err)
	}
}

// TestFewSetsMakeNoBand: of fewer than 40 sets the least and the greatest cap are drawn, not
// quantiles, and no band of failure; the charts say so.
func TestFewSetsMakeNoBand(t *testing.T) {
	t.Parallel()
	cases := uncertainSample()[:1]
	for _, cap := range []float64{300, 1200, 1500, 2100} {
		caps := slices.Repeat([]uncertainty.CapEstimate{{Value: cap}}, len(cases[0].Caps))
		cases[0].Sets = append(cases[0].Sets, uncertainty.Set{Caps: caps})
	}
	c, err := UncertainCapsChart(Heading{}, cases)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(checkTexts(t, c), " ")
	for _, want := range []string{"Uncertain inputs move the cap of Mindfulness, from 5 min to 35 min " +
		"(at 1 %)", "4 sets are too few for 5 to 95 %"} {
		if !strings.Contains(text, want) {
			t.Errorf("the chart does not say %q: %s", want, text)
		}
	}
	for sets, band := range map[int]bool{4: false, 39: false, 40: true} {
		c, err := UncertainFailureChart(headingOf(mindfulnessCase), bandSample(), sets, nil)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(checkTexts(t, c), " ")
		if strings.Contains(text, "nine in ten") != band || strings.Contains(text, "No band: ") == band {
			t.Errorf("%d sets: %s", sets, text)
		}
	}
}
