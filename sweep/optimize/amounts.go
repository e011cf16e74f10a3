package optimize

import (
	"slices"

	"budget/model"
	"budget/solver"
	"budget/sweep/plan"
)

// amounts returns how much of each varying aspect the candidates have: the mean over their
// circumstances.
func (e *evaluator) amounts() (map[Aspect][]float64, error) {
	all := map[Aspect][]float64{}
	for _, a := range Aspects() {
		all[a] = make([]float64, len(e.Candidates))
	}
	for i := range e.Candidates {
		c := &e.Candidates[i]
		all[Value][i] = c.Value
		for n, cell := range c.Cells {
			of, err := e.amountsOf(cell)
			if err != nil {
				return nil, err
			}
			for a, x := range of {
				all[a][i] += c.Weights[n] * x
			}
		}
	}
	for a, amounts := range all {
		if slices.Max(amounts)-slices.Min(amounts) <= 1e-9*slices.Max(amounts) {
			delete(all, a)
		}
	}
	return all, nil
}

// amountsOf returns how much of each aspect a cell has.
func (e *evaluator) amountsOf(cell plan.Cell) (map[Aspect]float64, error) {
	s, on, err := e.cell(cell)
	if err != nil {
		return nil, err
	}
	w := s.Workload.ByID[s.Session(on.Session).Workload]
	of := map[Aspect]float64{Cues: cuesPerMinute(w, s.Grid.Step), Power: w.MeanPower(s.Grid.Step)}
	if on.Gate > 0 {
		p, err := solver.Compile(s, on)
		if err != nil {
			return nil, err
		}
		of[BelowGate] = p.BelowGate()
	}
	return of, nil
}

// cuesPerMinute returns how often a workload cues on average over a long session: regularly, or
// as often as its chain enters that state, π_quiet · enter_cue.
func cuesPerMinute(w *model.Workload, step model.Duration) float64 {
	if w.CueEvery > 0 {
		return 60 / float64(w.CueEvery)
	}
	return 60 * w.Shares(step)[model.StateQuiet] * float64(w.Enter[model.StateCue])
}
