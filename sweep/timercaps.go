package sweep

import (
	"context"
	"math"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
)

// TimerCaps are the caps of a timer (session model, section 9), in cycles and in time steps.
// Together they hold with the confidence of the request.
type TimerCaps struct {
	// Most is the largest number of cycles, or of the timer's sessions if it repeats nothing.
	Most estimate.CapResult
	// Longest is the longest length of the longest session phases at the timer's number of
	// cycles, the other phases as they are or in proportion.
	Longest estimate.CapResult
}

// CapTimer finds the caps of a timer on the first device of a request in its first environment,
// for its first session type, reading and tolerance. asked is the answer of Timers for the same
// request and sequence; longer and other timers are simulated on its random numbers. If ctx ends
// first, it returns ctx's error.
func CapTimer(ctx context.Context, s *model.Scenario, q Request, of model.Sequence,
	asked *Timer, inProportion bool, control Control) (*TimerCaps, error) {
	t := newTimerRun(ctx, s, q, asked.Resign, control)
	alpha := (1 - t.question.Confidence) / 2
	caps := &TimerCaps{}
	var err error
	if caps.Most, err = t.most(of, asked, alpha); err != nil {
		return nil, err
	}
	if caps.Longest, err = t.longest(of, asked, inProportion, alpha); err != nil {
		return nil, err
	}
	first := int(math.Round(float64(of.Longest() / s.Grid.Step)))
	if caps.Longest.Index < first && caps.Most.Index >= len(t.ends(of)) {
		// That the timer holds as it is, is known already, from bounds that spend less.
		caps.Longest.Index, caps.Longest.UpperIndex = first, max(first, caps.Longest.UpperIndex)
		caps.Longest.Status = estimate.Met
	}
	return caps, nil
}

// TimerMap is the failure of a timer by the length of its longest session phases and the number
// of its cycles.
type TimerMap struct {
	Lengths []model.Duration
	// Failures are by length, then by the number of cycles from 1 on, with intervals of the
	// request's confidence.
	Failures [][]estimate.Estimate
	// Bounds are those behind Most: of a row's failures at any one tolerance, all rows together
	// (estimate.InvertCap).
	Bounds [][]estimate.Interval
	Times  [][]float64 // in sessions [s]
	// Most is by length the largest number of cycles that holds. All of them hold together with
	// the confidence.
	Most []estimate.CapResult
}

// MapTimer finds the failure of a timer with phases of several lengths and 1 to its number of
// cycles, or of its sessions if it repeats nothing. The rest is as in CapTimer.
func MapTimer(ctx context.Context, s *model.Scenario, q Request, of model.Sequence,
	resign string, lengths []model.Duration, inProportion bool, control Control) (*TimerMap, error) {
	t := newTimerRun(ctx, s, q, resign, control)
	m := &TimerMap{Lengths: lengths}
	for _, length := range lengths {
		longer := of.Lengthened(length, s.Grid.Step, inProportion)
		if err := s.CheckPhases(longer.Phases()); err != nil {
			return nil, err
		}
		c := t.cycles(longer)
		alpha := (1 - t.question.Confidence) / float64(len(lengths))
		var row []estimate.Estimate
		var bounds []estimate.Interval
		var times []float64
		for n := range c.asked {
			if err := c.reach(n + 1); err != nil {
				return nil, err
			}
			row = append(row, c.known[n].Estimate((1-t.question.Confidence)/2))
			bounds = append(bounds, c.known[n].Interval(alpha, alpha))
			times = append(times, c.time(n+1))
		}
		m.Failures = append(m.Failures, row)
		m.Bounds = append(m.Bounds, bounds)
		m.Times = append(m.Times, times)
		m.Most = append(m.Most, counted(estimate.InvertCap(len(row),
			func(n int) estimate.Interval { return bounds[n] }, t.tolerance())))
	}
	return m, nil
}

// TimerOffer is a timer on a menu.
type TimerOffer struct {
	model.Sequence
	Time    float64           // in sessions [s]
	Failure estimate.Estimate // by the end; all upper bounds hold together
	Holds   bool
}

// OfferTimers finds the failure of each timer of a menu. The rest is as in CapTimer.
func OfferTimers(ctx context.Context, s *model.Scenario, q Request, menu []model.Sequence,
	resign string, control Control) ([]TimerOffer, error) {
	t := newTimerRun(ctx, s, q, resign, control)
	var offers []TimerOffer
	for _, sequence := range menu {
		m, err := t.failure(sequence.Phases(), t.request.Paths)
		if err != nil {
			return nil, err
		}
		e := m.Estimate((1 - t.question.Confidence) / float64(len(menu)))
		offers = append(offers, TimerOffer{sequence, sessionTime(&s.Grid, sequence, math.MaxInt), e,
			e.Upper <= t.tolerance()})
	}
	return offers, nil
}

