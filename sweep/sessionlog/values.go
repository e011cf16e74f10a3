package sessionlog

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"budget/model"
	"budget/model/document"
)

// patterns has those of durations: as 1:02:03 or 10:00, as PT1H2M3S, and as 1h 2m 3s or
// 20 minutes.
type patterns struct{ clock, iso8601, spoken *regexp.Regexp }

// durations returns the patterns. Most logs have bare numbers, so the first duration that is none
// compiles them.
var durations = sync.OnceValue(func() patterns {
	return patterns{
		clock: regexp.MustCompile(`^(?:(\d+):)?(\d+):(\d{2}(?:\.\d+)?)$`),
		iso8601: regexp.MustCompile(
			`^P(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$`),
		spoken: regexp.MustCompile(`^(?i)(?:(\d+(?:\.\d+)?) ?(?:h|hrs?|hours?)\.?)? ?` +
			`(?:(\d+(?:\.\d+)?) ?(?:m|mins?|minutes?|['′])\.?)? ?` +
			`(?:(\d+(?:\.\d+)?) ?(?:s|secs?|seconds?|["″])\.?)?$`),
	}
})

// point replaces a decimal comma.
func (r *reader) point(c column, text string) string {
	i := strings.IndexByte(text, ',')
	if i < 0 || strings.Count(text, ",") > 1 || strings.Contains(text, ".") {
		return text
	}
	r.deviation(c, "comma", "decimal comma, read as a point")
	return text[:i] + "." + text[i+1:]
}

// seconds reads a duration. Bare numbers have the unit of their column.
func (r *reader) seconds(c column, field string) (float64, error) {
	seconds, text := math.NaN(), field
	x, err := number(text)
	if err != nil {
		text = r.point(c, field)
		x, err = number(text)
	}
	if err == nil {
		unit := r.unit[c]
		if unit == 0 {
			unit = 60
			r.deviation(c, "unit", "the column's name has no unit: bare numbers are minutes")
		}
		seconds = x * unit
	} else if parts := durations().clock.FindStringSubmatch(text); parts != nil {
		seconds = sum(parts[1:], 3600, 60, 1)
	} else if parts := durations().iso8601.FindStringSubmatch(strings.ToUpper(text)); parts != nil &&
		strings.Join(parts[1:], "") != "" {
		seconds = sum(parts[1:], 86400, 3600, 60, 1)
	} else if x, _, err := model.KindDuration.Parse(text); err == nil {
		seconds = x
	} else if parts := durations().spoken.FindStringSubmatch(text); parts != nil && text != "" {
		seconds = sum(parts[1:], 3600, 60, 1)
	}
	switch {
	case math.IsNaN(seconds):
		return seconds, fmt.Errorf("%s is not a duration: expected minutes, such as 45 or 12.5, "+
			"or one such as \"90 s\", 10:00 or PT10M", document.Quote(field))
	case seconds < 0 || seconds > 60*MostMinutes:
		return math.NaN(), fmt.Errorf("%s is out of range: expected 0 to %d minutes",
			document.Shorten(field), MostMinutes)
	}
	return millionths(seconds), nil // the same in every unit
}

// millionths returns math.Round(x*1e6) / 1e6 in less time. It adds the greatest number below one
// half: with one half itself the sum might be rounded up to the next whole number.
func millionths(x float64) float64 {
	return math.Trunc(float64(x*1e6)+math.Copysign(0.49999999999999994, x)) / 1e6
}

// sum adds numbers in units; a missing one is 0.
func sum(numbers []string, units ...float64) float64 {
	total := 0.0
	for i, text := range numbers {
		if text == "" {
			continue
		}
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return math.NaN()
		}
		total += x * units[i]
	}
	return total
}

// unknown reports whether a field says that its value is not known.
func unknown(text string) bool {
	if text == "" {
		return true
	}
	if c := text[0]; c >= '0' && c <= '9' || len(text) > len("unknown") {
		return false
	}
	switch strings.ToLower(text) {
	case "-", "nan", "nil", "null", "n/a", "na", "unknown":
		return true
	}
	return false
}

// requiredTime reads a time [s] that the row is left out without.
func (r *reader) requiredTime(c column, text string) float64 {
	x, err := r.seconds(c, text)
	if err != nil {
		r.wrong(c, "%v", err)
	}
	return x
}

