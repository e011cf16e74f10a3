package measure

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// layouts of times, those with a zone first. Times without a zone are read as if it never
// changed.
var layouts = []string{
	"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00",
	"2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05 Z07:00", "2006-01-02T15:04Z07:00",
	"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04",
}

// unixMillis is the least number that is read as milliseconds since 1970: as seconds it would be
// in the year 5138.
const unixMillis = 1e11

// parseTime reads a time [s]: ISO 8601, or a number of units [s], where large numbers are
// milliseconds since 1970.
func parseTime(text string, unit float64) (float64, bool) {
	if x, err := strconv.ParseFloat(text, 64); err == nil {
		if x >= unixMillis {
			unit = 1e-3
		}
		return x * unit, !math.IsNaN(x) && !math.IsInf(x, 0)
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil {
			return float64(t.UnixNano()/1e3) / 1e6, true
		}
	}
	return 0, false
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
