// Code generated from vectors_avx512_amd64.go; DO NOT EDIT.

//go:build goexperiment.simd && amd64

package solver

import "simd/archsimd"

var phases256 = phases{turn256, poll256, move256, drive256, leaves256}

func turn256(v *vectors) {
	c := &v.constants
	for i := range v.groups {
		group := &v.groups[i]
		g := group.columns
		group.settled, group.audible = 0, 0
		for lane := 0; lane < lanes; lane += width256 {
			z := load256(&g.z, lane)
			step := load256(&g.step, lane).Add(load256(&c.turn, 0))
			store256(step, &g.step, lane)
			settled := z.GreaterEqual(load256(&g.settledAt0, lane).Sub(load256(&g.settleFall, lane).Mul(step)))
			group.settled |= settled.ToBits() << lane
			group.audible |= z.Less(load256(&g.noiseBelow, lane)).ToBits() << lane
		}
	}
	archsimd.ClearAVXUpperBits()
}

func poll256(v *vectors) {
	c := &v.constants
	for i := range v.groups {
		group := &v.groups[i]
		g := group.columns
		low, veryLow, reacts, below, far := uint8(0), uint8(0), group.fresh, uint8(0), uint8(0)
		for lane := 0; lane < lanes; lane += width256 {
			z := load256(&g.z, lane)
			if group.noisy != 0 {
				weight := z.Mul(load256(&c.inverseConverge, 0)).Min(load256(&c.one, 0)).Max(load256(&c.zero, 0))
				off := load256(&g.bias, lane).Add(load256(&g.noise, lane)).Mul(weight)
				shown := z.Add(off).Mul(load256(&c.hundred, 0)).Add(load256(&c.half, 0))
				low |= shown.Less(load256(&c.lowBelow, 0)).ToBits() << lane
				veryLow |= shown.Less(load256(&c.veryLowBelow, 0)).ToBits() << lane
			}
			skin := load256(&g.skinT, lane)
			reacts |= (skin.GreaterEqual(load256(&g.rise, lane)).ToBits() | skin.Less(load256(&g.leave, lane)).ToBits()) << lane
			below |= z.Less(load256(&g.knot, lane)).ToBits() << lane

			// Resistances, from those of the last step.
			abs := load256(&g.cellT, lane).Add(load256(&c.zeroCelsius, 0))
			x := load256(&c.one, 0).Div(abs).Sub(load256(&c.inverseReference, 0)).Mul(load256(&c.eaOverRg, 0))
			dx := x.Sub(load256(&g.x, lane))
			ds := dx.Mul(load256(&c.texp, 0)).Add(load256(&g.fall, lane).Mul(load256(&c.inverseScale, 0)))
			dx2, ds2 := dx.Mul(dx), ds.Mul(ds)
			far |= (^dx2.Add(ds2).LessEqual(load256(&c.small, 0)).ToBits() & (1<<width256 - 1)) << lane
			px := dx.Mul(load256(&c.small3, 0)).Add(load256(&c.half, 0)).Add(dx2.Mul(dx.Mul(load256(&c.small5, 0)).Add(load256(&c.small4, 0))))
			ps := ds.Mul(load256(&c.small3, 0)).Add(load256(&c.half, 0)).Add(ds2.Mul(ds.Mul(load256(&c.small5, 0)).Add(load256(&c.small4, 0))))
			store256(x, &g.x, lane)
			store256(load256(&g.alpha, lane).Mul(load256(&c.one, 0).Add(dx).Add(dx2.Mul(px))), &g.alpha, lane)
			store256(load256(&g.boost, lane).Mul(load256(&c.one, 0).Add(ds).Add(ds2.Mul(ps))), &g.boost, lane)
		}
		low &= group.noisy
		veryLow &= group.noisy
		group.reacts = (low ^ group.low | veryLow ^ group.veryLow | reacts) & group.active
		group.low, group.veryLow = low, veryLow
		group.below, group.far = below, far
	}
	archsimd.ClearAVXUpperBits()
}

