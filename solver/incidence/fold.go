package incidence

import (
	"budget/model"
	"budget/solver/estimate"
)

// folding computes the mean weights of replicates from exposures: at every time it adds the
// ends by thresholds, then the ends by hazards up to the next time. Replicates are computed in
// parallel, with the same operations for numbers and vectors.
type folding struct {
	group   foldedGroup
	means   []estimate.BlockMeans // by series and duration
	times   int                   // durations of a series
	offset  int                   // index of the time of the first duration
	first   int                   // duration that is booked first
	last    int                   // index of the last time with an end
	series  []int                 // the causes with ends
	paths   int64                 // added
	blocks  int64                 // replicates with paths
	started int64                 // replicates with sessions that start

	endings int                     // number of series of exposure.ended
	taken   [len(endings)][]float64 // factors on them
	frail   model.Cause             // and those of the other hazards, as in hazards
	own     []model.Cause
	shared  []model.Cause
	same    causeRates
	classes []foldedClass
	sums    []sum
}

// foldedClass holds the survival and the ends of a path in a hazard class in a
// step.
type foldedClass struct {
	factor          float64
	own             []float64
	exposed, resign []float64
}

// foldedGroup is the state of folding an exposure.
type foldedGroup struct {
	exposure *exposure
	scale    [lanes]float64 // one over the weight of a replicate; 0 for a replicate without paths
	// given is the factor that makes an incidence one of the sessions that start: the weight
	// of a replicate over the part not refused; 0 if all is refused.
	given [lanes]float64
	held  []heldClass
	cum   [slots][lanes]float64 // means by series up to now
}

// heldClass is a hazard class with paths.
type heldClass struct {
	class   int
	from    int // first step with paths
	entered []amounts
	held    [lanes]float64 // Σ E of those in it now
}

// prepare prepares to fold exposures under rules in a view up to the time with index
// last, from the first-th of the given number of durations on.
func (f *folding) prepare(e *Rules, table *survivalTable, v View, times, first, last int) {
	if len(f.means) != slots*times {
		f.means = make([]estimate.BlockMeans, slots*times)
	} else {
		clear(f.means)
	}
	f.times, f.offset, f.first, f.last = times, e.first, first, last
	f.endings, f.taken = e.endings(), table.taken
	f.frail, f.own, f.shared, f.same = e.frail, e.own, e.shared[v], e.same
	f.sums = e.sums(v)
	f.paths, f.blocks, f.started = 0, 0, 0
	f.series = f.series[:0]
	for _, cause := range e.ends {
		if v == AsUsed || !cause.Chosen() {
			f.series = append(f.series, slotOf(cause))
		}
	}
	if e.startsAgain() {
		f.series = append(f.series, slotLate)
	}
	f.classes = f.classes[:0]
	for c, class := range e.classes {
		f.classes = append(f.classes,
			foldedClass{e.factor[c][1], class.own, table.exposed[c], table.resign[c]})
	}
}

// begin begins to fold an exposure.
func (f *folding) begin(l *exposure) {
	f.group = foldedGroup{exposure: l, held: f.group.held[:0]}
	s := &f.group
	for n, weight := range l.weight {
		if weight > 0 {
			s.scale[n] = 1 / float64(weight)
			f.blocks++
			f.paths += l.paths[n]
		}
		s.cum[model.Refused][n] = float64(l.refused[n]) * s.scale[n]
		if started := weight - l.refused[n]; started > 0 {
			s.given[n] = float64(weight) / float64(started)
			f.started++
		}
	}
	for c := range l.entered {
		if entered := &l.entered[c]; entered.from < entered.to {
			s.held = append(s.held, heldClass{c, entered.from, entered.at, [lanes]float64{}})
		}
	}
}

