package study

import (
	"context"
	"math"
	"slices"

	"budget/model"
	"budget/solver/estimate"
	"budget/sweep"
)

// finding is the way to an answer.
type finding struct {
	*ground
	q        *Request
	control  sweep.Control
	scenario *model.Scenario
	answer   *Answer
}

// The search looks at numbers of sessions that grow by a factor, with few of the studies, until
// the assurance is reached. Then it bisects with all studies. The studies share their sessions,
// so the assurance grows with their number with little noise.

// fewest is the smallest number of sessions that is looked at.
const fewest = 10

// growth is the factor between numbers of sessions.
const growth = math.Sqrt2

// look is what is known at a number of sessions: after how many studies the length is a robust
// cap, with all they show and by rate.
type look struct {
	sessions, studies int
	counts            []int
}

func (l look) share(k int) float64 { return float64(l.counts[k]) / float64(l.studies) }

func (f *finding) search(ctx context.Context) error {
	a := f.answer
	coarse, err := f.scan(ctx)
	if err != nil {
		return err
	}
	for j, r := range f.rates {
		f.answer.Rates[j].Sessions = f.needed(coarse, j+1, a.Rates[j].Without)
		f.keep(coarse, j+1, r.Key)
	}
	last := coarse[len(coarse)-1]
	if last.share(0) < a.Assurance {
		f.keep(coarse, 0, "")
		a.Status = Beyond
		return nil
	}
	fine, err := f.refine(ctx, coarse)
	if err != nil {
		return err
	}
	f.keep(merged(coarse, fine), 0, "")
	a.Status = Found
	return nil
}

// scan looks at growing numbers of sessions until two in a row reach the assurance, with a
// quarter of the studies.
func (f *finding) scan(ctx context.Context) (looks []look, err error) {
	s := f.newStudies(max(f.q.Studies/4, 1), f.q.Seed, f.q.Truth)
	reached := 0
	for n := float64(fewest); reached < 2; n *= growth {
		to := min(int(math.Round(n)), f.q.Most)
		if err := s.extend(ctx, to); err != nil {
			return nil, err
		}
		counts, err := s.reaching(ctx)
		if err != nil {
			return nil, err
		}
		l := look{to, len(s.each), counts}
		looks = append(looks, l)
		if reached++; l.share(0) < f.q.Assurance {
			reached = 0
		}
		if to == f.q.Most {
			break
		}
	}
	return looks, nil
}

// refine bisects with all studies, from the last number that was too small.
func (f *finding) refine(ctx context.Context, coarse []look) (looks []look, err error) {
	a := f.answer
	at := len(coarse) - 1 // of the first of the last that reach the assurance
	for at > 0 && coarse[at-1].share(0) >= a.Assurance {
		at--
	}
	s := f.newStudies(f.q.Studies, f.q.Seed, f.q.Truth)
	see := func(s *studies, n int) (look, error) {
		if err := s.extend(ctx, n); err != nil {
			return look{}, err
		}
		counts, err := s.reaching(ctx)
		l := look{n, len(s.each), counts}
		looks = append(looks, l)
		return l, err
	}
	// All studies may cross the target a little before or after a quarter of them did.
	from := 0
	low := at - 1
	for ; low >= 0; low-- {
		early := f.newStudies(f.q.Studies, f.q.Seed, f.q.Truth)
		l, err := see(early, coarse[low].sessions)
		if err != nil {
			return nil, err
		}
		if l.share(0) < a.Assurance {
			s, from = early, l.sessions
			break
		}
	}
	to, upper := 0, s.clone()
	for n := float64(coarse[low+1].sessions); ; n *= growth {
		next := min(int(math.Round(n)), 2*f.q.Most)
		l, err := see(upper, next)
		if err != nil {
			return nil, err
		}
		if l.share(0) >= a.Assurance {
			to = next
			break
		}
		if next >= 2*f.q.Most {
			to = next
			break
		}
		from, s = next, upper.clone()
	}
	for to-from > max(1, from/200) {
		middle := (from + to) / 2
		next := s.clone()
		l, err := see(next, middle)
		if err != nil {
			return nil, err
		}
		if l.share(0) >= a.Assurance {
			to = middle
		} else {
			from, s = middle, next
		}
	}
	a.Sessions = round(to)
	if _, err := see(s, a.Sessions); err != nil {
		return nil, err
	}
	for j := range f.rates {
		events, exposure := s.means(j)
		a.Rates[j].Events, a.Rates[j].Hours = events, exposure/3600
	}
	// The interval: where the bounds of the assurance cross it. Look on until they have.
	for range 4 {
		looks = merged(nil, looks)
		a.Upper = f.crossing(looks, func(e estimate.Estimate) float64 { return e.Lower })
		if a.Upper > 0 {
			break
		}
		last := looks[len(looks)-1].sessions
		next := int(math.Round(float64(last) * growth))
		if _, err := see(upper, next); err != nil {
			return nil, err
		}
	}
	a.Lower = roundDown(min(f.crossing(looks, func(e estimate.Estimate) float64 { return e.Upper }),
		a.Sessions))
	if a.Upper > 0 {
		a.Upper = round(max(a.Upper, a.Sessions))
	}
	return looks, nil
}

// merged returns looks in the order of their sessions; of two with as many, that with more studies.
func merged(coarse, fine []look) []look {
	all := slices.Concat(fine, coarse)
	slices.SortStableFunc(all, func(x, y look) int { return x.sessions - y.sessions })
	return slices.CompactFunc(all, func(x, y look) bool { return x.sessions == y.sessions })
}

// crossing returns the first number of sessions at which a bound of the assurance reaches the
// target, 0 if none does.
func (f *finding) crossing(looks []look, bound func(estimate.Estimate) float64) int {
	before, from := 0.0, 1
	for _, l := range looks {
		value := bound(f.estimate(l, 0))
		if value >= f.q.Assurance {
			return between(from, l.sessions, before, value, f.q.Assurance)
		}
		before, from = value, l.sessions
	}
	return 0
}

// estimate returns the assurance at a look, of all that studies show or of one rate.
func (f *finding) estimate(l look, k int) estimate.Estimate {
	n, of := int64(l.counts[k]), int64(l.studies)
	alpha := (1 - f.q.Confidence) / 2
	p := l.share(k)
	return estimate.Estimate{Value: p, StandardError: math.Sqrt(p * (1 - p) / float64(of)),
		Interval: estimate.ClopperPearson(n, of, alpha, alpha)}
}

// needed returns the number of sessions at which the assurance by one rate is reached: 0 if the
// length is a robust cap before, −1 if it is not reached.
func (f *finding) needed(looks []look, k int, before float64) int {
	if before >= f.q.Length-1e-9 {
		return 0
	}
	share, from := 0.0, 1
	for _, l := range looks {
		if l.share(k) >= f.q.Assurance {
			return round(between(from, l.sessions, share, l.share(k), f.q.Assurance))
		}
		share, from = l.share(k), l.sessions
	}
	return -1
}

// keep adds looks to the answer's curve.
func (f *finding) keep(looks []look, k int, key string) {
	for _, l := range looks {
		f.answer.Curve = append(f.answer.Curve, Point{key, l.sessions, f.estimate(l, k)})
	}
}
