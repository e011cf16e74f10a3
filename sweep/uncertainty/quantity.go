package uncertainty

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"budget/model"
	"budget/solver"
)

// Unknown is a quantity that is the same in all sessions but not known, which is varied by
// its law (model.Law).
type Quantity struct {
	Key      string `json:"key"`
	Value    string `json:"value"` // that the scenario has, with its unit
	Law      string `json:"law"`   // for people
	Evidence string `json:"evidence"`
	Source   string `json:"source"`
	// Column and Unit name values of it in tables, "policy.suppress_low_per_h" and "/h".
	Column string `json:"column"`
	Unit   string `json:"unit"`
	// Plant tells that it touches the watch, so that other values of it need another run of
	// the plant; rules do not.
	Plant bool `json:"plant"`

	parameter *model.Parameter
}

// Varying says which quantities are varied: those with a law that matter for a case, of the
// keys that match Vary where it is given, without those that match Fix. Patterns are keys in
// which * stands for any text, such as "policy.*".
type Varying struct{ Vary, Fix []string }

// unknowns lists the quantities that are varied for a case under the given readings, in the
// catalog's order. A pattern must match a quantity that has a law.
func (v Varying) quantities(s *model.Scenario, on solver.Case, readings []solver.Reading) ([]Quantity, error) {
	if err := v.check(s); err != nil {
		return nil, err
	}
	var all []Quantity
	for _, p := range s.Parameters() {
		if p.Law == nil || !matters(s, on, readings, p.Key) || len(v.Vary) > 0 && !matchesAny(v.Vary, p.Key) || matchesAny(v.Fix, p.Key) {
			continue
		}
		all = append(all, newQuantity(p))
	}
	return all, nil
}

func newQuantity(p *model.Parameter) Quantity {
	unit := p.Unit
	if unit == "1" {
		unit = ""
	}
	return Quantity{Key: p.Key, Value: strings.TrimSpace(p.Text() + " " + unit), Law: p.LawText(), Evidence: string(p.Evidence),
		Source: p.Source, Column: p.VariedKind().Column(p.Key), Unit: p.VariedKind().ColumnUnit(), Plant: !model.IsRule(p.Key), parameter: p}
}

// check refuses patterns that match nothing that could be varied.
func (v Varying) check(s *model.Scenario) error {
	for flag, patterns := range [][]string{v.Vary, v.Fix} {
		flag := []string{"vary", "fix"}[flag]
		for _, pattern := range patterns {
			if _, err := path.Match(pattern, ""); err != nil {
				return fmt.Errorf("--%s: %q is no pattern: expected a key, in which * stands for any text, such as 'policy.*'", flag, pattern)
			}
			var known *model.Parameter
			found := false
			var keys []string
			for _, p := range s.Parameters() {
				if matchesAny([]string{pattern}, p.Key) {
					known, found = p, found || p.Law != nil
				}
				if p.Law != nil {
					keys = append(keys, p.Key)
				}
			}
			switch {
			case found:
			case known != nil:
				return fmt.Errorf("--%s: %s is taken as known: give it a range or a distribution in a scenario file", flag, known.Key)
			default:
				hint := ""
				if near := model.Nearest(pattern, keys); near != "" {
					hint = fmt.Sprintf(": did you mean %s?", near)
				}
				return fmt.Errorf("--%s: no quantity is called %s%s", flag, pattern, hint)
			}
		}
	}
	return nil
}

func matchesAny(patterns []string, key string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, err := path.Match(pattern, key)
		return ok && err == nil
	})
}

// matters tells whether a quantity can move what is found for a case: not those of other
// session types, workloads, devices and environments, nor the time grid, which is not
// unknown but chosen.
func matters(s *model.Scenario, on solver.Case, readings []solver.Reading, key string) bool {
	session := s.Session(on.Session)
	table, rest, _ := strings.Cut(key, ".")
	id, name, _ := strings.Cut(rest, ".")
	switch table {
	case "grid":
		return false
	case "session":
		return id == on.Session && name != "horizon" && (on.StartLevel == nil || !strings.HasPrefix(name, "start_level_"))
	case "workload":
		return id == "states" || id == session.Workload
	case "environment":
		return on.Environment == solver.Mix || id == on.Environment && name != "share"
	case "device":
		return on.Device == solver.Fleet || id == on.Device && name != "weight"
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
		}
	case "policy":
		if strings.HasPrefix(rest, "pressure_") {
			return session.Limit > 0 && slices.Contains(readings, solver.Cautious)
		}
	}
	return true
}

// settings returns what gives the unknowns their values: those that touch the watch, or
// the rules.
func settings(unknowns []Quantity, values []float64, plant bool) []model.Setting {
	var all []model.Setting
	for i, u := range unknowns {
		if u.Plant == plant {
			all = append(all, u.parameter.Varied(values[i]))
		}
	}
	return all
}
