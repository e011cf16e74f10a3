package solver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver/incidence"
	"budget/solver/plant"
)

// Stratum is what an app can observe when a session starts.
type Stratum struct {
	Level    int                // bin of the displayed level
	Thermal  model.ThermalLevel // at the first poll
	LowPower bool               // Low Power Mode is on before the first poll
	Class    int                // of hardware, in the order of Program.Classes
}

// Strata defines the strata and how many sessions of each to simulate.
type Strata struct {
	// Edges are the lowest displayed levels of the bins in whole per cent: 0 first, then
	// ascending. The last bin ends at 100 %.
	Edges []int
	// ByLevel lets the displayed level alone tell strata apart.
	ByLevel bool
	// Candidates is the number of sessions drawn. Quota is the largest number of paths
	// followed in a stratum. A stratum with fewer drawn sessions than replicates is not
	// simulated, since an interval would be impossible.
	Candidates, Quota int64
}

// Observed is the result of a stratum: estimates for sessions given what the app observes
// at their start.
type Observed struct {
	Stratum
	Drawn int64 // candidates in the stratum
	// Estimates of the paths followed, empty if there are too few. They have no view
	// AsUsed.
	Estimates
}

// Starts simulates sessions grouped by what an app can observe at their start. It returns
// every possible stratum, by class of hardware, Low Power Mode, thermal level and bin; the
// bin changes fastest.
//
// A candidate's stratum depends only on its session draws, so it is known without stepping.
// Candidates are independent for any Settings.Sampling. So the first Quota of a stratum's
// candidates are an independent sample of its sessions. The j-th of them belongs to replicate
// j mod 64 of the stratum.
//
// If ctx ends first, Starts returns ctx's error.
func Starts(ctx context.Context, p *Program, s Settings, q Strata) ([]Observed, error) {
	s, err := s.filled()
	if err == nil {
		err = cmp.Or(weightsOnly(s), p.ungated(),
			inRange("Strata.Candidates", q.Candidates > 0, q.Candidates, "1 or more"),
			inRange("Strata.Quota", q.Quota >= plant.Replicates && q.Quota <= MostKept, q.Quota,
				fmt.Sprintf("%d to %d", plant.Replicates, MostKept)),
			inRange("Strata.Edges", bins(q.Edges), q.Edges, "0 first, then ascending to at most 100"))
	}
	if err != nil {
		return nil, err
	}
	s.Sampling = Independent
	strata, chosen, err := p.choose(ctx, s, q)
	if err != nil {
		return nil, err
	}
	planned := int64(0)
	for _, paths := range chosen {
		planned += int64(len(paths))
	}
	s.Progress.plan(planned)

	shared := p.reader(&s) // by all strata
	for _, r := range shared.rules {
		r.Ready(Meaning)
	}
	listening := p.plant.WithNoiseFromStart()
	workers := s.Workers
	s.Workers = 1 // for each stratum; strata run in parallel
	errs := make([]error, len(strata))
	parallel.For(workers, len(strata), func(_, i int) {
		if len(chosen[i]) == 0 {
			return
		}
		sim := newSimulation(listening, &s, shared.rules, false)
		sim.chosen = chosen[i]
		if errs[i] = sim.extend(ctx, int64(len(chosen[i])), p.plant.Steps); errs[i] != nil {
			return
		}
		r := *shared
		r.open(sim.account, 0, 1)
		strata[i].Estimates = *r.estimates(1,
			func(r *incidence.Reader) Incidence { return r.Summary(nil, true) })
	})
	return strata, errors.Join(errs...)
}

func bins(edges []int) bool {
	for i, edge := range edges {
		if i > 0 && edge <= edges[i-1] || edge > 100 {
			return false
		}
	}
	return len(edges) > 0 && edges[0] == 0
}

// choose draws the candidates, counts them by stratum and returns the paths to
// follow in each, in order.
func (p *Program) choose(ctx context.Context, s Settings, q Strata) ([]Observed, [][]uint64,
	error) {
	strata := p.strata(len(q.Edges))
	chosen := make([][]uint64, len(strata))
	const block, piece = 1 << 16, 1 << 10
	found := make([]uint32, min(block, q.Candidates))
	observers := make([]func(uint64) plant.Observation, s.Workers)
	for i := range observers {
		observers[i] = p.plant.Observer(s.sampler())
	}
	for first := int64(0); first < q.Candidates; first += block {
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		found = found[:min(block, q.Candidates-first)]
		parallel.For(len(observers), (len(found)+piece-1)/piece, func(worker, n int) {
			for i := n * piece; i < min((n+1)*piece, len(found)); i++ {
				at := q.stratum(observers[worker](uint64(first) + uint64(i)))
				found[i] = uint32(at.place(len(q.Edges)))
			}
		})
		for i, place := range found {
			strata[place].Drawn++
			if int64(len(chosen[place])) < q.Quota {
				chosen[place] = append(chosen[place], uint64(first)+uint64(i))
			}
		}
	}
	for i := range chosen {
		if len(chosen[i]) < plant.Replicates {
			chosen[i] = nil
		}
	}
	return strata, chosen, nil
}

// strata lists all strata, given the number of bins, each at its place.
func (p *Program) strata(levels int) []Observed {
	strata := make([]Observed, len(p.Classes())*2*thermalLevels*levels)
	for class := range p.Classes() {
		for _, low := range []bool{false, true} {
			for thermal := model.Nominal; thermal <= model.Critical; thermal++ {
				for level := range levels {
					s := Stratum{level, thermal, low, class}
					strata[s.place(levels)].Stratum = s
				}
			}
		}
	}
	return strata
}

const thermalLevels = int(model.Critical) + 1

// place returns the index of a stratum in strata(levels).
func (s Stratum) place(levels int) int {
	mode := 2 * s.Class
	if s.LowPower {
		mode++
	}
	return (mode*thermalLevels+int(s.Thermal))*levels + s.Level
}

// stratum returns the stratum of what is observed.
func (q *Strata) stratum(o plant.Observation) Stratum {
	level, exact := slices.BinarySearch(q.Edges, o.Displayed)
	if !exact {
		level--
	}
	if q.ByLevel {
		return Stratum{Level: level}
	}
	return Stratum{level, o.Thermal, o.LowPower, o.Class}
}

// Classes returns the names of the classes of hardware of the scenario's devices;
// Stratum.Class is an index into it.
func (p *Program) Classes() []string { return p.plant.Scenario.Classes() }
