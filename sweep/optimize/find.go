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
	Best  *Found  // nil if no candidate is known to meet the requirements
	Close []Found // others as good within δ, as far as is known; the best first
	// Leading are the candidates that lead by the best estimates, the best first, if the race
	// ended before any was sure to meet the requirements.
	Leading []Found
	// Prices are what a step of each knob gains or costs, the largest gain first.
	Prices []Price
	// Fronts have the longest caps for so much of a second goal.
	Fronts []Front
	// Screening is how the candidates of Design were chosen from a larger space; nil if all raced.
	Screening *Screening
	// Sessions is the number of sessions simulated: once for candidates that share a plant.
	Sessions int64
	// Even is the number of sessions that an even allocation would have taken for the same
	// guarantee: as many for each candidate as for the one with the most.
	Even int64
}

// The largest numbers of candidates of Result.Close and Result.Leading.
const mostClose, mostLeading = 20, 5

// Find chooses the best candidate of a design. If ctx ends first, the result has what was known
// at the last look, and the error is that of ctx.
func Find(ctx context.Context, d *Design, control sweep.Control) (*Result, error) {
	return Continue(ctx, d, control, nil)
}

// Continue is Find with a journal, from which the race goes on.
func Continue(ctx context.Context, d *Design, control sweep.Control, j *Journal) (*Result, error) {
	var screened *Screening
	if len(d.Candidates) > MostRaced {
		var err error
		if d, screened, err = d.screen(ctx, control); err != nil {
			return nil, err
		}
	}
	e, err := newEvaluator(d, control)
	if err != nil {
		return nil, err
	}
	if control.Case != nil {
		control.Case(0, 1, sweep.Case{Session: d.Name, SessionName: d.Name, Device: solver.Fleet,
			Environment: solver.Mix})
	}
	p := ranking.Problem{Designs: len(d.Candidates), Tolerance: d.Tolerances[0],
		Confidence: d.Confidence, First: min(firstPaths, d.Paths), Most: d.Paths,
		Within: e.within, Quantile: d.Goal.quantile(), Weights: e.besideWeights(),
		Worth: func(i, t int) float64 {
			if t < 0 {
				return 0
			}
			return e.worth(i, e.durations[e.race[t]])
		}}
	for _, q := range d.Requirements {
		p.Limits = append(p.Limits, ranking.Limit{Most: q.Most, Zone: q.Zone})
	}
	p.Journal = e.journal(j)
	a, failed := ranking.Select(ctx, p, func(ctx context.Context, candidates []int, paths int64,
		take func(int, *ranking.Sample)) error {
		return e.each(ctx, candidates, paths, func(k int, s *sample) {
			e.remember(candidates[k], s)
			take(k, e.ranked(candidates[k], s))
		})
	})
	if a == nil {
		return nil, failed
	}
	r := &Result{Design: d, Answer: a, Screening: screened}
	sessions := func() int64 {
		if screened != nil {
			return screened.Runs + e.runs
		}
		return e.runs
	}
	r.Sessions = sessions()
	for _, s := range a.Standings {
		r.Even = max(r.Even, s.Paths*int64(len(a.Standings)))
	}
	if a.Chosen < 0 {
		if a.Outcome != ranking.Infeasible {
			r.lead(e)
		}
		return r, failed
	}
	r.Best = e.found(a.Chosen, latest(a, a.Chosen))
	r.close(e)
	if failed == nil {
		r.Prices, failed = e.prices(ctx, r.Best)
	}
	if failed == nil {
		r.Fronts, failed = e.fronts(ctx, r.Answer, r.Prices)
	}
	r.Sessions = sessions()
	return r, failed
}

// within returns δ at a worth [s]. Where the race looks at every so many durations only, a cap is
// known to a coarse step, which δ must hold too.
func (e *evaluator) within(worth float64) float64 {
	w := max(e.Goal.Within, e.Goal.Relative*worth)
	if e.every > 1 {
		w -= float64(e.every) * e.durations[0]
	}
	return max(w, 0) + 1e-6
}

// close lists the other candidates that are accepted, and as good within δ as far as is known.
func (r *Result) close(e *evaluator) {
	r.Close = r.list(e, mostClose, func(i int) bool {
		return i != r.Chosen && r.Standings[i].Accepted
	})
	g, best := r.Design.Goal, r.Best.Worth.Value
	least := best - max(g.Within, g.Relative*best)
	r.Close = slices.DeleteFunc(r.Close, func(f Found) bool { return f.Worth.Value < least })
}

// lead lists the candidates that lead by the best estimates: those that meet the requirements
// by them, or all if none does.
func (r *Result) lead(e *evaluator) {
	r.Leading = r.list(e, mostLeading, func(i int) bool { return r.Standings[i].Excess <= 1 })
	if len(r.Leading) == 0 {
		r.Leading = r.list(e, mostLeading, func(int) bool { return true })
	}
}

// list returns some candidates that are in the race, those worth most first, and at
// most a number of them.
func (r *Result) list(e *evaluator, most int, which func(i int) bool) []Found {
	var all []Found
	for i, s := range r.Standings {
		if s.State == ranking.Open && r.Samples[i] != nil && which(i) {
			all = append(all, *e.found(i, latest(r.Answer, i)))
		}
	}
	slices.SortStableFunc(all, func(a, b Found) int {
		return cmp.Compare(b.Worth.Value, a.Worth.Value)
	})
	return all[:min(len(all), most)]
}
