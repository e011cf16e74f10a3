package measure

import (
	"math"
	"slices"

	"budget/model"
	"budget/solver/random"
)

// Sessions are stretches of many watches of which only levels in whole per cent at both ends are
// known.
type Sessions struct {
	// Falls counts sessions by 101 times the level at the start plus that at the end [%].
	Falls map[int64]int64
	Time  float64 // of all [s]
	// Watches is the number of watches that would say as much with the same time on each.
	Watches float64
	// LowPower is the share of the time that Low Power Mode may have been on: with the
	// scenario's probability.
	LowPower float64
	Workload string // id, for its factor under Low Power Mode
}

// single is the number of watches up to which each is drawn; the mean of more of them is
// lognormal.
const single = 32

// Power returns the mean load [W] of the middle person, as draws in ascending order. A watch w with
// the charge Q_w and a person's factor f_w loses ∫U dz in proportion to P f_w/Q_w, so that
//
//	P = Σ ∫U dz / Σ (t_w f_w/Q_w) − losses.
//
// For one watch this is the mean power of Estimate, divided by the person's factor. The error for
// no session with a fall is ErrFlat.
func (x Sessions) Power(s *model.Scenario, q Question) ([]float64, error) {
	mean, sd := x.discharge(s)
	if !(mean.energy > 0) {
		return nil, ErrFlat
	}
	fleet := newCells(s, q.Device, q.Health)
	powers := make([]float64, draws)
	population := x.population(s, &fleet, q)
	for d := range powers {
		stream := random.Stream{Key: random.NewKey(q.Seed), Path: uint64(d), Purpose: purposeGauge}
		drawn := mean
		drawn.energy = max(0, mean.energy+sd*random.Normal(stream.Uniform(0)))
		drawn.used *= drawn.energy / mean.energy
		powers[d] = drawn.power(population(uint64(d)))
	}
	slices.Sort(powers)
	return powers, nil
}

// population returns draws of the cell that stands for all watches: its charge is the harmonic
// mean of Q_w/f_w.
func (x Sessions) population(s *model.Scenario, fleet *cells, q Question) func(d uint64) cell {
	factor := s.Workload.ByID[x.Workload].LowPowerFactor(&s.Policy)
	one := func(d uint64, n uint32) (inverse, resistance float64) {
		stream := random.Stream{Key: random.NewKey(q.Seed), Path: d, Purpose: purposeCell}
		var u [cellDraws]float64
		first := n * (cellDraws + 2)
		for i := range u {
			u[i] = stream.Uniform(first + uint32(i))
		}
		c := fleet.draw(u)
		f := c.scale * math.Exp(float64(s.Population.PowerSigma)*
			random.Normal(stream.Uniform(first+cellDraws)))
		if stream.Uniform(first+cellDraws+1) < x.LowPower*float64(s.Population.LPMOnStart) {
			f *= factor
		}
		return f / c.capacity, c.resistance
	}
	if n := uint32(math.Round(max(x.Watches, 1))); n <= single {
		return func(d uint64) cell {
			inverse, resistance := 0.0, 0.0
			for i := range n {
				a, b := one(d, i)
				inverse, resistance = inverse+a/float64(n), resistance+b/float64(n)
			}
			return cell{capacity: 1 / inverse, resistance: resistance}
		}
	}
	all := make([]float64, draws)
	resistance := 0.0
	for d := range all {
		inverse, r := one(uint64(d), 0)
		all[d] = inverse
		resistance += r / draws
	}
	mean := 0.0
	for _, inverse := range all {
		mean += inverse / draws
	}
	spread := math.Sqrt(math.Log1p(variance(all) / (mean * mean) / x.Watches))
	return func(d uint64) cell {
		stream := random.Stream{Key: random.NewKey(q.Seed), Path: d, Purpose: purposeGauge}
		inverse := mean * math.Exp(spread*random.Normal(stream.Uniform(1))-spread*spread/2)
		return cell{capacity: 1 / inverse, resistance: resistance}
	}
}

// discharge returns what the sessions gave by their gauges, and the standard deviation of the
// energy: a level shown is that of the gauge within half a per cent, with the gauge's noise. The
// bias cancels between two levels.
func (x Sessions) discharge(s *model.Scenario) (mean discharge, sd float64) {
	n, starts, ends := int64(0), [101]int64{}, [101]int64{}
	for fall, k := range x.Falls {
		n += k
		starts[fall/101] += k
		ends[fall%101] += k
	}
	mean.time = x.Time
	_, innovation := model.OUStep(1, float64(s.Gauge.NoiseTau), x.Time/float64(max(n, 1)))
	// The part of the noise that differs between start and end, of each of the two.
	noise := float64(s.Gauge.NoiseSD) * innovation / math.Sqrt2
	energy := newEnergyCurve(&s.Battery)
	sum := 0.0
	for d := range starts {
		if starts[d]+ends[d] == 0 {
			continue
		}
		level, at, apart := shownLevel(&s.Gauge, energy, float64(d)/100, noise)
		k := float64(starts[d] - ends[d])
		mean.used += k * level
		mean.energy += k * at
		sum += float64(starts[d]+ends[d]) * apart
	}
	return mean, math.Sqrt(sum)
}

// shownLevel returns the means of the true level and of ∫U dz up to it where a gauge shows a
// level, and the variance of the latter by rounding and noise.
func shownLevel(g *model.Gauge, energy *energyCurve, shown, noise float64) (level, at,
	apart float64) {
	const points = 12
	square := 0.0
	middle := func(i int) float64 { return (float64(i) + 0.5) / points }
	for i := range points {
		bias := float64(g.BiasSD) * random.Normal(middle(i))
		mean, squares := 0.0, 0.0
		for j := range points {
			for k := range points {
				z := trueLevel(g, shown+0.01*(middle(j)-0.5), bias+noise*random.Normal(middle(k)))
				e := energy.at(z)
				mean, squares = mean+e/(points*points), squares+e*e/(points*points)
				level += z / (points * points * points)
			}
		}
		at += mean / points
		square += (squares - mean*mean) / points
	}
	return level, at, square
}
