package field

import (
	"fmt"
	"hash/fnv"
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
	Unknown int64 `json:"unknown_ms"`
	// Watches has the time [ms] by a number from 0 to watchNumbers that follows from the watch.
	Watches map[int64]int64 `json:"watches_ms"`
}

// watchNumbers is the number of numbers of watches. Two watches may have the same.
const watchNumbers = 4096

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
	h := fnv.New64a()
	h.Write([]byte(x.Device))
	of.watch(int64(h.Sum64()%watchNumbers), time)
}

// watch adds time of a watch.
func (of *loadSums) watch(number, time int64) {
	if of.Watches == nil {
		of.Watches = map[int64]int64{}
	}
	of.Watches[number] += time
}

func (a *loads) merge(other accumulator) {
	a.mergeTypes(&other.(*loads).byType, func(of, from *loadSums) {
		of.Falls.merge(&from.Falls)
		of.Unknown += from.Unknown
		for watch, time := range from.Watches {
			of.watch(watch, time)
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
		for watch, time := range of.Watches {
			if watch < 0 || watch >= watchNumbers || time < 0 || time > most {
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
	for _, watch := range slices.Sorted(maps.Keys(of.Watches)) { // squares are rounded
		t := float64(of.Watches[watch])
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
