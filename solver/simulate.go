package solver

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"budget/model"
)

// Settings say how to simulate. They do not change what is simulated.
type Settings struct {
	Seed      uint64
	Estimator Estimator
	Readings  []Reading // at least one
	// Failures is the set of causes a plan fails by; model.Failures by default,
	// with model.Resigned where the product ends a session on it.
	Failures []model.Cause
	// Workers is the number of goroutines, at least 1. The results do not depend
	// on it; no more are started than there are processors, or 16.
	Workers int
	// Portable asks for the portable kernel where there is a faster one. The
	// results do not depend on it.
	Portable bool
	// Progress, if not nil, is told of every finished block.
	Progress *Progress
}

// Progress counts what is simulated, for a display to read: paths done and
// planned, and steps of paths.
type Progress struct{ Paths, Planned, Steps atomic.Int64 }

// simulation runs paths of a program into a tally.
type simulation struct {
	program  *Program
	settings Settings
	sampler  sampler
	endings  []*endings // by reading
	tables   [numViews]*survivalTable
	alive    int // the last step that any path can reach before its grant is used up
	paths    int64
	tally    *Tally
	links    []link
}

func newSimulation(p *Program, s Settings) *simulation {
	sim := &simulation{
		program: p, settings: s,
		sampler: newSampler(s.Seed, s.Estimator),
		alive:   p.steps,
		tally:   newTally(len(s.Readings), p.steps-p.first+1, s.Estimator),
	}
	for _, r := range s.Readings {
		sim.endings = append(sim.endings, p.newEndings(r))
	}
	for v := range sim.tables {
		sim.tables[v] = p.newSurvivalTable(View(v))
	}
	if p.session.Limit > 0 {
		// Grants are used up at a rate of at least 1.
		sim.alive = min(sim.alive, p.grantSteps(0, 1))
	}
	return sim
}

// worker is what one goroutine needs to run blocks.
type worker struct {
	kernel kernel
	blocks []*block // by reading, for weights
	events []int64  // of a block, for counts
	tally  *Tally
	paths  int64
}

func (s *simulation) newWorker() *worker {
	w := &worker{kernel: newKernel(s.program, s.sampler, s.settings.Portable), tally: newTally(len(s.endings), s.tally.times(), s.settings.Estimator)}
	if s.settings.Estimator == Weights {
		for range s.endings {
			w.blocks = append(w.blocks, s.program.newBlock())
		}
	} else {
		w.events = make([]int64, len(w.tally.counts))
	}
	return w
}

// extend runs the next paths, up to the given number in all, in blocks of the
// given size, and follows them up to the time with index end. If ctx ends first
// it stops after the blocks begun: those done are then still the first ones, so
// that slow paths are not left out.
func (s *simulation) extend(ctx context.Context, paths, size int64, end int) error {
	s.linkBefore(end)
	first := s.paths
	var next atomic.Int64
	var failed atomic.Value
	var group sync.WaitGroup
	most := max(16, runtime.GOMAXPROCS(0))
	workers := make([]*worker, min(int64(min(max(s.settings.Workers, 1), most)), (paths-first+size-1)/size))
	for i := range workers {
		group.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					failed.Store(fmt.Sprint(r))
				}
			}()
			w := s.newWorker()
			workers[i] = w
			for ctx.Err() == nil {
				from := first + (next.Add(1)-1)*size
				if from >= paths {
					break
				}
				s.runBlock(w, from, min(from+size, paths), end)
			}
		})
	}
	group.Wait()
	if r := failed.Load(); r != nil {
		panic(r) // in the caller's goroutine, who may answer for it
	}
	for _, w := range workers {
		s.tally.Merge(w.tally)
		s.paths += w.paths
	}
	s.linkAfter(end)
	return ctx.Err()
}

// runBlock simulates the paths from first up to but not including last and
// follows them up to the time with index end.
func (s *simulation) runBlock(w *worker, first, last int64, end int) {
	p := s.program
	for _, b := range w.blocks {
		b.reset()
	}
	steps := int64(0)
	w.kernel.run(uint64(first), uint64(last), min(end, s.alive), func(path uint64, h *History) {
		steps += int64(min(h.End, end, s.alive))
		s.book(w, path, h, end)
	})
	n := last - first
	for r, b := range w.blocks {
		for view, table := range s.tables {
			w.tally.fold(p, b, table, s.settings.Failures, r, View(view), n, end)
		}
	}
	w.tally.count(p, w.events, end)
	w.tally.follow(p, n, end)
	w.paths += n
	if s.settings.Progress != nil {
		s.settings.Progress.Paths.Add(n)
		s.settings.Progress.Steps.Add(steps)
	}
}

// book evaluates the endings of a path under every reading.
func (s *simulation) book(w *worker, path uint64, h *History, end int) {
	for r, e := range s.endings {
		if s.settings.Estimator == Weights {
			e.weigh(h, w.blocks[r], end)
			continue
		}
		u, v := s.sampler.endDraws(path)
		for view, table := range s.tables {
			w.tally.event(s.program, w.events, e.toss(h, table, u, v, end), s.settings.Failures, r, View(view))
		}
	}
}
