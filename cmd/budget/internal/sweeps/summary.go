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

// unknown counts the caps that too few sessions were simulated for, among all.
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

// table shows the shortest, the middle and the longest cap of every group.
func (s *capsSummary) table(p *plan.Plan) *texttab.Table {
	t := texttab.New("Session", ">Tolerance", ">Shortest cap", "in cell", ">Median",
		">Longest cap", "in cell")
	several := len(p.Readings) > 1
	if several {
		t.Columns[0].Title = "Session, reading"
	}
	for _, g := range s.groups {
		slices.SortFunc(g.caps, sweep.CompareCaps)
		text := func(c sweep.Cap) string { return notation.CapState(c.Status, c.Cap) }
		name := g.session
		if several {
			name += ", " + g.reading
		}
		t.Texts(name, notation.Percent(g.tolerance), text(g.least), p.Describe(g.shortest),
			text(g.caps[(len(g.caps)-1)/2]), text(g.most), p.Describe(g.longest))
	}
	return t
}
