package incidence

import (
	"math"
	"slices"

	"budget/model"
	"budget/solver/estimate"
)

// Summaries reads what Reader.Summary does under all rules of an account that keeps
// histories and has one segment, eight rules side by side, and gives take the curves
// under the rules with a number, in any order, on several goroutines. The account keeps
// no history then.
func (a *Account) Summaries(at []int, spread Spread, take func(number int, c Curves)) {
	t := newTimeline(a.segments[0], a.rules[0].steps, spread)
	// Those whose grants are used up alike go together, which saves work. Batches need
	// room, so workers keep theirs.
	order := make([]int, len(a.rules))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return a.rules[i].compareGrants(a.rules[j]) })
	n := (len(order) + lanes - 1) / lanes
	batches := make([]*batch, n) // by worker, of which there are no more
	spread(n, func(worker, i int) {
		if batches[worker] == nil {
			batches[worker] = newBatch(t, a.rules[0].steps, at)
		}
		numbers := order[i*lanes : min((i+1)*lanes, len(order))]
		rules := make([]*Rules, len(numbers))
		for lane, number := range numbers {
			rules[lane] = a.rules[number]
		}
		for lane, c := range batches[worker].curves(rules, a.batch, a.tilted) {
			take(numbers[lane], c)
		}
	})
}

// curves follows the paths under up to eight rules and returns the curves under each.
func (b *batch) curves(rules []*Rules, k *batchKernel, tilted bool) []Curves {
	blocks := b.timeline.blocks
	times := rules[0].steps - rules[0].first + 1
	curves := make([]Curves, len(rules))
	for lane := range curves {
		c := &curves[lane]
		c.Reading = rules[lane].reading
		c.Failure.Moments, c.Resigned.Values, c.Binding = make([]estimate.Moments, times), make([]float64,
			times), make([]model.Cause, times)
	}
	b.run(rules, k, func(i int, causes *[slotSum]perLane) {
		for lane := range curves {
			c := &curves[lane]
			c.Resigned.Values[i] = chain(nil).value(0, causes[model.Resigned][lane]/float64(blocks))
			most := -1.0
			for _, cause := range rules[lane].failures {
				if p := causes[cause][lane]; p > most {
					c.Binding[i], most = cause, p
				}
			}
		}
	})
	paths := effective(b.timeline.paths, blocks, tilted)
	for lane, r := range rules {
		c := &curves[lane]
		last := b.last - b.first
		for i := range times {
			if i > last { // all stays as it is
				c.Failure.Moments[i], c.Binding[i] = c.Failure.Moments[last], c.Binding[last]
				c.Resigned.Values[i] = c.Resigned.Values[last]
				continue
			}
			c.Failure.Moments[i] = momentsOf(b.failed[i].lane(lane), blocks, paths,
				r.largest(Meaning, slotSum, i))
		}
		c.Ended[AsUsed] = make([]estimate.Curve, slots)
		for j, i := range b.at {
			for slot := range slots {
				ended := &c.Ended[AsUsed][slot]
				ended.Moments = append(ended.Moments,
					momentsOf(b.ended[j][slot].lane(lane), blocks, paths, r.largest(AsUsed, slot, i)))
			}
			means := make([]float64, replicates)
			for n := range means {
				means[n] = b.means[j][n][lane]
				if b.timeline.replicates[n].scale == 0 {
					means[n] = math.NaN()
				}
			}
			c.Replicates = append(c.Replicates, means)
		}
	}
	return curves
}
