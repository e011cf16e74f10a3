package field

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"

	"budget/model"
	"budget/solver/estimate"
	"budget/sweep/measure"
	"budget/sweep/sessionlog"
)

// loads sums up the sessions with known levels at both ends, by session type. Those in Low Power
// Mode are left out: their load is another one.
type loads struct{ byType[loadSums] }

// loadSums sums up the sessions of a type.
type loadSums struct {
	// Falls counts sessions by 101 times the level at the start plus that at the end [%].
	Falls histogram `json:"falls"`
	// Unknown is the time where the log does not say whether Low Power Mode was on.
	Unknown int64      `json:"unknown_ms"`
	Watches watchTimes `json:"watches_ms"`
}

// watchTimes has the time [ms] of the sessions of each watch, by the watch's number, and none for
// numbers without a session.
type watchTimes []int64

// watchNumbers is the number of numbers of watches. Two watches may have the same.
const watchNumbers = 4096

// none is the time of a number without a session.
const none = -1

// watchNumber returns the number of a watch, from its FNV-1a hash.
func watchNumber(device string) int {
	h := uint64(14695981039346656037)
	for i := range len(device) {
		h = (h ^ uint64(device[i])) * 1099511628211
	}
	return int(h % watchNumbers)
}

// add adds time of a watch.
func (w *watchTimes) add(number int, time int64) {
	if *w == nil {
		*w = slices.Repeat(watchTimes{none}, watchNumbers)
	}
	(*w)[number] = max((*w)[number], 0) + time
}

// all returns the numbers with a session, in ascending order, and their times.
func (w watchTimes) all() iter.Seq2[int, int64] {
	return func(yield func(number int, time int64) bool) {
		for number, time := range w {
			if time != none && !yield(number, time) {
				return
			}
		}
	}
}

// MarshalJSON writes the times by number.
func (w watchTimes) MarshalJSON() ([]byte, error) { return json.Marshal(maps.Collect(w.all())) }

// UnmarshalJSON reads what MarshalJSON writes.
func (w *watchTimes) UnmarshalJSON(data []byte) error {
	var times map[int]int64
	if err := json.Unmarshal(data, &times); err != nil {
		return err
	}
	for number, time := range times {
		if number < 0 || number >= watchNumbers || time < 0 {
			return errImpossible
		}
		w.add(number, time)
	}
	return nil
}

func (a *loads) begin(*model.Scenario) { *a = loads{} }

func (a *loads) add(x *sessionlog.Session) {
	if x.Cause == model.Refused || !(x.Actual > 0) || math.IsNaN(x.Start-x.End) || x.HasLPM && x.LPM {
		return
	}
	of, time := a.of(x.Type), milliseconds(x.Actual)
	of.Falls.add(int64(101*percent(x.Start)+percent(x.End)), 1)
	if !x.HasLPM {
		of.Unknown += time
	}
	of.Watches.add(watchNumber(x.Device), time)
}

func (a *loads) merge(other accumulator) {
	a.mergeTypes(&other.(*loads).byType, func(of, from *loadSums) {
		of.Falls.merge(&from.Falls)
		of.Unknown += from.Unknown
		for watch, time := range from.Watches.all() {
			of.Watches.add(watch, time)
		}
	})
}

func (a *loads) check(s *model.Scenario) error {
	return a.checkTypes(s, func(of *loadSums) error {
		if of.Watches == nil {
			return errImpossible
		}
		for fall := range of.Falls.all() {
			if fall < 0 || fall >= 101*101 {
				return errImpossible
			}
		}
		sum, most := int64(0), of.Falls.total()*60_000*sessionlog.MostMinutes
		for _, time := range of.Watches.all() {
			if time > most {
				return errImpossible
			}
			sum += time
		}
		return possible(sum <= most && of.Unknown >= 0 && of.Unknown <= sum)
	})
}

// sessions returns the sessions as package measure takes them.
func (of *loadSums) sessions(workload string) measure.Sessions {
	time, squares := 0.0, 0.0
	for _, ms := range of.Watches.all() {
		t := float64(ms)
		time += t
		squares += t * t
	}
	// Watches of the same number add time²/watchNumbers to the squares on average.
	apart := (squares - time*time/watchNumbers) / (1 - 1.0/watchNumbers)
	watches := time * time / max(apart, time*time/float64(max(of.Falls.total(), 1)))
	return measure.Sessions{Falls: maps.Collect(of.Falls.all()), Time: time / 1000,
		Watches: max(watches, 1), LowPower: float64(of.Unknown) / max(time, 1), Workload: workload}
}

// fit finds the load of each session type, as a factor on its workload.
func (a *loads) fit(f *lawFit, device string) {
	f.each(len(f.scenario.Sessions), func(f *lawFit, i int) {
		session := f.scenario.Sessions[i]
		key := "session." + session.ID + ".power_scale"
		of := a.types[session.ID]
		if of == nil {
			return
		}
		x := of.sessions(session.Workload)
		draws, err := x.Power(f.scenario, measure.Question{Device: device, Seed: 1})
		if err != nil {
			f.missing(key, "%v", err)
			return
		}
		workload := f.scenario.Workload.ByID[session.Workload]
		f.load(key, f.scenario.PowerScaleOf(session), of, x, draws,
			workload.MeanPower(f.scenario.Grid.Step))
	})
	if len(a.types) == 0 {
		f.missing("power_scale", "no row has a level at the start and at the end")
	}
}

// load adds the posterior of a factor on a workload: the draws of the power, with the prior of
// the factor. Both are about lognormal:
//
//	1/v = 1/v_draws + 1/v_prior   of the logarithm.
func (f *lawFit) load(key string, assumed *model.Parameter, of *loadSums, x measure.Sessions,
	draws []float64, power float64) {
	logs := make([]float64, len(draws))
	mean, variance := 0.0, 0.0
	for i, p := range draws {
		logs[i] = math.Log(max(p/power, 1e-6))
		mean += logs[i] / float64(len(draws))
	}
	for _, y := range logs {
		variance += (y - mean) * (y - mean) / float64(len(draws)-1)
	}
	centre, before, prior := beforeFactor(f.prior, assumed)
	share := 1.0
	if before > 0 {
		share = before / (before + variance)
	}
	posterior := make(drawnLaw, len(logs))
	for i, y := range logs {
		posterior[i] = math.Exp(share*mean + (1-share)*centre + math.Sqrt(share)*(y-mean))
	}
	n := of.Falls.total()
	milliwatts := fmt.Sprintf("%.3g mW in ", 1000*math.Exp(mean)*power)
	watches := "1 watch"
	if x.Watches > 1.5 {
		watches = fmt.Sprintf("as much as %.0f watches", x.Watches)
	}
	f.found(Law{Key: key, Prior: prior, Cases: n, From: milliwatts + several(n, "session"),
		Source: milliwatts + several(n, "session") + ", " + watches,
		Share:  share, Told: share >= 0.5 || isMeasured(assumed), Assumed: assumed}, posterior)
}

// drawnLaw is a law given by draws in ascending order.
type drawnLaw []float64

func (s drawnLaw) Mean() float64 {
	sum := 0.0
	for _, x := range s {
		sum += x
	}
	return sum / float64(len(s))
}

func (s drawnLaw) Quantile(p float64) float64 { return estimate.Quantile(s, p) }
