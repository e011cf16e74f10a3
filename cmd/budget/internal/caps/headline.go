package caps

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/sweep"
)

// verdict is the first answer for a case: the longest length on the menu that holds at the
// headline's tolerance.
type verdict struct {
	name   string
	cap    sweep.Cap // at that tolerance, under the first reading
	offers []sweep.Offer
	best   int // index of the longest length that holds, −1 for none
}

// verdicts returns the verdicts of all cases. They have no offers if the results have none.
func (t *capsTable) verdicts() []verdict {
	tolerance := headlineTolerance(t.provenance.Tolerances)
	var all []verdict
	for _, c := range t.cases {
		v := verdict{name: t.name(c.Case), cap: c.lines[0].cap, best: -1}
		for _, l := range c.lines {
			if l.cap.Tolerance == tolerance {
				v.cap = l.cap
			}
		}
		for _, o := range t.Offers {
			if o.Session == c.Session && o.Device == c.Device && o.Environment == c.Environment {
				if o.Holds(v.cap) {
					v.best = len(v.offers)
				}
				v.offers = append(v.offers, o)
			}
		}
		all = append(all, v)
	}
	return all
}

// headline prints which length to offer: sentences for one case, tables for several.
func (t *capsTable) headline(p *cli.Page) {
	all := t.verdicts()
	if slices.ContainsFunc(all, func(v verdict) bool { return len(v.offers) == 0 }) {
		return // results of an older version
	}
	if len(all) == 1 {
		v := &all[0]
		p.WrapStyled(texttab.Bold, v.sentence())
		if v.cap.Status.HasCap() {
			p.Wrap(t.capSentence(v.cap))
		}
		p.Printf("\n")
		p.Table(v.menu())
	} else {
		may := notation.Percent(all[0].cap.Tolerance)
		what, by := "Longest session to offer", "by length (* the longest that holds)"
		if all[0].cap.Cycles != "" {
			what, by = "Most of the timer to offer", "by the end of a cycle (* the most that holds)"
		}
		p.WrapStyled(texttab.Bold, fmt.Sprintf("%s if at most %s may fail:", what, may))
		p.Table(t.ranges(all))
		p.Printf("\n")
		p.WrapStyled(texttab.Bold, "Share that fails, "+by+":")
		p.Table(menus(all))
		if text := expiring(all); text != "" {
			p.Wrap(text)
		}
	}
	p.Printf("\n")
}

// sentence says which length to offer.
func (v *verdict) sentence() string {
	may := notation.Percent(v.cap.Tolerance)
	shortest := v.offers[0]
	switch {
	case v.cap.Cycles != "":
		return v.timerSentence()
	case v.cap.Status == sweep.CapUnknown:
		return fmt.Sprintf("%s: %s to say which length to offer.", v.name, v.cap.Status.Name())
	case v.best < 0 && math.IsNaN(shortest.Failure.Value):
		return fmt.Sprintf("%s: no length of the menu was simulated.", v.name)
	case v.best < 0:
		return fmt.Sprintf("%s: offer none of these lengths. Of %s sessions %s fail; %s may.", v.name,
			notation.Length(shortest.Duration), notation.Chance(shortest.Failure.Value), may)
	}
	best := v.offers[v.best]
	return fmt.Sprintf("%s: offer at most %s. Of %[2]s sessions %[3]s fail; %[4]s may.", v.name,
		notation.Length(best.Duration), notation.Chance(best.Failure.Value), may)
}

// timerSentence says how much of a timer to offer.
func (v *verdict) timerSentence() string {
	may := notation.Percent(v.cap.Tolerance)
	fails := func(o sweep.Offer) string {
		return fmt.Sprintf("By the end of %s, %s fail; %s may.", notation.EndOf(o.Case, o.Duration),
			notation.Chance(o.Failure.Value), may)
	}
	switch {
	case v.cap.Status == sweep.CapUnknown:
		return fmt.Sprintf("%s: %s to say how many cycles to offer.", v.name, v.cap.Status.Name())
	case v.best < 0:
		return fmt.Sprintf("%s: offer none of it. %s", v.name, fails(v.offers[0]))
	case v.offers[v.best].Duration >= v.cap.Horizon*(1-1e-9):
		return fmt.Sprintf("%s: it holds. %s", v.name, fails(v.offers[v.best]))
	}
	best := v.offers[v.best]
	return fmt.Sprintf("%s: offer at most %s. %s", v.name, notation.Reached(best.Case, best.Duration),
		fails(best))
}

// capSentence gives the cap at the assumed values and how uncertain inputs move it.
func (t *capsTable) capSentence(c sweep.Cap) string {
	cap, upper := notation.Cap(c, t.provenance.Step)
	text := strings.TrimSpace(fmt.Sprintf("Safe cap: %s %s", cap, upper)) + " as assumed"
	s := c.Spread
	if s == nil {
		return fmt.Sprintf("%s; uncertain inputs: %s.", text, t.unexamined)
	}
	return fmt.Sprintf("%s; %s, %s, %s over uncertain inputs (5, 50, 95 %% of draws); robust: %s.", text,
		notation.Drawn(c.Case, s.Low, s.Longest), notation.Drawn(c.Case, s.Median, s.Longest),
		notation.Drawn(c.Case, s.High, s.Longest), notation.Drawn(c.Case, s.Robust, s.Longest))
}

