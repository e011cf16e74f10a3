package model

import "math"

// Physical constants.
const (
	GasConstant  = 8.314462618 // Rg [J/mol/K]
	ZeroCelsius  = 273.15      // 0 degC [K]
	referenceAbs = 298.15      // 25 degC [K], where resistances are given
)

// OpenCircuitVoltage returns U(z) [V] at state of charge z: piecewise linear
// through the knots and constant beyond the ends.
func (b *Battery) OpenCircuitVoltage(z float64) float64 {
	last := len(b.OCV) - 1
	if z <= float64(b.OCVLevels[0]) {
		return float64(b.OCV[0])
	}
	for i := 1; i <= last; i++ {
		if z < float64(b.OCVLevels[i]) {
			z0, z1 := float64(b.OCVLevels[i-1]), float64(b.OCVLevels[i])
			u0, u1 := float64(b.OCV[i-1]), float64(b.OCV[i])
			return u0 + (u1-u0)*(z-z0)/(z1-z0)
		}
	}
	return float64(b.OCV[last])
}

// Resistances returns the cell's resistances [ohm] at state of charge z and
// battery temperature t [degC], given those of the cell at 25 degC:
//
//	α   = exp[(Ea/Rg) (1/T_abs − 1/298.15)]
//	g   = ρ + (1 − ρ) α
//	s   = 1 + soc_gain · exp(−z/soc_scale) · α^soc_texp
//	R0' = R0 g s,  R1' = R1 g s,  R2' = R2 g
//
// The law is fitted to phone packs from −20 to 60 degC (catalog source B:2.3).
func (b *Battery) Resistances(r0, r1, r2, z, t float64) (r0t, r1t, r2t float64) {
	x := b.Arrhenius(t)
	g := b.TemperatureFactor(t)
	s := 1 + float64(b.SoCGain)*math.Exp(float64(b.SoCTExp)*x-z/float64(b.SoCScale))
	return r0 * g * s, r1 * g * s, r2 * g
}

// Arrhenius returns ln α at battery temperature t [degC].
func (b *Battery) Arrhenius(t float64) float64 {
	return float64(b.Ea) / GasConstant * (1/(t+ZeroCelsius) - 1/referenceAbs)
}

// TemperatureFactor returns g at battery temperature t [degC]: 1 at 25 degC.
func (b *Battery) TemperatureFactor(t float64) float64 {
	return float64(b.Rho) + (1-float64(b.Rho))*math.Exp(b.Arrhenius(t))
}

// ConstantPowerCurrent returns the current [A] at which a source of voltage e
// [V] behind a resistance r [ohm] delivers the power p [W], the smaller root of
// p = (e − I r) I in its stable form:
//
//	I = 2 p / (e + sqrt(e² − 4 r p))
//
// ok is false where no current delivers it: e² < 4 r p or e ≤ 0.
func ConstantPowerCurrent(e, r, p float64) (i float64, ok bool) {
	d := e*e - 4*r*p
	if d < 0 || e <= 0 {
		return 0, false
	}
	return 2 * p / (e + math.Sqrt(d)), true
}

// CellHeat returns the heat at the battery node [W] at current i [A],
// open-circuit voltage u, terminal voltage v [V] and battery temperature t
// [degC], irreversible and entropic (Bernardi):
//
//	q_B = I (U − V) − I T_abs · entropy
func (b *Battery) CellHeat(i, u, v, t float64) float64 {
	return i*(u-v) - i*(t+ZeroCelsius)*float64(b.Entropy)
}

// Health returns h, the share of the nominal capacity left after cycles full
// cycles, for the standard normal draw x:
//
//	h = clip(1 − fade_per_1000 · n/1000 · exp(fade_sigma x − fade_sigma²/2), health_min, 1)
func (p *Population) Health(cycles, x float64) float64 {
	s := float64(p.FadeSigma)
	h := 1 - float64(p.FadePer1000)*cycles/1000*math.Exp(s*x-s*s/2)
	return min(max(h, float64(p.HealthMin)), 1)
}

// ResistanceFactor returns r, the growth of all resistances with lost health
// times the spread between cells, for the standard normal draws xGrowth and
// xCell:
//
//	r = (1 + κ (1−h)/0.2) exp(cell_sigma x_c),  κ = growth_median exp(growth_sigma x_g)
func (p *Population) ResistanceFactor(health, xGrowth, xCell float64) float64 {
	kappa := float64(p.GrowthMedian) * math.Exp(float64(p.GrowthSigma)*xGrowth)
	return (1 + kappa*(1-health)/0.2) * math.Exp(float64(p.CellSigma)*xCell)
}
