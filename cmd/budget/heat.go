package main

import (
	"fmt"
	"strings"

	"budget/internal/notation"
	"budget/solver"
	"budget/solver/estimate"
)

// howHot says whether the watch gets hot, given the largest share known of sessions that do:
// that reach thermal level serious, at which the system begins to end sessions, or that it
// ends so.
func howHot(share float64) string {
	switch {
	case share < 0.01:
		return "The watch does not get hot"
	case share < 0.1:
		return "The watch seldom gets hot"
	}
	return "The watch often gets hot"
}

// reaches says how many of the sessions that finish reach thermal level serious.
func reaches(cost *solver.Cost) string {
	if cost.Serious.Value == 0 {
		return fmt.Sprintf("none of %s that finish reaches thermal level serious (%s)",
			notation.Plural(cost.Paths, "simulated session"), inWords(cost.Serious))
	}
	return inWords(cost.Serious) + " of sessions that finish reach thermal level serious"
}

// inWords writes a share in a sentence; where no session counted, how large it may be.
func inWords(e estimate.Estimate) string {
	return strings.Replace(chanceOf(e), "< ", "less than ", 1)
}

// chanceOf writes a share; where no session counted, how large it may be.
func chanceOf(e estimate.Estimate) string {
	if e.Value == 0 {
		return "< " + notation.Chance(max(e.Upper, 1e-5))
	}
	return notation.Chance(e.Value)
}
