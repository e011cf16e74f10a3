package report

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"budget/cmd/budget/internal/texttab"
	page "budget/plots/report"
)

// writeMarkdown writes a report for a pull request: the caps, how to read them, and what
// they rest on. Charts and assumptions are for the page.
func writeMarkdown(w *bytes.Buffer, r *page.Report) {
	fmt.Fprintf(w, "## %s\n\n%s\n\n", plain(r.Title), plain(r.Subtitle))
	if r.Changed != "" {
		fmt.Fprintf(w, "**Unchecked, the numbers may be wrong: %s.**\n\n", plain(r.Changed))
	}
	if r.Unfinished != "" {
		fmt.Fprintf(w, "**%s**\n\n", plain(r.Unfinished))
	}
	if r.Ends != nil {
		writeTable(w, &r.Ends.Rows)
		fmt.Fprintf(w, "\n%s\n\n", r.Ends.Note)
		writeRest(w, r)
		return
	}
	for _, a := range r.Answers {
		binding := ""
		if a.Binding != "" {
			binding = ", ends by " + a.Binding
		}
		after := strings.TrimSuffix(plain(a.After)+" "+a.Range, " ")
		safe := ""
		if a.Cap != "" {
			safe = "; safe cap " + a.Cap
		}
		fmt.Fprintf(w, "- %s **%s**%s%s%s\n", plain(a.Before), a.Length, safe, binding, after)
	}
	fmt.Fprintf(w, "\n%s\n\n", r.Lead)
	if r.Spread != nil {
		writeTable(w, r.Spread)
		fmt.Fprintln(w)
	}
	if r.Caps != nil && !r.Caps.Long {
		writeCaps(w, r.Caps)
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%s\n\n", strings.Join(r.Notes, " "))
	if s := r.Starts; s != nil {
		fmt.Fprintf(w, "### Caps by the start\n\n")
		writeTable(w, &s.Gain)
		fmt.Fprintf(w, "\nEvery session is as long as offered. %s\n\n", s.Note)
	}
	if r.Uncertain != nil {
		writeUncertain(w, r.Uncertain)
	}
	writeRest(w, r)
}

// writeRest writes the inputs and where the numbers come from.
func writeRest(w *bytes.Buffer, r *page.Report) {
	fmt.Fprintf(w, "<details><summary>Provenance</summary>\n\n")
	for _, facts := range [][]page.Fact{r.Inputs, r.Facts} {
		for _, f := range facts {
			if f.Value = plain(f.Value); f.Code { // a digest or a version, of letters alone
				f.Value = "`" + f.Value + "`"
			}
			fmt.Fprintf(w, "- %s: %s\n", plain(f.Name), f.Value)
		}
	}
	for _, o := range r.Provenance.Overrides {
		fmt.Fprintf(w, "- Override: `%s` is %s, else %s (%s)\n", o.Key, plain(o.Value), plain(o.Default),
			plain(o.Place))
	}
	fmt.Fprintf(w, "- To repeat it: `%s`\n\n</details>\n", r.Repeat)
}

// plain keeps a text that a file gave, a name for instance, from being more than a text:
// no markup, no second line.
func plain(text string) string { return markup.Replace(text) }

var markup = strings.NewReplacer("\r", " ", "\n", " ", "&", "&amp;", "<", "&lt;", "`", "\\`", "*",
	"\\*", "[", "\\[")

func writeCaps(w *bytes.Buffer, t *page.CapsTable) {
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

func writeTable(w *bytes.Buffer, t *page.Table) {
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

func writeUncertain(w *bytes.Buffer, u *page.Uncertain) {
	fmt.Fprintf(w, "### Uncertain inputs\n\n")
	if u.Caps != nil {
		writeTable(w, u.Caps)
		fmt.Fprintf(w, "\n%s\n\n", plain(u.CapsNote))
	}
	for _, in := range u.Influence {
		fmt.Fprintf(w, "%s: %s", plain(in.Name), in.Note)
		for i, q := range in.Table.Rows[:min(3, len(in.Table.Rows))] {
			if i == 0 {
				fmt.Fprint(w, " Measure first:")
			}
			key, evidence, low, capLow, high, capHigh := q[0], q[1], q[2], q[3], q[4], q[5]
			fmt.Fprintf(w, " `%s` (%s; %s at %s, %s at %s).", key, evidence, capLow, low, capHigh, high)
		}
		fmt.Fprint(w, "\n\n")
	}
}
