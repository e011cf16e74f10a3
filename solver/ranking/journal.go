package ranking

import (
	"context"
	"fmt"
	"sync"
)

// save keeps what is known after a look.
func (r *race) save() error {
	if r.Journal == nil {
		return nil
	}
	c := &Checkpoint{Looks: r.answer.Looks, Paths: r.answer.Paths}
	for _, d := range r.designs {
		c.Standings, c.Strictly = append(c.Standings, d.Standing), append(c.Strictly, d.strictly)
	}
	return r.Journal.Save(c)
}

// restore goes to the checkpoint. What the open designs' samples say is measured again, each at
// the look that it was measured at.
func (r *race) restore(ctx context.Context) error {
	c := r.Journal.From
	if len(c.Standings) != len(r.designs) || len(c.Strictly) != len(r.designs) || c.Looks < 1 {
		return fmt.Errorf("ranking: a checkpoint of %d designs after %d looks, for %d designs",
			len(c.Standings), c.Looks, len(r.designs))
	}
	r.open = nil
	var numbers []int
	for i, d := range r.designs {
		d.Standing, d.strictly = c.Standings[i], c.Strictly[i]
		if d.State == Open {
			r.open, numbers = append(r.open, d), append(numbers, i)
		}
	}
	var taking sync.Mutex
	if err := r.Journal.Restore(ctx, numbers, func(k int, s *Sample) {
		taking.Lock()
		defer taking.Unlock()
		r.open[k].sample = s
	}); err != nil {
		return err
	}
	r.answer.Looks, r.answer.Paths = c.Looks, c.Paths
	for _, d := range r.open {
		if d.sample == nil || d.sample.Paths != d.Paths {
			return fmt.Errorf("ranking: design %d is not as at the checkpoint", d.number)
		}
		r.spend(d.Look, d.sample)
		r.measure(d)
	}
	if len(r.open) > 0 {
		r.spend(c.Looks, r.open[0].sample)
	}
	return nil
}
