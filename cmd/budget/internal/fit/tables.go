package fit

import (
	"fmt"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/model"
	"budget/sweep/field"
)

// page shows a fit: how sessions of each type ended, beside the prediction, and the rates.
func (a *fitted) page(p *cli.Page) {
	rows := notation.Plural(a.log.Rows, "row")
	p.Printf("%s %s; %s\n\n", p.Bold(a.log.File+":"), rows, leftOut(a.log))
	for i := range a.observed {
		a.typePage(p, &a.observed[i], a.agreement[i])
	}
	p.Table(a.rateTable())
}

// typePage shows how the sessions of a type ended, beside the prediction.
func (a *fitted) typePage(p *cli.Page, o *field.Observed, g *field.Agreement) {
	verdict := "does not contradict the scenario"
	if !g.Agrees {
		verdict = "contradicts the scenario"
	}
	p.Printf("%s %s, %.4g h, plans of %s to %s; %s\n", p.Bold(a.base.Session(o.Type).Name+":"),
		notation.Plural(o.Sessions, "session"), o.Time/3600, notation.Length(o.Shortest),
		notation.Length(o.Longest), verdict)
	var ended []string
	for i, n := range o.Ended {
		if n > 0 {
			ended = append(ended, fmt.Sprintf("%s %s", notation.Count(int64(n)), model.Cause(i)))
		}
	}
	text := "Ended: " + strings.Join(ended, ", ") + "."
	if d := o.Drain; d.Sessions > 0 {
		text += fmt.Sprintf(" Drain: %.3g %%/h (median; 10 to 90 %%: %.3g to %.3g) in %s of 10 min or "+
			"more.", 100*d.Median, 100*d.Tenth, 100*d.Most, notation.Plural(d.Sessions, "session"))
	}
	p.Wrap(text)
	p.Printf("\n")
	if len(g.Comparisons) == 0 {
		return
	}
	t := texttab.New("Plan of", "Outcome", ">Observed", notation.Percent(a.Confidence)+" band",
		">Predicted", "")
	before := 0.0
	for _, c := range g.Comparisons {
		plan, where, observed := "", "", notation.Chance(c.Value)
		if c.Duration != before {
			plan, before = notation.Length(c.Duration), c.Duration
		}
		if !c.Inside {
			where = "outside"
		}
		if c.Value == 0 {
			observed = "none seen"
		}
		t.Texts(plan, c.Outcome, observed, bandText(c.Lower, c.Upper), notation.Chance(c.Predicted),
			where)
	}
	p.Table(t)
	p.Printf("\n")
}

// bandText writes a band.
func bandText(lower, upper float64) string {
	if lower == 0 {
		return "at most " + notation.Chance(upper)
	}
	return notation.ChanceNumber(lower) + " to " + notation.Chance(upper)
}

// rateTable shows the posteriors.
func (a *fitted) rateTable() *texttab.Table {
	t := texttab.New("Rate", "Prior", ">Events", ">Hours", ">Log", ">Fitted",
		notation.Percent(a.Confidence)+" interval")
	for _, r := range a.rates {
		prior := string(r.Prior)
		switch r.Prior {
		case field.RangePrior:
			prior = inputs.RangeText(a.base.Parameter(r.Key))
		case field.ValuePrior:
			prior = "about " + perHour(r.Before.Mean()) + " /h"
		}
		mean := perHour(r.Mean) + " /h"
		interval := perHour(r.Interval[0]) + " to " + perHour(r.Interval[1]) + " /h"
		switch {
		case !r.Known:
			mean, interval = "unknown", ""
		case r.Events == 0:
			interval = "at most " + perHour(r.AtMost) + " /h"
		}
		t.Texts(r.Key, prior, notation.Count(int64(r.Events)), fmt.Sprintf("%.4g", r.Exposure/3600),
			fmt.Sprintf("%.0f %%", 100*r.Share), mean, interval)
	}
	return t
}

// perHour writes a rate [1/s] for people.
func perHour(rate float64) string { return fmt.Sprintf("%.3g", rate*3600) }

// notes say how to read the page, what the log could not tell, and what was assumed in its
// place.
func (a *fitted) notes() []string {
	notes := []string{
		fmt.Sprintf("Plans fail as people use the app: their own stop and the loss of the front "+
			"compete. Bands hold together for a session type with %s confidence (Bonferroni); predicted "+
			"from %s a type, seed %d, %s reading, scenario %q.", notation.Percent(a.Confidence),
			notation.Plural(a.Paths, "path"), a.Seed, a.reading, a.base.Name),
		"A fitted rate is the mean of its posterior. Intervals hold by themselves; without an event, " +
			"the upper bound is one-sided. Log is the log's part in what is known: a rate with half or " +
			"more is in fitted.toml of -o.",
	}
	var bare, heat, power, resigned int
	for i := range a.log.Sessions {
		x := &a.log.Sessions[i]
		if x.Bare {
			bare++
		}
		if _, _, known := x.Heat(); !known {
			heat++
		}
		if x.Cause == model.SuppressedBattery && x.End > float64(a.base.Policy.LowBattery)+0.005 {
			power++
		}
		if x.Cause == model.Resigned {
			resigned++
		}
	}
	if resigned > 0 {
		notes = append(notes, fmt.Sprintf("Losing the front: hazards differ between sessions, gamma "+
			"with shape %g (population.frailty_shape).", float64(a.base.Population.FrailtyShape)))
	}
	note := func(n int, what, text string) {
		if n > 0 {
			notes = append(notes, notation.Plural(n, what)+text)
		}
	}
	note(bare, "end", " suppressedBySystem without a cause: by heat where the worst thermal state is "+
		"serious or critical, by the battery where the level is low, else other.")
	note(heat, "session", " without known time at serious and critical: left out of the rates of "+
		"suppression for heat.")
	note(power, "session", " suppressed for the battery above the low level: by Low Power Mode, "+
		"whose rate the log cannot tell.")
	return notes
}

// remarkKinds lists the kinds of remarks, in the order in which they are told.
var remarkKinds = []field.RemarkKind{field.Malformed, field.Contradictory, field.Duplicate,
	field.Note}

// leftOut says how many rows take no part, and why.
func leftOut(l *field.Log) string {
	rows := map[field.RemarkKind]map[int]bool{}
	for _, r := range l.Remarks {
		if rows[r.Kind] == nil {
			rows[r.Kind] = map[int]bool{}
		}
		rows[r.Kind][r.Line] = true
	}
	var parts []string
	for _, kind := range remarkKinds {
		if n := len(rows[kind]); n > 0 && kind != field.Note {
			word := string(kind)
			if kind == field.Duplicate {
				word = "twice there"
			}
			parts = append(parts, fmt.Sprintf("%s %s", notation.Count(int64(n)), word))
		}
	}
	if len(parts) == 0 {
		return "none left out"
	}
	return "left out: " + strings.Join(parts, ", ")
}
