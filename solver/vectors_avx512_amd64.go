//go:build goexperiment.simd && amd64

package solver

import "simd/archsimd"

// The phases with vectors of 512 bits. vectors_avx2_amd64.go is this file with 512
// replaced by 256 and x8 by x4:
//
//go:generate go test -run TestNarrowPhases -update

var phases512 = phases{turn512, poll512, move512, drive512, leaves512}

func turn512(v *vectors) {
	c := &v.constants
	for i := range v.groups {
		group := &v.groups[i]
		g := group.columns
		group.settled, group.audible = 0, 0
		for lane := 0; lane < lanes; lane += width512 {
			z := load512(&g.z, lane)
			step := load512(&g.step, lane).Add(load512(&c.turn, 0))
			store512(step, &g.step, lane)
			settled := z.GreaterEqual(load512(&g.settledAt0, lane).Sub(load512(&g.settleFall, lane).Mul(step)))
			group.settled |= settled.ToBits() << lane
			group.audible |= z.Less(load512(&g.noiseBelow, lane)).ToBits() << lane
		}
	}
	archsimd.ClearAVXUpperBits()
}

func poll512(v *vectors) {
	c := &v.constants
	for i := range v.groups {
		group := &v.groups[i]
		g := group.columns
		low, veryLow, reacts, below, far := uint8(0), uint8(0), group.fresh, uint8(0), uint8(0)
		for lane := 0; lane < lanes; lane += width512 {
			z := load512(&g.z, lane)
			if group.noisy != 0 {
				weight := z.Mul(load512(&c.inverseConverge, 0)).Min(load512(&c.one, 0)).Max(load512(&c.zero, 0))
				off := load512(&g.bias, lane).Add(load512(&g.noise, lane)).Mul(weight)
				shown := z.Add(off).Mul(load512(&c.hundred, 0)).Add(load512(&c.half, 0))
				low |= shown.Less(load512(&c.lowBelow, 0)).ToBits() << lane
				veryLow |= shown.Less(load512(&c.veryLowBelow, 0)).ToBits() << lane
			}
			skin := load512(&g.skinT, lane)
			reacts |= (skin.GreaterEqual(load512(&g.rise, lane)).ToBits() | skin.Less(load512(&g.leave, lane)).ToBits()) << lane
			below |= z.Less(load512(&g.knot, lane)).ToBits() << lane

			// Resistances, from those of the last step.
			abs := load512(&g.cellT, lane).Add(load512(&c.zeroCelsius, 0))
			x := load512(&c.one, 0).Div(abs).Sub(load512(&c.inverseReference, 0)).Mul(load512(&c.eaOverRg, 0))
			dx := x.Sub(load512(&g.x, lane))
			ds := dx.Mul(load512(&c.texp, 0)).Add(load512(&g.fall, lane).Mul(load512(&c.inverseScale, 0)))
			dx2, ds2 := dx.Mul(dx), ds.Mul(ds)
			far |= (^dx2.Add(ds2).LessEqual(load512(&c.small, 0)).ToBits() & (1<<width512 - 1)) << lane
			px := dx.Mul(load512(&c.small3, 0)).Add(load512(&c.half, 0)).Add(dx2.Mul(dx.Mul(load512(&c.small5, 0)).Add(load512(&c.small4, 0))))
			ps := ds.Mul(load512(&c.small3, 0)).Add(load512(&c.half, 0)).Add(ds2.Mul(ds.Mul(load512(&c.small5, 0)).Add(load512(&c.small4, 0))))
			store512(x, &g.x, lane)
			store512(load512(&g.alpha, lane).Mul(load512(&c.one, 0).Add(dx).Add(dx2.Mul(px))), &g.alpha, lane)
			store512(load512(&g.boost, lane).Mul(load512(&c.one, 0).Add(ds).Add(ds2.Mul(ps))), &g.boost, lane)
		}
		low &= group.noisy
		veryLow &= group.noisy
		group.reacts = (low ^ group.low | veryLow ^ group.veryLow | reacts) & group.active
		group.low, group.veryLow = low, veryLow
		group.below, group.far = below, far
	}
	archsimd.ClearAVXUpperBits()
}

