package optimize

import (
	"strings"

	"budget/internal/notation"
	"budget/model"
	"budget/solver/ranking"
	"budget/sweep"
	"budget/sweep/optimize"
)

// answer is the answer to a design file.
type answer struct {
	*optimizeFlags
	*optimize.Result
	provenance sweep.Provenance
}

// count returns how many designs are in a state.
func (a *answer) count(state ranking.State) (n int) {
	for i := range a.Standings {
		if a.Standings[i].State == state {
			n++
		}
	}
	return n
}

// tolerance returns the design's tolerance as text.
func (a *answer) tolerance() string { return notation.Percent(a.Design.Tolerances[0]) }

// session returns the session type of the chosen design.
func (a *answer) session() *model.Session {
	_, on, err := a.Design.Scenario(a.Design.Candidates[a.Chosen].Cells[0])
	if err != nil || on.Session == "" {
		on.Session = a.Design.Sessions[0]
	}
	return a.Design.Base.Session(on.Session)
}

// levels describes a candidate: its knobs with their levels.
func (a *answer) levels(i int) string {
	var parts []string
	for k, level := range a.Design.Levels(&a.Design.Candidates[i]) {
		parts = append(parts, a.knob(k)+" "+level.Label)
	}
	return strings.Join(parts, ", ")
}

func (a *answer) chosen() string { return a.levels(a.Chosen) }

// knob returns the name of a knob.
func (a *answer) knob(k int) string { return a.Design.Axes[a.Design.Knobs[k]].Name }

// heading returns the name of a knob as the title of a column. Keys stay as they are typed.
func (a *answer) heading(k int) string {
	name := a.knob(k)
	if strings.Contains(name, ".") {
		return name
	}
	return notation.Sentence(name)
}

// within describes the indifference.
func (a *answer) within() string {
	g := a.Design.Goal
	text := notation.Length(g.Within)
	if g.Relative > 0 {
		text += " or " + notation.Percent(g.Relative)
	}
	return text
}

// cap writes a safe cap with the end of its interval.
func (a *answer) cap(f *optimize.Found) string {
	text, upper := notation.Cap(sweep.Cap{Case: sweep.Case{}, Cap: f.Cap, CapUpper: f.Upper,
		Status: sweep.StatusOf(f.Status)}, float64(a.Design.Base.Grid.Step))
	return strings.TrimSpace(text + " " + upper)
}
