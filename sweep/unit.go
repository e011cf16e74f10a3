package sweep

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"budget/model"
	"budget/solver"
)

// Unit is what is simulated together: cells that differ in rules alone, so that they
// share the paths of one plant, for a session type.
type Unit struct {
	Session string
	Cells   []Cell
}

// maxTogether bounds the cells of a unit, which are in memory at once.
const maxTogether = 2048

// Units deals the cells of the plan to units, in an order that is the plan's own.
func (p *Plan) Units() []Unit {
	classes := make([][]int, len(p.Axes))
	for i := range p.Axes {
		classes[i] = p.Axes[i].plants()
	}
	var groups [][]Cell
	open := map[string]int{} // the group that takes further cells of a plant
	for _, c := range p.cells {
		var plant strings.Builder
		for axis, level := range c.levels {
			fmt.Fprintf(&plant, "%d ", classes[axis][level])
		}
		g, ok := open[plant.String()]
		if !ok || len(groups[g]) == maxTogether {
			g = len(groups)
			groups = append(groups, nil)
			open[plant.String()] = g
		}
		groups[g] = append(groups[g], c)
	}
	var units []Unit
	for _, session := range p.Sessions {
		for _, cells := range groups {
			units = append(units, Unit{session, cells})
		}
	}
	return units
}

// plants numbers the levels of an axis by what they set that touches the watch: levels of
// one number share a plant.
func (a *Axis) plants() []int {
	seen := map[string]int{}
	numbers := make([]int, len(a.Levels))
	for i, level := range a.Levels {
		var touching []model.Setting
		for _, s := range level.settings {
			if !solver.RuleKey(s.Key) {
				touching = append(touching, s)
			}
		}
		var text strings.Builder
		writeSettings(&text, touching)
		number, ok := seen[text.String()]
		if !ok {
			number = len(seen)
			seen[text.String()] = number
		}
		numbers[i] = number
	}
	return numbers
}

// task is a block to find: a cell for a session type, compiled.
type task struct {
	cell    Cell
	key     Key
	program *solver.Program
}

// key identifies a block by all that its content depends on.
func (p *Plan) key(s *model.Scenario, on solver.Case) Key {
	h := sha256.New()
	start := "drawn"
	if on.StartLevel != nil {
		start = fmt.Sprintf("%x", *on.StartLevel)
	}
	fmt.Fprintf(h, "block 1\n%s\n%q %q %q %s\n%v %v %s %d %d\n%v\n", s.Digest(), on.Session, on.Device, on.Environment, start,
		p.Readings, p.EndOnResign, p.Sampling, p.Seed, p.Paths, p.Durations[on.Session])
	return Key(h.Sum(nil))
}

// Key returns the key of a cell's block for a session type.
func (p *Plan) Key(c Cell, session string) (Key, error) {
	s, on, err := p.Scenario(c)
	if err != nil {
		return Key{}, err
	}
	on.Session = session
	return p.key(s, on), nil
}

// compile prepares those of a unit's cells that are not done.
func (p *Plan) compile(u Unit, done func(Key) bool) ([]task, error) {
	var tasks []task
	for _, c := range u.Cells {
		s, on, err := p.Scenario(c)
		if err != nil {
			return nil, err
		}
		on.Session = u.Session
		t := task{cell: c, key: p.key(s, on)}
		if done(t.key) {
			continue
		}
		shared := false
		if len(tasks) > 0 {
			t.program, shared = tasks[0].program.Under(s)
			if !shared {
				return nil, fmt.Errorf("sweep: cell %d does not share the plant of its unit", c.Number)
			}
		} else if t.program, err = solver.Compile(s, on); err != nil {
			return nil, err
		}
		tasks = append(tasks, t)
	}
	return tasks, nil
}
