package optimize

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"budget/model"
	"budget/model/document"
	"budget/solver"
	"budget/sweep/plan"
	"budget/sweep/uncertainty"
)

// A design may be well-formed and still make no sense. What is known without simulation is told
// with its place.

// sense looks for designs that make no sense.
func (r *reader) sense(axes []axisKeys) {
	d := r.design
	r.lengths()
	places, err := d.places()
	if err != nil || len(r.problems) > 0 {
		return
	}
	for _, axis := range d.Knobs {
		r.depends(axis, axes[axis].at, places)
	}
	r.limits(places)
	r.timers(places)
	r.draw(places)
	if len(r.problems) == 0 {
		r.possible(places)
	}
}

// lengths finds the longest session that is looked at.
func (r *reader) lengths() {
	d := r.design
	g := &d.Goal
	d.horizon = g.Longest
	if d.horizon == 0 && g.Maximize == Cap {
		for i := range d.Candidates {
			if s, on, err := d.cell(d.Candidates[i].Cells[0]); err == nil {
				d.horizon = max(d.horizon, float64(s.Session(on.Session).Horizon))
			}
		}
	}
	if g.Maximize == Offered && g.Longest == 0 {
		d.horizon = g.Menu[len(g.Menu)-1]
	}
	d.horizon = max(d.horizon, g.Length)
	for _, q := range d.Requirements {
		if g.Longest > 0 && q.Length > g.Longest {
			r.complain(q.At, "require.length", "%v is longer than goal.longest (%v): no such session is "+
				"looked at", model.Duration(q.Length), model.Duration(g.Longest))
		}
		d.horizon = max(d.horizon, q.Length)
	}
	if err := d.Base.Grid.Hold(model.Duration(d.horizon)); err != nil && d.horizon > 0 {
		r.complain(r.root.At, "goal", "the longest session: %v", err)
	}
}

// depends complains of a knob that no design depends on, and of levels that are the same design.
func (r *reader) depends(axis int, at document.Position, places []uncertainty.Place) {
	d := r.design
	a := &d.Axes[axis]
	timer := slices.ContainsFunc(places, func(p uncertainty.Place) bool {
		_, ok := p.Scenario.TimerSequence()
		return ok
	})
	matters := func(key string) bool {
		switch {
		case slices.Contains([]string{plan.KeyDevice, plan.KeyEnvironment, plan.KeyStartLevel,
			plan.KeyGate, plan.KeySession, "timer.phases"}, key):
			return true
		case key == "timer.resign" || key == "timer.away":
		case (key == plan.KeyRestart || strings.HasPrefix(key, "timer.")) && !timer:
			return false
		case key == plan.KeyRestart:
			return true
		}
		return slices.ContainsFunc(places, func(p uncertainty.Place) bool {
			return uncertainty.Matters(p.Scenario, p.On, d.Readings[:1], key)
		})
	}
	keys := a.Keys()
	if !slices.ContainsFunc(keys, matters) {
		r.complain(at, "axis", "the knob %s changes nothing: no session of this design depends on %s",
			a.Name, strings.Join(keys, ", "))
		return
	}
	var seen []string
	for level := range a.Levels {
		i := slices.IndexFunc(d.Candidates, func(c Candidate) bool {
			return c.Cells[0].Level(axis) == level && !slices.ContainsFunc(d.Knobs, func(k int) bool {
				return k != axis && c.Cells[0].Level(k) != d.Candidates[0].Cells[0].Level(k)
			})
		})
		if i < 0 {
			return // excluded
		}
		s, on, err := d.cell(d.Candidates[i].Cells[0])
		if err != nil {
			return
		}
		start := ""
		if on.StartLevel != nil {
			start = fmt.Sprint(*on.StartLevel)
		}
		of := fmt.Sprint(s.Digest(), on.Session, on.Device, on.Environment, on.Gate, on.Restart, start)
		if same := slices.Index(seen, of); same >= 0 && d.values[axis] == nil {
			r.complain(at, "axis", "the knob %s has two levels that are the same design: %s and %s",
				a.Name, document.Quote(a.Levels[same].Label), document.Quote(a.Levels[level].Label))
			return
		}
		seen = append(seen, of)
	}
}

