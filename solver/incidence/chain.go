package incidence

// A link joins the curves at a time where some paths stop being followed. Those
// that go on say how the curves continue, those that do not still count up to
// the link: as in the Aalen–Johansen estimator, a later increment of a curve is
// the survival up to the link by all paths, times the increment among the paths
// that go on per survivor of theirs,
//
//	F(t) = F(b) + S(b)/S'(b) (F'(t) − F'(b))
//
// with F', S' of the paths that go on beyond b, and all of it given the start where F is.
// So curves never step down where the number of paths changes, and their sum with survival
// stays 1.
type link struct {
	i    int            // index of the duration b
	mean [slots]float64 // F'(b)
	base [slots]float64 // F(b)
	// S(b)/S'(b), of all sessions for causes and of those that their sums are of.
	scale, sums float64
}

// chain holds the links of a tally, in the order of time.
type chain []link

// join returns the chain with a link at the i-th duration, given the means of all series of
// the paths followed up to it and of those that go on beyond it.
func (c chain) join(i int, mean, on func(slot int) float64) chain {
	l := link{i: i, scale: 1, sums: 1}
	left, leftOn := 1.0, 1.0
	for slot := range slots {
		l.mean[slot] = on(slot)
		l.base[slot] = c.value(slot, mean(slot))
		if slot < slotAll {
			left -= l.base[slot]
			leftOn -= l.mean[slot]
		}
	}
	if leftOn > 0 {
		l.scale = max(left, 0) / leftOn
	}
	if leftOn := 1 - l.mean[slotAll]; leftOn > 0 {
		l.sums = max(1-l.base[slotAll], 0) / leftOn
	}
	return append(c, l)
}

// before returns the links before the i-th duration.
func (c chain) before(i int) chain {
	n := 0
	for n < len(c) && c[n].i < i {
		n++
	}
	return c[:n]
}

// value returns the value of a series from the mean of the paths followed to a time,
// given the links before that time.
func (c chain) value(slot int, mean float64) float64 {
	p := mean
	if len(c) > 0 {
		l := &c[len(c)-1]
		scale := l.scale
		if slot >= slotAll {
			scale = l.sums
		}
		p = l.base[slot] + scale*(mean-l.mean[slot])
	}
	if p > nearlyAll {
		return 1
	}
	return p
}

// nearlyAll is a share of paths that is all of them but for rounding.
const nearlyAll = 1 - 1e-10
