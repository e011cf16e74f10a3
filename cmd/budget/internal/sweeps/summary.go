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
	caps              []float64
	shortest, longest plan.Cell
	least, most       float64
}

func (s *capsSummary) add(c plan.Cell, swept sweep.Cap) {
	i := slices.IndexFunc(s.groups, func(g *capsGroup) bool {
		return g.session == swept.Session && g.reading == swept.Reading && g.tolerance == swept.Tolerance
	})
	if i < 0 {
		i = len(s.groups)
		s.groups = append(s.groups, &capsGroup{session: swept.Session, reading: swept.Reading,
			tolerance: swept.Tolerance, shortest: c, longest: c, least: swept.Cap, most: swept.Cap})
	}
	g := s.groups[i]
	g.caps = append(g.caps, swept.Cap)
	if swept.Cap < g.least {
		g.least, g.shortest = swept.Cap, c
	}
	if swept.Cap > g.most {
		g.most, g.longest = swept.Cap, c
	}
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
		slices.Sort(g.caps)
		name := g.session
		if several {
			name += ", " + g.reading
		}
		t.Texts(name, notation.Percent(g.tolerance), notation.CapLength(g.least), p.Describe(g.shortest),
			notation.CapLength(g.caps[(len(g.caps)-1)/2]), notation.CapLength(g.most), p.Describe(g.longest))
	}
	return t
}
