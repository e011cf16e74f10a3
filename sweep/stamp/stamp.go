package stamp

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// clock is the time of a stamp, with a zone or without. The letters of a zone such as CET are
// passed over: they do not say which offset they mean.
const clock = `(\d{1,2}):(\d\d)(?::(\d\d(?:[.,]\d+)?))?(?:[ \x{a0}\x{202f}]?([AaPp])\.?[Mm]\.?)?` +
	` ?([Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?)?(?: ?(?:[A-Z]{3,5}|\[[\w/+-]+\]))?$`

// form is a form of dates: its pattern, and which of the pattern's parts are year, month and day. A
// date with slashes has the month first unless it cannot: that is the usual form where slashes are.
type form struct {
	pattern          *regexp.Regexp
	year, month, day int
	slashes          bool
}

// forms returns the forms of dates. Most commands read no time stamp, so the first one compiles the
// patterns.
var forms = sync.OnceValue(func() []form {
	return []form{
		{pattern: regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[Tt]|,? +)` + clock),
			year: 1, month: 2, day: 3},
		{pattern: regexp.MustCompile(`^(\d{4})(\d\d)(\d\d)[Tt ](\d\d)(\d\d)(?:(\d\d(?:[.,]\d+)?))?()` +
			`([Zz]|[+-]\d\d(?::?\d\d)?)?$`), year: 1, month: 2, day: 3},
		{pattern: regexp.MustCompile(`^(\d{1,2})[.-](\d{1,2})[.-](\d{4}|\d\d)(?:[Tt]|,? +)` + clock),
			year: 3, month: 2, day: 1},
		{pattern: regexp.MustCompile(`^(\d{1,2})/(\d{1,2})/(\d{4}|\d\d),? +` + clock),
			year: 3, month: 1, day: 2, slashes: true},
		{pattern: regexp.MustCompile(`^([A-Za-z]{3,9})\.? (\d{1,2}), (\d{4})(?:,| at)? +` + clock),
			year: 3, month: 1, day: 2},
		{pattern: regexp.MustCompile(`^(\d{1,2})\.? ([A-Za-z]{3,9})\.? (\d{4})(?:,| at)? +` + clock),
			year: 3, month: 2, day: 1},
	}
})

var months = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
	"dec"}

// Numbers from leastUnix on are seconds since the start of 1970, from leastMillis on milliseconds.
// Smaller ones count something else.
const (
	leastUnix   = 5e8
	leastMillis = 1e11
)

// Parse reads a time stamp: seconds since the start of 1970 in its zone or, without a zone, as if
// in UTC, and whether it has a zone. Numbers are seconds or milliseconds since 1970. dayFirst
// says how to read a date such as 3/4/2026.
func Parse(text string, dayFirst bool) (seconds float64, hasZone, ok bool) {
	if seconds, hasZone, ok := parsePlain(text); ok {
		return seconds, hasZone, true
	}
	return parseAny(text, dayFirst)
}

// parseAny reads a time stamp of any form.
func parseAny(text string, dayFirst bool) (seconds float64, hasZone, ok bool) {
	if x, err := strconv.ParseFloat(text, 64); err == nil {
		if x >= leastMillis {
			x /= 1000
		}
		return x, true, x >= leastUnix && x < leastMillis
	}
	for _, form := range forms() {
		parts := form.pattern.FindStringSubmatch(text)
		if parts == nil {
			continue
		}
		year, month, day := number(parts[form.year]), number(parts[form.month]), number(parts[form.day])
		if month == 0 {
			month = monthNamed(parts[form.month])
		}
		if form.slashes && (dayFirst || month > 12) {
			month, day = day, month
		}
		if year < 100 {
			year += 2000
		}
		return at(year, month, day, parts[4:])
	}
	return 0, false, false
}

// DayFirst reports whether a text has a date with slashes whose first number is no month, so that
// all its dates have the day first.
func DayFirst(text string) bool {
	for _, parts := range slashed().FindAllStringSubmatch(text, -1) {
		if number(parts[1]) > 12 {
			return true
		}
	}
	return false
}

// slashed returns the pattern of a date with slashes.
var slashed = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(\d{1,2})/\d{1,2}/(?:\d{4}|\d\d)\b`)
})

// at returns the instant of a date and the parts of a clock: hour, minute, second, A or P, zone.
func at(year, month, day int, clock []string) (seconds float64, hasZone, ok bool) {
	hour, minute := number(clock[0]), number(clock[1])
	if clock[3] != "" { // of twelve hours
		if hour < 1 || hour > 12 {
			return 0, false, false
		}
		hour %= 12
		if strings.EqualFold(clock[3], "p") {
			hour += 12
		}
	}
	if month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 {
		return 0, false, false
	}
	if clock[2] != "" {
		seconds, _ = strconv.ParseFloat(strings.Replace(clock[2], ",", ".", 1), 64)
	}
	seconds += float64(86400*daysSince1970(year, month, day) + 3600*hour + 60*minute)
	zone := clock[4]
	if zone != "" && (zone[0] == '+' || zone[0] == '-') {
		offset := 3600 * number(zone[1:3])
		if len(zone) > 3 {
			offset += 60 * number(zone[len(zone)-2:])
		}
		if zone[0] == '+' {
			offset = -offset
		}
		seconds += float64(offset)
	}
	return seconds, zone != "", true
}

func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// monthNamed returns the month of an English name or its first letters, 0 if there is none.
func monthNamed(name string) int {
	for i, month := range months {
		if strings.HasPrefix(strings.ToLower(name), month) {
			return i + 1
		}
	}
	return 0
}
