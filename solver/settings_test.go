package solver

import (
	"context"
	"math"
	"reflect"
	"strings"
	"testing"

	"budget/model"
)

// TestZeroMeansTheDefaults: zero settings and a zero question give the same answer as
// the documented defaults written out.
func TestZeroMeansTheDefaults(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "self-care", Duration: 300})
	zero, err := p.Answer(context.Background(), Settings{}, Question{MaxPaths: 1 << 13})
	if err != nil {
		t.Fatal(err)
	}
	said, err := p.Answer(context.Background(),
		Settings{Estimator: Weights, Sampling: Tilted, Readings: []Reading{Cautious, AsDocumented},
			Failures: model.Failures, Workers: 1, Kernel: Kernels()[0]},
		Question{Tolerances: []float64{0.005, 0.01, 0.05}, Confidence: 0.95, Family: 6,
			Precision: 60, RelativePrecision: 0.02, FirstLook: 32768, MaxPaths: 1 << 13})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(zero, said) {
		t.Errorf("zero settings answer %+v, the defaults %+v", zero.Caps, said.Caps)
	}
	if f := zero.Failure(Cautious, 300).Value; !(f > 0) {
		t.Errorf("plans of 300 s fail with probability %v", f)
	}
}

// TestWhatIsMisspeltNamesItsField: misspelt values give an error that names the
// field, never a panic.
func TestWhatIsMisspeltNamesItsField(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "self-care", Duration: 60})
	level := 1.5
	ask := func(s Settings, q Question) error {
		q.Paths = 64
		_, err := p.Answer(context.Background(), s, q)
		return err
	}
	of := func(c Case) error {
		_, err := Compile(model.Default(), c)
		return err
	}
	for field, err := range map[string]error{
		"Settings.Estimator":         ask(Settings{Estimator: "weigths"}, Question{}),
		"Settings.Sampling":          ask(Settings{Sampling: "halton"}, Question{}),
		"Settings.Readings":          ask(Settings{Readings: []Reading{Cautious, "hopeful"}}, Question{}),
		"Settings.Failures":          ask(Settings{Failures: []model.Cause{99}}, Question{}),
		"Settings.Workers":           ask(Settings{Workers: -1}, Question{}),
		"Settings.Kernel":            ask(Settings{Kernel: "gpu"}, Question{}),
		"Question.Tolerances":        ask(Settings{}, Question{Tolerances: []float64{0.01, 1}}),
		"Question.Confidence":        ask(Settings{}, Question{Confidence: 95}),
		"Question.Family":            ask(Settings{}, Question{Family: -1}),
		"Question.Precision":         ask(Settings{}, Question{Precision: math.NaN()}),
		"Question.RelativePrecision": ask(Settings{}, Question{RelativePrecision: -1}),
		"Question.FirstLook":         ask(Settings{}, Question{FirstLook: -1}),
		"Question.MaxPaths":          ask(Settings{}, Question{MaxPaths: -1}),
		"Case.Session":               of(Case{Session: "meditation"}),
		"Case.Device":                of(Case{Session: "workout", Device: "s99"}),
		"Case.Environment":           of(Case{Session: "workout", Environment: "moon"}),
		"Case.StartLevel":            of(Case{Session: "workout", StartLevel: &level}),
		"Case.Duration":              of(Case{Session: "workout", Duration: -60}),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), "solver: "+field+": ") {
			t.Errorf("%s: got error %v", field, err)
		}
	}
}

// TestWhatIsNotKnownIsWithinNoTolerance, for unknown readings, durations and
// causes.
func TestWhatIsNotKnownIsWithinNoTolerance(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "self-care", Duration: 60})
	settings := Settings{Readings: []Reading{Cautious}}
	a, err := p.Answer(context.Background(), settings, Question{Paths: 128, CapsOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	for what, x := range map[string]float64{
		"another reading":  a.Failure(AsDocumented, 60).Value,
		"a longer plan":    a.Failure(Cautious, 65).Upper,
		"no plan":          a.Failure(Cautious, 0).Value,
		"what is left out": a.Ended(Cautious, AsUsed, model.Expired, 60).Value,
	} {
		if x <= 1 || !math.IsNaN(x) {
			t.Errorf("%s: %v", what, x)
		}
	}
	// A plan between two durations is known as the longer one.
	if got, want := a.Failure(Cautious, 47), a.Failure(Cautious, 50); got != want || got.Value == 0 {
		t.Errorf("plans of 47 s: %+v, of 50 s: %+v", got, want)
	}
}
