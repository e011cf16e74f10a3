package solver

import (
	"budget/model"
	"budget/solver/estimate"
)

// link joins the curves at a time where some paths stop being followed. Those
// that go on say how the curves continue, those that do not still count up to
// the link: as in the Aalen–Johansen estimator, a later increment of a curve is
// the survival up to the link by all paths, times the increment among the paths
// that go on per survivor of theirs,
//
//	F(t) = F(b) + S(b)/S'(b) (F'(t) − F'(b))
//
// with F', S' of the paths that go on beyond b. So curves never step down where
// the number of paths changes, and their sum with survival stays 1.
type link struct {
	i    int            // index of the duration b
	mean [slots]float64 // F'(b)
}

// newLink returns the link at the i-th duration, given a tally of the paths that go
// on beyond it.
func newLink(on *Tally, i int) link {
	l := link{i: i}
	for slot := range slots {
		l.mean[slot] = on.mean(slot, i)
	}
	return l
}

// splice is a link as the curves use it: beyond the i-th duration, a curve is
// base + scale·(mean of the paths followed so far − mean).
type splice struct {
	link
	base  [slots]float64
	scale float64
}

// splices turns a tally's links into what the curves need, in the order of time.
func (t *Tally) splices() []splice {
	var result []splice
	for _, l := range t.links {
		sp := splice{link: l, scale: 1}
		left, leftOn := 1.0, 1.0
		for slot := range slots {
			sp.base[slot] = spliced(result, slot, t.mean(slot, l.i))
			if slot < int(model.Completed) {
				left -= sp.base[slot]
				leftOn -= l.mean[slot]
			}
		}
		if leftOn > 0 {
			sp.scale = max(left, 0) / leftOn
		}
		result = append(result, sp)
	}
	return result
}

// spliced returns the value of a series from the mean of the paths followed to a
// time, given the splices before that time.
func spliced(before []splice, slot int, mean float64) float64 {
	p := mean
	if len(before) > 0 {
		sp := &before[len(before)-1]
		p = sp.base[slot] + sp.scale*(mean-sp.mean[slot])
	}
	if p > nearlyAll {
		return 1
	}
	return p
}

// nearlyAll is a share of paths that is all of them but for rounding.
const nearlyAll = 1 - 1e-10

// momentsOf returns the moments of block means, for which such a share is all.
func momentsOf(means estimate.BlockMeans, blocks, paths int64, largest float64) estimate.Moments {
	m := means.Moments(blocks, paths, largest)
	if m.Mean() > nearlyAll {
		m.Sum = float64(m.Paths)
	}
	return m
}
