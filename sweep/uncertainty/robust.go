package uncertainty

import (
	"cmp"
	"slices"

	"budget/solver/estimate"
)

// chanceShare is the part of the robust cap's error probability for chance among the
// paths. Tighter bounds cost little, but more plants would cost a lot.
const chanceShare = 0.1

// drawError returns the part of the error probability for the sets drawn.
func drawError(confidence float64) float64 { return (1 - chanceShare) * (1 - confidence) }

// robustRank returns the rank of the robust cap among draws, the share of the uncertain values
// that it is safe for, and the error probability of the bound of one draw for chance among the
// paths.
func robustRank(draws int, share, confidence float64) (rank int64, reached, sure float64) {
	rank, reached = estimate.RobustRank(int64(draws), share, drawError(confidence))
	return rank, reached, chanceShare * (1 - confidence) / float64(rank)
}

// robust returns the rank-th smallest of the sure caps of independent draws of the uncertain
// quantities. The true caps of at least rank of them are at or below the wanted quantile,
// except with the error probability that the rank was chosen for (estimate.RobustRank). Which
// draws these are does not depend on the paths, so it is enough that rank of the bounds hold.
// Draws that surely have no cap come before those with too few paths. It sorts caps.
func robust(caps []estimate.CapResult, rank int64) estimate.CapResult {
	slices.SortFunc(caps, compareSure)
	return caps[rank-1]
}

// compareSure orders sure caps from the smallest: those that are surely none first.
func compareSure(a, b estimate.CapResult) int {
	never := func(c estimate.CapResult) int {
		if c.Status == estimate.Never {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(never(a), never(b)), cmp.Compare(a.Index, b.Index))
}
