package incidence

import (
	"sync"

	"budget/solver/plant"
)

// law is the way paths count, one for each Estimator.
type law interface {
	// book returns the book for the paths of a group of replicates in a segment.
	book(g *segment) book
	// sums returns empty sums for a tally with a number of durations.
	sums(times int) sums
	// read adds the segments on to a tally, from the first-th duration up to the one that
	// ends at the time with index end.
	read(t *Tally, on []*segment, first, end int, spread Spread)
}

// book takes the histories of a group of replicates.
type book interface {
	add(path uint64, h *plant.History, replicate int)
}

// Spread calls do for every i below n, on any number of goroutines. worker is the
// number of the goroutine.
type Spread func(n int, do func(worker, i int))

// segment is a set of paths that are followed to the same end.
type segment struct {
	end    int // index of the time up to which they are followed
	steps  int // number of steps they are followed
	groups [groups]group
}

// groups is the number of groups of replicates. Replicate n is in group n mod groups:
// neighbours, which run at the same time, are in different groups.
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
