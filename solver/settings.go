package solver

import (
	"cmp"
	"fmt"
	"slices"
	"sync/atomic"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver/incidence"
	"budget/solver/plant"
)

// Settings say how to simulate, not what. Workers, Kernel, StepAll and Progress do not
// affect results. The zero value is ready to use. A misspelt or out-of-range value is
// an error that names the field.
type Settings struct {
	Seed      uint64    // of the random numbers; 0 is a valid seed
	Estimator Estimator // how a path counts; "" means Weights
	Sampling  Sampling  // of weights; "" means Tilted. Counts are always Independent.
	Readings  []Reading // of the grant; empty means both, Cautious first
	// FailuresOnly leaves Incidence.Ended out of summaries, which takes most of the time for their
	// durations if there are many.
	FailuresOnly bool
	// Failures are the causes that count as failure; empty means model.Failures.
	// A product that ends a session when it loses the front adds model.Resigned.
	Failures []model.Cause

	Workers int // goroutines; 0 means as many as there are processors (parallel.Workers)
	// Kernel names one of Kernels(); "" means the first.
	Kernel string
	// StepAll steps paths even when nothing can end them any more, for measurements and
	// tests.
	StepAll bool
	// Progress, if not nil, counts finished blocks.
	Progress *Progress
}

// Estimator says how a path counts.
type Estimator = incidence.Estimator

// Weights: a path carries its survival probability and counts expected ends. Counts: a
// path ends once, at random.
const (
	Weights = incidence.Weights
	Counts  = incidence.Counts
)

// Sampling says how the leading session draws of different paths are related.
type Sampling = plant.Sampling

// The ways of sampling. Each adds something to the one before.
const (
	Independent = plant.Independent
	Stratified  = plant.Stratified
	Sobol       = plant.Sobol
	Tilted      = plant.Tilted
)

// Reading is an interpretation of Apple's documentation of the grant: whether
// pressure uses it up faster.
type Reading = incidence.Reading

// The two readings of the session model, section 6.
const (
	Cautious     = incidence.Cautious     // the system shortens a grant under pressure
	AsDocumented = incidence.AsDocumented // it does not
)

// BothReadings returns the readings in the order that every answer uses.
func BothReadings() []Reading { return []Reading{Cautious, AsDocumented} }

// DifferingReadings returns how many of a number of readings can differ for a session type:
// 1 if it has no limit.
func DifferingReadings(s *model.Session, readings int) int {
	return incidence.Differing(s, readings)
}

// Kernels returns the names of the kernels that run on this machine, the
// fastest first.
func Kernels() []string { return plant.Kernels() }

// Kernel returns the name of the fastest kernel.
func Kernel() string { return Kernels()[0] }

// filled returns the settings with the defaults in place of zeros.
func (s Settings) filled() (Settings, error) {
	s.Estimator, s.Sampling = cmp.Or(s.Estimator, Weights), cmp.Or(s.Sampling, Tilted)
	s.Kernel = cmp.Or(s.Kernel, Kernel())
	if len(s.Readings) == 0 {
		s.Readings = BothReadings()
	}
	if len(s.Failures) == 0 {
		s.Failures = model.Failures
	}
	err := cmp.Or(
		oneOf("Settings.Estimator", s.Estimator, Weights, Counts),
		oneOf("Settings.Sampling", s.Sampling, Tilted, Sobol, Stratified, Independent),
		oneOf("Settings.Kernel", s.Kernel, Kernels()...),
		each("Settings.Readings", s.Readings, BothReadings()),
		each("Settings.Failures", s.Failures, model.Ends),
		inRange("Settings.Workers", s.Workers >= 0, s.Workers, "0 or more"),
	)
	s.Workers = parallel.Workers(s.Workers)
	return s, err
}

// oneOf returns an error unless a field's value is one of the given ones.
func oneOf[T ~string](field string, value T, of ...T) error {
	if slices.Contains(of, value) {
		return nil
	}
	return fmt.Errorf("solver: %s: unknown %q: expected one of %q", field, value, of)
}

// each returns an error unless all values of a field are among the given ones and
// distinct.
func each[T comparable](field string, values, of []T) error {
	for i, value := range values {
		if !slices.Contains(of, value) {
			return fmt.Errorf("solver: %s: unknown %v: expected values of %v", field, value, of)
		}
		if slices.Contains(values[:i], value) {
			return fmt.Errorf("solver: %s: %v is given twice", field, value)
		}
	}
	return nil
}

// inRange returns an error unless a field's value is in its range.
func inRange(field string, ok bool, value any, expected string) error {
	if ok {
		return nil
	}
	return fmt.Errorf("solver: %s: %v: expected %s", field, value, expected)
}

// sampler returns the sampler of the settings' paths.
func (s *Settings) sampler() plant.Sampler {
	return plant.NewSampler(s.Seed, s.Estimator.Sampling(s.Sampling))
}

// Progress counts simulated paths and steps for a display. Stepped counts the
// steps really computed: the rest of a path that nothing can end any more is
// skipped.
type Progress struct{ Paths, Planned, Steps, Stepped atomic.Int64 }

// plan sets the number of paths planned.
func (p *Progress) plan(paths int64) {
	if p != nil {
		p.Planned.Store(paths)
	}
}
