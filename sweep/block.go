package sweep

import (
	"context"
	"crypto/sha256"

	"budget/solver"
)

// Block is what the journal keeps of a case or of a cell for a session type: what its
// paths say, without what one may change one's mind about: tolerances, confidence and how
// many caps hold together.
//
// It is packed by S2: of every look and reading the curve of failure by duration, the
// share that has resigned and what binds, then what the tables tell of the plan's
// durations, and how the watch fares. Numbers that are alike stand side by side, byte by
// byte, which packs best. What is read is what was written, but for spreads, shares
// that have resigned, the means of replicates and states, which are rounded to float32.
type Block struct {
	Looks  solver.Looks // a fixed number of paths is one look
	States *solver.States
}

// Key identifies a block by its content: the SHA-256 of all that it depends on.
type Key [sha256.Size]byte

// Last returns the last look.
func (b *Block) Last() *solver.Estimates { return b.Looks.Last() }

// What is kept of states: at so many times, with some paths by themselves.
const (
	stateTimes = 90
	statePaths = 5
)

// States traces paths of a program.
func States(ctx context.Context, p *solver.Program, seed uint64, paths,
	workers int) (*solver.States, error) {
	return p.States(ctx, seed, paths, stateTimes, statePaths, workers)
}

// Indices returns the places of some durations among those of a program's curves, which
// are the multiples of a step: of the longest that is not longer. Others are left out.
func Indices(durations, some []float64) []int {
	var at []int
	step := durations[0]
	for _, t := range some {
		if i := int(t/step+1e-9) - 1; i >= 0 && i < len(durations) &&
			(len(at) == 0 || i > at[len(at)-1]) {
			at = append(at, i)
		}
	}
	return at
}

// OnGrid returns those durations themselves.
func OnGrid(durations, some []float64) []float64 { return At(durations, Indices(durations, some)) }

// At returns the durations at some places.
func At(durations []float64, places []int) []float64 {
	at := make([]float64, len(places))
	for j, i := range places {
		at[j] = durations[i]
	}
	return at
}
