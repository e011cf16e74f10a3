package incidence

import (
	"sync"

	"budget/solver/plant"
)

// law is how paths count: there is one for each Estimator.
type law interface {
	// book returns where the paths of a group of replicates in a segment are booked.
	book(g *segment) book
	// sums returns room for the sums of a tally of so many durations.
	sums(times int) sums
	// read adds the segments on to a tally, from the first-th duration up to the one that
	// ends at the time with index end.
	read(t *Tally, on []*segment, first, end int, spread Spread)
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

// groups is the number of groups that replicates are kept in: replicate n in group n mod
// groups, so that neighbours, which are run at the same time, do not share one.
const groups = replicates / lanes

// group holds the paths of some replicates.
type group struct {
	sync.Mutex
	points [lanes]int64 // by replicate
	book   book
}

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
