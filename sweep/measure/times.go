package measure

import (
	"math"
	"strconv"
	"strings"

	"budget/sweep/stamp"
)

// unixMillis is the least number that is read as milliseconds since 1970: as seconds it would be
// in the year 5138.
const unixMillis = 1e11

// parseTime reads a time [s]: a time stamp, or a number of units [s], where large numbers are
// milliseconds since 1970. Stamps without a zone are read as if it never changed; dayFirst is
// about those such as 3/4/2026.
func parseTime(text string, unit float64, dayFirst bool) (float64, bool) {
	if x, err := strconv.ParseFloat(text, 64); err == nil {
		if x >= unixMillis {
			unit = 1e-3
		}
		return x * unit, !math.IsNaN(x) && !math.IsInf(x, 0)
	}
	t, _, ok := stamp.Parse(text, dayFirst)
	return t, ok
}

// timeUnit returns the unit [s] of numbers in a column, by its name.
func timeUnit(column string) float64 {
	switch name := plainName(column); {
	case strings.HasSuffix(name, "ms"):
		return 1e-3
	case strings.HasSuffix(name, "min"):
		return 60
	}
	return 1
}
