//go:build goexperiment.simd && amd64

package incidence

import (
	"math/bits"
	"simd/archsimd"

	"budget/model"
	"budget/solver/estimate"
)

// Folds and batches with vectors of 512 bits. vectors_avx2_amd64.go is this file with 512
// replaced by 256 and x8 by x4:
//
//go:generate go run ../plant/narrow.go vectors_avx512_amd64 vectors_avx2_amd64

// fold512 is foldPortable with the replicates in vectors.
func fold512(f *folding) {
	s := &f.group
	zero := every512(0)
	for k := 0; ; k++ {
		for i, slot := range endings[:f.endings] {
			if ended := &s.exposure.ended[i]; k >= ended.from && k < ended.to {
				for lane := 0; lane < lanes; lane += width512 {
					at := from512(&s.cum[slot], lane)
					amount := floats512(from512(&ended.at[k], lane)).Mul(load512(from512(&s.scale, lane)))
					store512(load512(at).Add(amount.Mul(every512(f.taken[i][k]))), at)
				}
			}
		}
		if i := k - f.offset; i >= f.first {
			for _, slot := range f.series {
				f.mean512(slot, i)
			}
			for _, sum := range f.sums {
				for lane := 0; lane < lanes; lane += width512 {
					total := zero
					for _, slot := range sum.of {
						total = total.Add(load512(from512(&s.cum[slot], lane)))
					}
					if sum.given {
						total = total.Mul(load512(from512(&s.given, lane)))
					}
					store512(total, from512(&s.cum[sum.slot], lane))
				}
				f.mean512(sum.slot, i)
			}
		}
		if k == f.last {
			archsimd.ClearAVXUpperBits()
			return
		}
		for lane := 0; lane < lanes; lane += width512 {
			scale := load512(from512(&s.scale, lane))
			exposed, resigned := zero, zero
			var own [model.Completed]float64s
			for c := range s.held {
				h := &s.held[c]
				if k < h.from {
					continue
				}
				class := &f.classes[h.class]
				at := from512(&h.held, lane)
				held := load512(at).Mul(every512(class.factor)).Add(floats512(from512(&h.entered[k],
					lane)).Mul(scale))
				store512(held, at)
				x := held.Mul(every512(class.exposed[k]))
				exposed = exposed.Add(x)
				for i, rate := range class.own {
					if rate > 0 {
						addTo512(&own[i], lane, x.Mul(every512(rate)))
					}
				}
				resigned = resigned.Add(held.Mul(every512(class.resign[k])))
			}
			addTo512(&s.cum[f.frail], lane, resigned)
			for i, cause := range f.own {
				addTo512(&s.cum[cause], lane, load512(from512(&own[i], lane)))
			}
			for _, cause := range f.shared {
				addTo512(&s.cum[cause], lane, exposed.Mul(every512(f.same[cause])))
			}
		}
	}
}

func addTo512(sum *float64s, lane int, x archsimd.Float64x8) {
	at := from512(sum, lane)
	store512(load512(at).Add(x), at)
}

// mean512 is folding.mean.
func (f *folding) mean512(slot, i int) {
	zero, one := every512(0), every512(1)
	roundHigh, roundLow := every512(estimate.RoundHigh), every512(estimate.RoundLow)
	sum, high, low := zero, zero, zero
	at := &f.group.cum[slot]
	for lane := 0; lane < lanes; lane += width512 {
		q := load512(from512(at, lane)).Max(zero).Min(one).Add(roundHigh).Sub(roundHigh)
		square := q.Mul(q)
		h := square.Add(roundHigh).Sub(roundHigh)
		sum, high, low = sum.Add(q), high.Add(h), low.Add(square.Sub(h).Add(roundLow).Sub(roundLow))
	}
	f.means[slot*f.times+i].Merge(together(fourth512(sum), fourth512(high), fourth512(low)))
}

// batch512 is batchPortable with the rules in vectors, where that takes most of the time.
var batch512 = batchKernel{integrate512, charge512, follow512, total512, used512}

