package study

import (
	"context"
	"math"
	"slices"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver/random"
	"budget/sweep/uncertainty"
)

// studies are simulated studies of the same size. The n-th session of a study is the same
// whatever its size, so assurances of different sizes differ little by chance.
type studies struct {
	*ground
	sessions int
	each     []study
}

// study is what a study shows so far.
type study struct {
	stream random.Stream
	truth  []float64 // features by rate
	rates  *rates
	sums   []sum // by rate
}

// ground is what all studies have in common.
type ground struct {
	draws     *uncertainty.Draws
	watches   *watches
	rates     []*rate
	surfaces  []surface // by draw
	tolerance float64
	logged    float64
	workers   int
}

// The purposes of the random numbers of studies: of sessions, and of the truth.
const (
	purposeSessions = 1 << 18
	purposeTruth    = 1<<18 + 1
)

// newStudies returns studies without a session.
func (g *ground) newStudies(n int, seed uint64, truth Truth) *studies {
	s := &studies{ground: g, each: make([]study, n)}
	for i := range s.each {
		x := &s.each[i]
		x.stream = random.Stream{Key: random.NewKey(seed), Path: uint64(i), Purpose: purposeSessions}
		x.sums = make([]sum, len(g.rates))
		own := x.stream
		own.Purpose = purposeTruth
		hazards := slices.Clone(g.watches.hazards)
		for j, r := range g.rates {
			value := float64(r.Rate)
			if truth == Drawn {
				value = g.draws.Law(r.quantity).Quantile(own.Uniform(uint32(j)))
			}
			x.truth = append(x.truth, r.feature(value))
			at := slices.IndexFunc(hazards, func(h model.Hazard) bool { return h.Key == r.Key })
			hazards[at].Rate = model.Rate(value)
		}
		x.rates = g.watches.newRates(hazards)
	}
	return s
}

// clone returns studies that can be extended apart.
func (s *studies) clone() *studies {
	c := *s
	c.each = slices.Clone(s.each)
	for i := range c.each {
		sums := slices.Clone(c.each[i].sums)
		for j := range sums {
			if f := sums[j].frail; f != nil {
				sums[j].frail = &frailSum{slices.Clone(f.times), slices.Clone(f.ended), slices.Clone(f.kept)}
			}
		}
		c.each[i].sums = sums
	}
	return &c
}

// extend simulates further sessions, up to a number in every study.
func (s *studies) extend(ctx context.Context, sessions int) error {
	parallel.For(s.workers, len(s.each), func(_, i int) {
		x := &s.each[i]
		for n := s.sessions; n < sessions; n++ {
			if n%1024 == 0 && ctx.Err() != nil {
				return
			}
			ran := s.watches.run(x.rates, s.logged, drawsOf(x.stream, n))
			for j, r := range s.rates {
				x.sums[j].add(r, &ran)
			}
		}
	})
	s.sessions = max(s.sessions, sessions)
	return ctx.Err()
}

// reaching returns after how many of the studies the length is a robust cap: with all that they
// show, then for every rate with what they show of it if all other rates that a log shows are
// known.
func (s *studies) reaching(ctx context.Context) ([]int, error) {
	counts := make([][]int, s.workers)
	work := make([]*judge, s.workers)
	parallel.For(s.workers, len(s.each), func(worker, i int) {
		if ctx.Err() != nil {
			return
		}
		if work[worker] == nil {
			work[worker] = s.newJudge()
			counts[worker] = make([]int, len(s.rates)+1)
		}
		for k, ok := range work[worker].study(&s.each[i]) {
			if ok {
				counts[worker][k]++
			}
		}
	})
	total := make([]int, len(s.rates)+1)
	for _, c := range counts {
		for k, n := range c {
			total[k] += n
		}
	}
	return total, ctx.Err()
}

// known returns after how many of the studies the length would be a robust cap if they showed
// the rates exactly.
func (s *studies) known() (n int) {
	j := s.newJudge()
	for i := range s.each {
		if j.safe(func(_ int, x []float64) { copy(x, s.each[i].truth) }) {
			n++
		}
	}
	return n
}

// means returns the mean events and exposures [s] of a rate.
func (s *studies) means(rate int) (events, exposure float64) {
	for i := range s.each {
		events += float64(s.each[i].sums[rate].events) / float64(len(s.each))
		exposure += s.each[i].sums[rate].exposure / float64(len(s.each))
	}
	return events, exposure
}

// judge finds whether a length is a robust cap. It is for one goroutine.
type judge struct {
	*ground
	rates  []*rate     // with memory of their own
	values [][]float64 // by rate, then draw
	x      []float64
	safeIn []bool
}

func (g *ground) newJudge() *judge {
	j := &judge{ground: g, x: make([]float64, len(g.rates)), safeIn: make([]bool, len(g.rates)+1)}
	for _, r := range g.rates {
		own := *r
		own.gamma = map[int][]float64{}
		j.rates = append(j.rates, &own)
		j.values = append(j.values, make([]float64, len(g.surfaces)))
	}
	return j
}

// study judges after a study: with all that it shows, then by rate (studies.reaching). The
// result is valid until the next call.
func (j *judge) study(s *study) []bool {
	for k, r := range j.rates {
		r.after(&s.sums[k], j.values[k])
		for i, value := range j.values[k] {
			j.values[k][i] = r.feature(value)
		}
	}
	j.safeIn[0] = j.safe(func(draw int, x []float64) {
		for k := range x {
			x[k] = j.values[k][draw]
		}
	})
	for k := range j.rates {
		j.safeIn[k+1] = j.safe(func(draw int, x []float64) {
			copy(x, s.truth)
			x[k] = j.values[k][draw]
		})
	}
	return j.safeIn
}

// safe reports whether fewer draws than the rank of the robust cap exceed the tolerance at the
// length. at gives the features of the rates in a draw.
func (j *judge) safe(at func(draw int, x []float64)) bool {
	left := j.draws.Rank
	for i := range j.surfaces {
		at(i, j.x)
		if j.surfaces[i].at(j.x) > j.tolerance {
			if left--; left == 0 {
				return false
			}
		}
	}
	return true
}

// round rounds a number of sessions up to three digits, and between 200 and 1000 to two.
func round(n int) int { return (n + unitOf(n) - 1) / unitOf(n) * unitOf(n) }

// roundDown rounds a number of sessions down to as many digits.
func roundDown(n int) int { return n / unitOf(n) * unitOf(n) }

// unitOf returns what a number of sessions is rounded to.
func unitOf(n int) int {
	unit := 1
	for n/unit >= 1000 || n/unit >= 200 && unit == 1 {
		unit *= 10
	}
	return unit
}

// between returns the number of sessions at which a share crosses a target between two numbers,
// with the share linear in the logarithm.
func between(from, to int, before, after, target float64) int {
	if after <= before {
		return to
	}
	part := min(max((target-before)/(after-before), 0), 1)
	return int(math.Ceil(float64(from) * math.Pow(float64(to)/float64(from), part)))
}
