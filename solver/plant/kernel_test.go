package plant

import (
	"math"
	"testing"

	"budget/model"
)

// kernelCases reach every branch of the plant.
var kernelCases = map[string]struct {
	toml string
	c    Case
}{
	"defaults": {"", Case{Session: "mindfulness"}},
	"workout":  {"", Case{Session: "workout", Duration: 7200}},
	"cold and low": {`
[[environment]]
id = "shade"
ambient_mean = "-15 degC"
[population]
start_level_beta = 6
lpm_accept = 0.8
`, Case{Session: "audio", Environment: "shade", Duration: 7200}},
	"hot": {`
[[environment]]
id = "sun"
ambient_mean = "34 degC"
irradiance_max = "1000 W/m2"
[policy]
levels = ["34 degC", "37 degC", "39 degC"]
[thermal]
t_off = "44 degC"
`, Case{Session: "mindfulness", Environment: "sun"}},
	"no power to be had": {`
[battery]
r0q = "3.6 ohm Ah"
v_cut = "0 V"
`, Case{Session: "workout", Duration: 3600}},
	"empty": {`
[battery]
v_cut = "0 V"
r0q = "0.001 ohm Ah"
r1q = "0.001 ohm Ah"
r2q = "0.001 ohm Ah"
`, Case{Session: "workout", StartLevel: level(0.04)}},
	"busy": {`
[policy]
cpu_limit = 0.08
`, Case{Session: "physical-therapy"}},
	"busy from the start": {`
[policy]
cpu_limit = 0.011
`, Case{Session: "mindfulness", Duration: 600}},
	"busy at rest": {`
[workload.seated]
cpu = [0.2, 0.07, 0.15, 0.06]
`, Case{Session: "mindfulness", Duration: 600}},
	"fine step": {`
[grid]
step = "1 s"
`, Case{Session: "self-care"}},
}

// TestKernelFollowsTheModel steps paths with the kernel and with the functions
// of package model (Trace), under the same random numbers. The two differ in
// rounding alone: the network's input is summed in another order and exp is
// another program, each within 1e-15, and over the steps of a path the
// differences stay below 1e-9 because the plant forgets.
func TestKernelFollowsTheModel(t *testing.T) {
	for name, k := range kernelCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := compile(t, scenario(t, k.toml), k.c)
			ends := map[model.Cause]int{}
			for _, sampling := range []Sampling{Tilted, Independent} {
				d := &sessionDraws{Sampler: NewSampler(7, sampling)}
				for path := range uint64(40) {
					points := p.Trace(d.Sampler, path, physicsAlone).Points
					var l lane
					p.enter(&l, d, path, p.Steps)
					p.start(&l)
					for k := 0; ; k++ {
						if k%turn == 0 {
							p.renew(&l, d.key)
						}
						before := l
						on := p.advance(&l, p.Steps)
						point := points[k]
						compareStates(t, path, &before, &l, point, p)
						if !on {
							break
						}
					}
					checkEnd(t, p, path, &l.history, points)
					ends[points[len(points)-1].End]++
				}
			}
			t.Log(ends)
		})
	}
}

func compareStates(t *testing.T, path uint64, before, after *lane, point Point, p *Plant) {
	t.Helper()
	near := func(what string, got, want float64) {
		if math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
			t.Fatalf("path %d at %v s: %s is %v in the kernel, %v by the model", path, point.Time, what, got, want)
		}
	}
	near("level", before.z, point.Level)
	near("cell temperature", before.cellT, point.Temperatures[model.NodeB])
	near("skin temperature", before.skinT, point.Temperatures[model.NodeK])
	for i, y := range before.in.net.amplitudes.Times(point.Temperatures) {
		near("mode", before.modes[i], y)
	}
	near("air", before.in.ambient+before.ou, point.Air)
	near("power", after.factor*p.load.power[before.state], point.Power)
	c := ConditionOf(after.condition)
	want := model.Condition{Thermal: point.ThermalLevel, Low: point.Low, VeryLow: point.VeryLow, LowPower: point.LowPower}
	if want.Thermal == model.Fair {
		want.Thermal = model.Nominal
	}
	if c != want || before.sun != point.InSun || before.state != point.State {
		t.Fatalf("path %d at %v s: condition %+v, sun %v, state %d in the kernel; %+v, %v, %d by the model",
			path, point.Time, c, before.sun, before.state, want, point.InSun, point.State)
	}
}

// physicsAlone ends no path.
func physicsAlone(model.Condition) model.Cause { return model.Completed }

func checkEnd(t *testing.T, p *Plant, path uint64, h *History, points []Point) {
	t.Helper()
	last := points[len(points)-1]
	index, cause := h.End, h.Cause
	if index > p.Steps {
		index, cause = p.Steps, model.Completed
	}
	if want := int(math.Round(last.Time / p.Step)); cause != last.End || index != want {
		t.Fatalf("path %d ends by %v at step %d in the kernel, by %v at step %d by the model", path, cause, index, last.End, want)
	}
}

// TestDisplayedBelow checks the bound on the unrounded level against the
// displayed level itself.
func TestDisplayedBelow(t *testing.T) {
	gauge := model.Gauge{Converge: 0.1}
	for _, limit := range []float64{0, 0.03, 0.07, 0.1, 0.105, 0.29, 0.5, 0.57, 1} {
		below := displayedBelow(limit)
		for i := range 10301 {
			z := float64(i)*1e-4 - 0.01
			shown := gauge.DisplayedLevel(z, 0)
			if got := float64(100*z)+0.5 < below; got != (shown <= limit) {
				t.Errorf("limit %v, level %v: displayed %v, but at most the limit: %v", limit, z, shown, got)
			}
		}
	}
}
