package report

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"budget/internal/notation"
	"budget/sweep/starts"
	"budget/sweep/store"
)

// Starts is what the app can do with what it observes when a session starts.
type Starts struct {
	Gain   Table // of caps by the start over one cap for everyone
	Tables []StartTable
	Note   string
}

// StartTable holds the caps of a session type at a tolerance: a table by thermal state and
// level for each class of watches, with Low Power Mode on or off.
type StartTable struct {
	Name    string
	Watches []Table
}

// readStarts reads what budget export may have left beside the results; nil if nothing.
func readStarts(results *store.Results) (*Starts, error) {
	found, err := starts.Read(results.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = results.Beside(starts.JSONFile, found.Provenance)
	}
	if err != nil {
		return nil, err
	}
	s := &Starts{Note: fmt.Sprintf("All %s of these tables hold together with %s confidence, "+
		"beside those above.",
		notation.Plural(int64(found.Family), "cap"), notation.Percent(found.Provenance.Confidence)),
		Gain: Table{ID: "bought-title",
			Caption: "What caps by start gain, if every session is as long as offered",
			Columns: columns("Session", ">Tolerance", ">One cap", ">Fails", ">By start", ">Fails",
				">Not offered",
				"Worst off under one cap")}}
	devices := map[string]string{}
	for _, w := range found.Watches {
		var names []string
		for _, d := range w.Devices {
			names = append(names, d.Name)
		}
		devices[w.ID] = w.ID + " (" + strings.Join(names, ", ") + ")"
	}
	levels := []string{"Thermal state"}
	for _, l := range found.Levels {
		levels = append(levels, fmt.Sprintf(">%d–%d %%", l.From, l.To))
	}
	for i := range found.Tables {
		t := &found.Tables[i]
		s.Gain.Rows = append(s.Gain.Rows, gain(t))
		s.Tables = append(s.Tables, startTable(t, columns(levels...), devices))
	}
	return s, nil
}

// gain returns the row of a table of caps by the start.
func gain(t *starts.Table) []string {
	g := t.Gain()
	worst := ""
	if w := g.Worst; w != nil {
		worst = fmt.Sprintf("%s of those who start %s, at %d to %d %%, on a %s watch",
			notation.Chance(w.FailsAtFixed.Value), w.Thermal, w.Level.From, w.Level.To, w.Watch)
		if w.LowPower {
			worst += " in Low Power Mode"
		}
	}
	chance := notation.Chance
	fixed := notation.Minutes(g.Fixed)
	if t.Cycles != "" || !t.Fixed.Status.HasCap() {
		fixed = notation.CapReached(t.Case(), t.Fixed.Status, t.Fixed.Cap)
	}
	return []string{t.SessionName, notation.Percent(t.Tolerance),
		fixed, chance(g.FixedFails.Value),
		notation.Minutes(g.Table), chance(g.TableFails.Value), chance(1 - g.Offered), worst}
}

// startTable lays the cells out, which come by watch, mode, thermal state and level.
func startTable(t *starts.Table, levels []Column, devices map[string]string) StartTable {
	out := StartTable{Name: t.SessionName + ", " + notation.Percent(t.Tolerance)}
	for i := range t.Cells {
		c := &t.Cells[i]
		name := devices[c.Watch]
		if c.LowPower {
			name += ", Low Power Mode"
		}
		if n := len(out.Watches); n == 0 || out.Watches[n-1].Caption != name {
			out.Watches = append(out.Watches, Table{Caption: name, Columns: levels})
		}
		w := &out.Watches[len(out.Watches)-1]
		if n := len(w.Rows); n == 0 || w.Rows[n-1][0] != c.Thermal {
			w.Rows = append(w.Rows, []string{c.Thermal})
		}
		text := notation.CapReached(t.Case(), c.Status(), c.Cap)
		row := &w.Rows[len(w.Rows)-1]
		*row = append(*row, text)
	}
	return out
}
