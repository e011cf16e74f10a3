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
	"regular cues": {`
[workload.seated]
cue_every = "2 min"
cue_for = "12 s"
enter = ["0 /h", "40 /h", "30 /h", "0 /h"]
[policy]
cpu_limit = 0.05
`, Case{Session: "mindfulness"}},
	"out of a sauna": {`
[[environment]]
id = "shade"
from = "sun"
since_max = "20 min"
ambient_mean = "5 degC"
[[environment]]
id = "sun"
ambient_mean = "52 degC"
`, Case{Session: "mindfulness", Environment: "shade"}},
	"into the sun on the newest watch": {`
[[device]]
id = "s11-46"
power_scale = 1.3
[population]
power_scale = 0.8
start_level_beta = 6
[workload.workout]
lpm_power = 0.9
[[environment]]
id = "sun"
from = "shade"
[[environment]]
id = "shade"
ambient_mean = "-12 degC"
`, Case{Session: "workout", Device: "s11-46", Environment: "sun", Duration: 7200}},
	"timer": {"", Case{Session: "mindfulness", Phases: []model.Phase{{Length: 605},
		{Length: 120, Rest: true}, {Length: 600}, {Length: 65, Rest: true},
		{Length: 300}, {Length: 60, Rest: true, Keep: true}, {Length: 300}}}},
	"timer out in the sun": {`
[population]
lpm_accept = 0.8
start_level_beta = 8
[policy]
cpu_limit = 0.05
[workload.seated]
cue_every = "2 min"
cue_for = "12 s"
`, Case{Session: "mindfulness", Phases: []model.Phase{{Length: 305},
		{Length: 60, Rest: true, Environment: "sun"}, {Length: 900, Workload: "workout"},
		{Length: 600, Environment: "shade"}, {Length: 10, Rest: true},
		{Length: 600, Environment: "indoor", Workload: "audio"}}}},
	"pauses": {`
[population]
lpm_accept = 0.6
start_level_beta = 8
[policy]
cpu_limit = 0.07
prompt_resign = 0.5
[timer]
away = "2 min"
[workload.seated]
cue_every = "2 min"
cue_for = "12 s"
[[session]]
id = "mindfulness"
resign = "20 /h"
`, Case{Session: "mindfulness", Pause: true, Phases: []model.Phase{{Length: 605},
		{Length: 300, Workload: "workout"}, {Length: 120, Rest: true}, {Length: 600}}}},
	"pauses of a session": {`
[policy]
prompt_resign = 1
[[session]]
id = "self-care"
resign = "20 /h"
`, Case{Session: "self-care", Pause: true}},
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
				s := NewSampler(7, sampling)
				for path := range uint64(40) {
					points := p.Trace(s, path, physicsAlone).Points
					history := stepwise(p.WithoutSkipping(), s, path, func(k *kernel, before lane, on bool) {
						compareStates(t, k, &before, points[k.clock], on)
					})
					checkEnd(t, p, path, &history, points)
					ends[points[len(points)-1].End]++
				}
			}
			t.Log(ends)
		})
	}
}

// stepwise takes a path through the portable kernel, on its first lane, and hands over
// the kernel after every step, with what its lane was before and whether the path goes on.
func stepwise(p *Plant, s Sampler, path uint64,
	look func(k *kernel, before lane, on bool)) (history History) {
	k := newPortable(p, s).(*kernel)
	k.steps, k.next = p.Steps, pathsFrom(path, path+1)
	k.ahead.draws, k.ahead.steps = k.phases, p.Steps
	k.book = func(_ uint64, h *History) { history = *h }
	for on := k.beginTurn(); on; k.clock++ {
		if k.clock > 0 && k.clock%turn == 0 {
			k.beginTurn()
		}
		first := &k.groups[0].paths[0]
		before := lane{k.columns[0], first.session, first.leg, k.groups[0].absent, first.number}
		k.step()
		on = k.groups[0].active != 0
		look(k, before, on)
	}
	return history
}

