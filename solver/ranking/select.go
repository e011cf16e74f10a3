package ranking

import (
	"cmp"
	"context"
	"slices"

	"budget/solver/estimate"
)

// Select races the designs:
//
//  1. simulate n paths of every design that is left, n = First, 2 First, 4 First, …;
//  2. exclude those that surely break a requirement, accept those that surely meet all within
//     their zones;
//  3. eliminate those that are surely shorter than a leading design;
//  4. stop if an accepted design is surely within δ of every design that is left.
//
// The result depends on the arguments alone unless Extend returns an error; then Answer is what
// was known before, and the error is returned, too.
func Select(ctx context.Context, p Problem, extend Extend) (*Answer, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	r := &race{Problem: &p, answer: &Answer{Chosen: -1, Nearest: -1}}
	for i := range p.Designs {
		d := &design{number: i, Standing: Standing{State: Unsampled, Cap: -1, Lower: -1, Breaks: -1,
			Binding: -1}}
		r.designs, r.open = append(r.designs, d), append(r.open, d)
	}
	var err error
	for paths := p.First; ; paths = min(2*paths, p.Most) {
		if err = r.look(ctx, extend, paths); err != nil {
			r.answer.Outcome = Interrupted
			break
		}
		if done, outcome := r.decided(); done {
			r.answer.Outcome = outcome
			break
		}
		if paths == p.Most {
			r.answer.Outcome = OutOfPaths
			break
		}
	}
	if err == nil && r.answer.Outcome == Infeasible {
		err = r.approach(ctx, extend)
	}
	for _, d := range r.designs {
		r.answer.Standings = append(r.answer.Standings, d.Standing)
	}
	return r.answer, err
}

// look simulates the open designs anew up to a number of paths and judges them. After an error
// designs keep what was known before.
func (r *race) look(ctx context.Context, extend Extend, paths int64) error {
	running := r.open
	if err := r.simulate(ctx, extend, running, paths); err != nil {
		return err
	}
	alpha := estimate.LookAlpha(1-r.Confidence, r.answer.Looks)
	designs, limits := float64(r.Designs), float64(max(len(r.Limits), 1))
	r.pair = ofPairs * alpha / 2 / max(designs-1, 1)
	r.region = ofRegion * alpha / 2 / float64(len(running[0].sample.Curves))
	r.exclusion = ofExclusion * alpha / limits
	r.acceptance = ofAcceptance * alpha / limits / designs
	for _, d := range running {
		d.State = Open
		r.measure(d)
		r.judge(d)
	}
	r.eliminate()
	r.open = slices.DeleteFunc(slices.Clone(running), func(d *design) bool {
		if d.State != Open {
			d.sample = nil // free it
		}
		return d.State != Open
	})
	return nil
}

// leaders returns the open designs that hold, the longest first.
func (r *race) leaders(open []*design, holds func(*design) bool) []*design {
	var all []*design
	for _, d := range open {
		if d.State == Open && holds(d) {
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b *design) int { return cmp.Compare(b.Value, a.Value) })
	return all
}

// eliminate marks the open designs that are surely shorter than a leading design.
func (r *race) eliminate() {
	leaders := r.leaders(r.open, func(d *design) bool { return d.strictly })
	leaders = leaders[:min(len(leaders), eliminators)]
	for _, d := range r.open {
		if d.State != Open {
			continue
		}
		for _, leader := range leaders {
			if leader != d && leader.State == Open &&
				r.longer(leader, d, func(int) int { return 1 }) {
				d.State = Beaten
				break
			}
		}
	}
}

// decided reports whether the race is over, and how it ended.
func (r *race) decided() (bool, Outcome) {
	a := r.answer
	a.Chosen = -1
	if len(r.open) == 0 {
		return true, Infeasible
	}
	accepted := r.leaders(r.open, func(d *design) bool { return d.Accepted })
	if len(accepted) == 0 {
		return false, 0
	}
	a.Chosen = accepted[0].number
	for _, d := range accepted[:min(len(accepted), eliminators)] {
		if !slices.ContainsFunc(r.open, func(o *design) bool {
			return o != d && !r.longer(d, o, func(t int) int { return -r.Within(t) })
		}) {
			a.Chosen = d.number
			return true, Selected
		}
	}
	return false, 0
}
