package caps

import (
	"fmt"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/sweep/starts"
)

// sayGain says on standard error what caps by the start gain over one fixed cap for
// everyone.
func sayGain(sys *cli.System, s *starts.Result) {
	t := texttab.New("Session", ">Tolerance", ">One cap", ">Fails", ">By start", ">Fails", ">No cap",
		"Worst off under one cap")
	t.Columns[7].Wrap, t.Columns[7].Drop = 20, 1
	for i := range s.Tables {
		table := &s.Tables[i]
		g := table.Gain()
		worst := ""
		if w := g.Worst; w != nil {
			worst = notation.Chance(w.FailsAtFixed.Value) + " of " + describeStart(w)
		}
		t.Texts(table.SessionName, notation.Percent(table.Tolerance),
			notation.Minutes(g.Fixed), notation.Chance(g.FixedFails.Value),
			notation.Minutes(g.Table), notation.Chance(g.TableFails.Value),
			notation.Chance(1-g.Offered), worst)
	}
	p := sys.Aside()
	p.Table(t)
	p.Printf("\n")
	p.Wrap(fmt.Sprintf("One cap: for everyone who starts. By start: the average cap by what the app "+
		"observes, 0 where there is no cap. Fails: share of the starts, if all plan the longest they "+
		"may. All %s hold together with %s confidence. Rests on assumptions: %s assumed or anecdotal.",
		notation.Plural(s.Family, "cap"), notation.Percent(s.Provenance.Confidence),
		notation.Plural(len(s.Provenance.Assumed), "quantity is", "quantities are")))
}

// describeStart names a start in words.
func describeStart(c *starts.Cell) string {
	mode := ""
	if c.LowPower {
		mode = ", Low Power Mode"
	}
	return fmt.Sprintf("%s, %d to %d %%, %s%s", c.Watch, c.Level.From, c.Level.To, c.Thermal, mode)
}
