package model

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// wornStill is the network of oracle O1 (battery-thermal.md, 6): the 45 mm
// watch worn normally in still air.
func wornStill() *Network {
	s := Default()
	return NewNetwork(&s.Thermal, s.Thermal.Builds["large"], s.Thermal.Still,
		find(s.Thermal.Fits, "normal"))
}

// after returns the temperatures after d seconds of a constant input.
func (n *Network) after(start, u Vector, d float64) Vector {
	m, w := n.Propagator(d)
	return m.Times(start).plus(w.Times(u))
}

func (v Vector) plus(w Vector) Vector {
	for i := range v {
		v[i] += w[i]
	}
	return v
}

func uniform(x float64) Vector { return Vector{x, x, x, x, x} }

func approxVector(t interface {
	Helper()
	Errorf(string, ...any)
}, what string, got, want Vector, tolerance float64) {
	t.Helper()
	for i := range got {
		approx(t, what+" at "+"PBHFK"[i:i+1], got[i], want[i], tolerance)
	}
}

// The oracle prints ten decimals.
const digitT = 0.6e-10

func TestTemperaturesOfAStep(t *testing.T) {
	t.Parallel()
	n := wornStill()
	u := n.Input(0.5, 0, 0, 0, 25, 33)
	start := uniform(30)
	approxVector(t, "T(60)", n.after(start, u, 60),
		Vector{32.5298122801, 30.8964645463, 30.5849301739, 30.2978025021, 30.8980979272}, digitT)
	approxVector(t, "T(300)", n.after(start, u, 300),
		Vector{35.3159846253, 33.6034317947, 33.1895607761, 32.8494953507, 33.1130281192}, digitT)
	final := Vector{39.1162725670, 37.2716459301, 36.8190946425, 36.4647447952, 36.1579856507}
	approxVector(t, "equilibrium", n.Equilibrium(u), final, digitT)
	approxVector(t, "T(1e5)", n.after(start, u, 1e5), final, digitT) // e^(−1e5/441) is nothing
}

// M(d) has the eigenvalues e^(−d/τ). The smallest, e^(−20/14) = 0.24, is
// computed to a few ulps, so that τ is good to 1e-13 relative.
func TestTimeConstants(t *testing.T) {
	t.Parallel()
	const d = 20
	m, _ := wornStill().Propagator(d)
	var eigen mat.Eigen
	if !eigen.Factorize(m.dense(), mat.EigenNone) {
		t.Fatal("no eigenvalues")
	}
	var tau []float64
	for _, value := range eigen.Values(nil) {
		tau = append(tau, -d/math.Log(real(value)))
	}
	slices.Sort(tau)
	for i, want := range []float64{14.2199511, 16.0676483, 21.2677629, 32.2152700, 441.3962702} {
		approx(t, "time constant", tau[i], want, 0.6e-7)
	}
}

func TestTimeToReach40(t *testing.T) {
	t.Parallel()
	n := wornStill()
	u := n.Input(1, 0, 0, 0, 25, 33)
	approx(t, "T_K(inf)", n.Equilibrium(u)[NodeK], 41.6691029, 0.6e-7)
	low, high := 0.0, 2000.0
	for range 60 {
		middle := (low + high) / 2
		if n.after(uniform(30), u, middle)[NodeK] < 40 {
			low = middle
		} else {
			high = middle
		}
	}
	approx(t, "time of T_K = 40", low, 871.243104, 0.6e-6)
}

func TestGains(t *testing.T) {
	t.Parallel()
	gain := wornStill().Gain()
	approx(t, "gain P to F", gain[NodeF][NodeP], 13.8555218, 0.6e-7)
	for i := range Nodes {
		for j := range i {
			approx(t, "gain and its reciprocal", gain[i][j], gain[j][i], 1e-13) // some 50 ulps of 14 K/W
		}
	}
	// The table of 3.3, on the wrist in still air and walking.
	approx(t, "P to P", gain[NodeP][NodeP], 18.4, 0.05)
	approx(t, "P to B", gain[NodeB][NodeP], 14.2, 0.05)
	approx(t, "P to K", gain[NodeK][NodeP], 11.0, 0.05)
	approx(t, "F to K", gain[NodeK][NodeF], 10.2, 0.05)
	s := Default()
	walking := NewNetwork(&s.Thermal, s.Thermal.Builds["large"], s.Thermal.Walking,
		find(s.Thermal.Fits, "normal"))
	gain = walking.Gain()
	approx(t, "P to P, walking", gain[NodeP][NodeP], 13.9, 0.05)
	approx(t, "P to K, walking", gain[NodeK][NodeP], 7.6, 0.05)
	approx(t, "F to K, walking", gain[NodeK][NodeF], 6.4, 0.05)
}

