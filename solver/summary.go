package solver

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"

	"budget/model"
	"budget/solver/estimate"
)

// Summary is what paths say of sessions under a program's rules, small enough to keep
// by the thousand.
type Summary struct {
	Paths    int64
	Readings []ReadingSummary // by Settings.Readings
}

// ReadingSummary is a summary under one reading. Durations are indices of
// Program.Durations. Where a program's readings agree they share memory.
type ReadingSummary struct {
	// A user who means to finish (Meaning), by duration: the failure of the plan, the
	// probability of Resigned, and the failure cause with the largest incidence.
	Failure  []estimate.Moments
	Resigned []float64
	Binding  []model.Cause

	// As people use the app (AsUsed), by the causes of model.Ends and then their sum, by
	// the durations asked for.
	Ended [][]estimate.Moments

	// The failure of a user who means to finish, by the durations asked for and the nets
	// that the paths are dealt to, path p to net p mod 64: the mean weight of its paths,
	// NaN where a net has none. Nets are independent of each other, and those of programs
	// that share a plant are of the same paths, so that differences between programs
	// can be told from chance.
	Nets [][]float64
}

// mostTimed is the largest number of paths that are laid out in time (timeline.go), where
// those that change their condition take 100 bytes each and more: 100 MB for workouts. It
// is far from what the sums of a net are exact for, 2^17 paths of each.
const mostTimed = 1 << 18

// Summaries simulates a fixed number of paths of the programs' common plant
// (Program.Under), each as a weight, and gives take what they say under each program,
// in any order, one at a time: the same moments as Answers for that number of paths.
// Some of it is for the durations with the indices at alone, which ascend. A summary is a
// function of the arguments, and does not depend on the other programs. Its memory does
// not grow with the number of paths beyond a quarter of a million. If ctx ends before all
// paths are done, Summaries returns its error and takes nothing.
func Summaries(ctx context.Context, programs []*Program, s Settings, paths int64, at []int, take func(i int, s *Summary)) error {
	if len(programs) == 0 || len(s.Readings) == 0 || paths < 1 || s.Estimator != Weights {
		return errors.New("solver: incomplete question, or one for counts")
	}
	for j, i := range at {
		if i < 0 || i > programs[0].steps-programs[0].first || j > 0 && i <= at[j-1] {
			return errors.New("solver: durations to summarize out of range or order")
		}
	}
	for _, p := range programs {
		if p.plant != programs[0].plant {
			return errors.New("solver: programs do not share a plant")
		}
	}
	if paths > mostTimed {
		return summariesOfTallies(ctx, programs, s, paths, at, take)
	}
	sum := &summing{programs: programs, settings: s, at: at}
	var all []*endings
	for i, p := range programs {
		h := p.newHazards()
		for r, reading := range s.Readings {
			if r > 0 && p.session.Limit == 0 {
				continue // without a limit the readings do not differ
			}
			e := h.newEndings(reading, s.Failures)
			all = append(all, e)
			sum.books = append(sum.books, book{e, i, r})
		}
	}
	sim := newSimulation(s, all)
	sim.keepAll = true
	if s.Progress != nil {
		s.Progress.Planned.Store(paths)
	}
	if err := sim.extend(ctx, paths, programs[0].steps); err != nil {
		return err
	}
	sum.timeline = newTimeline(sim, s.workers())
	sum.tilted = sim.tilted()

	// Those whose grants are used up alike go together, which saves work. Octets need
	// room, so workers keep theirs.
	slices.SortStableFunc(sum.books, func(a, b book) int { return a.compareGrants(b.endings) })
	var taking sync.Mutex
	summaries := make([]*Summary, len(programs))
	octets := make([]*octet, s.workers())
	missing := map[int]int{}
	for _, b := range sum.books {
		missing[b.program]++
	}
	parallel(len(octets), (len(sum.books)+lanes-1)/lanes, func(worker, batch int) {
		if octets[worker] == nil {
			octets[worker] = newOctet(sum.timeline, sim.plant.Steps, at)
		}
		books := sum.books[batch*lanes : min((batch+1)*lanes, len(sum.books))]
		readings := sum.read(octets[worker], books, sim.octet)
		taking.Lock()
		defer taking.Unlock()
		for i, reading := range readings {
			p := books[i]
			if summaries[p.program] == nil {
				summaries[p.program] = &Summary{sum.timeline.paths, make([]ReadingSummary, len(s.Readings))}
			}
			read := summaries[p.program].Readings
			read[p.reading] = reading
			if p.session.Limit == 0 {
				for r := range read {
					read[r] = reading
				}
			}
			if missing[p.program]--; missing[p.program] == 0 {
				take(p.program, summaries[p.program])
				summaries[p.program] = nil // what nobody keeps may go
			}
		}
	})
	return nil
}

// summing makes summaries of what paths say.
type summing struct {
	programs []*Program
	settings Settings
	at       []int
	books    []book
	timeline *timeline
	tilted   bool
}

// book is what a summary of one reading is read with.
type book struct {
	*endings
	program, reading int
}

// read reads up to eight summaries, side by side.
func (s *summing) read(o *octet, books []book, k *octetKernel) []ReadingSummary {
	p := s.programs[0]
	times := p.steps - p.first + 1
	readings := make([]ReadingSummary, len(books))
	for lane := range readings {
		readings[lane] = ReadingSummary{make([]estimate.Moments, times), make([]float64, times), make([]model.Cause, times), nil, nil}
	}
	blocks := s.timeline.blocks
	var side []*endings
	for _, b := range books {
		side = append(side, b.endings)
	}
	o.run(side, k, func(i int, causes *[slotSum]octuple) {
		for lane := range readings {
			r := &readings[lane]
			r.Resigned[i] = spliced(nil, 0, causes[model.Resigned][lane]/float64(blocks))
			most := -1.0
			for _, cause := range s.settings.Failures {
				if p := causes[cause][lane]; p > most {
					r.Binding[i], most = cause, p
				}
			}
		}
	})
	for lane, e := range books {
		r := &readings[lane]
		moments := func(means estimate.BlockMeans, v View, slot, i int) estimate.Moments {
			return momentsOf(means, blocks, effective(s.timeline.paths, blocks, s.tilted), e.largest(v, slot, float64(i+p.first)*p.step))
		}
		last := o.last - o.first
		for i := range times {
			if i > last { // all stays as it is
				r.Failure[i], r.Resigned[i], r.Binding[i] = r.Failure[last], r.Resigned[last], r.Binding[last]
				continue
			}
			r.Failure[i] = moments(o.failed[i].lane(lane), Meaning, slotSum, i)
		}
		for slot := range slots {
			ended := make([]estimate.Moments, len(s.at))
			for j, i := range s.at {
				ended[j] = moments(o.ended[j][slot].lane(lane), AsUsed, slot, i)
			}
			r.Ended = append(r.Ended, ended)
		}
		for j := range s.at {
			means := make([]float64, nets)
			for n := range nets {
				means[n] = o.nets[j][n][lane]
				if s.timeline.nets[n].scale == 0 {
					means[n] = math.NaN()
				}
			}
			r.Nets = append(r.Nets, means)
		}
	}
	return readings
}
