package compare

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"budget/solver"
	"budget/sweep"
	"budget/sweep/plan"
	"budget/sweep/store"
)

// Cell is the comparison of a cell for a session type under a reading.
type Cell struct {
	Values           []string // by Comparison.Columns
	Session, Reading string
	Durations        []float64    // [s], of Failure
	Failure          []Difference // of a user who means to finish
	Tolerances       []float64    // of Caps
	// Caps are the differences of the caps, B minus A [s]. The fields A and B are the safe
	// caps; the difference is between the best estimates, which do not depend on the
	// confidence.
	Caps []Difference
	// Status is that of the safe caps of A and B, by tolerance.
	Status [][2]sweep.CapStatus
	Cycles [2]sweep.Cycles // of the timers that sessions are on the two sides
}

// Result is the comparison of two sides.
type Result struct {
	Columns []string // that identify cells
	Cells   []Cell
	Paired  bool // both sides simulate the same sessions
	// OnlyA and OnlyB are the numbers of cells that only one side has.
	OnlyA, OnlyB int
	Changed      []string // differences of the inputs, as "key: A → B"
}

// ErrNoSweep is the error of results of budget caps, which cannot be compared path by path.
var ErrNoSweep = errors.New("is not a sweep")

// Results compares the cells of two finished sweeps that have the same levels.
// confidence holds for every single interval.
func Results(a, b *store.Results, confidence float64) (*Result, error) {
	for _, r := range []*store.Results{a, b} {
		if r.Plan == nil {
			return nil, fmt.Errorf("%s %w", r.Dir, ErrNoSweep)
		}
	}
	c := &Result{Paired: a.Plan.Seed == b.Plan.Seed && a.Plan.PathsPerCell == b.Plan.PathsPerCell &&
		a.Plan.Sampling == b.Plan.Sampling,
		Changed: changes(*a.Plan, *b.Plan)}
	columns, err := commonColumns(a, b)
	if err != nil {
		return nil, err
	}
	c.Columns = columns
	type sided struct {
		*store.Cell
		reading string
	}
	keyOf := func(r *store.Results, cell sided) (values []string, key string) {
		for _, name := range columns {
			values = append(values, cell.Values[r.Column(name)])
		}
		return values, fmt.Sprintf("%q %s %s", values, cell.Session, cell.reading)
	}
	byReading := func(r *store.Results) (all []sided) {
		for _, cell := range r.Cells {
			for _, reading := range r.Provenance.Readings {
				all = append(all, sided{cell, reading})
			}
		}
		return all
	}
	others := map[string]sided{}
	for _, cell := range byReading(b) {
		_, key := keyOf(b, cell)
		others[key] = cell
	}
	for _, cell := range byReading(a) {
		values, key := keyOf(a, cell)
		other, ok := others[key]
		if !ok {
			c.OnlyA++
			continue
		}
		delete(others, key)
		ca, err := sideOfCell(cell.Cell, cell.reading)
		if err != nil {
			return nil, err
		}
		cb, err := sideOfCell(other.Cell, other.reading)
		if err != nil {
			return nil, err
		}
		found := compare(ca, cb, ca.At, c.Paired, confidence)
		found.Values, found.Session, found.Reading = values, cell.Session, cell.reading
		c.Cells = append(c.Cells, found)
	}
	c.OnlyB = len(others)
	return c, nil
}

// sideOfCell returns the side of a cell under a reading.
func sideOfCell(c *store.Cell, reading string) (*Side, error) {
	all, err := c.Curves()
	if err != nil {
		return nil, err
	}
	r, err := all.Reading(reading)
	if err != nil {
		return nil, err
	}
	caps := map[float64]SafeCap{}
	for _, row := range c.Caps {
		if row.Reading == reading {
			caps[row.Tolerance] = SafeCap{row.Cap, row.Status}
		}
	}
	return newSide(all.Block.Last(), r, caps, c.Cycles), nil
}

// newSide makes a side from estimates.
func newSide(e *solver.Estimates, r int, caps map[float64]SafeCap, cycles sweep.Cycles) *Side {
	in := &e.Readings[r]
	return &Side{e.Durations, in.Failure.Moments, in.Replicates,
		sweep.Indices(e.Durations, e.At), caps, cycles}
}

// commonColumns returns the columns that identify cells on both sides. A column that
// only one side has must have the same value in all its cells.
func commonColumns(a, b *store.Results) ([]string, error) {
	for _, pair := range [][2]*store.Results{{a, b}, {b, a}} {
		for i, column := range pair[0].Columns {
			name := column.Name
			if pair[1].Column(name) >= 0 {
				continue
			}
			for _, cell := range pair[0].Cells {
				if cell.Values[i] != pair[0].Cells[0].Values[i] {
					return nil, fmt.Errorf("%s varies %s, which %s does not have: its cells have no counterpart",
						pair[0].Dir, name, pair[1].Dir)
				}
			}
		}
	}
	var columns []string
	for _, column := range a.Columns {
		if b.Column(column.Name) >= 0 {
			columns = append(columns, column.Name)
		}
	}
	return columns, nil
}

