package incidence

import "budget/model"

var batchPortable = batchKernel{integratePortable, chargePortable, followPortable, totalPortable,
	usedPortable}

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
					b.exposed[v][row][j][lane] = exposed * b.common[v][j][lane]
					b.resigned[v][row][j][lane] = resigned * b.common[v][j][lane]
				}
			}
		}
	}
}

// chargePortable computes from the exposure the part that failures take, and the part taken up
// to the end of the stretch.
func chargePortable(b *batch) {
	steps := b.to - b.from
	for row := range b.timeline.conditions {
		exposed, resigned := &b.exposed[Meaning][row], &b.resigned[Meaning][row]
		for j := range steps {
			for lane := range lanes {
				b.taken[row][j][lane] = float64(exposed[j][lane]*b.failing[row][lane]) +
					float64(resigned[j][lane]*b.resigning[lane])
			}
		}
		exposed, resigned = &b.exposed[AsUsed][row], &b.resigned[AsUsed][row]
		exposed[steps], resigned[steps] = perLane{}, perLane{}
		for j := steps - 1; j >= 0; j-- {
			for lane, factor := range b.factor[row] {
				exposed[j][lane] += float64(exposed[j+1][lane] * factor)
				resigned[j][lane] += float64(resigned[j+1][lane] * factor)
			}
		}
	}
}

// followPortable moves what changes rows in the stretch, and then goes through its times.
func followPortable(b *batch, n int) {
	replicate, s, m := &b.timeline.replicates[n], &b.state[n], &b.moves[n]
	clear(b.movedAt[:])
	clear(b.emptiedAt[:])
	for ; m.moved < len(m.alike) && int(m.alike[m.moved].time) <= b.to; m.moved++ {
		x := &m.alike[m.moved]
		j := int(x.time) - b.from
		b.movedAt[x.row] |= 1 << j
		for lane := range lanes {
			b.moved[x.row][j][lane] += x.amount
		}
	}
	for {
		x, c := m.next(b.to)
		if x == nil && c == nil {
			break
		}
		if x != nil {
			share, j := &m.share[x.path], int(x.time)-b.from
			left := b.remain(share, x.row, int(x.time-x.since))
			b.movedAt[x.row], b.movedAt[x.to] = b.movedAt[x.row]|1<<j, b.movedAt[x.to]|1<<j
			for lane, mask := range b.masks[x.lanes] {
				mask *= b.takes[x.to-ends][lane]
				amount := float64(rounded(float64(left[lane]*mask)) * replicate.times[m.own[x.path]])
				b.moved[x.row][j][lane] -= amount
				b.moved[x.to][j][lane] += amount
				share[lane] -= float64(share[lane] * mask)
			}
			continue
		}
		share, j := &m.share[c.path], int(c.time)-b.from
		*share = b.remain(share, c.from, int(c.time-c.since))
		b.movedAt[c.from], b.movedAt[c.to] = b.movedAt[c.from]|1<<j, b.movedAt[c.to]|1<<j
		for lane, left := range share {
			b.moved[c.from][j][lane] -= rounded(left)
			b.moved[c.to][j][lane] += rounded(left)
		}
	}
	b.empty(n)
	for _, row := range b.live {
		for lane, held := range s.held[row] {
			s.exposed[row][lane] += float64(held * b.exposed[AsUsed][row][0][lane])
			s.resigned[row][lane] += float64(held * b.resigned[AsUsed][row][0][lane])
		}
	}
	for time := b.from + 1; time <= b.to; time++ {
		j := time - b.from
		if time > 0 {
			lost := &b.lost[j-1]
			*lost = perLane{}
			for _, row := range b.live {
				for lane, held := range s.held[row] {
					lost[lane] += float64(held * b.taken[row][j-1][lane])
					s.held[row][lane] = held * b.factor[row][lane]
				}
			}
			for lane, x := range lost {
				s.failed[lane] += x
			}
		}
		for row := range b.moved {
			if b.movedAt[row]>>j&1 == 0 {
				continue
			}
			for lane, x := range b.moved[row][j] {
				x *= replicate.scale
				b.entered[amongAll][row][j][lane] += x
				b.entered[amongStarting][row][j][lane] += float64(x * s.given[lane])
				if row < ends {
					s.held[row][lane] += x
					s.exposed[row][lane] += float64(x * b.exposed[AsUsed][row][j][lane])
					s.resigned[row][lane] += float64(x * b.resigned[AsUsed][row][j][lane])
				} else {
					s.ended[row-ends][lane] += float64(x * b.phi[AsUsed][j][lane])
					s.failed[lane] += float64(float64(x*b.phi[Meaning][j][lane]) * b.counts[row-ends][lane])
				}
			}
			b.moved[row][j] = perLane{}
		}
		for row := range b.timeline.conditions { // removes rounding errors
			if b.emptiedAt[row]>>j&1 == 1 {
				s.held[row] = perLane{}
			}
		}
		if time >= b.first {
			failed := &b.failed[time-b.first]
			for lane := range lanes {
				failed.add(lane, s.failed[lane]*s.given[lane])
			}
		}
	}
}

// empty notes which rows of a replicate have no paths after a time of the stretch.
func (b *batch) empty(n int) {
	m, emptied := &b.moves[n], b.timeline.replicates[n].emptied
	for ; m.emptied < len(emptied) && int(emptied[m.emptied].time) <= b.to; m.emptied++ {
		e := &emptied[m.emptied]
		b.emptiedAt[e.row] |= 1 << (int(e.time) - b.from)
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
					x := float64(held * b.exposed[Meaning][row][j-1][lane])
					for i, cause := range e.own {
						t.causes[cause][lane] += float64(x * b.own[i][row][lane])
					}
					for _, cause := range e.shared[Meaning] {
						t.causes[cause][lane] += float64(x * b.same[cause][lane])
					}
					t.causes[e.frail][lane] += float64(held * b.resigned[Meaning][row][j-1][lane])
					held *= b.factor[row][lane]
				}
				t.held[row][lane] = held + entered[row][j][lane]
			}
		}
		for i, cause := range sudden {
			for lane, x := range entered[ends+i][j] {
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