// knownTime reads an optional time [s], NaN if it is missing or cannot be read.
func (r *reader) knownTime(c column) float64 {
	text := r.field(c)
	if unknown(text) {
		return math.NaN()
	}
	x, err := r.seconds(c, text)
	if err != nil {
		r.deviation(c, "bad", "%v; left empty", err)
	}
	return x
}

// level reads a battery level, NaN if it is unknown or cannot be read.
func (r *reader) level(c column) float64 {
	text := r.field(c)
	if unknown(text) {
		return math.NaN()
	}
	x, err := decimal(text)
	if err != nil {
		text = strings.Replace(r.point(c, text), "−", "-", 1)
		x, err = decimal(text)
	}
	bare := true
	if err != nil {
		var n model.Number
		n, err = model.ParseNumber(text)
		x, bare = float64(n), !strings.Contains(text, "%")
	}
	if err == nil && bare && (x == -1 || r.perCent && x == -100) { // of batteryLevel
		r.deviation(c, "-1", "%s: the level is unknown", text)
		return math.NaN()
	}
	if bare && r.perCent {
		x /= 100
		r.deviation(c, "per cent", "levels without a unit are in per cent")
	}
	switch {
	case err != nil:
		r.deviation(c, "bad", "%s is not a level: expected one such as 0.85 or \"85 %%\"; "+
			"left empty", document.Quote(text))
	case bare && x > 1 && x <= 100:
		r.deviation(c, "range",
			"%s is out of range: expected 0 to 1, or did you mean \"%s %%\"? Left empty", text, text)
	case x < 0 || x > 1:
		r.deviation(c, "range", "%s is out of range: expected 0 to 1, or 0 to 100 %%; left empty",
			document.Shorten(text))
	default:
		return millionths(x)
	}
	return math.NaN()
}

// decimal reads a number of digits and a point alone.
func decimal(text string) (float64, error) {
	if x, ok := plain(text); ok {
		return x, nil
	}
	for i := range len(text) {
		if c := text[i]; (c < '0' || c > '9') && c != '.' && (c != '-' || i > 0) {
			return 0, strconv.ErrSyntax
		}
	}
	return strconv.ParseFloat(text, 64)
}

// number does what strconv.ParseFloat does, faster for plain numbers.
func number(text string) (float64, error) {
	if x, ok := plain(text); ok {
		return x, nil
	}
	return strconv.ParseFloat(text, 64)
}

// powersOfTen are 1 to 1e15.
var powersOfTen = func() (powers [16]float64) {
	for i := range powers {
		powers[i] = math.Pow10(i)
	}
	return powers
}()

// plain reads a number of a few digits with or without a point. Both the digits and the power of
// ten are exact then, so their quotient is the nearest number.
func plain(text string) (x float64, ok bool) {
	digits, decimals, pointed := uint64(0), 0, false
	for i := range len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9':
			digits = 10*digits + uint64(c-'0')
			if pointed {
				decimals++
			}
		case c == '.' && !pointed:
			pointed = true
		default:
			return 0, false
		}
	}
	if n := len(text); n > 15 || n == 0 || n == 1 && pointed {
		return 0, false
	}
	return float64(digits) / powersOfTen[decimals], true
}

// findPerCent finds out which levels without a unit the row has. One share decides for all rows.
func (r *reader) findPerCent() {
	for _, c := range [...]column{columnStart, columnFinish} {
		if r.levels.share {
			return
		}
		x, err := number(strings.Replace(r.field(c), ",", ".", 1))
		switch {
		case err != nil:
		case x > 0 && x < 1:
			r.levels.share = true
		case x > 1 && x <= 100:
			r.levels.above = true
		}
	}
}

// flag reads an optional yes or no.
func (r *reader) flag(c column) (value, known bool) {
	text := r.field(c)
	if text == "" {
		return false, false
	}
	word := strings.ToLower(text)
	switch word {
	case "true", "yes", "on", "enabled", "t", "y", "1", "1.0":
		return true, true
	case "false", "no", "off", "disabled", "f", "n", "0", "0.0":
		return false, true
	}
	if !unknown(word) {
		r.deviation(c, "bad", "%s is neither true nor false; left empty", document.Quote(word))
	}
	return false, false
}