func move256(v *vectors) {
	c := &v.constants
	for i := range v.groups {
		group := &v.groups[i]
		g := group.columns
		on, out := uint8(0), uint8(0)
		for lane := 0; lane < lanes; lane += width256 {
			// Cell at constant power.
			state := selector256(words256(&g.state, lane))
			power := lookUp256(&c.power, state).Mul(load256(&g.factor, lane))
			gain := load256(&g.alpha, lane).Mul(load256(&c.restRho, 0)).Add(load256(&c.rho, 0))
			gainS := load256(&g.boost, lane).Add(load256(&c.one, 0)).Mul(gain)
			z := load256(&g.z, lane)
			u := z.Mul(load256(&g.slope, lane)).Add(load256(&g.intercept, lane))
			v1, v2 := load256(&g.v1, lane), load256(&g.v2, lane)
			e := u.Sub(v1).Sub(v2)
			ohmic := load256(&g.r0, lane).Mul(gainS)
			half := e.Mul(load256(&c.half, 0))
			current := power.Div(half.Add(half.Mul(half).Sub(ohmic.Mul(power)).Sqrt()))
			voltage := e.Sub(current.Mul(ohmic))
			on |= e.Greater(load256(&c.zero, 0)).ToBits() & voltage.GreaterEqual(load256(&c.vCut, 0)).ToBits() << lane

			// Integrate over the step.
			fall := current.Mul(load256(&g.drain, lane))
			store256(fall, &g.fall, lane)
			z = z.Sub(fall)
			store256(z, &g.z, lane)
			store256(v1.Mul(load256(&c.decay1, 0)).Add(load256(&g.r1, lane).Mul(gainS).Mul(current)), &g.v1, lane)
			store256(v2.Mul(load256(&c.decay2, 0)).Add(load256(&g.r2, lane).Mul(gain).Mul(current)), &g.v2, lane)
			abs := load256(&g.cellT, lane).Add(load256(&c.zeroCelsius, 0))
			heat := current.Mul(u.Sub(voltage)).Sub(abs.Mul(load256(&c.entropy, 0)).Mul(current))

			// Network, mode by mode.
			front := lookUp256(&c.front, state).Mul(power)
			logic := power.Sub(front)
			front = front.Add(load256(&g.sunHeat, lane))
			ou := load256(&g.ou, lane)
			m0, m1, m2, m3, m4 := &g.modes[0], &g.modes[1], &g.modes[2], &g.modes[3], &g.modes[4]
			y0, y1, y2 := rest256(m0, lane, logic, front, ou), rest256(m1, lane, logic, front, ou), rest256(m2, lane, logic, front, ou)
			y3, y4 := rest256(m3, lane, logic, front, ou), rest256(m4, lane, logic, front, ou)
			cellT := y0.Add(y1).Add(y2.Add(y3)).Add(y4).Add(load256(&g.cellHeat, lane).Mul(heat))
			store256(cellT, &g.cellT, lane)
			t0, t1, t2 := warm256(m0, lane, y0, heat), warm256(m1, lane, y1, heat), warm256(m2, lane, y2, heat)
			t3, t4 := warm256(m3, lane, y3, heat), warm256(m4, lane, y4, heat)
			store256(t0.Add(t1).Add(t2.Add(t3)).Add(t4), &g.skinT, lane)
			out |= (z.LessEqual(load256(&c.zero, 0)).ToBits() | cellT.GreaterEqual(load256(&c.tOff, 0)).ToBits()) << lane
		}
		group.off, group.out = ^on, out
	}
	archsimd.ClearAVXUpperBits()
}

// rest256 returns a mode's amplitude at the end of the step but for the cell's heat;
// warm256 adds that and returns the mode's part of the skin's temperature.
func rest256(m *modeColumns, lane int, logic, front, ou archsimd.Float64x4) archsimd.Float64x4 {
	input := load256(&m.held, lane).Add(load256(&m.logic, lane).Mul(logic).Add(load256(&m.front, lane).Mul(front)))
	return input.Add(load256(&m.air, lane).Mul(ou)).Add(load256(&m.decay, lane).Mul(load256(&m.amplitude, lane)))
}

func warm256(m *modeColumns, lane int, rest, heat archsimd.Float64x4) archsimd.Float64x4 {
	y := rest.Add(load256(&m.heat, lane).Mul(heat))
	store256(y, &m.amplitude, lane)
	return load256(&m.skin, lane).Mul(y)
}

// drive256 books the CPU share of the step and takes the drivers to its end.
func drive256(v *vectors) {
	c := &v.constants
	at := v.clock % turn * groups
	slot := v.clock % len(v.groups[0].shares)
	for i := range v.groups {
		group := &v.groups[i]
		g, share := group.columns, &group.shares[slot]
		busy, sun := uint8(0), uint8(0)
		for lane := 0; lane < lanes; lane += width256 {
			// CPU window, with the share of the state in the step.
			state := selector256(words256(&g.state, lane))
			if group.watched != 0 {
				now := lookUpWords256(&c.cpu, state)
				sum := words256(&g.cpuSum, lane).Add(now).Sub(words256(share, lane))
				storeWords256(sum, &g.cpuSum, lane)
				storeWords256(now, share, lane)
				busy |= sum.AsInt64x4().Greater(words256(&g.cpuLimit, lane).AsInt64x4()).ToBits() << lane
			}

			// Drivers.
			air := words256(&v.airs[at+i], lane).AsFloat64x4()
			store256(load256(&g.ouDecay, lane).Mul(load256(&g.ou, lane)).Add(load256(&g.ouInnovate, lane).Mul(air)), &g.ou, lane)
			if group.noisy != 0 {
				noise := words256(&v.noises[at+i], lane).AsFloat64x4()
				store256(load256(&c.noiseDecay, 0).Mul(load256(&g.noise, lane)).Add(load256(&c.noiseInnovate, 0).Mul(noise)), &g.noise, lane)
			}
			low32 := words256(&c.low32, 0)
			if group.sunny != 0 {
				word := words256(&v.suns[at+i], lane).And(low32).AsInt64x4()
				sun |= words256(&g.sunBelow, lane).AsInt64x4().Greater(word).ToBits() << lane
			}

			// The next state is the number of cumulated probabilities that the word is not below.
			word := words256(&v.loads[at+i], lane).And(low32).AsInt64x4()
			below := lookUpWords256(&c.next[0], state).AsInt64x4().Greater(word).ToInt64x4().
				Add(lookUpWords256(&c.next[1], state).AsInt64x4().Greater(word).ToInt64x4()).
				Add(lookUpWords256(&c.next[2], state).AsInt64x4().Greater(word).ToInt64x4())
			storeWords256(words256(&c.three, 0).Add(below.AsUint64x4()), &g.state, lane)
		}
		group.busy, group.sun = busy&group.watched, sun^group.shining
	}
	archsimd.ClearAVXUpperBits()
}

func leaves256(v *vectors, b *loadBlock) {
	c := &v.constants
	b.leaves = 0
	for i := range b.words {
		found := uint8(0)
		for lane := 0; lane < lanes; lane += width256 {
			word := words256(&b.words[i], lane).And(words256(&c.low32, 0)).AsInt64x4()
			quiet := words256(&c.stay, 0).AsInt64x4().Greater(word).ToBits()
			found |= (^quiet & (1<<width256 - 1)) << lane
		}
		b.leaves |= everyFourth[found] << (i/2 + i%2*32)
	}
	archsimd.ClearAVXUpperBits()
}
