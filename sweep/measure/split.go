package measure

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"budget/model"
	"budget/solver/random"
)

// State is a state of the app or the watch with its load.
type State struct {
	Name  string // "" for rows without one
	Time  float64
	Power Interval // [W]
}

// maxStates bounds the states of a column: more are rather numbers.
const maxStates = 12

// maxLevels bounds the levels of a stretch that Split uses: the work goes with its third power.
const maxLevels = 250

// unknownStart is the variance of the level at which a stretch begins, in its own units: far
// more than any level.
const unknownStart = 100

// Split shares the load out among the states of a column, each with a constant power. Levels
// fall by the times T_s in the states since the stretch began,
//
//	e(z_j) = e(z_0) − Σ_s (P_s/Q) T_s(t_j) + ε_j,  e(z) = ∫U dz from 0 to z
//
// which generalized least squares solve at the moments of the gauge's steps. The covariance of
// ε is that of the gauge's noise and rounding, scaled up where the residuals are larger, as
// with powers that vary. The charge Q of the full cell is drawn as in Estimate. States are in the
// order of their first row.
func (l *Log) Split(s *model.Scenario, kept []Stretch, column string, q Question) ([]State, error) {
	if err := l.HasColumn(column); err != nil {
		return nil, err
	}
	r := &regression{log: l, column: column, gauge: &s.Gauge, energy: newEnergyCurve(&s.Battery),
		place: map[string]int{}}
	for _, k := range kept {
		for i := k.From; i < k.To; i++ {
			if err := r.state(&l.Rows[i], l.Rows[i+1].Time-l.Rows[i].Time); err != nil {
				return nil, err
			}
		}
	}
	n := len(r.states)
	r.information, r.moments = mat.NewSymDense(n, nil), mat.NewVecDense(n, nil)
	for _, k := range kept {
		r.add(k)
	}
	return r.powers(s, q)
}

// regression gathers the normal equations of Split.
type regression struct {
	log         *Log
	column      string
	gauge       *model.Gauge
	energy      *energyCurve
	states      []State
	place       map[string]int
	information *mat.SymDense // XᵀC⁻¹X
	moments     *mat.VecDense // XᵀC⁻¹y
	squares     float64       // yᵀC⁻¹y
	levels      int           // less one for each stretch
}

// state counts the time [s] of a row's state.
func (r *regression) state(row *Row, time float64) error {
	name := r.log.Value(row, r.column)
	i, ok := r.place[name]
	if !ok {
		if i = len(r.states); i == maxStates {
			return fmt.Errorf("column %s has more than %d different values: expected states, such as "+
				"active and background", r.column, maxStates)
		}
		r.place[name], r.states = i, append(r.states, State{Name: name})
	}
	r.states[i].Time += time
	return nil
}

// moment is a level at a time, with the variance of what rounding leaves open.
type moment struct {
	time, level, variance float64
	spent                 []float64 // time in each state since the stretch began [s]
}

// levelsOf lists the first and the last level of a stretch and the edges of steps between.
func (r *regression) levelsOf(k Stretch) []moment {
	l := r.log
	rounded := l.Step * l.Step / 12
	spent := make([]float64, len(r.states))
	at := func(t, level, variance float64) moment {
		return moment{t, level, variance, append([]float64(nil), spent...)}
	}
	out := []moment{at(l.Rows[k.From].Time, l.Rows[k.From].Level, rounded)}
	for i := k.From; i < k.To; i++ {
		a, b := l.Rows[i], l.Rows[i+1]
		half := (b.Time - a.Time) / 2
		state := r.place[l.Value(&a, r.column)]
		spent[state] += half
		if fall := math.Abs(a.Level - b.Level); fall > l.Step/2 {
			// Where the level fell by more than a step, the moment of the middle is open by as much.
			out = append(out, at(a.Time+half, (a.Level+b.Level)/2, fall*fall/12))
		}
		spent[state] += half
	}
	out = append(out, at(l.Rows[k.To].Time, l.Rows[k.To].Level, rounded))
	for len(out) > maxLevels {
		thin := out[:1]
		for i := 2; i < len(out)-1; i += 2 {
			thin = append(thin, out[i])
		}
		out = append(thin, out[len(out)-1])
	}
	return out
}

// add adds the levels of a stretch to the normal equations.
func (r *regression) add(k Stretch) {
	levels := r.levelsOf(k)
	n, states := len(levels), len(r.states)
	c, x, y := mat.NewSymDense(n, nil), mat.NewDense(n, states, nil), mat.NewVecDense(n, nil)
	sd, tau := float64(r.gauge.NoiseSD), float64(r.gauge.NoiseTau)
	slope := func(z float64) float64 { return (r.energy.at(z+0.005) - r.energy.at(z-0.005)) / 0.01 }
	for i, a := range levels {
		y.SetVec(i, r.energy.at(a.level)-r.energy.at(levels[0].level))
		for j, t := range a.spent {
			x.Set(i, j, -t)
		}
		for j := i; j < n; j++ {
			b := levels[j]
			covariance := sd * sd * math.Exp(-(b.time-a.time)/tau)
			if i == j {
				covariance += a.variance
			}
			c.SetSym(i, j, covariance*slope(a.level)*slope(b.level)+unknownStart)
		}
	}
	var factor mat.Cholesky
	if !factor.Factorize(c) {
		return // levels at the same moment, of a gauge without noise
	}
	var cx mat.Dense
	var cy mat.VecDense
	if factor.SolveTo(&cx, x) != nil || factor.SolveVecTo(&cy, y) != nil {
		return
	}
	for i := range states {
		for j := i; j < states; j++ {
			r.information.SetSym(i, j, r.information.At(i, j)+mat.Dot(x.ColView(i), cx.ColView(j)))
		}
		r.moments.SetVec(i, r.moments.AtVec(i)+mat.Dot(x.ColView(i), &cy))
	}
	r.squares += mat.Dot(y, &cy)
	r.levels += n - 1
}

// powers solves the normal equations and draws the cell.
func (r *regression) powers(s *model.Scenario, q Question) ([]State, error) {
	var factor mat.Cholesky
	var inverse mat.SymDense
	var rates mat.VecDense // P/Q [V/s]
	if !factor.Factorize(r.information) || factor.InverseTo(&inverse) != nil ||
		factor.SolveVecTo(&rates, r.moments) != nil {
		return nil, fmt.Errorf("column %s: its states cannot be told apart in %s: expected a longer log",
			r.column, r.log.File)
	}
	free := max(1, r.levels-len(r.states))
	scale := math.Sqrt(max(1, (r.squares-mat.Dot(r.moments, &rates))/float64(free)))
	voltage := r.energy.at(1)
	cells := newCells(s, q.Device, q.Health)
	for i := range r.states {
		sd := scale * math.Sqrt(inverse.At(i, i))
		drawn := make([]float64, draws)
		for d := range drawn {
			e := estimation{scenario: s, cells: cells, seed: q.Seed}
			c := e.cell(uint64(d))
			stream := random.Stream{Key: random.NewKey(q.Seed), Path: uint64(d), Purpose: purposeSplit}
			rate := rates.AtVec(i) + sd*random.Normal(stream.Uniform(uint32(i)))
			drawn[d] = max(0, discharge{energy: rate, used: rate / voltage, time: 1}.power(c))
		}
		r.states[i].Power = intervalOf(drawn)
	}
	return r.states, nil
}
