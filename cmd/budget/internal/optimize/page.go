package optimize

import (
	"fmt"
	"math"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/solver/estimate"
	"budget/solver/ranking"
	"budget/sweep/optimize"
)

func (a *answer) page(p *cli.Page) {
	d := a.Design
	all := notation.Plural(len(d.Candidates), "design")
	switch {
	case a.Outcome == ranking.Infeasible:
		a.infeasible(p)
		return
	case a.Best == nil:
		p.WrapStyled(texttab.Bold, fmt.Sprintf("%s: no design is known yet to meet the requirements.", d.Name))
	default:
		p.WrapStyled(texttab.Bold, fmt.Sprintf("%s: choose %s.", d.Name, a.chosen()))
		p.Wrap(a.found(a.Best))
	}
	switch {
	case a.Best == nil:
		p.Wrap(fmt.Sprintf("Not decided: %d of %s still in question.", a.count(ranking.Open), all))
	case a.Outcome != ranking.Selected:
		p.Wrap(fmt.Sprintf("Not decided: %d of %s may be %s by more than %s.",
			a.count(ranking.Open)-min(1, a.Chosen+1), all, a.better(), a.within()))
	case len(d.Requirements) > 0:
		p.Wrap(fmt.Sprintf("With %s confidence none of %s that meets the requirements is %s by more than %s.",
			notation.Percent(d.Confidence), all, a.better(), a.within()))
	default:
		p.Wrap(fmt.Sprintf("With %s confidence none of %s is %s by more than %s.",
			notation.Percent(d.Confidence), all, a.better(), a.within()))
	}
	if len(a.Leading) > 0 {
		p.Printf("\nLeading so far, by best estimates:\n")
		p.Table(a.list(a.Leading))
	}
	if a.Best == nil {
		return
	}
	if len(d.Requirements) > 0 {
		p.Printf("\n")
		p.Table(a.requirements(a.Best))
	}
	if len(a.Prices) > 0 {
		p.Printf("\nWhat a step of one knob gains or costs:\n")
		p.Table(a.priceTable())
	}
	if len(a.Close) > 0 {
		p.Printf("\nAs good within %s, as far as is known:\n", a.within())
		p.Table(a.list(a.Close))
	}
}

// infeasible says which requirement binds, and by how much it must give.
func (a *answer) infeasible(p *cli.Page) {
	d := a.Design
	p.WrapStyled(texttab.Bold, fmt.Sprintf("%s: none of %s meets the requirements.", d.Name,
		notation.Plural(len(d.Candidates), "design")))
	s := a.Standings[a.Nearest]
	q := d.Requirements[s.Binding]
	p.Wrap(fmt.Sprintf("The nearest is %s. Its %s is %s%s; the requirement is at most %s. The bound would "+
		"have to be %s times as large.", a.levels(a.Nearest), title(q), notation.Chance(s.Excess*q.Most),
		a.over(), notation.Percent(q.Most), times(s.Excess)))
	p.Printf("\n")
	out := texttab.New("Requirement", ">At most", ">Designs that surely break it first")
	for r, q := range d.Requirements {
		n := 0
		for i := range a.Standings {
			if a.Standings[i].Breaks == r {
				n++
			}
		}
		out.Texts(notation.Sentence(title(q)), notation.Percent(q.Most), fmt.Sprint(n))
	}
	p.Table(out)
}

// times writes a factor above 1.
func times(factor float64) string {
	if factor < 10 {
		return fmt.Sprintf("%.2f", factor)
	}
	return notation.Count(int64(math.Ceil(factor)))
}

func (a *answer) requirements(f *optimize.Found) *texttab.Table {
	out := texttab.New("Requirement", ">At most", ">This design",
		notation.Percent(a.Design.Confidence)+" interval")
	for r, q := range a.Design.Requirements {
		out.Texts(notation.Sentence(title(q)), notation.Percent(q.Most),
			notation.Chance(f.Shares[r].Value), interval(f.Shares[r]))
	}
	return out
}

func interval(e estimate.Estimate) string {
	if e.Lower == e.Upper {
		return "exact"
	}
	return notation.ChanceNumber(e.Lower) + " to " + notation.Chance(e.Upper)
}

// minutes writes a change of a cap.
func minutes(seconds float64) string {
	if math.Abs(seconds) < 3 {
		return "0"
	}
	return strings.Replace(fmt.Sprintf("%+.1f min", seconds/60), "-", "−", 1)
}

// between writes the interval of a change.
func between(lower, upper float64) string {
	if minutes(lower) == minutes(upper) {
		return minutes(lower)
	}
	return minutes(lower) + " to " + minutes(upper)
}

func (a *answer) priceTable() *texttab.Table {
	d := a.Design
	out := texttab.New("Knob", "Instead of", "Take", ">"+a.goalWords().changes,
		notation.Percent(d.Confidence)+" interval", "Then")
	for i := range a.Prices {
		x := &a.Prices[i]
		then := ""
		for r, q := range d.Requirements {
			switch s := x.Found.Shares[r]; {
			case q.What == optimize.Battery && s.Value == 1: // what it is if none finishes
				then = fmt.Sprintf("breaks a requirement: no %s finishes", one(q))
			case s.Lower > q.Most:
				then = fmt.Sprintf("breaks a requirement: %s %s", title(q), notation.Chance(s.Value))
			case s.Upper > q.Most+q.Zone:
				then = "may break a requirement: " + title(q)
			}
		}
		style := texttab.Plain
		if x.Change.Upper < 0 {
			style = texttab.Bad
		}
		out.Row(texttab.Cell{Text: a.knob(x.Knob)},
			texttab.Cell{Text: d.Levels(&d.Candidates[a.Chosen])[x.Knob].Label},
			texttab.Cell{Text: d.Levels(&d.Candidates[x.Candidate])[x.Knob].Label},
			texttab.Cell{Text: minutes(x.Change.Value), Style: style},
			texttab.Cell{Text: between(x.Change.Lower, x.Change.Upper)},
			texttab.Cell{Text: then})
	}
	return out
}

// list lists the first of some designs.
func (a *answer) list(designs []optimize.Found) *texttab.Table {
	var titles []string
	for k := range a.Design.Knobs {
		titles = append(titles, a.heading(k))
	}
	out := texttab.New(append(titles, a.goalWords().column)...)
	const most = 10
	for i := range designs[:min(len(designs), most)] {
		var row []string
		for _, level := range a.Design.Levels(&a.Design.Candidates[designs[i].Candidate]) {
			row = append(row, level.Label)
		}
		out.Texts(append(row, a.amount(&designs[i]))...)
	}
	return out
}

// explain says how the answer was found.
func (a *answer) explain() []string {
	d := a.Design
	zone := ""
	if len(d.Requirements) > 0 {
		zone = " A requirement counts as met if it is surely exceeded by no more than its zone: " +
			"5 % of it, unless the file says otherwise."
	}
	return []string{
		fmt.Sprintf("Designs race on the same simulated sessions. %s surely worse and left, %s surely "+
			"break a requirement, %s left.%s",
			notation.Plural(a.count(ranking.Beaten), "design was", "designs were"),
			notation.Count(int64(a.count(ranking.Excluded))),
			notation.Count(int64(a.count(ranking.Open))), zone),
		fmt.Sprintf("The same guarantee takes %s if all designs are simulated as long as the last one.",
			notation.Plural(a.Even, "session")),
		"Changes are of best estimates, by the same sessions; every interval holds by itself.",
	}
}
