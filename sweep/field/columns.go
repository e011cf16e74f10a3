package field

import (
	"slices"
	"strings"
	"unicode"
)

// The columns of a log, by name in any order.
const (
	columnSession  = "session"
	columnPlanned  = "planned_min"
	columnActual   = "actual_min"
	columnEnd      = "end"
	columnStart    = "start_level"
	columnFinish   = "end_level"
	columnThermal  = "thermal"
	columnSerious  = "serious_min"
	columnCritical = "critical_min"
	columnLow      = "low_min"
	columnVeryLow  = "very_low_min"
	columnDevice   = "device"
	columnKey      = "start"
	columnEnded    = "finish"
	columnLPM      = "lpm"
)

// longest is the longest planned or actual time in a log [min]: two days, as in the
// model.
const longest = 2 * 24 * 60

// required are the columns that an ordinary log has, optional those it may have.
var (
	required = []string{columnSession, columnPlanned, columnActual, columnEnd, columnStart,
		columnFinish}
	optional = []string{columnThermal, columnSerious, columnCritical, columnLow, columnVeryLow,
		columnDevice, columnKey, columnEnded, columnLPM}
)

// Columns lists the columns of simulated logs, in their order.
func Columns() []string {
	return []string{columnSession, columnPlanned, columnActual, columnEnd, columnStart,
		columnFinish, columnThermal, columnSerious, columnCritical, columnLow, columnVeryLow,
		columnDevice, columnKey}
}

// alsoNamed has other names of columns: those of HealthKit and of WatchKit.
var alsoNamed = map[string]string{"type": columnSession, "reason": columnEnd,
	"start_date": columnKey, "end_date": columnEnded, "low_power_mode": columnLPM}

// units are the endings of column names that give the unit of bare numbers [s].
var units = map[string]float64{"_ms": 0.001, "_s": 1, "_sec": 1, "_secs": 1, "_seconds": 1,
	"_min": 60, "_mins": 60, "_minutes": 60, "_h": 3600, "_hours": 3600}

// columnNamed returns the column that a name stands for, "" if none, and the unit [s] of bare
// numbers in it: 0 if the name does not say.
func columnNamed(name string) (column string, unit float64) {
	name = plainName(name)
	base, unit := withoutUnit(name)
	switch {
	case slices.Contains(required, base+"_min") || slices.Contains(optional, base+"_min"):
		return base + "_min", unit
	case alsoNamed[name] != "":
		return alsoNamed[name], 0
	case slices.Contains(required, name) || slices.Contains(optional, name):
		return name, 0
	}
	return "", 0
}

// withoutUnit splits the unit from a column name.
func withoutUnit(name string) (base string, unit float64) {
	if i := strings.LastIndexByte(name, '_'); i > 0 && units[name[i:]] > 0 {
		return name[:i], units[name[i:]]
	}
	return name, 0
}

// plainName writes a column name in small letters, its words joined by underscores:
// start_date for startDate, planned_min for "Planned (min)".
func plainName(name string) string {
	var b strings.Builder
	var before rune
	for _, c := range name {
		switch {
		case !unicode.IsLetter(c) && !unicode.IsDigit(c):
			c = '_'
			if before != '_' && b.Len() > 0 {
				b.WriteByte('_')
			}
		case unicode.IsUpper(c) && unicode.IsLower(before):
			b.WriteByte('_')
			fallthrough
		default:
			b.WriteRune(unicode.ToLower(c))
		}
		before = c
	}
	return strings.TrimRight(b.String(), "_")
}
