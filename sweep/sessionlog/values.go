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
func (r *reader) point(column, text string) string {
	i := strings.IndexByte(text, ',')
	if i < 0 || strings.Count(text, ",") > 1 || strings.Contains(text, ".") {
		return text
	}
	r.deviation(column, "comma", "decimal comma, read as a point")
	return text[:i] + "." + text[i+1:]
}

// seconds reads a duration. Bare numbers have the unit of their column.
func (r *reader) seconds(column string) (float64, error) {
	field := r.field(column)
	text := r.point(column, field)
	seconds := math.NaN()
	if x, err := strconv.ParseFloat(text, 64); err == nil {
		unit := r.unit[columnNumber(column)]
		if unit == 0 {
			unit = 60
			r.deviation(column, "unit", "the column's name has no unit: bare numbers are minutes")
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
	return math.Round(seconds*1e6) / 1e6, nil // the same in every unit
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
func (r *reader) requiredTime(column string) float64 {
	x, err := r.seconds(column)
	if err != nil {
		r.wrong(column, "%v", err)
	}
	return x
}

// knownTime reads an optional time [s], NaN if it is missing or cannot be read.
func (r *reader) knownTime(column string) float64 {
	if unknown(r.field(column)) {
		return math.NaN()
	}
	x, err := r.seconds(column)
	if err != nil {
		r.deviation(column, "bad", "%v; left empty", err)
	}
	return x
}

// level reads a battery level, NaN if it is unknown or cannot be read.
func (r *reader) level(column string) float64 {
	text := r.field(column)
	if unknown(text) {
		return math.NaN()
	}
	text = strings.Replace(r.point(column, text), "−", "-", 1)
	x, err := decimal(text)
	bare := true
	if err != nil {
		var n model.Number
		n, err = model.ParseNumber(text)
		x, bare = float64(n), !strings.Contains(text, "%")
	}
	if err == nil && bare && (x == -1 || r.perCent && x == -100) { // of batteryLevel
		r.deviation(column, "-1", "%s: the level is unknown", text)
		return math.NaN()
	}
	if bare && r.perCent {
		x /= 100
		r.deviation(column, "per cent", "levels without a unit are in per cent")
	}
	switch {
	case err != nil:
		r.deviation(column, "bad", "%s is not a level: expected one such as 0.85 or \"85 %%\"; "+
			"left empty", document.Quote(text))
	case bare && x > 1 && x <= 100:
		r.deviation(column, "range",
			"%s is out of range: expected 0 to 1, or did you mean \"%s %%\"? Left empty", text, text)
	case x < 0 || x > 1:
		r.deviation(column, "range", "%s is out of range: expected 0 to 1, or 0 to 100 %%; left empty",
			document.Shorten(text))
	default:
		return math.Round(x*1e6) / 1e6
	}
	return math.NaN()
}

// decimal reads a number of digits and a point alone.
func decimal(text string) (float64, error) {
	for i := range len(text) {
		if c := text[i]; (c < '0' || c > '9') && c != '.' && (c != '-' || i > 0) {
			return 0, strconv.ErrSyntax
		}
	}
	return strconv.ParseFloat(text, 64)
}

// findPerCent finds out which levels without a unit the row has. One share decides for all rows.
func (r *reader) findPerCent() {
	for _, column := range [...]string{columnStart, columnFinish} {
		if r.levels.share {
			return
		}
		x, err := strconv.ParseFloat(strings.Replace(r.field(column), ",", ".", 1), 64)
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
func (r *reader) flag(column string) (value, known bool) {
	word := strings.ToLower(r.field(column))
	switch word {
	case "true", "yes", "on", "enabled", "t", "y", "1", "1.0":
		return true, true
	case "false", "no", "off", "disabled", "f", "n", "0", "0.0":
		return false, true
	}
	if !unknown(word) {
		r.deviation(column, "bad", "%s is neither true nor false; left empty", document.Quote(word))
	}
	return false, false
}
