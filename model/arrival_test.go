package model

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// One node, 10 J/K with 0.5 W/K: a watch from 30 degC to 10 degC has e^−1 of the difference
// left after 20 s.
func TestArrivalOfOneNode(t *testing.T) {
	t.Parallel()
	n := &Network{C: uniform(10)}
	for i := range Nodes {
		n.G[i][i] = 0.5
	}
	got, want := n.Arrival(uniform(10), uniform(30), 20), uniform(10+20/math.E)
	approxVector(t, "after 20 s", got, want, 1e-13)
}

// Arrival equals the exact step if only the surroundings have changed.
func TestArrivalIsTheStep(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := drawNetwork(t)
		u := drawInput(t, n)
		there := drawVector(t, -20, 60, "there")
		since := rapid.Float64Range(0, 7200).Draw(t, "since")
		here := n.Equilibrium(u)
		approxVector(t, "at once", n.Arrival(here, there, 0), there, 1e-11)
		// The propagator subtracts temperatures of up to some 1e5 K per 10 W.
		approxVector(t, "after a step", n.Arrival(here, there, since), n.after(there, u, since), 1e-8)
		approxVector(t, "after a year", n.Arrival(here, there, 3e7), here, 1e-9)
		half := n.Arrival(here, there, since/2)
		whole := n.Arrival(here, there, since)
		approxVector(t, "in two parts", n.Arrival(here, half, since/2), whole, 1e-9)
	})
}

// A watch without load on a wrist as warm as the air is as warm; in the shade it comes from
// indoors, 22.5 degC and still air.
func TestLeft(t *testing.T) {
	t.Parallel()
	s := Default()
	large, normal := s.Thermal.Builds["large"], s.Thermal.Fits[1]
	from := s.Environment(s.Environment("shade").From)

	n := NewNetwork(&s.Thermal, large, s.Thermal.Still, normal)
	u := n.Input(0.060, 0.2, 0, 0, 22.5, 33)
	approxVector(t, "indoors", s.Left(from, large, normal, 33), n.Equilibrium(u), 1e-12)

	s.Population.PrePower = 0
	approxVector(t, "without load", s.Left(from, large, normal, 22.5), uniform(22.5), 1e-11)
}
