package solver

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"budget/model"
	"budget/solver/plant"
)

// Settings say how to simulate. They do not change what is simulated.
type Settings struct {
	Seed      uint64
	Estimator Estimator
	Sampling  Sampling  // of weights; Tilted by default. Counts are always Independent.
	Readings  []Reading // at least one
	// Failures is the set of causes a plan fails by; model.Failures by default,
	// with model.Resigned where the product ends a session on it.
	Failures []model.Cause
	// Workers is the number of goroutines, at least 1. The results do not depend
	// on it; no more are started than there are processors, or 16.
	Workers int
	// Kernel names the kernel to use, of those that Kernels lists; "" means the
	// first of them. The results do not depend on it.
	Kernel string
	// StepAll steps paths also where nothing can happen to them any more (package plant),
	// to measure or to check. The results do not depend on it.
	StepAll bool
	// Progress, if not nil, is told of every finished block.
	Progress *Progress
}

// workers returns how many goroutines to start.
func (s *Settings) workers() int {
	return min(max(s.Workers, 1), max(16, runtime.GOMAXPROCS(0)))
}

// Progress counts what is simulated, for a display to read: paths done and
// planned, the steps that these paths went through, and the part of them that was
// stepped: a path is not where nothing can happen to it any more.
type Progress struct{ Paths, Planned, Steps, Stepped atomic.Int64 }

// simulation runs paths of a plant and keeps what they say under any number of
// endings.
type simulation struct {
	plant    *plant.Plant
	settings Settings
	sampler  plant.Sampler
	endings  []*endings
	tables   [][numViews]*survivalTable // by endings, for counts
	alive    int                        // the last step that any path can reach before its grant is used up
	paths    int64                      // asked for so far
	segments []*segment
	keepAll  bool // histories are kept, however much room they take
	// chosen, if not nil, ascends: the simulation's path i is path chosen[i] of the plant.
	chosen []uint64
	implementation
	folders sync.Pool
}

// segment is what a stretch of paths, followed to the same end, has left.
type segment struct {
	end    int // index of the time up to which they are followed
	sheets [sheets]sheet
	events [][]int64 // of counts: by book, see event
}

// sheets is the number of sheets that the nets are kept on: net n on sheet n mod
// sheets, so that neighbours, which are run at the same time, do not share one.
const sheets = nets / lanes

// sheet holds the paths of some nets. Their histories are kept until ledgers, one for
// each of the endings, would take less room; then they are booked there, and all that
// follow.
type sheet struct {
	sync.Mutex
	points  [lanes]int64 // by net
	records [lanes]plant.Record
	ledgers []*ledger // nil while histories are kept
}

func newSimulation(s Settings, e []*endings) *simulation {
	on := e[0].plant
	if s.StepAll {
		on = on.WithoutSkipping()
	}
	sim := &simulation{plant: on, settings: s, sampler: newSampler(s.Seed, s.Estimator, s.Sampling), endings: e,
		implementation: implementationOf(s.Kernel), folders: sync.Pool{New: func() any { return new(folder) }}}
	for _, e := range sim.endings {
		sim.alive = max(sim.alive, e.alive())
		if s.Estimator == Counts {
			sim.tables = append(sim.tables, [numViews]*survivalTable{e.table(AsUsed), e.table(Meaning)})
		}
	}
	return sim
}

// tilted tells whether paths weigh differently.
func (s *simulation) tilted() bool {
	return s.plant.Tilted(s.sampler)
}

// times returns the number of planned durations.
func (s *simulation) times() int { return s.plant.Steps - s.plant.First + 1 }

// ends returns the ends of the segments, the last one first.
func (s *simulation) ends() []int {
	var ends []int
	for _, g := range s.segments {
		ends = append(ends, g.end)
	}
	slices.Sort(ends)
	ends = slices.Compact(ends)
	slices.Reverse(ends)
	return ends
}

// paths returns the number of a segment's paths.
func (g *segment) paths() int64 {
	n := int64(0)
	for i := range g.sheets {
		for _, points := range g.sheets[i].points {
			n += points
		}
	}
	return n
}

// done returns the number of paths simulated.
func (s *simulation) done() int64 {
	n := int64(0)
	for _, g := range s.segments {
		n += g.paths()
	}
	return n
}

// chunk is the largest number of points that a worker takes at a time.
const chunk = 1024

// extend runs the next paths, up to the given number in all, and follows them up to
// the time with index end. If ctx ends first it stops after the chunks begun: those
// done are then still the first ones of their nets, so that slow paths are not left
// out.
func (s *simulation) extend(ctx context.Context, paths int64, end int) error {
	g := &segment{end: end}
	if n := len(s.segments); n > 0 && s.segments[n-1].end == end {
		g = s.segments[n-1]
	} else {
		s.segments = append(s.segments, g)
		if s.settings.Estimator == Counts {
			for range len(s.endings) * numViews {
				g.events = append(g.events, make([]int64, slots*s.times()))
			}
		}
	}
	tasks := chunks(s.paths, paths)
	s.paths = paths
	var next atomic.Int64
	workers := make([]*worker, min(s.settings.workers(), len(tasks)))
	parallel(len(workers), len(workers), func(_, i int) {
		workers[i] = s.newWorker(g)
		workers[i].run(func() (span, bool) {
			n := next.Add(1) - 1
			if ctx.Err() != nil || n >= int64(len(tasks)) {
				return span{}, false
			}
			return tasks[n], true
		})
	})
	for _, w := range workers {
		for b, events := range w.events {
			for at, n := range events {
				g.events[b][at] += n
			}
		}
	}
	return ctx.Err()
}

