package model

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
