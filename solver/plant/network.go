package plant

import "budget/model"

// network holds the exact thermal step of a build in an environment's airflow
// with a fit, in the network's modes: an amplitude decays on its own and takes its
// share of what feeds the nodes. Amplitudes are scaled to be a mode's part of the
// temperature at node B, whose sum that temperature is.
type network struct {
	decay              model.Vector // of the amplitudes over a step
	logic, heat, front model.Vector // per watt of heat at the nodes P, B and F
	air                model.Vector // per degC of air
	wrist              model.Vector // per degC of deep wrist
	skin               model.Vector // temperature of node K per amplitude
	cellHeat           float64      // temperature of node B per watt of heat there, in a step
	amplitudes         model.Matrix // from temperatures
	gain               model.Matrix // G⁻¹
	model              *model.Network
}

func newNetwork(n *model.Network, step float64) network {
	_, w := n.Propagator(step)
	shapes, amplitudes, decay := n.Modes(step)
	var skin model.Vector
	for i := range amplitudes {
		scale := shapes[model.NodeB][i]
		if scale == 0 {
			scale = 0x1p-200 // a mode that node B has no part in
		}
		skin[i] = shapes[model.NodeK][i] / scale
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
		skin:       skin,
		amplitudes: amplitudes,
		gain:       n.Gain(),
		model:      n,
	}
}

// equilibrium returns the equilibrium temperature at a node for heat at the nodes P, F
// and B [W], air and deep wrist [degC].
func (n *network) equilibrium(node int, logic, front, heat, air, wrist float64) float64 {
	gain, m := &n.gain[node], n.model
	return gain[model.NodeP]*logic + gain[model.NodeB]*heat + gain[model.NodeH]*(m.AirH*air) +
		gain[model.NodeF]*(front+m.AirF*air) + gain[model.NodeK]*(m.Wrist*wrist)
}
