package sweeps

import (
	"cmp"
	"maps"
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
	caps              int
	alike             map[capState]*alikeCaps
	shortest, longest plan.Cell
	least, most       sweep.Cap
}

// capState is what the summary shows of a cap. Of a million caps few differ in it.
type capState struct {
	status sweep.CapStatus
	length float64
}

// alikeCaps are caps with the same state.
type alikeCaps struct {
	first sweep.Cap
	count int
}

func (s *capsSummary) add(c plan.Cell, swept sweep.Cap) {
	i := slices.IndexFunc(s.groups, func(g *capsGroup) bool {
		return g.session == swept.Session && g.reading == swept.Reading && g.tolerance == swept.Tolerance
	})
	if i < 0 {
		i = len(s.groups)
		s.groups = append(s.groups, &capsGroup{session: swept.Session, reading: swept.Reading,
			tolerance: swept.Tolerance, alike: map[capState]*alikeCaps{},
			shortest: c, longest: c, least: swept, most: swept})
	}
	g := s.groups[i]
	g.caps++
	state := capState{swept.Status, swept.Cap}
	if g.alike[state] == nil {
		g.alike[state] = &alikeCaps{first: swept}
	}
	g.alike[state].count++
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
		all += g.caps
		for state, caps := range g.alike {
			if state.status == sweep.CapUnknown {
				n += caps.count
			}
		}
	}
	return n, all
}

// median returns the median cap; of an even number the shorter one.
func (g *capsGroup) median() sweep.Cap {
	ordered := slices.SortedFunc(maps.Values(g.alike), func(a, b *alikeCaps) int {
		return cmp.Or(sweep.CompareCaps(a.first, b.first), cmp.Compare(a.first.Status, b.first.Status))
	})
	before := 0
	i := slices.IndexFunc(ordered, func(c *alikeCaps) bool {
		before += c.count
		return before > (g.caps-1)/2
	})
	return ordered[i].first
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
		row("", "", "median", g.median(), "")
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
