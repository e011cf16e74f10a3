//go:build goexperiment.simd && amd64

package plant

import "simd/archsimd"

// The other file for vectors is this one with 512 replaced by 256 and x8 by x4:
//
//go:generate go run narrow.go phases512_amd64 phases256_amd64

// phases512 are the phases with vectors of 512 bits: the operations of the portable ones,
// in their order.
type phases512 struct{ *vectors }

func (v phases512) turn() {
	for i := range v.groups {
		group := &v.groups[i]
		group.audible = 0
		for lane := 0; lane < lanes; lane += width512 {
			g := group.columns512(lane)
			group.audible |= load512(&g.z).Less(load512(&g.noiseBelow)).ToBits() << lane
		}
	}
	archsimd.ClearAVXUpperBits()
}

func (v phases512) poll() {
	c := v.constants
	for i := range v.groups {
		group := &v.groups[i]
		low, veryLow, reacts, below, far := uint8(0), uint8(0), group.fresh, uint8(0), uint8(0)
		for lane := 0; lane < lanes; lane += width512 {
			g := group.columns512(lane)
			z := load512(&g.z)
			if group.noisy != 0 {
				weight := z.Mul(load512(&c.inverseConverge)).Min(load512(&c.one)).Max(load512(&c.zero))
				off := load512(&g.bias).Add(load512(&g.noise)).Mul(weight)
				shown := z.Add(off).Mul(load512(&c.hundred)).Add(load512(&c.half))
				low |= shown.Less(load512(&c.lowBelow)).ToBits() << lane
				veryLow |= shown.Less(load512(&c.veryLowBelow)).ToBits() << lane
			}
			skin := load512(&g.skinT)
			rises := skin.GreaterEqual(load512(&g.rise)).ToBits()
			reacts |= (rises | skin.Less(load512(&g.leave)).ToBits()) << lane
			below |= z.Less(load512(&g.knot)).ToBits() << lane

			// Resistances, from those of the last step.
			abs := load512(&g.cellT).Add(load512(&c.zeroCelsius))
			x := load512(&c.one).Div(abs).Sub(load512(&c.inverseReference)).Mul(load512(&c.eaOverRg))
			dx := x.Sub(load512(&g.x))
			ds := dx.Mul(load512(&c.texp)).Add(load512(&g.fall).Mul(load512(&c.inverseScale)))
			dx2, ds2 := dx.Mul(dx), ds.Mul(ds)
			far |= (^dx2.Add(ds2).LessEqual(load512(&c.small)).ToBits() & (1<<width512 - 1)) << lane
			store512(x, &g.x)
			store512(load512(&g.alpha).Mul(expSmall512(c, dx, dx2)), &g.alpha)
			store512(load512(&g.boost).Mul(expSmall512(c, ds, ds2)), &g.boost)
		}
		low &= group.noisy
		veryLow &= group.noisy
		group.reacts = (low ^ group.low | veryLow ^ group.veryLow | reacts) & group.active
		group.low, group.veryLow = low, veryLow
		group.below, group.far = below, far
	}
	archsimd.ClearAVXUpperBits()
}

// expSmall512 is random.ExpSmall, given x and its square.
func expSmall512(c *vectorConstants, x, x2 archsimd.Float64x8) archsimd.Float64x8 {
	low := x.Mul(load512(&c.small3)).Add(load512(&c.half))
	p := low.Add(x2.Mul(x.Mul(load512(&c.small5)).Add(load512(&c.small4))))
	return load512(&c.one).Add(x).Add(x2.Mul(p))
}

func (v phases512) move() {
	c, loads := v.constants, len(v.plant.loads)
	for i := range v.groups {
		group := &v.groups[i]
		on, out := uint8(0), uint8(0)
		for lane := 0; lane < lanes; lane += width512 {
			g := group.columns512(lane)

			// Cell at constant power.
			state := selector512(words512(&g.state))
			power := lookUp512(&c.power, state, loads).AsFloat64x8().Mul(load512(&g.factor))
			gain := load512(&g.alpha).Mul(load512(&c.restRho)).Add(load512(&c.rho))
			gainS := load512(&g.boost).Add(load512(&c.one)).Mul(gain)
			z := load512(&g.z)
			u := z.Mul(load512(&g.slope)).Add(load512(&g.intercept))
			v1, v2 := load512(&g.v1), load512(&g.v2)
			e := u.Sub(v1).Sub(v2)
			ohmic := load512(&g.r0).Mul(gainS)
			half := e.Mul(load512(&c.half))
			current := power.Div(half.Add(half.Mul(half).Sub(ohmic.Mul(power)).Sqrt()))
			voltage := e.Sub(current.Mul(ohmic))
			holds := voltage.GreaterEqual(load512(&c.vCut)).ToBits()
			on |= e.Greater(load512(&c.zero)).ToBits() & holds << lane

			// Integrate over the step.
			fall := current.Mul(load512(&g.drain))
			store512(fall, &g.fall)
			z = z.Sub(fall)
			store512(z, &g.z)
			store512(v1.Mul(load512(&c.decay1)).Add(load512(&g.r1).Mul(gainS).Mul(current)), &g.v1)
			store512(v2.Mul(load512(&c.decay2)).Add(load512(&g.r2).Mul(gain).Mul(current)), &g.v2)
			abs := load512(&g.cellT).Add(load512(&c.zeroCelsius))
			heat := current.Mul(u.Sub(voltage)).Sub(abs.Mul(load512(&c.entropy)).Mul(current))

			// Network, mode by mode.
			front := lookUp512(&c.front, state, loads).AsFloat64x8().Mul(power)
			logic := power.Sub(front)
			front = front.Add(load512(&g.sunHeat))
			ou := load512(&g.ou)
			m0, m1, m2, m3, m4 := &g.modes[0], &g.modes[1], &g.modes[2], &g.modes[3], &g.modes[4]
			y0, y1 := rest512(m0, logic, front, ou), rest512(m1, logic, front, ou)
			y2, y3 := rest512(m2, logic, front, ou), rest512(m3, logic, front, ou)
			y4 := rest512(m4, logic, front, ou)
			cellT := y0.Add(y1).Add(y2.Add(y3)).Add(y4).Add(load512(&g.cellHeat).Mul(heat))
			store512(cellT, &g.cellT)
			t0, t1, t2 := warm512(m0, y0, heat), warm512(m1, y1, heat), warm512(m2, y2, heat)
			t3, t4 := warm512(m3, y3, heat), warm512(m4, y4, heat)
			store512(t0.Add(t1).Add(t2.Add(t3)).Add(t4), &g.skinT)
			hot := cellT.GreaterEqual(load512(&c.tOff)).ToBits()
			out |= (z.LessEqual(load512(&c.zero)).ToBits() | hot) << lane
		}
		group.off, group.out = ^on, out
	}
	archsimd.ClearAVXUpperBits()
}

