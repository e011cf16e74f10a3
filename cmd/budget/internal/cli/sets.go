package cli

import (
	"sync"

	"budget/internal/disk"
)

// sets are the sets of files that are not in their places yet. They are abandoned when the
// program ends early.
type sets struct {
	mu   sync.Mutex
	open map[*disk.Set]bool
}

func newSets() *sets { return &sets{open: map[*disk.Set]bool{}} }

// begin begins a set in a directory; done ends it.
func (s *sets) begin(dir string) (*disk.Set, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	set, err := disk.Begin(dir)
	if err == nil {
		s.open[set] = true
	}
	return set, err
}

// done removes the files of a set that did not take their places.
func (s *sets) done(set *disk.Set) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, set)
	set.Abandon()
}

// leave abandons all sets and ends the program; none begins meanwhile, and one that is taking
// its place takes it first.
func (s *sets) leave(exit func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for set := range s.open {
		set.Abandon()
	}
	exit()
}
