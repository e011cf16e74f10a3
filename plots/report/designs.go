package report

import (
	"fmt"
	"strings"

	"budget/internal/notation"
	"budget/plots/choices"
	"budget/sweep/store"
	"budget/sweep/table"
)

// Designs is the answer of budget optimize: which design to take, and what else there is.
type Designs struct {
	Lead         string
	Requirements *Table  // nil without any
	Prices       *Table  // nil where no design is chosen
	Fronts       []Table // by second goal
	AsGood       *Table  // nil without any
	Note         string
}

// mostAsGood is the number of designs that the page lists as equally good.
const mostAsGood = 30

// designsTitle says which design to take.
func designsTitle(d *store.Designs) string {
	if i := d.Charts.Chosen(); i >= 0 {
		return d.Name + ": choose " + designName(&d.Charts, i)
	}
	if d.Outcome == "infeasible" {
		return fmt.Sprintf("%s: none of %s meets the requirements", d.Name,
			notation.Plural(len(d.Charts.Designs), "design"))
	}
	return d.Name + ": no design is known yet to meet the requirements"
}

// designName names a design by its knobs.
func designName(c *table.DesignCharts, i int) string {
	var parts []string
	for k, level := range c.Designs[i].Levels {
		parts = append(parts, c.Knobs[k].Name+" "+c.Knobs[k].Levels[level])
	}
	return strings.Join(parts, ", ")
}

// newDesigns lists what is known of the designs.
func newDesigns(d *store.Designs) *Designs {
	c := &d.Charts
	out := &Designs{Lead: designsLead(d), Note: "Times are best estimates. Every interval holds by itself with " +
		notation.Percent(d.Confidence) + " confidence; changes are of the same simulated sessions."}
	if len(c.Requirements) > 0 {
		t := &Table{ID: "requirements-title", Caption: "Requirements",
			Columns: columns("Requirement", ">At most")}
		if c.Chosen() >= 0 {
			t.Columns = append(t.Columns, columns(">This design", "Interval")...)
		}
		for _, q := range c.Requirements {
			row := []string{notation.Sentence(q.Title), notation.Percent(q.Most)}
			if c.Chosen() >= 0 {
				interval := "exact"
				if q.Lower != q.Upper {
					interval = notation.ChanceNumber(q.Lower) + " to " + notation.Chance(q.Upper)
				}
				row = append(row, notation.Chance(q.Value), interval)
			}
			t.Rows = append(t.Rows, row)
		}
		out.Requirements = t
	}
	if len(c.Prices) > 0 {
		t := &Table{ID: "prices-title", Caption: "What a step of one knob gains or costs",
			Columns: columns("Knob", "Instead of", "Take", ">Changes by", "Interval", "Then")}
		for _, x := range c.Prices {
			then := ""
			if x.Breaks {
				then = "breaks a requirement"
			}
			t.Rows = append(t.Rows, []string{x.Knob, x.From, x.To, choices.Change(x.Change),
				between(choices.Change(x.Lower), choices.Change(x.Upper)), then})
		}
		out.Prices = t
	}
	minutes := notation.Sentence(choices.MinutesTitle(c.Minutes))
	for _, f := range c.Fronts {
		title := choices.AspectTitle(f.Aspect)
		t := Table{ID: "front-" + f.Aspect,
			Caption: "The longest " + choices.MinutesTitle(c.Minutes) + " against " + title,
			Columns: columns("Design", ">"+notation.Sentence(title), ">"+minutes, "Interval")}
		for _, x := range f.Points {
			t.Rows = append(t.Rows, []string{designName(c, x.Design-1), choices.Amount(f.Aspect, x.Amount),
				choices.Time(c.Minutes, x.Cap), timesBetween(c.Minutes, x.Lower, x.Upper)})
		}
		out.Fronts = append(out.Fronts, t)
	}
	out.AsGood = asGood(d)
	return out
}

// designsLead says how long the cap is, and how sure the choice.
func designsLead(d *store.Designs) string {
	c := &d.Charts
	i := c.Chosen()
	if x := c.Nearest; i < 0 && x != nil {
		q := c.Requirements[x.Requirement-1]
		return fmt.Sprintf("No design is chosen. The nearest is %s: its %s is %s, and at most %s is "+
			"required.", designName(c, x.Design-1), q.Title, notation.Chance(x.Value),
			notation.Percent(q.Most))
	}
	if i < 0 {
		return "No design is chosen."
	}
	x := &c.Designs[i]
	text := fmt.Sprintf("%s It is %s (%s).", choices.Explain(d), choices.Time(c.Worth, x.Cap),
		timesBetween(c.Worth, x.Lower, x.Upper))
	if c.Of > 0 {
		text += fmt.Sprintf(" Of %s of the file %s were evaluated, those that fill the space and others near "+
			"the leaders: what follows is about these.", notation.Plural(c.Of, "design"),
			notation.Count(int64(len(c.Designs))))
	}
	within := notation.Length(d.Within)
	if d.Relative > 0 {
		within += " or " + notation.Percent(d.Relative)
	}
	if d.Outcome != "selected" {
		return text + " It is not decided whether another design is better by more than " + within + "."
	}
	that := ""
	if len(c.Requirements) > 0 {
		that = " that meets the requirements"
	}
	return text + fmt.Sprintf(" With %s confidence none of %s%s is better by more than %s.",
		notation.Percent(d.Confidence), notation.Plural(len(c.Designs), "design"), that, within)
}

// timesBetween writes the interval of a time.
func timesBetween(measure string, lower, upper float64) string {
	if lower == upper && measure == table.MeasureCap {
		return notation.ToTheStep
	}
	return between(choices.Time(measure, lower), choices.Time(measure, upper))
}

// between writes an interval, of which both ends may read the same.
func between(lower, upper string) string {
	if lower == upper {
		return lower
	}
	return lower + " to " + upper
}

// asGood lists the other designs that are as good as far as is known.
func asGood(d *store.Designs) *Table {
	c := &d.Charts
	t := &Table{ID: "as-good-title", Caption: "Still in question, or as good",
		Columns: columns("Design", ">"+notation.Sentence(choices.MinutesTitle(c.Worth)), "Interval")}
	for i := range c.Designs {
		if x := &c.Designs[i]; x.State == table.DesignAsGood {
			t.Rows = append(t.Rows, []string{designName(c, i), choices.Time(c.Worth, x.Cap),
				timesBetween(c.Worth, x.Lower, x.Upper)})
		}
	}
	switch n := len(t.Rows); {
	case n == 0:
		return nil
	case n > mostAsGood:
		t.Rows = t.Rows[:mostAsGood]
		t.Caption += fmt.Sprintf(", %d of %d", mostAsGood, n)
	}
	return t
}
