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
	programs["gates"] = compile(t, model.Default(),
		Case{Session: "mindfulness", Gate: 20, Gates: []int{12, 30}})
	for name, p := range programs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := p.WithoutSkipping()
			paths := 3 * longer(1000)
			s := NewSampler(3, Tilted)
			slow := all.Kernel("", s)
			want := make([]History, paths)
			slow.Run(p.Steps, pathsFrom(0, paths), func(path uint64, h *History) {
				want[path] = copyOf(h)
			})
			for _, kernel := range Kernels() {
				fast := p.Kernel(kernel, s)
				fast.Run(p.Steps, pathsFrom(0, paths), func(path uint64, h *History) {
					if !reflect.DeepEqual(copyOf(h), want[path]) {
						t.Fatalf("%s: path %d: %+v where paths are skipped, %+v where they are not",
							kernel, path, *h, want[path])
					}
				})
				spared, steps := slow.Stepped()-fast.Stepped(), slow.Stepped()
				t.Logf("%s: %.1f %% of the steps spared", kernel, 100*float64(spared)/float64(steps))
				if (name == "mindfulness" || name == "timer") && spared < steps*3/4 {
					t.Errorf("%s: %d of %d steps spared: the test shows little", kernel, spared, steps)
				}
			}
		})
	}
}

// TestLooksHold steps paths that are looked ahead on to their end: energy, voltage, noise and air
// stay within what the look has found, and so do level and temperatures from the step on at which
// the path can be skipped. A look that asks for more than it has to is seen by what is left.
func TestLooksHold(t *testing.T) {
	for _, session := range []string{"mindfulness", "workout", "underwater-depth"} {
		t.Run(session, func(t *testing.T) {
			t.Parallel()
			p := compile(t, model.Default(), Case{Session: session})
			all := newPortable(p, NewSampler(9, Tilted)).(*kernel)
			draws := &all.draws
			k := &all.ahead
			k.draws, k.steps = all.phases, p.Steps
			looked, heard, closest := 0, 0, math.Inf(1)
			for path := range longer(1200) {
				l := &pathState{path: path}
				draws.move(path)
				p.draw(draws, &l.session)
				l.skipping = p.skipping(&l.session, p.Steps)
				at0 := k.look(l)
				if l.airMatters && l.possible {
					l.possible = p.cool(&l.session, &l.skipping, k.warmest(l))
				}
				if len(l.needs) == 0 || !l.possible {
					continue // no look, or not needed
				}
				looked++
				if at0 != (l.energyAbove(p, l.session.level) >= l.needs[0]) {
					t.Fatalf("path %d: can be skipped at once: %v, but needs %v", path, at0, l.needs[0])
				}
				k.followNoise(l)
				from, surely := 0, 0
				if l.session.level >= l.noiseBelow {
					from, surely = k.falls(l)
				}
				skipped, taken, ahead, fellTo := -1, 0.0, 0.0, l.energyAbove(p, l.session.level)
				warmest := k.warmest(l)
				history := stepwise(p.WithoutSkipping(), draws.Sampler, path,
					func(s *kernel, before lane, on bool) {
						if !on {
							return
						}
						g, span := &s.groups[0], s.clock/lookSpan
						if g.ou[0] > warmest {
							t.Fatalf("path %d: the air is %v K warmer at step %d, at most %v K", path,
								g.ou[0], s.clock, warmest)
						}
						if g.noisy&1 == 1 && (g.paths[0].heard < from*lookSpan || g.low&1 == 1 &&
							before.z[0] >= k.levels[span]) {
							t.Fatalf("path %d, noise heard from step %d on, is low at step %d, level %v",
								path, g.paths[0].heard, s.clock, before.z[0])
						}
						if s.clock%turn == 0 && s.clock >= surely*lookSpan && g.noisy&1 == 0 {
							t.Fatalf("path %d: noise is not heard at step %d", path, s.clock)
						}
						heard += int(g.noisy & 1)
						if s.clock%lookSpan == 0 {
							if math.Abs(taken-ahead) > 1e-9*ahead {
								t.Fatalf("path %d: the load took %v J up to step %d, not %v J", path, taken, s.clock, ahead)
							}
							ahead += k.energies[span]
						}
						taken += p.chains.power[before.state[0]] * p.Step
						if s.clock%lookSpan == 0 && skipped < 0 && l.energyAbove(p, before.z[0]) >= l.needs[span] {
							skipped = s.clock
						}
						if g.low&1 == 0 && before.z[0] >= p.bounds.level {
							now := l.energyAbove(p, g.z[0])
							if now < fellTo-l.perJoule*taken-1e-9 && g.z[0] >= p.bounds.level {
								t.Fatalf("path %d: %v left at step %d after %v J", path, now, s.clock, taken)
							}
						}
						if skipped >= 0 {
							if g.low&1 == 1 || g.paths[0].level >= model.Serious {
								t.Fatalf("path %d, skippable from step %d on, is low or hot at step %d",
									path, skipped, s.clock)
							}
							closest = min(closest, g.z[0]-k.levels[span])
						}
					})
				if skipped >= 0 && history.End <= p.Steps && history.Cause != model.Errored {
					t.Fatalf("path %d, skippable from step %d on, ends by %v at step %d",
						path, skipped, history.Cause, history.End)
				}
			}
			t.Logf("%d paths looked at, %d steps with noise; the level stays %.4f above the needed",
				looked, heard, closest)
			if looked < 20 || heard < 1000 || !(closest > 0 && closest < 0.02) {
				t.Errorf("%d paths looked at, %d steps with noise, %v: the test shows little",
					looked, heard, closest)
			}
		})
	}
}

