package sweep

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"budget/solver/estimate"
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
	A, B                float64
	Value, Lower, Upper float64
}

// Significant tells whether the interval leaves zero out.
func (d Difference) Significant() bool { return d.Lower > 0 || d.Upper < 0 }

// Compared is a cell on both sides, for a session type under a reading.
type Compared struct {
	Values           []string // by Comparison.Columns
	Session, Reading string
	Durations        []float64    // [s], of Failure
	Failure          []Difference // of a user who means to finish
	Tolerances       []float64    // of Caps
	Caps             []CapDifference
}

// CapDifference is how much longer the cap of B is [s]. A and B are the safe caps; the
// difference is that of the best estimates, which do not depend on how sure one wants to
// be.
type CapDifference struct{ Difference }

// Comparison is what two sides have in common, and what is different.
type Comparison struct {
	Columns []string // that tell cells apart
	Cells   []Compared
	Paired  bool // the same sessions on both sides
	// OnlyA and OnlyB count cells that the other side does not have.
	OnlyA, OnlyB int
	Changed      []string // what differs in the inputs, as "key: A → B"
}

// curves are what a comparison needs of a cell.
type curves struct {
	durations []float64
	failure   []estimate.Moments // by duration
	nets      [][]float64        // by at
	at        []int              // durations with nets
	caps      map[float64]float64
}

