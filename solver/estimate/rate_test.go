package estimate

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"
	"pgregory.net/rapid"
)

// TestGammaQuantiles goes from a probability to the quantile and back. The incomplete
// gamma function and the expansion for large shapes are good to some 1e-6 of the
// standard deviation, which moves a probability by less than 1e-6.
func TestGammaQuantiles(t *testing.T) {
	t.Parallel()
	for _, shape := range []float64{0.02, 0.1, 0.5, 0.9, 1, 1.5, 7, 40, 1000, 1e6} {
		for _, p := range []float64{1e-6, 0.025, 0.3, 0.5, 0.500001, 0.7, 0.975, 1 - 1e-6} {
			g := GammaRate{shape, 3}
			x := g.Quantile(p)
			got := mathext.GammaIncReg(shape, 3*x)
			if x > 1e-300 && math.Abs(got-p) > 1e-6*min(1, 50*min(p, 1-p))+1e-12 {
				t.Errorf("shape %g: P(X <= quantile at %g) = %.9g", shape, p, got)
			}
		}
	}
	// With one event the law is exponential.
	g := GammaRate{1, 2}
	for _, p := range []float64{0.01, 0.5, 0.99} {
		near(t, "exponential quantile", g.Quantile(p), -math.Log1p(-p)/2, 1e-6)
	}
}

func TestGammaBetweenHasItsRange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		low := math.Exp(rapid.Float64Range(-15, 5).Draw(r, "log low"))
		high := low * math.Exp(rapid.Float64Range(0.01, 12).Draw(r, "log ratio"))
		alpha := rapid.Float64Range(0.001, 0.5).Draw(r, "alpha")
		g := GammaBetween(low, high, alpha)
		for p, want := range map[float64]float64{alpha / 2: low, 1 - alpha/2: high} {
			if got := g.Quantile(p); math.Abs(got-want) > 1e-6*want {
				r.Errorf("quantile at %g is %g, want %g", p, got, want)
			}
		}
	})
	g := GammaBetween(0, 0.02, 0.05)
	near(t, "upper end of a range from 0", g.Quantile(0.975), 0.02, 1e-6)
	near(t, "its shape", g.Shape, 0.5, 0)
	for _, bounds := range [][2]float64{{-1, 1}, {1, 1}, {2, 1}, {0, math.Inf(1)}, {math.NaN(), 1}} {
		panics(t, "estimate: gamma law needs 0 <= low < high < +Inf and 0 < alpha < 1",
			func() { GammaBetween(bounds[0], bounds[1], 0.05) })
	}
}

func TestGammaRateIsConjugate(t *testing.T) {
	t.Parallel()
	// The posterior's density is in proportion to prior times likelihood: their ratio does
	// not depend on the rate.
	prior, posterior := GammaRate{1.5, 4}, GammaRate{1.5, 4}.Given(3, 10)
	density := func(g GammaRate, x float64) float64 { return gammaDensity(g.Shape, g.Exposure*x) / x }
	likelihood := func(x float64) float64 { return x * x * x * math.Exp(-10*x) }
	want := density(posterior, 0.3) / (density(prior, 0.3) * likelihood(0.3))
	for _, x := range []float64{0.01, 0.1, 1, 3} {
		near(t, "posterior over prior and likelihood",
			density(posterior, x)/(density(prior, x)*likelihood(x)), want, 1e-12)
	}
	near(t, "mean", posterior.Mean(), 4.5/14, 1e-15)
	// No event: e^(−λT) alone.
	none := GammaRate{1, 0}.Given(0, 8)
	near(t, "rule of three", none.Quantile(0.95), 3/8.0, 0.002)
	if JeffreysRate().Proper() || !JeffreysRate().Given(0, 1).Proper() {
		t.Error("Jeffreys' prior becomes a law with the first exposure")
	}
	panics(t, "estimate: negative events or exposure", func() { prior.Given(-1, 1) })
	panics(t, "estimate: negative events or exposure", func() { prior.Given(1, math.NaN()) })
}

