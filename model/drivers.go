package model

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// OUStep returns the exact transition over d seconds of an Ornstein–Uhlenbeck
// process with stationary standard deviation sd and correlation time tau [s]:
//
//	x ← decay·x + innovation·N(0,1),  decay = e^(−d/tau),  innovation = sd sqrt(1 − decay²)
func OUStep(sd, tau, d float64) (decay, innovation float64) {
	return math.Exp(-d / tau), sd * math.Sqrt(-math.Expm1(-2*d/tau))
}

// SunStep returns the exact transition over d seconds of a chain that is in the sun for the
// share π of time, in spells of mean length spell [s]. The results are the probabilities of
// being in the sun after d, starting from the sun and from the shade.
//
//	P(sun→sun) = π + (1−π) e,  P(shade→sun) = π (1 − e),  e = exp(−d/(spell (1−π)))
func SunStep(share, spell, d float64) (fromSun, fromShade float64) {
	if share <= 0 {
		return 0, 0
	}
	e := math.Exp(-d / (spell * (1 - share)))
	return share + (1-share)*e, share * (1 - e)
}

// Transition returns the matrix exponential of the workload's generator over d
// seconds: the probability of the next state (column) given the present (row).
func (w *Workload) Transition(d float64) [States][States]float64 { return w.transition(d, 1) }

// Unraised returns Transition without the ways on which the wrist is raised, which is where
// the chain enters state glance: with its generator Q without the rate from quiet to glance
// outside the diagonal,
//
//	exp(Q₀ d)
func (w *Workload) Unraised(d float64) [States][States]float64 { return w.transition(d, 0) }

// transition is Transition with a part of what enters state glance.
func (w *Workload) transition(d, raised float64) [States][States]float64 {
	generator := mat.NewDense(States, States, nil)
	for j := 1; j < States; j++ {
		enter, leave := float64(w.Enter[j])*d, float64(w.Leave[j])*d
		generator.Set(0, j, enter)
		generator.Set(j, 0, leave)
		generator.Set(0, 0, generator.At(0, 0)-enter)
		generator.Set(j, j, -leave)
	}
	generator.Set(0, StateGlance, generator.At(0, StateGlance)*raised)
	var exponential mat.Dense
	exponential.Exp(generator)
	var p [States][States]float64
	for i := range p {
		mat.Row(p[i][:], i, &exponential)
	}
	return p
}

// StateNames are the states of a workload, by their number.
var StateNames = [States]string{StateQuiet: "quiet", StateGlance: "glance", StateSync: "sync",
	StateCue: "cue"}

// Shares returns how a workload shares a long session among its states, which sum to 1.
// Without regular cues it is the star's stationary law, π_j = π_quiet · enter_j / leave_j.
// With a cue of n steps every m steps, each period has n steps in cue and then the chain
// from quiet, with its transition P over a step:
//
//	π = (n e_cue + Σ_{i<m−n} e_quiet Pⁱ) / m
func (w *Workload) Shares(step Duration) [States]float64 {
	period, n := w.RegularCues(step)
	if period == 0 {
		return w.stationary()
	}
	var shares [States]float64
	shares[StateCue] = float64(n)
	at, transition := [States]float64{StateQuiet: 1}, w.Transition(float64(step))
	for range period - n {
		var next [States]float64
		for i, p := range at {
			shares[i] += p
			for j := range next {
				next[j] += p * transition[i][j]
			}
		}
		at = next
	}
	for i := range shares {
		shares[i] /= float64(period)
	}
	return shares
}

// Raises returns how often the wrist is raised on average over a long session: how often the
// chain enters state glance. Regular cues are the app's own and do not move the wrist.
func (w *Workload) Raises() Rate {
	return Rate(w.stationary()[StateQuiet] * float64(w.Enter[StateGlance]))
}

// MeanPower returns the power [W] of the workload on average over a long session, regular cues
// included, for a power factor of 1.
func (w *Workload) MeanPower(step Duration) float64 {
	power := 0.0
	for i, share := range w.Shares(step) {
		power += share * float64(w.Power[i])
	}
	return power
}