// foldPortable folds an exposure number by number. With E_c(k) what enters hazard class c at
// step k, s_c the survival factor of a step in it, λ_c,i its hazards, D_j(k) what threshold j
// takes at t_k, and φ, J and R as in survivalTable, each a mean over the paths of a replicate,
// what is held in a class and the incidence F of every cause are
//
//	H_c(k) = s_c H_c(k−1) + E_c(k)
//	F_i(t_k+1) = F_i(t_k) + Σ_c λ_c,i H_c(k) J_c(k)      for hazard i,
//	F_f(t_k+1) = F_f(t_k) + Σ_c H_c(k) R_c(k)            for the frail one,
//	F_j(t_k) = F_j(t_k−1) + D_j(k) φ(t_k)                for threshold j, and the prompt,
//
// and at a later start of a timer with φ before it times the probability not to come back. What
// happens in an absence that pauses, and at the start after it, is booked a step later, D_j(k+1)
// with φ(t_k).
//
// Among the sessions that start, F is divided by 1 − r for each replicate, with r the part
// refused. The mean of these ratios is that of a random replicate.
func foldPortable(f *folding) {
	s := &f.group
	for k := 0; ; k++ {
		for i, slot := range endings[:f.endings] {
			if ended := &s.exposure.ended[i]; k >= ended.from && k < ended.to {
				for n := range lanes {
					s.cum[slot][n] += float64(float64(float64(ended.at[k][n])*s.scale[n]) * f.taken[i][k])
				}
			}
		}
		if i := k - f.offset; i >= f.first {
			for _, slot := range f.series {
				f.mean(slot, i)
			}
			for _, sum := range f.sums {
				var total [lanes]float64
				for _, slot := range sum.of {
					for n, x := range s.cum[slot][:] {
						total[n] += x
					}
				}
				for n := range total {
					if sum.given {
						total[n] *= s.given[n]
					}
				}
				s.cum[sum.slot] = total
				f.mean(sum.slot, i)
			}
		}
		if k == f.last {
			return
		}
		var exposed, resigned [lanes]float64
		var own [model.Completed][lanes]float64
		for c := range s.held {
			h := &s.held[c]
			if k < h.from {
				continue
			}
			class := &f.classes[h.class]
			entered, j, r := &h.entered[k], class.exposed[k], class.resign[k]
			for n := range lanes {
				held := float64(h.held[n]*class.factor) + float64(float64(entered[n])*s.scale[n])
				h.held[n] = held
				x := float64(held * j)
				exposed[n] += x
				for i, rate := range class.own {
					own[i][n] += float64(rate * x)
				}
				resigned[n] += float64(held * r)
			}
		}
		for n := range lanes {
			s.cum[f.frail][n] += resigned[n]
			for i, cause := range f.own {
				s.cum[cause][n] += own[i][n]
			}
			for _, cause := range f.shared {
				s.cum[cause][n] += float64(f.same[cause] * exposed[n])
			}
		}
	}
}

// mean books the means of a series for the i-th duration. Many series are 0 at first, or
// throughout.
func (f *folding) mean(slot, i int) {
	series := &f.group.cum[slot]
	if *series == ([lanes]float64{}) {
		return
	}
	var all estimate.BlockMeans
	for _, x := range series[:] {
		// max and min handle NaN and −0, too, and take longer.
		if x < 0 {
			x = 0
		} else if x > 1 {
			x = 1
		}
		all.Add(x)
	}
	f.means[slot*f.times+i].Merge(all)
}

// into adds the means to sums, up to the duration that ends at the time with index end.
// After the last time with an end they stay constant.
func (f *folding) into(sums []estimate.BlockMeans, end int) {
	last := max(f.last-f.offset, f.first)
	for slot := range slots {
		from := f.means[slot*f.times : (slot+1)*f.times]
		to := sums[slot*f.times:]
		for i := f.first; i <= last; i++ {
			to[i].Merge(from[i])
		}
		for i := last + 1; i <= end-f.offset; i++ {
			to[i] = to[last]
		}
	}
}
