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
func (w *Workload) Transition(d float64) [4][4]float64 {
	generator := mat.NewDense(4, 4, nil)
	for j := 1; j < 4; j++ {
		enter, leave := float64(w.Enter[j])*d, float64(w.Leave[j])*d
		generator.Set(0, j, enter)
		generator.Set(j, 0, leave)
		generator.Set(0, 0, generator.At(0, 0)-enter)
		generator.Set(j, j, -leave)
	}
	var exponential mat.Dense
	exponential.Exp(generator)
	var p [4][4]float64
	for i := range p {
		mat.Row(p[i][:], i, &exponential)
	}
	return p
}

// WristTemperature returns the mean deep-wrist temperature [degC] at an ambient
// temperature: the wrist cools below 20 degC.
//
//	T_w = wrist_mean − wrist_cold · max(0, 20 − T_0)
func (p *Population) WristTemperature(ambient float64) float64 {
	return float64(p.WristMean) - float64(p.WristCold)*max(0, 20-ambient)
}
