package plant

import (
	"math"
	"slices"

	"budget/solver/random"
)

// An app may look at the displayed level before it starts a session, and start none below a
// level of its own, the gate. Which paths these are changes nothing on the watch, so all
// paths are followed and those below the gate are marked.
//
// The gauge's noise n is followed from step s on, where it first matters (skip.go). It is a
// stationary process, which is the same backwards: with ρ and σ√(1−ρ²) those of a step,
//
//	n(k−1) = ρ n(k) + σ√(1−ρ²) N(0,1),
//
// down to n(0), which the displayed level at the start has. Where it is never followed,
// n(0) is the draw that it would have begun with.

// gated reports whether the noise at the start of a path matters to a gate.
func (p *Plant) gated(in *session) bool {
	within := reach * p.gauge.sd
	matters := func(level int) bool {
		gate := float64(level)
		return gate > 0 && p.gauge.shown(in.level, in.bias-within) < gate &&
			p.gauge.shown(in.level, in.bias+within) >= gate
	}
	return matters(p.Case.Gate) || slices.ContainsFunc(p.Case.Gates, matters)
}

// belowGates returns a bit for each of Case.Gates that a path starts below.
func (p *Plant) belowGates(key random.Key, path uint64, in *session, heard int) (bits uint8) {
	for i, gate := range p.Case.Gates {
		if p.belowGate(gate, key, path, in, heard) {
			bits |= 1 << i
		}
	}
	return bits
}

// belowGate reports whether a path with the given session draws starts below a gate, given
// the step that the gauge's noise is followed from, −1 if it is not.
func (p *Plant) belowGate(level int, key random.Key, path uint64, in *session, heard int) bool {
	gate := float64(level)
	within := reach * p.gauge.sd
	switch {
	case gate == 0 || p.gauge.shown(in.level, in.bias-within) >= gate:
		return false
	case p.gauge.shown(in.level, in.bias+within) < gate:
		return true
	}
	noise := in.noise
	var words [turn]uint32
	for step := heard - 1; step >= 0; step-- {
		if step == heard-1 || step%turn == turn-1 {
			words = driverWords(key, purposeNoise, path, step)
		}
		noise = p.gauge.decay*noise + p.gauge.innovate*random.Normal32(words[step%turn])
	}
	return min(math.Floor(p.gauge.shown(in.level, in.bias+noise)), 100) < gate
}

// BelowGate returns the share of sessions that start below a gate. With z the level at the
// start, w the weight of the gauge's error there and σ² the sum of the variances of its bias
// and its noise, it is the mean over z of
//
//	P(100 (z + w e) + 0.5 < gate) = Φ(((gate − 0.5)/100 − z) / (w σ)).
func (p *Plant) BelowGate(level int) float64 {
	if level == 0 {
		return 0
	}
	const points = 1 << 12
	sigma := math.Hypot(p.gauge.sd, p.gauge.biasSD)
	gate := (float64(level) - 0.5) / 100
	sum := 0.0
	for i := range points {
		z := p.startLevel((float64(i) + 0.5) / points)
		deviation := sigma * min(max(z*p.gauge.inverseConverge, 0), 1)
		switch {
		case deviation > 0:
			sum += math.Erfc((z-gate)/deviation/math.Sqrt2) / 2
		case z < gate:
			sum++
		}
	}
	return sum / points
}