// limits complains of lengths that no session type of the design can have.
func (r *reader) limits(places []uncertainty.Place) {
	d := r.design
	beyond := func(length float64) bool {
		return length > 0 && !slices.ContainsFunc(places, func(p uncertainty.Place) bool {
			_, timer := p.Scenario.TimerSequence()
			limit := float64(p.Scenario.Session(p.On.Session).Limit)
			return timer || limit == 0 || length+float64(p.Scenario.Grid.Margin) < limit
		})
	}
	say := func(at document.Position, key string, length float64) {
		r.complain(at, key, "no session of %v can finish: every session type of this design has a limit "+
			"that ends it before", model.Duration(length))
	}
	for _, q := range d.Requirements {
		if q.What.ofLength() && beyond(q.Length) {
			say(q.At, "require.length", q.Length)
		}
	}
	if d.Goal.Maximize == Completed && beyond(d.Goal.Length) {
		say(r.goalAt, "goal.length", d.Goal.Length)
	}
	if d.Goal.Maximize == Offered && beyond(d.Goal.Menu[0]) {
		say(r.goalAt, "goal.menu", d.Goal.Menu[0])
	}
}

// timers checks what goes with timers and what with single sessions.
func (r *reader) timers(places []uncertainty.Place) {
	d := r.design
	timers, singles := 0, 0
	for _, p := range places {
		if _, ok := p.Scenario.TimerSequence(); ok {
			timers++
		} else {
			singles++
		}
	}
	g := &d.Goal
	switch {
	case timers > 0 && g.Maximize.Capped():
		r.complain(r.goalAt, "goal.maximize", "a timer has the length that its phases say: expected %q",
			Completed)
	case singles > 0 && g.Maximize == Completed && g.Length == 0:
		r.complain(r.goalAt, "goal.length", "is missing: the length of the session of which the minutes "+
			"are wanted")
	case singles == 0 && g.Length > 0:
		r.complain(r.goalAt, "goal.length", "is for single sessions: timers have a length of their own")
	}
}

// draw draws the uncertain inputs that a robust design must hold for.
func (r *reader) draw(places []uncertainty.Place) {
	d := r.design
	robust := d.Goal.Robust
	if robust == nil || len(r.problems) > 0 {
		return
	}
	ours := map[string]string{}
	for i := range d.Axes {
		for _, key := range d.Axes[i].Keys() {
			ours[key] = d.Axes[i].Name
		}
	}
	for _, key := range robust.Vary {
		if axis, ok := ours[key]; ok {
			r.complain(r.goalAt, "goal.vary", "%s is set by the axis %s: it cannot be drawn, too", key,
				axis)
			return
		}
	}
	most := mostScores
	if d.Goal.Maximize.Capped() {
		most = mostCurves
	}
	var err error
	d.points, err = uncertainty.Varying{Vary: robust.Vary, Fix: robust.Fix}.DrawPoints(d.Base, places,
		d.Readings[0], func(key string) bool { _, ok := ours[key]; return ok }, robust.Sets, d.Seed)
	var option *uncertainty.OptionError
	switch {
	case errors.As(err, &option):
		r.complain(r.goalAt, "goal."+option.Option, "%v", option.Err)
	case err != nil:
		r.complain(r.goalAt, "goal.unknown", "%v", err)
	case len(d.Candidates)*len(d.Candidates[0].Cells)*robust.Sets > most:
		r.complain(r.goalAt, "goal.sets", "%d designs under %d circumstances and %d draws are too many: "+
			"expected at most %d together", len(d.Candidates), len(d.Candidates[0].Cells), robust.Sets,
			most)
	}
}

// The largest number of designs times circumstances times draws: of curves, which take up to 200 kB
// each, and of scores.
const mostCurves, mostScores = 4096, 50_000

// possible complains of a share left out that no gate of the design can keep to.
func (r *reader) possible(places []uncertainty.Place) {
	d := r.design
	i := slices.IndexFunc(d.Requirements, func(q Requirement) bool { return q.What == LeftOut })
	if i < 0 || len(places) > 256 || d.points != nil {
		return
	}
	q, least := d.Requirements[i], 1.0
	for _, p := range places {
		program, err := solver.Compile(p.Scenario, p.On)
		if err != nil {
			return
		}
		least = min(least, program.BelowGate())
	}
	if least > q.Most+q.Zone {
		r.complain(q.At, "require.most", "every design of this file leaves out at least %.2g %% of the "+
			"starts: expected more than that, or a lower gate", 100*least)
	}
}
