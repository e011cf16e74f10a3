package field

import (
	"math"

	"budget/model"
	"budget/solver/estimate"
)

// levelCounts counts levels shown, from 0 to 100 %.
type levelCounts [101]int64

// percent returns a level in whole per cent, 0 to 100.
func percent(level float64) int { return int(math.Floor(100*level + 0.5)) }

func (n *levelCounts) add(m *levelCounts) {
	for i := range n {
		n[i] += m[i]
	}
}

func (n levelCounts) total() (sum int64) {
	for _, k := range n {
		sum += k
	}
	return sum
}

// coarse reports whether a log has its levels in steps of 5 %: five different ones would rarely be
// multiples of 5 % by chance.
func (n levelCounts) coarse() bool {
	distinct := 0
	for i, k := range n {
		switch {
		case k > 0 && i%5 != 0:
			return false
		case k > 0:
			distinct++
		}
	}
	return distinct >= 5
}

// shownLevels computes the probabilities of the levels that the gauge shows at the start, for
// laws of the true level
//
//	z = m + (1−m)·Beta(α, β),   P(D) = ∫ f(z) P(D | z) dz.
//
// A gauge with the error e shows D in whole per cent if z + e is within half a per cent of it. The
// error is normal and shrinks near empty, as in Gauge.DisplayedLevel. The integral is over
// cells of half a per cent, which the rounding of an exact gauge does not cut, with Gauss points
// in each; in the first and the last, where the density may be infinite, they have the exact
// probability of the cell.
type shownLevels struct {
	logs, others []float64    // ln u and ln(1−u) at the points, z = m + (1−m) u
	weights      []float64    // of the points, in u
	first, last  float64      // edges in u of the first and of the last cell
	given        [101]weighed // P(D | z) by D
}

// weighed are values at points from the first on.
type weighed struct {
	from   int
	values []float64
}

// The points and weights of Gauss's rule of order 4 on [−1, 1].
var (
	gaussPoints = [4]float64{-0.8611363115940526, -0.3399810435848563, 0.3399810435848563,
		0.8611363115940526}
	gaussWeights = [4]float64{0.3478548451374538, 0.6521451548625461, 0.6521451548625461,
		0.3478548451374538}
)

func newShownLevels(s *model.Scenario) *shownLevels {
	g, least := &s.Gauge, float64(s.Population.StartLevelMin)
	edges := []float64{least}
	for k := 1; k < 200; k++ {
		if z := float64(k) / 200; z > least+1e-9 {
			edges = append(edges, z)
		}
	}
	edges = append(edges, 1)
	c := &shownLevels{first: (edges[1] - least) / (1 - least),
		last: (edges[len(edges)-2] - least) / (1 - least)}
	sd := math.Hypot(float64(g.BiasSD), float64(g.NoiseSD))
	for i := range len(edges) - 1 {
		half := (edges[i+1] - edges[i]) / 2
		for j, x := range gaussPoints {
			z := edges[i] + half + half*x
			u := (z - least) / (1 - least)
			point := len(c.logs)
			c.logs, c.others = append(c.logs, math.Log(u)), append(c.others, math.Log1p(-u))
			c.weights = append(c.weights, half*gaussWeights[j]/(1-least))
			c.spread(point, z, sd*min(1, z/float64(g.Converge)))
		}
	}
	return c
}

// spread adds a point: the levels shown at a true level z with an error of standard deviation sd.
func (c *shownLevels) spread(point int, z, sd float64) {
	below := func(edge float64) float64 {
		if sd > 0 {
			return math.Erfc((z-edge)/(sd*math.Sqrt2)) / 2
		}
		if z < edge {
			return 1
		}
		return 0
	}
	for d := range c.given {
		p := 1.0
		if d < 100 {
			p = below(float64(d)/100 + 0.005)
		}
		if d > 0 {
			p -= below(float64(d)/100 - 0.005)
		}
		if p < 1e-15 {
			continue
		}
		of := &c.given[d]
		if of.values == nil {
			of.from = point
		}
		for len(of.values) < point-of.from {
			of.values = append(of.values, 0)
		}
		of.values = append(of.values, p)
	}
}