// stationary returns the stationary distribution of the chain. States that are never left share
// all the probability, in proportion to the rates at which they are entered.
func (w *Workload) stationary() [States]float64 {
	odds, absorbing := [States]float64{StateQuiet: 1}, [States]float64{}
	sum, absorbed := 1.0, 0.0
	for j := 1; j < States; j++ {
		switch enter, leave := float64(w.Enter[j]), float64(w.Leave[j]); {
		case enter > 0 && leave == 0:
			absorbing[j] = enter
			absorbed += enter
		case enter > 0:
			odds[j] = enter / leave
			sum += odds[j]
		}
	}
	if absorbed > 0 {
		odds, sum = absorbing, absorbed
	}
	for j := range odds {
		odds[j] /= sum
	}
	return odds
}

// WristTemperature returns the mean deep-wrist temperature [degC] at an ambient
// temperature: the wrist cools below 20 degC.
//
//	T_w = wrist_mean − wrist_cold · max(0, 20 − T_0)
func (p *Population) WristTemperature(ambient float64) float64 {
	return float64(p.WristMean) - float64(p.WristCold)*max(0, 20-ambient)
}

// Worn returns the temperatures [degC] at equilibrium of a watch that is worn without a
// session, at the load prePower [W] in state quiet, with sun heat sun [W] on average, air
// at air and deep wrist at wrist [degC]:
//
//	T = G⁻¹ u  for P = pre_power, q_B = 0
func (n *Network) Worn(s *Scenario, sun, air, wrist float64) Vector {
	front := float64(s.Workload.States.Front[StateQuiet])
	return n.Equilibrium(n.Input(float64(s.Population.PrePower), front, 0, sun, air, wrist))
}

// Left returns the temperatures [degC] of a worn watch in the environment it comes from:
// the equilibrium with that environment's airflow and mean temperature, without sun, on the
// same wrist.
func (s *Scenario) Left(from *Environment, build *Build, fit *Fit, wrist float64) Vector {
	n := NewNetwork(&s.Thermal, build, s.Airflow(from), fit)
	return n.Worn(s, 0, float64(from.AmbientMean), wrist)
}

// Arrival returns the temperatures [degC] of a watch a time since [s] after its arrival.
// It had the temperatures there and tends to the equilibrium here:
//
//	T(0) = T_here + exp(−C⁻¹ G σ) (T_there − T_here)
func (n *Network) Arrival(here, there Vector, since float64) Vector {
	rate := n.G.dense()
	rate.Apply(func(i, _ int, g float64) float64 { return -g * since / n.C[i] }, rate)
	var exponential mat.Dense
	exponential.Exp(rate)
	kept := matrixOf(&exponential)
	var difference Vector
	for i := range difference {
		difference[i] = there[i] - here[i]
	}
	start := kept.Times(difference)
	for i := range start {
		start[i] += here[i]
	}
	return start
}

// The states of a workload.
const (
	StateQuiet  = iota
	StateGlance // the wrist is raised
	StateSync   // data are exchanged
	StateCue    // the app taps or sounds
	States
)

// RegularCues returns the period of regular cues in steps, 0 if there are none, and
// their length in steps:
//
//	m = cue_every/D,  n = max(1, ⌈cue_for/D⌉)
//
// The slack allows for the rounding of a step such as 0.1 s.
func (w *Workload) RegularCues(step Duration) (every, steps int) {
	return int(math.Round(float64(w.CueEvery / step))),
		max(1, int(math.Ceil(float64(w.CueFor/step)-1e-9)))
}

// RegularCue returns the state that regular cues set at step k, counted from the start of
// the workload's phase. set is false if they set none; then the chain continues from its
// state. With cue_every = m D, at every positive multiple of m the state is cue for n
// steps and quiet at the step after:
//
//	cue where k ≥ m and k mod m < n,  quiet where k ≥ m and k mod m = n
func (w *Workload) RegularCue(k int, step Duration) (state int, set bool) {
	period, n := w.RegularCues(step)
	if period == 0 || k < period {
		return 0, false
	}
	switch at := k % period; {
	case at < n:
		return StateCue, true
	case at == n:
		return StateQuiet, true
	}
	return 0, false
}
