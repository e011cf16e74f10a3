package field

import (
	"context"
	"math"

	"budget/model"
	"budget/solver"
)

// Comparison is an observed incidence and the prediction of a scenario.
type Comparison struct {
	Incidence         // observed; the interval is the band
	Predicted float64 // probability
	Inside    bool    // the prediction is inside the band
}

// Agreement says whether a scenario's predictions agree with the observed sessions
// of a type.
type Agreement struct {
	Type        string
	Paths       int64
	Comparisons []Comparison // by duration, then group
	Agrees      bool         // all are inside
}

// Prediction says what to simulate for a prediction.
type Prediction struct {
	Device, Environment string // ids, solver.Fleet or solver.Mix
	Reading             solver.Reading
	Paths               int64
	Settings            solver.Settings // except Readings, which Check sets
}

// Check compares the observed incidences of a session type with the scenario's
// predictions for sessions as people use the app. The bands hold together with the
// confidence (Bonferroni): under a true scenario one in 20 types disagrees at 95 %.
// The simulation error is much smaller than the bands and ignored.
func Check(ctx context.Context, s *model.Scenario, o *Observed, p Prediction,
	confidence float64) (*Agreement, error) {
	a := &Agreement{Type: o.Type, Agrees: true}
	if len(o.Durations) == 0 {
		return a, nil
	}
	program, err := solver.Compile(s, solver.Case{Session: o.Type, Device: p.Device,
		Environment: p.Environment,
		Duration:    o.Durations[len(o.Durations)-1]})
	if err != nil {
		return nil, err
	}
	p.Settings.Readings = []solver.Reading{p.Reading}
	predicted, err := program.Estimates(ctx, p.Settings, p.Paths)
	if err != nil {
		return nil, err
	}
	a.Paths = predicted.Paths
	step, margin := float64(s.Grid.Step), float64(s.Grid.Margin)
	alpha := (1 - confidence) / 2 / float64(len(o.Durations)*len(Groups))
	for _, d := range o.Durations {
		for g, observed := range at(o.together, Groups, d, d+margin+timeSlack, alpha) {
			c := Comparison{Incidence: observed}
			for _, cause := range Groups[g].Causes {
				c.Predicted += predicted.Ended(p.Reading, solver.AsUsed, cause, step*math.Round(d/step)).Value
			}
			c.Inside = c.Contains(c.Predicted)
			a.Agrees = a.Agrees && c.Inside
			a.Comparisons = append(a.Comparisons, c)
		}
	}
	return a, nil
}