// menu lists the lengths on the menu for one case.
func (v *verdict) menu() *texttab.Table {
	title := ">Length"
	if v.cap.Cycles != "" {
		title = ">By the end of"
	}
	out := texttab.New(title, ">Fails", "")
	out.Columns[2].Wrap = 30
	for i, o := range v.offers {
		text, style := v.word(i)
		out.Row(texttab.Cell{Text: notation.EndOf(o.Case, o.Duration), Style: style},
			texttab.Cell{Text: notation.Chance(o.Failure.Value), Style: style},
			texttab.Cell{Text: text, Style: style})
	}
	return out
}

// word returns a remark on the i-th length of the menu, and its style.
func (v *verdict) word(i int) (string, texttab.Style) {
	o := &v.offers[i]
	switch {
	case o.Beyond:
		return fmt.Sprintf("always expires, unless the user leaves first: the grant is %s", notation.Length(o.Limit)), texttab.Bad
	case i == v.best && i < len(v.offers)-1 && math.IsNaN(v.offers[i+1].Failure.Value):
		return "the longest that holds of those simulated", texttab.Bold
	case i == v.best && v.cap.Cycles != "":
		return "the most that holds", texttab.Bold
	case i == v.best:
		return "the longest that holds", texttab.Bold
	case i < v.best:
		return "", texttab.Plain
	case o.Failure.Lower > v.cap.Tolerance:
		return "fails too often", texttab.Bad
	case v.cap.Status == sweep.CapUnknown:
		return v.cap.Status.Name(), texttab.Doubtful
	case math.IsNaN(o.Failure.Value):
		return fmt.Sprintf("not simulated: longer than %s", notation.Length(o.Horizon)),
			texttab.Doubtful
	case o.Failure.Value <= v.cap.Tolerance:
		return "too close to say: more --paths", texttab.Doubtful
	}
	return "fails too often", texttab.Bad
}

// ranges lists the caps of several cases with their ranges over uncertain inputs.
func (t *capsTable) ranges(all []verdict) *texttab.Table {
	titles := []string{"Session", ">Offer", ">Safe, as assumed"}
	if slices.ContainsFunc(all, func(v verdict) bool { return v.cap.Spread != nil }) {
		titles = append(titles, ">5 % of draws", ">50 %", ">95 %")
	}
	robust := slices.ContainsFunc(all, func(v verdict) bool {
		return v.cap.Spread != nil && !math.IsNaN(v.cap.Spread.Robust)
	})
	if robust {
		titles = append(titles, ">Robust")
	}
	out := texttab.New(titles...)
	for i := range all {
		v := &all[i]
		offer := sweep.CapNever.Name()
		if v.best >= 0 {
			offer = notation.Reached(v.cap.Case, v.offers[v.best].Duration)
		}
		cells := []texttab.Cell{{Text: v.name}, {Text: offer, Style: texttab.Bold},
			{Text: notation.CapState(v.cap.Case, v.cap.Status, v.cap.Cap)}}
		if s := v.cap.Spread; s != nil {
			for _, x := range []float64{s.Low, s.Median, s.High} {
				cells = append(cells, texttab.Cell{Text: notation.Drawn(v.cap.Case, x, s.Longest)})
			}
			if robust {
				cells = append(cells, texttab.Cell{Text: notation.Drawn(v.cap.Case, s.Robust, s.Longest)})
			}
		}
		if v.cap.Status == sweep.CapUnknown {
			cells[1] = texttab.Cell{Text: "unknown", Style: texttab.Doubtful}
			cells[2].Style = texttab.Doubtful
		}
		out.Row(cells...)
	}
	return out
}

// menus lists for several cases how often each length fails.
func menus(all []verdict) *texttab.Table {
	titles := []string{"Session"}
	for _, o := range all[0].offers {
		titles = append(titles, ">"+notation.EndOf(o.Case, o.Duration))
	}
	out := texttab.New(titles...)
	for n := range all {
		v := &all[n]
		cells := []texttab.Cell{{Text: v.name}}
		for i, o := range v.offers {
			_, style := v.word(i)
			text := notation.Chance(o.Failure.Value)
			switch {
			case math.IsNaN(o.Failure.Value) && v.cap.Status == sweep.CapUnknown:
				text = "unknown"
			case math.IsNaN(o.Failure.Value):
				text = "not simulated"
			case i == v.best:
				text = "*" + text
			}
			cells = append(cells, texttab.Cell{Text: text, Style: style})
		}
		out.Row(cells...)
	}
	return out
}

// expiring names the session types with lengths on the menu that are longer than their grant.
func expiring(all []verdict) string {
	var texts, names []string
	for _, v := range all {
		last := v.offers[len(v.offers)-1]
		if !last.Beyond || slices.Contains(names, v.cap.SessionName) {
			continue
		}
		names = append(names, v.cap.SessionName)
		first := last.Duration
		for i := len(v.offers) - 1; i >= 0 && v.offers[i].Beyond; i-- {
			first = v.offers[i].Duration
		}
		grant := "the grant is "
		if len(texts) > 0 {
			grant = ""
		}
		texts = append(texts, fmt.Sprintf("%s from %s on (%s%s)", v.cap.SessionName,
			notation.Length(first), grant, notation.Length(last.Limit)))
	}
	if texts == nil {
		return ""
	}
	return "Longer than the grant, so they always expire, unless the user leaves first: " +
		strings.Join(texts, ", ") + "."
}
