package sweeps

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/internal/notation"
	"budget/sweep/plan"
	"budget/sweep/store"
)

// shardFromEnvironment stands for the index that an engine gives its tasks.
const shardFromEnvironment = -1

// shardVariables hold the index of a task, from 0, by engine.
var shardVariables = []string{"SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX", "BATCH_TASK_INDEX", "PBS_ARRAY_INDEX"}

func parseShard(text string) (*store.Shard, error) {
	first, last, ok := strings.Cut(text, "/")
	of, err := strconv.Atoi(last)
	if !ok || err != nil || of < 1 || of > maxShards {
		return nil, fmt.Errorf("%q is not a shard: expected i/n, such as 3/8, or env/n, with n from 1 to %d", text, maxShards)
	}
	if first == "env" {
		return &store.Shard{Index: shardFromEnvironment, Of: of}, nil
	}
	i, err := strconv.Atoi(first)
	if err != nil || i < 0 || i >= of {
		return nil, fmt.Errorf("%q is not a shard: expected 0/%d to %d/%d", text, of, of-1, of)
	}
	return &store.Shard{Index: i, Of: of}, nil
}

// maxShards bounds the parts of a sweep.
const maxShards = 100_000

func parseShards(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxShards {
		return 0, fmt.Errorf("%q is not a number of shards: expected 1 to %d", text, maxShards)
	}
	return n, nil
}

// ownShard returns the shard to run, with the index that the environment gives where it
// is to.
func (f *sweepFlags) ownShard(sys *cli.System) (store.Shard, error) {
	if f.shard.Index != shardFromEnvironment {
		return *f.shard, nil
	}
	for _, name := range shardVariables {
		if text := sys.Getenv(name); text != "" {
			i, err := strconv.Atoi(text)
			if err != nil || i < 0 || i >= f.shard.Of {
				return store.Shard{}, cli.Usagef("--shard env/%d: %s is %q: expected 0 to %d", f.shard.Of, name, text, f.shard.Of-1)
			}
			return store.Shard{Index: i, Of: f.shard.Of}, nil
		}
	}
	return store.Shard{}, cli.Usagef("--shard env/%d: no engine has set an index: expected one of %s", f.shard.Of, strings.Join(shardVariables, ", "))
}

func (f *sweepFlags) runShard(ctx context.Context, sys *cli.System, p *plan.Plan) error {
	shard, err := f.ownShard(sys)
	if err != nil {
		return err
	}
	units := p.Units()
	if shard.Of > len(units) {
		return cli.Usagef("--shard: there are %d shards of %s of work: expected at most as many", shard.Of, notation.Plural(int64(len(units)), "unit"))
	}
	blocks := 0
	for _, u := range shard.Units(units) {
		blocks += len(u.Cells)
	}
	ran := false
	err = f.fill(ctx, sys, blocks, func(control store.Control) (err error) {
		ran, err = store.RunShard(ctx, f.output, p, shard, f.writer(), control)
		return err
	})
	if err != nil {
		return err
	}
	if !ran {
		f.note(sys, fmt.Sprintf("the part of shard %v is in %s already", shard, f.output))
	}
	return nil
}
