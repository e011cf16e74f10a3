package notation

import "budget/solver"

// Grants writes what a reading assumes about granted time, for places where the flag
// --reading is not at hand.
func Grants[R ~string](reading R) string {
	if string(reading) == string(solver.AsDocumented) {
		return "grants are never cut"
	}
	return "grants may be cut short"
}
