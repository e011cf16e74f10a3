package optimize

import (
	"slices"
	"sync"

	"budget/solver"
	"budget/solver/estimate"
	"budget/solver/ranking"
	"budget/sweep"
	"budget/sweep/plan"
)

// sample is what some paths say of a candidate. What is by condition is by circumstance and then,
// if the design must hold for several, by draw of the uncertain inputs.
type sample struct {
	paths int64   // the fewest of a condition
	of    []int64 // by condition
	// By condition: failure by duration, of the sessions that the gate lets start, and its
	// replicates at the durations of evaluator.at; or the score.
	curves []solver.Incidence
	scores []ranking.Score
	shares [][]estimate.Moments // by requirement, then condition; empty for what the gate leaves out
	known  []float64            // by condition: share of starts that the gate leaves out
}

// evaluator simulates candidates, all on the same sessions (common random numbers).
type evaluator struct {
	*Design
	settings solver.Settings
	control  sweep.Control
	unit     map[int]int // of a cell, by number: cells of a unit share a plant
	cells    [][]plan.Cell
	grown    []*grown // paths so far, by unit and then plant of the draws; nil for none
	plants   int      // of the draws
	draws    int
	spends   []float64 // lengths of requirements about what sessions have used [s]; 0 for timers
	// Of caps:
	durations []float64 // of all curves [s]
	every     int       // the race looks at every so many durations
	at        []float64 // those with replicates [s]
	race      []int     // indices in durations of those of the race, which are among at

	mu   sync.Mutex
	runs int64           // paths simulated: once for all candidates that share a plant
	of   map[int][]int64 // paths of the latest samples of the race, by candidate and condition
}

// remember keeps how many paths the latest sample of a candidate has.
func (e *evaluator) remember(i int, s *sample) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.of[i] = s.of
}

// plantOf returns the plants of the draws.
func (e *evaluator) plantOf() (all []int) {
	for draw := range e.draws {
		all = append(all, e.points.Plant(draw))
	}
	return all
}

// mostKept is the largest number of paths that are kept, of all plants together, to be added to.
// They take 100 MB or a few times as much (solver.Grow).
const mostKept = 1 << 20

// mostTimes is the largest number of durations with replicates of a curve, and mostReplicates that
// of all curves together; each takes half a kilobyte.
const mostTimes, mostReplicates = 360, 1 << 20

func newEvaluator(d *Design, control sweep.Control) (*evaluator, error) {
	e := &evaluator{Design: d, control: control, unit: map[int]int{}, plants: 1, draws: 1,
		of: map[int][]int64{},
		settings: solver.Settings{Seed: d.Seed, Sampling: d.Sampling, Readings: d.Readings[:1],
			Failures: sweep.Failures(d.EndOnResign, d.CountRefused), Workers: control.Workers,
			Kernel: control.Kernel, FailuresOnly: true}}
	if d.points != nil {
		e.plants, e.draws = d.points.Plants, d.points.Len()
	}
	for i, u := range d.Units() {
		e.cells = append(e.cells, u.Cells)
		for _, c := range u.Cells {
			e.unit[c.Number] = i
		}
	}
	e.grown = make([]*grown, len(e.cells)*e.plants)
	for _, q := range d.Requirements {
		if q.What.spends() && !slices.Contains(e.spends, q.Length) {
			e.spends = append(e.spends, q.Length)
		}
	}
	slices.Sort(e.spends)
	if !d.Goal.Maximize.Capped() {
		return e, nil
	}
	s, on, err := d.cell(d.Candidates[0].Cells[0])
	if err != nil {
		return nil, err
	}
	p, err := solver.Compile(s, on)
	if err != nil {
		return nil, err
	}
	e.durations = p.Durations()
	curves := e.draws * len(d.Candidates[0].Cells) * len(d.Candidates)
	times := max(min(mostTimes, mostReplicates/curves), 20)
	e.every = (len(e.durations) + times - 1) / times
	for i := e.every - 1; i < len(e.durations); i += e.every {
		e.at, e.race = append(e.at, e.durations[i]), append(e.race, i)
	}
	if d.Goal.Maximize == Offered {
		e.race, e.every = nil, 1
		for _, length := range d.Goal.Menu {
			i := index(e.durations, length)
			e.race = append(e.race, i)
			if !slices.Contains(e.at, e.durations[i]) {
				e.at = append(e.at, e.durations[i])
			}
		}
		slices.Sort(e.at)
	}
	return e, nil
}

// conditions returns the number of conditions of a candidate.
func (e *evaluator) conditions(i int) int { return len(e.Candidates[i].Cells) * e.draws }

// variant is a cell of the plan under a draw of the uncertain inputs.
type variant struct {
	cell, draw int // number of the cell
	program    *solver.Program
	of         *grown
	index      int
}

// grown are the paths of variants that share a plant.
type grown struct {
	*solver.Growing
	spending *solver.Spending // nil unless a requirement needs it
	spends   []float64        // its lengths [s]
	variants []variant
	stints   []solver.Stint // of their timer, or the one session whose completion counts
	// Programs of Growing: by variant those that count failures, then those that count whatever does
	// not complete; 0 without such.
	failing, completing int
	kept                int64 // paths that are as good as simulated, for the journal has had them
}

// Paths returns the number of paths.
func (g *grown) Paths() int64 { return max(g.Growing.Paths(), g.kept) }

// variantEstimates are the estimates of a variant.
type variantEstimates struct {
	main       *solver.Estimates // counts failures, if any are asked for
	completing *solver.Estimates // counts whatever does not complete; nil unless it is the goal
	leftOut    float64           // share of starts that the gate leaves out
	failure    solver.Incidence  // by duration, of the sessions that the gate lets start
}

// reachIndex returns the index of a session length, where 0 means the whole timer.
func reachIndex(durations []float64, length float64) int {
	if length == 0 {
		return len(durations) - 1
	}
	return index(durations, length)
}

// index returns the index of the shortest duration that is at least a length.
func index(durations []float64, length float64) int {
	i := int(length/durations[0]-1e-9*length) + 1
	return min(max(i-1, 0), len(durations)-1)
}
