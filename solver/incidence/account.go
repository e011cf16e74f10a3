package incidence

import (
	"slices"
	"sync"

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
	on       implementation
	keepAll  bool
}

// law is how paths count: there is one for each Estimator.
type law interface {
	// book returns where the paths of a group of replicates in a segment are booked.
	book(a *Account, g *segment) book
	// sums returns room for the sums of a tally of so many durations.
	sums(times int) sums
	// read adds the segments on to a tally, from the first-th duration up to the one that
	// ends at the time with index end.
	read(a *Account, t *Tally, on []*segment, first, end int, spread Spread)
}

// book takes the histories of a group of replicates.
type book interface {
	add(path uint64, h *plant.History, replicate int)
}

// Spread calls do for every i below n, on any number of goroutines, and says on which.
type Spread func(n int, do func(worker, i int))

// segment is what a stretch of paths, followed to the same end, has left.
type segment struct {
	end    int // index of the time up to which they are followed
	steps  int // that they are followed through
	groups [groups]group
}

// lanes is how many numbers of a kind go side by side: replicates of a group, rules of a
// batch.
const lanes = 8

// replicates are so many, as in package plant: path p belongs to replicate p mod 64.
const replicates = plant.Replicates

// conditions are so many, as in package plant.
const conditions = plant.Conditions

// groups is the number of groups that replicates are kept in: replicate n in group n mod
// groups, so that neighbours, which are run at the same time, do not share one.
const groups = replicates / lanes

// group holds the paths of some replicates.
type group struct {
	sync.Mutex
	points [lanes]int64 // by replicate
	book   book
}

// NewAccount returns an empty account of paths under some rules on one plant. The sampler
// is theirs; kernel names the vectors to use, one of plant.Kernels. With keepAll,
// histories are kept however much room they take: batches are made of them.
func NewAccount(rules []*Rules, e Estimator, s plant.Sampler, tilted bool, kernel string, keepAll bool) *Account {
	a := &Account{rules: rules, tilted: tilted, on: byKernel[kernel], keepAll: keepAll}
	if e == Counts {
		a.law = newCounts(rules, s)
	} else {
		a.law = newWeights()
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
		g.groups[i].book = a.law.book(a, g)
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

// paths returns the number of paths of segments.
func paths(on []*segment) (n int64) {
	for _, g := range on {
		for i := range g.groups {
			for _, points := range g.groups[i].points {
				n += points
			}
		}
	}
	return n
}

// times returns the number of planned durations.
func (a *Account) times() int { return a.rules[0].steps - a.rules[0].first + 1 }

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
