package fit

import (
	"fmt"
	"math"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/model"
	"budget/sweep/field"
)

// page says whether the log contradicts the scenario, then shows how sessions of each type
// ended, the predictions, and the rates.
func (a *fitted) page(p *cli.Page) {
	var against []string
	for i, o := range a.observed {
		if !a.agreement[i].Agrees {
			against = append(against, a.base.Session(o.Type).Name)
		}
	}
	verb := func(one, several string) string {
		if len(a.log.Sources) > 1 {
			return several
		}
		return one
	}
	if len(against) == 0 {
		p.Wrap(a.log.File + verb(" does", " do") + " not contradict the scenario.")
	} else {
		p.Wrap(fmt.Sprintf("%s %s the scenario: %s.", a.log.File, verb("contradicts", "contradict"),
			strings.Join(against, ", ")))
	}
	p.Wrap(fmt.Sprintf("%s; %s.", notation.Plural(a.log.Rows, "row"), leftOut(a.log)))
	p.Printf("\n")
	for i := range a.observed {
		a.typePage(p, &a.observed[i], a.agreement[i])
	}
	p.Table(a.rateTable())
	a.lawPage(p)
}

// typePage shows how the sessions of a type ended and the predictions.
func (a *fitted) typePage(p *cli.Page, o *field.Observed, g *field.Agreement) {
	verdict := p.Paint(texttab.Plain, "does not contradict the scenario")
	if !g.Agrees {
		verdict = p.Paint(texttab.Bad, "contradicts the scenario")
	}
	p.Printf("%s %s\n", p.Bold(a.base.Session(o.Type).Name+":"), verdict)
	var ended []string
	for i, n := range o.Ended {
		if n > 0 {
			ended = append(ended, fmt.Sprintf("%s %s", notation.Count(int64(n)), model.Cause(i)))
		}
	}
	lengths := "open length"
	if !math.IsNaN(o.Shortest) {
		lengths = notation.Length(o.Shortest)
	}
	if o.Longest > o.Shortest {
		lengths += " to " + notation.Length(o.Longest)
	}
	p.Wrap(fmt.Sprintf("%s of %s, %.4g h in all. Ended: %s.", notation.Plural(o.Sessions, "session"),
		lengths, o.Time/3600, strings.Join(ended, ", ")))
	if d := o.Drain; d.Sessions > 0 {
		p.Wrap(fmt.Sprintf("Drain: %.3g %%/h (median; 10 to 90 %%: %.3g to %.3g) in %s of 10 min or "+
			"more.", 100*d.Median, 100*d.Tenth, 100*d.Most, notation.Plural(d.Sessions, "session")))
	}
	p.Printf("\n")
	if len(g.Comparisons) == 0 {
		return
	}
	t := texttab.New("Length", "Outcome", ">Observed, %", notation.Percent(a.Confidence)+" band, %",
		">Predicted, %", "")
	t.Keys = 2
	before := 0.0
	for _, c := range g.Comparisons {
		length, observed := "", notation.ChanceNumber(c.Value)
		if c.Duration != before {
			length, before = notation.Length(c.Duration), c.Duration
		}
		if c.Value == 0 {
			observed = "none seen"
		}
		row := []texttab.Cell{{Text: length}, {Text: c.Outcome}, {Text: observed},
			{Text: bandText(c.Lower, c.Upper)}, {Text: notation.ChanceNumber(c.Predicted)}}
		if !c.Inside {
			row = append(row, texttab.Cell{Text: "outside", Style: texttab.Bad})
		}
		t.Row(row...)
	}
	p.Table(t)
	p.Printf("\n")
}

// bandText formats a band in per cent.
func bandText(lower, upper float64) string {
	if lower == 0 {
		return "at most " + notation.ChanceNumber(upper)
	}
	return notation.ChanceNumber(lower) + " to " + notation.ChanceNumber(upper)
}

// rateTable shows the posteriors. A rate is marked as doubtful if the prior has more weight
// than the log.
func (a *fitted) rateTable() *texttab.Table {
	t := texttab.New("Rate", ">Fitted, /h", notation.Percent(a.Confidence)+" interval, /h", ">Events",
		">Hours", ">Log, %", "Prior, /h")
	for _, r := range a.rates {
		prior := string(r.Prior)
		switch r.Prior {
		case field.RangePrior:
			prior = strings.TrimSuffix(inputs.RangeText(a.base.Parameter(r.Key)), " /h")
		case field.ValuePrior:
			prior = "about " + perHour(r.Before.Mean())
		}
		mean := texttab.Cell{Text: perHour(r.Mean)}
		if !r.Told {
			mean.Style = texttab.Doubtful
		}
		interval := perHour(r.Interval[0]) + " to " + perHour(r.Interval[1])
		switch {
		case !r.Known:
			mean.Text, interval = "unknown", ""
		case r.Events == 0:
			interval = "at most " + perHour(r.AtMost)
		}
		t.Row(texttab.Cell{Text: r.Key}, mean, texttab.Cell{Text: interval},
			texttab.Cell{Text: notation.Count(int64(r.Events))},
			texttab.Cell{Text: fmt.Sprintf("%.4g", r.Exposure/3600)},
			texttab.Cell{Text: fmt.Sprintf("%.0f", 100*r.Share)}, texttab.Cell{Text: prior})
	}
	return t
}

// perHour formats a rate [1/s] per hour.
func perHour(rate float64) string { return fmt.Sprintf("%.3g", rate*3600) }

// notes explain how to read the page.
func (a *fitted) notes() []string {
	return []string{
		fmt.Sprintf("All bands of a session type hold together with %s confidence.",
			notation.Percent(a.Confidence)),
		"Log: its share of the evidence. From 50 % on, fitted.toml of -o has the fitted value.",
		fmt.Sprintf("Predicted from %s a type, seed %d.", notation.Plural(a.Paths, "path"), a.Seed),
	}
}

// explain says how the results were computed and what was assumed where the log has no data.
func (a *fitted) explain() []string {
	notes := []string{
		fmt.Sprintf("Failures are for people as they use the app, who may stop or leave before. "+
			"The bands are by Bonferroni. Predictions are for scenario %q, if %s.",
			a.base.Name, notation.Grants(a.reading)),
		"A fitted rate is the mean of its posterior. Intervals hold by themselves; without an event, " +
			"the upper bound is one-sided.",
	}
	resigned := 0
	for _, o := range a.observed {
		resigned += o.Ended[model.Resigned]
	}
	if resigned > 0 {
		notes = append(notes, fmt.Sprintf("Leaving for another app: hazards differ between sessions, "+
			"gamma with %s (population.frailty_shape).", a.frailty()))
	}
	note := func(n int64, what, text string) {
		if n > 0 {
			notes = append(notes, notation.Plural(n, what)+text)
		}
	}
	unclear := a.log.Statistics.Ambiguous
	note(unclear.Bare, "end", " suppressedBySystem without a cause: by heat where the worst thermal state is "+
		"serious or critical, by the battery where the level is low, else other.")
	note(unclear.Heat, "session", " without known time at serious and critical: left out of the rates of "+
		"suppression for heat.")
	note(unclear.Power, "session", " suppressed for the battery above the low level: by Low Power Mode, "+
		"a rate that the log cannot show.")
	return notes
}
