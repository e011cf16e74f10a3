package measure

import (
	"errors"
	"math"
	"slices"

	"budget/model"
	"budget/solver/random"
)

// Question says whose battery a log is of and how to estimate.
type Question struct {
	Device string  // id, or "" for one of the fleet
	Health float64 // 0 to 1; 0 is unknown
	Seed   uint64
}

// Load is what a watch used on average.
type Load struct {
	Power Interval // [W]
	// Rate is the median of the share of the battery used in a second [1/s].
	Rate float64
	// Time [s] and Used, the part of the battery shown as used in it.
	Time, Used float64
	// CellShare is the part of the variance that the cell's capacity and health cause, 0 to 1.
	// The gauge causes the rest.
	CellShare float64
	// Known is how far the interval would reach below and above, as parts of the power, if
	// capacity and health were known.
	Known [2]float64
}

// Interval is a median with the 2.5 % and 97.5 % quantiles of the draws.
type Interval struct{ Middle, Low, High float64 }

// draws is the number of draws. The ends of the interval then have a standard error of a
// hundredth of its width.
const draws = 4096

// Purposes of the random numbers.
const (
	purposeCell uint32 = iota + 1
	purposeGauge
	purposeSplit
)

// ErrFlat is the error for levels that do not fall.
var ErrFlat = errors.New("the level does not fall where the watch discharges")

// Estimate returns the mean power in stretches of a log. For each draw d of a cell with the
// charge Q_d when full, and of the gauge's error at both ends of each stretch,
//
//	P_d = Q_d Σ ∫U dz / Σ t − R_d I_d²
//
// The mean is over the time of the stretches; a long one goes from its first step to its last.
func (l *Log) Estimate(s *model.Scenario, kept []Stretch, q Question) (Load, error) {
	return estimate(s, l.pieces(kept), nil, q)
}

// Of returns the mean power at which a battery falls by a share of whole per cent in a time [s].
// start is the level at the start, NaN for one of the scenario's law.
func Of(s *model.Scenario, fall, time, start float64, q Question) (Load, error) {
	const step = 0.01
	p := piece{anchor{0, 0, start, step / 2}, anchor{time, time, start - fall, step / 2}}
	if !math.IsNaN(start) {
		return estimate(s, []piece{p}, nil, q)
	}
	law := startLaw(s, fall)
	return estimate(s, []piece{p}, &law, q)
}

// starts are levels to start from, for a fall that must end above empty.
type starts struct {
	quantile    *random.BetaTable
	least, fall float64
}

func startLaw(s *model.Scenario, fall float64) starts {
	p := &s.Population
	return starts{random.NewBetaTable(float64(p.StartLevelAlpha), float64(p.StartLevelBeta)),
		float64(p.StartLevelMin), fall}
}

// at returns the level with a uniform number, at least the fall.
func (x *starts) at(u float64) float64 {
	return max(x.least+(1-x.least)*x.quantile.Quantile(u), x.fall)
}

func estimate(s *model.Scenario, pieces []piece, law *starts, q Question) (Load, error) {
	fall := 0.0
	for _, p := range pieces {
		fall += p.start.level - p.end.level
	}
	if law != nil {
		fall = law.fall
	}
	if len(pieces) == 0 || fall <= 1e-9 {
		return Load{}, ErrFlat
	}
	e := &estimation{scenario: s, pieces: pieces, law: law, seed: q.Seed,
		cells: newCells(s, q.Device, q.Health), energy: newEnergyCurve(&s.Battery)}
	typical, shown := e.cells.typical(), e.gauge(0, false)
	var all, cellOnly, gaugeOnly, rates []float64
	for d := range uint64(draws) {
		cell, drawn := e.cell(d), e.gauge(d, true)
		all = append(all, drawn.power(cell))
		cellOnly = append(cellOnly, shown.power(cell))
		gaugeOnly = append(gaugeOnly, drawn.power(typical))
		rates = append(rates, drawn.used/drawn.time)
	}
	load := Load{Power: intervalOf(all), Rate: intervalOf(rates).Middle, Used: fall}
	for _, p := range pieces {
		load.Time += p.end.middle() - p.start.middle()
	}
	cellPart, gaugePart := variance(cellOnly), variance(gaugeOnly)
	load.CellShare = cellPart / (cellPart + gaugePart)
	known := intervalOf(gaugeOnly)
	load.Known = [2]float64{known.Low/known.Middle - 1, known.High/known.Middle - 1}
	return load, nil
}

func (a anchor) middle() float64 { return (a.from + a.to) / 2 }

// estimation draws mean powers.
type estimation struct {
	scenario *model.Scenario
	pieces   []piece
	law      *starts
	seed     uint64
	cells    cells
	energy   *energyCurve
}

func (e *estimation) cell(d uint64) cell {
	stream := random.Stream{Key: random.NewKey(e.seed), Path: d, Purpose: purposeCell}
	var u [cellDraws]float64
	for i := range u {
		u[i] = stream.Uniform(uint32(i))
	}
	return e.cells.draw(u)
}

// discharge is what a battery gave by its gauge.
type discharge struct {
	energy float64 // ∫U dz [V]
	used   float64 // part of the battery
	time   float64 // [s]
}

// power returns the mean power [W] of a discharge of a cell.
func (x discharge) power(c cell) float64 {
	current := c.capacity * x.used / x.time
	return max(0, c.capacity*x.energy/x.time-current*current*c.resistance)
}

// gauge returns the discharge with draw d of the gauge's errors, or as shown, at the middle of
// the time of each anchor.
func (e *estimation) gauge(d uint64, errors bool) discharge {
	g := &e.scenario.Gauge
	stream := random.Stream{Key: random.NewKey(e.seed), Path: d, Purpose: purposeGauge}
	next := uint32(0)
	uniform := func() float64 {
		next++
		if !errors {
			return 0.5
		}
		return stream.Uniform(next - 1)
	}
	bias := float64(g.BiasSD) * random.Normal(uniform())
	shift := 0.0
	if e.law != nil {
		shift = e.law.at(uniform())
	}
	var sum discharge
	for _, p := range e.pieces {
		if e.law != nil {
			p.start.level, p.end.level = shift, shift-e.law.fall
		}
		at := func(a anchor) float64 { return a.from + uniform()*(a.to-a.from) }
		t0, t1 := at(p.start), at(p.end)
		decay, innovation := model.OUStep(float64(g.NoiseSD), float64(g.NoiseTau), t1-t0)
		n0 := float64(g.NoiseSD) * random.Normal(uniform())
		n1 := decay*n0 + innovation*random.Normal(uniform())
		z0 := trueLevel(g, p.start.level+p.start.rounding*(2*uniform()-1), bias+n0)
		z1 := trueLevel(g, p.end.level+p.end.rounding*(2*uniform()-1), bias+n1)
		sum.energy += e.energy.at(z0) - e.energy.at(z1)
		sum.used += z0 - z1
		sum.time += t1 - t0
	}
	sum.used = max(0, sum.used)
	return sum
}

// intervalOf returns the median and the 95 % interval of draws.
func intervalOf(x []float64) Interval {
	x = slices.Sorted(slices.Values(x))
	at := func(p float64) float64 {
		i := p * float64(len(x)-1)
		k := min(int(i), len(x)-2)
		return x[k] + (i-float64(k))*(x[k+1]-x[k])
	}
	return Interval{at(0.5), at(0.025), at(0.975)}
}

func variance(x []float64) float64 {
	mean, sum := 0.0, 0.0
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		sum += (v - mean) * (v - mean)
	}
	return sum / float64(len(x)-1)
}
