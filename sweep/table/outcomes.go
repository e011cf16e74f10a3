package table

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

// Outcome is how the sessions of a case and a length end under a reading.
type Outcome struct {
	sweep.Case
	Length  float64 // [s]
	Reading string
	Paths   int64
	// Ended is by model.Cause, model.Completed included, as people use the app.
	Ended []estimate.Estimate
	// Fails and Completes are for users who mean to finish, among the sessions that start.
	Fails, Completes estimate.Estimate
	// Level is the mean part of the battery that a session uses that reaches its length, Hottest
	// the mean of its hottest skin [°C]; NaN where none does.
	Level, Hottest float64
}

// Check returns an error unless the outcome is one that budget may have written. Use it on outcomes
// that were read from a file.
func (o *Outcome) Check() error {
	finite := func(x float64) bool { return !math.IsInf(x, 0) }
	switch {
	case !(o.Length > 0) || !finite(o.Length):
		return fmt.Errorf("a length of %v s", o.Length)
	case o.Paths < 0:
		return fmt.Errorf("%d paths", o.Paths)
	case !slices.Contains(solver.BothReadings(), solver.Reading(o.Reading)):
		return fmt.Errorf("the reading %q", o.Reading)
	case !math.IsNaN(o.Level) && !sweep.IsShare(o.Level) || !finite(o.Hottest):
		return fmt.Errorf("a use of %v of the battery or a skin at %v °C", o.Level, o.Hottest)
	}
	for _, p := range append(slices.Clone(o.Ended), o.Fails, o.Completes) {
		if err := sweep.CheckShare(p); err != nil {
			return err
		}
	}
	return nil
}

// jsonOutcomes is what is read of outcomes.json.
type jsonOutcomes struct {
	Schema     int              `json:"schema"`
	Provenance sweep.Provenance `json:"provenance"`
	Cases      []sweep.Case     `json:"cases"`
	Outcomes   []jsonOutcome    `json:"outcomes"`
	Costs      []jsonSpent      `json:"costs"`
}

type jsonOutcome struct {
	Session     string   `json:"session"`
	Device      string   `json:"device"`
	Environment string   `json:"environment"`
	Duration    float64  `json:"duration_s"`
	Reading     string   `json:"reading"`
	Outcome     string   `json:"outcome"`
	Probability *float64 `json:"probability"`
	Error       *float64 `json:"standard_error"`
	Lower       *float64 `json:"lower"`
	Upper       *float64 `json:"upper"`
	Paths       int64    `json:"paths"`
}

type jsonSpent struct {
	sweep.Case
	Duration float64 `json:"duration_s"`
	Level    jsonOf  `json:"level_used"`
	Hottest  jsonOf  `json:"hottest_skin_degC"`
}

type jsonOf struct {
	Mean struct {
		Value float64 `json:"value"`
	} `json:"mean"`
}

// ReadOutcomesJSON reads the file that budget run writes, by case, length and reading; ok is false
// for anything else.
func ReadOutcomesJSON(text []byte) (all []Outcome, p sweep.Provenance, ok bool) {
	var doc jsonOutcomes
	if err := json.Unmarshal(text, &doc); err != nil || doc.Schema != 1 {
		return nil, p, false
	}
	for i := range doc.Outcomes {
		row := &doc.Outcomes[i]
		n := len(all)
		if n == 0 || !row.of(&all[n-1]) {
			all = append(all, doc.outcome(row))
			n++
		}
		o := &all[n-1]
		switch row.Outcome {
		case "failure":
			o.Fails = row.estimate()
		case "completion":
			o.Completes = row.estimate()
		default:
			cause := model.CauseNamed(row.Outcome)
			// As in NewIncidence: what only timers and absences end by has no place of its own.
			if as, later := laterAs[cause]; later && cause.String() == row.Outcome {
				o.Ended[as] = o.Ended[as].Plus(row.estimate())
				continue
			}
			if cause < 0 || int(cause) >= len(o.Ended) || cause.String() != row.Outcome {
				return nil, p, false
			}
			o.Ended[cause] = row.estimate()
		}
	}
	return all, doc.Provenance, true
}

// laterAs is what a cause of a later start counts as, after the others.
var laterAs = map[model.Cause]model.Cause{model.InProgress: model.Refused,
	model.NotReturned: model.Stopped}

// of reports whether a row belongs to an outcome.
func (j *jsonOutcome) of(o *Outcome) bool {
	return o.Session == j.Session && o.Device == j.Device && o.Environment == j.Environment &&
		o.Length == j.Duration && o.Reading == j.Reading
}

// outcome returns an outcome without its estimates.
func (doc *jsonOutcomes) outcome(j *jsonOutcome) Outcome {
	o := Outcome{Case: sweep.Case{Session: j.Session, SessionName: j.Session, Device: j.Device,
		Environment: j.Environment}, Length: j.Duration, Reading: j.Reading, Paths: j.Paths,
		Ended: make([]estimate.Estimate, len(model.Ends)+1), Fails: estimate.Missing,
		Completes: estimate.Missing, Level: math.NaN(), Hottest: math.NaN()}
	for i := range o.Ended {
		o.Ended[i] = estimate.Missing
	}
	same := func(c sweep.Case) bool {
		return c.Session == o.Session && c.Device == o.Device && c.Environment == o.Environment
	}
	for _, c := range doc.Cases {
		if same(c) {
			o.Case = c
		}
	}
	for _, c := range doc.Costs {
		if same(c.Case) && math.Abs(c.Duration-o.Length) < 1e-6 {
			o.Level, o.Hottest = c.Level.Mean.Value, c.Hottest.Mean.Value
		}
	}
	o.StartLevel = doc.Provenance.StartLevel
	return o
}

func (j *jsonOutcome) estimate() estimate.Estimate {
	of := func(x *float64, missing float64) float64 {
		if x == nil {
			return missing
		}
		return *x
	}
	return estimate.Estimate{Value: of(j.Probability, math.NaN()),
		StandardError: of(j.Error, math.Inf(1)),
		Interval:      estimate.Interval{Lower: of(j.Lower, 0), Upper: of(j.Upper, 1)}}
}
