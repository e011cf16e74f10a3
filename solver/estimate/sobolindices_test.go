package estimate

import (
	"math"
	"math/rand/v2"
	"testing"
)

// sampled evaluates a function of d inputs, uniform on (0, 1), for SobolIndices, at n points
// in clusters of the given size.
func sampled(f func(x []float64) float64, d, n, each int, r *rand.Rand) (a, b []float64,
	ab [][]float64, clusters []int) {
	ab = make([][]float64, d)
	for i := range n {
		x, y := make([]float64, d), make([]float64, d)
		for j := range d {
			x[j], y[j] = r.Float64(), r.Float64()
		}
		a, b, clusters = append(a, f(x)), append(b, f(y)), append(clusters, i/each)
		for j := range d {
			own := x[j]
			x[j] = y[j]
			ab[j] = append(ab[j], f(x))
			x[j] = own
		}
	}
	return a, b, ab, clusters
}

// ishigami is sin x₁ + 7 sin² x₂ + 0.1 x₃⁴ sin x₁ for x uniform on (−π, π).
func ishigami(u []float64) float64 {
	x := func(i int) float64 { return math.Pi * (2*u[i] - 1) }
	s := math.Sin(x(1))
	return math.Sin(x(0)) + 7*s*s + 0.1*math.Pow(x(2), 4)*math.Sin(x(0))
}

// exactly are functions whose indices are known in closed form.
var exactly = map[string]struct {
	f            func([]float64) float64
	first, total []float64
}{
	"Ishigami": {ishigami, []float64{0.313905191147811, 0.442411144790041, 0},
		[]float64{0.557588855209959, 0.442411144790041, 0.243683664062148}},
	// The variance of c·x is c²/12: shares 9, 4, 1 of 14, and no interactions.
	"linear": {func(x []float64) float64 {
		return 3*x[0] - 2*x[1] + x[2]
	}, []float64{9. / 14, 4. / 14, 1. / 14}, []float64{9. / 14, 4. / 14, 1. / 14}},
	// Sobol's g function with a = 0, 1, 4.5, 9, 99, 99, 99, 99.
	"g": {func(x []float64) float64 {
		g := 1.0
		for i, a := range []float64{0, 1, 4.5, 9, 99, 99, 99, 99} {
			g *= (math.Abs(4*x[i]-2) + a) / (1 + a)
		}
		return g
	}, []float64{0.716192168879}, []float64{0.787144126659}},
	// A product of centred factors is pure interaction.
	"product": {func(x []float64) float64 {
		return (x[0] - 0.5) * (x[1] - 0.5)
	}, []float64{0, 0}, []float64{1, 1}},
}

// TestSobolIndicesOfExactFunctions counts how often the intervals contain the exact
// index.
func TestSobolIndicesOfExactFunctions(t *testing.T) {
	for name, exact := range exactly {
		const runs = 300
		d := max(len(exact.first), 3)
		if name == "g" {
			d = 8
		}
		held, asked := 0, 0
		for run := range runs {
			a, b, ab, clusters := sampled(exact.f, d, 1024, 16, rand.New(rand.NewPCG(28, uint64(run))))
			for j, index := range SobolIndices(a, b, ab, clusters, 0.025) {
				if j >= len(exact.first) {
					break
				}
				for _, c := range []struct {
					e    Estimate
					want float64
				}{{index.First, exact.first[j]}, {index.Total, exact.total[j]}} {
					asked++
					if c.e.Lower <= c.want && c.want <= c.e.Upper {
						held++
					}
				}
			}
		}
		// 95 % should contain it; four standard errors of fully dependent runs would be 5
		// %. The jackknife of 64 clusters falls short by one or two.
		if share := float64(held) / float64(asked); share < 0.92 || share > 0.985 {
			t.Errorf("%s: %.1f %% of the intervals hold what is exact, want about 95 %%", name, 100*share)
		}
	}
}

// TestSobolIndicesConverge compares the estimates with the exact values, with many
// points.
func TestSobolIndicesConverge(t *testing.T) {
	exact := exactly["Ishigami"]
	a, b, ab, clusters := sampled(exact.f, 3, 1<<17, 1<<11, rand.New(rand.NewPCG(28, 0)))
	for j, index := range SobolIndices(a, b, ab, clusters, 0.025) {
		// A standard error is near 0.004: four of them.
		if math.Abs(index.First.Value-exact.first[j]) > 0.016 ||
			math.Abs(index.Total.Value-exact.total[j]) > 0.016 {
			t.Errorf("input %d: first %.4f, total %.4f, want %.4f and %.4f",
				j, index.First.Value, index.Total.Value, exact.first[j], exact.total[j])
		}
	}
}

// TestSobolIndicesOfNothing: the indices are 0 for a constant function and for an input
// that the function does not use.
func TestSobolIndicesOfNothing(t *testing.T) {
	constant := func([]float64) float64 { return 47.5 }
	a, b, ab, clusters := sampled(constant, 2, 64, 1, rand.New(rand.NewPCG(1, 1)))
	for _, index := range SobolIndices(a, b, ab, clusters, 0.025) {
		if index != (SobolIndex{}) {
			t.Errorf("a constant has indices %+v", index)
		}
	}
	one := func(x []float64) float64 { return x[0] }
	a, b, ab, clusters = sampled(one, 2, 64, 1, rand.New(rand.NewPCG(1, 1)))
	if index := SobolIndices(a, b, ab, clusters, 0.025)[1]; index != (SobolIndex{}) {
		t.Errorf("what a function does not look at has %+v", index)
	}
	panics(t, "estimate: indices of fewer than two clusters, or samples of different sizes", func() {
		SobolIndices([]float64{1, 2}, []float64{1, 2}, nil, []int{0, 0}, 0.025)
	})
}
