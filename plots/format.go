package plots

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"budget/internal/notation"
)

// Tolerances, confidences and numbers read as they do in tables.
var (
	percent = notation.Percent
	count   = notation.Count
)

// duration writes a duration [s] as people say it: "47 min 50 s", "60 min",
// "2 h 30 min". It never rounds up, because caps pass through it; tenths of a
// second are the finest it shows.
func duration(seconds float64) string {
	// A millionth keeps 52.3 s from becoming 52.2 s in binary.
	tenths := int64(math.Floor(seconds*10 + 1e-6))
	var parts []string
	if tenths >= 2*36000 {
		parts = append(parts, fmt.Sprintf("%d h", tenths/36000))
		tenths %= 36000
	}
	if tenths >= 600 {
		parts = append(parts, fmt.Sprintf("%d min", tenths/600))
		tenths %= 600
	}
	if tenths > 0 || len(parts) == 0 {
		parts = append(parts, strconv.FormatFloat(float64(tenths)/10, 'f', -1, 64)+" s")
	}
	return strings.Join(parts, " ")
}

// share writes a probability for a column of them, where two digits tell
// enough and a small one is not nothing.
func share(p float64) string {
	switch {
	case p >= 0.1:
		return strconv.FormatFloat(100*p, 'f', 1, 64) + " %"
	case p >= 0.00005:
		return strconv.FormatFloat(100*p, 'f', 2, 64) + " %"
	case p > 0:
		return "< 0.01 %"
	}
	return "0 %"
}

// sentence begins a text with a capital.
func sentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// counts writes the range of a list of numbers.
func counts(n []int64) string {
	lo, hi := slices.Min(n), slices.Max(n)
	if lo == hi {
		return count(lo)
	}
	return count(lo) + " to " + count(hi)
}

// floored writes a number with three digits, never rounded up.
func floored(v float64) string {
	if v == 0 {
		return "0"
	}
	power := math.Pow(10, math.Floor(math.Log10(math.Abs(v)))-2)
	return strconv.FormatFloat(math.Floor(v/power+1e-9)*power, 'f', max(0, -int(math.Round(math.Log10(power)))), 64)
}
