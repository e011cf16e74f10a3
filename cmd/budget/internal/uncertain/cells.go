package uncertain

import (
	"fmt"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/texttab"
	"budget/sweep"
	"budget/sweep/plan"
	"budget/sweep/uncertainty"
)

// cellBreakpoint is the answer for a session type in a cell of a sweep plan.
type cellBreakpoint struct {
	Cell   int      `json:"cell"`
	Levels []string `json:"levels"` // one per axis
	*uncertainty.Breakpoint
}

// breakpointTable lists the answers for printing.
func breakpointTable(p *plan.Plan, found []cellBreakpoint) *texttab.Table {
	var titles []string
	for _, a := range p.Axes {
		titles = append(titles, a.Name)
	}
	titles = append(titles, "Session", "Holds")
	shown := found[0].Quantity.Key == uncertainty.KeyStartLevel
	if shown {
		titles = append(titles, "As the watch shows it")
	}
	t := texttab.New(titles...)
	t.Keys = len(p.Axes) + 1
	t.Columns[t.Keys].Wrap = 20
	for _, row := range found {
		cells := append(append([]string{}, row.Levels...), row.SessionName, where(row.Breakpoint))
		if shown {
			text := ""
			if s := row.Shown; s != nil && !s.UpperOpen {
				text = fmt.Sprintf("warn below %d %%", s.Upper)
			}
			cells = append(cells, text)
		}
		t.Texts(cells...)
	}
	return t
}

// where writes briefly for which values the length holds.
func where(b *uncertainty.Breakpoint) string {
	switch {
	case !b.Known:
		return sweep.CapUnknown.Name()
	case len(b.Crossings) == 0 && b.Holds:
		return fmt.Sprintf("from %s to %s", b.Text(b.From), b.Text(b.To))
	case len(b.Crossings) == 0:
		return sweep.CapNever.Name()
	}
	return values(b)
}

// breakpointRecords lists the answers for programs: a row per crossing, or one row without any.
func breakpointRecords(p *plan.Plan, found []cellBreakpoint) *cli.Records {
	out := &cli.Records{Fields: []string{"cell"}}
	for _, a := range p.Axes {
		out.Fields = append(out.Fields, a.Name)
	}
	out.Fields = append(out.Fields, "session", "on_device", "in_environment", "key", "unit",
		"length_s", "tolerance", "from", "to", "holds_at_from", "known", "crossing", "lower", "upper",
		"lower_open",
		"upper_open", "shown_percent", "shown_lower_percent", "shown_upper_percent", "paths")
	for _, row := range found {
		leading := []any{row.Cell}
		for _, level := range row.Levels {
			leading = append(leading, level)
		}
		leading = append(leading, row.Session, row.Device, row.Environment, row.Quantity.Key,
			row.Quantity.Unit, row.Plan, row.Tolerance, row.From, row.To, row.Holds, row.Known)
		last := []any{nil, nil, nil, row.Paths}
		if s := row.Shown; s != nil && s.Known {
			last = []any{s.Level, s.Lower, s.Upper, row.Paths}
		}
		add := func(crossing ...any) {
			out.Add(append(append(append([]any{}, leading...), crossing...), last...)...)
		}
		if len(row.Crossings) == 0 {
			add(nil, nil, nil, nil, nil)
		}
		for _, c := range row.Crossings {
			add(c.At, c.Lower, c.Upper, c.LowerOpen, c.UpperOpen)
		}
	}
	return out
}
