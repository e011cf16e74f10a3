package main

import (
	"fmt"
	"slices"
	"strings"

	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/model"
	"budget/solver/estimate"
)

// documentedTitle stands over what holds if the system never cuts a grant short.
const documentedTitle = "If grants are never cut"

// table lists the outcomes of a case and length: each reading's estimate, where they differ,
// and the reason that the app is told.
func (o *outcomes) table(c *caseOutcomes, markdown bool) *texttab.Table {
	readings := c.readings[:1]
	if c.differ() {
		readings = c.readings
	}
	t := texttab.New("Outcome")
	for i := range readings {
		title := "Probability"
		switch {
		case i > 0:
			title = documentedTitle
		case len(c.readings) == 1 || markdown && len(readings) > 1:
			title += ", if " + notation.Grants(readings[i].reading)
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
		if o.pauses() && cause == model.Resigned {
			continue // they come back
		}
		reason, _, _ := strings.Cut(cause.Reason(c.through), " (")
		row(texttab.Plain, cause.String(), reason, func(r readingOutcomes) estimate.Estimate {
			return r.ends[i]
		})
	}
	for i, e := range c.readings[0].later {
		if e.Value > 0 {
			reason, _, _ := strings.Cut(laterCauses[i].Reason(c.through), " (")
			row(texttab.Plain, laterCauses[i].String(), reason,
				func(r readingOutcomes) estimate.Estimate { return r.later[i] })
		}
	}
	if !markdown {
		t.Gap()
	}
	row(texttab.Bold, "fails", "", func(r readingOutcomes) estimate.Estimate { return r.fails })
	row(texttab.Plain, "completes", "",
		func(r readingOutcomes) estimate.Estimate { return r.completes })
	return t
}

// byLength has a row for every case and length, with what it costs.
func (o *outcomes) byLength() *texttab.Table {
	differ := o.documented()
	length := ">Length"
	if slices.ContainsFunc(o.cases, func(c caseOutcomes) bool { return c.Cycles != "" }) {
		length = ">By the end of"
	}
	titles := []string{"Session", length, ">Fails", notation.Percent(o.Confidence) + " interval"}
	if differ {
		titles = append(titles, ">"+documentedTitle)
	}
	t := texttab.New(append(titles, ">Leaves", ">Refused", ">Completes", "Ends by", ">Battery used",
		">Hottest skin")...)
	t.Keys = 2
	for i := range o.cases {
		c := &o.cases[i]
		r := c.readings[0]
		fails := estimateText(r.fails)
		row := []texttab.Cell{{Text: notation.Sentence(caseWord(c.Case))},
			{Text: notation.EndOf(c.Case, c.length)}, {Text: fails[0], Style: texttab.Bold},
			{Text: fails[1]}}
		add := func(text string) { row = append(row, texttab.Cell{Text: text}) }
		if differ {
			add(estimateText(c.readings[1].fails)[0])
		}
		add(notation.Chance(r.leaves.Value))
		add(notation.Chance(r.refused.Value))
		add(notation.Chance(r.completes.Value))
		endsBy := r.endsBy.String()
		if r.fails.Value == 0 || tooFew(r.fails) {
			endsBy = ""
		}
		add(endsBy)
		if cost := o.costOf(c); cost != nil {
			add(fmt.Sprintf("%.1f %%", 100*cost.Level.Mean.Value))
			add(fmt.Sprintf("%.1f °C", cost.Hottest.Mean.Value))
		}
		t.Row(row...)
	}
	return t
}
