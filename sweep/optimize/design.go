package optimize

import (
	"budget/model"
	"budget/solver"
	"budget/sweep/plan"
	"budget/sweep/uncertainty"
)

// Design is a design file: a plan, what to maximize and what is required.
type Design struct {
	*plan.Plan
	Goal         Goal
	Requirements []Requirement
	Candidates   []Candidate
	Gates        []int // levels of gates of the candidates, without 0 [per cent]
	// Knobs and Circumstances are the indices of the plan's axes.
	Knobs, Circumstances []int
	weights              map[int][]float64 // of the levels of a circumstance
	values               map[int][]float64 // of the levels of a knob that has some
	points               *uncertainty.Points
	horizon              float64 // longest single session [s]
	digest               string  // of the file
}

// Draws returns the number of draws of the uncertain inputs that a design must hold for, 0 if they
// are as assumed, and what is drawn.
func (d *Design) Draws() (int, []uncertainty.Quantity) {
	if d.points == nil {
		return 0, nil
	}
	return d.points.Len(), d.points.Quantities
}

// Candidate is a level of every knob, with a cell of the plan for every circumstance.
type Candidate struct {
	Cells   []plan.Cell
	Weights []float64 // of the cells; they sum to 1
	Value   float64   // of a minute: the product of the values of its levels; 1 without any
}

// Levels returns the levels of a candidate, by knob.
func (d *Design) Levels(c *Candidate) []plan.Level {
	all := d.Plan.Levels(c.Cells[0])
	levels := make([]plan.Level, len(d.Knobs))
	for k, axis := range d.Knobs {
		levels[k] = all[axis]
	}
	return levels
}

// cell returns the scenario of a cell and its case.
func (d *Design) cell(c plan.Cell) (*model.Scenario, solver.Case, error) {
	s, on, err := d.Scenario(c)
	if on.Session == "" {
		on.Session = d.Sessions[0]
	}
	if err == nil {
		if _, timer := s.TimerSequence(); !timer {
			on.Duration = d.horizon
		}
	}
	return s, on, err
}

// places lists the distinct scenarios of the candidates with their cases, as far as there are few.
func (d *Design) places() (all []uncertainty.Place, err error) {
	const most = 4096
	for i := range d.Candidates {
		for _, cell := range d.Candidates[i].Cells {
			if len(all) == most {
				return all, nil
			}
			s, on, err := d.cell(cell)
			if err != nil {
				return nil, err
			}
			all = append(all, uncertainty.Place{Scenario: s, On: on})
		}
	}
	return all, nil
}