// span is a stretch of paths of one net, every nets-th path from first up to but
// not including last.
type span struct{ first, last uint64 }

// chunks deals the paths from first up to but not including last into spans.
func chunks(first, last int64) []span {
	var spans []span
	for from := first; from < last; from += chunk * nets {
		to := min(from+chunk*nets, last)
		for i := range min(nets, to-from) {
			spans = append(spans, span{uint64(from + i), uint64(to)})
		}
	}
	return spans
}

// worker is what one goroutine needs to run paths.
type worker struct {
	*simulation
	segment *segment
	steps   int // that paths are followed through
	kernel  plant.Kernel
	events  [][]int64

	mostKept int64 // histories of a net

	pathsDone, stepsDone, steppedBefore int64
}

func (s *simulation) newWorker(g *segment) *worker {
	w := &worker{simulation: s, segment: g, steps: min(g.end, s.alive)}
	w.kernel = s.plant.Kernel(s.settings.Kernel, s.sampler)
	for _, events := range g.events {
		w.events = append(w.events, make([]int64, len(events)))
	}
	// A history takes some 100 bytes, a step or time of a ledger 8 for each class.
	for _, e := range s.endings {
		w.mostKept += int64(w.steps) * int64(len(e.classes)+len(thresholds)) * 8 / 100
	}
	if s.keepAll {
		w.mostKept = math.MaxInt64
	}
	return w
}

// run takes spans and books their paths until there are no more.
func (w *worker) run(spans func() (span, bool)) {
	var now span
	w.kernel.Run(w.steps, func() (uint64, bool) {
		if now.first >= now.last {
			w.report()
			var ok bool
			if now, ok = spans(); !ok {
				return 0, false
			}
		}
		path := now.first
		now.first += nets
		if w.chosen != nil {
			path = w.chosen[path]
		}
		return path, true
	}, w.take)
	w.report()
}

// take books the history of a path.
func (w *worker) take(path uint64, h *History) {
	w.pathsDone++
	w.stepsDone += int64(min(h.End, w.steps))
	if w.chosen != nil {
		i, _ := slices.BinarySearch(w.chosen, path)
		path = uint64(i)
	}
	net := int(path % nets)
	sheet, net := &w.segment.sheets[net%sheets], net/sheets
	if w.settings.Estimator == Counts {
		sheet.Lock()
		sheet.points[net]++
		sheet.Unlock()
		u, v := w.sampler.EndDraws(path)
		for i, e := range w.endings {
			for view, table := range w.tables[i] {
				w.count(e, e.toss(h, table, u, v, w.segment.end), i*numViews+view, View(view))
			}
		}
		return
	}
	sheet.Lock()
	sheet.points[net]++
	sheet.keep(h, net, w)
	sheet.Unlock()
}

// keep keeps the history of a path of a net, or books it.
func (s *sheet) keep(h *History, net int, w *worker) {
	if s.ledgers != nil {
		for i, e := range w.endings {
			e.weigh(h, 1, s.ledgers[i], net, w.segment.end)
		}
		return
	}
	r := &s.records[net]
	r.Add(h, w.plant.Steps)
	if int64(r.Len()) > w.mostKept {
		for i, e := range w.endings {
			e.ready()
			l := newLedger(len(e.classes), w.steps)
			s.collect(l, i, e, w.segment.end)
			s.ledgers = append(s.ledgers, l)
		}
		s.records = [lanes]plant.Record{}
	}
}

// count books a 0/1 event at its time; those before the first duration stand at it.
func (w *worker) count(e *endings, at event, book int, v View) {
	if at.cause == model.Completed {
		return
	}
	i := max(at.index-w.plant.First, 0)
	events, times := w.events[book], w.times()
	events[int(at.cause)*times+i]++
	if v == AsUsed || slices.Contains(e.failures, at.cause) {
		events[slotSum*times+i]++
	}
}

// report tells the progress of what was done since the last time.
func (w *worker) report() {
	if p := w.settings.Progress; p != nil {
		p.Paths.Add(w.pathsDone)
		p.Steps.Add(w.stepsDone)
		stepped := w.kernel.Stepped()
		p.Stepped.Add(stepped - w.steppedBefore)
		w.steppedBefore = stepped
	}
	w.pathsDone, w.stepsDone = 0, 0
}

// collect adds a sheet to a ledger of the i-th endings, up to the time with index end.
func (s *sheet) collect(l *ledger, i int, e *endings, end int) {
	if i < len(s.ledgers) {
		l.add(s.ledgers[i])
		return
	}
	for net := range s.records {
		s.records[net].Replay(e.steps, func(h *History, n int64) { e.weigh(h, n, l, net, end) })
	}
}