func integrate512(b *batch) {
	for v := range numViews {
		for row := range b.timeline.conditions {
			for lane := 0; lane < lanes; lane += width512 {
				kept := &b.atNodes[v][row]
				kept0, kept1, kept2 := load512(from512(&kept[0], lane)), load512(from512(&kept[1],
					lane)), load512(from512(&kept[2], lane))
				kept3, kept4 := load512(from512(&kept[3], lane)), load512(from512(&kept[4], lane))
				sum := func(nodes *[gauss]float64s) archsimd.Float64x8 {
					x := kept0.Mul(load512(from512(&nodes[0],
						lane))).Add(kept1.Mul(load512(from512(&nodes[1], lane))))
					x = x.Add(kept2.Mul(load512(from512(&nodes[2],
						lane)))).Add(kept3.Mul(load512(from512(&nodes[3], lane))))
					return x.Add(kept4.Mul(load512(from512(&nodes[4], lane))))
				}
				for j := range b.to - b.from {
					common := load512(from512(&b.common[v][j], lane))
					store512(sum(&b.frail[j]).Mul(common), from512(&b.exposed[v][row][j], lane))
					store512(sum(&b.ratio[j]).Mul(common), from512(&b.resigned[v][row][j], lane))
				}
			}
		}
	}
	archsimd.ClearAVXUpperBits()
}

func charge512(b *batch) {
	steps := b.to - b.from
	for row := range b.timeline.conditions {
		for lane := 0; lane < lanes; lane += width512 {
			failing := load512(from512(&b.failing[row], lane))
			resigning := load512(from512(&b.resigning, lane))
			exposed, resigned := &b.exposed[Meaning][row], &b.resigned[Meaning][row]
			for j := range steps {
				store512(load512(from512(&exposed[j], lane)).Mul(failing).Add(
					load512(from512(&resigned[j], lane)).Mul(resigning)), from512(&b.taken[row][j], lane))
			}
			exposed, resigned = &b.exposed[AsUsed][row], &b.resigned[AsUsed][row]
			factor, after, left := load512(from512(&b.factor[row], lane)), every512(0), every512(0)
			store512(after, from512(&exposed[steps], lane))
			store512(left, from512(&resigned[steps], lane))
			for j := steps - 1; j >= 0; j-- {
				after = load512(from512(&exposed[j], lane)).Add(after.Mul(factor))
				left = load512(from512(&resigned[j], lane)).Add(left.Mul(factor))
				store512(after, from512(&exposed[j], lane))
				store512(left, from512(&resigned[j], lane))
			}
		}
	}
	archsimd.ClearAVXUpperBits()
}

func follow512(b *batch, n int) {
	s, done := &b.state[n], b.moves[n]
	for lane := 0; lane < lanes; lane += width512 {
		b.moves[n] = done
		b.move512(n, lane)
		for j := range b.to - b.from {
			store512(every512(0), from512(&b.lost[j], lane))
		}
		for _, row := range b.live {
			b.hold512(s, int(row), b.timeline.replicates[n].scale, lane)
		}
		b.fail512(s, b.timeline.replicates[n].scale, lane)
	}
	archsimd.ClearAVXUpperBits()
}

// What follow512 goes through are functions of their own, since there are not registers
// enough for all at once.

// move512 moves what changes rows in a replicate in the stretch.
func (b *batch) move512(n, lane int) {
	m := &b.moves[n]
	clear(b.movedAt[:])
	clear(b.emptiedAt[:])
	for ; m.moved < len(m.alike) && int(m.alike[m.moved].time) <= b.to; m.moved++ {
		x := &m.alike[m.moved]
		j := int(x.time) - b.from
		b.movedAt[x.row] |= 1 << j
		addTo512(&b.moved[x.row][j], lane, every512(x.amount))
	}
	for x, c := m.next(b.to); x != nil || c != nil; x, c = m.next(b.to) {
		if x != nil {
			b.expire512(n, x, lane)
			continue
		}
		share, j := from512(&m.share[c.path], lane), int(c.time)-b.from
		left := b.remain512(load512(share), c.from, int(c.time-c.since), lane)
		store512(left, share)
		b.shift512(c.from, c.to, j, left.Add(every512(roundUnit)).Sub(every512(roundUnit)), lane)
	}
	b.empty(n)
}

