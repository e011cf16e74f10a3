package field

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"budget/model/document"
)

// stamp is a time stamp: a date, a time, and perhaps a zone.
var stamp = regexp.MustCompile(`^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)` +
	`(?::(\d\d(?:[.,]\d+)?))? ?([Zz]|UTC|GMT|[+-]\d\d:?\d\d)?$`)

// instant reads a time stamp: seconds since the start of 1970 in its zone or, without a zone, as
// if in UTC, and whether it has a zone.
func instant(text string) (seconds float64, hasZone, ok bool) {
	parts := stamp.FindStringSubmatch(text)
	if parts == nil {
		return 0, false, false
	}
	var of [6]int // year, month, day, hour, minute
	for i := range 5 {
		of[i], _ = strconv.Atoi(parts[1+i])
	}
	year, month, day, hour, minute := of[0], of[1], of[2], of[3], of[4]
	if month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 {
		return 0, false, false
	}
	if parts[6] != "" {
		seconds, _ = strconv.ParseFloat(strings.Replace(parts[6], ",", ".", 1), 64)
	}
	seconds += float64(86400*daysSince1970(year, month, day) + 3600*hour + 60*minute)
	if zone := parts[7]; len(zone) > 3 {
		hours, _ := strconv.Atoi(zone[1:3])
		minutes, _ := strconv.Atoi(zone[len(zone)-2:])
		offset := float64(3600*hours + 60*minutes)
		if zone[0] == '+' {
			offset = -offset
		}
		seconds += offset
	}
	return seconds, parts[7] != "", true
}

// daysSince1970 returns the days from 1970-01-01 to a date of the Gregorian calendar, with years
// that begin in March.
func daysSince1970(year, month, day int) int {
	if month < 3 {
		year, month = year-1, month+12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 719469
}

// between returns the time from start to finish [s], NaN with a reason if it is unknown.
func (r *reader) between() float64 {
	begin, beginZone, ok := instant(r.field(columnKey))
	end, endZone, both := instant(r.field(columnEnded))
	seconds := math.Round((end-begin)*1e6) / 1e6
	switch {
	case !ok:
		r.wrong(columnKey, "%s is not a time stamp: expected one such as 2026-03-01T07:00:03+01:00",
			document.Quote(r.field(columnKey)))
	case !both:
		r.wrong(columnEnded, "%s is not a time stamp: expected one such as 2026-03-01T07:20:04+01:00",
			document.Quote(r.field(columnEnded)))
	case beginZone != endZone:
		r.wrong(columnEnded, "one of start and finish has a zone, the other has none")
	case seconds < 0 || seconds > 60*longest:
		r.wrong(columnEnded, "%.4g min after the start: expected 0 to %d minutes", seconds/60, longest)
	default:
		return seconds
	}
	return math.NaN()
}