// CompareSwept compares two finished sweeps: cells that have the same levels. confidence
// is that of every interval by itself.
func CompareSwept(a, b *Results, confidence float64) (*Comparison, error) {
	for _, r := range []*Results{a, b} {
		if r.Plan == nil {
			return nil, fmt.Errorf("%s is no sweep: budget caps keeps nothing that could be compared path by path", r.Dir)
		}
	}
	c := &Comparison{Paired: a.Plan.Seed == b.Plan.Seed && a.Plan.PathsPerCell == b.Plan.PathsPerCell && a.Plan.Sampling == b.Plan.Sampling,
		Changed: changes(*a.Plan, *b.Plan)}
	columns, err := commonColumns(a, b)
	if err != nil {
		return nil, err
	}
	c.Columns = columns
	type sided struct {
		*ResultCell
		reading string
	}
	keyOf := func(r *Results, cell sided) (values []string, key string) {
		for _, name := range columns {
			values = append(values, cell.Values[r.column(name)])
		}
		return values, fmt.Sprintf("%q %s %s", values, cell.Session, cell.reading)
	}
	byReading := func(r *Results) (all []sided) {
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
		ca, err := cell.curves(cell.reading)
		if err != nil {
			return nil, err
		}
		cb, err := other.curves(other.reading)
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

// curves returns what a comparison needs of a cell under a reading.
func (c *ResultCell) curves(reading string) (*curves, error) {
	all, err := c.Curves()
	if err != nil {
		return nil, err
	}
	r, err := all.reading(reading)
	if err != nil {
		return nil, err
	}
	caps := map[float64]float64{}
	for _, row := range c.Caps {
		if row.Reading == reading {
			caps[row.Tolerance] = row.Cap
		}
	}
	return newCurves(all.block, r, all.kept, caps), nil
}

// newCurves takes what a comparison needs out of a block.
func newCurves(b *block, r int, kept []float64, caps map[float64]float64) *curves {
	return &curves{b.durations, b.last().Readings[r].Failure.Moments, b.byReading[r].nets, indices(b.durations, kept), caps}
}

// commonColumns returns the columns that tell cells apart on both sides. One that the
// other side does not have must be the same in all cells.
func commonColumns(a, b *Results) ([]string, error) {
	for _, pair := range [][2]*Results{{a, b}, {b, a}} {
		for i, column := range pair[0].Columns {
			name := column.Name
			if pair[1].column(name) >= 0 {
				continue
			}
			for _, cell := range pair[0].Cells {
				if cell.Values[i] != pair[0].Cells[0].Values[i] {
					return nil, fmt.Errorf("%s varies %s, which %s does not know: cells have no counterpart", pair[0].Dir, name, pair[1].Dir)
				}
			}
		}
	}
	var columns []string
	for _, column := range a.Columns {
		if b.column(column.Name) >= 0 {
			columns = append(columns, column.Name)
		}
	}
	return columns, nil
}

// ComparePlans simulates the cells of two plans, which have as many each, and compares
// them in their order.
func ComparePlans(ctx context.Context, a, b *Plan, confidence float64, control FillControl) (*Comparison, error) {
	c := &Comparison{Paired: a.Seed == b.Seed && a.Paths == b.Paths && a.Sampling == b.Sampling,
		Changed: changes(a.provenance([]Writer{{}}), b.provenance([]Writer{{}}))}
	for _, axis := range a.Axes {
		c.Columns = append(c.Columns, axis.Name)
	}
	for _, session := range a.Sessions {
		for i := range a.cells {
			sides := make([][]*curves, 2)
			for k, p := range []*Plan{a, b} {
				var err error
				if sides[k], err = p.curves(ctx, p.cells[i], session, control); err != nil {
					return nil, err
				}
			}
			for r := range sides[0] {
				found := compare(sides[0][r], sides[1][r], c.Paired, confidence)
				found.Session, found.Reading = session, string(a.Readings[r])
				for _, level := range a.Levels(a.cells[i]) {
					found.Values = append(found.Values, level.Label)
				}
				c.Cells = append(c.Cells, found)
			}
		}
	}
	return c, nil
}

// curves simulates a cell for a session type, and returns what its paths say by reading.
func (p *Plan) curves(ctx context.Context, cell Cell, session string, control FillControl) ([]*curves, error) {
	w := &filling{plan: p, control: control, settings: p.solving(control), journal: &Journal{}}
	blocks, err := w.find(ctx, Unit{session, []Cell{cell}})
	if err != nil {
		return nil, err
	}
	b, err := readBlock(blocks[0].payload)
	if err != nil {
		return nil, err
	}
	var all []*curves
	for r, reading := range p.Readings {
		c := newCurves(b, r, p.Durations[session], map[float64]float64{})
		facts, err := p.factsOf(cell)
		if err != nil {
			return nil, err
		}
		rows := p.rows(cell, session, facts, b)
		for _, row := range rows.swept {
			if row.Reading == reading {
				c.caps[row.Tolerance] = row.Cap
			}
		}
		all = append(all, c)
	}
	return all, nil
}

// compare finds the differences between two sides of a cell.
func compare(a, b *curves, paired bool, confidence float64) Compared {
	var c Compared
	alpha := (1 - confidence) / 2
	for j, i := range a.at {
		k := slices.IndexFunc(b.at, func(k int) bool { return math.Abs(b.durations[k]-a.durations[i]) < 1e-6 })
		if k < 0 {
			continue
		}
		c.Durations, c.Failure = append(c.Durations, a.durations[i]), append(c.Failure, failureDifference(a, b, j, k, paired, alpha))
	}
	for tolerance := range a.caps {
		if _, ok := b.caps[tolerance]; ok {
			c.Tolerances = append(c.Tolerances, tolerance)
		}
	}
	slices.Sort(c.Tolerances)
	for _, tolerance := range c.Tolerances {
		d := capDifference(a, b, tolerance, paired, alpha)
		d.A, d.B = a.caps[tolerance], b.caps[tolerance]
		c.Caps = append(c.Caps, CapDifference{d})
	}
	return c
}

// failureDifference returns the difference of the failure at the j-th and k-th duration with
// nets.
func failureDifference(a, b *curves, j, k int, paired bool, alpha float64) Difference {
	ma, mb := a.failure[a.at[j]], b.failure[b.at[k]]
	d := difference(ma.Mean(), mb.Mean(), a.nets[j], b.nets[k], paired, alpha)
	// Paths not seen may yet fail on one side alone.
	room := -math.Log(alpha) / float64(min(ma.Paths, mb.Paths))
	d.Lower, d.Upper = max(d.Lower-room, -1), min(d.Upper+room, 1)
	return d
}

// capDifference returns the difference of the best estimates of caps.
func capDifference(a, b *curves, tolerance float64, paired bool, alpha float64) Difference {
	pa, pb := a.crossing(tolerance), b.crossing(tolerance)
	d := difference(pa.time, pb.time, pa.nets, pb.nets, paired, alpha)
	if d.Lower < d.Upper { // a crossing is known to a step
		d.Lower, d.Upper = d.Lower-a.durations[0], d.Upper+b.durations[0]
	}
	return d
}

// difference returns the difference of two means with its interval, from the values of
// nets, which are about any centre.
func difference(meanA, meanB float64, a, b []float64, paired bool, alpha float64) Difference {
	d := Difference{A: meanA, B: meanB, Value: meanB - meanA}
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
func (c *curves) crossing(tolerance float64) crossing {
	failure := c.failure
	n := len(failure)
	i := 0 // the first that exceeds it
	for i < n && failure[i].Mean() <= tolerance {
		i++
	}
	step := c.durations[0]
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
func (c *curves) deviations(time float64) []float64 {
	if len(c.at) == 0 {
		return nil
	}
	after := 0
	for after < len(c.at)-1 && c.durations[c.at[after]] < time {
		after++
	}
	of := func(j int) []float64 {
		mean := c.failure[c.at[j]].Mean()
		out := slices.Clone(c.nets[j])
		for i := range out {
			out[i] -= mean
		}
		return out
	}
	last := of(after)
	tLast := c.durations[c.at[after]]
	tFirst, first := 0.0, make([]float64, len(last))
	if after > 0 {
		tFirst, first = c.durations[c.at[after-1]], of(after-1)
	}
	part := min(max((time-tFirst)/(tLast-tFirst), 0), 1)
	for i := range last {
		last[i] = first[i] + part*(last[i]-first[i])
	}
	return last
}
