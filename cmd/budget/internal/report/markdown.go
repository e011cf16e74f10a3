package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"budget/cmd/budget/internal/texttab"
	page "budget/plots/report"
)

// writeReportMarkdown writes a report for a pull request: the caps, how to read them, and
// what they rest on. Charts and assumptions are for the page.
func writeReportMarkdown(w io.Writer, r *page.Report) error {
	fmt.Fprintf(w, "## %s\n\n%s\n\n%s\n\n", plain(r.Title), r.Subtitle, r.Lead)
	for _, a := range r.Answers {
		binding := ""
		if a.Binding != "" {
			binding = ", bound by " + a.Binding
		}
		fmt.Fprintf(w, "- %s **%s**%s%s\n", plain(a.Before), a.Cap, binding, plain(a.After))
	}
	fmt.Fprintln(w)
	if r.Spread != nil {
		if err := writeTableMarkdown(w, r.Spread); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	if r.Caps != nil && !r.Caps.Folded {
		if err := writeCapsMarkdown(w, r.Caps); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%s\n\n", strings.Join(r.Notes, " "))
	if r.Starts != nil {
		if err := writeStartsMarkdown(w, r.Starts); err != nil {
			return err
		}
	}
	if r.Uncertain != nil {
		if err := writeUncertainMarkdown(w, r.Uncertain); err != nil {
			return err
		}
	}
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
	_, err := fmt.Fprintf(w, "- To repeat it: `%s`\n\n</details>\n", r.Repeat)
	return err
}

// plain keeps a text that a file gave, a name for instance, from being more than a text:
// no markup, no second line.
func plain(text string) string { return markup.Replace(text) }

var markup = strings.NewReplacer("\r", " ", "\n", " ", "&", "&amp;", "<", "&lt;", "`", "\\`", "*",
	"\\*", "[", "\\[")

func writeCapsMarkdown(w io.Writer, t *page.CapsTable) error {
	titles := []string{t.First, ">Tolerance", ">Safe cap", "Could be"}
	if t.Differ {
		titles = append(titles, ">Documented reading", "Could be")
	}
	titles = append(titles, ">Fails", "Bound by", ">Resigned")
	var rows [][]string
	for _, g := range t.Groups {
		for _, r := range g.Rows {
			row := []string{g.Name, r.Tolerance, r.Cap.Text, r.Cap.Upper}
			if t.Differ {
				row = append(row, r.Documented.Text, r.Documented.Upper)
			}
			rows = append(rows, append(row, r.Fails, r.Binding, r.Resigned))
		}
	}
	return texttab.Markdown(w, titles, rows)
}

func writeTableMarkdown(w io.Writer, t *page.Table) error {
	var titles []string
	for _, c := range t.Columns {
		title := cmp.Or(c.Full, c.Title)
		if c.Figure() {
			title = ">" + title
		}
		titles = append(titles, title)
	}
	return texttab.Markdown(w, titles, t.Rows)
}

func writeStartsMarkdown(w io.Writer, s *page.Starts) error {
	fmt.Fprintf(w, "### Caps by the start\n\n")
	if err := writeTableMarkdown(w, &s.Gain); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\nIf everyone plans the longest session offered. %s\n\n", s.Note)
	return err
}

func writeUncertainMarkdown(w io.Writer, u *page.Uncertain) error {
	fmt.Fprintf(w, "### What is not known\n\n")
	if u.Caps != nil {
		if err := writeTableMarkdown(w, u.Caps); err != nil {
			return err
		}
		fmt.Fprintf(w, "\n%s\n\n", u.CapsNote)
	}
	for _, in := range u.Influence {
		fmt.Fprintf(w, "%s: %s", in.Name, in.Note)
		for i, q := range in.Table.Rows[:min(3, len(in.Table.Rows))] {
			if i == 0 {
				fmt.Fprint(w, " Measure first:")
			}
			key, evidence, low, capLow, high, capHigh := q[0], q[1], q[2], q[3], q[4], q[5]
			fmt.Fprintf(w, " `%s` (%s; %s at %s, %s at %s).", key, evidence, capLow, low, capHigh, high)
		}
		fmt.Fprint(w, "\n\n")
	}
	return nil
}
