package sweeps

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	slashpath "path"
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
)

// engine holds the flags for the cluster engine that runs the shards of a
// sweep.
type engine struct {
	shards                      int
	slurm, kubernetes, awsBatch bool

	submit              bool
	sbatch              []string
	parallel            int
	image, claim, mount string
	cpu, memory         string
	queue, fileSystem   string
	job                 string
}

func (e *engine) addFlags(fs *pflag.FlagSet) {
	fs.BoolVar(&e.slurm, "slurm", false, "write Slurm scripts that run the shards and the merge")
	fs.BoolVar(&e.submit, "submit", false, "submit the array and the merge to Slurm")
	fs.StringArrayVar(&e.sbatch, "sbatch", nil,
		"`option` for sbatch, such as --partition=short; repeatable")
	fs.BoolVar(&e.kubernetes, "kubernetes", false,
		"write Kubernetes manifests that run the shards and the merge")
	fs.BoolVar(&e.awsBatch, "aws-batch", false,
		"write AWS Batch requests that run the shards and the merge")
	cli.AddValue(fs, &e.parallel, "parallel", parseShards,
		"largest `number` of shards running at a time (default: the engine decides)")
	fs.StringVar(&e.image, "image", "", "container `image` with the program at /budget")
	fs.StringVar(&e.claim, "claim", "",
		"Kubernetes: `name` of the PersistentVolumeClaim with plan and directory")
	fs.StringVar(&e.fileSystem, "file-system", "",
		"AWS Batch: `id` of the EFS file system with plan and directory")
	fs.StringVar(&e.mount, "mount", "/data",
		"mount `path` of that volume in a task; plan and directory are below it")
	fs.StringVar(&e.queue, "queue", "", "AWS Batch: `name` or ARN of the job queue")
	fs.StringVar(&e.cpu, "cpu", "", "`processors` of a task, such as 4")
	fs.StringVar(&e.memory, "memory", "",
		"`memory` of a task: such as 2Gi for Kubernetes, MiB for AWS Batch")
	fs.StringVar(&e.job, "job-name", "", "`name` of the job (default: the plan's name)")
}

// asked returns the number of engines given.
func (e *engine) asked() (n int) {
	for _, on := range []bool{e.slurm, e.kubernetes, e.awsBatch} {
		if on {
			n++
		}
	}
	return n
}

// check returns an error if the flags contradict each other. single says that --shard is
// given too.
func (e *engine) check(units int, single bool) error {
	switch {
	case e.asked() > 1:
		return cli.Usagef("expected one of --slurm, --kubernetes and --aws-batch")
	case e.shards == 0:
		return cli.Usagef("expected the number of shards: --shards 8")
	case single:
		return cli.Usagef("--shard runs one shard here, an engine runs all: give only one of them")
	case e.submit && !e.slurm:
		return cli.Usagef("--submit is for --slurm; submit.sh in the directory submits to the others")
	case e.shards > units:
		return cli.Usagef("--shards: %d shards for %s of work: expected at most as many shards",
			e.shards, notation.Plural(units, "unit"))
	}
	return nil
}

// handOver writes the files that run the plan's shards on the engine, and submits
// them.
func (e *engine) handOver(ctx context.Context, sys *cli.System, d *directory, p *plan.Plan) error {
	files, err := e.files(d, p)
	if err != nil {
		return cli.Usagef("%v", err)
	}
	if err := writeScripts(sys, d.path, files); err != nil {
		return err
	}
	for _, file := range files {
		if !d.quiet && !e.submit {
			sys.Printf("%s\n", filepath.Join(d.path, filepath.FromSlash(file.Path)))
		}
	}
	if e.submit {
		cmd := exec.CommandContext(ctx, filepath.Join(d.path, "slurm", "submit.sh"))
		cmd.Stdout, cmd.Stderr = sys.Stdout, sys.Stderr
		err := cmd.Run()
		if ctx.Err() != nil {
			return cli.Interruptedf("part of the job may be submitted: see squeue")
		}
		if err != nil {
			return cli.Failf(cli.ExitFile, "cannot submit to Slurm: %v", err)
		}
	}
	return nil
}

// files returns the files for the engine.
func (e *engine) files(d *directory, p *plan.Plan) ([]cluster.File, error) {
	program, err0 := os.Executable()
	planPath, err1 := filepath.Abs(p.File)
	directory, err2 := filepath.Abs(d.path)
	if err := errors.Join(err0, err1, err2); err != nil {
		return nil, err
	}
	common := []string{"--quiet"}
	if d.Kernel != inputs.Fastest {
		common = append(common, "--kernel", string(d.Kernel))
	}
	for _, setting := range d.Set {
		common = append(common, "--set", setting)
	}
	if d.Workers != 0 {
		common = append(common, "--workers", strconv.Itoa(d.Workers))
	}
	job := cluster.Job{Name: cmp.Or(e.job, jobName(p.Name)), Program: containerProgram,
		Plan: filepath.ToSlash(planPath), Directory: filepath.ToSlash(directory),
		SweepArguments: common, MergeArguments: common,
		Shards: e.shards, Parallel: e.parallel, Retries: 3, Final: cli.FinalCodes()}
	switch {
	case e.kubernetes:
		return cluster.Kubernetes(job, cluster.Pods{Image: e.image, Claim: e.claim, Mount: e.mount,
			CPU: e.cpu, Memory: e.memory})
	case e.awsBatch:
		c := cluster.Containers{Image: e.image, Queue: e.queue, FileSystem: e.fileSystem, Mount: e.mount}
		for _, number := range []struct {
			flag, text string
			to         *int
		}{{"cpu", e.cpu, &c.VCPUs}, {"memory", e.memory, &c.Memory}} {
			var err error
			if *number.to, err = strconv.Atoi(number.text); err != nil {
				return nil, fmt.Errorf("--%s: %q is not a whole number, as AWS Batch requires", number.flag,
					number.text)
			}
		}
		return cluster.AWSBatch(job, c)
	}
	job.Program = filepath.ToSlash(program)
	return cluster.Slurm(job, e.sbatch...)
}

// containerProgram is the path of the program in an image.
const containerProgram = "/budget"

// jobName makes a valid job name from the plan's name.
func jobName(plan string) string {
	other := regexp.MustCompile(`[^a-z0-9]+`)
	name := strings.Trim(other.ReplaceAllString(strings.ToLower(plan), "-"), "-")
	return cmp.Or(strings.Trim(name[:min(len(name), 40)], "-"), "sweep")
}

// writeScripts writes the files of an engine below a directory: all of a folder or none.
func writeScripts(sys *cli.System, dir string, files []cluster.File) error {
	folders := map[string][]cli.File{}
	for _, f := range files {
		folder := filepath.FromSlash(slashpath.Dir(f.Path))
		folders[folder] = append(folders[folder], cli.File{Name: slashpath.Base(f.Path),
			Program: f.Executable,
			Write:   func(w io.Writer) error { _, err := io.WriteString(w, f.Text); return err }})
	}
	for folder, files := range folders {
		out, err := cli.OpenOutput(sys, filepath.Join(dir, folder), files)
		if err != nil {
			return err
		}
		out.Beside()
		if err := out.Write(files); err != nil {
			return err
		}
	}
	return nil
}
