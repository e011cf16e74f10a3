package solver

import (
	"slices"

	"budget/model"
	"budget/solver/plant"
)

// Fleet and Mix stand for a device drawn from the fleet and an environment
// drawn from the mix.
const (
	Fleet = plant.Fleet
	Mix   = plant.Mix
)

// Case is what to simulate: a session type, on a device or the fleet, in an
// environment or the mix.
type Case = plant.Case

// Program is a scenario compiled for a case: a plant and the rules that end
// sessions on it. It is immutable and serves any number of goroutines.
type Program struct {
	plant *plant.Plant
	grid
	session *model.Session
	policy  *model.Policy
	frailty float64 // shape a of the frailty
}

// grid is the plant's in time.
type grid struct {
	step         float64 // D [s]
	steps, first int     // the number of steps of a path, and the index of the time of the shortest plan
}

// Compile prepares a case of a scenario. The error names what the case has that
// the scenario lacks.
func Compile(s *model.Scenario, c Case) (*Program, error) {
	p, err := plant.Compile(s, c)
	if err != nil {
		return nil, err
	}
	return newProgram(p, s, s.Session(c.Session)), nil
}

func newProgram(p *plant.Plant, s *model.Scenario, session *model.Session) *Program {
	return &Program{plant: p, grid: grid{p.Step, p.Steps, p.First}, session: session, policy: &s.Policy,
		frailty: float64(s.Population.FrailtyShape)}
}

// Durations returns the planned durations [s] that the program's curves are
// for: every step from one up to the longest plan.
func (p *Program) Durations() []float64 {
	durations := make([]float64, p.steps-p.first+1)
	for i := range durations {
		durations[i] = float64(i+1) * p.step
	}
	return durations
}

// Sampling is how the leading session draws of different paths go together.
type Sampling = plant.Sampling

// The ways of sampling. Tilted is the default.
const (
	Independent = plant.Independent
	Stratified  = plant.Stratified
	Sobol       = plant.Sobol
	Tilted      = plant.Tilted
)

// Sampling returns the sampling that is used with an estimator where s is asked for:
// counts are always independent, since a binomial interval needs independent paths, and
// without a wish weights are tilted.
func (e Estimator) Sampling(s Sampling) Sampling {
	switch {
	case e == Counts:
		return Independent
	case s == "":
		return Tilted
	}
	return s
}

func newSampler(seed uint64, e Estimator, s Sampling) plant.Sampler {
	return plant.NewSampler(seed, e.Sampling(s))
}

// Kernels names the kernels that run on this machine, the fastest first.
func Kernels() []string { return plant.Kernels() }

// Kernel names the fastest of them.
func Kernel() string { return Kernels()[0] }

// implementation is how paths are added up on this machine.
type implementation struct {
	fold  func(*folding)
	octet *octetKernel
}

// byKernel are the implementations, by the name of the kernel that they belong to.
var byKernel = map[string]implementation{"portable": {foldPortable, &octetPortable}}

// implementationOf returns the implementation that belongs to a kernel; "" means the
// fastest. It panics if there is none of that name.
func implementationOf(kernel string) implementation {
	if kernel == "" {
		kernel = Kernel()
	}
	if !slices.Contains(Kernels(), kernel) {
		panic("solver: unknown kernel " + kernel)
	}
	return byKernel[kernel]
}

// lanes is how many numbers of a kind go side by side: nets of a folding, endings of an
// octet.
const lanes = 8

// From package plant, by shorter names.
type (
	History = plant.History
	Start   = plant.Start
	Run     = plant.Run
)

const (
	conditions = plant.Conditions
	nets       = plant.Replicates
)

func conditionOf(code int) model.Condition { return plant.ConditionOf(code) }
