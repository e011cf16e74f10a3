package model

import "math"

// The states of a workload.
const (
	StateQuiet  = iota
	StateGlance // the wrist is raised
	StateSync   // data are exchanged
	StateCue    // the app taps or sounds
	States
)

// RegularCues returns every how many steps a regular cue comes, 0 where none do, and how
// many it lasts:
//
//	m = cue_every/D,  n = max(1, ⌈cue_for/D⌉)
//
// The slack takes up the rounding of a step such as 0.1 s.
func (w *Workload) RegularCues(step Duration) (every, steps int) {
	return int(math.Round(float64(w.CueEvery / step))),
		max(1, int(math.Ceil(float64(w.CueFor/step)-1e-9)))
}

// RegularCue returns the state that regular cues put a workload in at step k, counted from
// the start of its phase, and whether they put it in any. Otherwise the chain goes on from
// the state it is in. With cue_every = m D, at every positive multiple of m the state is
// cue for n steps and quiet at the step after:
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
