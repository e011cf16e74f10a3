package sessionlog

import (
	"slices"
	"strings"
	"unicode"
)

// column is a column of a log. Columns stand by name in any order.
type column int

const (
	noColumn column = iota
	columnSession
	columnPlanned
	columnActual
	columnEnd
	columnStart
	columnFinish
	columnThermal
	columnSerious
	columnCritical
	columnLow
	columnVeryLow
	columnDevice
	columnKey
	columnEnded
	columnLPM
	columns
)

var columnNames = [columns]string{
	columnSession:  "session",
	columnPlanned:  "planned_min",
	columnActual:   "actual_min",
	columnEnd:      "end",
	columnStart:    "start_level",
	columnFinish:   "end_level",
	columnThermal:  "thermal",
	columnSerious:  "serious_min",
	columnCritical: "critical_min",
	columnLow:      "low_min",
	columnVeryLow:  "very_low_min",
	columnDevice:   "device",
	columnKey:      "start",
	columnEnded:    "finish",
	columnLPM:      "lpm",
}

func (c column) String() string { return columnNames[c] }

// ownColumn returns the column of a name, noColumn if it is none.
func ownColumn(name string) column { return column(max(0, slices.Index(columnNames[:], name))) }

// MostMinutes is the longest planned or actual time in a log [min]: two days, as in the
// model.
const MostMinutes = 2 * 24 * 60

// required are the columns that an ordinary log has. It may have the others.
var required = []column{columnSession, columnPlanned, columnActual, columnEnd, columnStart,
	columnFinish}

// requiredNames and optionalNames are the names of columns, in their order.
var requiredNames, optionalNames = columnNames[columnSession : columnFinish+1],
	columnNames[columnFinish+1:]

// Columns lists the columns of simulated logs, in their order.
func Columns() []string {
	var names []string
	for _, c := range []column{columnSession, columnPlanned, columnActual, columnEnd, columnStart,
		columnFinish, columnThermal, columnSerious, columnCritical, columnLow, columnVeryLow,
		columnLPM, columnDevice, columnKey} {
		names = append(names, c.String())
	}
	return names
}

// alsoNamed has other names of columns, as plainName writes them: those of HealthKit and WatchKit,
// and what apps call them. A column of that name itself comes first.
var alsoNamed = func() map[string]column {
	names := map[string]column{}
	for column, others := range map[column]string{
		columnSession: "type session_type",
		columnPlanned: "planned_duration planned_length",
		columnActual:  "actual_duration actual_length duration runtime ran elapsed",
		columnEnd: "reason end_reason invalidation_reason reason_raw_value outcome ended_by " +
			"end_cause cause",
		columnStart: "battery_start start_battery start_battery_level battery_level_start " +
			"battery_level_at_start level_start level_at_start",
		columnFinish: "battery_end end_battery end_battery_level battery_level_end " +
			"battery_level_at_end level_end level_at_end",
		columnThermal: "thermal_state worst_thermal_state",
		columnKey:     "start_date start_time started_at started start_timestamp",
		columnEnded:   "end_date end_time ended_at ended finished_at finished end_timestamp",
		columnLPM: "low_power_mode low_power is_low_power_mode_enabled low_power_mode_enabled " +
			"low_power_mode_on",
		columnDevice: "watch device_model hardware",
	} {
		for _, name := range strings.Fields(others) {
			names[name] = column
		}
	}
	return names
}()

// units are the endings of column names that give the unit of bare numbers [s].
var units = map[string]float64{"_ms": 0.001, "_s": 1, "_sec": 1, "_secs": 1, "_seconds": 1,
	"_min": 60, "_mins": 60, "_minutes": 60, "_h": 3600, "_hours": 3600}

// columnNamed returns the column that a name stands for, noColumn if none, and the unit [s] of bare
// numbers in it: 0 if the name does not say. other means that it is another name of the column.
func columnNamed(name string) (c column, unit float64, other bool) {
	name = plainName(name)
	base, unit := withoutUnit(name)
	if c = ownColumn(base + "_min"); c != noColumn {
		return c, unit, false
	}
	if c = ownColumn(name); c != noColumn {
		return c, 0, false
	}
	if c = alsoNamed[name]; c != noColumn {
		return c, 0, true
	}
	if c = alsoNamed[base]; strings.HasSuffix(c.String(), "_min") {
		return c, unit, true
	}
	return noColumn, 0, false
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
