package field

import (
	"fmt"
	"math"

	"budget/model"
	"budget/sweep/sessionlog"
)

// Drain is the rate at which levels fell [1/h], over sessions of at least
// drainTime.
type Drain struct {
	Sessions            int
	Tenth, Median, Most float64 // 10, 50 and 90 % quantiles
	Pooled              float64 // total level lost over total time
}

// drainTime is the shortest runtime that shows drain [s]: in ten minutes a watch loses about
// one displayed per cent.
const drainTime = 600

// drainTicks is the resolution of drain [h]: a ten-thousandth of a per cent per hour.
const drainTicks = 1e6

// levelUnits is the resolution of lost levels, a millionth.
const levelUnits = 1e6

// typeDrain sums up the drain of sessions of a type.
type typeDrain struct {
	Rates histogram `json:"rates"` // [drainTicks]
	Lost  int64     `json:"lost"`  // [levelUnits]
	Time  int64     `json:"ms"`
}

// drainCounts counts how fast levels fell, by session type.
type drainCounts struct{ byType[typeDrain] }

func (d *drainCounts) begin(*model.Scenario) { *d = drainCounts{} }

func (d *drainCounts) add(x *sessionlog.Session) {
	lost := x.Start - x.End
	if x.Actual < drainTime || math.IsNaN(lost) {
		return
	}
	of := d.of(x.Type)
	of.Rates.add(int64(math.Round(lost/x.Actual*3600*drainTicks)), 1)
	of.Lost += int64(math.Round(lost * levelUnits))
	of.Time += milliseconds(x.Actual)
}

func (d *drainCounts) merge(other accumulator) {
	d.mergeTypes(&other.(*drainCounts).byType, func(of, from *typeDrain) {
		of.Rates.merge(&from.Rates)
		of.Lost, of.Time = of.Lost+from.Lost, of.Time+from.Time
	})
}

func (d *drainCounts) check(s *model.Scenario) error {
	return d.checkTypes(s, func(of *typeDrain) error {
		n := of.Rates.total()
		if n == 0 {
			return errNoSessions
		}
		if of.Time < 1000*drainTime*n || of.Time > 60_000*sessionlog.MostMinutes*n ||
			max(of.Lost, -of.Lost) > n*levelUnits {
			return fmt.Errorf("impossible sums for %d sessions", n)
		}
		return nil
	})
}

// drain returns the drain of sessions of a type.
func (d *drainCounts) drain(id string) Drain {
	of := d.types[id]
	if of == nil {
		return Drain{0, math.NaN(), math.NaN(), math.NaN(), math.NaN()}
	}
	q := of.Rates.quantiles(0.1, 0.5, 0.9)
	return Drain{int(of.Rates.total()), q[0] / drainTicks, q[1] / drainTicks, q[2] / drainTicks,
		float64(of.Lost) / levelUnits / (float64(of.Time) / 3.6e6)}
}
