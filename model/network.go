package model

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// The nodes of the thermal network.
const (
	NodeP = iota // SiP and logic
	NodeB        // battery
	NodeH        // housing
	NodeF        // front crystal and display
	NodeK        // back crystal on the skin
	Nodes
)

// Vector and Matrix are node vectors and matrices, in the order P B H F K.
type (
	Vector [Nodes]float64
	Matrix [Nodes][Nodes]float64
)

// Network is the thermal network of a worn watch, linear in the temperatures:
//
//	C dT/dt = −G T + u
//
// with G the symmetric Laplacian of the conductances between the nodes plus, on
// the diagonal, those to the air at F and H and to the deep wrist at K.
type Network struct {
	C            Vector  // heat capacities [J/K]
	G            Matrix  // conductances [W/K]
	AirF, AirH   float64 // air conductances of front and housing [W/K]
	Wrist        float64 // conductance to the deep wrist [W/K]
	SunAreaScale float64 // absorbing area times absorptance [m2]
}

// NewNetwork assembles the network of a build in an airflow with a fit.
func NewNetwork(t *Thermal, build *Build, air Airflow, fit *Fit) *Network {
	scale := float64(build.AreaScale)
	n := &Network{
		AirF:         float64(air.Front) * scale,
		AirH:         float64(air.Housing) * scale,
		Wrist:        1 / float64(fit.RKW),
		SunAreaScale: float64(t.SunAbsorbArea) * scale,
	}
	for i, c := range build.C {
		n.C[i] = float64(c)
	}
	connect := func(i, j int, r ThermalResistance) {
		g := 1 / float64(r)
		n.G[i][i] += g
		n.G[j][j] += g
		n.G[i][j] -= g
		n.G[j][i] -= g
	}
	connect(NodeP, NodeH, t.RPH)
	connect(NodeP, NodeB, t.RPB)
	connect(NodeP, NodeF, t.RPF)
	connect(NodeB, NodeK, t.RBK)
	connect(NodeB, NodeH, t.RBH)
	connect(NodeH, NodeF, t.RHF)
	connect(NodeH, NodeK, t.RHK)
	n.G[NodeF][NodeF] += n.AirF
	n.G[NodeH][NodeH] += n.AirH
	n.G[NodeK][NodeK] += n.Wrist
	return n
}

// Input returns the heat inputs u [W] of the nodes, for a load p [W] with the share front in the
// display, cell heat qB and sun heat sun [W], and temperatures of the air and the deep wrist
// [degC]:
//
//	u_P = (1−φ) P,  u_B = q_B,  u_H = g_H T_a,  u_F = φ P + sun + g_F T_a,  u_K = T_w / R_KW
func (n *Network) Input(p, front, qB, sun, air, wrist float64) Vector {
	return Vector{
		NodeP: (1 - front) * p,
		NodeB: qB,
		NodeH: n.AirH * air,
		NodeF: front*p + sun + n.AirF*air,
		NodeK: n.Wrist * wrist,
	}
}

// Gain returns G⁻¹, the temperatures [K] per watt at equilibrium.
func (n *Network) Gain() Matrix {
	var inverse mat.Dense
	if err := inverse.Inverse(n.G.dense()); err != nil {
		panic("model: thermal network without a way out for heat")
	}
	return matrixOf(&inverse)
}

// Equilibrium returns the equilibrium temperatures [degC] for the input u: G⁻¹
// u.
func (n *Network) Equilibrium(u Vector) Vector {
	gain := n.Gain()
	return gain.Times(u)
}

// Propagator returns the exact step over d seconds for inputs held over it,
// T ← M T + W u:
//
//	M = exp(−C⁻¹ G d),  W = (I − M) G⁻¹
func (n *Network) Propagator(d float64) (m, w Matrix) {
	rate := n.G.dense()
	rate.Apply(func(i, _ int, g float64) float64 { return -g * d / n.C[i] }, rate)
	var exponential mat.Dense
	exponential.Exp(rate)
	m = matrixOf(&exponential)

	rest := mat.NewDense(Nodes, Nodes, nil)
	rest.Apply(func(i, j int, x float64) float64 {
		if i == j {
			return 1 - x
		}
		return -x
	}, &exponential)
	gain := n.Gain()
	var held mat.Dense
	held.Mul(rest, gain.dense())
	return m, matrixOf(&held)
}

// Modes diagonalises the network. With C^−½ G C^−½ = Q Λ Qᵀ, which is symmetric,
//
//	T = S y,  y = A T,  S = C^−½ Q,  A = Qᵀ C^½
//
// and without input the amplitude y_i decays by exp(−λ_i d) over d seconds: the
// propagator is M = S exp(−Λ d) A.
func (n *Network) Modes(d float64) (shapes, amplitudes Matrix, decay Vector) {
	rate := mat.NewSymDense(Nodes, nil)
	for i, row := range n.G {
		for j := i; j < Nodes; j++ {
			rate.SetSym(i, j, row[j]/math.Sqrt(n.C[i]*n.C[j]))
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(rate, true) {
		panic("model: thermal network without modes")
	}
	var q mat.Dense
	eigen.VectorsTo(&q)
	for j, rate := range eigen.Values(nil) {
		decay[j] = math.Exp(-rate * d)
		for i, c := range n.C {
			shapes[i][j] = q.At(i, j) / math.Sqrt(c)
			amplitudes[j][i] = q.At(i, j) * math.Sqrt(c)
		}
	}
	return shapes, amplitudes, decay
}

// Times returns the product of the matrix and a node vector.
func (m *Matrix) Times(v Vector) Vector {
	var r Vector
	for i := range m {
		for j := range v {
			r[i] += m[i][j] * v[j]
		}
	}
	return r
}

func (m *Matrix) dense() *mat.Dense {
	d := mat.NewDense(Nodes, Nodes, nil)
	for i := range m {
		d.SetRow(i, m[i][:])
	}
	return d
}

func matrixOf(d *mat.Dense) Matrix {
	var m Matrix
	for i := range m {
		mat.Row(m[i][:], i, d)
	}
	return m
}
