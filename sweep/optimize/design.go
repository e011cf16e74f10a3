package optimize

import (
	"budget/model/document"
	"budget/sweep/plan"
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
}

// Over says what the cap is over the circumstances.
type Over string

const (
	// Mean: the cap of a session whose circumstances are drawn by their weights.
	Mean Over = "mean"
	// Worst: the shortest cap of any circumstance.
	Worst Over = "worst"
)

// Goal is what is maximized: the cap at the plan's tolerance.
type Goal struct {
	Over Over
	// Within is the indifference δ [s]; Relative the same as a part of the cap. The larger holds.
	Within, Relative float64
	// Against is the second goal of the front that the answer shows; "" means the first that varies.
	Against Aspect
	Longest float64 // session length looked at [s]; 0 means the session types' horizon
}

// What a requirement is about.
type What string

const (
	// Failure: the share of sessions of a length that fail.
	Failure What = "failure"
	// Refused: the share of starts that the system refuses.
	Refused What = "refused"
	// LeftOut: the share of starts that the app's gate excludes.
	LeftOut What = "left-out"
)

// Requirement is a share that a design may have at most.
type Requirement struct {
	What   What
	Length float64 // of Failure [s]
	Most   float64
	Zone   float64 // by how much it may be exceeded; see ranking.Limit
	At     document.Position
}

// Candidate is a level of every knob, with a cell of the plan for every circumstance.
type Candidate struct {
	Cells   []plan.Cell
	Weights []float64 // of the cells; they sum to 1
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
