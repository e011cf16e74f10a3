package sweep

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
)

// Request says which cases of a scenario to answer, and how precisely.
type Request struct {
	Sessions     []string // session type ids
	Devices      []string // device ids, or solver.Fleet
	Environments []string // environment ids, or solver.Mix
	StartLevel   *float64 // fixes the true level at the start; nil draws it
	Duration     float64  // longest plan looked at [s]; 0 means each session's horizon

	Readings    []solver.Reading
	Tolerances  []float64
	Confidence  float64
	Estimator   solver.Estimator
	Sampling    solver.Sampling // of weights
	EndOnResign bool            // losing the front ends the session and counts as a failure
	Seed        uint64

	Paths                        int64 // fixed number per case; 0 means until decided
	MaxPaths                     int64 // per case, of a run until decided
	Precision, RelativePrecision float64

	// Curves asks for the incidence curves beside the caps.
	Curves bool
	// CapsOnly says that of an answer nobody reads more than what caps are made of.
	CapsOnly bool
}

// Control says how to run. It does not change the results, unless a limit on
// time ends the run first.
type Control struct {
	Workers     int
	Kernel      string        // of solver.Kernels; "" means the fastest
	TimePerCase time.Duration // 0 means no limit
	Progress    *solver.Progress
	Case        func(done, of int, c Case) // called before each case
}

// Result holds the tables of a request.
type Result struct {
	Caps       []Cap
	Incidences []Incidence
	// Outcome is the first thing that kept a case from being answered as asked.
	Outcome solver.Outcome

	blocks []keyed // the curves of each case, where they are asked for
}

// Family is the number of caps of the request, which hold together.
func (q *Request) Family() int {
	return len(q.Sessions) * len(q.Devices) * len(q.Environments) * len(q.Readings) * len(q.Tolerances)
}

// Cases lists the cases of a request, in the order of its results. The error names
// what the scenario lacks or its time grid cannot hold.
func (q *Request) Cases(s *model.Scenario) ([]Case, error) {
	var cases []Case
	for _, session := range q.Sessions {
		found := s.Session(session)
		if found == nil {
			return nil, fmt.Errorf("unknown session type %q: expected one of %v", session, model.IDs(s.Sessions))
		}
		horizon := cmp.Or(q.Duration, float64(found.Horizon))
		if err := s.Grid.Hold(model.Duration(horizon)); err != nil {
			return nil, fmt.Errorf("session type %s: %w", session, err)
		}
		for _, device := range q.Devices {
			for _, environment := range q.Environments {
				cases = append(cases, Case{
					Session: session, SessionName: found.Name, Device: device, Environment: environment,
					Limit: float64(found.Limit), Horizon: horizon,
				})
			}
		}
	}
	return cases, nil
}

// eachCase goes through the cases of a request, and tells of each before it is done.
func (q *Request) eachCase(s *model.Scenario, control Control, do func(i int, c Case) error) error {
	cases, err := q.Cases(s)
	if err != nil {
		return err
	}
	for i, c := range cases {
		if control.Case != nil {
			control.Case(i, len(cases), c)
		}
		if err := do(i, c); err != nil {
			return err
		}
	}
	return nil
}

// Run answers a request. When ctx ends, the cases begun are finished with the
// paths they have, and the result says so.
func Run(ctx context.Context, s *model.Scenario, q Request, control Control) (*Result, error) {
	result := &Result{}
	var failed error
	outcome, err := Each(ctx, s, q, control, func(c Case, p *solver.Program, a *solver.Answer) {
		failed = cmp.Or(failed, result.add(ctx, c, p, a, q, control.Workers))
	})
	if err := cmp.Or(err, failed); err != nil {
		return nil, err
	}
	result.Outcome = outcome
	return result, nil
}

