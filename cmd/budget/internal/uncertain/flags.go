package uncertain

import (
	"context"
	"errors"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/model"
	"budget/plots"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/uncertainty"
)

// flags are the flags of all commands that vary uncertain inputs.
type flags struct {
	*inputs.Options
	varying uncertainty.Varying
}

func newFlags(session string, paths int64) flags {
	f := flags{Options: inputs.NewOptions(paths)}
	f.Sessions = []string{session}
	return f
}

// addCases adds the flags for what to simulate. The default is the cautious reading alone: the
// documented reading equals the cautious one without pressure, which the ranges include.
func (f *flags) addCases(fs *pflag.FlagSet) {
	f.Readings = []solver.Reading{solver.Cautious}
	f.AddCases(fs)
}

// addVarying adds the flags for which inputs to vary.
func (f *flags) addVarying(fs *pflag.FlagSet) {
	keys := inputs.UncertainKeys()
	cli.AddList(fs, &f.varying.Vary, "vary", cli.Word, "vary only quantities with this `key`, in "+
		"which * stands for any text, such as 'policy.*' (default: all that matter)", keys...)
	cli.AddList(fs, &f.varying.Fix, "fix", cli.Word,
		"take quantities with this `key` as known; * as in --vary", keys...)
}

// maxSets limits the memory for sets.
const maxSets = 8192

var parseSets = cli.Whole(2, maxSets, "out of range", "a whole number from 2 to 8192")

// ask reads the scenario and returns the request that the flags describe.
func (f *flags) ask(sys *cli.System, args []string) (*model.Scenario, sweep.Request, error) {
	s, q, err := f.Ask(sys, args)
	if err != nil {
		return nil, q, err
	}
	if f.Estimator != solver.Weights {
		return nil, q, cli.Usagef("--estimator: %s cannot vary inputs: expected weights",
			f.Estimator)
	}
	if !f.Quiet {
		sys.Warn(s.Warnings())
	}
	return s, q, nil
}

// deliver draws the charts if there is a directory for them, then writes the files and prints
// the answer.
func (f *flags) deliver(sys *cli.System, out *cli.Output, files []cli.File,
	draw func() ([]plots.Named, error), a cli.Answer) error {
	if out != nil {
		charts, err := draw()
		if err != nil {
			return err
		}
		files = append(files, cli.NamedFiles(charts, cli.ChartFormats())...)
	}
	return f.Deliver(sys, out, files, a)
}

// unfinished returns the error of a command that ended before it had an answer.
func unfinished(ctx context.Context, err error) error {
	if option, ok := errors.AsType[*uncertainty.OptionError](err); ok {
		return cli.Usagef("--%v", option)
	}
	if key, ok := errors.AsType[*uncertainty.KeyError](err); ok && key.Near == "" {
		return cli.Usagef("%v: 'budget show parameters' lists them", key)
	}
	if ends, ok := errors.AsType[*uncertainty.RangeError](err); ok && ends.From == "" {
		return cli.Usagef("%s has no range to look in: give --from and --to", ends.Key)
	} else if ok {
		return cli.Usagef("--from %s is not below --to %s", ends.From, ends.To)
	}
	return inputs.Unfinished(ctx, err)
}
