package plant

import (
	"math"

	"budget/model"
)

// network is the exact thermal step of a build in an environment's airflow with a
// fit, in thermal modes: each amplitude decays by itself and takes its share of
// the heat at the nodes. Amplitudes are scaled to be a mode's part of the
// temperature at node B, so their sum is that temperature.
type network struct {
	decay              model.Vector // of the amplitudes over a step
	logic, heat, front model.Vector // per watt of heat at the nodes P, B and F
	air                model.Vector // per degC of air
	wrist              model.Vector // per degC of deep wrist
	skin               model.Vector // temperature of node K per amplitude
	shapes             model.Matrix // temperatures from amplitudes
	cellHeat           float64      // temperature of node B per watt of heat there, in a step
	amplitudes         model.Matrix // from temperatures
	gain               model.Matrix // G⁻¹
	model              *model.Network
	cellLoad, skinLoad loadHeat // of the nodes B and K
}

func newNetwork(n *model.Network, step float64) network {
	_, w := n.Propagator(step)
	shapes, amplitudes, decay := n.Modes(step)
	for i := range amplitudes {
		scale := shapes[model.NodeB][i]
		if scale == 0 {
			scale = 0x1p-200 // for a mode without a part at node B
		}
		for node := range shapes {
			shapes[node][i] /= scale
		}
		for j := range amplitudes[i] {
			amplitudes[i][j] *= scale
		}
	}
	per := func(p, front, qB, air, wrist float64) model.Vector {
		return amplitudes.Times(w.Times(n.Input(p, front, qB, 0, air, wrist)))
	}
	heat := per(0, 0, 1, 0, 0)
	return network{
		decay:      decay,
		logic:      per(1, 0, 0, 0, 0),
		heat:       heat,
		cellHeat:   heat[0] + heat[1] + heat[2] + heat[3] + heat[4],
		front:      per(1, 1, 0, 0, 0),
		air:        per(0, 0, 0, 1, 0),
		wrist:      per(0, 0, 0, 0, 1),
		skin:       shapes[model.NodeK],
		shapes:     shapes,
		amplitudes: amplitudes,
		gain:       n.Gain(),
		model:      n,
	}
}

// equilibria returns the equilibrium temperatures for heat at the nodes P, F and B [W],
// air and deep wrist [degC].
func (n *network) equilibria(logic, front, heat, air, wrist float64) (t model.Vector) {
	for i := range t {
		t[i] = n.equilibrium(i, logic, front, heat, air, wrist)
	}
	return t
}

// equilibrium returns the equilibrium temperature of a node.
func (n *network) equilibrium(node int, logic, front, heat, air, wrist float64) float64 {
	gain, m := &n.gain[node], n.model
	return gain[model.NodeP]*logic + gain[model.NodeB]*heat + gain[model.NodeH]*(m.AirH*air) +
		gain[model.NodeF]*(front+m.AirF*air) + gain[model.NodeK]*(m.Wrist*wrist)
}

// after returns temperature differences after a number of steps of decay.
func (n *network) after(steps float64, difference model.Vector) model.Vector {
	amplitude := n.amplitudes.Times(difference)
	for i := range amplitude {
		amplitude[i] *= math.Pow(n.decay[i], steps)
	}
	return n.shapes.Times(amplitude)
}

// loadHeat bounds what a load with factor 1 adds to the temperature of a node. With h_m the
// temperature m steps after a step with a watt, E_k the energy of step k, D its length and
// w0 + w1·n a bound on the energy of n steps,
//
//	Σ_m h_m E_(k−m)/D = w1/D Σ h_m + Σ_m h_m (E_(k−m) − w1)/D ≤ w1/D Σ h_m + w0/D V,
//
// where V is the sum of all rises of h from 0 on: h is a sum of V/ε functions that are ε in an
// interval and else 0, but for a remainder that goes to 0 with ε. Before t = 0 stands the power
// that the watch was worn with, which may be more than w1/D.
type loadHeat struct {
	logic, front float64 // w1/D in the nodes P and F [W]
	rest         float64 // Σ w0/D V [K]
}

// warms returns a bound on what a load with a factor adds to the temperature of a node, where
// pre and preFront are the power before t = 0 and its part in the display [W].
func (n *network) warms(node int, h *loadHeat, factor, pre, preFront float64) float64 {
	gain := &n.gain[node]
	return gain[model.NodeP]*max(factor*h.logic, pre-preFront) +
		gain[model.NodeF]*max(factor*h.front, preFront) + factor*h.rest
}

// rises returns a bound on the sum of the rises of Σ c_i d_iᵐ, from 0 and then from m to m + 1.
// Only the terms with c_i < 0 rise: what is left of them bounds the rises from there on.
func rises(c, d model.Vector) (sum float64) {
	const most = 10_000 // in slow networks a worse bound will do
	before := 0.0
	for m := 0; ; m++ {
		now, rising := 0.0, 0.0
		for i := range c {
			now += c[i]
			rising += max(0, -c[i])
			c[i] *= d[i]
		}
		sum += max(0, now-before)
		if rising <= sum/64 || m == most {
			return sum + rising
		}
		before = now
	}
}