// Five copies of the one node of O1: R = 12 K/W to the air, C = 33.7 J/K, 0.5 W.
func TestOneNode(t *testing.T) {
	t.Parallel()
	n := &Network{C: uniform(33.7)}
	for i := range Nodes {
		n.G[i][i] = 1.0 / 12
	}
	approxVector(t, "ΔT(300)", n.after(uniform(0), uniform(0.5), 300), uniform(3.142578323), 0.6e-9)
}

// Every watt goes to the nodes in section 4 of the session model.
func TestInput(t *testing.T) {
	t.Parallel()
	n := wornStill()
	approxVector(t, "u", n.Input(2, 0.25, 0.03, 0.7, 10, 30),
		Vector{1.5, 0.03, 0.1, 0.5 + 0.7 + 0.18, 30.0 / 18}, 1e-15)
	approx(t, "sun area", n.SunAreaScale, 13.09e-4, 1e-18)

	s := Default()
	ultra := NewNetwork(&s.Thermal, s.Thermal.Builds["ultra"], s.Thermal.Still,
		find(s.Thermal.Fits, "normal"))
	approx(t, "sun area of the ultra", ultra.SunAreaScale, 1.2*13.09e-4, 1e-18)
	approx(t, "front of the ultra", ultra.AirF, 1.2*0.018, 1e-17)
	approx(t, "housing of the ultra", ultra.AirH, 1.2*0.010, 1e-17)
}

// drawNetwork draws any resistances and capacities that keep the time constants
// between about 0.1 s and a day.
func drawNetwork(t *rapid.T) *Network {
	resistance := rapid.Map(rapid.Float64Range(0.5, 200),
		func(x float64) ThermalResistance { return ThermalResistance(x) })
	conductance := rapid.Map(rapid.Float64Range(0, 0.2),
		func(x float64) ThermalConductance { return ThermalConductance(x) })
	thermal := &Thermal{
		RPH: resistance.Draw(t, "r_ph"), RPB: resistance.Draw(t, "r_pb"), RPF: resistance.Draw(t, "r_pf"),
		RBK: resistance.Draw(t, "r_bk"), RBH: resistance.Draw(t, "r_bh"),
		RHF: resistance.Draw(t, "r_hf"), RHK: resistance.Draw(t, "r_hk"),
	}
	build := &Build{AreaScale: Number(rapid.Float64Range(0.1, 3).Draw(t, "area_scale"))}
	for i := range build.C {
		build.C[i] = HeatCapacity(rapid.Float64Range(1, 100).Draw(t, "c"))
	}
	air := Airflow{Front: conductance.Draw(t, "front"), Housing: conductance.Draw(t, "housing")}
	return NewNetwork(thermal, build, air, &Fit{RKW: resistance.Draw(t, "r_kw")})
}

func drawVector(t *rapid.T, low, high float64, name string) Vector {
	return Vector(rapid.SliceOfN(rapid.Float64Range(low, high), Nodes, Nodes).Draw(t, name))
}

func drawInput(t *rapid.T, n *Network) Vector {
	return n.Input(rapid.Float64Range(0, 2).Draw(t, "P"), rapid.Float64Range(0, 1).Draw(t, "front"),
		rapid.Float64Range(-0.02, 0.1).Draw(t, "q_B"), rapid.Float64Range(0, 2).Draw(t, "sun"),
		rapid.Float64Range(-20, 45).Draw(t, "air"), rapid.Float64Range(25, 37).Draw(t, "wrist"))
}

// Tolerance of temperatures of drawn networks: tens of degrees, rounded through
// an exponential and an inverse with condition numbers up to some 1e3.
const roundT = 1e-10

func TestNetworkIsAnMMatrix(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := drawNetwork(t)
		out := Vector{NodeH: n.AirH, NodeF: n.AirF, NodeK: n.Wrist}
		for i := range Nodes {
			sum := 0.0
			for j := range Nodes {
				sum += n.G[i][j]
				if n.G[i][j] != n.G[j][i] || i != j && n.G[i][j] > 0 {
					t.Errorf("G[%d][%d] = %g, G[%d][%d] = %g", i, j, n.G[i][j], j, i, n.G[j][i])
				}
			}
			approx(t, "row sum of G", sum, out[i], 1e-14) // ulps of at most 10 W/K
		}
	})
}

func TestPropagatorIsPositive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := drawNetwork(t)
		m, w := n.Propagator(rapid.Float64Range(0.1, 1000).Draw(t, "d"))
		for i := range Nodes {
			for j := range Nodes {
				if m[i][j] < -1e-14 || w[i][j] < -1e-10 {
					t.Errorf("M[%d][%d] = %g, W[%d][%d] = %g", i, j, m[i][j], i, j, w[i][j])
				}
			}
		}
	})
}

