package plots

import (
	"budget/model"
	"budget/solver/estimate"
	"budget/sweep"
)

// knot is a row of a table of cumulative incidences: every end at a duration.
type knot struct {
	d     float64
	ended [9]float64 // by model.Cause
}

// mindfulness holds agreed values of the session model, as people use it.
var mindfulness = []knot{
	{0, [9]float64{0.0010401}},
	{300, [9]float64{0.0010401, 0.0082114, 0.0000925, 0.0001955, 0.0001650, 0.0000875, 0, 0.0000282,
		0.0412482}},
	{600, [9]float64{0.0010401, 0.0158446, 0.0001940, 0.0004021, 0.0003192, 0.0001742, 0, 0.0000387,
		0.0798049}},
	{1200, [9]float64{0.0010401, 0.0298867, 0.0003697, 0.0008751, 0.0006053, 0.0003353, 0, 0.0000813,
		0.1513139}},
	{1800, [9]float64{0.0010401, 0.0424423, 0.0005006, 0.0014314, 0.0008638, 0.0004828, 1e-7,
		0.0002227, 0.2159489}},
	{2700, [9]float64{0.0010401, 0.0588279, 0.0006467, 0.0023964, 0.0012057, 0.0006609, 0.0000290,
		0.0006886, 0.3014230}},
	{2870, [9]float64{0.0010401, 0.0615, 0.000658, 0.00251, 0.00126, 0.000692, 0.0013, 0.00074,
		0.3157}},
	{3300, [9]float64{0.0010401, 0.0682264, 0.0006887, 0.0027844, 0.0014044, 0.0007716, 0.0132047,
		0.0008253, 0.3511063}},
	{3590, [9]float64{0.0010401, 0.0723320, 0.0006919, 0.0028528, 0.0014919, 0.0008209, 0.0206119,
		0.0008269, 0.3729854}},
}

// smartAlarm holds agreed values with the user's stop removed.
var smartAlarm = []knot{
	{0, [9]float64{0.0010446}},
	{300, [9]float64{0.0010446, 0, 0.0000863, 0.0002863, 0.0001692, 0.0000846, 0, 0.0000036, 0}},
	{600, [9]float64{0.0010446, 0, 0.0001846, 0.0006112, 0.0003355, 0.0001756, 0, 0.0000136, 0}},
	{1200, [9]float64{0.0010446, 0, 0.0003751, 0.0014507, 0.0006678, 0.0003443, 0.0000341, 0.0000748,
		0}},
	{1790, [9]float64{0.0010446, 0, 0.0004536, 0.0020402, 0.0009888, 0.0005048, 0.0378210, 0.0001661,
		0}},
}

// interpolate makes an incidence table from knots, linear between them and flat
// after the last; at the limit everything still running expires. The failure of
// a user who means to finish is the failures' sum, stretched by a factor that
// grows to the given one at the last duration.
func interpolate(c sweep.Case, knots []knot, step, horizon, stretch float64) sweep.Incidence {
	in := sweep.Incidence{Case: c, Estimator: "weights", Ended: make([][]estimate.Estimate,
		len(model.Ends))}
	exact := func(v float64) estimate.Estimate {
		return estimate.Estimate{Value: v, Interval: estimate.Interval{Lower: v, Upper: v}}
	}
	for d := step; d <= horizon; d += step {
		k := 0
		for k < len(knots)-2 && knots[k+1].d < d {
			k++
		}
		a, b := knots[k], knots[k+1]
		w := min((d-a.d)/(b.d-a.d), 1)
		var ended [9]float64
		sum, failure := 0.0, 0.0
		for i := range ended {
			ended[i] = a.ended[i] + w*(b.ended[i]-a.ended[i])
			sum += ended[i]
		}
		survival := 1 - sum
		for _, cause := range model.Failures {
			failure += ended[cause]
		}
		failure *= 1 + (stretch-1)*d/horizon
		if c.Limit > 0 && d >= c.Limit {
			ended[model.Expired] += survival
			survival, failure = 0, 1
		}
		in.Durations = append(in.Durations, d)
		in.Paths = append(in.Paths, 384000)
		for i, v := range ended {
			in.Ended[i] = append(in.Ended[i], exact(v))
		}
		in.Survival = append(in.Survival, exact(survival))
		in.Failure = append(in.Failure, estimate.Estimate{Value: failure, StandardError: 0.02 * failure,
			Interval: estimate.Interval{Lower: 0.94 * failure, Upper: min(1.06*failure, 1)}})
	}
	return in
}

var (
	mindfulnessCase = sweep.Case{Session: "mindfulness", SessionName: "Mindfulness", Device: "fleet",
		Environment: "mix", Limit: 3600}
	alarmCase = sweep.Case{Session: "smart-alarm", SessionName: "Smart alarm", Device: "fleet",
		Environment: "mix", Limit: 1800}
)