// expire512 uses up the grant of a path, or lets the prompt take its share.
func (b *batch) expire512(n int, x *expiry, lane int) {
	m, unit := &b.moves[n], every512(roundUnit)
	times := every512(b.timeline.replicates[n].times[m.own[x.path]])
	place, mask := from512(&m.share[x.path], lane), load512(from512(&b.masks[x.lanes], lane))
	share := load512(place)
	left := b.remain512(share, x.row, int(x.time-x.since), lane)
	mask = mask.Mul(load512(from512(&b.takes[x.to-ends], lane)))
	store512(share.Sub(share.Mul(mask)), place)
	amount := left.Mul(mask).Add(unit).Sub(unit).Mul(times)
	b.shift512(x.row, x.to, int(x.time)-b.from, amount, lane)
}

// shift512 moves an amount from one row to another at the j-th time of the stretch.
func (b *batch) shift512(from, to uint8, j int, amount archsimd.Float64x8, lane int) {
	b.movedAt[from] |= 1 << j
	b.movedAt[to] |= 1 << j
	place := from512(&b.moved[from][j], lane)
	store512(load512(place).Sub(amount), place)
	addTo512(&b.moved[to][j], lane, amount)
}

// hold512 takes a row of a replicate through the stretch.
func (b *batch) hold512(s *replicateState, row int, scale float64, lane int) {
	factor, weight := load512(from512(&b.factor[row], lane)), every512(scale)
	held, given := load512(from512(&s.held[row], lane)), load512(from512(&s.given, lane))
	used, left := &b.exposed[AsUsed][row], &b.resigned[AsUsed][row]
	exposed, resigned := load512(from512(&s.exposed[row], lane)), load512(from512(&s.resigned[row],
		lane))
	exposed = exposed.Add(held.Mul(load512(from512(&used[0], lane))))
	resigned = resigned.Add(held.Mul(load512(from512(&left[0], lane))))
	taken, moved := &b.taken[row], &b.moved[row]
	entered, starting := &b.entered[amongAll][row], &b.entered[amongStarting][row]
	steps, movedAt := b.to-b.from, b.movedAt[row]
	for j := max(0, -b.from); ; {
		next := min(bits.TrailingZeros64(movedAt), steps)
		for ; j < next; j++ {
			addTo512(&b.lost[j], lane, held.Mul(load512(from512(&taken[j], lane))))
			held = held.Mul(factor)
		}
		if movedAt == 0 {
			break
		}
		movedAt &= movedAt - 1
		place := from512(&moved[j], lane)
		x := load512(place).Mul(weight)
		store512(every512(0), place)
		addTo512(&entered[j], lane, x)
		addTo512(&starting[j], lane, x.Mul(given))
		held = held.Add(x)
		exposed = exposed.Add(x.Mul(load512(from512(&used[j], lane))))
		resigned = resigned.Add(x.Mul(load512(from512(&left[j], lane))))
		if b.emptiedAt[row]>>j&1 == 1 {
			held = every512(0)
		}
	}
	store512(held, from512(&s.held[row], lane))
	store512(exposed, from512(&s.exposed[row], lane))
	store512(resigned, from512(&s.resigned[row], lane))
}

// fail512 books the failure of a replicate at the times of the stretch, and its sudden ends.
func (b *batch) fail512(s *replicateState, scale float64, lane int) {
	failed, given := load512(from512(&s.failed, lane)), load512(from512(&s.given, lane))
	at := uint64(0)
	for i := range sudden {
		at |= b.movedAt[ends+i]
	}
	for time := b.from + 1; time <= b.to; time++ {
		j := time - b.from
		if time > 0 {
			failed = failed.Add(load512(from512(&b.lost[j-1], lane)))
		}
		for i := 0; at>>j&1 == 1 && i < len(sudden); i++ {
			if b.movedAt[ends+i]>>j&1 == 0 {
				continue
			}
			place := from512(&b.moved[ends+i][j], lane)
			x := load512(place).Mul(every512(scale))
			store512(every512(0), place)
			addTo512(&b.entered[amongAll][ends+i][j], lane, x)
			addTo512(&b.entered[amongStarting][ends+i][j], lane, x.Mul(given))
			addTo512(&s.ended[i], lane, x.Mul(load512(from512(&b.phi[AsUsed][j], lane))))
			failed = failed.Add(x.Mul(load512(from512(&b.phi[Meaning][j],
				lane))).Mul(load512(from512(&b.counts[i], lane))))
		}
		if time >= b.first {
			b.failed[time-b.first].add512(failed.Mul(given), lane)
		}
	}
	store512(failed, from512(&s.failed, lane))
}

