package incidence

import "budget/solver/random"

// frailty returns the frailty of rules. Rules may share it.
func (b *batch) frailty(e *Rules) *frailty {
	rho, a := e.rho, e.Frailty
	for _, f := range b.frailties {
		if f != nil && f.rho == rho && f.shape == a {
			return f
		}
	}
	f := &frailty{rho: rho, shape: a, at: make([]float64, e.steps+1),
		frail: make([][gauss]float64, e.steps), ratio: make([][gauss]float64, e.steps)}
	for k := range f.at {
		f.at[k] = e.outlasting(float64(k) * e.step)
	}
	for k := range f.frail {
		for j, x := range gaussNodes {
			at := (float64(k) + x) * e.step
			f.frail[k][j] = e.outlasting(at)
			f.ratio[k][j] = f.frail[k][j] * rho / (1 + rho*at/a)
		}
	}
	return f
}

// tabulate computes the effect of hazards in the steps of the stretch.
func (b *batch) tabulate(k *batchKernel) {
	steps := b.to - b.from
	rough := uint8(0) // lanes that need several panels in a step, or rounding made up
	for j := range steps + 1 {
		time := b.from + j
		start := float64(time) * b.rules[0].step
		for lane := range lanes {
			if j < steps {
				b.common[AsUsed][j][lane], b.common[Meaning][j][lane] = 0, 0
			}
			if time < 0 || time > b.alive[lane] {
				b.phi[AsUsed][j][lane], b.phi[Meaning][j][lane] = 0, 0
				continue
			}
			f := b.frailties[lane]
			for v := range numViews {
				common := 0.0
				if eta := &b.eta[v]; lane > 0 && eta[lane] == eta[lane-1] && time <= b.alive[lane-1] {
					common = b.power[v][lane-1] // many rules have the same hazards
				} else {
					common = random.Exp(-eta[lane] * start)
				}
				b.power[v][lane] = common
				b.phi[v][j][lane] = common * f.at[time]
				if j < steps && time < b.alive[lane] {
					b.common[v][j][lane] = common
				}
			}
			if j < steps && time < b.alive[lane] {
				for i := range gauss {
					b.frail[j][i][lane], b.ratio[j][i][lane] = f.frail[time][i], f.ratio[time][i]
				}
				if !b.lane(lane).smooth(start, b.fastest[lane]) {
					rough |= 1 << lane
				}
			}
		}
	}
	k.integrate(b)
	for lane := range b.rules {
		if rough>>lane&1 == 1 {
			b.refine(lane)
		}
	}
	k.charge(b)
	for of := range b.entered {
		for row := range b.entered[of] {
			clear(b.entered[of][row][:steps+1])
		}
	}
}

// smooth reports whether the quadrature over the step from start [s] as one panel is as
// accurate as rounding, so that it needs no correction (newSurvivalTable).
func (h *hazards) smooth(start, fastest float64) bool {
	return h.step*fastest <= 0.5 && h.step*h.rho <= 0.05*(h.Frailty+h.rho*start)
}

// refine replaces the exposure of a lane in the stretch by that of its survival
// tables.
func (b *batch) refine(lane int) {
	r := b.rules[lane]
	for v := range numViews {
		table := r.table(View(v))
		for k := max(b.from, 0); k < min(b.to, b.alive[lane]); k++ {
			for row, code := range b.timeline.conditions {
				class, j := r.classOf[code], k-b.from
				b.exposed[v][row][j][lane] = table.exposed[class][k]
				b.resigned[v][row][j][lane] = table.resign[class][k]
			}
		}
	}
}