// lane is the first lane of a kernel before a step.
type lane struct {
	columns
	session
	leg    int
	absent uint8
	number uint32 // of absences so far
}

// compareStates compares a step of a kernel with a traced point. The columns of a path
// that has ended are gone, but not what they were before the step.
func compareStates(t *testing.T, k *kernel, before *lane, point Point, on bool) {
	t.Helper()
	l, path := &k.groups[0].paths[0], k.groups[0].paths[0].path
	near := func(what string, got, want float64) {
		if math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
			t.Fatalf("path %d at %v s: %s is %v in the kernel, %v by the model",
				path, point.Time, what, got, want)
		}
	}
	near("level", before.z[0], point.Level)
	near("cell temperature", before.cellT[0], point.Temperatures[model.NodeB])
	near("skin temperature", before.skinT[0], point.Temperatures[model.NodeK])
	for i, y := range before.net.amplitudes.Times(point.Temperatures) {
		near("mode", before.columns.modes[i].amplitude[0], y)
	}
	near("air", before.ambient+before.columns.ou[0], point.Air)
	// An absence that the prompt begins changes the load within the step.
	left := l.number != before.number
	if on && l.leg == before.leg && !left && k.groups[0].absent == before.absent {
		near("power", k.columns[0].factor[0]*k.plant.chains.power[before.state[0]], point.Power)
	}
	c, sun := ConditionOf(l.condition), before.irradiance > 0 && before.columns.sunHeat[0] > 0
	want := point.Condition
	if want.Thermal == model.Fair {
		want.Thermal = model.Nominal
	}
	if c != want || sun != point.InSun || !left && int(before.state[0])%4 != point.State {
		t.Fatalf("path %d at %v s: condition %+v, sun %v, state %d in the kernel; "+
			"%+v, %v, %d by the model",
			path, point.Time, c, sun, before.state[0], want, point.InSun, point.State)
	}
}

// physicsAlone ends no path.
func physicsAlone(model.Condition, bool) model.Cause { return model.Completed }

func checkEnd(t *testing.T, p *Plant, path uint64, h *History, points []Point) {
	t.Helper()
	last := points[len(points)-1]
	index, cause := h.End, h.Cause
	if index > p.Steps {
		index, cause = p.Steps, model.Completed
	}
	if want := int(math.Round(last.Position / p.Step)); cause != last.End || index != want {
		t.Fatalf("path %d ends by %v at step %d in the kernel, by %v at step %d by the model",
			path, cause, index, last.End, want)
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

// TestPathsArriveAsTheModelSays compares the temperatures at the start with those of
// package model, by matrix exponential where the plant goes by modes. The tolerance is that
// of the eigenvectors.
func TestPathsArriveAsTheModelSays(t *testing.T) {
	t.Parallel()
	k := kernelCases["out of a sauna"]
	p := compile(t, scenario(t, k.toml), k.c)
	s := p.Scenario
	d := sessionDraws{Sampler: NewSampler(5, Tilted)}
	var in session
	for path := range uint64(200) {
		d.move(path)
		p.draw(&d, &in)
		build := s.Thermal.Builds[p.Builds()[in.device.build]]
		fit := s.Thermal.Fits[in.fit]
		from, to := s.Environment("sun"), s.Environment("shade")
		n := model.NewNetwork(&s.Thermal, build, s.Airflow(to), fit)
		sun := in.env.sunShare * in.irradiance * n.SunAreaScale
		here := n.Worn(s, sun, in.ambient+in.ou, in.wrist)
		want := n.Arrival(here, s.Left(from, build, fit, in.wrist), in.since)
		got, _, _ := p.start(&in)
		for i := range want {
			if math.Abs(got[i]-want[i]) > 1e-9 {
				t.Fatalf("path %d, since %.0f s: got %v, want %v", path, in.since, got, want)
			}
		}
		if in.since <= 0 || in.since >= 1200 {
			t.Fatalf("path %d came %v s ago", path, in.since)
		}
	}
}
