package solver

import (
	"math"
	"slices"

	"budget/model"
)

// NoSession is what becomes of a timer in an app that has no session (session model, section
// 10). The app stays in front for a while after the wrist drops. Then it is suspended, until the
// wrist is raised again. All of it is computed from the law of the workload's chain in continuous
// time; nothing is drawn. Regular cues are the app's own and do not move the wrist.
type NoSession struct {
	Sits   []Sit
	Length float64 // of all sits [s]
	Kept   float64 // mean time of all sits in front [s]: what an app counts that counts as it runs

	lost lostTime // of all sits
}

// Sit is a stint of a timer in an app that has no session. It begins in front.
type Sit struct {
	End    float64 // from the start of the timer [s], as Stint.End
	Length float64 // [s]
	Kept   float64 // mean time in front [s]

	raises *raises
	atEnd  masses // suspended when the sit ends
	lost   lostTime
}

// WithoutSession computes what becomes of the phases of a timer without a session. session is
// the id of the session type whose workload the phases have unless they name another. The
// phases have passed Scenario.CheckPhases.
func WithoutSession(s *model.Scenario, session string, phases []model.Phase) *NoSession {
	n := &NoSession{}
	margin := int(math.Round(float64(s.Grid.Margin / s.Grid.Step)))
	step, longest := float64(s.Grid.Step), 0.0
	var r *raises
	for _, leg := range s.Grid.Legs(phases) {
		if !leg.InSession() {
			continue
		}
		if leg.Starts {
			r = &raises{front: float64(s.Window.Front)}
		}
		steps := leg.To - leg.From
		if leg.Ends {
			steps -= margin
		}
		r.phases = append(r.phases, raisePhase{r.length, s.WorkloadOf(&leg.Phase, session)})
		r.length += float64(steps) * step
		if leg.Ends {
			sit := Sit{End: float64(leg.To-margin) * step, Length: r.length, Kept: r.kept(), raises: r,
				atEnd: r.suspended(r.length)}
			n.Sits = append(n.Sits, sit)
			n.Length += sit.Length
			n.Kept += sit.Kept
			longest = max(longest, sit.Length)
		}
	}
	unit := unitOfLost(float64(s.Window.Front), longest)
	n.lost = lostTime{unit, []float64{1}}
	for i := range n.Sits {
		sit := &n.Sits[i]
		sit.lost = lostTime{unit, sit.raises.lost(unit)}
		// The chain starts anew with every stint, so their times are independent.
		n.lost.law = convolution(n.lost.law, sit.lost.law)
	}
	return n
}

// KeptQuantile returns the p-quantile of the time of all sits in front [s], to about 5 s or a
// thousandth of the longest sit.
func (n *NoSession) KeptQuantile(p float64) float64 { return n.Length - n.lost.upper(p) }

// Late returns the probability that the cue at the end of a sit, one of all with the same
// probability, comes more than a time late [s], in an app that has stored when the sit began: it
// can tap again when it is in front again.
func (n *NoSession) Late(by float64) (p float64) {
	for i := range n.Sits {
		p += n.Sits[i].Late(by) / float64(len(n.Sits))
	}
	return p
}

// LateQuantile returns the p-quantile of how late the cue comes [s]. It is +Inf beyond a day.
func (n *NoSession) LateQuantile(p float64) float64 { return lateQuantile(n.Late, p) }

// KeptQuantile is as NoSession.KeptQuantile, of this sit.
func (s *Sit) KeptQuantile(p float64) float64 { return s.Length - s.lost.upper(p) }

// Late is as NoSession.Late, of this sit.
func (s *Sit) Late(by float64) float64 {
	return s.raises.unraised(s.atEnd, s.Length, s.Length+by).sum()
}

// LateQuantile is as NoSession.LateQuantile, of this sit.
func (s *Sit) LateQuantile(p float64) float64 { return lateQuantile(s.Late, p) }

