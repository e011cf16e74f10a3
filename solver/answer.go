package solver

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"

	"budget/model"
	"budget/solver/estimate"
	"budget/solver/plant"
)

// Question is what to find out about a case, and how precisely.
type Question struct {
	Tolerances []float64 // largest accepted failure probabilities
	Confidence float64   // of all intervals; of all caps of the family together
	Family     int       // number of caps that are shown, and chosen from, together

	// Paths is the fixed number of paths. If it is 0, paths are added until every
	// cap is decided: until its interval is no wider than twice Precision [s] or
	// twice RelativePrecision of the cap, whichever is more.
	Paths                        int64
	Precision, RelativePrecision float64
	FirstLook                    int64 // paths after which caps are first looked at; 0 means 32768
	MaxPaths                     int64

	// CapsOnly leaves out the curves as people use the app: the answer then has those
	// of a user who means to finish alone.
	CapsOnly bool
	// KeepLooks keeps what is known at every look (Answer.Looks).
	KeepLooks bool
}

// Decides tells whether a cap is as precise as the question asks, given the step of the
// grid of durations [s].
func (q *Question) Decides(c estimate.CapResult, step float64) bool {
	return c.Status == estimate.Never ||
		c.Status != estimate.Unknown && float64(c.UpperIndex-c.Index)*step <= q.asked(c.Index, step)+1e-9
}

// asked returns how long the interval of a cap may be [s].
func (q *Question) asked(index int, step float64) float64 {
	return 2 * max(q.Precision, q.RelativePrecision*float64(index+1)*step)
}

// Why a run ended.
type Outcome int

const (
	Done        Outcome = iota // the fixed number of paths, or every cap decided
	OutOfPaths                 // MaxPaths came first
	OutOfTime                  // the context's deadline came first
	Interrupted                // the context was cancelled
)

// Cap is a safe duration cap with what it rests on.
type Cap struct {
	Reading   Reading
	Tolerance float64
	// Index and Upper are indices of durations, the cap and the upper end of its
	// interval; −1 where even the shortest plan is too long.
	Index, Upper int
	Status       estimate.Status
	Precise      bool // the interval is as narrow as asked
	Binding      model.Cause
}

// Answer holds the estimates of a run.
type Answer struct {
	Outcome Outcome
	Caps    []Cap // by reading, then tolerance
	// Looks are what was known each time that caps were looked at, where the question
	// keeps them. A cap is that of the first look that decides it, else of the last.
	Looks []Look

	program  *Program
	settings Settings
	read     []read // by reading
	paths    int64
	tilted   bool // paths weigh differently
	// alpha is the error probability of an interval's two sides together, capAlpha
	// that of one side of a cap's interval.
	alpha, capAlpha float64
}

// read is what the paths say under a reading, by view.
type read struct {
	book    int // place of its endings in the simulation
	endings *endings
	tallies [numViews]*Tally
	splices [numViews][]splice
}

// firstLook is the number of paths after which caps are first looked at, unless the
// question says another.
const firstLook = 512 * nets

// Answer simulates a program's paths until the question is answered or ctx ends.
// It is a function of its arguments alone unless ctx ends first.
func (p *Program) Answer(ctx context.Context, s Settings, q Question) (*Answer, error) {
	var answer *Answer
	err := Answers(ctx, []*Program{p}, s, q, func(_ int, a *Answer) { answer = a })
	return answer, err
}

