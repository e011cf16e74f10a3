package sessionlog

import (
	"math"
	"strconv"

	"budget/internal/escape"
)

// Write writes a session as a row of a log: minutes with three decimals, displayed
// levels, and the cause or, with bare, the reason that an app gets. Unknown times are
// empty.
func (x *Session) Write(w *escape.CSVWriter, bare bool) error {
	minutes := func(seconds float64) string {
		if math.IsNaN(seconds) {
			return ""
		}
		return strconv.FormatFloat(math.Round(seconds/60*1000)/1000, 'f', -1, 64)
	}
	level := func(z float64) string {
		if math.IsNaN(z) {
			return ""
		}
		return strconv.FormatFloat(math.Round(z*100)/100, 'f', -1, 64)
	}
	end := x.Cause.String()
	if bare {
		end = reasonOf(x.Cause)
	}
	lpm := ""
	if x.HasLPM {
		lpm = strconv.FormatBool(x.LPM)
	}
	return w.Write([]string{x.Type, minutes(x.Planned), minutes(x.Actual), end, level(x.Start),
		level(x.End),
		thermalWords[x.Thermal], minutes(x.Serious), minutes(x.Critical), minutes(x.Low),
		minutes(x.VeryLow), lpm, x.Device, x.Key})
}
