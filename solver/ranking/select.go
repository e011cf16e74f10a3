package ranking

import (
	"context"
	"slices"
)

// Select races the designs:
//
//  1. simulate First paths of every design, at later looks twice as many as before of the
//     leading ones and of those that may be better by more than δ;
//  2. exclude those that surely break a requirement, accept those that surely meet all within
//     their zones;
//  3. eliminate those that are surely worse than a leading design;
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
		d := &design{number: i, Standing: Standing{State: Unsampled, Breaks: -1, Binding: -1}}
		r.designs, r.open = append(r.designs, d), append(r.open, d)
	}
	var err error
	resumes := p.Journal != nil && p.Journal.From != nil
	if resumes {
		if err = r.restore(ctx); err != nil {
			return nil, err
		}
	}
	for running := r.open; ; {
		if !resumes {
			err = r.look(ctx, extend, running)
			if err == nil {
				err = r.save()
			}
		}
		if resumes = false; err != nil {
			r.answer.Outcome = Interrupted
			break
		}
		if done, outcome := r.decided(); done {
			r.answer.Outcome = outcome
			break
		}
		if running = r.next(); len(running) == 0 {
			r.answer.Outcome = OutOfPaths
			break
		}
	}
	if err == nil && r.answer.Outcome == Infeasible {
		err = r.approach(ctx, extend)
	}
	for _, d := range r.designs {
		r.answer.Standings = append(r.answer.Standings, d.Standing)
		r.answer.Samples = append(r.answer.Samples, d.sample)
	}
	return r.answer, err
}

// look adds paths to some of the open designs and judges them. What it concludes of others rests
// on what is known of them, for which an earlier look has paid. After an error designs keep what
// was known before.
func (r *race) look(ctx context.Context, extend Extend, running []*design) error {
	if err := r.simulate(ctx, extend, running, func(d *design) int64 {
		return min(max(2*d.Paths, r.First), r.Most)
	}); err != nil {
		return err
	}
	r.spend(r.answer.Looks, running[0].sample)
	for _, d := range running {
		d.State = Open
		r.measure(d)
		r.judge(d)
	}
	r.eliminate()
	r.open = slices.DeleteFunc(slices.Clone(r.open), func(d *design) bool {
		if d.State != Open {
			d.sample = nil // free it
		}
		return d.State != Open
	})
	return nil
}

// eliminate marks the open designs that are surely worse than a leading design.
func (r *race) eliminate() {
	leaders := r.leaders(r.open, func(d *design) bool { return d.strictly })
	leaders = leaders[:min(len(leaders), eliminators)]
	for _, d := range r.open {
		if d.State != Open {
			continue
		}
		for _, leader := range leaders {
			if leader != d && leader.State == Open &&
				r.surely(leader, d, better) {
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
			return o != d && !r.surely(d, o, within)
		}) {
			a.Chosen = d.number
			return true, Selected
		}
	}
	return false, 0
}

// mostAhead is by which factor the leading designs may have more paths than others.
const mostAhead = 8

// next returns the open designs that the next look extends. The race mostly waits for a leading
// design whose value is not yet sure enough, so that leaders run ahead. Another design waits if it
// surely is at most δ better than the best estimate of the first leader.
func (r *race) next() []*design {
	extensible := func(d *design) bool { return d.Paths < r.Most }
	leaders := r.leaders(r.open, func(d *design) bool { return d.Accepted })
	leaders = leaders[:min(len(leaders), eliminators)]
	var running []*design
	for _, d := range r.open {
		if extensible(d) && (len(leaders) == 0 || slices.Contains(leaders, d) ||
			r.may(d)-r.Within(r.may(d)) > leaders[0].Worth ||
			d.Paths <= leaders[0].Paths/mostAhead) {
			running = append(running, d)
		}
	}
	if len(running) > 0 {
		return running
	}
	return slices.DeleteFunc(slices.Clone(r.open), func(d *design) bool { return !extensible(d) })
}
