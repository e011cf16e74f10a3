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
