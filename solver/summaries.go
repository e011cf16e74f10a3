package solver

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"sync"

	"budget/solver/incidence"
)

// MostKept is the largest number of paths of which summaries keep all histories. A path whose
// condition changes takes 100 bytes or more: 100 MB for workouts. The sums of a replicate are exact
// for 2^17 paths, far more than this.
const MostKept = 1 << 18

// Summaries simulates a fixed number of paths of the programs' common plant (Program.Under)
// with the estimator Weights and passes the estimates of each program to take, in any order,
// from several goroutines. The estimates are small enough to keep thousands of them and have
// the same moments as those of Program.Estimates. Incidence.Ended is in the view AsUsed; it
// and Replicates are only for the ascending durations at [s]. The estimates of a program do
// not depend on the other programs. Paths that start below the gate count as refused in
// Estimates.Gated.Refused. Beyond a quarter of a million paths memory does not grow
// with their number. If ctx ends first, Summaries returns ctx's error and may have passed some
// estimates to take, which are those of all paths.
func Summaries(ctx context.Context, programs []*Program, s Settings, paths int64, at []float64,
	take func(i int, e *Estimates)) error {
	g, err := Grow(programs, s, paths, at)
	if err != nil {
		return err
	}
	g.last = true
	return g.Summaries(ctx, indices(programs), paths, g.sim.settings.Workers, take)
}

func indices(programs []*Program) []int {
	all := make([]int, len(programs))
	for i := range all {
		all[i] = i
	}
	return all
}

// Growing are the paths of programs that share a plant, to which more can be added.
type Growing struct {
	sim     *simulation
	readers []*reader
	at      []float64
	places  []int
	timed   bool // histories are kept, as timelines need
	last    bool // histories are freed when they are read
}

// Grow prepares summaries of a growing number of paths, up to most. The other arguments are
// those of Summaries. Up to a quarter of a million paths memory grows with their number: a path
// takes about 100 bytes, and a few times as much if its condition changes often.
func Grow(programs []*Program, s Settings, most int64, at []float64) (*Growing, error) {
	s, err := s.filled()
	if err == nil {
		err = shareAPlant(programs)
	}
	if err == nil {
		err = cmp.Or(inRange("paths", most > 0, most, "1 or more"), weightsOnly(s))
	}
	if err != nil {
		return nil, err
	}
	g := &Growing{at: at, timed: most <= MostKept && programs[0].hasTimelines()}
	if g.places, err = programs[0].places(at); err != nil {
		return nil, err
	}
	g.readers, g.sim = together(programs, &s, g.timed)
	return g, nil
}

// hasTimelines reports whether a timeline (package incidence) can hold the program's paths: it is
// of one session that starts once.
func (p *Program) hasTimelines() bool {
	return len(p.plant.Legs) == 1 && !p.plant.Pauses() && !p.plant.Case.Restart
}

// Paths returns the number of paths simulated so far.
func (g *Growing) Paths() int64 { return g.sim.paths }

// Summaries adds paths up to the given total, unless there are as many, and passes the
// estimates from all paths of some of the programs to take, as the function Summaries does and
// with the same bytes. After an error nothing can be added any more.
func (g *Growing) Summaries(ctx context.Context, programs []int, paths int64, workers int,
	take func(i int, e *Estimates)) error {
	settings := g.sim.settings
	settings.Workers = workers
	if more := paths - g.sim.paths; more > 0 {
		settings.Progress.plan(paths)
		if err := g.sim.extend(ctx, paths, g.sim.plant.Steps); err != nil {
			return err
		}
	}
	if g.timed {
		g.sideBySide(ctx, programs, take)
		return ctx.Err()
	}
	// Tallies need constant memory for any number of paths but more time for each
	// program.
	for _, i := range programs {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		take(i, g.readers[i].summary(g.sim.account, g.at, g.places, settings.Workers))
	}
	return nil
}

// summary reads the estimates of a summary from tallies.
func (r *reader) summary(a *incidence.Account, at []float64, places []int, workers int) *Estimates {
	r.open(a, r.first, workers)
	defer r.rules[0].Release() // the memory made for reading
	ends := !r.settings.FailuresOnly
	e := r.estimates(1, func(r *incidence.Reader) Incidence { return r.Summary(places, ends) })
	e.At = at
	if e.Gated != nil {
		e.Gated.At = at
	}
	return e
}

// sideBySide reads summaries of some programs in parallel, until ctx ends.
func (g *Growing) sideBySide(ctx context.Context, programs []int, take func(i int, e *Estimates)) {
	sim, readers := g.sim, g.readers
	of := map[int]int{} // readers by the index of their rules
	var numbers []int
	for _, i := range programs {
		for j := range readers[i].rules {
			of[readers[i].first+j] = i
			numbers = append(numbers, readers[i].first+j)
		}
	}
	var taking sync.Mutex
	found := make([]map[int]Incidence, len(readers)) // by reader, then by rules
	read := func(n int, do func(worker, i int)) {
		spread(sim.settings.Workers)(n, func(worker, i int) {
			if ctx.Err() == nil {
				do(worker, i)
			}
		})
	}
	sim.account.Summaries(numbers, g.places, !sim.settings.FailuresOnly, g.last, read, func(number int,
		in Incidence) {
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
		e := &Estimates{Durations: r.program.Durations(), Paths: sim.account.Paths(), Share: 1, At: g.at}
		for j, reading := range sim.settings.Readings {
			in := found[i][min(j, r.readings-1)]
			in.Reading = reading
			e.Readings = append(e.Readings, in)
		}
		if r.readings < len(r.rules) {
			in := found[i][r.readings]
			in.Reading = sim.settings.Readings[0]
			e.Gated = &Estimates{Durations: e.Durations, Paths: e.Paths, Share: 1, At: g.at,
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
