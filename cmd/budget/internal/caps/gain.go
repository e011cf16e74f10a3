package caps

import (
	"fmt"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/sweep/starts"
)

// sayBought says on standard error what tables buy over one fixed cap for everyone.
func sayBought(sys *cli.System, s *starts.Result) error {
	width := sys.ErrWidth
	if width == 0 {
		width = cli.PlainWidth
	}
	t := cli.PlainTable{Titles: []string{"Session", ">Tolerance", ">One cap", ">Fails", ">By start",
		">Fails", ">No cap", "Worst off under one cap"}}
	for i := range s.Tables {
		table := &s.Tables[i]
		b := table.Gain()
		row := []string{table.SessionName, notation.Percent(table.Tolerance), notation.Minutes(b.Fixed),
			notation.Chance(b.FixedFails.Value),
			notation.Minutes(b.Table), notation.Chance(b.TableFails.Value), notation.Chance(1 - b.Offered)}
		worst := ""
		if w := b.Worst; w != nil {
			worst = notation.Chance(w.FailsAtFixed.Value) + " of " + describeStart(w)
		}
		t.Rows = append(t.Rows, append(row, worst))
	}
	text := t.Text()
	text.Columns[7].Wrap = 20
	text.Columns[7].Drop = 1
	if _, err := text.Write(sys.Stderr, width, false); err != nil {
		return err
	}
	note := fmt.Sprintf("One cap: for everyone who starts. By start: the average cap by what the "+
		"app observes, 0 where there is no cap. "+
		"Fails: share of the starts, if all plan the longest they may. All %s hold together with %s "+
		"confidence. "+
		"Rests on assumptions: %s assumed or anecdotal.",
		notation.Plural(int64(s.Family),
			"cap"), notation.Percent(s.Provenance.Confidence),
		notation.Plural(int64(len(s.Provenance.Assumed)), "quantity is", "quantities are"))
	_, err := fmt.Fprintf(sys.Stderr, "\n%s\n", strings.Join(texttab.Wrap(note, width), "\n"))
	return err
}

// describeStart names a start in words.
func describeStart(c *starts.Cell) string {
	mode := ""
	if c.LowPower {
		mode = ", Low Power Mode"
	}
	return fmt.Sprintf("%s, %d to %d %%, %s%s", c.Watch, c.Level.From, c.Level.To, c.Thermal, mode)
}
