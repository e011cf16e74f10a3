package plant

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"budget/model"
)

// pausingCases reach every branch of absences.
var pausingCases = map[string]struct {
	toml string
	c    Case
}{
	"defaults": {"", Case{Session: "mindfulness", Pause: true}},
	"often, at the edges of phases": {`
[timer]
away = "20 s"
[session.mindfulness]
resign = "400 /h"
[population]
frailty_shape = 0.5
`, Case{Session: "mindfulness", Pause: true, Phases: []model.Phase{{Length: 15},
		{Length: 10, Workload: "workout"}, {Length: 15, Rest: true, Keep: true, Environment: "sun"},
		{Length: 300}, {Length: 5, Rest: true}, {Length: 5}, {Length: 60, Rest: true}, {Length: 600}}}},
	"low, and the prompt takes the front": {`
[timer]
away = "1 s"
[session.mindfulness]
resign = "20 /h"
[population]
lpm_accept = 0.7
[policy]
prompt_resign = 0.8
`, Case{Session: "mindfulness", Pause: true, StartLevel: level(0.11)}},
	"off in an absence": {`
[timer]
away = "1 h"
[session.workout]
resign = "20 /h"
`, Case{Session: "workout", Pause: true, StartLevel: level(0.06), Duration: 3600}},
	"busy, with regular cues": {`
[session.mindfulness]
resign = "60 /h"
[workload.seated]
cue_every = "2 min"
cue_for = "12 s"
[policy]
cpu_limit = 0.05
`, Case{Session: "mindfulness", Pause: true}},
}

// histories runs paths with a kernel and returns their histories, by path.
func histories(p *Plant, kernel string, s Sampler, paths uint64, steps int) []History {
	all := make([]History, paths)
	p.Kernel(kernel, s).Run(steps, pathsFrom(0, paths), func(path uint64, h *History) {
		all[path] = copyOf(h)
	})
	return all
}

// TestKernelsPauseAlike: every kernel, skipping or not, leaves the same histories.
func TestKernelsPauseAlike(t *testing.T) {
	for name, k := range pausingCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := compile(t, scenario(t, sessionTable(k.toml)), k.c)
			restarts, late := 0, 0
			for _, sampling := range []Sampling{Tilted, Independent} {
				s := NewSampler(3, sampling)
				want := histories(p.WithoutSkipping(), "portable", s, longer(150), p.Steps)
				for i := range want {
					restarts += len(want[i].Restarts)
					if want[i].Late {
						late++
					}
				}
				for _, kernel := range Kernels() {
					if got := histories(p, kernel, s, longer(150), p.Steps); !reflect.DeepEqual(got, want) {
						t.Errorf("%s, %s: histories differ", sampling, kernel)
					}
				}
			}
			if restarts == 0 && late == 0 {
				t.Error("no path pauses")
			}
			t.Logf("%d restarts, %d late ends", restarts, late)
		})
	}
}

// sessionTable writes [session.id] as the files have it.
func sessionTable(toml string) string {
	for _, id := range []string{"mindfulness", "workout"} {
		toml = strings.ReplaceAll(toml, "[session."+id+"]", "[[session]]\nid = \""+id+"\"")
	}
	return toml
}

// TestNobodyLeaves: where nobody leaves, a plant that pauses leaves the histories of one that
// does not. The load of absences is below that of the session, because the step from which the
// gauge's noise is followed depends on the greatest load.
func TestNobodyLeaves(t *testing.T) {
	s := scenario(t, sessionTable(`
[session.mindfulness]
resign = "0 /h"
[policy]
prompt_resign = 0
[workload.worn]
power = ["50 mW", "50 mW", "50 mW", "50 mW"]
`))
	sampler := NewSampler(1, Tilted)
	p := compile(t, s, Case{Session: "mindfulness"})
	want := histories(p, "", sampler, 300, p.Steps)
	p = compile(t, s, Case{Session: "mindfulness", Pause: true})
	for path, got := range histories(p, "", sampler, 300, p.Steps) {
		if !reflect.DeepEqual(got, want[path]) {
			t.Errorf("path %d: %+v, without pauses %+v", path, got, want[path])
		}
	}
}

// TestNumberOfAbsences: in the n steps after which a user of frailty f can leave, the number of
// absences is binomial with the probability q = 1 − exp(−λf) each, λ = resign D. With φ(s) =
// (1 + s/a)^−a, the mean of exp(−sf),
//
//	mean = n (1 − φ(λ)),   P(none) = φ(nλ),
//	E[N²] = mean + n(n−1) E[q²],   E[q²] = 1 − 2 φ(λ) + φ(2λ).
//
// The tolerance is 4.5 standard errors: of the mean, by these moments, and of a share.
func TestNumberOfAbsences(t *testing.T) {
	const rate, shape, paths = 12.0, 0.8, 6000
	s := scenario(t, sessionTable(`
[session.mindfulness]
resign = "12 /h"
[population]
frailty_shape = 0.8
lpm_on_start = 0
`))
	p := compile(t, s, Case{Session: "mindfulness", Pause: true, Duration: 600,
		StartLevel: level(0.9)})
	sum, none := 0.0, 0.0
	for _, h := range histories(p, "", NewSampler(8, Independent), paths, p.Steps) {
		sum += float64(len(h.Restarts))
		if len(h.Restarts) == 0 {
			none++
		}
	}
	lambda := rate / 3600 * p.Step
	phi := func(s float64) float64 { return math.Pow(1+s/shape, -shape) }
	n := float64(p.Steps - 1) // all but the last of the stint
	mean := n * (1 - phi(lambda))
	variance := mean + n*(n-1)*(1-2*phi(lambda)+phi(2*lambda)) - mean*mean
	if z := (sum/paths - mean) / math.Sqrt(variance/paths); math.Abs(z) > 4.5 {
		t.Errorf("mean %.4f, want %.4f, z = %.1f", sum/paths, mean, z)
	}
	want := phi(n * lambda)
	if z := (none/paths - want) / math.Sqrt(want*(1-want)/paths); math.Abs(z) > 4.5 {
		t.Errorf("no absence: %.4f, want %.4f, z = %.1f", none/paths, want, z)
	}
}
