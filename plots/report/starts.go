package report

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"budget/internal/notation"
	"budget/sweep/starts"
)

// Starts is what the app can do with what it observes when a session starts.
type Starts struct {
	Bought []Bought
	Tables []StartTable
	Note   string
}

// Bought is what caps by the start buy over one cap for everyone.
type Bought struct {
	Session, Tolerance                     string
	Fixed, FixedFails, ByStart, StartFails string
	NotOffered, Worst                      string
}

// StartTable holds the caps of a session type at a tolerance, by watch and mode.
type StartTable struct {
	Name    string
	Levels  []string // of the battery, the columns
	Watches []StartWatch
}

// StartWatch holds the caps for a class of watches, with Low Power Mode on or off.
type StartWatch struct {
	Name string
	Rows []StartRow
}

// StartRow holds the caps at a thermal state, by level.
type StartRow struct {
	Thermal string
	Caps    []string
}

// readStarts reads what budget export may have left beside the results.
func readStarts(dir string) (*Starts, error) {
	found, err := starts.Read(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s := &Starts{Note: fmt.Sprintf("All %s of these tables hold together with %s confidence, beside those above. “No cap”: none can be promised.",
		notation.Plural(int64(found.Family), "cap"), notation.Percent(found.Provenance.Confidence))}
	devices := map[string]string{}
	for _, w := range found.Watches {
		var names []string
		for _, d := range w.Devices {
			names = append(names, d.Name)
		}
		devices[w.ID] = w.ID + " (" + strings.Join(names, ", ") + ")"
	}
	for i := range found.Tables {
		t := &found.Tables[i]
		s.Bought = append(s.Bought, bought(t))
		s.Tables = append(s.Tables, startTable(t, found.Levels, devices))
	}
	return s, nil
}

func bought(t *starts.Table) Bought {
	b := t.Gain()
	out := Bought{Session: t.SessionName, Tolerance: notation.Percent(t.Tolerance),
		Fixed: minutes(b.Fixed), FixedFails: notation.Chance(b.FixedFails.Value),
		ByStart: minutes(b.Table), StartFails: notation.Chance(b.TableFails.Value), NotOffered: notation.Chance(1 - b.Offered)}
	if w := b.Worst; w != nil {
		out.Worst = fmt.Sprintf("%s of those who start %s, at %d to %d %%, on a %s watch", notation.Chance(w.FailsAtFixed.Value), w.Thermal, w.Level.From, w.Level.To, w.Watch)
		if w.LowPower {
			out.Worst += " in Low Power Mode"
		}
	}
	return out
}

// minutes writes an average duration [s] to a tenth of a minute.
func minutes(seconds float64) string { return fmt.Sprintf("%.1f min", seconds/60) }

// startTable lays the cells out, which come by watch, mode, thermal state and level.
func startTable(t *starts.Table, levels []starts.LevelBin, devices map[string]string) StartTable {
	out := StartTable{Name: t.SessionName + ", " + notation.Percent(t.Tolerance)}
	for _, l := range levels {
		out.Levels = append(out.Levels, fmt.Sprintf("%d–%d %%", l.From, l.To))
	}
	for i := range t.Cells {
		c := &t.Cells[i]
		name := devices[c.Watch]
		if c.LowPower {
			name += ", Low Power Mode"
		}
		if n := len(out.Watches); n == 0 || out.Watches[n-1].Name != name {
			out.Watches = append(out.Watches, StartWatch{Name: name})
		}
		w := &out.Watches[len(out.Watches)-1]
		if n := len(w.Rows); n == 0 || w.Rows[n-1].Thermal != c.Thermal {
			w.Rows = append(w.Rows, StartRow{Thermal: c.Thermal})
		}
		row := &w.Rows[len(w.Rows)-1]
		text := "no cap"
		if c.Cap > 0 {
			text = notation.Length(c.Cap)
		}
		row.Caps = append(row.Caps, text)
	}
	return out
}
