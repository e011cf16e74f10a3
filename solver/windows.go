package solver

import (
	"math"

	"budget/model"
)

// Window is a kind of time that an app without a session gets to work in (session model, section
// 10).
type Window struct {
	Name string
	Key  string  // of the quantity with its length
	Wall float64 // its length [s]
	// PerHour is how many there are in an hour: at most, or of raises of the wrist on average;
	// NaN where nothing is known.
	PerHour float64

	sigma float64 // of the CPU factor
}

// Windows lists the windows. The wrist is raised as in a workload; each raise brings the app to
// the front.
func Windows(s *model.Scenario, w *model.Workload) []Window {
	sigma, unknown := float64(s.Population.CPUSigma), math.NaN()
	of := &s.Window
	return []Window{
		{"refresh", "window.refresh", float64(of.Refresh), 3600 * float64(of.RefreshPerHour), sigma},
		{"download", "window.download", float64(of.Download), unknown, sigma},
		{"notification", "window.notification", float64(of.Notification), unknown, sigma},
		{"front", "window.front", float64(of.Front), 3600 * float64(w.Raises()), sigma},
	}
}

// Fits returns the probability that work [s of processor time] is done within the window. It takes
// the work times the CPU factor c, which is lognormal with median 1:
//
//	P(work · c ≤ W) = Φ(ln(W / work) / σ)
func (w *Window) Fits(work float64) float64 {
	if work <= w.Wall && w.sigma == 0 || work == 0 {
		return 1
	}
	if w.sigma == 0 {
		return 0
	}
	return math.Erfc(-math.Log(w.Wall/work)/w.sigma/math.Sqrt2) / 2
}

// Largest returns the most work [s of processor time] that is done within the window with a
// probability:
//
//	W e^(−σ Φ⁻¹(p))
func (w *Window) Largest(p float64) float64 {
	return w.Wall * math.Exp(w.sigma*math.Sqrt2*math.Erfcinv(2*p))
}
