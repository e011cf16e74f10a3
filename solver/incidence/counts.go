package incidence

import (
	"budget/model"
	"budget/solver/estimate"
	"budget/solver/plant"
)

// counts is the law of 0/1 events: a path ends once, at random.
type counts struct {
	rules   []*Rules
	sampler plant.Sampler
	tables  [][numViews]*survivalTable // by rules
	summed  [][slots][]int             // by rules and view, and series: the sums that contain it
}

func newCounts(rules []*Rules, s plant.Sampler) *counts {
	c := &counts{rules: rules, sampler: s}
	for _, r := range rules {
		c.tables = append(c.tables, [numViews]*survivalTable{r.table(AsUsed), r.table(Meaning)})
		for v := range numViews {
			var summed [slots][]int
			for _, sum := range r.sums(View(v)) {
				for _, slot := range sum.of {
					summed[slot] = append(summed[slot], sum.slot)
				}
			}
			c.summed = append(c.summed, summed)
		}
	}
	return c
}

// tosses books the ends of paths as events by time. Ends before the first duration
// count at it.
type tosses struct {
	*counts
	segment *segment
	events  []events // by rules and view, series and time
	leftOut []int64  // paths left out, by rules
}

func (c *counts) book(g *segment) book {
	b := &tosses{counts: c, segment: g, leftOut: make([]int64, len(c.rules))}
	for range len(c.rules) * numViews {
		b.events = append(b.events, make(events, slots*c.rules[0].times()))
	}
	return b
}

func (b *tosses) add(path uint64, h *plant.History, _ int) {
	u, v := b.sampler.EndDraws(path)
	times := b.rules[0].times()
	for i, r := range b.rules {
		if r.leavesOut(h) {
			b.leftOut[i]++
			continue
		}
		for view, table := range b.tables[i] {
			at := r.toss(h, table, u, v, b.segment.end)
			if at.cause == model.Completed {
				continue
			}
			events, time := b.events[i*numViews+view], max(at.index-r.first, 0)
			slot := slotOf(at.cause)
			events[slot*times+time]++
			if at.late {
				events[slotLate*times+time]++
				for _, sum := range b.summed[i*numViews+view][slotLate] {
					events[sum*times+time]++
				}
			}
			for _, sum := range b.summed[i*numViews+view][slot] {
				events[sum*times+time]++
			}
		}
	}
}

// events are numbers of events, by series and duration.
type events []int64

func (c *counts) sums(times int) sums { return make(events, slots*times) }

func (c *counts) read(t *Tally, on []*segment, first, end int, _ Spread) {
	paths, sums := paths(on), t.sums.(events)
	for _, g := range on {
		for i := range g.groups {
			book := g.groups[i].book.(*tosses)
			paths -= book.leftOut[t.number]
			events := book.events[t.number*numViews+int(t.view)]
			for slot := range slots {
				sum := int64(0)
				for i := range end - t.rules.first + 1 {
					sum += events[t.at(slot, i)]
					sums[t.at(slot, i)] += sum
				}
			}
		}
	}
	for i := first; i <= end-t.rules.first; i++ {
		t.paths[i] = paths
	}
}

func (e events) mean(t *Tally, slot, i int) float64 {
	return float64(e[t.at(slot, i)]) / float64(max(e.among(t, slot, i), 1))
}

func (e events) moments(t *Tally, slot, i int) estimate.Moments {
	return estimate.Moments{Paths: e.among(t, slot, i), Sum: float64(e[t.at(slot, i)])}
}

// among returns the number of paths of a series: all, or those that start.
func (e events) among(t *Tally, slot, i int) int64 {
	if t.given(slot) {
		return t.paths[i] - (e[t.at(int(model.Refused), i)] - e[t.at(slotLate, i)])
	}
	return t.paths[i]
}

func (e events) counts() bool { return true }

func (e events) take(o sums, from, to int) { copy(e[from:to], o.(events)[from:]) }