// TestFrailRateWithoutFrailty compares the grid with the conjugate law that a large
// shape tends to: its quantiles are good to 1e-3 of the standard deviation.
func TestFrailRateWithoutFrailty(t *testing.T) {
	t.Parallel()
	for _, prior := range []GammaRate{{0.5, 0}, {1.1, 5}, {30, 100}} {
		for _, events := range []int{0, 1, 12} {
			times, ended := make([]float64, 40), make([]bool, 40)
			total := 0.0
			for i := range times {
				times[i] = float64(i%7) / 3
				total += times[i]
				ended[i] = i%7 > 0 && i <= events+events/6 && i > 0
			}
			n := 0
			for _, e := range ended {
				if e {
					n++
				}
			}
			got, ok := NewFrailRate(prior, 1e7, times, ended, nil)
			if !ok {
				t.Fatal("no posterior")
			}
			want := prior.Given(n, total)
			near(t, "mean", got.Mean(), want.Mean(), 1e-4)
			sd := math.Sqrt(want.Shape) / want.Exposure
			for _, p := range []float64{0.025, 0.5, 0.95, 0.975} {
				if difference := math.Abs(got.Quantile(p) - want.Quantile(p)); difference > 1e-3*sd {
					t.Errorf("prior %v, %d events: quantile at %g is %g, want %g", prior, n, p, got.Quantile(p),
						want.Quantile(p))
				}
			}
		}
	}
}

// TestFrailRateOfOneTime has an exact answer: one event at t under a flat prior in ln ρ
// has P(ρ <= r) = rt/(a + rt) to the power 1 for a = 1.
func TestFrailRateOfOneTime(t *testing.T) {
	t.Parallel()
	// Density of ρ: (1 + ρt)^(−2) t, of which the distribution is ρt/(1 + ρt).
	r, ok := NewFrailRate(GammaRate{0, 0}, 1, []float64{2}, []bool{true}, nil)
	if !ok {
		t.Fatal("no posterior")
	}
	for _, p := range []float64{0.025, 0.3, 0.5, 0.8, 0.975} {
		near(t, "quantile", r.Quantile(p), p/(1-p)/2, 1e-3)
	}
}

func TestFrailRateWithoutALaw(t *testing.T) {
	t.Parallel()
	if _, ok := NewFrailRate(JeffreysRate(), 0.2, []float64{1, 1}, []bool{false, false}, nil); ok {
		t.Error("two censored times of shape 0.2 do not bound the rate under Jeffreys' prior")
	}
	if _, ok := NewFrailRate(JeffreysRate(), 1.5, nil, nil, nil); ok {
		t.Error("no time bounds no rate")
	}
	if r, ok := NewFrailRate(GammaRate{2, 3}, 1.5, []float64{0}, []bool{false}, nil); !ok ||
		math.Abs(r.Mean()-2.0/3) > 1e-4 {
		t.Error("a session of no length leaves the prior as it is")
	}
	panics(t, "estimate: negative time or count",
		func() { NewFrailRate(JeffreysRate(), 1, []float64{-1}, []bool{true}, nil) })
}

// TestFrailRateOfCounts counts times instead of repeating them. Sums of weights round differently.
func TestFrailRateOfCounts(t *testing.T) {
	t.Parallel()
	prior := GammaRate{0.7, 3}
	times, ended := []float64{1, 1, 1, 2.5, 2.5, 4}, []bool{true, true, false, false, false, true}
	want, _ := NewFrailRate(prior, 1.5, times, ended, nil)
	got, _ := NewFrailRate(prior, 1.5, []float64{2.5, 1, 3, 1, 4}, []bool{false, true, true, false,
		true}, []int{2, 2, 0, 1, 1})
	near(t, "mean", got.Mean(), want.Mean(), 1e-12)
	near(t, "upper bound", got.Quantile(0.975), want.Quantile(0.975), 1e-12)
}

