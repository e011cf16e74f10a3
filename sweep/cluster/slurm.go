package cluster

import (
	"fmt"
	"path"
	"strconv"
	"strings"
)

// slurmTasks is the largest number of tasks of an array with Slurm's default
// MaxArraySize, 1001: indexes go up to 1000.
const slurmTasks = 1001

// Slurm writes slurm/array.sh and slurm/merge.sh for sbatch, and
// slurm/submit.sh, which submits both; the merge starts when all tasks of the
// array are done. options are words for both sbatch commands and override those
// in the scripts. Logs go beside the scripts, one for each task.
func Slurm(j Job, options ...string) ([]File, error) {
	found := j.problems()
	if j.Shards > slurmTasks {
		found = append(found, fmt.Errorf("%d shards: Slurm takes at most %d tasks in an array "+
			"(MaxArraySize); let each shard have more cells", j.Shards, slurmTasks))
	}
	if strings.Contains(j.Directory, `\`) {
		found = append(found,
			fmt.Errorf(
				`the path of the directory is %q: with a \ in it, Slurm would write one log for all tasks`,
				j.Directory))
	}
	for _, option := range options {
		if err := checkText("option for sbatch", option); err != nil {
			found = append(found, err)
		}
		if !strings.HasPrefix(option, "-") {
			found = append(found,
				fmt.Errorf(
					"the option %q for sbatch does not start with a hyphen: write it as --partition=short",
					option))
		}
	}
	if err := refuse("Slurm", found); err != nil {
		return nil, err
	}

	dir := path.Join(j.Directory, "slurm")
	indexes := fmt.Sprintf("--array=0-%d", j.Shards-1)
	if j.Parallel > 0 {
		indexes += fmt.Sprintf("%%%d", j.Parallel)
	}
	array := slurmScript{
		idea:    "Runs a shard of the sweep",
		options: []string{"--job-name=" + j.Name, indexes, slurmLog(dir, "task-%a.log")},
		run:     j.sweep(),
		id:      "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID",
		retries: j.Retries,
		final:   j.Final,
	}
	merge := slurmScript{
		idea:    "Makes the tables of the sweep's parts",
		options: []string{"--job-name=" + j.Name + "-merge", slurmLog(dir, "merge.log")},
		run:     j.merge(),
		id:      "$SLURM_JOB_ID",
		retries: j.Retries,
		final:   j.Final,
	}
	sbatch := command(append([]string{"sbatch", "--parsable"}, options...)...)
	submit := fmt.Sprintf(slurmSubmit,
		sbatch, quote(dir+"/array.sh"),
		sbatch, quote(dir+"/merge.sh"))
	return []File{
		{Path: "slurm/array.sh", Text: array.String()},
		{Path: "slurm/merge.sh", Text: merge.String()},
		{Path: "slurm/submit.sh", Text: submit, Executable: true},
	}, nil
}

// A slurmScript runs a command and requeues itself if a restart may help. Slurm
// itself does so only if a node is lost.
type slurmScript struct {
	idea    string
	options []string // for sbatch
	run     []string
	id      string // id of this task as a shell expression
	retries int
	final   []int // exit codes that a restart would not change
}

func (s slurmScript) String() string {
	codes := []string{"0"}
	for _, code := range s.final {
		codes = append(codes, strconv.Itoa(code))
	}
	var options strings.Builder
	for _, option := range s.options {
		fmt.Fprintf(&options, "#SBATCH %s\n", option)
	}
	return fmt.Sprintf(slurmTask, s.idea, options.String(), command(s.run...), s.retries,
		s.id, strings.Join(codes, " | "))
}

// slurmTask does not exec the command, because the shell must handle its exit
// code.
const slurmTask = `#!/bin/sh
# %[1]s, for sbatch.
%[2]s#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:USR1@60

# A minute before the time is up, Slurm tells this shell, which tells budget to save
# what it has; it goes on from there when it is started again. When the job is ended,
# Slurm tells both, and this shell lives on until budget has saved.
trap 'told=yes; kill -TERM "$!"' USR1
trap told=yes TERM
%[3]s &
while
	told=
	wait "$!"
	status=$?
	[ -n "$told" ] # the signal has ended the wait, not budget
do :; done

case $status in
%[6]s) exit "$status" ;; # done, or what would only happen again
esac
restarts=${SLURM_RESTART_COUNT:-0}
# A job that is no longer running has been ended, by its user or at its time's end.
if [ "$restarts" -lt %[4]d ] && [ "$(squeue -h -o %%T -j "%[5]s")" = RUNNING ]; then
	echo "exit code $status: to be started again, $((restarts + 1)) of %[4]d" >&2
	scontrol requeue "%[5]s"
fi
exit "$status"
`

const slurmSubmit = `#!/bin/sh
# Submits the shards of the sweep and, for when all are done, its merge.
set -eu
array=$(%s %s)
array=${array%%%%;*} # where there are many clusters, the name of one follows
echo "array $array"
merge=$(%s --dependency="afterok:$array" --kill-on-invalid-dep=yes %s)
echo "merge ${merge%%%%;*}"
`

// slurmLog returns the option for a log. Slurm parses options in scripts itself: %
// starts a pattern, and quotes protect spaces but not line ends.
func slurmLog(dir, pattern string) string {
	dir = strings.NewReplacer("%", "%%", `"`, `\"`).Replace(dir)
	return `--output="` + dir + "/" + pattern + `"`
}