// lateQuantile finds the least time [s] that a cue is later than with a probability of at most
// 1−p, to a millisecond.
func lateQuantile(late func(by float64) float64, p float64) float64 {
	const day = 24 * 3600
	switch {
	case late(0) <= 1-p:
		return 0
	case late(day) > 1-p:
		return math.Inf(1)
	}
	lo, hi := 0.0, float64(day)
	for hi-lo > 1e-3 {
		if mid := (lo + hi) / 2; late(mid) <= 1-p {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

// lostTime is the law of the time for which an app is suspended: of so many units [s].
type lostTime struct {
	unit float64
	law  []float64
}

// upper returns the greatest time [s] that is reached or exceeded with a probability of at least p.
func (t lostTime) upper(p float64) float64 {
	sum := 0.0
	for k := len(t.law) - 1; k > 0; k-- {
		if sum += t.law[k]; sum >= p {
			return float64(k) * t.unit
		}
	}
	return 0
}

// convolution returns the law of the sum of two independent numbers.
func convolution(a, b []float64) []float64 {
	out := make([]float64, len(a)+len(b)-1)
	for i, x := range a {
		for j, y := range b {
			out[i+j] += float64(x * y)
		}
	}
	return out
}

// masses are probabilities by state of the workload.
type masses [model.States]float64

// sum adds them up.
func (m masses) sum() float64 { return m[0] + m[1] + m[2] + m[3] }

// times moves masses by a matrix of transitions.
func (m masses) times(p *matrix) (out masses) {
	for i, x := range m {
		for j := range out {
			out[j] += float64(x * p[i][j])
		}
	}
	return out
}

// raises is when the wrist is raised in a sit: where the chain enters state glance. A phase
// begins in state quiet. After the sit the chain goes on as in its last phase.
type raises struct {
	front  float64 // time in front after a raise [s]
	phases []raisePhase
	length float64 // of the sit [s]
}

// raisePhase is a phase of a sit from a time on [s].
type raisePhase struct {
	from     float64
	workload *model.Workload
}

// matrix has transitions between states of a workload, from rows to columns.
type matrix = [model.States][model.States]float64

// moves are a workload's transitions over a duration [s]: Transition or Unraised.
type moves func(w *model.Workload, d float64) matrix

// moved returns masses at a time that are moved to a later one through all phases between.
func (r *raises) moved(m masses, from, to float64, by moves) masses {
	for i, p := range r.phases {
		end := math.Inf(1)
		if i+1 < len(r.phases) {
			end = r.phases[i+1].from
		}
		if from >= end {
			continue
		}
		if from <= p.from {
			m = masses{model.StateQuiet: m.sum()}
		}
		until := min(to, end)
		transition := by(p.workload, until-from)
		if m = m.times(&transition); to < end {
			break
		}
		from = until
	}
	return m
}

// unraised returns what is left at a later time of masses whose wrist is not raised between.
func (r *raises) unraised(m masses, from, to float64) masses {
	return r.moved(m, from, to, (*model.Workload).Unraised)
}

// suspended returns the probability by state that the app is suspended at a time: it is not
// opened, and the wrist not raised, for the time in front before. With π the law of the chain,
//
//	π(t − front) exp(Q₀ front)
func (r *raises) suspended(t float64) masses {
	since := t - r.front
	if since <= 0 {
		return masses{}
	}
	at := r.moved(masses{model.StateQuiet: 1}, 0, since, (*model.Workload).Transition)
	return r.unraised(at, since, t)
}

// kept returns the mean time of the sit in front [s]:
//
//	length − ∫ P(suspended at t) dt
//
// The integrand has a corner where the front or a phase ends, and where the front after the start
// of a phase does.
func (r *raises) kept() float64 {
	corners := []float64{r.front, r.length}
	for _, p := range r.phases[1:] {
		corners = append(corners, p.from, p.from+r.front)
	}
	slices.Sort(corners)
	at := func(t float64) float64 { return r.suspended(t).sum() }
	kept := r.length
	for i, b := range corners[1:] {
		if a := corners[i]; a >= r.front && b > a && b <= r.length {
			// A moment off the corner, as it may be a jump.
			e := 1e-9 * (b - a)
			kept -= integral(at, a+e, b-e, at(a+e), at((a+b)/2), at(b-e), 1e-7*r.length, 40)
		}
	}
	return kept
}

// integral integrates a function from a to b by Simpson's rule, halving until it changes by less
// than a tolerance, at most so often. The values are those at a, halfway and at b.
func integral(f func(float64) float64, a, b, atA, atMid, atB, tolerance float64, deep int) float64 {
	mid := (a + b) / 2
	left, right := f((a+mid)/2), f((mid+b)/2)
	whole := (b - a) / 6 * (atA + 4*atMid + atB)
	halves := (b - a) / 12 * (atA + 4*left + 2*atMid + 4*right + atB)
	if deep == 0 || math.Abs(halves-whole) <= 15*tolerance && b-a < 300 {
		return halves + (halves-whole)/15
	}
	return integral(f, a, mid, atA, left, atMid, tolerance/2, deep-1) +
		integral(f, mid, b, atMid, right, atB, tolerance/2, deep-1)
}

// unitOfLost returns a unit of time [s] for laws of lost time, of which the time in front is a
// multiple: at most 5 s, or a part of the longest sit that keeps their tables small.
func unitOfLost(front, longest float64) float64 {
	const most = 1500
	unit := max(5, longest/most)
	if front < unit {
		return unit
	}
	return front / math.Ceil(front/unit)
}

// lost returns the law of the time in units for which the app is suspended in the sit. A raise
// counts at the next multiple of the unit. Between two raises a time g apart the app is suspended
// for
//
//	max(0, g − front)
//
// At step k, awake and suspended have the probabilities by the steps lost before. raised has those
// of a raise, for as many steps as the time in front.
func (r *raises) lost(unit float64) []float64 {
	n := int(math.Round(r.length / unit))
	front := int(math.Round(r.front / unit))
	awake, suspended := make([]masses, n+1), make([]masses, n+1)
	raised := make([][]masses, min(front, n)+1)
	for i := range raised {
		raised[i] = make([]masses, n+1)
	}
	awake[0][model.StateQuiet], raised[0][0] = 1, masses{model.StateQuiet: 1}
	if front == 0 {
		awake, suspended = suspended, awake
	}
	all, none := remembered((*model.Workload).Transition), remembered((*model.Workload).Unraised)
	for k := 1; k <= n; k++ {
		at, since := float64(k)*unit, k-front
		step, unraised := r.over(at-unit, at, all), r.over(at-unit, at, none)
		var still matrix
		if since >= 0 {
			still = r.over(float64(since)*unit, at, none)
		}
		now := raised[k%len(raised)]
		// Downwards: what is suspended comes from one step lost less.
		for l := max(0, since); l >= 0; l-- {
			a, s := awake[l].times(&unraised), masses{}
			moved := awake[l].times(&step)
			if l > 0 {
				s = suspended[l-1].times(&unraised)
				for j, x := range suspended[l-1].times(&step) {
					moved[j] += x
				}
			}
			for j := range moved {
				now[l][j] = max(0, moved[j]-a[j]-s[j])
				a[j] += now[l][j]
			}
			if since >= 0 {
				for j, x := range raised[since%len(raised)][l].times(&still) {
					a[j] -= x
					s[j] += x
				}
			}
			awake[l], suspended[l] = a, s
		}
	}
	law := make([]float64, n+1)
	for l := range law {
		law[l] = max(0, awake[l].sum()+suspended[l].sum())
	}
	return law
}

// over returns the matrix by which masses move from a time to a later one.
func (r *raises) over(from, to float64, by moves) (m matrix) {
	for i := range m {
		var one masses
		one[i] = 1
		m[i] = r.moved(one, from, to, by)
	}
	return m
}

// remembered returns moves that are computed once for each duration, to a microsecond.
func remembered(by moves) moves {
	type key struct {
		workload *model.Workload
		micros   float64
	}
	known := map[key]matrix{}
	return func(w *model.Workload, d float64) matrix {
		k := key{w, math.Round(d * 1e6)}
		m, ok := known[k]
		if !ok {
			m = by(w, d)
			known[k] = m
		}
		return m
	}
}
