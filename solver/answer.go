package solver

import (
	"context"
	"errors"
	"math"

	"budget/model"
	"budget/solver/estimate"
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

	program  *Program
	settings Settings
	tally    *Tally
	paths    int64
	splices  []splice
	// alpha is the error probability of an interval's two sides together, capAlpha
	// that of one side of a cap's interval.
	alpha, capAlpha float64
}

// The variance of weights comes from blocks, so there are at least 64.
const (
	leastBlocks = 64
	firstLook   = leastBlocks * netPaths / 2
)

// blockSize returns the number of paths in a block of a run of the given number
// of paths: a net, or a power of two that makes blocks enough. Parts of one net
// vary less together than alone, which errs on the safe side.
func blockSize(paths int64) int64 {
	size := int64(netPaths)
	for size > 1 && paths < leastBlocks*size {
		size /= 2
	}
	return size
}

// Answer simulates a program's paths until the question is answered or ctx ends.
// It is a function of its arguments alone unless ctx ends first.
func (p *Program) Answer(ctx context.Context, s Settings, q Question) (*Answer, error) {
	if len(s.Readings) == 0 || len(q.Tolerances) == 0 || q.Family < 1 || q.Confidence <= 0 || q.Confidence >= 1 {
		return nil, errors.New("solver: incomplete question")
	}
	sim := newSimulation(p, s)
	a := &Answer{program: p, settings: s, tally: sim.tally}
	plan := func(paths int64) {
		if s.Progress != nil {
			s.Progress.Planned.Store(paths)
		}
	}
	if q.Paths > 0 {
		plan(q.Paths)
		err := sim.extend(ctx, q.Paths, blockSize(q.Paths), p.steps)
		a.conclude(sim, q, err, 1)
		return a, nil
	}

	// Looks at doubling numbers of paths, each of which spends its share of the
	// error probability (estimate.LookAlpha). A cap that is decided keeps the
	// interval of the look that decided it, and further paths are followed only
	// as far as the caps still open can lie.
	paths := q.FirstLook
	if paths == 0 {
		paths = firstLook
	}
	for look := 1; ; look, paths = look+1, 2*paths {
		paths = min(paths, q.MaxPaths)
		plan(paths)
		err := sim.extend(ctx, paths, blockSize(paths-sim.paths), a.follow(sim))
		a.conclude(sim, q, err, estimate.LookAlpha(1, look))
		if err != nil || a.Precise() {
			return a, nil
		}
		if paths >= q.MaxPaths {
			a.Outcome = OutOfPaths
			return a, nil
		}
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

// conclude reads the caps off the tally, for a look that spends the given share
// of the error probability.
func (a *Answer) conclude(sim *simulation, q Question, err error, share float64) {
	a.Outcome = Done
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		a.Outcome = OutOfTime
	case err != nil:
		a.Outcome = Interrupted
	}
	a.paths = sim.paths
	a.splices = sim.splices()
	a.alpha = (1 - q.Confidence) * share
	a.capAlpha = (1 - q.Confidence) * share / float64(q.Family)

	decided := a.Caps
	a.Caps = nil
	for r, reading := range a.settings.Readings {
		for _, tolerance := range q.Tolerances {
			if n := len(a.Caps); n < len(decided) && decided[n].Precise {
				a.Caps = append(a.Caps, decided[n])
				continue
			}
			a.Caps = append(a.Caps, a.cap(r, reading, tolerance, q))
		}
	}
}

// cap inverts the failure curve at a tolerance.
func (a *Answer) cap(r int, reading Reading, tolerance float64, q Question) Cap {
	n := a.tally.times()
	c := Cap{Reading: reading, Tolerance: tolerance, Index: -1, Upper: n - 1, Status: estimate.Unknown}
	if a.paths > 0 {
		result := estimate.InvertCap(n, func(i int) estimate.Interval {
			return a.interval(r, Meaning, slotSum, i, a.capAlpha)
		}, tolerance)
		c.Index, c.Upper, c.Status = result.Index, result.UpperIndex, result.Status
	}
	length := func(i int) float64 { return float64(i+1) * a.program.step }
	asked := 2 * max(q.Precision, q.RelativePrecision*length(c.Index))
	c.Precise = q.Paths > 0 || c.Status == estimate.Never ||
		c.Status != estimate.Unknown && length(c.Upper)-length(c.Index) <= asked+1e-9
	c.Binding = a.binding(r, min(c.Index+1, n-1))
	return c
}

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
func (a *Answer) PathsTo(i int) int64 { return a.tally.paths[i] }

// Estimate is an estimated probability with its standard error and interval.
type Estimate struct {
	Probability, StandardError float64
	estimate.Interval
}

// Ended estimates the probability of ending by a cause at or before the end of
// a plan of the i-th duration.
func (a *Answer) Ended(r int, v View, cause model.Cause, i int) Estimate {
	return a.estimate(r, v, int(cause), i)
}

// Survival estimates the probability that a plan of the i-th duration, as people
// use the app, reaches its end.
func (a *Answer) Survival(r, i int) Estimate {
	e := a.estimate(r, AsUsed, slotSum, i)
	e.Probability = 1 - e.Probability
	e.Lower, e.Upper = 1-e.Upper, 1-e.Lower
	return e
}

// Failure estimates the probability that a plan of the i-th duration fails for a
// user who means to finish.
func (a *Answer) Failure(r, i int) Estimate { return a.estimate(r, Meaning, slotSum, i) }

func (a *Answer) estimate(r int, v View, slot, i int) Estimate {
	e := Estimate{Probability: a.probability(r, v, slot, i), Interval: a.interval(r, v, slot, i, a.alpha/2)}
	e.StandardError = a.standardError(r, v, slot, i)
	if before := a.before(i); len(before) > 0 {
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
		p := a.mean(r, v, slot, i)
		return math.Sqrt(p * (1 - p) / float64(a.tally.paths[i]))
	}
	return a.moments(r, v, slot, i).StandardError()
}

// moments returns the moments of the weight of a path followed to the i-th
// duration.
func (a *Answer) moments(r int, v View, slot, i int) estimate.Moments {
	t := a.tally
	time := float64(i+a.program.first) * a.program.step
	return t.weights[t.at(r, v, slot, i)].Moments(t.blocks[i], t.paths[i], a.program.largest(v, slot, time))
}

// mean returns the mean weight of the paths followed to the i-th duration.
func (a *Answer) mean(r int, v View, slot, i int) float64 {
	at, n := a.tally.at(r, v, slot, i), float64(a.tally.paths[i])
	if a.settings.Estimator == Counts {
		return float64(a.tally.counts[at]) / n
	}
	return float64(a.tally.weights[at].Sum) / (1 << 32) / n
}

// before returns the splices before the i-th duration.
func (a *Answer) before(i int) []splice {
	n := 0
	for n < len(a.splices) && a.splices[n].i < i {
		n++
	}
	return a.splices[:n]
}

func (a *Answer) probability(r int, v View, slot, i int) float64 {
	return spliced(a.before(i), (r*numViews+int(v))*slots+slot, a.mean(r, v, slot, i))
}

// interval returns the interval of a probability with error probability alpha on
// each side, valid for the estimator. Beyond a link it is that of the paths
// followed alone, which needs no others to be valid, made to hold the estimate,
// which is better than theirs.
func (a *Answer) interval(r int, v View, slot, i int, alpha float64) estimate.Interval {
	var interval estimate.Interval
	if a.settings.Estimator == Counts {
		interval = estimate.ClopperPearson(a.tally.counts[a.tally.at(r, v, slot, i)], a.tally.paths[i], alpha, alpha)
	} else {
		interval = a.moments(r, v, slot, i).Interval(alpha, alpha)
	}
	if len(a.before(i)) > 0 {
		p := a.probability(r, v, slot, i)
		interval.Lower, interval.Upper = min(interval.Lower, p), max(interval.Upper, p)
	}
	return interval
}
