package inputs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"

	"budget/cmd/budget/internal/cli"
	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// Load reads the scenario named by a command's last argument, if any, and applies the
// flags to it.
func (o *Options) Load(sys *cli.System, args []string) (*model.Scenario, error) {
	s, err := LoadScenario(sys, args)
	if err == nil && !o.Quiet {
		warnEdited(sys, args)
	}
	if err == nil {
		s, err = o.Over(s)
	}
	if err == nil {
		s, err = o.Resigning(s)
	}
	if err != nil {
		return nil, err
	}
	o.Readings = slices.DeleteFunc(solver.BothReadings(), func(r solver.Reading) bool {
		return !slices.Contains(o.Readings, r)
	})
	if o.step > 0 {
		if err := s.SetStep(o.step, "--step"); err != nil {
			return nil, cli.Usagef("%v", err)
		}
	}
	if o.Devices, err = Pick("device", o.Devices, solver.Fleet, model.IDs(s.Devices)); err != nil {
		return nil, err
	}
	o.Environments, err = Pick("environment", o.Environments, solver.Mix, model.IDs(s.Environments))
	return s, err
}

// Resigning returns a scenario in which leaving the app does what --on-resign says. Without the
// flag it is as the scenario says, and the options then have that.
func (o *Options) Resigning(s *model.Scenario) (*model.Scenario, error) {
	if o.OnResign == "" {
		o.OnResign = s.Timer.Resign
	}
	return s.WithResign("--on-resign", o.OnResign)
}

// Ask reads the scenario and returns the request of the flags. Cases that cannot be
// simulated are usage errors: the scenario file was checked when it was read.
func (o *Options) Ask(sys *cli.System, args []string) (*model.Scenario, sweep.Request, error) {
	s, err := o.Load(sys, args)
	if err != nil {
		return nil, sweep.Request{}, err
	}
	sessions, err := Pick("session", o.Sessions, "", model.IDs(s.Sessions))
	if err != nil {
		return nil, sweep.Request{}, err
	}
	if s, err = o.With(s, sessions); err != nil {
		return nil, sweep.Request{}, err
	}
	q := o.Request(sessions)
	if _, err := q.Cases(s); err != nil {
		return nil, sweep.Request{}, cli.Usagef("%v", err)
	}
	return s, q, nil
}

// Request returns the request of the flags for session types.
func (o *Options) Request(sessions []string) sweep.Request {
	return sweep.Request{
		Sessions: sessions, Devices: o.Devices, Environments: o.Environments, StartLevel: o.StartLevel,
		Readings: o.Readings, Tolerances: o.Tolerances, Confidence: o.Confidence,
		Estimator: o.Estimator, Sampling: o.Sampling, EndOnResign: o.OnResign == ResignEnds,
		Pause:        o.OnResign == ResignPauses,
		CountRefused: o.CountRefused,
		Seed:         o.Seed, Paths: o.Paths,
	}
}

// SingleCase returns an error if the flags name several devices or environments.
func (o *Options) SingleCase() error {
	switch {
	case len(o.Devices) > 1:
		return cli.Usagef("--device: expected one watch model, or the %s", solver.Fleet)
	case len(o.Environments) > 1:
		return cli.Usagef("--environment: expected one, or the %s", solver.Mix)
	}
	return nil
}

// Open makes the directory for the files, if one is given, and prints the scenario's
// warnings.
func (o *Options) Open(sys *cli.System, s *model.Scenario, files []cli.File) (*cli.Output, error) {
	out, err := cli.OpenOutput(sys, o.Output, files)
	if err == nil && !o.Quiet {
		sys.Warn(s.Warnings())
	}
	return out, err
}

// Deliver writes the files before it prints the answer, because standard output may be
// closed early.
func (o *Options) Deliver(sys *cli.System, out *cli.Output, files []cli.File, a cli.Answer) error {
	if out != nil {
		defer sys.Stage("write " + o.Output + " and the answer")()
	}
	fileErr := out.Write(files)
	return cmp.Or(sys.Print(a, o.Format, o.Quiet), fileErr)
}

// Unfinished returns the error of a command that was interrupted before it had
// an answer.
func Unfinished(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return cli.Interruptedf("no result yet")
	}
	return cli.Usagef("%v", err)
}

// Timeout returns the n-th part of a time limit as a time.Duration, which holds at
// most three centuries.
func Timeout(limit model.Duration, n int) time.Duration {
	ns := float64(limit) / float64(n) * float64(time.Second)
	if ns >= math.MaxInt64 {
		return math.MaxInt64
	}
	return max(time.Duration(ns), 1)
}

// Provenance returns the provenance of an answer. precision says how many paths were
// requested.
func (o *Options) Provenance(s *model.Scenario, q sweep.Request, precision string,
	outcome solver.Outcome) sweep.Provenance {
	p := sweep.Provenance{
		Version: Version(), Go: runtime.Version(), Kernel: o.Kernel.Name(), OnResign: o.OnResign,
		CountRefused: o.CountRefused, Set: o.Set, Workload: o.Workload,
		Precision: precision, Outcome: "done", Paths: []sweep.CasePaths{},
	}
	switch outcome {
	case solver.OutOfPaths:
		p.Outcome = "out of paths"
	case solver.OutOfTime:
		p.Outcome = "out of time"
	case solver.Interrupted:
		p.Outcome = "interrupted"
	}
	p.DescribeScenario(s)
	p.DescribeRequest(s, q)
	return p
}

// Basis returns the note about the method of an answer: paths, seed, estimator,
// sampling if it is not the default, and scenario.
func (o *Options) Basis(paths, scenario string) string {
	method := string(o.Estimator)
	if o.Estimator == solver.Weights && o.Sampling != solver.Tilted {
		method = fmt.Sprintf("%s, %s sampling", method, o.Sampling)
	}
	return fmt.Sprintf("%s, seed %d, %s, scenario %q.", paths, o.Seed, method, scenario)
}

// Assumptions returns the note about how many inputs of a scenario are assumed.
func Assumptions(s *model.Scenario, p sweep.Provenance) string {
	return fmt.Sprintf("%d of %d inputs are our assumptions. See them: budget show parameters --assumed.",
		len(p.Assumed), len(s.Parameters()))
}
