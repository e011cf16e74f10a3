#!/bin/sh
# Runs a shard of the sweep, for sbatch.
#SBATCH --job-name=winter-levels
#SBATCH --array=0-119%40
#SBATCH --output="/shared/results/slurm/task-%a.log"
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:USR1@60

# A minute before the time is up, Slurm tells this shell, which tells budget to save
# what it has; it goes on from there when it is started again. When the job is ended,
# Slurm tells both, and this shell lives on until budget has saved.
trap 'told=yes; kill -TERM "$!"' USR1
trap told=yes TERM
/shared/bin/budget sweep '/shared/plans/winter levels.toml' -o /shared/results --shard env/120 --workers 4 --kernel portable &
while
	told=
	wait "$!"
	status=$?
	[ -n "$told" ] # the signal has ended the wait, not budget
do :; done

case $status in
0 | 3 | 6 | 64) exit "$status" ;; # done, or what would only happen again
esac
restarts=${SLURM_RESTART_COUNT:-0}
# A job that is no longer running has been ended, by its user or at its time's end.
if [ "$restarts" -lt 3 ] && [ "$(squeue -h -o %T -j "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID")" = RUNNING ]; then
	echo "exit code $status: to be started again, $((restarts + 1)) of 3" >&2
	scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
fi
exit "$status"
