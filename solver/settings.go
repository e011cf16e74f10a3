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

// Settings say how to simulate. They do not change what is simulated, and no result
// depends on the last ones. The zero value is ready to use; what is misspelt or out of
// range is an error that names the field.
type Settings struct {
	Seed      uint64    // of the random numbers; 0 is a seed like any other
	Estimator Estimator // how a path counts; "" means Weights
	Sampling  Sampling  // of weights; "" means Tilted. Counts are always Independent.
	Readings  []Reading // of the grant; none means both, Cautious first
	// Failures is the set of causes a plan fails by; none means model.Failures. A
	// product that ends a session when it loses the front adds model.Resigned.
	Failures []model.Cause

	Workers int // goroutines; 0 means as many as there are processors (parallel.Workers)
	// Kernel names the kernel to use, of those that Kernels lists; "" means the first
	// of them.
	Kernel string
	// StepAll steps paths also where nothing can happen to them any more, to measure or
	// to check.
	StepAll bool
	// Progress, if not nil, is told of every finished block.
	Progress *Progress
}

// Estimator is how a path counts.
type Estimator = incidence.Estimator

// Weights lets a path carry its survival and book expected ends; Counts lets it end once,
// by chance.
const (
	Weights = incidence.Weights
	Counts  = incidence.Counts
)

// Sampling is how the leading session draws of different paths go together.
type Sampling = plant.Sampling

// The ways of sampling, each the one before it and more.
const (
	Independent = plant.Independent
	Stratified  = plant.Stratified
	Sobol       = plant.Sobol
	Tilted      = plant.Tilted
)

// Reading is a reading of the grant: how pressure uses it up.
type Reading = incidence.Reading

// The two readings of the session model, section 6.
const (
	Cautious     = incidence.Cautious     // the system shortens a grant under pressure
	AsDocumented = incidence.AsDocumented // it does not
)

// BothReadings are the readings of the grant in the order of every answer.
func BothReadings() []Reading { return []Reading{Cautious, AsDocumented} }

// DifferingReadings returns how many of so many readings can differ for a session type: one
// alone where it has no limit.
func DifferingReadings(s *model.Session, readings int) int {
	return incidence.Differing(s, readings)
}

// Kernels names the kernels that run on this machine, the fastest first.
func Kernels() []string { return plant.Kernels() }

// Kernel names the fastest of them.
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

// oneOf returns an error unless a field has one of some words.
func oneOf[T ~string](field string, value T, of ...T) error {
	if slices.Contains(of, value) {
		return nil
	}
	return fmt.Errorf("solver: %s: unknown %q: expected one of %q", field, value, of)
}

// each returns an error unless all values of a field are of some, and no two the same.
func each[T comparable](field string, values, of []T) error {
	for i, value := range values {
		if !slices.Contains(of, value) {
			return fmt.Errorf("solver: %s: unknown %v: expected some of %v", field, value, of)
		}
		if slices.Contains(values[:i], value) {
			return fmt.Errorf("solver: %s: %v is there twice", field, value)
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

// Progress counts what is simulated, for a display to read: paths done and
// planned, the steps that these paths went through, and the part of them that was
// stepped: a path is not where nothing can happen to it any more.
type Progress struct{ Paths, Planned, Steps, Stepped atomic.Int64 }

// plan tells of the number of paths planned.
func (p *Progress) plan(paths int64) {
	if p != nil {
		p.Planned.Store(paths)
	}
}
