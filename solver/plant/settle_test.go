package plant

import (
	"math"
	"reflect"
	"testing"

	"budget/model"
)

// TestSettledPathsEndAsIfStepped: a path that is not stepped further because
// nothing can happen to it leaves the history that it leaves when it is stepped. In
// every session type, and where low batteries, cold, heat and busy loads make what
// can happen differ from path to path.
func TestSettledPathsEndAsIfStepped(t *testing.T) {
	programs := map[string]*Plant{}
	for _, session := range model.Default().Sessions {
		programs[session.ID] = compile(t, model.Default(), Case{Session: session.ID, Duration: min(float64(session.Horizon), 5400)})
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
			fast, slow := newScalar(p, s), newScalar(all, s)
			want := make([]History, paths)
			slow.Run(p.Steps, pathsFrom(0, paths), func(path uint64, h *History) {
				want[path] = *h
				want[path].Runs = append([]Run(nil), h.Runs...)
			})
			fast.Run(p.Steps, pathsFrom(0, paths), func(path uint64, h *History) {
				if !reflect.DeepEqual(*h, want[path]) {
					t.Fatalf("path %d: %+v where settled paths are not stepped, %+v where they are", path, *h, want[path])
				}
			})
			spared, steps := slow.Stepped()-fast.Stepped(), slow.Stepped()
			t.Logf("%.1f %% of the steps spared", 100*float64(spared)/float64(steps))
			if name == "mindfulness" && spared < steps/2 {
				t.Errorf("%d of %d steps spared: the test shows little", spared, steps)
			}
		})
	}
}

// TestSettledBoundsHold watches stepped paths from the step on at which they are
// settled: level, voltage and temperatures stay on the safe side of what the
// settling promised, with room to spare.
func TestSettledBoundsHold(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "mindfulness"}).WithoutSkipping()
	p.settling.possible = true
	steps := p.Steps
	d := &sessionDraws{Sampler: NewSampler(9, Tilted)}
	var l lane
	watched := 0
	least := math.Inf(1)
	for path := range uint64(3000) {
		p.enter(&l, d, path, steps)
		if math.IsInf(l.settledAt0, 1) {
			continue
		}
		p.start(&l)
		from := -1
		for {
			if from < 0 && l.settled(l.k, l.z) {
				from = l.k
				watched++
			}
			if l.k%turn == 0 {
				p.renew(&l, d.key)
			}
			if !p.advance(&l, steps) {
				break
			}
			if from >= 0 {
				if l.lowLevel || l.veryLow || l.level >= model.Serious {
					t.Fatalf("path %d, settled at step %d, is low or hot at step %d", path, from, l.k)
				}
				least = min(least, l.z-p.settling.level)
			}
		}
		if from >= 0 && l.history.End <= steps && l.history.Cause != model.Errored {
			t.Fatalf("path %d, settled at step %d, ends by %v at step %d", path, from, l.history.Cause, l.history.End)
		}
	}
	t.Logf("%d paths watched; the level stays %.3f above the least that can be settled", watched, least)
	if watched < 1500 {
		t.Errorf("%d paths settled: the test shows little", watched)
	}
}

// TestEnergyBound: the energy of the load over n steps stays below the bound, for
// the probabilities that simulation can reach, and the bound is no wider than a few
// times that of the busiest state alone would be.
func TestEnergyBound(t *testing.T) {
	for _, session := range []string{"mindfulness", "workout", "smart-alarm", "underwater-depth"} {
		p := compile(t, model.Default(), Case{Session: session})
		const paths, delta = 20_000, 1e-3
		for _, n := range []int{12, 120, 720} {
			w0, w1 := p.load.energyBound(p.Step, n, delta)
			bound := w0 + w1*float64(n)
			s := NewSampler(2, Tilted)
			beyond, mean := 0, 0.0
			for path := range uint64(paths) {
				state, energy := int(path%4), 0.0
				for k := 0; k < n; k += turn {
					for _, word := range driverWords(s.key, purposeLoad, path, k) {
						energy += p.load.power[state] * p.Step
						state = p.load.step(state, word)
					}
				}
				if energy > bound {
					beyond++
				}
				mean += energy / paths
			}
			if float64(beyond) > delta*paths {
				t.Errorf("%s: %d of %d loads take more than %.3f J over %d steps", session, beyond, paths, bound, n)
			}
			strict0, strict1 := p.load.energyBound(p.Step, n, 1e-18)
			t.Logf("%s, %d steps: mean %.2f J, bound %.2f J at 1e-3 (%d beyond), %.2f J at 1e-18", session, n, mean, bound, beyond, strict0+strict1*float64(n))
			if bound > 2*mean+10 {
				t.Errorf("%s: the bound on the energy of %d steps, %.3f J, is far from the mean, %.3f J", session, n, bound, mean)
			}
		}
	}
}