// remain512 is batch.remain.
func (b *batch) remain512(share archsimd.Float64x8, row uint8, n, lane int) archsimd.Float64x8 {
	return share.Mul(load512(from512(&b.fineFactor[row][n%coarse],
		lane))).Mul(load512(from512(&b.coarseFactor[row][n/coarse], lane)))
}

// add512 is blockMeans.add for several lanes.
func (b *blockMeans) add512(x archsimd.Float64x8, lane int) {
	roundHigh, roundLow := every512(estimate.RoundHigh), every512(estimate.RoundLow)
	q := x.Max(every512(0)).Min(every512(1)).Add(roundHigh).Sub(roundHigh)
	square := q.Mul(q)
	high := square.Add(roundHigh).Sub(roundHigh)
	addTo512(&b.sum, lane, q)
	addTo512(&b.high, lane, high)
	addTo512(&b.low, lane, square.Sub(high).Add(roundLow).Sub(roundLow))
}

func total512(b *batch, of int) {
	t, entered := &b.total[of], &b.entered[of]
	e := b.rules[0]
	for lane := 0; lane < lanes; lane += width512 {
		for time := b.from + 1; time <= b.to; time++ {
			j := time - b.from
			for row := range b.timeline.conditions {
				place := from512(&t.held[row], lane)
				held := load512(place)
				if time > 0 {
					x := held.Mul(load512(from512(&b.exposed[Meaning][row][j-1], lane)))
					for i, cause := range e.own {
						addTo512(&t.causes[cause], lane, x.Mul(load512(from512(&b.own[i][row], lane))))
					}
					for _, cause := range e.shared[Meaning] {
						addTo512(&t.causes[cause], lane, x.Mul(load512(from512(&b.same[cause], lane))))
					}
					addTo512(&t.causes[e.frail], lane,
						held.Mul(load512(from512(&b.resigned[Meaning][row][j-1], lane))))
					held = held.Mul(load512(from512(&b.factor[row], lane)))
				}
				store512(held.Add(load512(from512(&entered[row][j], lane))), place)
			}
			phi := load512(from512(&b.phi[Meaning][j], lane))
			for i, cause := range sudden {
				addTo512(&t.causes[cause], lane, load512(from512(&entered[ends+i][j], lane)).Mul(phi))
			}
			for cause := range t.causes {
				store512(load512(from512(&t.causes[cause], lane)), from512(&b.causes[j][of][cause], lane))
			}
		}
	}
	archsimd.ClearAVXUpperBits()
}

func used512(b *batch, at int) {
	e, zero, one := b.rules[0], every512(0), every512(1)
	for n := range replicates {
		s := &b.state[n]
		for lane := 0; lane < lanes; lane += width512 {
			given := load512(from512(&s.given, lane))
			store512(load512(from512(&s.failed, lane)).Mul(given).Max(zero).Min(one),
				from512(&b.means[at][n], lane))
			if !b.ends {
				continue
			}
			exposed, held := zero, zero
			var ended [slotAll + 1]float64s
			for row := range b.timeline.conditions {
				x := load512(from512(&s.exposed[row], lane))
				exposed, held = exposed.Add(x), held.Add(load512(from512(&s.held[row], lane)))
				addTo512(&ended[e.frail], lane, load512(from512(&s.resigned[row], lane)))
				for i, cause := range e.own {
					addTo512(&ended[cause], lane, x.Mul(load512(from512(&b.own[i][row], lane))))
				}
			}
			store512(load512(from512(&s.refused, lane)), from512(&ended[model.Refused], lane))
			for _, cause := range e.shared[AsUsed] {
				addTo512(&ended[cause], lane, exposed.Mul(load512(from512(&b.same[cause], lane))))
			}
			for i, cause := range sudden {
				addTo512(&ended[cause], lane, load512(from512(&s.ended[i], lane)))
			}
			all := zero
			for slot := range slotAll {
				all = all.Add(load512(from512(&ended[slot], lane)))
			}
			store512(all, from512(&ended[slotAll], lane))
			for slot := range ended {
				b.ended[at][slot].add512(load512(from512(&ended[slot], lane)), lane)
			}
			left := held.Mul(load512(from512(&b.phi[Meaning][b.to-b.from], lane))).Mul(given)
			b.unfinished[at].add512(load512(from512(&s.starts, lane)).Sub(left), lane)
		}
	}
	archsimd.ClearAVXUpperBits()
}