// Answers answers a question about programs that share their plant (Program.Under)
// from the same paths, each as Program.Answer would, and gives take the answers as
// they are found. Paths are added until every answer is: one that is decided earlier
// rests on the paths up to there.
func Answers(ctx context.Context, programs []*Program, s Settings, q Question, take func(i int, a *Answer)) error {
	if len(programs) == 0 || len(s.Readings) == 0 || len(q.Tolerances) == 0 || q.Family < 1 || q.Confidence <= 0 || q.Confidence >= 1 {
		return errors.New("solver: incomplete question")
	}
	var books []*endings
	var open []*Answer
	number := map[*Answer]int{}
	for i, p := range programs {
		if p.plant != programs[0].plant {
			return errors.New("solver: programs do not share a plant")
		}
		a := newAnswer(p, s, &books)
		open = append(open, a)
		number[a] = i
	}
	sim := newSimulation(s, books)
	plan := func(paths int64) {
		if s.Progress != nil {
			s.Progress.Planned.Store(paths)
		}
	}

	// Looks at doubling numbers of paths, each of which spends its share of the
	// error probability (estimate.LookAlpha). A cap that is decided keeps the
	// interval of the look that decided it, and further paths are followed only
	// as far as the caps still open can lie. A look that would not decide is left
	// out, and its share with it.
	paths := cmp.Or(q.Paths, q.FirstLook, firstLook)
	for look := 1; ; look++ {
		if q.Paths == 0 {
			paths = min(paths, q.MaxPaths)
		}
		plan(paths)
		end := 0
		for _, a := range open {
			end = max(end, a.follow(sim))
		}
		err := sim.extend(ctx, paths, end)
		share := 1.0
		if q.Paths == 0 {
			share = estimate.LookAlpha(1, look)
		}
		last := q.Paths > 0 || err != nil || paths >= q.MaxPaths

		// Many answers are read side by side, few one after the other.
		beside, within := s.workers(), 1
		if len(open) < beside {
			beside, within = 1, beside
		}
		var undecided []*Answer
		missing := math.Inf(1)
		for batch := range slices.Chunk(open, 4*beside) {
			parallel(beside, len(batch), func(_, i int) {
				a := batch[i]
				a.conclude(sim, q, err, share, within)
				if !last && !a.Precise() {
					a.forget()
				} else if !q.CapsOnly {
					a.tally(sim, AsUsed, within)
				}
				if len(programs) > 1 {
					a.read[0].endings.release() // the room that many take together
				}
			})
			for i, a := range batch {
				if !a.Precise() && !last {
					missing = min(missing, a.missing(q))
					undecided = append(undecided, a)
					continue
				}
				if !a.Precise() && err == nil {
					a.Outcome = OutOfPaths
				}
				take(number[a], a)
				delete(number, a)
				batch[i] = nil // what nobody keeps may go
			}
		}
		if open = undecided; len(open) == 0 {
			return nil
		}
		for paths *= 2; missing > 3 && paths < q.MaxPaths; missing /= 2 {
			paths *= 2
			look++
		}
	}
}

// newAnswer returns an answer of which nothing is known yet, and adds its endings to
// the books.
func newAnswer(p *Program, s Settings, books *[]*endings) *Answer {
	a := &Answer{program: p, settings: s}
	h := p.newHazards()
	for _, reading := range s.Readings {
		// Without a limit the readings do not differ.
		if len(a.read) == 0 || p.session.Limit > 0 {
			*books = append(*books, h.newEndings(reading, s.Failures))
		}
		n := len(*books) - 1
		a.read = append(a.read, read{book: n, endings: (*books)[n]})
	}
	return a
}

// forget gives the memory of tallies back that another look will read anew.
func (a *Answer) forget() {
	for i := range a.read {
		clear(a.read[i].tallies[:])
		clear(a.read[i].splices[:])
	}
}

// follow returns the index of the time up to which further paths need to be
// followed: a little beyond the upper ends of the caps that are still open.
func (a *Answer) follow(sim *simulation) int {
	p := a.program
	if a.Caps == nil {
		return p.steps
	}
	most := 0
	for _, c := range a.Caps {
		if !c.Precise {
			most = max(most, c.Upper)
		}
	}
	end := p.first + most + most/8 + 24
	if end >= sim.alive {
		return p.steps // hardly any paths go on from there
	}
	return end
}

// missing returns how many times more paths the open cap that needs the fewest
// may need, 1 where there is no telling: the width of an interval goes down with
// the root of their number.
func (a *Answer) missing(q Question) float64 {
	least := math.Inf(1)
	for _, c := range a.Caps {
		if c.Precise {
			continue
		}
		if c.Status == estimate.Unknown {
			return 1
		}
		width := a.width(c) / q.asked(c.Index, a.program.step)
		least = min(least, width*width)
	}
	return least
}

