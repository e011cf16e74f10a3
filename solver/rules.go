package solver

import (
	"reflect"

	"budget/model"
)

// Under returns the program of another scenario for p's case on p's plant, and
// whether they can share it: whether the scenarios differ in nothing but rules, which
// end sessions without touching the watch. Rules are hazards, refusals, the limit and
// how pressure uses it up, and the frailty. What the watch feels, such as Low Power
// Mode's power, or the level at which it is offered, is the plant's, and so are the
// thresholds that conditions are found by.
func (p *Program) Under(s *model.Scenario) (*Program, bool) {
	session := s.Session(p.of.Session)
	if session == nil || !reflect.DeepEqual(withoutRules(s, session), withoutRules(p.scenario, p.scenario.Session(p.of.Session))) {
		return nil, false
	}
	return newProgram(p.plant, s, session), true
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
