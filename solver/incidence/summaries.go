package incidence

import (
	"cmp"
	"math"
	"slices"

	"budget/model"
	"budget/solver/estimate"
)

// Summaries returns the curves of Reader.Summary for the rules with some numbers, of an account
// that keeps histories and has one segment. It evaluates eight rules at a time and passes the
// curves of each to take, in any order, from several goroutines. If it is the last reading, it
// frees the account's histories.
func (a *Account) Summaries(numbers, at []int, ends, last bool, spread Spread,
	take func(number int, c Curves)) {
	t := newTimeline(a.segments[0], a.rules[0].steps, last, spread)
	// Rules whose grants are used up in the same way go into the same batch, which
	// saves work; the same causes must count as failures. Batches need much memory, so each
	// worker reuses its own.
	order := slices.Clone(numbers)
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(slices.Compare(a.rules[i].failures, a.rules[j].failures),
			a.rules[i].compareGrants(a.rules[j]))
	})
	var together [][]int
	for len(order) > 0 {
		n := 1
		for n < min(len(order), lanes) &&
			slices.Equal(a.rules[order[n]].failures, a.rules[order[0]].failures) {
			n++
		}
		together, order = append(together, order[:n]), order[n:]
	}
	batches := make([]*batch, len(together)) // by worker
	spread(len(together), func(worker, i int) {
		if batches[worker] == nil {
			batches[worker] = newBatch(t, a.rules[0].steps, at, ends)
		}
		numbers := together[i]
		rules := make([]*Rules, len(numbers))
		for lane, number := range numbers {
			rules[lane] = a.rules[number]
		}
		for lane, c := range batches[worker].curves(rules, a.batch, a.tilted) {
			take(numbers[lane], c)
		}
	})
}

// curves evaluates the paths under up to eight rules and returns the curves of each.
func (b *batch) curves(rules []*Rules, k *batchKernel, tilted bool) []Curves {
	blocks := b.timeline.blocks
	times := rules[0].steps - rules[0].first + 1
	curves := make([]Curves, len(rules))
	for lane := range curves {
		c := &curves[lane]
		c.Reading = rules[lane].reading
		c.Failure.Moments, c.Binding = make([]estimate.Moments, times), make([]model.Cause, times)
		c.Resigned.Values, c.Unfinished.Values = make([]float64, times), make([]float64, times)
	}
	b.run(rules, k, func(i int, causes *causeSums) {
		for lane := range curves {
			c := &curves[lane]
			share := func(x float64) float64 {
				return chain(nil).value(0, x/float64(b.started[lane]))
			}
			c.Resigned.Values[i] = share(causes[amongStarting][model.Resigned][lane])
			all := 0.0
			for cause, x := range causes[amongStarting] {
				if rules[lane].countsRefused || model.Cause(cause) != model.Refused {
					all += x[lane]
				}
			}
			c.Unfinished.Values[i] = share(all)
			most := -1.0
			for _, cause := range rules[lane].failures {
				if p := causes[amongAll][cause][lane]; p > most {
					c.Binding[i], most = cause, p
				}
			}
		}
	})
	paths := effective(b.timeline.paths, blocks, tilted)
	for lane, r := range rules {
		c := &curves[lane]
		last := b.last - b.first
		largest := r.largest(AsUsed, int(model.Refused), 0)
		refused := momentsOf(b.refused.lane(lane), blocks, paths, largest)
		c.Refused.Moments = []estimate.Moments{refused}
		start := paths // in the view Meaning
		if !r.countsRefused {
			start = starting(paths, b.refused.sum[lane]/float64(blocks), b.started[lane])
		}
		given := func(means *blockMeans, slot, i int) estimate.Moments {
			return momentsOf(means.lane(lane), b.started[lane], start, r.largest(Meaning, slot, i))
		}
		for i := range times {
			if i > last { // nothing changes any more
				c.Failure.Moments[i], c.Binding[i] = c.Failure.Moments[last], c.Binding[last]
				c.Resigned.Values[i] = c.Resigned.Values[last]
				c.Unfinished.Values[i] = c.Unfinished.Values[last]
				continue
			}
			c.Failure.Moments[i] = given(&b.failed[i], slotFailed, i)
		}
		if b.ends {
			c.Ended = newEnded()
		}
		for j, i := range b.at {
			for slot := 0; b.ends && slot <= slotAll; slot++ {
				ended := &c.Ended[AsUsed][slot]
				ended.Moments = append(ended.Moments,
					momentsOf(b.ended[j][slot].lane(lane), blocks, paths, r.largest(AsUsed, slot, i)))
			}
			if b.ends {
				all := &c.Ended[Meaning][slotAll]
				all.Moments = append(all.Moments, given(&b.unfinished[j], slotAll, i))
			}
			means := make([]float64, replicates)
			for n := range means {
				means[n] = b.means[j][n][lane]
				if b.timeline.replicates[n].scale == 0 || b.state[n].starts[lane] == 0 {
					means[n] = math.NaN()
				}
			}
			c.Replicates = append(c.Replicates, means)
		}
	}
	return curves
}
