package measure

import (
	"fmt"
	"strconv"

	"budget/internal/notation"
	"budget/sweep/measure"
)

// powers writes a power with its interval.
func powers(p measure.Interval) string {
	return fmt.Sprintf("%s mW on average (%s to %s mW, 95 %%)", milliwatt(p.Middle), milliwatt(p.Low),
		milliwatt(p.High))
}

// milliwatt writes a power [W] in mW with two or three digits.
func milliwatt(watt float64) string {
	decimals := 0
	if watt < 0.02 {
		decimals = 1
	}
	return strconv.FormatFloat(1e3*watt, 'f', decimals, 64)
}

// percent writes an estimated share to a tenth of a per cent.
func percent(x float64) string { return strconv.FormatFloat(100*x, 'f', 1, 64) + " %" }

// share writes a share as it was typed.
func share(x float64) string { return notation.Percent(x) }

// roughly writes a time [s] with the digits that help: days, hours or minutes.
func roughly(seconds float64) string {
	switch {
	case seconds >= 2*86400:
		return strconv.FormatFloat(seconds/86400, 'f', 1, 64) + " days"
	case seconds >= 2*3600:
		return strconv.FormatFloat(seconds/3600, 'f', 1, 64) + " h"
	}
	return notation.Minutes(seconds)
}

// stateName names a state; rows may have none.
func stateName(x measure.State) string {
	if x.Name == "" {
		return "none"
	}
	return x.Name
}
