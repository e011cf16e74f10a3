package model

import (
	"math"
	"testing"
)

// TestSharesOfStates: shares sum to 1 and are those of the chain in the long run; the mean
// power is that of the star's law, written out.
func TestSharesOfStates(t *testing.T) {
	t.Parallel()
	s := mustParse(t, "[workload.still]\nlike = 'seated'\nleave = ['0 /h', '460 /h', '0 /h', '0 /h']")
	for id, w := range s.Workload.ByID {
		shares := w.Shares(s.Grid.Step)
		sum, odds, power := 0.0, 1.0, float64(w.Power[StateQuiet])
		for i, share := range shares {
			if sum += share; i > 0 && w.Leave[i] > 0 {
				odds += float64(w.Enter[i] / w.Leave[i])
				power += float64(w.Enter[i]/w.Leave[i]) * float64(w.Power[i])
			}
		}
		power /= odds
		if math.Abs(sum-1) > 1e-12 {
			t.Errorf("%s: shares %v sum to %v", id, shares, sum)
		}
		if mean := w.MeanPower(s.Grid.Step); id != "still" && math.Abs(power-mean) > 1e-12 {
			t.Errorf("%s: the mean power is %v W, want %v W", id, mean, power)
		}
		// After a day the slowest chain no longer depends on its first state.
		far := w.Transition(86400)[StateQuiet]
		for i := range shares {
			if math.Abs(shares[i]-far[i]) > 1e-9 {
				t.Errorf("%s: %s has the share %v, and %v in the long run", id, StateNames[i],
					shares[i], far[i])
			}
		}
	}
}

// TestSharesOfRegularCues follows a chain with regular cues step by step.
func TestSharesOfRegularCues(t *testing.T) {
	t.Parallel()
	s := mustParse(t, "[workload.taps]\nlike = 'workout'\ncue_every = '1 min'\ncue_for = '8 s'")
	w, step := s.Workload.ByID["taps"], s.Grid.Step
	at, transition := [States]float64{1}, w.Transition(float64(step))
	var sum [States]float64
	const periods = 50
	first, end := 12, 12*(periods+1)
	for k := range end {
		if state, set := w.RegularCue(k, step); set {
			at = [States]float64{}
			at[state] = 1
		}
		if k >= first {
			for i, p := range at {
				sum[i] += p
			}
		}
		var next [States]float64
		for i, p := range at {
			for j := range next {
				next[j] += p * transition[i][j]
			}
		}
		at = next
	}
	for i, share := range w.Shares(step) {
		if want := sum[i] / float64(end-first); math.Abs(share-want) > 1e-12 {
			t.Errorf("%s has the share %v, step by step %v", StateNames[i], share, want)
		}
	}
}
