package sweeps

import (
	"context"
	"errors"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/sweep/store"
)

// mergeFlags are the flags of budget merge.
type mergeFlags struct {
	directory
	shards int
}

// MergeCommand is budget merge.
func MergeCommand() cli.Command {
	return cli.Command{
		Name: "merge", Args: "plan.toml",
		Summary: "merge the shards of a sweep",
		Help: `
Merges the parts of budget sweep --shard in a directory and writes the tables of the whole sweep,
identical to those of a single run. You can run it at any time: it lists the shards whose parts are
missing, damaged, or from another plan, other settings (--set) or another version, and then changes
nothing.`,
		Examples: []string{`budget merge plan.toml -o out --shards 8`},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &mergeFlags{directory: newDirectory()}
			cli.AddValue(fs, &f.shards, "shards", parseShards,
				"`number` of shards of the sweep")
			f.addFlags(fs)
			cli.AddExplain(fs)
			return f.run
		},
	}
}

func (f *mergeFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	p, text, err := f.readPlan(sys, "merge", args)
	if err != nil {
		return err
	}
	if f.path == "" || f.shards == 0 {
		return cli.Usagef("expected the directory with the parts and their number: -o out --shards 8")
	}
	if _, err := os.Stat(f.path); err != nil {
		return cli.Filef(err, "cannot read %s", f.path)
	}
	s, err := f.open(sys)
	if err != nil {
		return err
	}
	defer s.Close()
	var others []string
	err = sys.EndsItself(func() (err error) {
		others, err = s.Merge(ctx, p, f.shards)
		return err
	})
	if err != nil && ctx.Err() != nil {
		return cli.Failf(cli.ExitAgain, "interrupted: run the command again to go on")
	}
	f.remarkDamage(sys, s)
	if len(others) > 0 {
		f.remarkf(sys, "ignored, as not parts of %d: %s", f.shards, strings.Join(others, ", "))
	}
	if parts, ok := errors.AsType[*store.PartsError](err); ok {
		return cli.Failf(cli.ExitAgain, "%v", parts)
	}
	if err != nil {
		return f.fileFailure(err)
	}
	return f.write(ctx, sys, s, p, text,
		newProgress(sys, p, nil, 0, len(p.Cells())*len(p.Sessions), f.Processors()))
}
