package uncertainty

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// Varying selects the quantities to vary: those with a law that matter for a case. If Vary
// is not empty, their keys must match it; they must not match Fix. Patterns are keys with *
// for any text, such as "policy.*".
type Varying struct{ Vary, Fix []string }

// quantities lists the varied quantities of a case under the given readings, in the
// catalog's order. Every pattern must match a quantity with a law.
func (v Varying) quantities(s *model.Scenario, on solver.Case,
	readings []solver.Reading) ([]Quantity, error) {
	if err := v.check(s); err != nil {
		return nil, err
	}
	var all []Quantity
	for _, p := range s.Parameters() {
		if p.Law == nil || !Matters(s, on, readings, p.Key) || len(v.Vary) > 0 &&
			!matchesAny(v.Vary, p.Key) || matchesAny(v.Fix, p.Key) {
			continue
		}
		all = append(all, newQuantity(p))
	}
	return all, nil
}

// evaluator returns the evaluator of a case for its varied quantities.
func (v Varying) evaluator(s *model.Scenario, q *sweep.Request, c sweep.Case,
	control sweep.Control) (*evaluator, error) {
	e := newEvaluator(s, q, c, control)
	quantities, err := v.quantities(s, e.on, q.Readings)
	if err != nil {
		return nil, err
	}
	if len(quantities) == 0 {
		return nil, fmt.Errorf("session type %s: %w", c.Session, ErrNothingVaried)
	}
	return e, e.prepare(quantities)
}

// check returns an error if a pattern matches no quantity that can be varied.
func (v Varying) check(s *model.Scenario) error {
	for option, patterns := range [][]string{v.Vary, v.Fix} {
		for _, pattern := range patterns {
			if err := checkPattern(s, pattern); err != nil {
				return &OptionError{[]string{"vary", "fix"}[option], err}
			}
		}
	}
	return nil
}

// checkPattern returns an error if a pattern matches no quantity that can be
// varied.
func checkPattern(s *model.Scenario, pattern string) error {
	if _, err := path.Match(pattern, ""); err != nil {
		return fmt.Errorf(
			"%q is no pattern: expected a key, in which * stands for any text, such as 'policy.*'", pattern)
	}
	var known *model.Parameter
	var keys []string
	for _, p := range s.Parameters() {
		matches := matchesAny([]string{pattern}, p.Key)
		switch {
		case matches && p.Law != nil:
			return nil
		case matches:
			known = p
		case p.Law != nil:
			keys = append(keys, p.Key)
		}
	}
	if known != nil {
		return fmt.Errorf("%s is taken as known: give it a range or a distribution in a scenario file",
			known.Key)
	}
	hint := ""
	if near := model.Nearest(pattern, keys); near != "" {
		hint = fmt.Sprintf(": did you mean %s?", near)
	}
	return fmt.Errorf("no quantity is called %s%s", pattern, hint)
}

func matchesAny(patterns []string, key string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, err := path.Match(pattern, key)
		return ok && err == nil
	})
}

// Matters reports whether a quantity can affect a case. Quantities of other session types,
// workloads, devices and environments cannot; the time grid is excluded because it is
// chosen, not uncertain.
func Matters(s *model.Scenario, on solver.Case, readings []solver.Reading, key string) bool {
	session := s.Session(on.Session)
	table, rest, _ := strings.Cut(key, ".")
	id, name, _ := strings.Cut(rest, ".")
	switch table {
	case "grid":
		return false
	case "session":
		return id == on.Session && name != "horizon" &&
			(on.StartLevel == nil || !strings.HasPrefix(name, "start_level_"))
	case "workload":
		return id == "states" || id == session.Workload
	case "environment":
		return on.Environment == solver.Mix && inMix(s, id, name) ||
			id == on.Environment && name != "share"
	case "device":
		return on.Device == solver.Fleet && inFleet(s, id, name) || id == on.Device && name != "weight"
	case "thermal":
		switch id {
		case "build":
			build, _, _ := strings.Cut(name, ".")
			return slices.ContainsFunc(s.Devices, func(d *model.Device) bool {
				return d.Build == build && (on.Device == solver.Fleet && d.Weight > 0 || on.Device == d.ID)
			})
		case "still", "walking", "running":
			return slices.ContainsFunc(s.Environments, func(e *model.Environment) bool {
				return e.Airflow == id && (on.Environment == solver.Mix || on.Environment == e.ID)
			})
		}
	case "population":
		switch rest {
		case "start_level_min":
			return on.StartLevel == nil
		case "start_level_alpha":
			return on.StartLevel == nil && session.StartLevelAlpha == nil
		case "start_level_beta":
			return on.StartLevel == nil && session.StartLevelBeta == nil
		case "power_scale":
			return session.PowerScale == nil
		}
	case "policy":
		if strings.HasPrefix(rest, "pressure_") {
			return session.Limit > 0 && slices.Contains(readings, solver.Cautious)
		}
	}
	return true
}

// inFleet reports whether a quantity of a device can move the fleet: its weight, or what it is
// like where it has one. inMix does so of an environment.
func inFleet(s *model.Scenario, id, name string) bool {
	return name == "weight" || s.Device(id).Weight > 0
}

func inMix(s *model.Scenario, id, name string) bool {
	return name == "share" || s.Environment(id).Share > 0
}
