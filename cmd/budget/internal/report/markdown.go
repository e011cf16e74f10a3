package report

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"budget/cmd/budget/internal/texttab"
	"budget/internal/escape"
	content "budget/plots/report"
)

// writeMarkdown writes a report for a pull request: the caps, how to read them, and what
// they rest on. Charts and assumptions are for the page.
func writeMarkdown(w *bytes.Buffer, r *content.Report) {
	fmt.Fprintf(w, "## %s\n\n%s\n\n", escape.Markdown(r.Title), escape.Markdown(r.Subtitle))
	if r.Changed != "" {
		fmt.Fprintf(w, "**Unchecked, the numbers may be wrong: %s.**\n\n", escape.Markdown(r.Changed))
	}
	if r.Unfinished != "" {
		fmt.Fprintf(w, "**%s**\n\n", escape.Markdown(r.Unfinished))
	}
	if r.Ends != nil {
		writeTable(w, &r.Ends.Rows)
		fmt.Fprintf(w, "\n%s\n\n", escape.Markdown(r.Ends.Note))
		writeRest(w, r)
		return
	}
	if d := r.Designs; d != nil {
		writeDesigns(w, d)
		writeRest(w, r)
		return
	}
	for _, a := range r.Answers {
		binding := ""
		if a.Binding != "" {
			binding = ", ends by " + escape.Markdown(a.Binding)
		}
		after := strings.TrimSuffix(escape.Markdown(a.After)+" "+escape.Markdown(a.Range), " ")
		safe := ""
		if a.Cap != "" {
			safe = "; safe cap " + escape.Markdown(a.Cap)
		}
		fmt.Fprintf(w, "- %s **%s**%s%s%s\n", escape.Markdown(a.Before), escape.Markdown(a.Length),
			safe, binding, after)
	}
	fmt.Fprintf(w, "\n%s\n\n", escape.Markdown(r.Lead))
	writeDeciding(w, r.Deciding)
	if r.Summary {
		writeRest(w, r)
		return
	}
	if r.Spread != nil {
		writeTable(w, r.Spread)
		fmt.Fprintln(w)
	}
	if r.Caps != nil && !r.Caps.Long {
		writeCaps(w, r.Caps)
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%s\n\n", escape.Markdown(strings.Join(r.Notes, " ")))
	if s := r.Starts; s != nil {
		fmt.Fprintf(w, "### Caps by the start\n\n")
		writeTable(w, &s.Gain)
		fmt.Fprintf(w, "\nEvery session is as long as offered. %s\n\n", escape.Markdown(s.Note))
	}
	if r.Uncertain != nil {
		writeUncertain(w, r.Uncertain)
	}
	writeRest(w, r)
}

// writeDeciding writes which assumptions decide, and what to measure first.
func writeDeciding(w *bytes.Buffer, d *content.Deciding) {
	for _, in := range d.Inputs {
		fmt.Fprintf(w, "- %s (%s): %s\n", escape.MarkdownCode(in.Key), escape.Markdown(in.Evidence),
			escape.Markdown(in.Effect))
	}
	if len(d.Inputs) > 0 {
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%s\n\n", escape.Markdown(d.Measure))
}

// writeDesigns writes which design to take, and what its knobs gain or cost.
func writeDesigns(w *bytes.Buffer, d *content.Designs) {
	fmt.Fprintf(w, "%s\n\n", escape.Markdown(d.Lead))
	var tables []*content.Table
	for _, t := range []*content.Table{d.Requirements, d.Prices} {
		if t != nil {
			tables = append(tables, t)
		}
	}
	for i := range d.Fronts {
		tables = append(tables, &d.Fronts[i])
	}
	for _, t := range tables {
		fmt.Fprintf(w, "%s:\n\n", escape.Markdown(t.Caption))
		writeTable(w, t)
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%s\n\n", escape.Markdown(d.Note))
}

// writeRest writes the inputs and where the numbers come from.
func writeRest(w *bytes.Buffer, r *content.Report) {
	fmt.Fprintf(w, "<details><summary>Provenance</summary>\n\n")
	for _, facts := range [][]content.Fact{r.Inputs, r.Facts} {
		for _, f := range facts {
			value := escape.Markdown
			if f.Code {
				value = escape.MarkdownCode
			}
			fmt.Fprintf(w, "- %s: %s\n", escape.Markdown(f.Name), value(f.Value))
		}
	}
	for _, o := range r.Provenance.Overrides {
		fmt.Fprintf(w, "- Override: %s is %s, else %s (%s)\n", escape.MarkdownCode(o.Key),
			escape.Markdown(o.Value), escape.Markdown(o.Default), escape.Markdown(o.Place))
	}
	fmt.Fprintf(w, "- To repeat it: %s\n\n</details>\n", escape.MarkdownCode(r.Repeat))
}

func writeCaps(w *bytes.Buffer, t *content.CapsTable) {
	titles := []string{t.First, ">Tolerance", ">Safe", "Could be"}
	if t.Differ {
		titles = append(titles, ">If grants are never cut", "Could be")
	}
	out := texttab.New(append(titles, ">Fails", ">Leaves", ">Refused", ">Completes", "Ends by")...)
	for _, g := range t.Groups {
		for _, r := range g.Rows {
			row := []string{g.Name, r.Tolerance, r.Cap.Text, r.Cap.Upper}
			if t.Differ {
				row = append(row, r.Documented.Text, r.Documented.Upper)
			}
			out.Texts(append(row, r.Fails, r.Leaves, r.Refused, r.Completes, r.Binding)...)
		}
	}
	out.Markdown(w)
}

func writeTable(w *bytes.Buffer, t *content.Table) {
	var out texttab.Table
	for _, c := range t.Columns {
		out.Columns = append(out.Columns,
			texttab.Column{Title: cmp.Or(c.Full, c.Title), Right: c.Figure()})
	}
	for _, row := range t.Rows {
		out.Texts(row...)
	}
	out.Markdown(w)
}

func writeUncertain(w *bytes.Buffer, u *content.Uncertain) {
	fmt.Fprintf(w, "### Uncertain inputs\n\n")
	if u.Caps != nil {
		writeTable(w, u.Caps)
		fmt.Fprintf(w, "\n%s\n\n", escape.Markdown(u.CapsNote))
	}
	for _, in := range u.Influence {
		fmt.Fprintf(w, "%s: %s", escape.Markdown(in.Name), escape.Markdown(in.Note))
		for i, q := range in.Table.Rows[:min(3, len(in.Table.Rows))] {
			if i == 0 {
				fmt.Fprint(w, " Measure first:")
			}
			evidence, low, capLow, high, capHigh := q[1], q[2], q[3], q[4], q[5]
			fmt.Fprintf(w, " %s %s.", escape.MarkdownCode(q[0]), escape.Markdown(fmt.Sprintf(
				"(%s; %s at %s, %s at %s)", evidence, capLow, low, capHigh, high)))
		}
		fmt.Fprint(w, "\n\n")
	}
}
