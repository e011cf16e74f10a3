package solver

import (
	"math"

	"budget/model"
)

// Under returns the program of another scenario for p's case on p's plant, and whether
// they can share it (model.SharePlant).
func (p *Program) Under(s *model.Scenario) (*Program, bool) {
	id := p.plant.Case.Session
	if !model.SharePlant(s, p.plant.Scenario, id) {
		return nil, false
	}
	return newProgram(p.plant, s, s.Session(id)), true
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
