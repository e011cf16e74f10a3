package optimize

import (
	"fmt"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/plots/choices"
	"budget/sweep/optimize"
	"budget/sweep/table"
)

// front returns the front that the answer prints: that of the file's goal, or the first; nil
// without one of several designs.
func (a *answer) front() *optimize.Front {
	for i := range a.Fronts {
		f := &a.Fronts[i]
		if len(f.Points) > 1 && (a.Design.Goal.Against == "" || a.Design.Goal.Against == f.Aspect) {
			return f
		}
	}
	return nil
}

// measure returns what fronts are of.
func (a *answer) measure() string {
	return map[optimize.Maximize]string{optimize.Cap: table.MeasureCap,
		optimize.Offered:   table.MeasureOffered,
		optimize.Completed: table.MeasureCompleted}[a.Design.Goal.Maximize]
}

// frontPage writes the front, if there is one.
func (a *answer) frontPage(p *cli.Page) {
	if f := a.front(); f != nil {
		p.Printf("\nThe longest %s against %s, by best estimates:\n", choices.MinutesTitle(a.measure()),
			choices.AspectTitle(string(f.Aspect)))
		p.Table(a.frontTable(f))
	}
}

// frontTable lists the designs of a front.
func (a *answer) frontTable(f *optimize.Front) *texttab.Table {
	titles := []string{">" + notation.Sentence(choices.AspectTitle(string(f.Aspect))),
		">" + notation.Sentence(choices.MinutesTitle(a.measure())), "Safe cap"}
	capped := a.Design.Goal.Maximize.Capped()
	if !capped {
		titles[2] = notation.Percent(a.Design.Confidence) + " interval"
	}
	for k := range a.Design.Knobs {
		titles = append(titles, a.heading(k))
	}
	out := texttab.New(titles...)
	for i := range f.Points {
		p := &f.Points[i]
		style := texttab.Plain
		if p.Candidate == a.Chosen {
			style = texttab.Bold
		}
		between := a.cap(&p.Found)
		if !capped {
			between = fmt.Sprintf("%.1f to %.1f min", p.Time.Lower/60, p.Time.Upper/60)
		}
		row := []texttab.Cell{{Text: choices.Amount(string(f.Aspect), p.Amount), Style: style},
			{Text: notation.Minutes(p.Time.Value), Style: style}, {Text: between, Style: style}}
		for _, level := range a.Design.Levels(&a.Design.Candidates[p.Candidate]) {
			row = append(row, texttab.Cell{Text: level.Label, Style: style})
		}
		out.Row(row...)
	}
	return out
}

// frontRecords lists the designs of all fronts.
func (a *answer) frontRecords() *cli.Records {
	r := &cli.Records{Fields: []string{"against", "amount", "design"}}
	for k := range a.Design.Knobs {
		r.Fields = append(r.Fields, a.knob(k))
	}
	of := a.measure()
	r.Fields = append(r.Fields, of+"_best_s", of+"_s", of+"_upper_s", "paths")
	for i := range a.Fronts {
		for _, p := range a.Fronts[i].Points {
			row := []any{string(a.Fronts[i].Aspect), p.Amount, p.Candidate + 1}
			for _, level := range a.Design.Levels(&a.Design.Candidates[p.Candidate]) {
				row = append(row, level.Label)
			}
			r.Add(append(row, p.Time.Value, p.Time.Lower, p.Time.Upper, p.Paths)...)
		}
	}
	return r
}