// readCaps reads caps off an incidence table, as an estimator would.
func readCaps(in sweep.Incidence, reading string, tolerances ...float64) []sweep.Cap {
	var caps []sweep.Cap
	for _, t := range tolerances {
		c := sweep.Cap{Case: in.Case, Reading: reading, Tolerance: t, Confidence: 0.95,
			Paths: in.Paths[0], Status: sweep.CapNever}
		for k, p := range in.Failure {
			if p.Upper <= t {
				c.Status, c.Cap = sweep.CapMet, in.Durations[k]
			}
			if p.Lower <= t {
				c.CapUpper = in.Durations[k]
			}
		}
		if c.Cap == in.Durations[len(in.Durations)-1] {
			c.Status = sweep.CapHorizon
		}
		caps = append(caps, c)
	}
	return caps
}

// withCap returns a cap of a case at a tolerance.
func withCap(c sweep.Case, reading string, tolerance, value, upper float64,
	status sweep.CapStatus) sweep.Cap {
	return sweep.Cap{Case: c, Reading: reading, Tolerance: tolerance, Confidence: 0.95,
		Cap: value, CapUpper: upper, Status: status, Paths: 384000}
}

// mindfulnessSample is the mindfulness table on the model's grid with its caps.
func mindfulnessSample() (sweep.Incidence, []sweep.Cap) {
	in := interpolate(mindfulnessCase, mindfulness, 5, 5400, 1.75)
	caps := readCaps(in, cautious, 0.005, 0.01, 0.02)
	for i, d := range []float64{1680, 3420, 3590} {
		caps = append(caps, withCap(mindfulnessCase, documented, caps[i].Tolerance, d, d, sweep.CapMet))
	}
	return in, caps
}

// catalogSample is eight sessions at three tolerances with every status.
func catalogSample() []sweep.Cap {
	session := func(id, name string, limit float64) sweep.Case {
		return sweep.Case{Session: id, SessionName: name, Device: "fleet", Environment: "mix",
			Limit: limit}
	}
	_, caps := mindfulnessSample()
	care := session("self-care", "Self care", 600)
	therapy := session("physical-therapy", "Physical therapy", 3600)
	workout := session("workout", "Workout (HKWorkoutSession)", 0)
	audio := session("audio", "Background audio", 0)
	location := session("location", "Background location", 0)
	dive := session("underwater-depth", "Underwater depth", 0)
	return append(caps,
		withCap(care, cautious, 0.005, 475, 480, sweep.CapMet),
		withCap(care, documented, 0.005, 590, 590, sweep.CapMet),
		withCap(care, cautious, 0.01, 480, 485, sweep.CapMet),
		withCap(care, documented, 0.01, 590, 590, sweep.CapMet),
		withCap(care, cautious, 0.02, 540, 560, sweep.CapMet),
		withCap(care, documented, 0.02, 590, 590, sweep.CapMet),
		withCap(therapy, cautious, 0.005, 1130, 1410, sweep.CapImprecise),
		withCap(therapy, cautious, 0.01, 2210, 2300, sweep.CapMet),
		withCap(therapy, documented, 0.01, 2230, 2330, sweep.CapMet),
		withCap(therapy, cautious, 0.02, 2985, 3040, sweep.CapMet),
		withCap(therapy, documented, 0.02, 2985, 3040, sweep.CapMet),
		withCap(alarmCase, cautious, 0.005, 1355, 1365, sweep.CapMet),
		withCap(alarmCase, documented, 0.005, 1790, 1790, sweep.CapMet),
		withCap(alarmCase, cautious, 0.01, 1440, 1450, sweep.CapMet),
		withCap(alarmCase, documented, 0.01, 1790, 1790, sweep.CapMet),
		withCap(alarmCase, cautious, 0.02, 1560, 1590, sweep.CapMet),
		withCap(alarmCase, documented, 0.02, 1790, 1790, sweep.CapMet),
		withCap(workout, cautious, 0.005, 0, 0, sweep.CapNever),
		withCap(workout, cautious, 0.01, 2575, 2660, sweep.CapMet),
		withCap(workout, cautious, 0.02, 5520, 5610, sweep.CapMet),
		withCap(audio, cautious, 0.005, 1500, 1600, sweep.CapMet),
		withCap(audio, cautious, 0.01, 4000, 4100, sweep.CapMet),
		withCap(audio, cautious, 0.02, 14400, 14400, sweep.CapHorizon),
		withCap(location, cautious, 0.005, 0, 0, sweep.CapUnknown),
		withCap(location, documented, 0.005, 900, 1300, sweep.CapImprecise),
		withCap(location, cautious, 0.01, 1200, 2500, sweep.CapImprecise),
		withCap(location, cautious, 0.02, 3130, 3200, sweep.CapMet),
		withCap(dive, cautious, 0.005, 0, 0, sweep.CapNever),
		withCap(dive, cautious, 0.01, 0, 0, sweep.CapNever),
		withCap(dive, cautious, 0.02, 1195, 1310, sweep.CapMet),
	)
}