// Plans simulates the cells of two plans with equal numbers of cells and
// compares them in order.
func Plans(ctx context.Context, a, b *plan.Plan, confidence float64,
	control store.Control) (*Result, error) {
	c := &Result{Paired: a.Seed == b.Seed && a.Paths == b.Paths && a.Sampling == b.Sampling,
		Changed: changes(store.ProvenanceOf(a, []store.Writer{{}}),
			store.ProvenanceOf(b, []store.Writer{{}}))}
	for _, axis := range a.Axes {
		c.Columns = append(c.Columns, axis.Name)
	}
	for _, session := range a.Sessions {
		for i := range a.Cells() {
			sides := make([][]*Side, 2)
			for k, p := range []*plan.Plan{a, b} {
				var err error
				if sides[k], err = sideOfPlan(ctx, p, p.Cells()[i], session, control); err != nil {
					return nil, err
				}
			}
			for r := range sides[0] {
				shown := sweep.Indices(sides[0][r].Durations, a.Durations[session])
				found := compare(sides[0][r], sides[1][r], shown, c.Paired, confidence)
				found.Session, found.Reading = session, string(a.Readings[r])
				for _, level := range a.Levels(a.Cells()[i]) {
					found.Values = append(found.Values, level.Label)
				}
				c.Cells = append(c.Cells, found)
			}
		}
	}
	return c, nil
}

// mostTimes is the largest number of durations with means of replicates.
const mostTimes = 1440

// followed returns a plan that stores the means of replicates at all durations of a
// session type, or at mostTimes evenly spaced ones. Differences of caps need them.
func followed(p *plan.Plan, session string) *plan.Plan {
	step, horizon := float64(p.Base.Grid.Step), float64(p.Base.Longest(p.Base.Session(session)))
	every := step * math.Ceil(horizon/step/mostTimes)
	durations := slices.Clone(p.Durations[session])
	for i := 1.0; i*every <= horizon+1e-9; i++ {
		durations = append(durations, i*every)
	}
	slices.Sort(durations)
	q := *p
	q.Durations = map[string][]float64{session: slices.CompactFunc(durations,
		func(a, b float64) bool { return math.Abs(b-a) < 1e-6 })}
	return &q
}

// sideOfPlan simulates a cell for a session type and returns a side for each reading.
func sideOfPlan(ctx context.Context, p *plan.Plan, cell plan.Cell, session string,
	control store.Control) ([]*Side, error) {
	p = followed(p, session)
	b, err := store.Simulate(ctx, p, cell, session, control)
	if err != nil {
		return nil, err
	}
	caps, err := solver.Caps(b.Last(), p.Question())
	if err != nil {
		return nil, err
	}
	facts, err := p.FactsOf(cell)
	if err != nil {
		return nil, err
	}
	var all []*Side
	for r, reading := range p.Readings {
		side := newSide(b.Last(), r, map[float64]SafeCap{}, facts.Cycles)
		for _, c := range caps {
			if c.Reading == reading {
				side.Caps[c.Tolerance] = SafeCap{c.Duration, sweep.StatusOf(c.Status)}
			}
		}
		all = append(all, side)
	}
	return all, nil
}

// compare returns the differences between two sides of a cell. shown are the indices of the
// durations for differences of failure.
func compare(a, b *Side, shown []int, paired bool, confidence float64) Cell {
	c := Cell{Cycles: [2]sweep.Cycles{a.Cycles, b.Cycles}}
	alpha := (1 - confidence) / 2
	for j, i := range a.At {
		if !slices.Contains(shown, i) {
			continue
		}
		k := slices.IndexFunc(b.At,
			func(k int) bool { return math.Abs(b.Durations[k]-a.Durations[i]) < 1e-6 })
		if k < 0 {
			continue
		}
		c.Durations, c.Failure = append(c.Durations, a.Durations[i]),
			append(c.Failure, FailureDifference(a, b, j, k, paired, alpha))
	}
	for tolerance := range a.Caps {
		if _, ok := b.Caps[tolerance]; ok {
			c.Tolerances = append(c.Tolerances, tolerance)
		}
	}
	slices.Sort(c.Tolerances)
	for _, tolerance := range c.Tolerances {
		d := CrossingDifference(a, b, tolerance, paired, alpha)
		capA, capB := a.Caps[tolerance], b.Caps[tolerance]
		d.A, d.B = capA.Length, capB.Length
		c.Caps = append(c.Caps, d)
		c.Status = append(c.Status, [2]sweep.CapStatus{capA.Status, capB.Status})
	}
	return c
}