// rest512 returns a mode's amplitude at the end of the step but for the cell's heat;
// warm512 adds that and returns the mode's part of the skin's temperature.
func rest512(m *modeColumns, logic, front, ou archsimd.Float64x8) archsimd.Float64x8 {
	input := load512(&m.held).Add(load512(&m.logic).Mul(logic).Add(load512(&m.front).Mul(front)))
	return input.Add(load512(&m.air).Mul(ou)).Add(load512(&m.decay).Mul(load512(&m.amplitude)))
}

func warm512(m *modeColumns, rest, heat archsimd.Float64x8) archsimd.Float64x8 {
	y := rest.Add(load512(&m.heat).Mul(heat))
	store512(y, &m.amplitude)
	return load512(&m.skin).Mul(y)
}

// drive books the CPU share of the step and takes the drivers to its end.
func (v phases512) drive() {
	c, loads := v.constants, len(v.plant.loads)
	at := v.clock % turn * groups
	slot := v.clock % len(v.groups[0].shares)
	for i := range v.groups {
		group := &v.groups[i]
		busy, sun := uint8(0), uint8(0)
		for lane := 0; lane < lanes; lane += width512 {
			g := group.columns512(lane)

			// CPU window, with the share of the state in the step.
			state := selector512(words512(&g.state))
			if group.watched != 0 {
				share := from512(&group.shares[slot], lane)
				now := lookUp512(&c.cpu, state, loads)
				sum := words512(&g.cpuSum).Add(now).Sub(words512(share))
				storeWords512(sum, &g.cpuSum)
				storeWords512(now, share)
				busy |= sum.AsInt64x8().Greater(words512(&g.cpuLimit).AsInt64x8()).ToBits() << lane
			}

			// Drivers.
			air := words512(from512(&v.airs[at+i], lane)).AsFloat64x8()
			store512(load512(&g.ouDecay).Mul(load512(&g.ou)).Add(load512(&g.ouInnovate).Mul(air)), &g.ou)
			if group.noisy != 0 {
				noise := words512(from512(&v.noises[at+i], lane)).AsFloat64x8()
				kept := load512(&c.noiseDecay).Mul(load512(&g.noise))
				store512(kept.Add(load512(&c.noiseInnovate).Mul(noise)), &g.noise)
			}
			low32 := words512(&c.low32)
			if group.sunny != 0 {
				word := words512(from512(&v.suns[at+i], lane)).And(low32).AsInt64x8()
				sun |= words512(&g.sunBelow).AsInt64x8().Greater(word).ToBits() << lane
			}

			// The next state is the number of cumulated probabilities that the word is not below.
			word := words512(from512(&v.loadWords[at+i], lane)).And(low32).AsInt64x8()
			below := lookUp512(&c.next[0], state, loads).AsInt64x8().Greater(word).ToInt64x8().
				Add(lookUp512(&c.next[1], state, loads).AsInt64x8().Greater(word).ToInt64x8()).
				Add(lookUp512(&c.next[2], state, loads).AsInt64x8().Greater(word).ToInt64x8())
			load := words512(&g.state).And(words512(&c.twelve))
			storeWords512(words512(&c.three).Add(below.AsUint64x8()).Add(load), &g.state)
		}
		group.busy, group.sun = busy&group.watched, sun^group.shining
	}
	archsimd.ClearAVXUpperBits()
}

func (v phases512) loads(path uint64, step int, b *loadBlock) {
	v.blockOf(purposeLoad, path, step, &b.words)
	c := v.constants
	b.leaves, b.away = [blockVectors]uint32{}, [blockVectors]uint32{}
	for i := range b.words {
		leaves, away := uint8(0), uint8(0)
		for lane := 0; lane < lanes; lane += width512 {
			word := words512(from512(&b.words[i], lane)).And(words512(&c.low32)).AsInt64x8()
			stays := words512(&c.stay).AsInt64x8().Greater(word).ToBits()
			back := words512(&c.back).AsInt64x8().Greater(word).ToBits()
			leaves |= (^stays & (1<<width512 - 1)) << lane
			away |= (^back & (1<<width512 - 1)) << lane
		}
		b.leaves[i%blockVectors] |= everyFourth[leaves] << (i / blockVectors)
		b.away[i%blockVectors] |= everyFourth[away] << (i / blockVectors)
	}
	archsimd.ClearAVXUpperBits()
}
