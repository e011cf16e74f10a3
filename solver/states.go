package solver

import (
	"context"
	"math"
	"slices"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver/estimate"
)

// Watched are the quantities of a watch that States records.
type Watched int

const (
	WatchedLevel   Watched = iota // true level
	WatchedVoltage                // [V]
	WatchedSkin                   // temperature at the node K [degC]
	WatchedBattery                // temperature at the node B [degC]
	WatchedCount
)

// StateQuantiles are the probabilities of the quantiles in States.
var StateQuantiles = [...]float64{0.05, 0.25, 0.5, 0.75, 0.95}

// States are the quantities of the watch over time, up to the longest session.
type States struct {
	Paths int       // traced
	Times []float64 // [s], from 0
	On    []float64 // share of the paths that no threshold has ended, by time index
	// Quantiles of all paths that were on at the start: by Watched, StateQuantiles, time; NaN
	// if there were none. An ended path keeps counting with its last value: low batteries end
	// first, and the remaining ones alone would seem to charge.
	Quantiles [WatchedCount][len(StateQuantiles)][]float64
	// Some single paths, by path, Watched, time; NaN once a path has ended.
	Some [][WatchedCount][]float64
	Thresholds
}

// Thresholds are the values of the watched quantities at which sessions end or
// become likely to end.
type Thresholds struct {
	LowBattery float64    // displayed level, parts of 1
	VCut       float64    // [V]
	Levels     [3]float64 // of the node K, at which thermal levels begin [degC]
	TOff       float64    // of the node B [degC]
}

// States traces a number of independent paths (Program.Trace) and returns their state at
// about the given number of evenly spaced times, and the first some paths singly. A path
// ends at the first threshold. Hazards, which end sessions at random, are ignored. If ctx
// ends first, States returns ctx's error.
func (p *Program) States(ctx context.Context, seed uint64, paths, times, some,
	workers int) (*States, error) {
	every := max(1, p.plant.Steps/max(times, 1))
	s := &States{Paths: paths, Thresholds: p.thresholds()}
	for k := 0; k <= p.plant.Steps; k += every {
		s.Times = append(s.Times, float64(k)*p.plant.Step)
	}
	all := make([][WatchedCount][]float64, paths)
	parallel.For(workers, paths, func(_, path int) {
		if ctx.Err() == nil {
			all[path] = p.watch(seed, uint64(path), every, len(s.Times))
		}
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	s.Some = all[:min(some, paths)]
	s.On = make([]float64, len(s.Times))
	values := make([]float64, 0, paths)
	for w := range s.Quantiles {
		for q := range s.Quantiles[w] {
			s.Quantiles[w][q] = make([]float64, len(s.Times))
		}
		for i := range s.Times {
			values = values[:0]
			on := 0
			for path := range all {
				x := all[path][w]
				if !math.IsNaN(x[i]) {
					on++
				}
				// An ended path keeps its last value.
				last := i
				for last > 0 && math.IsNaN(x[last]) {
					last--
				}
				if !math.IsNaN(x[last]) {
					values = append(values, x[last])
				}
			}
			s.On[i] = float64(on) / float64(paths)
			slices.Sort(values)
			for q, p := range StateQuantiles {
				s.Quantiles[w][q][i] = estimate.Quantile(values, p)
			}
		}
	}
	return s, nil
}

func (p *Program) thresholds() Thresholds {
	s := p.plant.Scenario
	t := Thresholds{LowBattery: float64(s.Policy.LowBattery), VCut: float64(s.Battery.VCut),
		TOff: float64(s.Thermal.TOff)}
	for i, level := range s.Policy.Levels {
		t.Levels[i] = float64(level)
	}
	return t
}

// watch traces a path and returns its state at every every-th step.
func (p *Program) watch(seed, path uint64, every, times int) (states [WatchedCount][]float64) {
	for w := range states {
		states[w] = make([]float64, times)
		for i := range states[w] {
			states[w][i] = math.NaN()
		}
	}
	points := p.Trace(seed, path)
	if points[len(points)-1].End != model.Completed {
		points = points[:len(points)-1] // the watch is off at the last point
	}
	for i := 0; i*every < len(points) && i < times; i++ {
		at := &points[i*every]
		states[WatchedLevel][i], states[WatchedVoltage][i] = at.Level, at.Voltage
		states[WatchedSkin][i] = at.Temperatures[model.NodeK]
		states[WatchedBattery][i] = at.Temperatures[model.NodeB]
	}
	return states
}
