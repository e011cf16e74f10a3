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

// shardFromEnvironment means that the index comes from the environment.
const shardFromEnvironment = -1

// shardVariables are the environment variables of engines with the index of a
// task, from 0.
var shardVariables = []string{"SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX",
	"AWS_BATCH_JOB_ARRAY_INDEX", "BATCH_TASK_INDEX", "PBS_ARRAY_INDEX"}

// parseShard parses i/n or env/n.
func parseShard(text string) (*store.Shard, error) {
	first, last, ok := strings.Cut(text, "/")
	of, err := strconv.Atoi(last)
	if !ok || err != nil || of < 1 || of > maxShards {
		return nil, fmt.Errorf("%q is not a shard: expected i/n, such as 3/8, or env/n, "+
			"with n from 1 to %d", text, maxShards)
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

// maxShards is the largest number of parts of a sweep.
const maxShards = 100_000

var parseShards = cli.Whole(1, maxShards, "not a number of shards", "1 to 100000")

// runShard computes the blocks of a shard and writes them as a part to the
// directory.
func (d *directory) runShard(ctx context.Context, sys *cli.System, p *plan.Plan,
	shard store.Shard) error {
	if shard.Index == shardFromEnvironment {
		var err error
		if shard.Index, err = indexOfTask(sys, shard.Of); err != nil {
			return err
		}
	}
	units := p.Units()
	if shard.Of > len(units) {
		return cli.Usagef("--shard: %d shards for %s of work: expected at most as many shards",
			shard.Of, notation.Plural(len(units), "unit"))
	}
	if err := sys.ClaimSweep(d.path); err != nil {
		return err
	}
	blocks, own := 0, shard.Units(units)
	for _, u := range own {
		blocks += len(u.Cells)
	}
	ran := false
	shown := newProgress(sys, p, own, blocks, 0, d.Processors())
	err := d.fill(ctx, sys, shown, func(control store.Control) (err error) {
		ran, err = store.RunShard(ctx, d.path, p, shard, d.writer(), control)
		return err
	})
	if err == nil && !ran {
		d.remarkf(sys, "the part of shard %v already exists in %s", shard, d.path)
	}
	return err
}

// indexOfTask returns the index of this task from the environment.
func indexOfTask(sys *cli.System, of int) (int, error) {
	for _, name := range shardVariables {
		text := sys.Getenv(name)
		if text == "" {
			continue
		}
		i, err := strconv.Atoi(text)
		if err != nil || i < 0 || i >= of {
			return 0, cli.Usagef("--shard env/%d: %s is %q: expected 0 to %d", of, name, text, of-1)
		}
		return i, nil
	}
	return 0, cli.Usagef("--shard env/%d: no index in the environment: expected one of %s", of,
		strings.Join(shardVariables, ", "))
}