// sessionTime returns the time of a sequence in its first sessions [s], without margins.
func sessionTime(g *model.Grid, q model.Sequence, sessions int) (seconds float64) {
	for _, l := range g.Legs(q.Phases()) {
		if l.InSession() {
			seconds += float64(l.Length)
		}
		if l.Ends {
			if sessions--; sessions == 0 {
				break
			}
		}
	}
	return seconds
}

// timerRun simulates timers for their failure alone.
type timerRun struct {
	ctx      context.Context
	scenario *model.Scenario
	request  Request
	resign   string
	settings solver.Settings
	question solver.Question
	near     bool // the search for the longest phases is near its end
}

func newTimerRun(ctx context.Context, s *model.Scenario, q Request, resign string,
	control Control) *timerRun {
	q = q.filled(s)
	q.EndOnResign = resign == model.ResignEnd
	q.Readings = q.Readings[:1]
	return &timerRun{ctx: ctx, scenario: s, request: q, resign: resign, settings: q.settings(control),
		question: solver.Question{Confidence: q.Confidence, CapsOnly: true}}
}

func (t *timerRun) tolerance() float64 { return t.request.Tolerances[0] }

// curve simulates a number of paths of a timer and returns its failure by length.
func (t *timerRun) curve(phases []model.Phase, paths int64) (estimate.Curve, error) {
	p, err := compileTimer(t.scenario, t.request,
		Strategy{Session: t.request.Sessions[0], Phases: phases, Resign: t.resign})
	if err != nil {
		return estimate.Curve{}, err
	}
	t.question.Paths = paths
	a, err := p.Answer(t.ctx, t.settings, t.question)
	switch {
	case err != nil:
		return estimate.Curve{}, err
	case t.ctx.Err() != nil:
		return estimate.Curve{}, t.ctx.Err()
	}
	return a.Readings[0].Failure, nil
}

// failure returns that by the end of a timer.
func (t *timerRun) failure(phases []model.Phase, paths int64) (estimate.Moments, error) {
	c, err := t.curve(phases, paths)
	if err != nil {
		return estimate.Moments{}, err
	}
	return c.Moments[len(c.Moments)-1], nil
}

// clear returns bounds on the failure by the end of a timer, from a quarter of the paths that the
// search takes if they show already whether it is within the tolerance. Each look spends half of
// alpha. Where a quarter has not been enough, the search is near the cap, and takes all from then
// on.
func (t *timerRun) clear(phases []model.Phase, alpha float64) (estimate.Interval, error) {
	most := min(max(t.request.Paths/searchPart, fewPaths), t.request.Paths)
	for _, paths := range []int64{most / 4, most} {
		if (paths < fewPaths || t.near) && paths < most {
			continue
		}
		m, err := t.failure(phases, paths)
		if err != nil {
			return estimate.Interval{}, err
		}
		b := m.Interval(alpha/2, alpha/2)
		if b.Upper <= t.tolerance() || b.Lower > t.tolerance() || paths == most {
			return b, nil
		}
		t.near = true
	}
	panic("sweep: no paths")
}

// The search for the longest phases simulates a timer for each length that it looks at. So that
// it takes less time than the rest of an answer, a look has a fourth of the paths, and lengths
// are multiples of about a fiftieth of the length asked for.
const (
	searchPart  = 4
	searchSteps = 50
)

// LongestStep returns the resolution of the search for the longest phases of a timer, in time
// steps: it looks at multiples of it. It is the largest round time that is at most a fiftieth of
// the longest phase, and at least a time step.
func LongestStep(of model.Sequence, step model.Duration) int {
	most := float64(of.Longest()/step) / searchSteps
	steps := 1
	for _, round := range []model.Duration{10, 15, 30, 60, 120, 300, 600} {
		n := math.Round(float64(round / step))
		if n <= most && math.Abs(n-float64(round/step)) < 1e-9 {
			steps = max(steps, int(n))
		}
	}
	return steps
}

