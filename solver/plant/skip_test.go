package plant

import (
	"math"
	"reflect"
	"testing"

	"budget/model"
)

// TestSkippedPathsEndAsIfStepped: a path that is not stepped further because
// nothing can happen to it leaves the history that it leaves when it is stepped. In
// every session type, and where low batteries, cold, heat and busy loads make what
// can happen differ from path to path.
func TestSkippedPathsEndAsIfStepped(t *testing.T) {
	programs := map[string]*Plant{}
	for _, session := range model.Default().Sessions {
		programs[session.ID] = compile(t, model.Default(),
			Case{Session: session.ID, Duration: min(float64(session.Horizon), 5400)})
	}
	for name, k := range kernelCases {
		programs[name] = compile(t, scenario(t, k.toml), k.c)
	}
	for name, p := range programs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := p.WithoutSkipping()
			paths := longer(1000)
			s := NewSampler(3, Tilted)
			fast, slow := newPortable(p, s), newPortable(all, s)
			want := make([]History, paths)
			slow.Run(p.Steps, pathsFrom(0, paths), func(path uint64, h *History) {
				want[path] = copyOf(h)
			})
			fast.Run(p.Steps, pathsFrom(0, paths), func(path uint64, h *History) {
				if !reflect.DeepEqual(copyOf(h), want[path]) {
					t.Fatalf("path %d: %+v where paths are skipped, %+v where they are", path, *h, want[path])
				}
			})
			spared, steps := slow.Stepped()-fast.Stepped(), slow.Stepped()
			t.Logf("%.1f %% of the steps spared", 100*float64(spared)/float64(steps))
			if (name == "mindfulness" || name == "timer") && spared < steps/2 {
				t.Errorf("%d of %d steps spared: the test shows little", spared, steps)
			}
		})
	}
}

// TestSkippingBoundsHold watches stepped paths from the step on at which they are
// skippable: level, voltage and temperatures stay on the safe side of what the
// bounds promised, with room to spare.
func TestSkippingBoundsHold(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "mindfulness"})
	d := &sessionDraws{Sampler: NewSampler(9, Tilted)}
	var in session
	watched := 0
	least := math.Inf(1)
	for path := range uint64(3000) {
		d.move(path)
		p.draw(d, &in)
		skipping := p.skipping(&in, p.Steps)
		if math.IsInf(skipping.skipAt0, 1) {
			continue
		}
		from := -1
		look := func(k *kernel, before lane, on bool) {
			if from < 0 && skipping.skippable(k.clock, before.z[0]) {
				from = k.clock
				watched++
			}
			if from >= 0 && on {
				g := &k.groups[0]
				if g.low&1 == 1 || g.veryLow&1 == 1 || g.paths[0].level >= model.Serious {
					t.Fatalf("path %d, skippable from step %d on, is low or hot at step %d", path, from, k.clock)
				}
				least = min(least, g.z[0]-p.bounds.level)
			}
		}
		history := stepwise(p.WithoutSkipping(), d.Sampler, path, look)
		if from >= 0 && history.End <= p.Steps && history.Cause != model.Errored {
			t.Fatalf("path %d, skippable from step %d on, ends by %v at step %d",
				path, from, history.Cause, history.End)
		}
	}
	t.Logf("%d paths watched; the level stays %.3f above the least at which one can be skipped",
		watched, least)
	if watched < 1500 {
		t.Errorf("%d paths are skippable: the test shows little", watched)
	}
}

// TestLoadHeat: a load that takes all that the bounds on its energy allow at once, after it has
// taken their rate for ever, warms no node beyond the bound, but nearly up to it.
func TestLoadHeat(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "workout"})
	closest := 0.0
	for _, byEnvironment := range p.networks {
		for _, byFit := range byEnvironment {
			for i := range byFit {
				n := &byFit[i]
				for node, h := range map[int]*loadHeat{model.NodeB: &n.cellLoad, model.NodeK: &n.skinLoad} {
					bound := n.warms(node, h, 1, 0, 0)
					reached, bursts := 0.0, [2]energyBound{}
					for j, of := range [][]energyBound{p.bounds.logicEnergies, p.bounds.frontEnergies} {
						rate := []float64{h.logic, h.front}[j]
						for _, e := range of {
							if e.w1/p.Step == rate {
								bursts[j] = e
							}
						}
					}
					y := n.amplitudes.Times(n.equilibria(h.logic, h.front, 0, 0, 0))
					for k := range 1000 {
						logic, front := h.logic, h.front
						if k == 0 {
							logic, front = logic+bursts[0].w0/p.Step, front+bursts[1].w0/p.Step
						}
						for i := range y {
							y[i] = n.decay[i]*y[i] + n.logic[i]*logic + n.front[i]*front
						}
						reached = max(reached, n.shapes.Times(y)[node])
					}
					if reached > bound {
						t.Errorf("node %d reaches %.3f K, the bound is %.3f K", node, reached, bound)
					}
					closest = max(closest, reached/bound)
				}
			}
		}
	}
	if closest < 0.98 {
		t.Errorf("nodes reach at most %.3f of their bounds", closest)
	}
}

// energyOver returns the bound on the energy of n steps of a plant's paths [J].
func energyOver(p *Plant, n int, delta float64) float64 {
	power := func(l *load, state int) float64 { return l.power[state] }
	b := tightest(energyBounds(p.loads, len(p.Legs), p.Step, delta, power), 1, float64(n))
	return b.w0 + b.w1*float64(n)
}

// TestEnergyBound: the energy of the load over n steps stays below the bound, for
// the probabilities that simulation can reach, and the bound is no wider than a few
// times that of the busiest state alone would be. So it is over the legs of a timer, which
// begin in state quiet.
func TestEnergyBound(t *testing.T) {
	cases := map[string]Case{"a timer": {Session: "mindfulness", Phases: []model.Phase{{Length: 600},
		{Length: 120, Rest: true}, {Length: 300}, {Length: 60, Rest: true}, {Length: 3600}}}}
	for _, session := range []string{"mindfulness", "workout", "smart-alarm", "underwater-depth"} {
		cases[session] = Case{Session: session}
	}
	for name, c := range cases {
		p := compile(t, model.Default(), c)
		const paths, delta = 20_000, 1e-3
		for _, n := range []int{12, 120, 720} {
			bound := energyOver(p, n, delta)
			s := NewSampler(2, Tilted)
			beyond, mean := 0, 0.0
			for path := range uint64(paths) {
				leg, state, energy := 0, int(path%4), 0.0
				for k := 0; k < n; k += turn {
					for i, word := range driverWords(s.key, purposeLoad, path, k) {
						if k+i == p.Legs[leg].To && leg+1 < len(p.Legs) {
							leg++
							state = 4 * p.loadOf[leg]
						}
						energy += p.chains.power[state] * p.Step
						state = p.chains.step(state, word)
					}
				}
				if energy > bound {
					beyond++
				}
				mean += energy / paths
			}
			if float64(beyond) > delta*paths {
				t.Errorf("%s: %d of %d loads take more than %.3f J over %d steps",
					name, beyond, paths, bound, n)
			}
			t.Logf("%s, %d steps: mean %.2f J, bound %.2f J at 1e-3 (%d beyond), %.2f J at 1e-18",
				name, n, mean, bound, beyond, energyOver(p, n, 1e-18))
			if bound > 2*mean+10 {
				t.Errorf("%s: the bound on the energy of %d steps, %.3f J, is far from the mean, %.3f J",
					name, n, bound, mean)
			}
		}
	}
}
