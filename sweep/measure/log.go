package measure

import (
	"math"
	"slices"
	"strings"

	"budget/model/document"
)

// Log is a log of battery levels, in the order of time.
type Log struct {
	File string
	Rows []Row
	// Step is the gauge's step, such as 0.01. It is 0.05 where all of several levels are
	// multiples of it, and below 0.01 where levels have decimals.
	Step float64
	// HasCharging reports whether the log says when the watch charged.
	HasCharging bool
	// Columns are the names of the columns that Split can split by.
	Columns []string
	// Remarks are the places of rows that were left out, and why; Sorted counts the rows that
	// came before an earlier one.
	Remarks document.Problems
	Sorted  int
}

// Row is a level at a time.
type Row struct {
	Line     int
	Time     float64 // [s], from any zero
	Level    float64 // shown, 0 to 1
	Charging bool
	values   []string // by column of Log.Columns
}

// Value returns what a row has in a column of Log.Columns, "" for another.
func (l *Log) Value(r *Row, column string) string {
	if i := slices.Index(l.Columns, column); i >= 0 {
		return r.values[i]
	}
	return ""
}

// Names of columns, in lower case and without spaces and underscores.
var (
	timeNames = []string{"time", "timestamp", "datetime", "date", "times", "timems", "timemin",
		"startdate"}
	levelNames = []string{"level", "batterylevel", "battery", "displayedlevel", "stateofcharge", "soc",
		"percent"}
	chargingNames = []string{"charging", "ischarging", "pluggedin", "plugged", "batterystate"}
)

func plainName(name string) string {
	return strings.NewReplacer(" ", "", "_", "", "-", "", "%", "").Replace(strings.ToLower(name))
}

// chargingWords say whether a watch charges, in lower case.
var chargingWords = map[string]bool{
	"true": true, "yes": true, "1": true, "charging": true, "full": true, "2": true, "3": true,
	"false": false, "no": false, "0": false, "unplugged": false, "discharging": false, "": false,
	"unknown": false,
}

// gaugeStep returns the coarsest usual step of which all levels are multiples.
func gaugeStep(rows []Row) float64 {
	multiples := func(step float64) bool {
		return !slices.ContainsFunc(rows, func(r Row) bool {
			n := r.Level / step
			return math.Abs(n-math.Round(n)) > 1e-6*max(1, n)
		})
	}
	levels := map[float64]bool{}
	for _, r := range rows {
		levels[r.Level] = true
	}
	const several = 5 // levels that are multiples of 5 % by chance are improbable then
	if len(levels) >= several && multiples(0.05) {
		return 0.05
	}
	for _, step := range []float64{0.01, 0.001} {
		if multiples(step) {
			return step
		}
	}
	return 0.0001
}
