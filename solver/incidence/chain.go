package incidence

// A link joins the curves at a time where some paths stop being followed. All paths count
// up to the link; after it the curves continue with the paths still followed. As in the
// Aalen–Johansen estimator, a later increment of a curve is the survival of all paths up
// to the link times the increment per survivor among the paths still followed,
//
//	F(t) = F(b) + S(b)/S'(b) (F'(t) − F'(b))
//
// with F', S' of the paths followed beyond b, all given the start if F is. So curves never
// step down where the number of paths changes, and their sum with survival stays 1.
type link struct {
	i    int            // index of the duration b
	mean [slots]float64 // F'(b)
	base [slots]float64 // F(b)
	// S(b)/S'(b): scale among all sessions, for causes; sums among the sessions
	// of their sums.
	scale, sums float64
}

// chain holds the links of a tally, in the order of time.
type chain []link

// join returns the chain with a link at the i-th duration. mean and on are the means of all
// series, of the paths followed up to it and beyond it.
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

// nearlyAll is a share of paths that counts as all, to allow for rounding.
const nearlyAll = 1 - 1e-10
