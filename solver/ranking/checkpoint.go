package ranking

import "context"

// Journal lets a race go on where it was interrupted, with the result of one that was not.
type Journal struct {
	// From is where to go on, nil to begin.
	From *Checkpoint
	// Restore passes the samples that some designs had there, by index in the list, to take, as
	// Extend does.
	Restore func(ctx context.Context, designs []int, take func(k int, s *Sample)) error
	// Save keeps what is known after a look. An error ends the race.
	Save func(*Checkpoint) error
}

// Checkpoint is a race after a look, but for the samples of the designs that are open.
type Checkpoint struct {
	Looks     int
	Paths     int64
	Standings []Standing // by design
	Strictly  []bool     // by design: all requirements are surely met without their zones
}