// longest finds the longest length of the longest session phases, in time steps. What the
// answer for the timer as asked shows is not simulated again.
func (t *timerRun) longest(of model.Sequence, asked *Timer, inProportion bool,
	alpha float64) (estimate.CapResult, error) {
	step := t.scenario.Grid.Step
	most, each := t.scenario.MostSteps(of, inProportion), LongestStep(of, step)
	steps := func(i int) int { return min(i*each, most) } // of the i-th length looked at
	n := (most + each - 1) / each
	length := int(math.Round(float64(of.Longest() / step))) // as asked
	first := max(1, length/each)
	found, err := estimate.BisectCap(n, first, alpha, t.tolerance(),
		func(i int, alpha float64) (estimate.Interval, error) {
			if steps(i) == length {
				known := asked.Readings[0].Failure.Moments
				return known[len(known)-1].Interval(alpha, alpha), nil
			}
			longer := of.Lengthened(model.Duration(steps(i))*step, step, inProportion)
			return t.clear(longer.Phases(), alpha)
		})
	// Lengths below the first that is excluded are not.
	found.UpperIndex = max(steps(found.UpperIndex), steps(found.UpperIndex+1)-1)
	found.Index = steps(found.Index)
	return found, err
}

// most finds the largest number of cycles. A cap that is too long takes an error of the bound
// at the first number that fails too often, so each number spends alpha (estimate.InvertCap).
func (t *timerRun) most(of model.Sequence, asked *Timer, alpha float64) (estimate.CapResult,
	error) {
	c := t.cycles(of)
	if c.apart() {
		for _, at := range t.ends(of) {
			c.known = append(c.known, asked.Readings[0].Failure.Moments[at])
		}
	}
	var failed error
	found := estimate.InvertCap(c.most, func(n int) estimate.Interval {
		if failed == nil {
			failed = c.reach(n + 1)
		}
		if failed != nil {
			return estimate.Interval{Lower: 1, Upper: 1}
		}
		return c.known[n].Interval(alpha, alpha)
	}, t.tolerance())
	return counted(found), failed
}

// cycles are the failures by the ends of timers of 1, 2, … cycles of a sequence, or by the ends
// of its sessions if it repeats nothing.
type cycles struct {
	run         *timerRun
	sequence    model.Sequence
	asked, most int // of the sequence, and that fit into a timer
	known       []estimate.Moments
}

func (t *timerRun) cycles(of model.Sequence) *cycles {
	c := &cycles{run: t, sequence: of, asked: len(t.ends(of)), most: t.scenario.MostTimes(of)}
	c.most = max(c.most, c.asked)
	return c
}

// reach makes known the failures up to a number of cycles.
func (c *cycles) reach(number int) error {
	for len(c.known) < number {
		if err := c.extend(); err != nil {
			return err
		}
	}
	return nil
}

// apart reports whether cycles have sessions of their own, so that one simulation serves all.
func (c *cycles) apart() bool { return c.sequence.Times == 0 || c.sequence.Apart() }

// extend makes more failures known. Where cycles are not apart, each number takes a simulation.
func (c *cycles) extend() error {
	longer, apart := c.sequence, c.apart()
	switch {
	case !apart:
		longer = longer.Repeated(len(c.known) + 1)
	case longer.Times > 0:
		longer = longer.Repeated(min(max(longer.Times, 2*len(c.known)), c.most))
	}
	curve, err := c.run.curve(longer.Phases(), c.run.request.Paths)
	if err != nil {
		return err
	}
	if !apart {
		c.known = append(c.known, curve.Moments[curve.Len()-1])
		return nil
	}
	c.known = nil
	for _, at := range c.run.ends(longer) {
		c.known = append(c.known, curve.Moments[at])
	}
	return nil
}

// time returns the time in sessions [s] of a number of cycles, or of the first sessions.
func (c *cycles) time(number int) float64 {
	if c.sequence.Times > 0 {
		return sessionTime(&c.run.scenario.Grid, c.sequence.Repeated(number), math.MaxInt)
	}
	return sessionTime(&c.run.scenario.Grid, c.sequence, number)
}

// ends returns the indices of the lengths that are the ends of cycles with sessions of their
// own, or of sessions if a sequence repeats nothing.
func (t *timerRun) ends(of model.Sequence) (at []int) {
	grid := &t.scenario.Grid
	first := 1 + int(math.Round(float64(grid.Margin/grid.Step)))
	if of.Times == 0 {
		for _, l := range grid.Legs(of.Phases()) {
			if l.Ends {
				at = append(at, l.To-first)
			}
		}
	}
	for n := range of.Times {
		legs := grid.Legs(new(of.Repeated(n + 1)).Phases())
		at = append(at, legs[len(legs)-1].To-first)
	}
	return at
}

// counted returns a cap over the numbers 1, 2, … as these numbers, 0 for none.
func counted(c estimate.CapResult) estimate.CapResult {
	c.Index++
	c.UpperIndex++
	return c
}
