package sweep

import (
	"context"
	"crypto/sha256"

	"budget/solver"
	"budget/solver/estimate"
)

// A block is what the journal keeps of a case or of a cell for a session type: what its
// paths say, without what one may change one's mind about: tolerances, confidence and how
// many caps hold together.
//
// It is packed by S2: of every look and reading the curve of failure by duration, the
// share that has resigned and what binds, then what the tables tell of the plan's
// durations, and how the watch fares. Numbers that are alike stand side by side, byte by
// byte, which packs best. Whoever reads finds what was written, but for spreads, shares
// that have resigned, the means of nets and states, which are rounded to float32.
type Block struct {
	Durations []float64     // of the curves of failure [s]
	Looks     []solver.Look // a fixed number of paths is one look
	ByReading []Further     // of sweeps, for the last look
	States    *solver.States
}

// further is what a block keeps of a reading beside its looks: solver.ReadingSummary.
type Further struct {
	Ended      [][]estimate.Moments
	Replicates [][]float64
}

// Key identifies a block by its content: the SHA-256 of all that it depends on.
type Key [sha256.Size]byte

// newBlock makes a block of a summary.
func NewBlock(s *solver.Summary, durations []float64) *Block {
	b := &Block{Durations: durations, Looks: []solver.Look{{Paths: s.Paths, Share: 1}}}
	for _, r := range s.Readings {
		b.Looks[0].Readings = append(b.Looks[0].Readings,
			solver.LookReading{Failure: estimate.Curve{Moments: r.Failure}, Resigned: r.Resigned, Binding: r.Binding})
		b.ByReading = append(b.ByReading, Further{r.Ended, r.Nets})
	}
	return b
}

// last returns the last look.
func (b *Block) Last() *solver.Look { return &b.Looks[len(b.Looks)-1] }

// What is kept of states: at so many times, with some paths by themselves.
const (
	stateTimes = 90
	statePaths = 5
)

// states traces paths of a program.
func States(ctx context.Context, p *solver.Program, seed uint64, paths, workers int) (*solver.States, error) {
	return p.States(ctx, seed, paths, stateTimes, statePaths, workers)
}

// indices returns the places of some durations among those of a program's curves, which
// are the multiples of a step: of the longest that is not longer. Those that are none are
// left out.
func Indices(durations, some []float64) []int {
	var at []int
	step := durations[0]
	for _, t := range some {
		if i := int(t/step+1e-9) - 1; i >= 0 && i < len(durations) && (len(at) == 0 || i > at[len(at)-1]) {
			at = append(at, i)
		}
	}
	return at
}
