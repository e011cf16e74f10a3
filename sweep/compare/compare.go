package compare

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/plan"
	"budget/sweep/store"
)

// Two sides of a comparison, A and B, have simulated the same sessions where seed, paths
// and sampling are the same: then a difference is known much better than either side
// (common random numbers). Its interval is Student's about the mean of the differences
// of the nets, which are independent of each other; with r, room for what no path has
// met yet, of −ln(α) paths of the largest weight:
//
//	mean(B_n − A_n) ± [t·s/√n + r].
//
// Where the sides are not of the same sessions, their variances add.

// Difference is what B has more than A, with its interval.
type Difference struct {
	A, B float64
	estimate.Estimate
}

// Significant reports whether the interval leaves zero out.
func (d Difference) Significant() bool { return d.Lower > 0 || d.Upper < 0 }

// Cell is a cell on both sides, for a session type under a reading.
type Cell struct {
	Values           []string // by Comparison.Columns
	Session, Reading string
	Durations        []float64    // [s], of Failure
	Failure          []Difference // of a user who means to finish
	Tolerances       []float64    // of Caps
	// Caps are how much longer the caps of B are [s]. A and B are the safe caps; the
	// difference is that of the best estimates, which do not depend on how sure one wants to
	// be.
	Caps []Difference
}

// Result is what two sides have in common, and what is different.
type Result struct {
	Columns []string // that tell cells apart
	Cells   []Cell
	Paired  bool // the same sessions on both sides
	// OnlyA and OnlyB count cells that the other side does not have.
	OnlyA, OnlyB int
	Changed      []string // what differs in the inputs, as "key: A → B"
}

// Side is what a comparison needs of a cell.
type Side struct {
	Durations  []float64
	Failure    []estimate.Moments // by duration
	Replicates [][]float64        // by at
	At         []int              // durations with nets
	Caps       map[float64]float64
}

// ErrNoSweep is the error of results that keep nothing that could be compared path by path.
var ErrNoSweep = errors.New("is no sweep")

// Results compares two finished sweeps: cells that have the same levels. confidence
// is that of every interval by itself.
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
		found := compare(ca, cb, c.Paired, confidence)
		found.Values, found.Session, found.Reading = values, cell.Session, cell.reading
		c.Cells = append(c.Cells, found)
	}
	c.OnlyB = len(others)
	return c, nil
}

// sideOfCell returns what a comparison needs of a cell under a reading.
func sideOfCell(c *store.Cell, reading string) (*Side, error) {
	all, err := c.Curves()
	if err != nil {
		return nil, err
	}
	r, err := all.Reading(reading)
	if err != nil {
		return nil, err
	}
	caps := map[float64]float64{}
	for _, row := range c.Caps {
		if row.Reading == reading {
			caps[row.Tolerance] = row.Cap
		}
	}
	return newSide(all.Block.Last(), r, caps), nil
}

// newSide takes what a comparison needs out of estimates.
func newSide(e *solver.Estimates, r int, caps map[float64]float64) *Side {
	in := &e.Readings[r]
	return &Side{e.Durations, in.Failure.Moments, in.Replicates,
		sweep.Indices(e.Durations, e.At), caps}
}

