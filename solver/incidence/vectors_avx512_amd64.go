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
	zero := every512(0)
	for k := 0; ; k++ {
		for s := range f.groups {
			s := &f.groups[s]
			for i, slot := range endings[:f.endings] {
				if ended := &s.exposure.ended[i]; k >= ended.from && k < ended.to {
					for lane := 0; lane < lanes; lane += width512 {
						at := from512(&s.cum[slot], lane)
						amount := floats512(from512(&ended.at[k], lane)).Mul(load512(from512(&s.scale, lane)))
						store512(load512(at).Add(amount.Mul(every512(f.taken[i][k]))), at)
					}
				}
			}
		}
		if i := k - f.offset; i >= f.first {
			for _, slot := range f.series {
				f.mean512(slot, i)
			}
			for _, sum := range f.sums {
				for s := range f.groups {
					s := &f.groups[s]
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
				}
				f.mean512(sum.slot, i)
			}
		}
		if k == f.last {
			archsimd.ClearAVXUpperBits()
			return
		}
		for s := range f.groups {
			s := &f.groups[s]
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
	for s := range f.groups {
		at := &f.groups[s].cum[slot]
		for lane := 0; lane < lanes; lane += width512 {
			q := load512(from512(at, lane)).Max(zero).Min(one).Add(roundHigh).Sub(roundHigh)
			square := q.Mul(q)
			h := square.Add(roundHigh).Sub(roundHigh)
			sum, high, low = sum.Add(q), high.Add(h), low.Add(square.Sub(h).Add(roundLow).Sub(roundLow))
		}
	}
	f.means[slot*f.times+i].Merge(together(fourth512(sum), fourth512(high), fourth512(low)))
}

// batch512 is batchPortable with the rules in vectors, where that takes most of the time.
var batch512 = batchKernel{integrate512, follow512, total512, used512}

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
					store512(sum(&b.frail[j]).Mul(common), from512(&b.exposed[v][j][row], lane))
					store512(sum(&b.ratio[j]).Mul(common), from512(&b.resigned[v][j][row], lane))
				}
			}
		}
	}
	archsimd.ClearAVXUpperBits()
}

func follow512(b *batch, n int) {
	s, expired, changed := &b.state[n], 0, 0
	for lane := 0; lane < lanes; lane += width512 {
		start512(s, b.live, &b.exposed[AsUsed][0], &b.resigned[AsUsed][0], lane)
		expired, changed = b.change512(n, lane)
		for time := b.from; time < b.to; {
			next := time + 1
			for next < b.to && b.movedRows[next-b.from] == 0 {
				next++
			}
			b.hold512(s, time, next, lane)
			time = next
			if b.movedRows[time-b.from] != 0 {
				b.shift512(n, time-b.from, lane)
			}
			if time >= b.first {
				failed, given := load512(from512(&s.failed, lane)), load512(from512(&s.given, lane))
				b.failed[time-b.first].add512(failed.Mul(given), lane)
			}
		}
	}
	b.expired[n], b.changed[n] = expired, changed
	archsimd.ClearAVXUpperBits()
}

// What follow512 goes through are functions of their own, since there are not registers
// enough for all at once.

func start512(s *replicateState, live []uint8, exposed, resigned *[conditions]perLane, lane int) {
	for _, row := range live {
		held := load512(from512(&s.held[row], lane))
		addTo512(&s.exposed[row], lane, held.Mul(load512(from512(&exposed[row], lane))))
		addTo512(&s.resigned[row], lane, held.Mul(load512(from512(&resigned[row], lane))))
	}
}

// hold512 takes a replicate from one time to another, between which nothing changes, and books
// the means before the last.
func (b *batch) hold512(s *replicateState, from, to, lane int) {
	live, factor := b.live, &b.factor
	failed, given := load512(from512(&s.failed, lane)), load512(from512(&s.given, lane))
	for time := max(from, 0); time < to; time++ {
		taken, sum := &b.taken[time-b.from], every512(0)
		for _, row := range live {
			place := from512(&s.held[row], lane)
			held := load512(place)
			sum = sum.Add(held.Mul(load512(from512(&taken[row], lane))))
			store512(held.Mul(load512(from512(&factor[row], lane))), place)
		}
		failed = failed.Add(sum)
		if time+1 < to && time+1 >= b.first {
			b.failed[time+1-b.first].add512(failed.Mul(given), lane)
		}
	}
	store512(failed, from512(&s.failed, lane))
}

