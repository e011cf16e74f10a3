package incidence

import (
	"slices"

	"budget/solver/plant"
)

// Estimator is how a path counts.
type Estimator string

const (
	// Weights lets a path carry its survival and book expected ends.
	Weights Estimator = "weights"
	// Counts lets a path end once, by chance: 0/1 events.
	Counts Estimator = "counts"
)

// Sampling returns the sampling that is used with an estimator where s is asked for:
// counts are always independent, since a binomial interval needs independent paths, and
// without a wish weights are tilted.
func (e Estimator) Sampling(s plant.Sampling) plant.Sampling {
	switch {
	case e == Counts:
		return plant.Independent
	case s == "":
		return plant.Tilted
	}
	return s
}

// Account adds up what paths say under a set of rules. Any number of goroutines add to
// it, in any order, with the same result.
//
// Paths are taken in segments, each followed to one end, since in the longer plans fewer
// paths may be wanted than in the shorter ones.
type Account struct {
	rules    []*Rules
	law      law
	tilted   bool // paths weigh differently
	segments []*segment
	batch    *batchKernel
}

// NewAccount returns an empty account of paths under some rules on one plant. The sampler
// is theirs; kernel names the vectors to use, one of plant.Kernels. With keepAll,
// histories are kept however much room they take: batches are made of them.
func NewAccount(rules []*Rules, e Estimator, s plant.Sampler, tilted bool, kernel string,
	keepAll bool) *Account {
	on := byKernel[kernel]
	a := &Account{rules: rules, law: newWeights(rules, on.fold, keepAll), tilted: tilted,
		batch: on.batch}
	if e == Counts {
		a.law = newCounts(rules, s)
	}
	return a
}

// Alive returns the last step that any path can reach before its grant is used up.
func (a *Account) Alive() int {
	alive := 0
	for _, r := range a.rules {
		alive = max(alive, r.alive())
	}
	return alive
}

// Open makes room for paths that are followed up to the time with index end, and returns
// the number of steps to follow them through.
func (a *Account) Open(end int) (steps int) {
	g := &segment{end: end, steps: min(end, a.Alive())}
	if n := len(a.segments); n > 0 && a.segments[n-1].end == end {
		return g.steps
	}
	for i := range g.groups {
		g.groups[i].book = a.law.book(g)
	}
	a.segments = append(a.segments, g)
	return g.steps
}

// Add books the history of a path in the segment opened last.
func (a *Account) Add(path uint64, h *plant.History) {
	n := int(path % replicates)
	group := &a.segments[len(a.segments)-1].groups[n%groups]
	group.Lock()
	defer group.Unlock()
	group.points[n/groups]++
	group.book.add(path, h, n/groups)
}

// Paths returns the number of paths booked.
func (a *Account) Paths() int64 { return paths(a.segments) }

// ends returns the ends of the segments, the last one first.
func (a *Account) ends() []int {
	var ends []int
	for _, g := range a.segments {
		ends = append(ends, g.end)
	}
	slices.Sort(ends)
	ends = slices.Compact(ends)
	slices.Reverse(ends)
	return ends
}

// reaching returns the segments that end at the time with index end or later.
func (a *Account) reaching(end int) (on []*segment) {
	for _, g := range a.segments {
		if g.end >= end {
			on = append(on, g)
		}
	}
	return on
}

func (a *Account) newTally(number int, v View) *Tally {
	times := a.rules[0].times()
	return &Tally{sums: a.law.sums(times), rules: a.rules[number], number: number,
		view: v, tilted: a.tilted,
		paths: make([]int64, times), blocks: make([]int64, times), started: make([]int64, times)}
}

// tally reads the paths under the rules with a number in a view. Paths of segments that
// end early say nothing of later times: so the times between two ends are read off the
// segments that reach the later one, and where some paths stop being followed stands a
// link.
func (a *Account) tally(number int, v View, spread Spread) *Tally {
	t := a.newTally(number, v)
	ends, start := a.ends(), t.rules.first
	var on []*Tally // the paths that go on beyond each link
	for j, end := range ends {
		if j+1 == len(ends) {
			a.law.read(t, a.reaching(end), 0, end, spread)
			break
		}
		// The first segments alone go on beyond the end of the next ones. They are read
		// from that time on, which the link needs, and booked after it.
		part, link := a.newTally(number, v), ends[j+1]-start
		a.law.read(part, a.reaching(end), link, end, spread)
		copy(t.paths[link+1:end-start+1], part.paths[link+1:])
		copy(t.blocks[link+1:end-start+1], part.blocks[link+1:])
		copy(t.started[link+1:end-start+1], part.started[link+1:])
		for slot := range slots {
			t.take(part.sums, t.at(slot, link+1), t.at(slot, end-start)+1)
		}
		on = append(on, part)
	}
	for j := len(on) - 1; j >= 0; j-- {
		i := ends[j+1] - start
		t.chain = t.chain.join(i, func(slot int) float64 { return t.mean(t, slot, i) },
			func(slot int) float64 { return on[j].mean(on[j], slot, i) })
	}
	return t
}
