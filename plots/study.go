package plots

import (
	"fmt"
	"strings"

	"budget/internal/notation"
	"budget/plots/figure"
	"budget/sweep/study"
)

// mostStudied is the number of single rates that the chart of a study shows at most.
const mostStudied = 4

// StudyChart draws the assurance of a study against its number of sessions: with all that it
// shows, and for the rates that need most sessions, if all the others were known. The assurance
// asked for and the number that reaches it are marked.
func StudyChart(h Heading, a *study.Answer) (*Chart, error) {
	if len(a.Curve) == 0 {
		return nil, wrong("no assurance to draw")
	}
	g := figure.Graph{Of: "unknown", Across: []figure.Mark{{At: a.Assurance,
		Label: notation.Percent(a.Assurance), Style: toleranceLine}}}
	lo, hi := 0.0, 0.0
	keys := []string{""}
	for _, r := range a.ByNeed() {
		if r.Sessions != 0 && len(keys) <= mostStudied {
			keys = append(keys, r.Key)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Assurance that the robust cap reaches %s, by the number of sessions logged.",
		notation.Length(a.Length))
	for i, key := range keys {
		name := key
		if key == "" {
			name = "all rates"
		}
		c := figure.NewSeries(i, name)
		for _, p := range a.Curve {
			if p.Quantity != key {
				continue
			}
			x := float64(p.Sessions)
			if lo == 0 || x < lo {
				lo = x
			}
			hi = max(hi, x)
			c.Add(x, p.Value, p.Lower, p.Upper)
			fmt.Fprintf(&b, " %s: %s after %s.", name, notation.Percent(p.Value),
				notation.Plural(p.Sessions, "session"))
		}
		g.Curves = append(g.Curves, c)
	}
	finding := fmt.Sprintf("%s sessions are not enough for %s",
		notation.Count(int64(hi)), notation.Length(a.Length))
	if a.Status == study.Found {
		finding = fmt.Sprintf("log %s sessions for a robust cap of %s",
			notation.Count(int64(a.Sessions)), notation.Length(a.Length))
		g.Poles = []figure.Mark{{At: float64(a.Sessions), Label: notation.Count(int64(a.Sessions)),
			Style: toleranceLine}}
	}
	g.Header = h.Header(finding)
	g.X = figure.Decades("Sessions logged (logarithmic)", lo, hi, func(x float64) string {
		return notation.Count(int64(x + 0.5))
	})
	g.Y = figure.Shares("Assurance", 1)
	g.Legend = figure.Legend{figure.PatchEntry("band: "+
		notation.Percent(a.Provenance.Confidence)+" interval", figure.Faint)}
	return g.Chart(b.String()), nil
}

// DrawStudy draws the chart of budget study, none if no number of sessions was looked at.
func DrawStudy(a *study.Answer) ([]Named, error) {
	if len(a.Curve) == 0 {
		return nil, nil
	}
	notes := []string{fmt.Sprintf("Assurance: share of %s simulated studies after which %s is a robust "+
		"cap. A single rate: if a log showed all the others exactly.",
		notation.Count(int64(a.Studies)), notation.Length(a.Length))}
	foot := fmt.Sprintf("“%s” · seed %d · %s · device %s · environment %s", a.Provenance.Scenario,
		a.Provenance.Seed, notation.Grants(a.Reading), a.Device, a.Environment)
	c, err := StudyChart(Heading{Case: a.Case, Notes: notes, Foot: []string{foot}}, a)
	return named(c, err, "study", a.Session)
}