func move512(v *vectors) {
	c := &v.constants
	for i := range v.groups {
		group := &v.groups[i]
		g := group.columns
		on, out := uint8(0), uint8(0)
		for lane := 0; lane < lanes; lane += width512 {
			// Cell at constant power.
			state := selector512(words512(&g.state, lane))
			power := lookUp512(&c.power, state).Mul(load512(&g.factor, lane))
			gain := load512(&g.alpha, lane).Mul(load512(&c.restRho, 0)).Add(load512(&c.rho, 0))
			gainS := load512(&g.boost, lane).Add(load512(&c.one, 0)).Mul(gain)
			z := load512(&g.z, lane)
			u := z.Mul(load512(&g.slope, lane)).Add(load512(&g.intercept, lane))
			v1, v2 := load512(&g.v1, lane), load512(&g.v2, lane)
			e := u.Sub(v1).Sub(v2)
			ohmic := load512(&g.r0, lane).Mul(gainS)
			half := e.Mul(load512(&c.half, 0))
			current := power.Div(half.Add(half.Mul(half).Sub(ohmic.Mul(power)).Sqrt()))
			voltage := e.Sub(current.Mul(ohmic))
			on |= e.Greater(load512(&c.zero, 0)).ToBits() & voltage.GreaterEqual(load512(&c.vCut, 0)).ToBits() << lane

			// Integrate over the step.
			fall := current.Mul(load512(&g.drain, lane))
			store512(fall, &g.fall, lane)
			z = z.Sub(fall)
			store512(z, &g.z, lane)
			store512(v1.Mul(load512(&c.decay1, 0)).Add(load512(&g.r1, lane).Mul(gainS).Mul(current)), &g.v1, lane)
			store512(v2.Mul(load512(&c.decay2, 0)).Add(load512(&g.r2, lane).Mul(gain).Mul(current)), &g.v2, lane)
			abs := load512(&g.cellT, lane).Add(load512(&c.zeroCelsius, 0))
			heat := current.Mul(u.Sub(voltage)).Sub(abs.Mul(load512(&c.entropy, 0)).Mul(current))

			// Network, mode by mode.
			front := lookUp512(&c.front, state).Mul(power)
			logic := power.Sub(front)
			front = front.Add(load512(&g.sunHeat, lane))
			ou := load512(&g.ou, lane)
			m0, m1, m2, m3, m4 := &g.modes[0], &g.modes[1], &g.modes[2], &g.modes[3], &g.modes[4]
			y0, y1, y2 := rest512(m0, lane, logic, front, ou), rest512(m1, lane, logic, front, ou), rest512(m2, lane, logic, front, ou)
			y3, y4 := rest512(m3, lane, logic, front, ou), rest512(m4, lane, logic, front, ou)
			cellT := y0.Add(y1).Add(y2.Add(y3)).Add(y4).Add(load512(&g.cellHeat, lane).Mul(heat))
			store512(cellT, &g.cellT, lane)
			t0, t1, t2 := warm512(m0, lane, y0, heat), warm512(m1, lane, y1, heat), warm512(m2, lane, y2, heat)
			t3, t4 := warm512(m3, lane, y3, heat), warm512(m4, lane, y4, heat)
			store512(t0.Add(t1).Add(t2.Add(t3)).Add(t4), &g.skinT, lane)
			out |= (z.LessEqual(load512(&c.zero, 0)).ToBits() | cellT.GreaterEqual(load512(&c.tOff, 0)).ToBits()) << lane
		}
		group.off, group.out = ^on, out
	}
	archsimd.ClearAVXUpperBits()
}