func TestNoWayOutForHeat(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a network without conductances has an equilibrium")
		}
	}()
	new(Network).Gain()
}

// A watch as warm as the air and the wrist stays so: the rows of M and W balance the exchange
// with the surroundings.
func TestUniformTemperatureStaysPut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := drawNetwork(t)
		warm := rapid.Float64Range(-20, 50).Draw(t, "T")
		u := n.Input(0, 0.5, 0, 0, warm, warm)
		approxVector(t, "equilibrium", n.Equilibrium(u), uniform(warm), roundT)
		approxVector(t, "T(d)", n.after(uniform(warm), u, rapid.Float64Range(0.1, 1000).Draw(t, "d")),
			uniform(warm), roundT)

		air := n.Equilibrium(n.Input(0, 0, 0, 0, 1, 0))
		wrist := n.Equilibrium(n.Input(0, 0, 0, 0, 0, 1))
		approxVector(t, "weights of air and wrist", air.plus(wrist), uniform(1), roundT)
		for i := range Nodes {
			if air[i] < -roundT || wrist[i] < -roundT {
				t.Errorf("node %d: weight of air %g, of the wrist %g", i, air[i], wrist[i])
			}
		}
	})
}

func TestSuperposition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := drawNetwork(t)
		d := rapid.Float64Range(0.1, 1000).Draw(t, "d")
		t1, t2 := drawVector(t, -20, 60, "T"), drawVector(t, -20, 60, "T'")
		u1, u2 := drawInput(t, n), drawInput(t, n)
		approxVector(t, "T + T'", n.after(t1.plus(t2), u1.plus(u2), d),
			n.after(t1, u1, d).plus(n.after(t2, u2, d)), roundT)
		approxVector(t, "equilibria", n.Equilibrium(u1.plus(u2)),
			n.Equilibrium(u1).plus(n.Equilibrium(u2)), roundT)
	})
}

func TestHotterAirCoolsNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := drawNetwork(t)
		d := rapid.Float64Range(0.1, 1000).Draw(t, "d")
		start := drawVector(t, -20, 60, "T")
		cool := n.after(start, n.Input(0.1, 0.2, 0.01, 0, 10, 33), d)
		for what, u := range map[string]Vector{
			"air":   n.Input(0.1, 0.2, 0.01, 0, 15, 33),
			"wrist": n.Input(0.1, 0.2, 0.01, 0, 10, 35),
			"load":  n.Input(0.3, 0.2, 0.01, 0, 10, 33),
			"cell":  n.Input(0.1, 0.2, 0.05, 0, 10, 33),
			"sun":   n.Input(0.1, 0.2, 0.01, 1, 10, 33),
		} {
			hot := n.after(start, u, d)
			for i := range Nodes {
				if hot[i] < cool[i]-roundT {
					t.Errorf("more heat from %s cools node %d from %g to %g degC", what, i, cool[i], hot[i])
				}
			}
		}
	})
}

// Steps are exact: their size does not matter.
func TestStepsCompose(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := drawNetwork(t)
		u, start := drawInput(t, n), drawVector(t, -20, 60, "T")
		d := rapid.Float64Range(0.1, 1000).Draw(t, "d")
		approxVector(t, "two half steps", n.after(n.after(start, u, d/2), u, d/2),
			n.after(start, u, d), roundT)

		m, w := n.Propagator(5)
		small := start
		for range 12 {
			small = m.Times(small).plus(w.Times(u))
		}
		approxVector(t, "12 steps of 5 s", small, n.after(start, u, 60), roundT)

		approxVector(t, "a step from equilibrium", n.after(n.Equilibrium(u), u, d),
			n.Equilibrium(u), roundT)
	})
}

// The stored heat is the input minus the flow to the air and the wrist. The outflow is
// integrated over M(t) by 40-point Gauss–Legendre, exact to rounding for exponentials of at most
// 60/14 = 4.2.
func TestEnergyBalance(t *testing.T) {
	t.Parallel()
	const d = 60
	n := wornStill()
	air, wrist := 25.0, 33.0
	start := Vector{31, 29, 30, 27, 32}
	u := n.Input(0.5, 0.3, 0.02, 0.4, air, wrist)

	end := n.after(start, u, d)
	stored := 0.0
	for i := range Nodes {
		stored += n.C[i] * (end[i] - start[i])
	}
	outflow := quad.Fixed(func(x float64) float64 {
		v := n.after(start, u, x)
		return n.AirH*(v[NodeH]-air) + n.AirF*(v[NodeF]-air) + n.Wrist*(v[NodeK]-wrist)
	}, 0, d, 40, quad.Legendre{}, 0)
	in := (0.5 + 0.02 + 0.4) * d
	approx(t, "stored heat relative to the input", stored/in, (in-outflow)/in, 1e-12)
}
