package uncertainty

import (
	"fmt"
	"slices"
	"strings"

	"budget/model"
	"budget/solver"
)

// Points are sets of values of uncertain quantities that several scenarios share, drawn as
// FindSpread draws them. A set has one value of each quantity for all scenarios.
type Points struct {
	Quantities []Quantity
	Plants     int // of the sets; scenarios need a run of the plant for each
	sets       []drawnSet
}

// Place is a scenario and a case that points are for.
type Place struct {
	Scenario *model.Scenario
	On       solver.Case
}

// setsPerPlant is the number of sets of rules on a plant, where other quantities vary, too.
const setsPerPlant = 4

// DrawPoints draws points of the varied quantities that matter for any of some places under a
// reading, without those that are set already. The laws are those of s.
func (v Varying) DrawPoints(s *model.Scenario, places []Place, reading solver.Reading,
	set func(key string) bool, sets int, seed uint64) (*Points, error) {
	if err := v.check(s); err != nil {
		return nil, err
	}
	matter := map[string]bool{} // keys
	pause := false
	for _, at := range places {
		pause = pause || at.On.Pause || at.Scenario.Timer.Resign == model.ResignPause
		of, err := v.quantities(at.Scenario, at.On, []solver.Reading{reading})
		if err != nil {
			return nil, err
		}
		for _, q := range of {
			matter[q.Key] = true
		}
	}
	p := &Points{Plants: 1}
	for _, parameter := range s.Parameters() {
		key := parameter.Key
		if parameter.Law == nil || !matter[key] || set(key) {
			continue
		}
		if strings.HasPrefix(key, "timer.phase.") {
			return nil, fmt.Errorf("%s: the length of a phase cannot be uncertain: leave out its range", key)
		}
		q := newQuantity(parameter)
		q.Plant = q.Plant || pause && model.TouchesPauses(key)
		p.Quantities = append(p.Quantities, q)
	}
	if len(p.Quantities) == 0 {
		return nil, ErrNothingVaried
	}
	if slices.ContainsFunc(p.Quantities, func(q Quantity) bool { return q.Plant }) {
		p.Plants = (sets + setsPerPlant - 1) / setsPerPlant
	}
	var err error
	p.sets, err = drawSets(p.Quantities, sets, p.Plants, LatinRules, seed, 0)
	return p, err
}

// Len returns the number of sets.
func (p *Points) Len() int { return len(p.sets) }

// Plant returns the plant of a set. Scenarios under sets of a plant differ only in rules.
func (p *Points) Plant(i int) int { return p.sets[i].plant }

// Under returns a scenario with the values of a set.
func (p *Points) Under(s *model.Scenario, i int) (*model.Scenario, error) {
	var settings []model.Setting
	for j, q := range p.Quantities {
		settings = append(settings, q.parameter.Varied(p.sets[i].values[j]))
	}
	under, err := s.With("values of uncertain inputs", settings)
	if err != nil {
		return nil, fmt.Errorf("values drawn do not go together: %w", err)
	}
	return under, nil
}
