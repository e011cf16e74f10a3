package plan

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// Unit is a set of cells that are simulated together for a session type. They differ
// only in rules, so they share the paths of one plant.
type Unit struct {
	Session string
	Cells   []Cell
}

// maxTogether is the largest number of cells of a unit. They are in memory at
// the same time.
const maxTogether = 2048

// Units divides the cells of the plan into units. The order depends on the plan
// alone.
func (p *Plan) Units() []Unit {
	classes := make([][]int, len(p.Axes))
	for i := range p.Axes {
		classes[i] = p.Axes[i].plants(p.pauses())
	}
	var groups [][]Cell
	open := map[string]int{} // by plant: the index of the unit that takes further cells
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

// pauses reports whether a user who leaves comes back in a cell.
func (p *Plan) pauses() bool {
	if p.Base.Timer.Resign == model.ResignPause {
		return true
	}
	for i := range p.Axes {
		for _, level := range p.Axes[i].Levels {
			for _, s := range level.settings {
				if (s.Key == KeyOnResign || s.Key == "timer.resign") && s.Value.Text == model.ResignPause {
					return true
				}
			}
		}
	}
	return false
}

// plants numbers the levels of an axis by the settings that affect the plant; pauses is whether
// when users leave does. Levels with equal numbers share a plant.
func (a *Axis) plants(pauses bool) []int {
	seen := map[string]int{}
	numbers := make([]int, len(a.Levels))
	for i, level := range a.Levels {
		var touching []model.Setting
		for _, s := range level.settings {
			rule := model.IsRule(s.Key) && !(pauses && model.TouchesPauses(s.Key))
			if !rule && s.Key != KeyGate {
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

// Task is a block to compute: a cell for a session type, compiled.
type Task struct {
	Cell    Cell
	Key     sweep.Key
	Program *solver.Program
}

// Key returns the key of a cell's block for a session type: a hash of everything
// that its content depends on.
func (p *Plan) Key(c Cell, session string) (sweep.Key, error) {
	f, err := p.FactsOf(c)
	if err != nil {
		return sweep.Key{}, err
	}
	h := sha256.New()
	start := "drawn"
	if f.On.StartLevel != nil {
		start = fmt.Sprintf("%x", *f.On.StartLevel)
	}
	fmt.Fprintf(h, "block 4\n%s\n%s\n%q %q %q %s\n%v %v %v %s %d %d %d\n%v\n", p.Code, f.digest, session,
		f.On.Device, f.On.Environment, start, p.Readings, p.EndOnResign, p.CountRefused,
		p.Sampling, p.Seed,
		p.Paths, p.Trajectories, p.Durations[session])
	return sweep.Key(h.Sum(nil)), nil
}

// Compile compiles the cells of a unit whose blocks are not done.
func (p *Plan) Compile(u Unit, done func(sweep.Key) bool, workers int) ([]Task, error) {
	var tasks []Task
	for _, c := range u.Cells {
		key, err := p.Key(c, u.Session)
		if err != nil {
			return nil, err
		}
		if !done(key) {
			tasks = append(tasks, Task{Cell: c, Key: key})
		}
	}
	if len(tasks) == 0 {
		return nil, nil
	}
	s, on, err := p.Scenario(tasks[0].Cell)
	if err != nil {
		return nil, err
	}
	on.Session = u.Session
	first, err := solver.Compile(s, on)
	if err != nil {
		return nil, err
	}
	errs := make([]error, len(tasks))
	parallel.For(workers, len(tasks), func(_, i int) {
		s, _, err := p.Scenario(tasks[i].Cell)
		if err == nil {
			var shared bool
			if tasks[i].Program, shared = first.Under(s); !shared {
				err = fmt.Errorf("sweep: cell %d does not share the plant of its unit", tasks[i].Cell.Number)
			}
		}
		errs[i] = err
	})
	return tasks, errors.Join(errs...)
}
