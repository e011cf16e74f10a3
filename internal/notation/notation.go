// Package notation writes durations, probabilities and caps. All tables, chart notes and reports
// use it, so that the same number has the same text everywhere.
package notation

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Length writes a duration [s] such as "29 min 25 s", "60 min" or "2 h 30 min". Durations on the
// time grid are exact.
func Length(seconds float64) string {
	if math.Abs(seconds) >= 1e12 {
		return strconv.FormatFloat(seconds, 'g', -1, 64) + " s"
	}
	// Rounding to microseconds removes the rounding error of a multiple of the step and nothing
	// else, so that caps are not rounded up.
	micros := int64(math.Floor(seconds*1e6 + 0.5))
	const second, minute, hour = 1e6, 60e6, 3600e6
	var parts []string
	if micros >= 2*hour {
		parts = append(parts, fmt.Sprintf("%d h", micros/hour))
		micros %= hour
	}
	if micros >= minute {
		parts = append(parts, fmt.Sprintf("%d min", micros/minute))
		micros %= minute
	}
	if micros > 0 || len(parts) == 0 {
		parts = append(parts, strconv.FormatFloat(float64(micros)/second, 'f', -1, 64)+" s")
	}
	return strings.Join(parts, " ")
}

// Percent writes a tolerance or confidence as it was typed: "0.5 %".
func Percent(p float64) string { return strconv.FormatFloat(100*p, 'g', 6, 64) + " %" }

// Chance writes an estimated probability in per cent with the digits that matter: "12.3 %",
// "1.23 %", "0.12 %", "0.012 %"; "" for NaN.
func Chance(p float64) string {
	if math.IsNaN(p) {
		return ""
	}
	return ChanceNumber(p) + " %"
}

// ChanceNumber is Chance without its unit.
func ChanceNumber(p float64) string {
	decimals := 2
	switch {
	case p == 0 || p == 1:
		decimals = 0
	case p < 1e-5:
		return "< 0.001"
	case p < 1e-4:
		decimals = 4
	case p < 1e-3:
		decimals = 3
	case p >= 0.9999:
		return "> 99.99"
	case p >= 0.1 && p < 0.99:
		decimals = 1
	}
	return strconv.FormatFloat(100*p, 'f', decimals, 64)
}

// Count writes a number with spaces between thousands: "384 000".
func Count(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}

// Plural writes a count with its noun. Without a given plural it adds an s.
func Plural[N int | int64](n N, noun string, many ...string) string {
	switch {
	case n == 1:
	case len(many) > 0:
		noun = many[0]
	default:
		noun += "s"
	}
	return Count(int64(n)) + " " + noun
}

// Floor writes a number with three digits, rounded down.
func Floor(v float64) string {
	if v == 0 {
		return "0"
	}
	power := math.Pow(10, math.Floor(math.Log10(math.Abs(v)))-2)
	decimals := max(0, -int(math.Round(math.Log10(power))))
	return strconv.FormatFloat(math.Floor(v/power+1e-9)*power, 'f', decimals, 64)
}

// Ceil writes a number with three digits, rounded up.
func Ceil(v float64) string {
	if text, negative := strings.CutPrefix(Floor(-v), "-"); negative || v == 0 {
		return text
	}
	return "-" + Floor(-v)
}

// Counts writes the numbers of a list: "4 096", "4 096 and 16 384", or a range if more than two
// differ: "4 096 to 65 536".
func Counts(n []int64) string {
	lo, hi := slices.Min(n), slices.Max(n)
	switch {
	case lo == hi:
		return Count(lo)
	case !slices.ContainsFunc(n, func(x int64) bool { return x != lo && x != hi }):
		return Count(lo) + " and " + Count(hi)
	}
	return Count(lo) + " to " + Count(hi)
}

// Sentence makes the first letter of a text a capital.
func Sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

// Whole writes an estimated share in whole per cent, from 0 to 100.
func Whole(p float64) string { return fmt.Sprintf("%.0f %%", 100*min(max(p, 0), 1)) }

// Percents lists probabilities as they were typed.
func Percents(list []float64) string {
	var texts []string
	for _, p := range list {
		texts = append(texts, Percent(p))
	}
	return strings.Join(texts, ", ")
}

// Minutes writes an average duration [s] to a tenth of a minute.
func Minutes(seconds float64) string { return fmt.Sprintf("%.1f min", seconds/60) }

// Narrowing writes by how much a range of caps [s] would narrow, rounded down to half minutes:
// "−4 min 30 s", or "none" if that is 0.
func Narrowing(seconds float64) string {
	if seconds = 30 * math.Floor(seconds/30); seconds > 0 {
		return "−" + Length(seconds)
	}
	return "none"
}
