package sweeps

import (
	"slices"

	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/sweep"
	"budget/sweep/plan"
)

// capsSummary collects the caps of a sweep by session type, reading and tolerance.
type capsSummary struct{ groups []*capsGroup }

type capsGroup struct {
	session           string
	reading           string
	tolerance         float64
	caps              []sweep.Cap
	shortest, longest plan.Cell
	least, most       sweep.Cap
}

func (s *capsSummary) add(c plan.Cell, swept sweep.Cap) {
	i := slices.IndexFunc(s.groups, func(g *capsGroup) bool {
		return g.session == swept.Session && g.reading == swept.Reading && g.tolerance == swept.Tolerance
	})
	if i < 0 {
		i = len(s.groups)
		s.groups = append(s.groups, &capsGroup{session: swept.Session, reading: swept.Reading,
			tolerance: swept.Tolerance, shortest: c, longest: c, least: swept, most: swept})
	}
	g := s.groups[i]
	g.caps = append(g.caps, swept)
	if sweep.CompareCaps(swept, g.least) < 0 {
		g.least, g.shortest = swept, c
	}
	if sweep.CompareCaps(swept, g.most) > 0 {
		g.most, g.longest = swept, c
	}
}

// unknown returns the number of caps for which too few sessions were simulated,
// and the number of all caps.
func (s *capsSummary) unknown() (n, all int) {
	for _, g := range s.groups {
		all += len(g.caps)
		for _, c := range g.caps {
			if c.Status == sweep.CapUnknown {
				n++
			}
		}
	}
	return n, all
}

// table shows the shortest, the median and the longest cap of every group, on a line each.
func (s *capsSummary) table(p *plan.Plan) *texttab.Table {
	t := texttab.New("Session", ">Tolerance", "", "Safe cap", "In cell")
	t.Keys, t.Columns[4].Wrap = 3, 18
	several := len(p.Readings) > 1
	if several {
		t.Columns[0].Title = "Session, reading"
	}
	for _, g := range s.groups {
		slices.SortFunc(g.caps, sweep.CompareCaps)
		name := g.session
		if several {
			name += ", " + g.reading
		}
		row := func(name, tolerance, which string, c sweep.Cap, cell string) {
			t.Row(texttab.Cell{Text: name}, texttab.Cell{Text: tolerance}, texttab.Cell{Text: which},
				texttab.Cell{Text: notation.CapState(c.Case, c.Status, c.Cap), Style: capStyle(c)},
				texttab.Cell{Text: cell})
		}
		row(name, notation.Percent(g.tolerance), "shortest", g.least, p.Describe(g.shortest))
		row("", "", "median", g.caps[(len(g.caps)-1)/2], "")
		row("", "", "longest", g.most, p.Describe(g.longest))
	}
	return t
}

// capStyle returns the style of a cap: missing and imprecise ones are marked.
func capStyle(c sweep.Cap) texttab.Style {
	switch c.Status {
	case sweep.CapNever:
		return texttab.Bad
	case sweep.CapUnknown, sweep.CapImprecise:
		return texttab.Doubtful
	}
	return texttab.Plain
}
