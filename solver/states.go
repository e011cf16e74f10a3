package solver

import (
	"context"
	"math"
	"slices"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver/estimate"
)

// Watched are the quantities of a watch that States tells of.
type Watched int

const (
	WatchedLevel   Watched = iota // true level
	WatchedVoltage                // [V]
	WatchedSkin                   // temperature at the node K [degC]
	WatchedBattery                // temperature at the node B [degC]
	WatchedCount
)

// StateQuantiles are the probabilities of the quantiles that States tells.
var StateQuantiles = [...]float64{0.05, 0.25, 0.5, 0.75, 0.95}

// States are what a watch goes through in the longest plan, over time.
type States struct {
	Paths int       // traced
	Times []float64 // [s], from 0
	On    []float64 // share of the paths that no threshold has ended, by time
	// Quantiles among the paths that are on: by Watched, StateQuantiles, time. NaN where
	// no path is on.
	Quantiles [WatchedCount][len(StateQuantiles)][]float64
	// Some paths as they are, by path, Watched, time; NaN once a path has ended.
	Some [][WatchedCount][]float64
}

// States traces a number of independently drawn paths (Program.Trace), and tells of
// their state at about so many times, evenly apart, with some of the paths by themselves.
// A path ends at the first threshold, as sessions do; hazards, which end sessions by
// chance, are left out. If ctx ends first, States returns its error.
func (p *Program) States(ctx context.Context, seed uint64, paths, times, some,
	workers int) (*States, error) {
	every := max(1, p.plant.Steps/max(times, 1))
	s := &States{Paths: paths}
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
			for path := range all {
				if x := all[path][w][i]; !math.IsNaN(x) {
					values = append(values, x)
				}
			}
			s.On[i] = float64(len(values)) / float64(paths)
			slices.Sort(values)
			for q, p := range StateQuantiles {
				s.Quantiles[w][q][i] = estimate.Quantile(values, p)
			}
		}
	}
	return s, nil
}

// watch traces a path and keeps its state at every so many steps.
func (p *Program) watch(seed, path uint64, every, times int) (states [WatchedCount][]float64) {
	for w := range states {
		states[w] = make([]float64, times)
		for i := range states[w] {
			states[w][i] = math.NaN()
		}
	}
	points := p.Trace(seed, path)
	if points[len(points)-1].End != model.Completed {
		points = points[:len(points)-1] // it is off at its end
	}
	for i := 0; i*every < len(points) && i < times; i++ {
		at := &points[i*every]
		states[WatchedLevel][i], states[WatchedVoltage][i] = at.Level, at.Voltage
		states[WatchedSkin][i] = at.Temperatures[model.NodeK]
		states[WatchedBattery][i] = at.Temperatures[model.NodeB]
	}
	return states
}
