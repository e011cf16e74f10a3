package sweeps

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/sweep/cluster"
	"budget/sweep/plan"
	"budget/sweep/store"
)

// engineFlags are the flags of budget sweep that hand its shards to an engine.
type engineFlags struct {
	slurm, kubernetes, awsBatch bool

	submit                   bool
	sbatch                   []string
	parallel                 int
	image, claim, mount      string
	cpu, memory              string
	queue, fileSystem, ofJob string
}

func (e *engineFlags) add(fs *pflag.FlagSet) {
	fs.BoolVar(&e.slurm, "slurm", false, "write scripts for Slurm to run --shards, and the merge")
	fs.BoolVar(&e.submit, "submit", false, "run them: submit the array and the merge to Slurm")
	fs.StringArrayVar(&e.sbatch, "sbatch", nil, "`option` for sbatch, as it is, such as --partition=short; may be given more than once")
	fs.BoolVar(&e.kubernetes, "kubernetes", false, "write an Indexed Job for Kubernetes to run --shards, and the merge")
	fs.BoolVar(&e.awsBatch, "aws-batch", false, "write requests for AWS Batch to run --shards, and the merge")
	cli.AddValue(fs, &e.parallel, "parallel", "", parseShards, "`number` of shards that run at a time, at most (default: as the engine decides)")
	fs.StringVar(&e.image, "image", "", "container `image` that holds the program as /budget")
	fs.StringVar(&e.claim, "claim", "", "Kubernetes: `name` of the PersistentVolumeClaim with plan and directory")
	fs.StringVar(&e.fileSystem, "file-system", "", "AWS Batch: `id` of the EFS file system with plan and directory")
	fs.StringVar(&e.mount, "mount", "/data", "`path` of that volume in a task; plan and directory are below")
	fs.StringVar(&e.queue, "queue", "", "AWS Batch: `name` or ARN of the job queue")
	fs.StringVar(&e.cpu, "cpu", "", "`processors` that a task asks for, such as 4")
	fs.StringVar(&e.memory, "memory", "", "`memory` that a task asks for: 2Gi for Kubernetes, MiB for AWS Batch")
	fs.StringVar(&e.ofJob, "job-name", "", "`name` of the job (default: that of the plan)")
}

// any tells whether an engine is asked for.
func (e *engineFlags) any() bool { return e.slurm || e.kubernetes || e.awsBatch }

// engine writes what an engine needs to run the plan's shards.
func (f *sweepFlags) engine(ctx context.Context, sys *cli.System, p *plan.Plan) error {
	e := &f.engineFlags
	asked := 0
	for _, on := range []bool{e.slurm, e.kubernetes, e.awsBatch} {
		if on {
			asked++
		}
	}
	switch {
	case asked > 1:
		return cli.Usagef("expected one of --slurm, --kubernetes and --aws-batch")
	case f.shards == 0:
		return cli.Usagef("expected the number of shards: --shards 8")
	case f.shard != nil:
		return cli.Usagef("--shard runs one shard, and an engine runs all: expected one of the two")
	case e.submit && !e.slurm:
		return cli.Usagef("--submit is for --slurm; submit.sh in the directory submits to the others")
	}
	if units := len(p.Units()); f.shards > units {
		return cli.Usagef("--shards: there are %d shards of %s of work: expected at most as many", f.shards, notation.Plural(int64(units), "unit"))
	}
	files, err := f.engineFiles(p)
	if err != nil {
		return cli.Usagef("%v", err)
	}
	for _, file := range files {
		if err := f.writeEngineFile(file); err != nil {
			return err
		}
		if !f.quiet && !e.submit {
			fmt.Fprintln(sys.Stdout, filepath.Join(f.output, filepath.FromSlash(file.Path)))
		}
	}
	if e.submit {
		cmd := exec.CommandContext(ctx, filepath.Join(f.output, "slurm", "submit.sh"))
		cmd.Stdout, cmd.Stderr = sys.Stdout, sys.Stderr
		if err := cmd.Run(); err != nil {
			return cli.Failf(cli.ExitFile, "cannot submit to Slurm: %v", err)
		}
	}
	return nil
}

// engineFiles describes the job to the engine that is asked for.
func (f *sweepFlags) engineFiles(p *plan.Plan) ([]cluster.File, error) {
	e := &f.engineFlags
	planPath, err1 := filepath.Abs(p.File)
	directory, err2 := filepath.Abs(f.output)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	job := cluster.Job{Name: jobName(e.ofJob, p.Name), Plan: filepath.ToSlash(planPath), Directory: filepath.ToSlash(directory),
		Shards: f.shards, Parallel: e.parallel, Retries: 3}
	common := []string{"--quiet"}
	if f.stale != store.StaleRefuse {
		common = append(common, "--stale", string(f.stale))
	}
	if f.kernel != inputs.Fastest {
		common = append(common, "--kernel", string(f.kernel))
	}
	if f.workersGiven() {
		common = append(common, "--workers", strconv.Itoa(f.workers))
	}
	job.SweepArguments, job.MergeArguments = common, common
	switch {
	case e.kubernetes:
		job.Program = containerProgram
		return cluster.Kubernetes(job, cluster.Pods{Image: e.image, Claim: e.claim, Mount: e.mount, CPU: e.cpu, Memory: e.memory})
	case e.awsBatch:
		job.Program = containerProgram
		c := cluster.Containers{Image: e.image, Queue: e.queue, FileSystem: e.fileSystem, Mount: e.mount}
		var err error
		for _, number := range []struct {
			flag, text string
			to         *int
		}{{"cpu", e.cpu, &c.VCPUs}, {"memory", e.memory, &c.Memory}} {
			if *number.to, err = strconv.Atoi(number.text); err != nil {
				return nil, fmt.Errorf("--%s: %q is not a whole number, which AWS Batch wants", number.flag, number.text)
			}
		}
		return cluster.AWSBatch(job, c)
	}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	job.Program = filepath.ToSlash(program)
	return cluster.Slurm(job, e.sbatch...)
}

// containerProgram is where an image has the program.
const containerProgram = "/budget"

// jobName makes a name that engines take of what the plan is called.
func jobName(given, plan string) string {
	if given != "" {
		return given
	}
	name := strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(plan), "-"), "-")
	if len(name) > 40 {
		name = strings.Trim(name[:40], "-")
	}
	if name == "" {
		return "sweep"
	}
	return name
}

func (f *sweepFlags) writeEngineFile(file cluster.File) error {
	path := filepath.Join(f.output, filepath.FromSlash(file.Path))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return cli.Filef(err, "cannot make directory %s", filepath.Dir(path))
	}
	mode := os.FileMode(0o644)
	if file.Executable {
		mode = 0o755
	}
	err := os.WriteFile(path, []byte(file.Text), mode)
	if err == nil {
		err = os.Chmod(path, mode) // of a file that was there
	}
	if err != nil {
		return cli.Filef(err, "cannot write %s", path)
	}
	return nil
}
