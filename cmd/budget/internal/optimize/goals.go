package optimize

import (
	"fmt"
	"slices"
	"strings"

	"budget/internal/notation"
	"budget/model"
	"budget/solver/estimate"
	"budget/sweep/optimize"
)

// goalWords are how an answer speaks of its goal.
type goalWords struct {
	changes, column string // titles of columns
	field           string // of CSV files
}

func (a *answer) goalWords() goalWords {
	switch {
	case a.valued():
		return goalWords{"Worth changes by", "Worth", "worth"}
	case a.Design.Goal.Maximize == optimize.Completed:
		return goalWords{"Minutes change by", "Completes", "completed"}
	}
	return goalWords{"Cap changes by", "Safe cap", "cap"}
}

// valued reports whether minutes of the designs have different values.
func (a *answer) valued() bool {
	return slices.ContainsFunc(a.Design.Candidates,
		func(c optimize.Candidate) bool { return c.Value != a.Design.Candidates[0].Value })
}

// better says what a better design is.
func (a *answer) better() string {
	if a.valued() || a.Design.Goal.Maximize != optimize.Cap {
		return "better"
	}
	return "longer"
}

// amount writes what a design is about, in a list.
func (a *answer) amount(f *optimize.Found) string {
	if a.valued() {
		return a.worth(f)
	}
	if a.Design.Goal.Maximize == optimize.Completed {
		return minutesOf(f.Worth)
	}
	return a.cap(f)
}

// worth writes what a design is worth.
func (a *answer) worth(f *optimize.Found) string {
	if a.Design.Goal.Maximize == optimize.Completed {
		return minutesOf(f.Worth)
	}
	return fmt.Sprintf("%.1f min", f.Worth.Lower/60)
}

// minutesOf writes an estimate of a time [s].
func minutesOf(e estimate.Estimate) string {
	value := fmt.Sprintf("%.1f", e.Value/60)
	lower, upper := fmt.Sprintf("%.1f", e.Lower/60), fmt.Sprintf("%.1f", e.Upper/60)
	if lower == upper {
		return value + " min"
	}
	return fmt.Sprintf("%s min (%s to %s)", value, lower, upper)
}

// found says what the goal is with the best design.
func (a *answer) found(f *optimize.Found) string {
	g, text := a.Design.Goal, ""
	switch g.Maximize {
	case optimize.Completed:
		text = fmt.Sprintf("Of a start, %s complete on average%s.", minutesOf(f.Worth), a.over())
		if v := a.Design.Candidates[f.Candidate].Value; v != 1 {
			plain := f.Worth
			plain.Value, plain.Lower, plain.Upper = plain.Value/v, plain.Lower/v, plain.Upper/v
			text = fmt.Sprintf("Of a start, %s complete on average%s. With a value of %g they are worth %s.",
				minutesOf(plain), a.over(), v, minutesOf(f.Worth))
		}
		return text
	case optimize.Offered:
		text = fmt.Sprintf("It can offer %s of the menu. ", offered(g.Menu, f.Cap))
	}
	text += fmt.Sprintf("Safe cap: %s%s. Of sessions of that length %s fail; %s may.", a.cap(f), a.over(),
		notation.Chance(f.Fails.Value), a.tolerance())
	if a.valued() {
		text += fmt.Sprintf(" With a value of %g it is worth %s.", a.Design.Candidates[f.Candidate].Value,
			a.worth(f))
	}
	return text
}

// offered writes the longest session of a menu within a cap.
func offered(menu []float64, cap float64) string {
	longest := 0.0
	for _, length := range menu {
		if length <= cap*(1+1e-9) {
			longest = length
		}
	}
	if longest == 0 {
		return "none"
	}
	return notation.Length(longest)
}

// over says for which circumstances and uncertain inputs.
func (a *answer) over() string {
	d := a.Design
	var parts []string
	n := len(d.Candidates[0].Cells)
	some := notation.Plural(n, "circumstance")
	switch {
	case n == 1:
	case d.Goal.Over == optimize.Worst:
		parts = append(parts, "in the worst of "+some)
	case d.Goal.Over == optimize.Quantile:
		parts = append(parts, fmt.Sprintf("in all but %s of %s", notation.Percent(d.Goal.Quantile), some))
	default:
		parts = append(parts, "over "+some)
	}
	if draws, of := d.Draws(); draws > 0 {
		share := notation.Percent(d.Goal.Robust.Share) + " of "
		if d.Goal.Robust.Share >= 1 {
			share = "all "
		}
		parts = append(parts, fmt.Sprintf("in %s%d draws of %s", share, draws,
			notation.Plural(len(of), "uncertain input")))
	}
	if len(parts) == 0 {
		return ""
	}
	return ", " + strings.Join(parts, ", ")
}

// one names a session that a requirement is about.
func one(q optimize.Requirement) string {
	if q.Length == 0 {
		return "timer"
	}
	return "session of " + notation.Length(q.Length)
}

// title names what a requirement is about.
func title(q optimize.Requirement) string {
	what := notation.Length(q.Length) + " sessions"
	if q.Length == 0 {
		what = "the timer"
	}
	switch q.What {
	case optimize.Failure:
		return "failure of " + what
	case optimize.Battery:
		return "mean battery used by " + what
	case optimize.Heat:
		return fmt.Sprintf("thermal level %s in %s", levelName(q.Level), what)
	case optimize.Refused:
		return "share of starts that are refused"
	}
	return "share of starts below the gate"
}

func levelName(l model.ThermalLevel) string {
	return map[model.ThermalLevel]string{model.Fair: "fair", model.Serious: "serious",
		model.Critical: "critical"}[l]
}