// change512 goes through the expiries and changes of a replicate in the stretch and returns the
// first ones after.
func (b *batch) change512(n, lane int) (expired, changed int) {
	changes, expiries, paths := b.timeline.replicates[n].changes, b.expiries[n], b.paths[n]
	expired, changed = b.expired[n], b.changed[n]
	unit := every512(roundUnit)
	for time := b.from + 1; time <= b.to; time++ {
		j := time - b.from
		b.movedRows[j], b.emptiedRows[j] = 0, 0
		moved := &b.moved[j]
		if expired < len(expiries) && int(expiries[expired].time) == time {
			expired = b.expire512(n, expired, lane)
		}
		for ; changed < len(changes) && int(changes[changed].time) == time; changed++ {
			c := &changes[changed]
			share := from512(&paths[c.path], lane)
			left := b.remain512(load512(share), c.from, time-int(c.since), lane)
			store512(left, share)
			amount := left.Add(unit).Sub(unit)
			from := from512(&moved[c.from], lane)
			store512(load512(from).Sub(amount), from)
			addTo512(&moved[c.to], lane, amount)
			b.movedRows[j] |= 1<<c.from | 1<<c.to
			if c.empties {
				b.emptiedRows[j] |= 1 << c.from
			}
		}
	}
	return expired, changed
}

// expire512 uses up grants of a replicate from the given expiry on, those at the same time, lets
// the prompt take its share, and returns the first one after.
func (b *batch) expire512(n, expired, lane int) int {
	expiries, paths, times := b.expiries[n], b.paths[n], b.timeline.replicates[n].times
	time, unit := expiries[expired].time, every512(roundUnit)
	j, rows := int(time)-b.from, uint32(0)
	moved := &b.moved[j]
	for ; expired < len(expiries) && expiries[expired].time == time; expired++ {
		x := &expiries[expired]
		place, mask := from512(&paths[x.path], lane), load512(from512(&b.masks[x.lanes], lane))
		share := load512(place)
		left := b.remain512(share, x.row, int(time-x.since), lane)
		mask = mask.Mul(load512(from512(&b.takes[x.to-ends], lane)))
		amount := left.Mul(mask).Add(unit).Sub(unit).Mul(every512(times[x.path]))
		store512(share.Sub(share.Mul(mask)), place)
		from := from512(&moved[x.row], lane)
		store512(load512(from).Sub(amount), from)
		addTo512(&moved[x.to], lane, amount)
		rows |= 1<<x.row | 1<<x.to
	}
	b.movedRows[j] |= rows
	return expired
}

// shift512 books what has changed rows in a replicate at the j-th time of the stretch.
func (b *batch) shift512(n, j, lane int) {
	s, zero, scale := &b.state[n], every512(0), every512(b.timeline.replicates[n].scale)
	given := load512(from512(&s.given, lane))
	moved, entered, starting := &b.moved[j], &b.entered[amongAll][j], &b.entered[amongStarting][j]
	exposed, resigned := &b.exposed[AsUsed][j], &b.resigned[AsUsed][j]
	for rows := b.movedRows[j]; rows != 0; rows &= rows - 1 {
		row := bits.TrailingZeros32(rows)
		place := from512(&moved[row], lane)
		x := load512(place).Mul(scale)
		store512(zero, place)
		addTo512(&entered[row], lane, x)
		addTo512(&starting[row], lane, x.Mul(given))
		if row < ends {
			addTo512(&s.held[row], lane, x)
			addTo512(&s.exposed[row], lane, x.Mul(load512(from512(&exposed[row], lane))))
			addTo512(&s.resigned[row], lane, x.Mul(load512(from512(&resigned[row], lane))))
		} else {
			addTo512(&s.ended[row-ends], lane, x.Mul(load512(from512(&b.phi[AsUsed][j], lane))))
			addTo512(&s.failed, lane, x.Mul(load512(from512(&b.phi[Meaning][j],
				lane))).Mul(load512(from512(&b.counts[row-ends], lane))))
		}
	}
	for rows := b.emptiedRows[j]; rows != 0; rows &= rows - 1 {
		store512(zero, from512(&s.held[bits.TrailingZeros32(rows)], lane))
	}
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
					x := held.Mul(load512(from512(&b.exposed[Meaning][j-1][row], lane)))
					for i, cause := range e.own {
						addTo512(&t.causes[cause], lane, x.Mul(load512(from512(&b.own[i][row], lane))))
					}
					for _, cause := range e.shared[Meaning] {
						addTo512(&t.causes[cause], lane, x.Mul(load512(from512(&b.same[cause], lane))))
					}
					addTo512(&t.causes[e.frail], lane,
						held.Mul(load512(from512(&b.resigned[Meaning][j-1][row], lane))))
					held = held.Mul(load512(from512(&b.factor[row], lane)))
				}
				store512(held.Add(load512(from512(&entered[j][row], lane))), place)
			}
			phi := load512(from512(&b.phi[Meaning][j], lane))
			for i, cause := range sudden {
				addTo512(&t.causes[cause], lane, load512(from512(&entered[j][ends+i], lane)).Mul(phi))
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
