package main

import (
	"io"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

// outcomes are the answers to a plan.
type outcomes struct {
	*inputs.Options
	plan       float64         // [s]
	through    model.Interface // that the app runs the session by
	cases      []caseOutcomes
	costs      []sweep.Cost
	losses     losses
	outcome    solver.Outcome
	provenance sweep.Provenance
}

// caseOutcomes are the answers for a case, by reading.
type caseOutcomes struct {
	sweep.Case
	readings []readingOutcomes
	paths    int64
}

// readingOutcomes holds the probability of every outcome, as people use the app,
// and of failing and of completing, for a user who means to finish.
type readingOutcomes struct {
	reading   solver.Reading
	ends      []estimate.Estimate // by model.Cause, Completed included
	fails     estimate.Estimate
	completes estimate.Estimate
}

// add reads the outcomes of the plan off the estimates of a case.
func (o *outcomes) add(c sweep.Case, e *solver.Estimates) {
	out := caseOutcomes{Case: c, paths: e.Paths}
	for _, reading := range o.Readings {
		found := readingOutcomes{reading: reading, fails: e.Failure(reading, o.plan),
			completes: e.Completion(reading, o.plan)}
		for _, cause := range model.Ends {
			found.ends = append(found.ends, e.Ended(reading, solver.AsUsed, cause, o.plan))
		}
		found.ends = append(found.ends, e.Survival(reading, o.plan))
		out.readings = append(out.readings, found)
	}
	o.cases = append(o.cases, out)
}

// paths returns the number of paths behind a case.
func (o *outcomes) paths(c sweep.Case) int64 {
	for _, found := range o.cases {
		if found.Case == c {
			return found.paths
		}
	}
	return 0
}

// records lists the outcomes for programs.
func (o *outcomes) records() *cli.Records {
	r := &cli.Records{Fields: []string{"session", "device", "environment", "duration_s", "reading",
		"outcome", "probability", "standard_error", "lower", "upper", "reason", "estimator", "paths",
		"interface", "app_sees"}}
	for _, c := range o.cases {
		for _, found := range c.readings {
			add := func(outcome, reason, seen string, e estimate.Estimate) {
				r.Add(c.Session, c.Device, c.Environment, o.plan, string(found.reading), outcome,
					e.Value, e.StandardError, e.Lower, e.Upper, reason, string(o.Estimator), c.paths,
					string(o.through), seen)
			}
			for cause, e := range found.ends {
				cause := model.Cause(cause)
				add(cause.String(), cause.Reason(o.through), cause.Seen(o.through), e)
			}
			add("failure", "", "", found.fails)
			add("completion", "", "", found.completes)
		}
	}
	return r
}

func (o *outcomes) writeJSON(w io.Writer) error {
	return cli.JSON(struct {
		Schema     int              `json:"schema"`
		Provenance sweep.Provenance `json:"provenance"`
		Outcomes   *cli.Records     `json:"outcomes"`
		Costs      []costRow        `json:"costs"`
		Losses     *cli.Records     `json:"losses"`
	}{1, o.provenance, o.records(), costRows(o.costs), o.losses.records()})(w)
}

// page shows the outcomes of every case.
func (o *outcomes) page(p *cli.Page) {
	for i, c := range o.cases {
		if i > 0 {
			p.Printf("\n")
		}
		title := notation.Case(c.Case) + " for " + notation.Length(o.plan) + ":"
		p.Printf("%s %s\n\n", p.Bold(title), notation.Limit(c.Case))
		p.Table(o.table(c, p.Markdown))
		printCost(p, o.costs, c.Case)
		o.losses.print(p, c.Case)
	}
}

// notes say how to read the page and what it rests on; without an answer there are none.
func (o *outcomes) notes(assumptions string) []string {
	if len(o.cases) == 0 {
		return nil
	}
	fail := "suppressed, error, expired and power-off"
	if o.CountRefused {
		fail = "refused, " + fail
	}
	if o.OnResign == inputs.ResignEnds {
		fail = "resigned, " + fail
	}
	if !o.CountRefused {
		fail += " among the sessions that start"
	}
	notes :=
		[]string{"The outcomes are those of people as they use the app; the last lines are for a " +
			"user who means to finish: failing counts " + fail + "."}
	differ := false
	for _, c := range o.cases {
		differ = differ || c.differ()
	}
	if !differ && len(o.Readings) > 1 {
		notes = append(notes, "The cautious and the documented reading of the granted time agree here.")
	}
	if o.through != model.ExtendedRuntime {
		notes = append(notes, "The app runs this session by "+string(o.through)+
			", which Apple documents fewer reasons of: those shown are the nearest. "+
			"--format csv says of each what the app sees.")
	}
	notes = append(notes, o.losses.notes()...)
	paths := notation.Plural(o.cases[0].paths, "path")
	return append(notes, o.Basis(paths, o.provenance.Scenario), assumptions)
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

// estimateText writes an estimate with its interval.
func estimateText(e estimate.Estimate) [2]string {
	if e.Value == 0 {
		return [2]string{"none seen", "at most " + notation.Chance(max(e.Upper, 1e-5))}
	}
	interval := notation.ChanceNumber(e.Lower) + " to " + notation.Chance(e.Upper)
	return [2]string{notation.Chance(e.Value), interval}
}

// table lists the outcomes of a case: each reading's estimate, where they differ, and the
// reason that the app is told.
func (o *outcomes) table(c caseOutcomes, markdown bool) *texttab.Table {
	readings := c.readings[:1]
	if c.differ() {
		readings = c.readings
	}
	t := texttab.New("Outcome")
	for _, r := range readings {
		title := string(r.reading)
		switch {
		case markdown:
			title = "Probability, " + title
		case len(c.readings) > len(readings):
			title = "Probability"
		default:
			title = strings.ToUpper(title[:1]) + title[1:]
		}
		t.Columns = append(t.Columns, texttab.Column{Title: title, Right: true},
			texttab.Column{Title: notation.Percent(o.Confidence) + " interval"})
	}
	t.Columns = append(t.Columns, texttab.Column{Title: "The app is told"})
	row := func(style texttab.Style, name, reason string, of func(readingOutcomes) estimate.Estimate) {
		cells := []texttab.Cell{{Text: name}}
		for _, r := range readings {
			text := estimateText(of(r))
			cells = append(cells, texttab.Cell{Text: text[0], Style: style}, texttab.Cell{Text: text[1]})
		}
		t.Row(append(cells, texttab.Cell{Text: reason})...)
	}
	for i := range c.readings[0].ends {
		cause := model.Cause(i)
		reason, _, _ := strings.Cut(cause.Reason(o.through), " (")
		row(texttab.Plain, cause.String(), reason, func(r readingOutcomes) estimate.Estimate {
			return r.ends[i]
		})
	}
	if !markdown {
		t.Gap()
	}
	row(texttab.Bold, "fails", "", func(r readingOutcomes) estimate.Estimate { return r.fails })
	row(texttab.Plain, "completes", "",
		func(r readingOutcomes) estimate.Estimate { return r.completes })
	return t
}
