package main

import (
	"io"
	"math"
	"slices"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

// outcomes are the answers of budget run: how sessions of some types and lengths end.
type outcomes struct {
	*inputs.Options
	lengths    []float64 // [s], ascending
	cases      []caseOutcomes
	costs      []sweep.Cost
	losses     losses
	outcome    solver.Outcome
	provenance sweep.Provenance
}

// caseOutcomes are the answers for a case and a session length, by reading.
type caseOutcomes struct {
	sweep.Case
	length   float64         // [s]
	through  model.Interface // that the app runs the session by
	readings []readingOutcomes
	paths    int64
}

// readingOutcomes holds the probability of every outcome, as people use the app, and what a
// user who means to finish has to fear, among the sessions that start.
type readingOutcomes struct {
	reading solver.Reading
	ends    []estimate.Estimate // by model.Cause, Completed included

	fails, leaves, completes estimate.Estimate
	refused                  estimate.Estimate   // of all starts
	later                    []estimate.Estimate // by laterCauses
	endsBy                   model.Cause         // that most of those that fail end by
}

// laterCauses are what only later starts end by: those of timers, and after absences.
var laterCauses = []model.Cause{model.NotReturned, model.InProgress}

// endedByHeat returns the share of sessions that the system ends because the watch is hot,
// under the first reading.
func (c *caseOutcomes) endedByHeat() float64 {
	share := c.readings[0].ends[slices.Index(model.Ends, model.SuppressedThermal)].Value
	if math.IsNaN(share) {
		return 0
	}
	return share
}

// add reads the outcomes of every length off the estimates of a case.
func (o *outcomes) add(c sweep.Case, through model.Interface, e *solver.Estimates) {
	for _, length := range o.lengths {
		out := caseOutcomes{Case: c, length: length, through: through, paths: e.Paths}
		for _, reading := range o.Readings {
			found := readingOutcomes{reading: reading, fails: e.Failure(reading, length),
				leaves: e.Resigned(reading, length), completes: e.Completion(reading, length),
				refused: e.Refused(reading), endsBy: e.EndsBy(reading, length)}
			for _, cause := range model.Ends {
				found.ends = append(found.ends, e.Ended(reading, solver.AsUsed, cause, length))
			}
			found.ends = append(found.ends, e.Survival(reading, length))
			if o.pauses() || c.Cycles != "" {
				for _, cause := range laterCauses {
					found.later = append(found.later, e.Ended(reading, solver.AsUsed, cause, length))
				}
			}
			out.readings = append(out.readings, found)
		}
		o.cases = append(o.cases, out)
	}
}

// pauses reports whether users who leave come back.
func (o *outcomes) pauses() bool { return o.OnResign == inputs.ResignPauses }

// paths returns the number of paths behind a case.
func (o *outcomes) paths(c sweep.Case) int64 {
	for _, found := range o.cases {
		if found.Case == c {
			return found.paths
		}
	}
	return 0
}

// unknown counts the lengths whose failure the paths say nothing of.
func (o *outcomes) unknown() (n int) {
	for _, c := range o.cases {
		if tooFew(c.readings[0].fails) {
			n++
		}
	}
	return n
}

// tooFew reports whether too few sessions were simulated for an estimate: its interval holds
// every probability.
func tooFew(e estimate.Estimate) bool { return e.Lower <= 0 && e.Upper >= 1 }

// costOf returns the cost of a case and length; nil where no simulated session reaches its
// end.
func (o *outcomes) costOf(c *caseOutcomes) *solver.Cost {
	i := slices.IndexFunc(o.costs, func(cost sweep.Cost) bool {
		return cost.Case == c.Case && math.Abs(cost.Duration-c.length) < 1e-6 && cost.Paths > 0
	})
	if i < 0 {
		return nil
	}
	return &o.costs[i].Cost
}

// records lists the outcomes for programs.
func (o *outcomes) records() *cli.Records {
	r := &cli.Records{Fields: []string{"session", "device", "environment", "duration_s", "reading",
		"outcome", "probability", "standard_error", "lower", "upper", "reason", "estimator", "paths",
		"interface", "app_sees", "limit_s", "start_level", "on_resign", "count_refused", "scenario",
		"overrides"}}
	overrides := o.provenance.OverridesText()
	for _, c := range o.cases {
		limit, level := c.Limit, math.NaN()
		if limit == 0 {
			limit = math.NaN()
		}
		if c.StartLevel != nil {
			level = *c.StartLevel
		}
		for _, found := range c.readings {
			add := func(outcome, reason, seen string, e estimate.Estimate) {
				r.Add(c.Session, c.Device, c.Environment, c.length, string(found.reading), outcome,
					e.Value, e.StandardError, e.Lower, e.Upper, reason, string(o.Estimator), c.paths,
					string(c.through), seen, limit, level, o.OnResign, o.CountRefused, o.provenance.Scenario,
					overrides)
			}
			for cause, e := range found.ends {
				cause := model.Cause(cause)
				add(cause.String(), cause.Reason(c.through), cause.Seen(c.through), e)
			}
			for i, e := range found.later {
				cause := laterCauses[i]
				add(cause.String(), cause.Reason(c.through), cause.Seen(c.through), e)
			}
			add("failure", "", "", found.fails)
			add("completion", "", "", found.completes)
		}
	}
	return r
}

// distinct lists the cases, each once.
func (o *outcomes) distinct() []sweep.Case {
	all := []sweep.Case{}
	for _, c := range o.cases {
		if !slices.Contains(all, c.Case) {
			all = append(all, c.Case)
		}
	}
	return all
}

func (o *outcomes) writeJSON(w io.Writer) error {
	return cli.JSON(struct {
		Schema     int              `json:"schema"`
		Provenance sweep.Provenance `json:"provenance"`
		Cases      []sweep.Case     `json:"cases"`
		Outcomes   *cli.Records     `json:"outcomes"`
		Costs      []costRow        `json:"costs"`
		Losses     *cli.Records     `json:"losses"`
	}{1, o.provenance, o.distinct(), o.records(), costRows(o.costs), o.losses.records()})(w)
}

// differ reports whether the readings differ by as much as the table shows.
func (c caseOutcomes) differ() bool {
	if len(c.readings) < 2 {
		return false
	}
	a, b := c.readings[0], c.readings[1]
	different := estimateText(a.fails) != estimateText(b.fails)
	for i := range a.ends {
		different = different || estimateText(a.ends[i]) != estimateText(b.ends[i])
	}
	return different
}

// estimateText writes an estimate with its interval, or the name of the state that stands in
// its place.
func estimateText(e estimate.Estimate) [2]string {
	switch {
	case tooFew(e):
		return [2]string{"", sweep.CapUnknown.Name()}
	case e.Value == 0:
		return [2]string{"none seen", "at most " + notation.Chance(max(e.Upper, 1e-5))}
	}
	interval := notation.ChanceNumber(e.Lower) + " to " + notation.Chance(e.Upper)
	return [2]string{notation.Chance(e.Value), interval}
}
