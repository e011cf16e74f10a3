package incidence

import (
	"math/bits"

	"budget/model"
)

var batchPortable = batchKernel{integratePortable, followPortable, totalPortable, usedPortable}

func integratePortable(b *batch) {
	for row := range b.timeline.conditions {
		for j := range b.to - b.from {
			for v := range numViews {
				for lane := range lanes {
					exposed, resigned := 0.0, 0.0
					for i := range gauss {
						kept := b.atNodes[v][row][i][lane]
						exposed += float64(kept * b.frail[j][i][lane])
						resigned += float64(kept * b.ratio[j][i][lane])
					}
					b.exposed[v][j][row][lane] = exposed * b.common[v][j][lane]
					b.resigned[v][j][row][lane] = resigned * b.common[v][j][lane]
				}
			}
		}
	}
}

func followPortable(b *batch, n int) {
	replicate, s := &b.timeline.replicates[n], &b.state[n]
	for _, row := range b.live {
		for lane, held := range s.held[row] {
			s.exposed[row][lane] += float64(held * b.exposed[AsUsed][0][row][lane])
			s.resigned[row][lane] += float64(held * b.resigned[AsUsed][0][row][lane])
		}
	}
	at, expired, expiries := b.changed[n], b.expired[n], b.expiries[n]
	for time := b.from + 1; time <= b.to; time++ {
		j := time - b.from
		moved, emptied := uint32(0), uint32(0)
		for ; expired < len(expiries) && int(expiries[expired].time) == time; expired++ {
			x := &expiries[expired]
			share := &b.paths[n][x.path]
			left := b.remain(share, x.row, time-int(x.since))
			moved |= 1<<x.row | 1<<x.to
			for lane, mask := range b.masks[x.lanes] {
				mask *= b.takes[x.to-ends][lane]
				amount := float64(rounded(float64(left[lane]*mask)) * replicate.times[x.path])
				b.moved[j][x.row][lane] -= amount
				b.moved[j][x.to][lane] += amount
				share[lane] -= float64(share[lane] * mask)
			}
		}
		for ; at < len(replicate.changes) && int(replicate.changes[at].time) == time; at++ {
			c := &replicate.changes[at]
			share := &b.paths[n][c.path]
			*share = b.remain(share, c.from, time-int(c.since))
			moved |= 1<<c.from | 1<<c.to
			if c.empties {
				emptied |= 1 << c.from
			}
			for lane, left := range share {
				b.moved[j][c.from][lane] -= rounded(left)
				b.moved[j][c.to][lane] += rounded(left)
			}
		}
		b.movedRows[j], b.emptiedRows[j] = moved, emptied
	}
	b.changed[n], b.expired[n] = at, expired
	for time := b.from + 1; time <= b.to; time++ {
		j := time - b.from
		if time > 0 {
			var taken perLane
			for _, row := range b.live {
				for lane, held := range s.held[row] {
					taken[lane] += float64(held * b.taken[j-1][row][lane])
					s.held[row][lane] = held * b.factor[row][lane]
				}
			}
			for lane, x := range taken {
				s.failed[lane] += x
			}
		}
		for moved := b.movedRows[j]; moved != 0; moved &= moved - 1 {
			row := bits.TrailingZeros32(moved)
			for lane, x := range b.moved[j][row] {
				x *= replicate.scale
				b.entered[amongAll][j][row][lane] += x
				b.entered[amongStarting][j][row][lane] += float64(x * s.given[lane])
				if row < ends {
					s.held[row][lane] += x
					s.exposed[row][lane] += float64(x * b.exposed[AsUsed][j][row][lane])
					s.resigned[row][lane] += float64(x * b.resigned[AsUsed][j][row][lane])
				} else {
					s.ended[row-ends][lane] += float64(x * b.phi[AsUsed][j][lane])
					s.failed[lane] += float64(float64(x*b.phi[Meaning][j][lane]) * b.counts[row-ends][lane])
				}
			}
			b.moved[j][row] = perLane{}
		}
		for emptied := b.emptiedRows[j]; emptied != 0; emptied &= emptied - 1 { // removes rounding errors
			s.held[bits.TrailingZeros32(emptied)] = perLane{}
		}
		if time >= b.first {
			failed := &b.failed[time-b.first]
			for lane := range lanes {
				failed.add(lane, s.failed[lane]*s.given[lane])
			}
		}
	}
}

// remain returns the part of a share that survives n steps in a row.
func (b *batch) remain(share *perLane, row uint8, n int) (left perLane) {
	fine, coarse := &b.fineFactor[row][n%coarse], &b.coarseFactor[row][n/coarse]
	for lane, x := range share {
		left[lane] = x * fine[lane] * coarse[lane]
	}
	return left
}

func totalPortable(b *batch, of int) {
	t, entered := &b.total[of], &b.entered[of]
	e := b.rules[0] // the others have hazards of the same causes
	for time := b.from + 1; time <= b.to; time++ {
		j := time - b.from
		for row := range b.timeline.conditions {
			for lane, held := range t.held[row] {
				if time > 0 {
					x := float64(held * b.exposed[Meaning][j-1][row][lane])
					for i, cause := range e.own {
						t.causes[cause][lane] += float64(x * b.own[i][row][lane])
					}
					for _, cause := range e.shared[Meaning] {
						t.causes[cause][lane] += float64(x * b.same[cause][lane])
					}
					t.causes[e.frail][lane] += float64(held * b.resigned[Meaning][j-1][row][lane])
					held *= b.factor[row][lane]
				}
				t.held[row][lane] = held + entered[j][row][lane]
			}
		}
		for i, cause := range sudden {
			for lane, x := range entered[j][ends+i] {
				t.causes[cause][lane] += float64(x * b.phi[Meaning][j][lane])
			}
		}
		b.causes[j][of] = t.causes
	}
}

func usedPortable(b *batch, at int) {
	e := b.rules[0]
	for n := range replicates {
		s := &b.state[n]
		for lane := range lanes {
			b.means[at][n][lane] = min(max(s.failed[lane]*s.given[lane], 0), 1)
			if !b.ends {
				continue
			}
			var ended [slotAll + 1]float64
			exposed, held := 0.0, 0.0
			for row := range b.timeline.conditions {
				x := s.exposed[row][lane]
				exposed += x
				held += s.held[row][lane]
				ended[e.frail] += s.resigned[row][lane]
				for i, cause := range e.own {
					ended[cause] += float64(x * b.own[i][row][lane])
				}
			}
			ended[model.Refused] = s.refused[lane]
			for _, cause := range e.shared[AsUsed] {
				ended[cause] += float64(exposed * b.same[cause][lane])
			}
			for i, cause := range sudden {
				ended[cause] += s.ended[i][lane]
			}
			for slot := range slotAll {
				ended[slotAll] += ended[slot]
			}
			for slot, x := range ended {
				b.ended[at][slot].add(lane, x)
			}
			left := float64(held*b.phi[Meaning][b.to-b.from][lane]) * s.given[lane]
			b.unfinished[at].add(lane, s.starts[lane]-left)
		}
	}
}
