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
	// Quantiles of all paths that were on at the start: by Watched, StateQuantiles, time; NaN
	// where none was. A path that has ended counts as it was last: low ones end first, and
	// those that are left would seem to charge.
	Quantiles [WatchedCount][len(StateQuantiles)][]float64
	// Some paths as they are, by path, Watched, time; NaN once a path has ended.
	Some [][WatchedCount][]float64
	Thresholds
}

// Thresholds are what ends sessions, or makes it likely, in what States tells of.
type Thresholds struct {
	LowBattery float64    // displayed level, parts of 1
	VCut       float64    // [V]
	Levels     [3]float64 // of the node K, at which thermal levels begin [degC]
	TOff       float64    // of the node B [degC]
}

// States traces a number of independently drawn paths (Program.Trace), and tells of
// their state at about so many times, evenly apart, with some of the paths by themselves.
// A path ends at the first threshold, as sessions do; hazards, which end sessions by
// chance, are left out. If ctx ends first, States returns its error.
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
				// The last value before is that of a path that has ended.
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
