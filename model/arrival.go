package model

import "gonum.org/v1/gonum/mat"

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