// commonColumns returns the columns that tell cells apart on both sides. One that the
// other side does not have must be the same in all cells.
func commonColumns(a, b *store.Results) ([]string, error) {
	for _, pair := range [][2]*store.Results{{a, b}, {b, a}} {
		for i, column := range pair[0].Columns {
			name := column.Name
			if pair[1].Column(name) >= 0 {
				continue
			}
			for _, cell := range pair[0].Cells {
				if cell.Values[i] != pair[0].Cells[0].Values[i] {
					return nil, fmt.Errorf("%s varies %s, which %s does not know: cells have no counterpart",
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

// Plans simulates the cells of two plans, which have as many each, and compares
// them in their order.
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
				found := compare(sides[0][r], sides[1][r], c.Paired, confidence)
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

// sideOfPlan simulates a cell for a session type, and returns what its paths say by reading.
func sideOfPlan(ctx context.Context, p *plan.Plan, cell plan.Cell, session string,
	control store.Control) ([]*Side, error) {
	b, err := store.Simulate(ctx, p, cell, session, control)
	if err != nil {
		return nil, err
	}
	caps, err := solver.Caps(b.Last(), p.Question())
	if err != nil {
		return nil, err
	}
	var all []*Side
	for r, reading := range p.Readings {
		side := newSide(b.Last(), r, map[float64]float64{})
		for _, c := range caps {
			if c.Reading == reading {
				side.Caps[c.Tolerance] = c.Duration
			}
		}
		all = append(all, side)
	}
	return all, nil
}

// compare finds the differences between two sides of a cell.
func compare(a, b *Side, paired bool, confidence float64) Cell {
	var c Cell
	alpha := (1 - confidence) / 2
	for j, i := range a.At {
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
		d.A, d.B = a.Caps[tolerance], b.Caps[tolerance]
		c.Caps = append(c.Caps, d)
	}
	return c
}

// FailureDifference returns the difference of the failure at the j-th and k-th duration with
// nets.
func FailureDifference(a, b *Side, j, k int, paired bool, alpha float64) Difference {
	ma, mb := a.Failure[a.At[j]], b.Failure[b.At[k]]
	d := difference(ma.Mean(), mb.Mean(), a.Replicates[j], b.Replicates[k], paired, alpha)
	// Paths not seen may yet fail on one side alone.
	room := -math.Log(alpha) / float64(min(ma.Paths, mb.Paths))
	d.Lower, d.Upper = max(d.Lower-room, -1), min(d.Upper+room, 1)
	return d
}

// CrossingDifference returns the difference of the best estimates of caps.
func CrossingDifference(a, b *Side, tolerance float64, paired bool, alpha float64) Difference {
	pa, pb := a.crossing(tolerance), b.crossing(tolerance)
	d := difference(pa.time, pb.time, pa.nets, pb.nets, paired, alpha)
	if d.Lower < d.Upper { // a crossing is known to a step
		d.Lower, d.Upper = d.Lower-a.Durations[0], d.Upper+b.Durations[0]
	}
	return d
}

// difference returns the difference of two means with its interval, from the values of
// nets, which are about any centre.
func difference(meanA, meanB float64, a, b []float64, paired bool, alpha float64) Difference {
	d := Difference{A: meanA, B: meanB, Estimate: estimate.Estimate{Value: meanB - meanA}}
	n := float64(min(len(a), len(b)))
	variance, freedom := 0.0, n-1
	if paired {
		var all []float64
		for i := range int(n) {
			all = append(all, b[i]-a[i])
		}
		variance = spread(all) / n
	} else {
		va, vb := spread(a)/float64(len(a)), spread(b)/float64(len(b))
		variance = va + vb
		if variance > 0 { // Welch and Satterthwaite
			freedom = variance * variance / (va*va/float64(len(a)-1) + vb*vb/float64(len(b)-1))
		}
	}
	if !(freedom >= 1) || math.IsNaN(variance) {
		d.Lower, d.Upper = math.Inf(-1), math.Inf(1)
		return d
	}
	half := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: freedom}.Quantile(1-alpha) * math.Sqrt(variance)
	d.Lower, d.Upper = d.Value-half, d.Value+half
	return d
}

// spread returns the variance of values.
func spread(x []float64) float64 {
	mean := 0.0
	for _, v := range x {
		mean += v / float64(len(x))
	}
	sum := 0.0
	for _, v := range x {
		sum += (v - mean) * (v - mean)
	}
	return sum / float64(len(x)-1)
}

// crossing is where the estimated failure crosses a tolerance, with what each net alone
// would make of it, about some centre.
type crossing struct {
	time float64
	nets []float64
}

// crossing finds the longest plan whose estimated failure is within a tolerance. A net
// whose failure there is higher by δ puts it earlier by δ over the slope of failure; where
// failure jumps, as at a limit, all agree. The deviation of a net between the durations
// that nets are known of is taken to run straight.
func (c *Side) crossing(tolerance float64) crossing {
	failure := c.Failure
	n := len(failure)
	i := 0 // the first that exceeds it
	for i < n && failure[i].Mean() <= tolerance {
		i++
	}
	step := c.Durations[0]
	out := crossing{time: float64(i) * step}
	deviations := c.deviations(out.time)
	if i == 0 || i == n || deviations == nil {
		out.nets = make([]float64, len(deviations))
		return out
	}
	// The slope, on either side, over as much time as it takes failure to change by a spread
	// of all paths, at least a few steps; the flatter one leaves more room for chance. A jump
	// of more than chance could hide is where all nets cross.
	chance := 2 * math.Sqrt(spread(deviations)/float64(len(deviations)))
	at := func(k int) float64 { return failure[k].Mean() }
	low, high := i-1, i
	for low > 0 && (i-1-low < 6 || at(i-1)-at(low) < chance) {
		low--
	}
	for high < n-1 && (high-i < 6 || at(high)-at(i) < chance) {
		high++
	}
	slope := math.Inf(1)
	if at(i)-at(i-1) < 4*chance {
		for _, side := range [][2]int{{low, i}, {i - 1, high}} {
			slope = min(slope, (at(side[1])-at(side[0]))/(float64(side[1]-side[0])*step))
		}
	}
	for _, deviation := range deviations {
		if slope > 0 {
			deviation /= slope
		}
		out.nets = append(out.nets, -deviation)
	}
	return out
}

// deviations returns by how much the failure of each net differs from that of all at a
// time, nil where no nets are known.
func (c *Side) deviations(time float64) []float64 {
	if len(c.At) == 0 {
		return nil
	}
	after := 0
	for after < len(c.At)-1 && c.Durations[c.At[after]] < time {
		after++
	}
	of := func(j int) []float64 {
		mean := c.Failure[c.At[j]].Mean()
		out := slices.Clone(c.Replicates[j])
		for i := range out {
			out[i] -= mean
		}
		return out
	}
	last := of(after)
	tLast := c.Durations[c.At[after]]
	tFirst, first := 0.0, make([]float64, len(last))
	if after > 0 {
		tFirst, first = c.Durations[c.At[after-1]], of(after-1)
	}
	part := min(max((time-tFirst)/(tLast-tFirst), 0), 1)
	for i := range last {
		last[i] = first[i] + part*(last[i]-first[i])
	}
	return last
}
