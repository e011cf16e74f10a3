package estimate

import (
	"math"
	"sort"
)

// LogGrid is the law of a positive quantity whose density is known on an even grid of its
// logarithm.
type LogGrid struct {
	log        []float64 // evenly spaced
	cumulative []float64
	mean       float64
	variance   float64 // of the logarithm
}

// fineness is the number of steps of a LogGrid between two points of the grid it is made from.
const fineness = 16

// NewLogGrid returns the law with the density exp(logDensity[i]) of ln x, up to a factor, at
// from + i·step. Between them the logarithm of the density is a cubic, so a normal law needs a
// step of at most its standard deviation. Outside the grid the density is 0. It panics with fewer
// than four points.
func NewLogGrid(from, step float64, logDensity []float64) *LogGrid {
	n := len(logDensity)
	if n < 4 {
		panic("estimate: a grid needs four points")
	}
	top := math.Inf(-1)
	for _, y := range logDensity {
		top = max(top, y)
	}
	at := func(i int, share float64) float64 {
		if share == 0 {
			return logDensity[i]
		}
		k := min(max(i-1, 0), n-4)
		t, sum := float64(i-k)+share, 0.0
		for a := range 4 {
			weight := 1.0
			for b := range 4 {
				if a != b {
					weight *= (t - float64(b)) / float64(a-b)
				}
			}
			sum += weight * logDensity[k+a]
		}
		if math.IsNaN(sum) || math.IsInf(sum, 0) { // beside a density of 0
			return (1-share)*logDensity[i] + share*logDensity[i+1]
		}
		return sum
	}
	g := &LogGrid{}
	h := step / fineness
	var before, total, first, second, moment float64
	for i := range (n-1)*fineness + 1 {
		x := from + h*float64(i)
		density := math.Exp(at(i/fineness, float64(i%fineness)/fineness) - top)
		if math.IsNaN(density) {
			density = 0
		}
		if i > 0 {
			total += h / 2 * (before + density)
		}
		moment += density * math.Exp(x)
		first += density * (x - from)
		second += density * (x - from) * (x - from)
		g.log, g.cumulative = append(g.log, x), append(g.cumulative, total)
		before = density
	}
	for i := range g.cumulative {
		g.cumulative[i] /= total
	}
	g.mean = moment * h / total
	mean := first * h / total
	g.variance = second*h/total - mean*mean
	return g
}

// Mean returns the mean of the quantity.
func (g *LogGrid) Mean() float64 { return g.mean }

// Variance returns the variance of the quantity's logarithm.
func (g *LogGrid) Variance() float64 { return g.variance }

// Quantile returns the p-quantile of the quantity, 0 < p < 1.
func (g *LogGrid) Quantile(p float64) float64 {
	i := min(max(sort.SearchFloat64s(g.cumulative, p), 1), len(g.cumulative)-1)
	left, right := g.cumulative[i-1], g.cumulative[i]
	share := 0.5
	if right > left {
		share = min(max((p-left)/(right-left), 0), 1)
	}
	return math.Exp(g.log[i-1] + share*(g.log[i]-g.log[i-1]))
}

// reachGrid and stepGrid are the half width of the grids of Marginals and their step, in
// conditional standard deviations.
const (
	reachGrid = 5.6
	stepGrid  = 0.7
)

// Marginals returns the laws of two positive quantities from the logarithm of the joint density
// of their logarithms, which has one peak.
// start is a guess of the peak, in logarithms. The density must be finite there.
func Marginals(logDensity func(x, y float64) float64, start [2]float64) (x, y *LogGrid) {
	peak, curve := climb(logDensity, start)
	// The covariance of the normal law with this curvature.
	det := curve[0]*curve[2] - curve[1]*curve[1]
	varX, cov, varY := curve[2]/det, -curve[1]/det, curve[0]/det
	marginal := func(at [2]float64, variance, slope, rest float64,
		density func(x, y float64) float64) *LogGrid {
		sd, within := math.Sqrt(variance), math.Sqrt(rest)
		n := int(math.Round(2*reachGrid/stepGrid)) + 1
		logs := make([]float64, n)
		row := make([]float64, n)
		for i := range logs {
			dx := sd * (stepGrid*float64(i) - reachGrid)
			top := math.Inf(-1)
			for j := range row {
				row[j] = density(at[0]+dx, at[1]+slope*dx+within*(stepGrid*float64(j)-reachGrid))
				top = max(top, row[j])
			}
			sum := 0.0
			for _, v := range row {
				sum += math.Exp(v - top)
			}
			logs[i] = top + math.Log(sum)
			if math.IsInf(top, -1) {
				logs[i] = top
			}
		}
		return NewLogGrid(at[0]-reachGrid*sd, stepGrid*sd, logs)
	}
	x = marginal(peak, varX, cov/varX, varY-cov*cov/varX, logDensity)
	y = marginal([2]float64{peak[1], peak[0]}, varY, cov/varY, varX-cov*cov/varY,
		func(y, x float64) float64 { return logDensity(x, y) })
	return x, y
}

// Peak returns the place near a guess where a function of two variables with one peak is greatest,
// to 1e-4, and its value there.
func Peak(f func(x, y float64) float64, start [2]float64) (at [2]float64, greatest float64) {
	at, _ = climb(f, start)
	return at, f(at[0], at[1])
}

// climb finds the peak of a function and its curvature there: minus its second derivatives xx, xy
// and yy.
func climb(f func(x, y float64) float64, at [2]float64) (peak [2]float64, curve [3]float64) {
	const h = 0.01
	for range 100 {
		x, y := at[0], at[1]
		here := f(x, y)
		east, west, north, south := f(x+h, y), f(x-h, y), f(x, y+h), f(x, y-h)
		slope := [2]float64{(east - west) / (2 * h), (north - south) / (2 * h)}
		cross := (f(x+h, y+h) - f(x+h, y-h) - f(x-h, y+h) + f(x-h, y-h)) / (4 * h * h)
		curve = [3]float64{-(east - 2*here + west) / (h * h), -cross, -(north - 2*here + south) / (h * h)}
		det := curve[0]*curve[2] - curve[1]*curve[1]
		if !(curve[0] > 0 && det > 1e-9*curve[0]*curve[2]) { // not concave here
			curve = [3]float64{max(math.Abs(curve[0]), 1), 0, max(math.Abs(curve[2]), 1)}
			det = curve[0] * curve[2]
		}
		step := [2]float64{(curve[2]*slope[0] - curve[1]*slope[1]) / det,
			(curve[0]*slope[1] - curve[1]*slope[0]) / det}
		scale := min(1, 1/math.Hypot(step[0], step[1]))
		for ; scale > 1e-6; scale /= 2 {
			if f(x+scale*step[0], y+scale*step[1]) >= here {
				break
			}
		}
		at = [2]float64{x + scale*step[0], y + scale*step[1]}
		if math.Hypot(step[0], step[1])*scale < 1e-4 {
			break
		}
	}
	return at, curve
}
