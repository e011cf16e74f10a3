package plant

import (
	"math"
	"math/bits"

	"budget/model"
	"budget/solver/random"
)

// portable are the phases for single numbers, one path after the other. The equations
// are those of package model's cell, network and system. trace.go runs the same path
// with package model itself, and a test compares the two.
//
// Every product that is added to something is rounded first, float64(x*y) + z,
// so that no architecture fuses the two.
type portable struct{ *kernel }

func newPortable(p *Plant, s Sampler) Kernel {
	k := newKernel(p, s, new(memory))
	k.phases = portable{k}
	return k
}

func (k portable) turn() {
	for n := range k.groups {
		g := &k.groups[n]
		g.audible = 0
		for set := g.active; set != 0; set &= set - 1 {
			i := bits.TrailingZeros8(set) % lanes
			if g.z[i] < g.noiseBelow[i] {
				g.audible |= 1 << i
			}
		}
	}
}

func (k portable) renew() {
	normal := func(word uint32) uint64 { return math.Float64bits(random.Normal32(word)) }
	for n := range groups {
		g := &k.groups[n]
		for set := g.active; set != 0; set &= set - 1 {
			i, bit := bits.TrailingZeros8(set)%lanes, set&-set
			step, path := k.clock-g.paths[i].first, g.paths[i].path
			at := uint32(step / turn)
			a0, a1, a2, a3, b0, b1, b2, b3 := random.Philox2(k.draws.key, at, purposeAir, at,
				purposeLoad, uint32(path), uint32(path>>32))
			airs, loads := k.airs[n:], k.loadWords[n:]
			airs[0][i], airs[groups][i] = normal(a0), normal(a1)
			airs[2*groups][i], airs[3*groups][i] = normal(a2), normal(a3)
			loads[0][i], loads[groups][i] = uint64(b0), uint64(b1)
			loads[2*groups][i], loads[3*groups][i] = uint64(b2), uint64(b3)
			if g.noisy&bit != 0 {
				for j, word := range driverWords(k.draws.key, purposeNoise, path, step) {
					k.noises[j*groups+n][i] = normal(word)
				}
			}
			if g.sunny&bit != 0 {
				for j, word := range driverWords(k.draws.key, purposeSun, path, step) {
					k.suns[j*groups+n][i] = uint64(word)
				}
			}
		}
	}
}

func (k portable) poll() {
	c, gauge := &k.plant.cell, &k.plant.gauge
	for n := range k.groups {
		g := &k.groups[n]
		low, veryLow, reacts, below, far := uint8(0), uint8(0), g.fresh, uint8(0), uint8(0)
		for set := g.active; set != 0; set &= set - 1 {
			i, bit := bits.TrailingZeros8(set)%lanes, set&-set
			g := g.columns
			z := g.z[i]
			if k.groups[n].noisy&bit != 0 {
				shown := gauge.shown(z, g.bias[i]+g.noise[i])
				if shown < gauge.lowBelow {
					low |= bit
				}
				if shown < gauge.veryLowBelow {
					veryLow |= bit
				}
			}
			if g.skinT[i] >= g.rise[i] || g.skinT[i] < g.leave[i] {
				reacts |= bit
			}
			if z < g.knot[i] {
				below |= bit
			}

			// Resistances, from those of the last step.
			x := c.exponent(g.cellT[i])
			dx := x - g.x[i]
			ds := float64(c.texp*dx) + float64(g.fall[i]*c.inverseScale)
			if !(float64(dx*dx)+float64(ds*ds) <= random.ExpSmallReach*random.ExpSmallReach) {
				far |= bit
				continue
			}
			g.x[i] = x
			g.alpha[i] *= random.ExpSmall(dx)
			g.boost[i] *= random.ExpSmall(ds)
		}
		g.reacts = (low ^ g.low | veryLow ^ g.veryLow | reacts) & g.active
		g.low, g.veryLow = low, veryLow
		g.below, g.far = below, far
	}
}

func (k portable) move() {
	p, c := k.plant, &k.plant.cell
	for n := range k.groups {
		group := &k.groups[n]
		off, out := uint8(0), uint8(0)
		for set := group.active; set != 0; set &= set - 1 {
			i, bit := bits.TrailingZeros8(set)%lanes, set&-set
			g := group.columns

			// Cell at constant power.
			state := g.state[i] % (4 * mostLoads)
			power := p.chains.power[state] * g.factor[i]
			gain := c.rho + float64((1-c.rho)*g.alpha[i])
			gainS := gain * (1 + g.boost[i])
			z := g.z[i]
			u := g.intercept[i] + float64(g.slope[i]*z)
			e := u - g.v1[i] - g.v2[i]
			ohmic := g.r0[i] * gainS
			half := 0.5 * e
			current := power / (half + math.Sqrt(float64(half*half)-float64(ohmic*power)))
			voltage := e - float64(current*ohmic)
			if !(e > 0 && voltage >= c.vCut) { // without a root, voltage is NaN
				off |= bit
			}

			// Integrate over the step.
			g.fall[i] = current * g.drain[i]
			z -= g.fall[i]
			g.z[i] = z
			g.v1[i] = float64(c.decay1*g.v1[i]) + float64(current*(g.r1[i]*gainS))
			g.v2[i] = float64(c.decay2*g.v2[i]) + float64(current*(g.r2[i]*gain))
			abs := g.cellT[i] + model.ZeroCelsius
			heat := float64(current*(u-voltage)) - float64(current*float64(abs*c.entropy))

			// Network, mode by mode: the amplitudes are parts of the temperature at node B,
			// computed first without the cell's heat, which is added when it is known.
			front := power * p.chains.front[state]
			logic := power - front
			front += g.sunHeat[i]
			ou := g.ou[i]
			m0, m1, m2, m3, m4 := &g.modes[0], &g.modes[1], &g.modes[2], &g.modes[3], &g.modes[4]
			y0, y1 := m0.rest(i, logic, front, ou), m1.rest(i, logic, front, ou)
			y2, y3 := m2.rest(i, logic, front, ou), m3.rest(i, logic, front, ou)
			y4 := m4.rest(i, logic, front, ou)
			g.cellT[i] = (((y0 + y1) + (y2 + y3)) + y4) + float64(g.cellHeat[i]*heat)
			t0, t1, t2 := m0.warm(i, y0, heat), m1.warm(i, y1, heat), m2.warm(i, y2, heat)
			t3, t4 := m3.warm(i, y3, heat), m4.warm(i, y4, heat)
			g.skinT[i] = ((t0 + t1) + (t2 + t3)) + t4
			if z <= 0 || g.cellT[i] >= c.tOff {
				out |= bit
			}
		}
		group.off, group.out = off, out
	}
}

