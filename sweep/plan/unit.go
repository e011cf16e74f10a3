package plan

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// Unit is a set of cells that are evaluated together for a session type. They differ
// only in rules, so they share the paths of one plant. Units with the same run share them, too,
// and follow one another.
type Unit struct {
	Session string
	Cells   []Cell
	Run     int // number of the run of the watch, from 1
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
	var plants [][]Cell
	numbers := map[string]int{} // of plants
	var plant []byte
	for _, c := range p.cells {
		plant = plant[:0]
		for axis, level := range c.levels {
			plant = append(strconv.AppendInt(plant, int64(classes[axis][level]), 10), ' ')
		}
		n, ok := numbers[string(plant)]
		if !ok {
			n = len(plants)
			plants = append(plants, nil)
			numbers[string(plant)] = n
		}
		plants[n] = append(plants[n], c)
	}
	var units []Unit
	run := 0
	for _, session := range p.Sessions {
		for _, cells := range plants {
			run++
			for together := range slices.Chunk(cells, maxTogether) {
				units = append(units, Unit{session, together, run})
			}
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
	return p.keyOf(f, session), nil
}

// keyOf returns the key of the block of a cell with some facts for a session type.
func (p *Plan) keyOf(f Facts, session string) sweep.Key {
	h := sha256.New()
	start := "drawn"
	if f.On.StartLevel != nil {
		start = fmt.Sprintf("%x", *f.On.StartLevel)
	}
	fmt.Fprintf(h, "block 4\n%s\n%x\n%q %q %q %s\n%v %v %v %s %d %d %d\n%v\n", p.Code, f.digest,
		session, f.On.Device, f.On.Environment, start, p.Readings, p.EndOnResign, p.CountRefused,
		p.Sampling, p.Seed,
		p.Paths, p.Trajectories, p.Durations[session])
	return sweep.Key(h.Sum(nil))
}

// Compile compiles the cells of a unit whose blocks are not done. If there are any, it calls
// compile for the first, such as solver.Compile; the others share its plant.
func (p *Plan) Compile(u Unit, done func(sweep.Key) bool, workers int,
	compile func(*model.Scenario, solver.Case) (*solver.Program, error)) ([]Task, error) {
	tasks, errs := make([]Task, len(u.Cells)), make([]error, len(u.Cells))
	scenarios, cases := make([]*model.Scenario, len(u.Cells)), make([]solver.Case, len(u.Cells))
	open := make([]bool, len(u.Cells)) // whether the block is to compute
	parallel.For(workers, len(u.Cells), func(_, i int) {
		c := u.Cells[i]
		f, known := p.known(c)
		if !known || !done(p.keyOf(f, u.Session)) {
			scenarios[i], cases[i], errs[i] = p.Scenario(c)
		}
		if errs[i] != nil || scenarios[i] == nil {
			return
		}
		if !known {
			f = p.note(c, scenarios[i], cases[i])
		}
		key := p.keyOf(f, u.Session)
		open[i], tasks[i] = !done(key), Task{Cell: c, Key: key}
	})
	first := slices.Index(open, true)
	if err := errors.Join(errs...); err != nil || first < 0 {
		return nil, err
	}
	cases[first].Session = u.Session
	program, err := compile(scenarios[first], cases[first])
	if err != nil {
		return nil, err
	}
	parallel.For(workers, len(tasks), func(_, i int) {
		if !open[i] {
			return
		}
		var shared bool
		if tasks[i].Program, shared = program.Under(scenarios[i]); !shared {
			errs[i] = fmt.Errorf("sweep: cell %d does not share the plant of its unit",
				tasks[i].Cell.Number)
		}
	})
	tasks = slices.DeleteFunc(tasks, func(t Task) bool { return t.Program == nil })
	return tasks, errors.Join(errs...)
}
