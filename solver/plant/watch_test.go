package plant

import (
	"math"
	"testing"

	"budget/model"
)

// TestSamplesAreThoseOfTraces compares samples with traced paths, whose every state is kept.
func TestSamplesAreThoseOfTraces(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"cold and low", "hot", "out of a sauna"} {
		k := kernelCases[name]
		p := compile(t, scenario(t, k.toml), k.c)
		at := []int{0, 1, 60, p.Steps}
		for _, sampler := range []Sampler{NewSampler(3, Tilted), NewSampler(3, Independent)} {
			for _, kernel := range Kernels() {
				got := map[uint64][]Sample{}
				p.Watch(kernel, sampler, at, func(path uint64, samples []Sample) {
					got[path] = append([]Sample(nil), samples...)
				}).Run(p.Steps, pathsFrom(0, 50), func(uint64, *History) {})
				if len(got) != 50 {
					t.Fatalf("%s, %s: %d paths of 50", name, kernel, len(got))
				}
				all := p.WithNoiseFromStart()
				for path := range uint64(50) {
					compareSamples(t, got[path], all.Trace(sampler, path, physicsAlone), at)
				}
			}
		}
	}
}

// compareSamples compares with tolerances for what the kernel rounds another way; the
// displayed level may round to the next per cent, though seldom.
func compareSamples(t *testing.T, got []Sample, trace Trace, at []int) {
	t.Helper()
	points := trace.Points
	hottest, reached, prompted := math.Inf(-1), model.Nominal, false
	n := 0
	for k, point := range points {
		hottest = max(hottest, point.Temperatures[model.NodeK])
		reached = max(reached, point.Thermal)
		prompted = prompted || point.Condition.Low && !trace.LowPower
		if n < len(got) && k == at[n] {
			want := Sample{Level: points[0].Level - point.Level,
				Displayed: points[0].Displayed - point.Displayed, Hottest: hottest, Reached: reached,
				Prompted: prompted}
			g := got[n]
			if math.Abs(g.Level-want.Level) > 1e-9 || math.Abs(g.Displayed-want.Displayed) > 0.0101 ||
				math.Abs(g.Hottest-want.Hottest) > 1e-7 || g.Reached != want.Reached ||
				g.Prompted != want.Prompted {
				t.Fatalf("path %d at step %d: got %+v, want %+v", point.Path, k, g, want)
			}
			n++
		}
	}
	if n != len(got) {
		t.Fatalf("path %d: %d samples, want %d", points[0].Path, len(got), n)
	}
}

// TestPowerScaleOfASessionType: a session type's own power_scale replaces the population's.
func TestPowerScaleOfASessionType(t *testing.T) {
	t.Parallel()
	scale := model.Number(1.5)
	s := *model.Default()
	session := *s.Session("audio")
	session.PowerScale = &scale
	s.Sessions = []*model.Session{&session, s.Session("workout")}
	s.Population.PowerScale = 2
	for id, want := range map[string]float64{"audio": 1.5, "workout": 2} {
		p, err := Compile(&s, Case{Session: id, Device: Fleet, Environment: Mix})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range p.devices {
			if d.powerScale != want {
				t.Errorf("%s: the factor is %g, want %g", id, d.powerScale, want)
			}
		}
	}
}
