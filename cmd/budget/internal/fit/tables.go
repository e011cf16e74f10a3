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

func (a *fitted) print(sys *cli.System, p fitProvenance) error {
	switch a.Format {
	case cli.FormatCSV:
		return a.rateRecords().WriteCSV(sys.Stdout)
	case cli.FormatJSON:
		return a.writeJSON(sys.Stdout, p)
	}
	fmt.Fprintf(sys.Stdout, "%s %s; %s\n\n", sys.Bold(a.log.File+":"), notation.Plural(int64(a.log.Rows), "row"), leftOut(a.log))
	for i := range a.observed {
		if err := a.printType(sys, &a.observed[i], a.agreement[i]); err != nil {
			return err
		}
	}
	dropped, err := a.table(sys, a.rateTable())
	if err != nil || a.Quiet {
		return err
	}
	return cli.WriteNotes(sys, a.Format, a.notes(), dropped)
}

// Commands writes a table as text or Markdown.
func (a *fitted) table(sys *cli.System, t cli.PlainTable) (dropped []string, err error) {
	if a.Format == cli.FormatMarkdown {
		return nil, t.Markdown(sys.Stdout)
	}
	return t.Text().Write(sys.Stdout, sys.TableWidth(), sys.Colour())
}

// printType tells of a session type: how its sessions ended, beside the prediction.
func (a *fitted) printType(sys *cli.System, o *field.Observed, g *field.Agreement) error {
	verdict := "does not contradict the scenario"
	if !g.Agrees {
		verdict = "contradicts the scenario"
	}
	fmt.Fprintf(sys.Stdout, "%s %s, %.4g h, plans of %s to %s; %s\n", sys.Bold(a.base.Session(o.Type).Name+":"),
		notation.Plural(int64(o.Sessions), "session"), o.Time/3600, notation.Length(o.Shortest), notation.Length(o.Longest), verdict)
	var ended []string
	for i := range o.Ended {
		if n := o.Ended[i]; n > 0 {
			ended = append(ended, fmt.Sprintf("%s %s", notation.Count(int64(n)), model.Cause(i)))
		}
	}
	text := "Ended: " + strings.Join(ended, ", ") + "."
	if d := o.Drain; d.Sessions > 0 {
		text += fmt.Sprintf(" Drain: %.3g %%/h (median; 10 to 90 %%: %.3g to %.3g) in %s of 10 min or more.",
			100*d.Median, 100*d.Tenth, 100*d.Most, notation.Plural(int64(d.Sessions), "session"))
	}
	for _, line := range texttab.Wrap(text, sys.TableWidth()) {
		fmt.Fprintln(sys.Stdout, line)
	}
	fmt.Fprintln(sys.Stdout)
	t := cli.PlainTable{Titles: []string{"Plan of", "Outcome", ">Observed", notation.Percent(a.Confidence) + " band", ">Predicted", ""}}
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
		t.Rows = append(t.Rows, []string{plan, c.Outcome, observed, bandText(c.Lower, c.Upper), notation.Chance(c.Predicted), where})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	_, err := a.table(sys, t)
	fmt.Fprintln(sys.Stdout)
	return err
}

func bandText(lower, upper float64) string {
	if lower == 0 {
		return "at most " + notation.Chance(upper)
	}
	return notation.ChanceNumber(lower) + " to " + notation.Chance(upper)
}

// rateTable shows the posteriors.
func (a *fitted) rateTable() cli.PlainTable {
	t := cli.PlainTable{Titles: []string{"Rate", "Prior", ">Events", ">Hours", ">Log", ">Fitted", notation.Percent(a.Confidence) + " interval"}}
	for _, r := range a.rates {
		row := []string{r.Key, string(r.Prior), notation.Count(int64(r.Events)), fmt.Sprintf("%.4g", r.Exposure/3600), fmt.Sprintf("%.0f %%", 100*r.Share)}
		switch r.Prior {
		case field.RangePrior:
			row[1] = inputs.RangeText(a.base.Parameter(r.Key))
		case field.ValuePrior:
			row[1] = "about " + perHour(r.Before.Mean()) + " /h"
		}
		switch {
		case !r.Known:
			row = append(row, "unknown", "")
		case r.Events == 0:
			row = append(row, perHour(r.Mean)+" /h", "at most "+perHour(r.AtMost)+" /h")
		default:
			row = append(row, perHour(r.Mean)+" /h", perHour(r.Interval[0])+" to "+perHour(r.Interval[1])+" /h")
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// perHour writes a rate [1/s] for people.
func perHour(rate float64) string { return fmt.Sprintf("%.3g", rate*3600) }

func (a *fitted) notes() []string {
	notes := []string{
		fmt.Sprintf("Plans fail as people use the app: their own stop and the loss of the front compete. Bands hold together for a session type with %s confidence (Bonferroni); predicted from %s a type, seed %d, %s reading, scenario %q.",
			notation.Percent(a.Confidence), notation.Plural(a.Paths, "path"), a.Seed, a.reading, a.base.Name),
		"A fitted rate is the mean of its posterior. Intervals hold by themselves; without an event, the upper bound is one-sided. Log is the log's part in what is known: a rate with half or more is in fitted.toml of -o.",
	}
	return append(notes, a.limits()...)
}

// limits says what the log could not tell, and what was assumed in its place.
func (a *fitted) limits() []string {
	var bare, heat, power, resigned int64
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
	var notes []string
	if resigned > 0 {
		notes = append(notes, fmt.Sprintf("Losing the front: hazards differ between sessions, gamma with shape %g (population.frailty_shape).", float64(a.base.Population.FrailtyShape)))
	}
	if bare > 0 {
		notes = append(notes, notation.Plural(bare, "end")+" suppressedBySystem without a cause: by heat where the worst thermal state is serious or critical, by the battery where the level is low, else other.")
	}
	if heat > 0 {
		notes = append(notes, notation.Plural(heat, "session")+" without known time at serious and critical: left out of the rates of suppression for heat.")
	}
	if power > 0 {
		notes = append(notes, notation.Plural(power, "session")+" suppressed for the battery above the low level: by Low Power Mode, whose rate the log cannot tell.")
	}
	return notes
}
