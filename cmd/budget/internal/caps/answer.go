package caps

import (
	"fmt"
	"io"
	"math"
	"slices"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/sweep"
	"budget/sweep/table"
)

// answer returns the table in every format. The given notes follow its own.
func (t *capsTable) answer(notes ...string) cli.Answer {
	return cli.Answer{
		CSV:  func(w io.Writer) error { return table.WriteCaps(w, t.Caps, &t.provenance) },
		JSON: func(w io.Writer) error { return table.WriteCapsJSON(w, t.Result, t.provenance) },
		Page: func(p *cli.Page) {
			if p.Markdown {
				p.Table(t.markdown())
			} else {
				t.headline(p)
				p.Table(t.text())
			}
		},
		Notes:   append(t.notes(), notes...),
		Explain: t.explanations(),
	}
}

// notes describe the caps in the table.
func (t *capsTable) notes() []string {
	holds := fmt.Sprintf("with %s confidence", notation.Percent(t.Caps[0].Confidence))
	if n := t.provenance.Caps; n == 1 {
		holds = "The cap holds " + holds
	} else {
		holds = fmt.Sprintf("All %d caps hold together %s", n, holds)
	}
	rest := "; the others leave."
	if t.provenance.OnResign == inputs.ResignPauses {
		rest = ". Users who leave come back."
	}
	return []string{holds + ". Fails and Completes are shares at the cap" + rest}
}

// explanations describe the columns.
func (t *capsTable) explanations() []string {
	notes := []string{}
	if t.Caps[0].Cycles != "" {
		notes = append(notes, "Of a timer the cap is a position on its clock: the end of the last session "+
			"by which it fails at most as often as the tolerance says, and the cycles that end by then.")
	}
	notes = append(notes, "Safe: the longest session that fails at most as often as the tolerance says, "+
		"of the sessions that start. The bracket is the upper end of the cap's interval: more paths narrow it. "+
		"To the step: the next longer session surely fails too often. "+
		"The confidence of all caps together is that of Bonferroni's inequality.")
	if gate := t.gate(); gate > 0 {
		notes = append(notes, fmt.Sprintf("From %[1]s shown: the cap of the sessions that start while "+
			"the watch shows %[1]s or more (--gate).", notation.Percent(gate)))
	}
	if i := slices.IndexFunc(t.Caps, func(c sweep.Cap) bool { return c.Spread != nil }); i >= 0 {
		robust := "With one session type there is a robust cap, too."
		if s := t.Caps[i].Spread; !math.IsNaN(s.Robust) {
			robust = fmt.Sprintf("The robust cap holds for %s of them, by their bounds, with %s confidence.",
				notation.Percent(s.RobustShare), notation.Percent(t.Caps[i].Confidence))
		}
		notes = append(notes, "Uncertain inputs, such as hazard rates that nobody outside Apple knows, "+
			"were drawn from their ranges: 5, 50 and 95 % of the draws have a shorter cap (best "+
			"estimates). "+robust+" budget uncertainty says more, budget sensitivity which input decides.")
	}
	switch {
	case t.differ:
		notes = append(notes, "Safe is cautious: below 10 % battery, or when the watch is hot, the system "+
			"uses granted time up faster. One developer reported this; Apple does not document it. "+
			"If grants are never cut, the other column holds; \"same\" where nothing differs.")
	case t.reading == "" && slices.ContainsFunc(t.Caps, known):
		notes = append(notes, "Whether the system cuts grants short changes no cap here.")
	}
	return append(notes, "Ends by: the cause with the most failures one step beyond the cap. Leaves: "+
		"users who switch to another app.")
}

func known(c sweep.Cap) bool { return c.Status != sweep.CapUnknown }
