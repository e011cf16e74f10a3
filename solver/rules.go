package solver

import (
	"math"
	"reflect"
	"strings"

	"budget/model"
)

// Under returns the program of another scenario for p's case on p's plant, and
// whether they can share it: whether the scenarios differ in nothing but rules, which
// end sessions without touching the watch. Rules are hazards, refusals, the limit and
// how pressure uses it up, and the frailty. What the watch feels, such as Low Power
// Mode's power, or the level at which it is offered, is the plant's, and so are the
// thresholds that conditions are found by.
func (p *Program) Under(s *model.Scenario) (*Program, bool) {
	session := s.Session(p.plant.Case.Session)
	if session == nil || !reflect.DeepEqual(withoutRules(s, session), withoutRules(p.plant.Scenario, p.plant.Scenario.Session(p.plant.Case.Session))) {
		return nil, false
	}
	return newProgram(p.plant, s, session), true
}

// RuleKey tells whether the quantity of a scenario with a key (model.Parameter) is a rule:
// whether scenarios that differ in it share a plant (Program.Under).
func RuleKey(key string) bool {
	switch table, name, _ := strings.Cut(key, "."); table {
	case "policy":
		for _, kind := range []string{"suppress_", "refuse_", "pressure_"} {
			if strings.HasPrefix(name, kind) {
				return true
			}
		}
		return name == "error_base"
	case "population":
		return name == "frailty_shape"
	case "session":
		switch name[strings.LastIndexByte(name, '.')+1:] {
		case "limit", "resign", "stop":
			return true
		}
	}
	return false
}

// touching is what of a scenario touches the watch in a session.
type touching struct {
	grid         model.Grid
	devices      []*model.Device
	battery      model.Battery
	gauge        model.Gauge
	thermal      model.Thermal
	population   model.Population
	environments []*model.Environment
	policy       model.Policy
	states       model.WorkloadStates
	workload     *model.Workload
	session      model.Session
}

func withoutRules(s *model.Scenario, session *model.Session) touching {
	t := touching{s.Grid, s.Devices, s.Battery, s.Gauge, s.Thermal, s.Population, s.Environments, s.Policy,
		s.Workload.States, s.Workload.ByID[session.Workload], *session}
	t.session.Name, t.session.BackgroundMode, t.session.Frontmost = "", "", false
	t.session.Limit, t.session.Resign, t.session.Stop = 0, 0, 0
	t.population.FrailtyShape = 0
	p := &t.policy
	p.SuppressBase, p.SuppressSerious, p.SuppressCritical = 0, 0, 0
	p.SuppressLow, p.SuppressVeryLow, p.SuppressLPM = 0, 0, 0
	p.RefuseLPM, p.RefuseCritical, p.ErrorBase = 0, 0, 0
	p.PressureSerious, p.PressureCritical, p.PressureLow = 0, 0, 0
	return t
}

// alive returns the last step that any path can reach before its grant is used up.
func (p *Program) alive() int {
	if p.session.Limit == 0 {
		return p.steps
	}
	return min(p.grantSteps(0, 1), p.steps) // grants are used up at a rate of at least 1
}

// grantSteps returns how many steps a grant lasts that is used at the given
// rate: the least n with n·D·rate ≥ limit − 1e-9 s.
func (p *Program) grantSteps(used, rate float64) int {
	left := float64(p.session.Limit) - 1e-9 - used
	return max(int(math.Ceil(left/(p.step*rate))), 0)
}
