package report

import (
	"slices"
	"strings"

	"budget/model"
	"budget/sweep"
	"budget/sweep/store"
)

// Ending explains a cause.
type Ending struct {
	Name, Meaning string
	Failure       bool   // counts as a failure of the plan by default
	Told          []Told // by interface
}

// Told is what an app is told of an end, and what it sees, by the interface that session
// types use.
type Told struct{ Interface, Sessions, Reason, Seen string }

// glossary lists the causes in the order of every table, with what the apps of the results'
// session types see of them.
func glossary(results *store.Results) []Ending {
	var interfaces []model.Interface
	sessions := map[model.Interface][]string{}
	for _, c := range results.Cells {
		i := interfaceOf(results.Provenance, c.Session)
		if !slices.Contains(interfaces, i) {
			interfaces = append(interfaces, i)
		}
		if !slices.Contains(sessions[i], c.SessionName) {
			sessions[i] = append(sessions[i], c.SessionName)
		}
	}
	var endings []Ending
	failures := results.Provenance.Failures()
	for _, c := range append(slices.Clip(model.Ends), model.Completed) {
		e := Ending{Name: c.String(), Meaning: c.Meaning(), Failure: slices.Contains(failures, c)}
		for _, i := range interfaces {
			e.Told = append(e.Told, Told{string(i), strings.Join(sessions[i], ", "), c.Reason(i), c.Seen(i)})
		}
		endings = append(endings, e)
	}
	return endings
}

// interfaceOf returns the interface of a session type: by the background mode that the run's
// scenario gives it, or else that of the catalog.
func interfaceOf(p sweep.Provenance, session string) model.Interface {
	key := "session." + session + ".background_mode"
	for _, o := range p.Overrides {
		if o.Key == key {
			return model.InterfaceOf(o.Value)
		}
	}
	if s := model.Default().Session(session); s != nil {
		return s.Interface()
	}
	return model.ExtendedRuntime
}