// tally reads the paths in a view, under every reading, with so many workers.
func (a *Answer) tally(sim *simulation, v View, workers int) {
	for i := range a.read {
		r := &a.read[i]
		if i > 0 && r.book == a.read[i-1].book {
			r.tallies[v], r.splices[v] = a.read[i-1].tallies[v], a.read[i-1].splices[v]
			continue
		}
		r.tallies[v] = sim.tally(r.book, v, workers)
		r.splices[v] = r.tallies[v].splices()
	}
}

// conclude reads the caps off the paths, for a look that spends the given share of
// the error probability.
func (a *Answer) conclude(sim *simulation, q Question, err error, share float64, workers int) {
	a.Outcome = Done
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		a.Outcome = OutOfTime
	case err != nil:
		a.Outcome = Interrupted
	}
	a.paths = sim.done()
	a.tilted = sim.tilted()
	a.tally(sim, Meaning, workers)
	a.alpha = (1 - q.Confidence) * share
	a.capAlpha = (1 - q.Confidence) * share / float64(q.Family)

	look := Look{Paths: a.paths, Share: share}
	decided := a.Caps
	a.Caps = nil
	for r, reading := range a.settings.Readings {
		curve := a.curve(r)
		caps := estimate.NewCurveCaps(curve, a.capAlpha)
		for _, tolerance := range q.Tolerances {
			if n := len(a.Caps); n < len(decided) && decided[n].Precise {
				a.Caps = append(a.Caps, decided[n])
				continue
			}
			a.Caps = append(a.Caps, a.cap(r, reading, tolerance, q, caps))
		}
		if q.KeepLooks {
			look.Readings = append(look.Readings, a.look(r, curve))
		}
	}
	if q.KeepLooks {
		a.Looks = append(a.Looks, look)
	}
}

// cap inverts the failure curve at a tolerance.
func (a *Answer) cap(r int, reading Reading, tolerance float64, q Question, caps *estimate.CurveCaps) Cap {
	n := a.read[r].tallies[Meaning].times()
	c := Cap{Reading: reading, Tolerance: tolerance, Index: -1, Upper: n - 1, Status: estimate.Unknown}
	if a.paths > 0 {
		result := caps.Invert(tolerance)
		c.Index, c.Upper, c.Status = result.Index, result.UpperIndex, result.Status
	}
	c.Precise = q.Paths > 0 || q.Decides(estimate.CapResult{Index: c.Index, UpperIndex: c.Upper, Status: c.Status}, a.program.step)
	c.Binding = a.binding(r, min(c.Index+1, n-1))
	return c
}

// curve returns what is known of the failure of a user who means to finish.
func (a *Answer) curve(r int) estimate.Curve {
	t := a.read[r].tallies[Meaning]
	c := estimate.Curve{Moments: make([]estimate.Moments, t.times()), Counts: a.settings.Estimator == Counts}
	if len(a.read[r].splices[Meaning]) > 0 {
		c.Values = make([]float64, t.times())
	}
	for i := range c.Moments {
		c.Moments[i] = a.moments(r, Meaning, slotSum, i)
		if c.Values != nil {
			c.Values[i] = a.probability(r, Meaning, slotSum, i)
		}
	}
	return c
}

// width returns the length of a cap's interval [s], asked how long it may be.
func (a *Answer) width(c Cap) float64 { return float64(c.Upper-c.Index) * a.program.step }

// binding returns the failure cause with the largest incidence at the i-th
// duration: one step past a cap, what keeps it from being longer.
func (a *Answer) binding(r, i int) model.Cause {
	best, most := model.Completed, -1.0
	for _, cause := range a.settings.Failures {
		if p := a.probability(r, Meaning, int(cause), i); p > most {
			best, most = cause, p
		}
	}
	return best
}

// Precise tells whether every cap is as precise as asked.
func (a *Answer) Precise() bool {
	for _, c := range a.Caps {
		if !c.Precise {
			return false
		}
	}
	return true
}

