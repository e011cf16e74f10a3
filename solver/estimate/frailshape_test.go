package estimate

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestFrailShapeIsTheDoubleIntegral compares shape and rate with sums over a fine grid of both.
func TestFrailShapeIsTheDoubleIntegral(t *testing.T) {
	t.Parallel()
	sample := FrailSample{Prior: GammaRate{2, 1}, Times: []FrailTime{{0.1, 4, 0}, {0.5, 3, 2},
		{1, 2, 3}, {3, 3, 2}, {8, 1, 6}}}
	prior := func(x float64) float64 { return -(x - 0.4) * (x - 0.4) / 2 }
	low, high := -5.0, 6.0
	got := NewFrailShape([]FrailSample{sample}, prior, low, high, 1)
	// Sums over a grid, without any of the code above.
	var total float64
	var shapes, rates [400]float64
	at := func(i int) float64 { return low + (high-low)*float64(i)/399 }
	rateAt := func(i int) float64 { return -6 + 10*float64(i)/399 }
	for i := range shapes {
		a := math.Exp(at(i))
		for j := range rates {
			rho := math.Exp(rateAt(j))
			density := math.Exp(prior(at(i))) * rho * rho * math.Exp(-rho)
			for _, x := range sample.Times {
				density *= math.Pow(rho*math.Pow(1+rho*x.Time/a, -a-1), float64(x.Ended)) *
					math.Pow(1+rho*x.Time/a, -a*float64(x.Censored))
			}
			shapes[i] += density
			rates[j] += density
			total += density
		}
	}
	quantile := func(of []float64, at func(int) float64, p float64) float64 {
		sum := 0.0
		for i, v := range of {
			if sum += v / total; sum >= p {
				return at(i) - (sum-p)/(v/total)*(at(1)-at(0)) + (at(1)-at(0))/2
			}
		}
		return math.NaN()
	}
	for _, p := range []float64{0.025, 0.5, 0.975} {
		for _, c := range []struct{ got, want float64 }{
			{got.Shape().Quantile(p), quantile(shapes[:], at, p)},
			{got.Rate(0).Quantile(p), quantile(rates[:], rateAt, p)},
		} {
			if math.Abs(math.Log(c.got)-c.want) > 0.01 {
				t.Errorf("the %g-quantile is e^%.4f, want e^%.4f", p, math.Log(c.got), c.want)
			}
		}
	}
}

// TestFrailShapeComesBack draws shapes and rates from their priors and many times each. If the
// posterior is right, 95 % of the intervals contain the truth: within four standard errors.
func TestFrailShapeComesBack(t *testing.T) {
	t.Parallel()
	const logs, subjects = 60, 120
	shapePrior, ratePrior := GammaBetween(0.2, 12, 0.05), GammaRate{4, 4}
	inside := [2]int{}
	for i := range logs {
		draws := rand.New(rand.NewPCG(8, uint64(i)))
		a, rho := shapePrior.Quantile(draws.Float64()), ratePrior.Quantile(draws.Float64())
		sample := FrailSample{Prior: ratePrior}
		for range subjects {
			frailty := GammaRate{a, a}.Quantile(draws.Float64())
			time := draws.ExpFloat64() / (rho * frailty)
			x := FrailTime{Time: time, Ended: 1}
			if end := 4 * draws.Float64(); time > end {
				x = FrailTime{Time: end, Censored: 1}
			}
			sample.Times = append(sample.Times, x)
		}
		got := NewFrailShape([]FrailSample{sample}, func(x float64) float64 {
			return shapePrior.Shape*x - shapePrior.Exposure*math.Exp(x)
		}, math.Log(1e-3), math.Log(100), 2)
		for j, c := range []struct {
			law   *LogGrid
			truth float64
		}{{got.Shape(), a}, {got.Rate(0), rho}} {
			if c.law.Quantile(0.025) <= c.truth && c.truth <= c.law.Quantile(0.975) {
				inside[j]++
			}
		}
	}
	for j, what := range []string{"shape", "rate"} {
		share := float64(inside[j]) / logs
		t.Logf("%s: %.1f %% of the intervals contain the truth", what, 100*share)
		if math.Abs(share-0.95) > 4*math.Sqrt(0.95*0.05/logs) {
			t.Errorf("%s: %.1f %% of the intervals contain the truth, want 95 %%", what, 100*share)
		}
	}
}

// TestLog1p compares the short way with the library, to the last bit, on both sides of its limits.
func TestLog1p(t *testing.T) {
	t.Parallel()
	draws := rand.New(rand.NewPCG(4, 9))
	values := []float64{0, 1e-300, 0x1p-29, math.Nextafter(0x1p-29, 0), math.Sqrt2 - 1,
		math.Nextafter(math.Sqrt2-1, 0), math.Nextafter(math.Sqrt2-1, 1), 1, 1e9}
	for range 100_000 {
		values = append(values, math.Exp(-25+30*draws.Float64()))
	}
	for _, y := range values {
		if got, want := log1p(y), math.Log1p(y); got != want {
			t.Fatalf("%v: %v, want %v", y, got, want)
		}
	}
}
