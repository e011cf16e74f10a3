package optimize

import (
	"cmp"
	"context"
	"slices"

	"budget/solver/ranking"
)

// Front are the candidates that meet the requirements and have the longest cap for so much of an
// aspect: no other is at least as good in one and better in the other, by best estimates.
type Front struct {
	Aspect Aspect
	Points []FrontPoint // the best of the aspect first, so that caps ascend
	// Amounts is how much of the aspect each candidate has.
	Amounts []float64
}

// FrontPoint is a candidate on a front.
type FrontPoint struct {
	Found
	Amount float64 // of the aspect
}

// frontPaths is the least number of paths of a candidate on a front.
const frontPaths = 1 << 13

// mostFrontLooks bounds how often candidates that a front lacks are simulated: others may take the
// place of those that look worse with more paths.
const mostFrontLooks = 8

// fronts finds the fronts of all aspects that vary, in the order of Aspects.
func (e *evaluator) fronts(ctx context.Context, a *ranking.Answer) ([]Front, error) {
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
		if s != nil && s.Paths >= min(frontPaths, e.Paths) {
			f.found[i] = e.found(i, latest(a, i))
		}
	}
	for range mostFrontLooks {
		var missing []int
		for _, aspect := range Aspects() {
			for _, i := range f.of(less[aspect], true) {
				if f.found[i] == nil && !slices.Contains(missing, i) {
					missing = append(missing, i)
				}
			}
		}
		if len(missing) == 0 {
			break
		}
		slices.Sort(missing)
		if err := e.each(ctx, missing, min(frontPaths, e.Paths), func(k int, s *sample) {
			f.found[missing[k]] = e.found(missing[k], s)
		}); err != nil {
			return nil, err
		}
	}
	var all []Front
	for _, aspect := range Aspects() {
		amount, varies := amounts[aspect]
		if !varies {
			continue
		}
		front := Front{Aspect: aspect, Amounts: amount}
		for _, i := range f.of(less[aspect], false) {
			front.Points = append(front.Points, FrontPoint{*f.found[i], amount[i]})
		}
		all = append(all, front)
	}
	return all, nil
}

// fronts is what is known while fronts are found.
type fronts struct {
	*evaluator
	*ranking.Answer
	found []*Found // by candidate, nil where there are too few paths
}

// of returns the candidates on the front of an amount of which less is better, the least first. If
// rough, those that are not found yet take part with what the race knows of them.
func (f *fronts) of(less []float64, rough bool) []int {
	if less == nil {
		return nil // it does not vary
	}
	var all []int
	best := map[int]float64{}
	for i := range f.Candidates {
		switch found, s := f.found[i], &f.Standings[i]; {
		case found != nil && f.meets(found):
			best[i] = found.Best
		case found == nil && rough && s.State != ranking.Unsampled && s.State != ranking.Excluded &&
			s.Excess <= 1:
			best[i] = s.Worth
		default:
			continue
		}
		all = append(all, i)
	}
	slices.SortStableFunc(all, func(a, b int) int {
		first := 0
		if b == f.Chosen {
			first = 1
		}
		if a == f.Chosen {
			first = -1
		}
		return cmp.Or(cmp.Compare(less[a], less[b]), cmp.Compare(best[b], best[a]), first)
	})
	var front []int
	for _, i := range all {
		if len(front) == 0 || best[i] > best[front[len(front)-1]] {
			front = append(front, i)
		}
	}
	return front
}

// meets reports whether a candidate meets the requirements by its best estimates.
func (f *fronts) meets(found *Found) bool {
	for r, q := range f.Requirements {
		if found.Shares[r].Value > q.Most {
			return false
		}
	}
	return true
}
