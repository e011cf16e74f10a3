package optimize

import (
	"cmp"
	"context"
	"slices"

	"budget/solver"
	"budget/solver/ranking"
	"budget/sweep"
)

// firstPaths is the number of paths of the first look.
const firstPaths = 2048

// Result is the answer to a design file.
type Result struct {
	Design *Design
	*ranking.Answer
	Step  float64 // between two caps that the race tells apart [s]
	Best  *Found  // nil if no candidate is known to meet the requirements
	Close []Found // others as good within δ, as far as is known; the longest first
	// Prices are what a step of each knob gains or costs, the largest gain first.
	Prices []Price
	// Sessions is the number of sessions simulated: once for candidates that share a plant.
	Sessions int64
	// Even is the number of sessions that an even allocation would have taken for the same
	// guarantee: as many for each candidate as for the one with the most, in every look.
	Even int64
}

// mostClose is the largest number of candidates of Result.Close.
const mostClose = 20

// Find chooses the best candidate of a design. If ctx ends first, the result has what was known
// at the last look, and the error is that of ctx.
func Find(ctx context.Context, d *Design, control sweep.Control) (*Result, error) {
	e, err := newEvaluator(d, control)
	if err != nil {
		return nil, err
	}
	if control.Case != nil {
		control.Case(0, 1, sweep.Case{Session: d.Name, SessionName: d.Name, Device: solver.Fleet,
			Environment: solver.Mix})
	}
	step := float64(e.every) * e.durations[0]
	p := ranking.Problem{Designs: len(d.Candidates), Tolerance: d.Tolerances[0],
		Confidence: d.Confidence, First: min(firstPaths, d.Paths), Most: d.Paths,
		Within: func(t int) int { return d.steps(float64(t+1)*step, step, e.every) }}
	for _, q := range d.Requirements {
		p.Limits = append(p.Limits, ranking.Limit{Most: q.Most, Zone: q.Zone})
	}
	latest := make([]*sample, len(d.Candidates)) // of candidates still in the race
	a, failed := ranking.Select(ctx, p, func(ctx context.Context, candidates []int, paths int64,
		take func(int, *ranking.Sample)) error {
		next := make([]*sample, len(d.Candidates))
		err := e.each(ctx, candidates, paths, func(k int, s *sample) {
			next[candidates[k]] = s
			take(k, e.ranked(candidates[k], s))
		})
		if err == nil {
			latest = next
		}
		return err
	})
	if a == nil {
		return nil, failed
	}
	r := &Result{Design: d, Answer: a, Step: step, Sessions: e.runs}
	r.even()
	if a.Chosen < 0 || latest[a.Chosen] == nil {
		return r, failed
	}
	r.Best = e.found(a.Chosen, latest[a.Chosen], a.Standings[a.Chosen].Paths)
	r.close(e, latest)
	if failed == nil {
		r.Prices, failed = e.prices(ctx, r.Best)
		r.Sessions = e.runs
	}
	return r, failed
}

// steps returns δ in coarse steps, at a cap [s]. Where replicates are at every so many durations
// only, a cap is known to a coarse step, which δ must hold too.
func (d *Design) steps(cap, step float64, every int) int {
	n := int(max(d.Goal.Within, d.Goal.Relative*cap)/step + 1e-9)
	if every > 1 {
		n--
	}
	return max(n, 0)
}

// close lists the other candidates that are accepted, and as good within δ as far as is known.
func (r *Result) close(e *evaluator, latest []*sample) {
	for i := range r.Standings {
		s := &r.Standings[i]
		if i == r.Chosen || s.State != ranking.Open || !s.Accepted || latest[i] == nil {
			continue
		}
		f := e.found(i, latest[i], s.Paths)
		if f.Best >= r.Best.Best-max(r.Design.Goal.Within, r.Design.Goal.Relative*r.Best.Best) {
			r.Close = append(r.Close, *f)
		}
	}
	slices.SortStableFunc(r.Close, func(a, b Found) int { return cmp.Compare(b.Best, a.Best) })
	r.Close = r.Close[:min(len(r.Close), mostClose)]
}

// even counts the paths of an even allocation: as many of every candidate as of the one with the
// most, and the looks before.
func (r *Result) even() {
	most := int64(0)
	for _, s := range r.Standings {
		most = max(most, s.Paths)
	}
	for paths := min(firstPaths, r.Design.Paths); paths <= most; paths *= 2 {
		r.Even += paths * int64(len(r.Standings))
	}
}
