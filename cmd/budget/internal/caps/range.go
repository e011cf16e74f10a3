package caps

import (
	"math"

	"budget/internal/notation"
	"budget/sweep"
)

// rangeLength writes a cap of draws [s]: in whole minutes, rounded down, from ten on, since a
// few hundred draws say no more; longest is what was looked at.
func rangeLength(seconds, longest float64) string {
	switch {
	case math.IsNaN(seconds):
		return ""
	case seconds <= 0:
		return sweep.CapNever.Name()
	case seconds >= longest*(1-1e-9):
		return sweep.CapHorizon.Name() + " " + notation.Length(longest)
	case seconds >= 600:
		seconds = 60 * math.Floor(seconds/60)
	}
	return notation.Length(seconds)
}
