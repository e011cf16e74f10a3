package solver

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"sync"

	"budget/solver/incidence"
)

// mostTimed is the largest number of paths that are kept as timelines (package incidence). A
// path whose condition changes takes 100 bytes or more: 100 MB for workouts. The sums of a
// replicate are exact for 2^17 paths, far more than this.
const mostTimed = 1 << 18

// Summaries simulates a fixed number of paths of the programs' common plant (Program.Under)
// with the estimator Weights and passes the estimates of each program to take, in any order,
// from several goroutines. The estimates are small enough to keep thousands of them and have
// the same moments as those of Program.Estimates. Incidence.Ended is in the view AsUsed; it
// and Replicates are only for the ascending durations at [s]. The estimates of a program do
// not depend on the other programs. Paths that start below the gate count as refused in
// Estimates.Gated.Refused. Beyond a quarter of a million paths memory does not grow
// with their number. If ctx ends before all paths are done, Summaries returns ctx's error and
// does not call take.
func Summaries(ctx context.Context, programs []*Program, s Settings, paths int64, at []float64,
	take func(i int, e *Estimates)) error {
	s, err := s.filled()
	if err == nil {
		err = shareAPlant(programs)
	}
	if err == nil {
		err = cmp.Or(inRange("paths", paths > 0, paths, "1 or more"), weightsOnly(s))
	}
	if err != nil {
		return err
	}
	places, err := programs[0].places(at)
	if err != nil {
		return err
	}
	// A timeline is of one session that starts once.
	on := programs[0].plant
	timed := paths <= mostTimed && len(on.Legs) == 1 && !on.Pauses() && !on.Case.Restart
	readers, sim := together(programs, &s, timed)
	s.Progress.plan(paths)
	if err := sim.extend(ctx, paths, programs[0].plant.Steps); err != nil {
		return err
	}
	if timed {
		sideBySide(sim, readers, at, places, take)
		return nil
	}
	// Tallies need constant memory for any number of paths but more time for each
	// program.
	for i, r := range readers {
		take(i, r.summary(sim.account, at, places, s.Workers))
	}
	return nil
}

// summary reads the estimates of a summary from tallies.
func (r *reader) summary(a *incidence.Account, at []float64, places []int, workers int) *Estimates {
	r.open(a, r.first, workers)
	defer r.rules[0].Release() // the memory made for reading
	e := r.estimates(1, func(r *incidence.Reader) Incidence { return r.Summary(places) })
	e.At = at
	if e.Gated != nil {
		e.Gated.At = at
	}
	return e
}

// sideBySide reads summaries of many programs in parallel.
func sideBySide(sim *simulation, readers []*reader, at []float64, places []int,
	take func(i int, e *Estimates)) {
	of := map[int]int{} // readers by the index of their rules
	for i, r := range readers {
		for j := range r.rules {
			of[r.first+j] = i
		}
	}
	var taking sync.Mutex
	found := make([]map[int]Incidence, len(readers)) // by reader, then by rules
	sim.account.Summaries(places, spread(sim.settings.Workers), func(number int, in Incidence) {
		i := of[number]
		r := readers[i]
		taking.Lock()
		if found[i] == nil {
			found[i] = map[int]Incidence{}
		}
		found[i][number-r.first] = in
		complete := len(found[i]) == len(r.rules)
		taking.Unlock()
		if !complete {
			return
		}
		e := &Estimates{Durations: r.program.Durations(), Paths: sim.account.Paths(), Share: 1, At: at}
		for j, reading := range sim.settings.Readings {
			in := found[i][min(j, r.readings-1)]
			in.Reading = reading
			e.Readings = append(e.Readings, in)
		}
		if r.readings < len(r.rules) {
			in := found[i][r.readings]
			in.Reading = sim.settings.Readings[0]
			e.Gated = &Estimates{Durations: e.Durations, Paths: e.Paths, Share: 1, At: at,
				Readings: []Incidence{in}}
		}
		found[i] = nil // free it
		take(i, e)
	})
}

func weightsOnly(s Settings) error {
	return inRange("Settings.Estimator", s.Estimator == Weights, s.Estimator, "weights")
}

// places returns the indices of the ascending durations at [s] among the
// program's durations.
func (p *Program) places(at []float64) ([]int, error) {
	durations := p.Durations()
	var places []int
	for j, d := range at {
		i := reaching(d, durations)
		if i < 0 || math.Abs(durations[i]-d) > 1e-9*d || j > 0 && i <= places[j-1] {
			return nil, fmt.Errorf("solver: at: %g s: expected ascending multiples of %g s, up to %g s", d,
				p.plant.Step, durations[len(durations)-1])
		}
		places = append(places, i)
	}
	return places, nil
}
