package plant

import (
	"math"
	"testing"

	"budget/model"
)

// TestObservationsAreWherePathsStart: what is observed of a path from its draws is what the
// plain functions of package model show at its start, and what the kernel's conditions
// begin with.
func TestObservationsAreWherePathsStart(t *testing.T) {
	for name, k := range kernelCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := k.c
			c.Duration = 60
			s := scenario(t, k.toml)
			p := compile(t, s, c).WithNoiseFromStart()
			sampler := NewSampler(5, Independent)
			d := &sessionDraws{Sampler: sampler}
			observe := p.Observer(sampler)
			var in session
			for path := range uint64(longer(500)) {
				got := observe(path)
				first := p.Trace(sampler, path, physicsAlone).Points[0]
				// Rounding may fall to either side of a half.
				shown := math.Round(100 * first.Displayed)
				if float64(got.Displayed) != shown || got.Thermal != first.Thermal {
					t.Fatalf("path %d starts at %d %%, %v; package model shows %v %%, %v",
						path, got.Displayed, got.Thermal, shown, first.Thermal)
				}
				d.move(path)
				p.draw(d, &in)
				if got.LowPower != in.lpmStart || s.Classes()[got.Class] != s.Devices[deviceOf(p, &in)].Build {
					t.Fatalf("path %d: %+v, and not its mode and class", path, got)
				}
				h := historyOf(p, sampler, path, p.Steps)
				if h.Start.TooHot {
					continue // ends before its condition matters
				}
				begins := ConditionOf(int(h.Runs[0].Condition))
				want := model.Condition{
					Low:      got.Displayed <= int(100*s.Policy.LowBattery),
					VeryLow:  got.Displayed <= int(100*s.Policy.VeryLowBattery),
					LowPower: got.LowPower,
				}
				if want.Low && !got.LowPower {
					want.LowPower = in.lpmAccept
				}
				if got.Thermal >= model.Serious {
					want.Thermal = got.Thermal
				}
				if begins != want {
					t.Fatalf("path %d is observed at %+v and begins in %+v", path, got, begins)
				}
			}
		})
	}
}

// deviceOf returns the place of the device that was drawn among those of the scenario.
func deviceOf(p *Plant, in *session) int {
	for i, d := range p.Scenario.Devices {
		c := p.Case.Device
		if (c == Fleet || c == "" || c == d.ID) && float64(d.Capacity) == in.device.capacity {
			return i
		}
	}
	return -1
}
