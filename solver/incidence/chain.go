package incidence

import "budget/model"

// A link joins the curves at a time where some paths stop being followed. Those
// that go on say how the curves continue, those that do not still count up to
// the link: as in the Aalen–Johansen estimator, a later increment of a curve is
// the survival up to the link by all paths, times the increment among the paths
// that go on per survivor of theirs,
//
//	F(t) = F(b) + S(b)/S'(b) (F'(t) − F'(b))
//
// with F', S' of the paths that go on beyond b. So curves never step down where
// the number of paths changes, and their sum with survival stays 1. The links of a tally
// are its chain.
type link struct {
	i     int            // index of the duration b
	mean  [slots]float64 // F'(b)
	base  [slots]float64 // F(b)
	scale float64        // S(b)/S'(b)
}

// join appends the link at the i-th duration to a tally's chain, given a tally of the
// paths that go on beyond it.
func (t *Tally) join(on *Tally, i int) {
	l := link{i: i, scale: 1}
	left, leftOn := 1.0, 1.0
	for slot := range slots {
		l.mean[slot] = on.mean(on, slot, i)
		l.base[slot] = chained(t.chain, slot, t.mean(t, slot, i))
		if slot < int(model.Completed) {
			left -= l.base[slot]
			leftOn -= l.mean[slot]
		}
	}
	if leftOn > 0 {
		l.scale = max(left, 0) / leftOn
	}
	t.chain = append(t.chain, l)
}

// chained returns the value of a series from the mean of the paths followed to a
// time, given the chain up to that time.
func chained(chain []link, slot int, mean float64) float64 {
	p := mean
	if len(chain) > 0 {
		l := &chain[len(chain)-1]
		p = l.base[slot] + l.scale*(mean-l.mean[slot])
	}
	if p > nearlyAll {
		return 1
	}
	return p
}

// nearlyAll is a share of paths that is all of them but for rounding.
const nearlyAll = 1 - 1e-10
