package ranking

import (
	"context"
	"math"
	"slices"
)

// approach finds the design that breaks its requirements least, where all are infeasible: the
// least, over designs, of the largest excess of a requirement. Designs whose excess is surely not
// the least leave; it ends when the least excess is known to half a zone, or at Most.
func (r *race) approach(ctx context.Context, extend Extend) error {
	alpha := (1 - r.Confidence) / 2 / float64(r.Designs)
	lower := func(s Share) float64 { return s.Interval(alpha, 0).Lower }
	upper := func(s Share) float64 { return s.Interval(0, alpha).Upper }
	open := slices.Clone(r.designs)
	for paths := r.First; ; paths = min(2*paths, r.Most) {
		if err := r.simulate(ctx, extend, open, func(*design) int64 { return paths }); err != nil {
			return err
		}
		least, bound := math.Inf(1), math.Inf(1)
		for _, d := range open {
			d.Excess, d.Binding = d.excess(r.Limits, Share.Mean)
			if d.Excess < least {
				least, r.answer.Nearest = d.Excess, d.number
			}
			most, _ := d.excess(r.Limits, upper)
			bound = min(bound, most)
		}
		nearest := r.designs[r.answer.Nearest]
		least, _ = nearest.excess(r.Limits, lower)
		limit := r.Limits[nearest.Binding]
		if paths == r.Most || bound-least <= limit.Zone/limit.Most/2 {
			return nil
		}
		open = slices.DeleteFunc(open, func(d *design) bool {
			of, _ := d.excess(r.Limits, lower)
			return of > bound
		})
	}
}
