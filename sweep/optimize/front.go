package optimize

import (
	"cmp"
	"context"
	"slices"

	"budget/solver/estimate"
	"budget/solver/ranking"
)

// Front are the candidates that meet the requirements and have the longest time (the cap, or what
// else is maximized, without the values of levels) for so much of an
// aspect: no other is at least as good in one and better in the other, by best estimates. Of
// several with as much of the aspect, it has the one that differs from the chosen one in the
// fewest knobs, unless another is surely longer.
type Front struct {
	Aspect Aspect
	Points []FrontPoint // the best of the aspect first, so that caps ascend
	// Amounts is how much of the aspect each candidate has.
	Amounts []float64
}

// FrontPoint is a candidate on a front.
type FrontPoint struct {
	Found
	Amount float64           // of the aspect
	Time   estimate.Estimate // the worth without the value of the candidate's levels [s]
}

// frontPaths is the least number of paths of a candidate on a front.
const frontPaths = 1 << 13

// mostFrontLooks bounds how often candidates that a front lacks are simulated: others may take the
// place of those that look worse with more paths.
const mostFrontLooks = 8

// fronts finds the fronts of all aspects that vary, in the order of Aspects. Of the candidates of
// the price list more is known than the race found.
func (e *evaluator) fronts(ctx context.Context, a *ranking.Answer, known []Price) (
	[]Front, error) {
	amounts, err := e.amounts()
	if err != nil || len(amounts) == 0 {
		return nil, err
	}
	less := map[Aspect][]float64{} // of which less is better
	for aspect, amount := range amounts {
		less[aspect] = slices.Clone(amount)
		for i := range amount {
			if aspect.More() {
				less[aspect][i] = -amount[i]
			}
		}
	}
	f := &fronts{evaluator: e, Answer: a, found: make([]*Found, len(e.Candidates))}
	for i, s := range a.Samples {
		if s != nil {
			f.found[i] = e.found(i, latest(a, i))
		}
	}
	for i := range known {
		f.found[known[i].Candidate] = &known[i].Found
	}
	if err := f.refine(ctx, less, min(frontPaths, e.Paths)); err != nil {
		return nil, err
	}
	var all []Front
	for _, aspect := range Aspects() {
		amount, varies := amounts[aspect]
		if !varies {
			continue
		}
		front := Front{Aspect: aspect, Amounts: amount}
		for _, i := range f.of(less[aspect], false) {
			w := f.found[i].Worth
			front.Points = append(front.Points, FrontPoint{*f.found[i], amount[i], estimate.Estimate{
				Value: f.minutes(i, w.Value), Interval: estimate.Interval{
					Lower: f.minutes(i, w.Lower), Upper: f.minutes(i, w.Upper)}}})
		}
		all = append(all, front)
	}
	return all, nil
}

// fronts is what is known while fronts are found.
type fronts struct {
	*evaluator
	*ranking.Answer
	found []*Found // by candidate, nil of those that left the race
	paths int64    // fewer are too few
}

// refine simulates candidates until all that are on a front have a number of paths.
func (f *fronts) refine(ctx context.Context, less map[Aspect][]float64, paths int64) error {
	f.paths = paths
	for range mostFrontLooks {
		var missing []int
		add := func(i int) {
			if !f.enough(i) && !slices.Contains(missing, i) {
				missing = append(missing, i)
			}
		}
		add(f.Chosen)
		for _, aspect := range Aspects() {
			for _, i := range f.of(less[aspect], true) {
				add(i)
			}
		}
		if len(missing) == 0 {
			return nil
		}
		slices.Sort(missing)
		if err := f.each(ctx, missing, paths, func(k int, s *sample) {
			f.found[missing[k]] = f.evaluator.found(missing[k], s)
		}); err != nil {
			return err
		}
	}
	return nil
}

// enough reports whether a candidate has enough paths.
func (f *fronts) enough(i int) bool { return f.found[i] != nil && f.found[i].Paths >= f.paths }

// of returns the candidates on the front of an amount of which less is better, the least first. If
// rough, those with too few paths take part with what is known of them.
func (f *fronts) of(less []float64, rough bool) []int {
	if less == nil {
		return nil // it does not vary
	}
	var all []int
	best, lower := map[int]float64{}, map[int]float64{}
	for i := range f.Candidates {
		switch found, s := f.found[i], &f.Standings[i]; {
		case found != nil && (rough || f.enough(i)):
			if !s.Accepted && !f.meets(found) {
				continue
			}
			best[i], lower[i] = f.minutes(i, found.Worth.Value), f.minutes(i, found.Worth.Lower)
		case found == nil && rough && s.State != ranking.Unsampled && s.State != ranking.Excluded &&
			(s.Accepted || s.Excess <= 1):
			best[i], lower[i] = f.minutes(i, s.Worth), f.minutes(i, s.Lower)
			if f.Goal.Maximize == Cap { // caps in the race are rounded down to its coarse steps
				best[i] += float64(f.every-1) * f.durations[0]
			}
		default:
			continue
		}
		all = append(all, i)
	}
	slices.SortStableFunc(all, func(a, b int) int {
		return cmp.Or(cmp.Compare(less[a], less[b]), cmp.Compare(f.steps(a), f.steps(b)),
			cmp.Compare(best[b], best[a]))
	})
	var front []int
	for k := 0; k < len(all); {
		i, at := all[k], less[all[k]]
		for ; k < len(all) && less[all[k]] == at; k++ {
			if lower[all[k]] > best[i] {
				i = all[k]
			}
		}
		if len(front) == 0 || best[i] > best[front[len(front)-1]] {
			front = append(front, i)
		}
	}
	return front
}

// minutes returns the time behind a worth, without the value of the candidate's levels [s].
func (e *evaluator) minutes(i int, worth float64) float64 { return worth / e.Candidates[i].Value }

// steps returns in how many knobs a candidate differs from the chosen one.
func (f *fronts) steps(i int) (n int) {
	chosen := f.Candidates[f.Chosen].Cells[0]
	for _, axis := range f.Knobs {
		if f.Candidates[i].Cells[0].Level(axis) != chosen.Level(axis) {
			n++
		}
	}
	return n
}

// meets reports whether a candidate meets the requirements, surely or by its best estimates.
func (f *fronts) meets(found *Found) bool {
	if f.Standings[found.Candidate].Accepted {
		return true // within the zones
	}
	for r, q := range f.Requirements {
		if found.Shares[r].Value > q.Most {
			return false
		}
	}
	return true
}
