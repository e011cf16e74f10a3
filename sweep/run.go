package sweep

import (
	"cmp"
	"context"
	"errors"
	"time"

	"budget/model"
	"budget/solver"
)

// Control says how to run. It does not change the results, unless a time limit
// ends the run first.
type Control struct {
	Workers     int
	Kernel      string        // of solver.Kernels; "" means the fastest
	TimePerCase time.Duration // 0 means no limit
	Progress    *solver.Progress
	Case        func(done, of int, c Case) // called before each case
	// Keep receives the curves of each case if the request asks for curves; nil drops them.
	Keep func(Case, *Block)
}

// Result holds the tables of a request.
type Result struct {
	Caps       []Cap
	Offers     []Offer // by case, then Request.Offered, under the first reading
	Incidences []Incidence
	// Outcome is Done, or the first reason why a case is not as precise as
	// asked.
	Outcome solver.Outcome
}

// EachCase calls do for the cases of a request in order until one returns an error.
// control.Case is called before each.
func (q *Request) EachCase(s *model.Scenario, control Control, do func(i int, c Case) error) error {
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

// Run answers a request. When ctx ends, the case in progress is finished with
// the paths it has; see Result.Outcome.
func Run(ctx context.Context, s *model.Scenario, q Request, control Control) (*Result, error) {
	result := &Result{}
	q = q.filled(s)
	var failed error
	outcome, err := Each(ctx, s, q, control, func(c Case, p *solver.Program, a *solver.Answer) {
		failed = cmp.Or(failed, result.add(ctx, c, float64(s.Grid.Margin), p, a, q, control))
	})
	if err := cmp.Or(err, failed); err != nil {
		return nil, err
	}
	result.Outcome = outcome
	return result, nil
}

// Each simulates the cases of a request one after the other and passes each
// answer with at least one path to take. When ctx ends, no further case is
// started. The outcome is Done, or the first reason why a case is not as
// precise as asked.
func Each(ctx context.Context, s *model.Scenario, q Request, control Control,
	take func(Case, *solver.Program, *solver.Answer)) (solver.Outcome, error) {
	outcome := solver.Done
	q = q.filled(s)
	cases, err := q.Cases(s)
	if err != nil {
		return outcome, err
	}
	settings := q.settings(control)
	question := solver.Question{
		Tolerances: q.Tolerances, Confidence: q.Confidence,
		Family: q.Family(s),
		Paths:  q.Paths, MaxPaths: q.MaxPaths,
		Precision: q.Precision, RelativePrecision: q.RelativePrecision,
		CapsOnly: q.CapsOnly, KeepLooks: q.Curves,
	}
	for i, c := range cases {
		if ctx.Err() != nil {
			return cmp.Or(outcome, ended(ctx)), nil
		}
		program, err := solver.Compile(s, solver.Case{Session: c.Session, Device: c.Device,
			Environment: c.Environment, StartLevel: q.StartLevel, Duration: q.Duration, Gate: q.Gate,
			Pause: q.Pause})
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
		if answer.Paths > 0 {
			take(c, program, answer)
		}
		outcome = cmp.Or(outcome, answer.Outcome)
	}
	return outcome, nil
}

// settings returns the solver's settings for a request whose defaults are filled in.
func (q *Request) settings(control Control) solver.Settings {
	return solver.Settings{
		Seed: q.Seed, Estimator: q.Estimator, Sampling: q.Sampling, Readings: q.Readings,
		Failures: Failures(q.EndOnResign, q.CountRefused),
		Workers:  control.Workers, Kernel: control.Kernel, Progress: control.Progress,
	}
}

func answerCase(ctx context.Context, p *solver.Program, s solver.Settings, q solver.Question,
	limit time.Duration) (*solver.Answer, error) {
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	return p.Answer(ctx, s, q)
}

// ended returns the outcome of a run whose context has ended.
func ended(ctx context.Context) solver.Outcome {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return solver.OutOfTime
	}
	return solver.Interrupted
}

// tracedPaths is the number of paths behind the states of a case. An estimated 5 %
// quantile then lies between the true 2.5 % and 8 % quantiles.
const tracedPaths = 256

// add adds the rows of a case, read from its answer. margin is the grid's margin [s].
func (r *Result) add(ctx context.Context, c Case, margin float64, p *solver.Program,
	a *solver.Answer, q Request, control Control) error {
	caps := NewCaps(c, a.Caps, a.Estimates, q.Confidence)
	for i := range caps {
		if g := caps[i].Gated; g != nil {
			g.Level, g.LeftOut = float64(q.Gate)/100, p.BelowGate()
		}
	}
	r.Caps = append(r.Caps, caps...)
	for _, d := range q.Offered {
		r.Offers = append(r.Offers, NewOffer(c, d, margin, a.Estimates, q.Readings[0]))
	}
	if !q.Curves {
		return nil
	}
	r.Incidences = append(r.Incidences, NewIncidence(c, a.Estimates, q.Readings[0],
		string(q.Estimator)))
	if control.Keep == nil {
		return nil
	}
	b := &Block{Looks: a.Looks}
	var err error
	if b.States, err = States(ctx, p, q.Seed, tracedPaths, control.Workers); err != nil &&
		ctx.Err() == nil {
		return err
	}
	control.Keep(c, b)
	return nil
}