// Each simulates the cases of a request one after the other and gives take the
// answer of each that has a path. When ctx ends, no further case is begun. Each
// returns the first thing that kept a case from being answered as asked.
func Each(ctx context.Context, s *model.Scenario, q Request, control Control, take func(Case, *solver.Program, *solver.Answer)) (solver.Outcome, error) {
	outcome := solver.Done
	cases, err := q.Cases(s)
	if err != nil {
		return outcome, err
	}
	settings := solver.Settings{
		Seed: q.Seed, Estimator: q.Estimator, Sampling: q.Sampling, Readings: q.Readings, Failures: failures(q.EndOnResign),
		Workers: control.Workers, Kernel: control.Kernel, Progress: control.Progress,
	}
	question := solver.Question{
		Tolerances: q.Tolerances, Confidence: q.Confidence,
		Family: q.Family(),
		Paths:  q.Paths, MaxPaths: q.MaxPaths,
		Precision: q.Precision, RelativePrecision: q.RelativePrecision,
		CapsOnly: q.CapsOnly, KeepLooks: q.Curves,
	}
	for i, c := range cases {
		if ctx.Err() != nil {
			return cmp.Or(outcome, ended(ctx)), nil
		}
		program, err := solver.Compile(s, solver.Case{Session: c.Session, Device: c.Device,
			Environment: c.Environment, StartLevel: q.StartLevel, Duration: q.Duration})
		if err != nil {
			return outcome, err
		}
		if control.Case != nil {
			control.Case(i, len(cases), c)
		}
		answer, err := answerCase(ctx, program, settings, question, control.TimePerCase)
		if err != nil {
			return outcome, err
		}
		if answer.Paths() > 0 {
			take(c, program, answer)
		}
		outcome = cmp.Or(outcome, answer.Outcome)
	}
	return outcome, nil
}

func answerCase(ctx context.Context, p *solver.Program, s solver.Settings, q solver.Question, limit time.Duration) (*solver.Answer, error) {
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	return p.Answer(ctx, s, q)
}

// ended says how a context that has ended ends a run.
func ended(ctx context.Context) solver.Outcome {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return solver.OutOfTime
	}
	return solver.Interrupted
}

// tracedPaths is the number of paths that the states of a case rest on: the quantiles that
// 5 % of them lie beyond are then those of 2.5 to 8 %.
const tracedPaths = 256

// add reads a case's rows off its answer.
func (r *Result) add(ctx context.Context, c Case, p *solver.Program, a *solver.Answer, q Request, workers int) error {
	durations := p.Durations()
	for _, found := range a.Caps {
		r.Caps = append(r.Caps, newCap(c, durations, a, found, q))
	}
	if !q.Curves {
		return nil
	}
	r.Incidences = append(r.Incidences, newIncidence(c, durations, a, q))
	b := &block{durations: durations, looks: a.Looks}
	var err error
	if b.states, err = states(ctx, p, q.Seed, tracedPaths, workers); err != nil && ctx.Err() == nil {
		return err
	}
	r.blocks = append(r.blocks, keyed{caseKey(c), b.write()})
	return nil
}

func newCap(c Case, durations []float64, a *solver.Answer, found solver.Cap, q Request) Cap {
	reading := slices.Index(q.Readings, found.Reading)
	row := Cap{
		Case: c, Reading: string(found.Reading), Tolerance: found.Tolerance, Confidence: q.Confidence,
		BindingCause: found.Binding, Paths: a.Paths(),
		FailureAtCap: missing, FailureAtLimit: missing, ResignedAtCap: missing,
		ShortestFails: a.Failure(reading, 0),
	}
	if found.Index >= 0 {
		row.Cap = durations[found.Index]
		row.FailureAtCap = a.Failure(reading, found.Index)
		row.ResignedAtCap = a.Ended(reading, solver.Meaning, model.Resigned, found.Index)
	}
	if found.Upper >= 0 {
		row.CapUpper = durations[found.Upper]
	}
	if i := reaching(c.Limit, durations); i >= 0 {
		row.FailureAtLimit = a.Failure(reading, i)
	}
	row.Status = statusOf(found.Status)
	if !found.Precise && row.Status != CapNever && row.Status != CapUnknown {
		row.Status = CapImprecise
	}
	return row
}

func newIncidence(c Case, durations []float64, a *solver.Answer, q Request) Incidence {
	in := Incidence{Case: c, Durations: durations, Ended: make([][]estimate.Estimate, len(model.Ends)), Estimator: string(q.Estimator)}
	for i := range durations {
		for _, cause := range model.Ends {
			in.Ended[cause] = append(in.Ended[cause], a.Ended(0, solver.AsUsed, cause, i))
		}
		in.Survival = append(in.Survival, a.Survival(0, i))
		in.Failure = append(in.Failure, a.Failure(0, i))
		in.Paths = append(in.Paths, a.PathsTo(i))
	}
	return in
}

// missing stands for a probability that there is none of, such as the failure
// at a limit that is not documented.
var missing = estimate.Estimate{Value: math.NaN(), StandardError: math.NaN(), Interval: estimate.Interval{Lower: math.NaN(), Upper: math.NaN()}}