// rest returns a mode's amplitude at the end of the step without the cell's heat; warm
// adds that and returns the mode's part of the skin temperature.
func (m *modeColumns) rest(i int, logic, front, ou float64) float64 {
	input := m.held[i] + (float64(m.logic[i]*logic) + float64(m.front[i]*front))
	return (input + float64(m.air[i]*ou)) + float64(m.decay[i]*m.amplitude[i])
}

func (m *modeColumns) warm(i int, rest, heat float64) float64 {
	y := rest + float64(m.heat[i]*heat)
	m.amplitude[i] = y
	return float64(m.skin[i] * y)
}

// drive books the CPU share of the step and takes the drivers to its end.
func (k portable) drive() {
	p := k.plant
	at := k.clock % turn * groups
	for n := range k.groups {
		group := &k.groups[n]
		busy, sun := uint8(0), group.shining
		shares := &group.shares[k.clock%len(group.shares)]
		for set := group.active; set != 0; set &= set - 1 {
			i, bit := bits.TrailingZeros8(set)%lanes, set&-set
			g := group.columns
			state := g.state[i] % (4 * mostLoads)
			if group.watched&bit != 0 {
				now := uint64(p.chains.cpu[state])
				g.cpuSum[i] += now - shares[i]
				shares[i] = now
				if int64(g.cpuSum[i]) > int64(g.cpuLimit[i]) {
					busy |= bit
				}
			}
			air := math.Float64frombits(k.airs[at+n][i])
			g.ou[i] = float64(g.ouDecay[i]*g.ou[i]) + float64(g.ouInnovate[i]*air)
			if group.noisy&bit != 0 {
				noise := math.Float64frombits(k.noises[at+n][i])
				g.noise[i] = float64(p.gauge.decay*g.noise[i]) + float64(p.gauge.innovate*noise)
			}
			if group.sunny&bit != 0 {
				sun = put(sun, bit, k.suns[at+n][i] < g.sunBelow[i])
			}
			g.state[i] = uint64(p.chains.step(int(state), uint32(k.loadWords[at+n][i])))
		}
		group.busy, group.sun = busy, sun^group.shining
	}
}

func (k portable) loads(path uint64, step int, b *loadBlock) {
	stay, back := k.plant.leastStay, k.plant.leastReturn
	away := true // the load may not be in state quiet
	for i := range blockVectors {
		leaves, aways := uint32(0), uint32(0)
		for t := 0; t < lanes; t += 2 {
			words := k.words2(purposeLoad, path, step+(lanes*i+t)*turn)
			for j := range 2 {
				w0, w1, w2, w3 := words[turn*j], words[turn*j+1], words[turn*j+2], words[turn*j+3]
				b.words[i][t+j], b.words[blockVectors+i][t+j] = uint64(w0), uint64(w1)
				b.words[2*blockVectors+i][t+j], b.words[3*blockVectors+i][t+j] = uint64(w2), uint64(w3)
				leaves, aways = leaves>>turn, aways>>turn
				if away || uint64(max(w0, w1, w2, w3)) >= stay {
					leaves |= reaches(w0, stay)<<28 | reaches(w1, stay)<<29 | reaches(w2, stay)<<30 |
						reaches(w3, stay)<<31
					aways |= reaches(w0, back)<<28 | reaches(w1, back)<<29 | reaches(w2, back)<<30 |
						reaches(w3, back)<<31
					away = aways>>31 == 1
				}
			}
		}
		b.leaves[i], b.away[i] = leaves, aways
	}
}

// reaches returns 1 where a word is a bound or above, else 0. It is no branch, which could not be
// foreseen.
func reaches(word uint32, bound uint64) uint32 { return uint32((bound - 1 - uint64(word)) >> 63) }

func (k portable) normals(purpose uint32, path uint64, step int, b *block) {
	for i := range blockVectors {
		for t := 0; t < lanes; t += 2 {
			for j, word := range k.words2(purpose, path, step+(lanes*i+t)*turn) {
				b[blockVectors*(j%turn)+i][t+j/turn] = math.Float64bits(random.Normal32(word))
			}
		}
	}
}

// words2 returns a path's words of two turns for a purpose, the first of which begins with step
// k.
func (k portable) words2(purpose uint32, path uint64, step int) (w [2 * turn]uint32) {
	at := uint32(step / turn)
	w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7] = random.Philox2(k.draws.key, at, purpose, at+1,
		purpose, uint32(path), uint32(path>>32))
	return w
}
