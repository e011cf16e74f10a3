package optimize

import (
	"slices"

	"budget/model"
	"budget/model/document"
)

const (
	defaultZone      = 0.05 // of a requirement's limit
	mostRequirements = 20
)

// heatLevels are the thermal levels that a requirement may be about.
var heatLevels = map[string]model.ThermalLevel{"fair": model.Fair, "serious": model.Serious,
	"critical": model.Critical}

// require reads the requirements.
func (r *reader) require(e *document.Element) {
	if e == nil {
		return
	}
	if e.Kind != document.Array {
		r.complain(e.At, "require", "expected an array of tables: [[require]]")
		return
	}
	if n := len(e.Items); n > mostRequirements {
		r.complain(e.At, "require", "there are %d requirements: expected at most %d", n, mostRequirements)
		return
	}
	for _, item := range e.Items {
		if !r.known("require", item, "what", "length", "level", "most", "zone") {
			continue
		}
		what, most := item.Lookup("what"), item.Lookup("most")
		if what == nil || most == nil {
			r.complain(item.At, "require", "expected what and most: "+
				`what = "failure", length = "20 min", most = "0.5 %%"`)
			continue
		}
		words := make([]string, len(whats))
		for i, w := range whats {
			words[i] = string(w)
		}
		q := Requirement{At: item.At, What: What(r.word("require.what", what, words...)),
			Most: r.quantity("require.most", most, model.KindNumber, 1)}
		q.Zone = defaultZone * q.Most
		if zone := item.Lookup("zone"); zone != nil {
			q.Zone = r.quantity("require.zone", zone, model.KindNumber, 1)
		}
		r.lengthOf(&q, item)
		r.levelOf(&q, item)
		for _, other := range r.design.Requirements {
			if other.What == q.What && other.Length == q.Length && other.Level == q.Level {
				r.complain(item.At, "require", "repeats the requirement of line %d: expected one of them",
					other.At.Line)
			}
		}
		r.design.Requirements = append(r.design.Requirements, q)
	}
}

// lengthOf reads the session length of a requirement. Where sessions are a timer it may be missing.
func (r *reader) lengthOf(q *Requirement, item *document.Element) {
	length := item.Lookup("length")
	switch {
	case length != nil && slices.Contains(whats, q.What) && !q.What.ofLength():
		r.complain(length.At, "require.length", "is not for what = %q", q.What)
	case length == nil && q.What.ofLength() && r.singles():
		r.complain(item.At, "require.length", "is missing: the session length that it is about")
	case length != nil:
		q.Length = r.quantity("require.length", length, model.KindDuration, day)
		if err := r.design.Base.Grid.Hold(model.Duration(q.Length)); err != nil && q.Length > 0 {
			r.complain(length.At, "require.length", "%v", err)
		}
	}
}

// levelOf reads the thermal level of a requirement.
func (r *reader) levelOf(q *Requirement, item *document.Element) {
	level := item.Lookup("level")
	switch {
	case level != nil && q.What != Heat:
		r.complain(level.At, "require.level", "is only for what = %q", Heat)
	case level == nil && q.What == Heat:
		r.complain(item.At, "require.level",
			`is missing: the thermal level that few sessions may reach, such as "serious"`)
	case level != nil:
		q.Level = heatLevels[r.word("require.level", level, "fair", "serious", "critical")]
	}
}

// singles reports whether some design has single sessions, whose length is to be said.
func (r *reader) singles() bool {
	_, timer := r.design.Base.TimerSequence()
	if timer {
		return false
	}
	for i := range r.design.Axes {
		if slices.Contains(r.design.Axes[i].Keys(), "timer.phases") {
			return false
		}
	}
	return true
}
