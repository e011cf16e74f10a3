package plant

import (
	"math"
	"math/bits"

	"budget/model"
)

// Sample summarizes a path from its start up to a time.
type Sample struct {
	Level, Displayed float64            // drop of the true and of the displayed level, parts of 1
	Hottest          float64            // temperature at the node K [degC]
	Reached          model.ThermalLevel // the highest level at a poll
	Prompted         bool               // the Low Power prompt has come
	Absences         int                // begun before, also at this step
	Away             int                // steps of those that have ended
}

// Watch returns the kernel with a name (Kernel), which steps every path to its end and
// takes samples at the given ascending steps. take gets the samples of a path before
// its history is booked: one for each of the steps that it reached.
func (p *Plant) Watch(name string, s Sampler, at []int,
	take func(path uint64, samples []Sample)) Kernel {
	all := *p
	all.bounds.possible = false
	all.noiseFromStart = true
	k := all.Kernel(name, s).(*kernel)
	k.watch = &watch{at: at, take: take}
	return k
}

// watch holds what a kernel samples, by group and lane.
type watch struct {
	at    []int
	take  func(path uint64, samples []Sample)
	paths [groups][lanes]watchedPath
}

// watchedPath is the sample of a path so far, with the displayed level at its start [per
// cent].
type watchedPath struct {
	Sample
	shown   float64
	samples []Sample
}

// look updates the samples at the poll of a step and stores those that are due.
func (w *watch) look(k *kernel) {
	for n := range k.groups {
		g := &k.groups[n]
		for set := g.active; set != 0; set &= set - 1 {
			i := bits.TrailingZeros8(set)
			l, x := &g.paths[i], &w.paths[n][i]
			step := l.position(k.clock)
			if g.absent>>i&1 == 1 {
				step = l.at
			}
			shown := k.plant.gauge.displayed(g.z[i], l.bias+g.noise[i])
			if k.clock == l.first {
				*x = watchedPath{Sample{Hottest: math.Inf(-1)}, shown, x.samples[:0]}
			}
			x.Level, x.Displayed = l.session.level-g.z[i], (x.shown-shown)/100
			x.Hottest = max(x.Hottest, g.skinT[i])
			x.Reached = max(x.Reached, l.level)
			x.Prompted = l.asked && !l.lpmStart
			x.Absences, x.Away = int(l.number), k.clock-l.first-step
			if due := len(x.samples); due < len(w.at) && w.at[due] == step {
				x.samples = append(x.samples, x.Sample)
			}
		}
	}
}

// leave passes on the samples of a path.
func (w *watch) leave(n, i int, path uint64) {
	w.take(path, w.paths[n][i].samples)
	w.paths[n][i].samples = w.paths[n][i].samples[:0]
}