// Paths returns the number of paths simulated.
func (a *Answer) Paths() int64 { return a.paths }

// PathsTo returns the number of paths followed to the i-th duration.
func (a *Answer) PathsTo(i int) int64 { return a.read[0].tallies[Meaning].paths[i] }

// Ended estimates the probability of ending by a cause at or before the end of
// a plan of the i-th duration.
func (a *Answer) Ended(r int, v View, cause model.Cause, i int) estimate.Estimate {
	return a.estimate(r, v, int(cause), i)
}

// Survival estimates the probability that a plan of the i-th duration, as people
// use the app, reaches its end.
func (a *Answer) Survival(r, i int) estimate.Estimate {
	return a.estimate(r, AsUsed, slotSum, i).Complement()
}

// Failure estimates the probability that a plan of the i-th duration fails for a
// user who means to finish.
func (a *Answer) Failure(r, i int) estimate.Estimate { return a.estimate(r, Meaning, slotSum, i) }

func (a *Answer) estimate(r int, v View, slot, i int) estimate.Estimate {
	e := estimate.Estimate{Value: a.probability(r, v, slot, i), Interval: a.interval(r, v, slot, i, a.alpha/2)}
	e.StandardError = a.standardError(r, v, slot, i)
	if before := a.before(r, v, i); len(before) > 0 {
		// The paths followed alone vary more than all together, but where they saw
		// nothing the curve is as uncertain as it was at the link.
		e.StandardError = max(e.StandardError, a.standardError(r, v, slot, before[len(before)-1].i))
	}
	return e
}

// standardError returns the standard error of the mean weight of the paths
// followed to the i-th duration.
func (a *Answer) standardError(r int, v View, slot, i int) float64 {
	if a.settings.Estimator == Counts {
		t := a.read[r].tallies[v]
		p := t.mean(slot, i)
		return math.Sqrt(p * (1 - p) / float64(t.paths[i]))
	}
	return a.moments(r, v, slot, i).StandardError()
}

// moments returns the moments of the weight of a path followed to the i-th
// duration; of counts the number of paths and of events.
func (a *Answer) moments(r int, v View, slot, i int) estimate.Moments {
	t := a.read[r].tallies[v]
	if a.settings.Estimator == Counts {
		return estimate.Moments{Paths: t.paths[i], Sum: float64(t.counts[t.at(slot, i)])}
	}
	time := float64(i+a.program.first) * a.program.step
	return momentsOf(t.means[t.at(slot, i)], t.blocks[i], effective(t.paths[i], t.blocks[i], a.tilted), a.read[r].endings.largest(v, slot, time))
}

// effective returns the number of paths that so many count as, in so many blocks. Where
// they weigh differently that is as many as if all were the heaviest: what a path not seen
// could carry is a part of that.
func effective(paths, blocks int64, tilted bool) int64 {
	if tilted {
		return max(int64(float64(paths)/plant.Heaviest), blocks)
	}
	return paths
}

// before returns the splices before the i-th duration.
func (a *Answer) before(r int, v View, i int) []splice {
	splices := a.read[r].splices[v]
	n := 0
	for n < len(splices) && splices[n].i < i {
		n++
	}
	return splices[:n]
}

func (a *Answer) probability(r int, v View, slot, i int) float64 {
	return spliced(a.before(r, v, i), slot, a.read[r].tallies[v].mean(slot, i))
}

// interval returns the interval of a probability with error probability alpha on
// each side, valid for the estimator. Beyond a link it is that of the paths
// followed alone, which needs no others to be valid, made to hold the estimate,
// which is better than theirs.
func (a *Answer) interval(r int, v View, slot, i int, alpha float64) estimate.Interval {
	at := estimate.Curve{Moments: []estimate.Moments{a.moments(r, v, slot, i)}, Counts: a.settings.Estimator == Counts}
	if len(a.before(r, v, i)) > 0 {
		at.Values = []float64{a.probability(r, v, slot, i)}
	}
	return at.Interval(0, alpha, alpha)
}