// masses returns the probabilities of the points for shapes with the given logarithms.
func (c *shownLevels) masses(logAlpha, logBeta float64) []float64 {
	a, b := math.Exp(logAlpha), math.Exp(logBeta)
	law := estimate.BetaShare{A: a, B: b}
	scale := -law.LogNorm()
	mass := make([]float64, len(c.logs))
	for i := range mass {
		mass[i] = c.weights[i] * math.Exp((a-1)*c.logs[i]+(b-1)*c.others[i]+scale)
	}
	exact := func(points []float64, want float64) {
		sum := 0.0
		for _, m := range points {
			sum += m
		}
		for i := range points {
			points[i] *= want / sum
		}
	}
	exact(mass[:len(gaussPoints)], law.Below(c.first))
	exact(mass[len(mass)-len(gaussPoints):], (estimate.BetaShare{A: b, B: a}).Below(1-c.last))
	return mass
}

// probabilities returns P(D) for shapes with the given logarithms.
func (c *shownLevels) probabilities(logAlpha, logBeta float64) (p [101]float64) {
	mass := c.masses(logAlpha, logBeta)
	for d := range p {
		p[d] = c.given[d].sum(mass)
	}
	return p
}

// sum returns the probability of the level shown.
func (w *weighed) sum(mass []float64) (p float64) {
	if len(w.values) == 0 {
		return 0
	}
	mass = mass[w.from : w.from+len(w.values)]
	for i, v := range w.values {
		p += v * mass[i]
	}
	return p
}

// logLikelihood returns the log likelihood of counts of levels shown. Counts of multiples of 5 %
// alone are of a log that rounds to these.
func (c *shownLevels) logLikelihood(n levelCounts, logAlpha, logBeta float64) float64 {
	mass, coarse, sum := c.masses(logAlpha, logBeta), n.coarse(), 0.0
	for d, k := range n {
		if k == 0 {
			continue
		}
		reach, of := 0, 0.0
		if coarse {
			reach = 2
		}
		for i := max(d-reach, 0); i <= min(d+reach, 100); i++ {
			of += c.given[i].sum(mass)
		}
		sum += float64(k) * math.Log(max(of, math.SmallestNonzeroFloat64))
	}
	return sum
}

// possible returns the counts of levels that can be shown, and the number of the others: far below
// the least start level.
func (c *shownLevels) possible(n levelCounts) (possible levelCounts, others int64) {
	for d, k := range n {
		most := 0.0
		for _, v := range c.given[d].values {
			most = max(most, v)
		}
		if most < 1e-6 {
			others += k
			continue
		}
		possible[d] = k
	}
	return possible, others
}

// likeliest returns the logarithms of the shapes with the greatest likelihood within the limits of
// the model, and its logarithm.
func (c *shownLevels) likeliest(n levelCounts) (at [2]float64, greatest float64) {
	return estimate.Peak(func(x, y float64) float64 {
		return c.logLikelihood(n, x, y) + wall(x, logLeast, logMost) + wall(y, logLeast, logMost)
	}, [2]float64{0.5, 0.5})
}

// fits returns the p-value of Pearson's chi-squared test of the law with the given shapes, in ten
// classes of about equal probability.
func (c *shownLevels) fits(n levelCounts, logAlpha, logBeta float64) float64 {
	p, total := c.probabilities(logAlpha, logBeta), float64(n.total())
	const classes = 10
	if total < 5*classes || n.coarse() {
		return 1
	}
	sum, used := 0.0, 0
	expected, seen, passed := 0.0, 0.0, 0.0
	for d, k := range n {
		expected, seen, passed = expected+p[d], seen+float64(k), passed+p[d]
		if passed >= float64(used+1)/classes-1e-9 || d == len(n)-1 {
			if expected > 0 {
				off := seen - expected*total
				sum += off * off / (expected * total)
				used++
			}
			expected, seen = 0, 0
		}
	}
	return estimate.ChiSquaredAbove(sum, max(used-3, 1))
}
