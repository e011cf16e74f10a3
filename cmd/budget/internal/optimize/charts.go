package optimize

import (
	"math"

	"budget/solver"
	"budget/solver/ranking"
	"budget/sweep"
	"budget/sweep/optimize"
	"budget/sweep/table"
)

// states are what files call the states of designs.
var states = map[ranking.State]string{ranking.Open: table.DesignAsGood,
	ranking.Beaten: table.DesignShorter, ranking.Excluded: table.DesignBreaks,
	ranking.Unsampled: table.DesignNoSamples}

// state returns what became of a design.
func (a *answer) state(i int) string {
	if i == a.Chosen {
		return table.DesignChosen
	}
	return states[a.Standings[i].State]
}

// charts returns what charts show of the designs.
func (a *answer) charts() table.DesignCharts {
	d := a.Design
	c := table.DesignCharts{File: d.File, Requirements: []table.DesignRequirement{},
		Prices: []table.DesignPrice{}, Fronts: []table.DesignFront{}}
	session := d.Base.Session(d.Sessions[0])
	if a.Chosen >= 0 {
		session = a.session()
	}
	c.Case = sweep.Case{Session: session.ID, SessionName: session.Name, Device: solver.Fleet,
		Environment: solver.Mix, Limit: float64(d.Base.LimitOf(session))}
	if a.Screening != nil {
		c.Of = a.Screening.Of
	}
	c.Minutes = a.measure()
	if c.Worth = c.Minutes; a.valued() {
		c.Worth = table.MeasureValue
	}
	for r, q := range d.Requirements {
		x := table.DesignRequirement{Title: title(q), Most: q.Most, Value: math.NaN(),
			Lower: math.NaN(), Upper: math.NaN()}
		if a.Best != nil {
			s := a.Best.Shares[r]
			x.Value, x.Lower, x.Upper = s.Value, s.Lower, s.Upper
		}
		c.Requirements = append(c.Requirements, x)
	}
	if a.Outcome == ranking.Infeasible {
		s := &a.Standings[a.Nearest]
		c.Nearest = &table.NearestDesign{Design: a.Nearest + 1, Requirement: s.Binding + 1,
			Value: min(s.Excess*d.Requirements[s.Binding].Most, 1)}
	}
	for k, axis := range d.Knobs {
		knob := table.DesignKnob{Name: a.knob(k)}
		for _, level := range d.Axes[axis].Levels {
			knob.Levels = append(knob.Levels, level.Label)
		}
		c.Knobs = append(c.Knobs, knob)
	}
	found := a.known()
	for i := range a.Standings {
		s := &a.Standings[i]
		x := table.Design{State: a.state(i), Cap: s.Worth, Lower: s.Lower, Upper: s.Upper}
		if f := found[i]; f != nil {
			x.Cap, x.Lower, x.Upper = f.Worth.Value, f.Worth.Lower, f.Worth.Upper
		}
		for _, axis := range d.Knobs {
			x.Levels = append(x.Levels, d.Candidates[i].Cells[0].Level(axis))
		}
		c.Designs = append(c.Designs, x)
	}
	for i := range a.Prices {
		p := &a.Prices[i]
		breaks := false
		for r, q := range d.Requirements {
			breaks = breaks || p.Found.Shares[r].Lower > q.Most
		}
		c.Prices = append(c.Prices, table.DesignPrice{Knob: a.knob(p.Knob),
			From:   d.Levels(&d.Candidates[a.Chosen])[p.Knob].Label,
			To:     d.Levels(&d.Candidates[p.Candidate])[p.Knob].Label,
			Change: p.Change.Value, Lower: p.Change.Lower, Upper: p.Change.Upper, Breaks: breaks})
	}
	for i := range a.Fronts {
		f := &a.Fronts[i]
		front := table.DesignFront{Aspect: string(f.Aspect), More: f.Aspect.More(),
			Amounts: f.Amounts}
		for i := range c.Designs {
			front.Minutes = append(front.Minutes, c.Designs[i].Cap/d.Candidates[i].Value)
		}
		for _, p := range f.Points {
			front.Points = append(front.Points, table.DesignFrontPoint{Design: p.Candidate + 1,
				Amount: p.Amount, Cap: p.Time.Value, Lower: p.Time.Lower, Upper: p.Time.Upper})
		}
		c.Fronts = append(c.Fronts, front)
	}
	return c
}

// known returns what is known best of the designs that more was simulated of after the race, and of
// those in the answer.
func (a *answer) known() map[int]*optimize.Found {
	all := map[int]*optimize.Found{}
	add := func(f *optimize.Found) {
		if before := all[f.Candidate]; before == nil || before.Paths < f.Paths {
			all[f.Candidate] = f
		}
	}
	if a.Best != nil {
		add(a.Best)
	}
	for _, list := range [][]optimize.Found{a.Close, a.Leading} {
		for i := range list {
			add(&list[i])
		}
	}
	for i := range a.Prices {
		add(&a.Prices[i].Found)
	}
	for _, f := range a.Fronts {
		for i := range f.Points {
			add(&f.Points[i].Found)
		}
	}
	return all
}
