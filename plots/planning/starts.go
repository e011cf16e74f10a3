package planning

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"budget/internal/notation"
	"budget/plots"
	"budget/plots/figure"
	"budget/plots/selection"
	"budget/sweep"
	"budget/sweep/starts"
	"budget/sweep/store"
)

// KindStarts is the kind of charts in this file.
const KindStarts plots.Kind = "starts"

// StartsChart draws the caps of a table of budget export as a map: the displayed battery level to
// the right; a row for each class of watches and thermal state, with Low Power Mode off.
func StartsChart(h plots.Heading, r *starts.Result, t *starts.Table) (*figure.Chart, error) {
	m := plots.CapMap{Heading: h, Tolerance: t.Tolerance, Apart: true,
		X: plots.Levels{Title: "battery"}}
	for _, l := range r.Levels {
		m.X.Texts = append(m.X.Texts, fmt.Sprintf("%d–%d %%", l.From, l.To))
	}
	var rows []string
	for i := range t.Cells {
		c := &t.Cells[i]
		if c.LowPower {
			continue
		}
		name := c.Watch + ", " + c.Thermal
		at := slices.Index(rows, name)
		if at < 0 {
			at, rows = len(rows), append(rows, name)
			m.Caps = append(m.Caps, make([]*sweep.Cap, len(r.Levels)))
		}
		k := slices.Index(r.Levels, c.Level)
		if k < 0 {
			return nil, fmt.Errorf("planning: no level %s", c.Level)
		}
		m.Caps[at][k] = &sweep.Cap{Case: h.Case, Reading: "cautious", Tolerance: t.Tolerance,
			Confidence: r.Provenance.Confidence, Cap: c.Cap, CapUpper: c.Cap, Status: c.Status(),
			Paths: c.Paths}
	}
	m.Y.Texts = rows
	return plots.MapChart(m)
}

// drawStarts draws the caps by the start at the tolerance that titles are about.
func drawStarts(r *store.Results) ([]plots.Named, error) {
	found, err := starts.Read(r.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &plots.Missing{Kind: KindStarts,
			Reason: "run budget export -o with the same directory first"}
	}
	if err == nil {
		err = r.Beside(starts.JSONFile, found.Provenance)
	}
	if err != nil {
		return nil, err
	}
	at := selection.Headline(found.Provenance.Tolerances)
	var out []plots.Named
	for i := range found.Tables {
		t := &found.Tables[i]
		if t.Tolerance != at {
			continue
		}
		foot := fmt.Sprintf("“%s” · %s sessions drawn · seed %d · Low Power Mode off",
			found.Provenance.Scenario, notation.Count(found.Drawn), found.Provenance.Seed)
		h := plots.Heading{Case: t.Case(), Foot: []string{foot}}
		chart, err := StartsChart(h, found, t)
		drawn, err := named(chart, err, string(KindStarts)+"-"+t.Session)
		if err != nil {
			return nil, err
		}
		out = append(out, drawn...)
	}
	return out, nil
}
