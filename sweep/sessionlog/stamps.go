package sessionlog

import (
	"math"

	"budget/model/document"
	"budget/sweep/stamp"
)

// between returns the time from start to finish [s], NaN with a reason if it is unknown. Dates
// such as 3/4/2026 have the month first unless the times then do not fit.
func (r *reader) between() float64 {
	seconds := math.NaN()
	for _, dayFirst := range []bool{false, true} {
		begin, beginZone, ok := stamp.Parse(r.field(columnKey), dayFirst)
		end, endZone, both := stamp.Parse(r.field(columnEnded), dayFirst)
		switch {
		case !ok:
			r.wrong(columnKey, "%s is not a time stamp: expected one such as 2026-03-01T07:00:03+01:00",
				document.Quote(r.field(columnKey)))
			return math.NaN()
		case !both:
			r.wrong(columnEnded, "%s is not a time stamp: expected one such as 2026-03-01T07:20:04+01:00",
				document.Quote(r.field(columnEnded)))
			return math.NaN()
		case beginZone != endZone:
			r.wrong(columnEnded, "one of start and finish has a zone, the other has none")
			return math.NaN()
		}
		seconds = math.Round((end-begin)*1e6) / 1e6
		if seconds >= 0 && seconds <= 60*MostMinutes {
			return seconds
		}
	}
	r.wrong(columnEnded, "%.4g min after the start: expected 0 to %d minutes", seconds/60, MostMinutes)
	return math.NaN()
}
