package serve

import (
	"net/url"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/internal/notation"
	"budget/model"
	"budget/plots/selection"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/store"
)

// startQuery returns the address of the question that results answer: their first case, the
// tolerance of their headline, and all that their scenario sets.
func startQuery(dir string, r *store.Results) (url.Values, error) {
	if r.Plan != nil {
		return nil, cli.Usagef("%s has a sweep, of many scenarios: give the scenario file to start from", dir)
	}
	p, c := r.Provenance, r.Cells[0]
	if len(p.Added) > 0 {
		return nil, cli.Usagef("%s has a scenario that adds %s: give its file, such as: budget serve mine.toml",
			dir, strings.Join(p.Added, ", "))
	}
	q := url.Values{"session": {c.Session}}
	put := func(name, value, usual string) {
		if value != usual {
			q.Set(name, value)
		}
	}
	put("device", c.Device, solver.Fleet)
	put("environment", c.Environment, solver.Mix)
	put("on-resign", p.OnResign, model.ResignLeave)
	var tolerances []float64
	for _, found := range c.Caps {
		tolerances = append(tolerances, found.Tolerance)
	}
	put("tolerance", notation.Percent(selection.Headline(tolerances)),
		notation.Percent(defaultTolerance))
	if p.CountRefused {
		q.Set("count-refused", "true")
	}
	if p.StartLevel != nil {
		q.Set("start-level", notation.Percent(*p.StartLevel))
	}
	for _, o := range p.Overrides {
		switch o.Key {
		case "timer.resign": // which is on-resign
		case "timer.phases": // which the page has a field for
			q.Set("timer", o.Value)
		default:
			q.Add("set", o.Key+"="+settingOf(o))
		}
	}
	return q, nil
}

// settingOf writes the value of an override as --set takes it: a list in brackets, each of its
// values with the unit.
func settingOf(o sweep.Override) string {
	values := strings.Split(o.Value, ", ")
	if o.Word || len(values) == 1 {
		return o.Value
	}
	_, unit, _ := strings.Cut(values[len(values)-1], " ")
	for i := range values[:len(values)-1] {
		values[i] = strings.TrimSpace(values[i] + " " + unit)
	}
	return "[" + strings.Join(values, ", ") + "]"
}