// rest512 returns a mode's amplitude at the end of the step but for the cell's heat;
// warm512 adds that and returns the mode's part of the skin's temperature.
func rest512(m *modeColumns, lane int, logic, front, ou archsimd.Float64x8) archsimd.Float64x8 {
	input := load512(&m.held, lane).Add(load512(&m.logic, lane).Mul(logic).Add(load512(&m.front, lane).Mul(front)))
	return input.Add(load512(&m.air, lane).Mul(ou)).Add(load512(&m.decay, lane).Mul(load512(&m.amplitude, lane)))
}

func warm512(m *modeColumns, lane int, rest, heat archsimd.Float64x8) archsimd.Float64x8 {
	y := rest.Add(load512(&m.heat, lane).Mul(heat))
	store512(y, &m.amplitude, lane)
	return load512(&m.skin, lane).Mul(y)
}

// drive512 books the CPU share of the step and takes the drivers to its end.
func drive512(v *vectors) {
	c := &v.constants
	at := v.clock % turn * groups
	slot := v.clock % len(v.groups[0].shares)
	for i := range v.groups {
		group := &v.groups[i]
		g, share := group.columns, &group.shares[slot]
		busy, sun := uint8(0), uint8(0)
		for lane := 0; lane < lanes; lane += width512 {
			// CPU window, with the share of the state in the step.
			state := selector512(words512(&g.state, lane))
			if group.watched != 0 {
				now := lookUpWords512(&c.cpu, state)
				sum := words512(&g.cpuSum, lane).Add(now).Sub(words512(share, lane))
				storeWords512(sum, &g.cpuSum, lane)
				storeWords512(now, share, lane)
				busy |= sum.AsInt64x8().Greater(words512(&g.cpuLimit, lane).AsInt64x8()).ToBits() << lane
			}

			// Drivers.
			air := words512(&v.airs[at+i], lane).AsFloat64x8()
			store512(load512(&g.ouDecay, lane).Mul(load512(&g.ou, lane)).Add(load512(&g.ouInnovate, lane).Mul(air)), &g.ou, lane)
			if group.noisy != 0 {
				noise := words512(&v.noises[at+i], lane).AsFloat64x8()
				store512(load512(&c.noiseDecay, 0).Mul(load512(&g.noise, lane)).Add(load512(&c.noiseInnovate, 0).Mul(noise)), &g.noise, lane)
			}
			low32 := words512(&c.low32, 0)
			if group.sunny != 0 {
				word := words512(&v.suns[at+i], lane).And(low32).AsInt64x8()
				sun |= words512(&g.sunBelow, lane).AsInt64x8().Greater(word).ToBits() << lane
			}

			// The next state is the number of cumulated probabilities that the word is not below.
			word := words512(&v.loads[at+i], lane).And(low32).AsInt64x8()
			below := lookUpWords512(&c.next[0], state).AsInt64x8().Greater(word).ToInt64x8().
				Add(lookUpWords512(&c.next[1], state).AsInt64x8().Greater(word).ToInt64x8()).
				Add(lookUpWords512(&c.next[2], state).AsInt64x8().Greater(word).ToInt64x8())
			storeWords512(words512(&c.three, 0).Add(below.AsUint64x8()), &g.state, lane)
		}
		group.busy, group.sun = busy&group.watched, sun^group.shining
	}
	archsimd.ClearAVXUpperBits()
}

func leaves512(v *vectors, b *loadBlock) {
	c := &v.constants
	b.leaves = 0
	for i := range b.words {
		found := uint8(0)
		for lane := 0; lane < lanes; lane += width512 {
			word := words512(&b.words[i], lane).And(words512(&c.low32, 0)).AsInt64x8()
			quiet := words512(&c.stay, 0).AsInt64x8().Greater(word).ToBits()
			found |= (^quiet & (1<<width512 - 1)) << lane
		}
		b.leaves |= everyFourth[found] << (i/2 + i%2*32)
	}
	archsimd.ClearAVXUpperBits()
}
