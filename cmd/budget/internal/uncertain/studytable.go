package uncertain

import (
	"fmt"
	"math"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/sweep"
	"budget/sweep/study"
)

// studyPage says how many sessions a study needs, then what decides.
func studyPage(p *cli.Page, a *study.Answer) {
	p.WrapStyled(texttab.Bold, verdictOf(a))
	if a.Status == study.TooFew {
		return
	}
	if text := decides(a); text != "" {
		p.Wrap(text)
	}
	p.Printf("\n")
	p.Table(rateTable(a))
}

// verdictOf is the answer in a sentence or two.
func verdictOf(a *study.Answer) string {
	name, length := strings.ToLower(a.SessionName[:1])+a.SessionName[1:], notation.Length(a.Length)
	now := "The robust cap is now " + notation.CapLength(sweep.Case{}, a.Now)
	known := fmt.Sprintf("with every rate known that a log shows, it would be %s",
		notation.CapLength(sweep.Case{}, a.Known))
	if a.Truth == study.Drawn {
		known += " if the assumed values are true"
	}
	switch a.Status {
	case study.TooFew:
		return fmt.Sprintf("Too few sessions simulated to say whether %s could be a robust cap of %s.",
			length, name)
	case study.Already:
		return fmt.Sprintf("You need no log: the robust cap is %s, not below %s.",
			notation.CapLength(sweep.Case{}, a.Now), length)
	case study.Unsafe:
		return fmt.Sprintf("No log makes %s a robust cap: even as assumed, the cap is only %s.", length,
			notation.CapLength(sweep.Case{}, a.Default))
	case study.Never:
		text := fmt.Sprintf("No log makes %s a robust cap. %s; %s.", length, now, known)
		if a.Truth == study.Drawn {
			text += fmt.Sprintf(" It would reach %s for %s of the rates' possible values.", length,
				notation.Whole(a.Limit))
		}
		return text
	case study.Beyond:
		return fmt.Sprintf("More than %s of %s are needed: then the robust cap reaches %s with %s "+
			"assurance. %s; %s.", notation.Plural(a.Curve[len(a.Curve)-1].Sessions, "session"), name, length,
			notation.Percent(a.Curve[len(a.Curve)-1].Value), now, known)
	}
	if a.Truth == study.Drawn {
		return fmt.Sprintf("Log %s of %s%s: then the robust cap reaches %s with %s assurance, over the "+
			"rates' possible values. %s.", notation.Plural(a.Sessions, "session"), name, interval(a), length,
			notation.Percent(a.Assurance), now)
	}
	return fmt.Sprintf("Log %s of %s%s: then the robust cap reaches %s with %s assurance, if the assumed "+
		"values are true. %s.", notation.Plural(a.Sessions, "session"), name, interval(a), length,
		notation.Percent(a.Assurance), now)
}

// interval writes the interval of the number of sessions.
func interval(a *study.Answer) string {
	if a.Upper == 0 {
		return fmt.Sprintf(" (at least %s)", notation.Count(int64(a.Lower)))
	}
	return fmt.Sprintf(" (%s to %s)", notation.Count(int64(a.Lower)), notation.Count(int64(a.Upper)))
}

// mostNamed is the number of inputs that a sentence names.
const mostNamed = 5

// decides says which inputs decide the number of sessions, or why there is none.
func decides(a *study.Answer) string {
	var parts []string
	switch a.Status {
	case study.Found, study.Beyond:
		for _, r := range a.ByNeed() {
			switch {
			case r.Sessions > 0:
				parts = append(parts, fmt.Sprintf("%s (needs %s)", r.Key, notation.Count(int64(r.Sessions))))
			case r.Sessions < 0:
				parts = append(parts, r.Key+" (needs more)")
			}
		}
		if len(parts) == 0 {
			return "No rate decides by itself: together they keep the robust cap down."
		}
		return "What decides: " + list(parts) + "."
	case study.Never:
		if a.Known >= a.Length-1e-9 {
			return "What decides: the rates themselves, which may be too high."
		}
		var shown []string
		for _, o := range a.Others {
			cap := notation.CapLength(sweep.Case{}, o.Cap)
			parts = append(parts, fmt.Sprintf("%s (%s at %s)", o.Key, cap, o.Value))
			if fitted(o.Key) {
				shown = append(shown, o.Key)
			}
		}
		if len(parts) == 0 {
			return fmt.Sprintf("No other input keeps the cap below %s by itself, but together they do.",
				notation.Length(a.Length))
		}
		text := "The study does not show what else decides; measure it first: " + list(parts) +
			". In brackets: the cap at the worse end of its range, all else as assumed."
		if shown != nil {
			text += fmt.Sprintf(" A few hundred sessions show %s (budget fit); then take it as known with --fix.",
				strings.Join(shown, " and "))
		}
		return text
	}
	return ""
}

// fitted reports whether budget fit fits a quantity that is no rate.
func fitted(key string) bool {
	return strings.HasPrefix(key, "population.start_level_a") ||
		strings.HasPrefix(key, "population.start_level_b") || key == "population.lpm_on_start" ||
		strings.HasPrefix(key, "session.") && strings.Contains(key, ".start_level_")
}

// list joins the first parts.
func list(parts []string) string {
	if n := len(parts) - mostNamed; n > 0 {
		return strings.Join(parts[:mostNamed], ", ") + fmt.Sprintf(" and %d more", n)
	}
	return strings.Join(parts, ", ")
}

// rateTable shows what each rate does to the robust cap.
func rateTable(a *study.Answer) *texttab.Table {
	titles := []string{"Rate", ">Robust cap if known, min", ">if all others are, min"}
	numbers := a.Status == study.Found || a.Status == study.Beyond
	if numbers {
		titles = append(titles, ">Sessions needed")
	}
	if a.Status == study.Found {
		titles = append(titles, ">Events", ">Hours")
	}
	t := texttab.New(titles...)
	for _, r := range a.ByNeed() {
		row := []texttab.Cell{{Text: r.Key}, capCell(r.Alone), capCell(r.Without)}
		if numbers {
			text := notation.Count(int64(r.Sessions))
			switch {
			case r.Sessions == 0:
				text = "none"
			case r.Sessions < 0:
				text = "more"
			}
			row = append(row, texttab.Cell{Text: text})
		}
		if a.Status == study.Found {
			row = append(row, texttab.Cell{Text: amount(r.Events)}, texttab.Cell{Text: amount(r.Hours)})
		}
		t.Row(row...)
	}
	return t
}

// amount writes a mean with three digits, or as a whole number.
func amount(x float64) string {
	if x >= 100 {
		return notation.Count(int64(math.Round(x)))
	}
	return fmt.Sprintf("%.3g", x)
}