// TestSecondLooksHold steps paths that display a low level to their end: from the step on at which
// such a path can be skipped, its displayed level stays low and comes to no very low one, it does
// not get hot or end, and its level stays above the lowest for which its bounds hold. A look that
// asks for more than it has to is seen by what is left.
func TestSecondLooksHold(t *testing.T) {
	for _, session := range []string{"mindfulness", "workout", "self-care"} {
		t.Run(session, func(t *testing.T) {
			t.Parallel()
			p := compile(t, model.Default(), Case{Session: session})
			draws := newPortable(p, NewSampler(9, Tilted)).(*kernel)
			k := &draws.ahead
			k.draws, k.steps = draws.phases, p.Steps
			looked, skippable, below, above := 0, 0, math.Inf(1), math.Inf(1)
			for path := range longer(1500) {
				var l pathState
				skipped := -1
				history := stepwise(p.WithoutSkipping(), NewSampler(9, Tilted), path,
					func(s *kernel, _ lane, on bool) {
						g := &s.groups[0]
						if !on || g.low&1 == 0 {
							if skipped >= 0 && s.clock >= skipped && on {
								t.Fatalf("path %d, skippable from step %d on, shows more at step %d", path,
									skipped, s.clock)
							}
							return
						}
						if span := (s.clock + 1) / lookSpan; (s.clock+1)%lookSpan == 0 && g.veryLow&1 == 0 {
							if !l.again {
								l = g.paths[0]
								l.needs, l.roofs = nil, nil
								k.lookAgain(&l, span, present{int(g.state[0]), g.z[0], g.noise[0]})
								looked += min(1, len(l.roofs))
							}
							if skipped < 0 && l.skippable(p, span, g.z[0]) {
								skipped = s.clock + 1
								skippable++
							}
						}
						if skipped < 0 || s.clock < skipped {
							return
						}
						if g.veryLow&1 == 1 || g.paths[0].level >= model.Serious || g.z[0] < l.lowest {
							t.Fatalf("path %d, skippable from step %d on, is very low, hot or below %v at step %d",
								path, skipped, l.lowest, s.clock)
						}
						e := l.bias + g.noise[0]
						below = min(below, p.gauge.levelAt(p.bounds.shownLow, e)-g.z[0])
						above = min(above, g.z[0]-p.gauge.levelAt(p.bounds.shownVeryLow, e))
					})
				if skipped >= 0 && history.End <= p.Steps && history.Cause != model.Errored {
					t.Fatalf("path %d, skippable from step %d on, ends by %v at step %d",
						path, skipped, history.Cause, history.End)
				}
			}
			t.Logf("%d of %d paths looked at can be skipped, %.5f below a low level, "+
				"%.5f above a very low one", skippable, looked, below, above)
			if skippable < 20 || below > 0.001 || above > 0.01 {
				t.Errorf("%d paths can be skipped: the test shows little", skippable)
			}
		})
	}
}

// TestMayBeBusy: a path that exceeds the CPU limit may, for any limit, and most others may not.
func TestMayBeBusy(t *testing.T) {
	for _, c := range []Case{{Session: "mindfulness"}, {Session: "workout"}, {Session: "smart-alarm"},
		{Session: "mindfulness", Phases: []model.Phase{{Length: 600}, {Length: 120, Rest: true},
			{Length: 3600}}}} {
		p := compile(t, model.Default(), c)
		k := newPortable(p, NewSampler(4, Tilted)).(*kernel)
		busy, may, paths := 0, 0, int(longer(3000))
		for path := range uint64(paths) {
			share := 0.2 + 0.8*float64(path)/float64(paths) // of the busiest that there can be
			limit := int64(share * float64(p.bounds.busiest) * float64(p.cpuSteps))
			k.ahead.draws = k.phases
			words := k.ahead.loadsOf(path)
			steps := p.Steps / (1 + int(path%3))
			now := p.mayBeBusy(limit, steps, words)
			if now {
				may++
			}
			if p.tooBusy(limit, steps, &k.window, words) < steps {
				busy++
				if !now {
					t.Fatalf("%+v: path %d exceeds the limit %d, but may not", c, path, limit)
				}
			}
		}
		t.Logf("%+v: %d of %d paths exceed the limit, %d may", c, busy, paths, may)
		if busy < 50 || may > paths*9/10 {
			t.Errorf("%+v: %d of %d paths exceed the limit, %d may: the test shows little", c,
				busy, paths, may)
		}
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
