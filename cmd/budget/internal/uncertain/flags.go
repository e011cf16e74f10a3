package uncertain

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/uncertainty"
)

// unknownFlags are the flags of the commands that vary what is not known.
type unknownFlags struct {
	*inputs.Options
	sessions   []string
	tolerances []float64
	varying    uncertainty.Varying
}

// newUnknownFlags returns them with their defaults. The documented reading is what the
// cautious one comes to where pressure uses nothing up, which the ranges hold.
func newUnknownFlags() *unknownFlags {
	f := &unknownFlags{Options: inputs.NewOptions()}
	f.Readings = []solver.Reading{solver.Cautious}
	return f
}

// addVarying adds the flags that say what is varied.
func (f *unknownFlags) addVarying(fs *pflag.FlagSet) {
	var keys []string
	for _, p := range model.Default().Parameters() {
		if p.Law != nil {
			keys = append(keys, p.Key)
		}
	}
	cli.Complete(cli.AddList(fs, &f.varying.Vary, "vary", "", cli.Word,
		"vary only quantities with this `key`, in which * stands for any text, such as 'policy.*' (default: all that matter)"), keys)
	cli.Complete(cli.AddList(fs, &f.varying.Fix, "fix", "", cli.Word,
		"take quantities with this `key` as known, as --vary has it"), keys)
}

// maxSets keeps what is kept of sets in memory.
const maxSets = 8192

func parseSets(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 2 || n > maxSets {
		return 0, fmt.Errorf("%q is out of range: expected a whole number from 2 to %d", text, maxSets)
	}
	return n, nil
}

// prepare reads the scenario and makes the request.
func (f *unknownFlags) prepare(sys *cli.System, args []string) (*model.Scenario, sweep.Request, error) {
	s, err := f.Load(sys, args)
	if err != nil {
		return nil, sweep.Request{}, err
	}
	if f.Estimator != solver.Weights {
		return nil, sweep.Request{}, cli.Usagef("--estimator: %s cannot be shared by many sets: expected weights", f.Estimator)
	}
	sessions, err := inputs.Pick("session", f.sessions, "", model.IDs(s.Sessions))
	if err != nil {
		return nil, sweep.Request{}, err
	}
	q := f.Request(sessions)
	q.Tolerances = f.tolerances
	if _, err := f.Cases(q, s); err != nil {
		return nil, sweep.Request{}, err
	}
	if !f.Quiet {
		cli.Warn(sys, s.Warnings())
	}
	return s, q, nil
}

// unfinished says how a command ended that has nothing to tell before its end.
func unfinished(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return cli.Failf(cli.ExitInterrupted, "interrupted: nothing is known yet")
	}
	if option, ok := errors.AsType[*uncertainty.OptionError](err); ok {
		return cli.Usagef("--%v", option)
	}
	if ends, ok := errors.AsType[*uncertainty.RangeError](err); ok && ends.From == "" {
		return cli.Usagef("%s has no range to look in: give --from and --to", ends.Key)
	} else if ok {
		return cli.Usagef("--from %s is not below --to %s", ends.From, ends.To)
	}
	return cli.Usagef("%v", err)
}