// TestFrailRatesCover simulates 1000 samples of 150 subjects with exponential frailty, shape
// 1, whose times are censored after 1: 95 % of the intervals hold the rate, within three
// standard errors. Those that take times for exponential hardly ever do.
func TestFrailRatesCover(t *testing.T) {
	t.Parallel()
	const samples, size, rate = 1000, 150, 3.0
	uniform := uniforms(7)
	inside, naive := 0, 0
	for range samples {
		times, ended := make([]float64, size), make([]bool, size)
		total, events := 0.0, 0
		for i := range times {
			time := math.Log(uniform()) / (rate * math.Log(uniform()))
			times[i], ended[i] = min(time, 1), time < 1
			total += times[i]
			if ended[i] {
				events++
			}
		}
		r, ok := NewFrailRate(JeffreysRate(), 1, times, ended, nil)
		if !ok {
			t.Fatal("no posterior")
		}
		if r.Quantile(0.025) <= rate && rate <= r.Quantile(0.975) {
			inside++
		}
		if g := JeffreysRate().Given(events, total); g.Quantile(0.025) <= rate &&
			rate <= g.Quantile(0.975) {
			naive++
		}
	}
	if math.Abs(float64(inside)/samples-0.95) > 0.021 {
		t.Errorf("%d of %d intervals hold the rate, want 95 %%", inside, samples)
	}
	if naive > samples/10 {
		t.Errorf("%d of %d intervals without frailty hold the rate: the test tells nothing",
			naive, samples)
	}
}

// uniforms returns a source of uniform numbers, splitmix64.
func uniforms(state uint64) func() float64 {
	return func() float64 {
		state += 0x9e3779b97f4a7c15
		z := state
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return (float64((z^z>>31)>>11) + 0.5) / (1 << 53)
	}
}

// TestIncidenceIntervals checks that the intervals are Clopper and Pearson's without
// censoring, and that they have bounds where nothing has happened.
func TestIncidenceIntervals(t *testing.T) {
	t.Parallel()
	times, causes := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, []int{1, 2, 1, 2, 2, 1, 2, 2, 2, 2}
	points := AalenJohansen(times, causes, nil, 2)
	if got, want := points[5].Interval(1, 0.025, 0.025),
		ClopperPearson(3, 10, 0.025, 0.025); math.Abs(got.Lower-want.Lower) > 1e-12 ||
		math.Abs(got.Upper-want.Upper) > 1e-12 {
		t.Errorf("without censoring: got %v, want %v", got, want)
	}
	if got, want := points[0].Interval(2, 0.025, 0.025),
		ClopperPearson(0, 10, 0.025, 0.025); got != want {
		t.Errorf("no event: got %v, want %v", got, want)
	}
}

// TestIncidenceIntervalsCover simulates exponential times under exponential
// censoring: of 4000 samples of 60, at least 95 % must hold the truth, and four
// standard errors (1.4 %) are allowed for chance.
func TestIncidenceIntervalsCover(t *testing.T) {
	t.Parallel()
	const samples, size = 4000, 60
	uniform := uniforms(1)
	const rate, other, censoring, at = 0.1, 0.4, 0.7, 1.0
	truth := rate / (rate + other) * -math.Expm1(-(rate+other)*at)
	missed := 0
	for range samples {
		times, causes := make([]float64, size), make([]int, size)
		for i := range times {
			end, stop := -math.Log(uniform())/(rate+other), -math.Log(uniform())/censoring
			times[i] = min(end, stop)
			if end < stop {
				causes[i] = 2
				if uniform() < rate/(rate+other) {
					causes[i] = 1
				}
			}
		}
		var last IncidencePoint
		for _, p := range AalenJohansen(times, causes, nil, 2) {
			if p.Time <= at {
				last = p
			}
		}
		if !last.Interval(1, 0.025, 0.025).Contains(truth) {
			missed++
		}
	}
	if share := float64(missed) / samples; share > 0.05+0.014 {
		t.Errorf("%.2f %% of the intervals miss the truth, at most 5 %% may", 100*share)
	} else {
		t.Logf("%.2f %% of the intervals miss the truth", 100*share)
	}
}
