package sweep

import (
	"context"
	"crypto/sha256"

	"budget/solver"
)

// Block is the journal's record of a case, or of a cell for a session type: the estimates
// of its paths. Tolerances, confidence and the number of caps that hold together are not
// part of it, so caps can be computed for other values later.
//
// Package store packs it with S2. For every look and reading it has the curve of failure
// by duration, the share of lost fronts and the binding cause; then the incidences of the
// plan's durations, and the states of the watch. Bytes of equal significance stand
// together, which packs best. Standard errors, shares of lost fronts, means of replicates
// and states are rounded to float32; all other numbers are read exactly as written.
type Block struct {
	Looks  solver.Looks // one look if the number of paths is fixed
	States *solver.States
}

// Key identifies a block: the SHA-256 of everything that its content depends
// on.
type Key [sha256.Size]byte

// Last returns the last look.
func (b *Block) Last() *solver.Estimates { return b.Looks.Last() }

// The number of times and of single paths that a block keeps of states.
const (
	stateTimes = 90
	statePaths = 5
)

// States traces paths of a program.
func States(ctx context.Context, p *solver.Program, seed uint64, paths,
	workers int) (*solver.States, error) {
	return p.States(ctx, seed, paths, stateTimes, statePaths, workers)
}

// Indices returns, for each duration in some, the index of the longest of a program's
// durations that is not longer. The program's durations are the multiples of its step.
// Durations outside their range are left out.
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

// OnGrid returns the durations at Indices.
func OnGrid(durations, some []float64) []float64 { return At(durations, Indices(durations, some)) }

// At returns the durations at the given indices.
func At(durations []float64, places []int) []float64 {
	at := make([]float64, len(places))
	for j, i := range places {
		at[j] = durations[i]
	}
	return at
}
