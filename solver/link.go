package solver

import "budget/model"

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
	i     int       // index of the time b
	paths int64     // that go on beyond it
	sums  []float64 // total weight of those, up to b, by series
}

// linkBefore prepares the links for paths that will be followed up to the time
// with index end: those so far may go on beyond it.
func (s *simulation) linkBefore(end int) {
	i := end - s.program.first
	if i+1 < s.tally.times() && s.tally.paths[i+1] > 0 && s.findLink(i) < 0 {
		at := len(s.links)
		for at > 0 && s.links[at-1].i > i {
			at--
		}
		s.links = append(s.links[:at], append([]link{{i: i}}, s.links[at:]...)...)
		s.links[at].paths = s.tally.paths[i+1]
		s.links[at].sums = s.sums(i)
	}
	for k := range s.links {
		if l := &s.links[k]; l.i < i {
			l.add(s, -1)
		}
	}
}

// linkAfter adds the paths that were followed beyond a link to it.
func (s *simulation) linkAfter(end int) {
	for k := range s.links {
		if l := &s.links[k]; l.i < end-s.program.first {
			l.add(s, 1)
		}
	}
}

// add adds the tally's present sums at the link, with a sign: taken off before
// paths are run and added after, what those paths contributed remains.
func (l *link) add(s *simulation, sign int64) {
	l.paths += sign * s.tally.paths[l.i]
	for j, x := range s.sums(l.i) {
		l.sums[j] += float64(sign) * x
	}
}

func (s *simulation) findLink(i int) int {
	for k, l := range s.links {
		if l.i == i {
			return k
		}
	}
	return -1
}

// sums returns the total weight of every series up to the i-th duration.
func (s *simulation) sums(i int) []float64 {
	sums := make([]float64, len(s.settings.Readings)*numViews*slots)
	for j := range sums {
		sums[j] = s.tally.sum(j, i)
	}
	return sums
}

// sum returns the total weight of the j-th series up to the i-th duration.
func (t *Tally) sum(j, i int) float64 {
	at := j * t.times()
	if t.weights != nil {
		return float64(t.weights[at+i].Sum) / (1 << 32)
	}
	return float64(t.counts[at+i])
}

// splice is a link as the curves use it: beyond the time with index i, a curve is
// base + scale·(mean of the paths followed so far − mean).
type splice struct {
	i                 int
	base, mean, scale []float64 // by series; scale by view of a reading
}

// splices turns the links into what the curves need, in the order of time.
func (s *simulation) splices() []splice {
	views := len(s.settings.Readings) * numViews
	var result []splice
	for _, l := range s.links {
		sp := splice{i: l.i, base: make([]float64, views*slots), mean: make([]float64, views*slots), scale: make([]float64, views)}
		here := s.sums(l.i)
		for v := range views {
			left, leftOn := 1.0, 1.0
			for slot := range slots {
				j := v*slots + slot
				sp.mean[j] = l.sums[j] / float64(l.paths)
				sp.base[j] = spliced(result, j, here[j]/float64(s.tally.paths[l.i]))
				if slot < int(model.Completed) {
					left -= sp.base[j]
					leftOn -= sp.mean[j]
				}
			}
			sp.scale[v] = 1
			if leftOn > 0 {
				sp.scale[v] = max(left, 0) / leftOn
			}
		}
		result = append(result, sp)
	}
	return result
}

// spliced returns the value of the j-th series from the mean of the paths
// followed to a time, given the splices before that time.
func spliced(before []splice, j int, mean float64) float64 {
	if len(before) == 0 {
		return mean
	}
	sp := &before[len(before)-1]
	p := sp.base[j] + sp.scale[j/slots]*(mean-sp.mean[j])
	if p > 1-1e-12 {
		return 1 // where all have ended but for rounding
	}
	return p
}
