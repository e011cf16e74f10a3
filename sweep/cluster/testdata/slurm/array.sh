#!/bin/sh
# Runs a shard of the sweep, for sbatch.
#SBATCH --job-name=winter-levels
#SBATCH --array=0-119%40
#SBATCH --output="/shared/results/slurm/task-%a.log"
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:USR1@60

# A minute before the time is up, Slurm tells this shell, which tells budget to save
# what it has; it goes on from there when it is started again. Whoever ends the job
# tells both to end, and then it stays ended.
trap 'told=yes; kill -TERM "$!"' USR1
trap 'told=yes; ended=yes' TERM
ended=
/shared/bin/budget sweep '/shared/plans/winter levels.toml' -o /shared/results --shard env/120 --workers 4 --kernel portable &
while
	told=
	wait "$!"
	status=$?
	[ -n "$told" ] # the signal has ended the wait, not budget
do :; done

case $status in
0) exit 0 ;;
2 | 3) exit "$status" ;; # usage or plan: it would only happen again
esac
restarts=${SLURM_RESTART_COUNT:-0}
if [ -z "$ended" ] && [ "$restarts" -lt 3 ]; then
	echo "exit code $status: to be started again, $((restarts + 1)) of 3" >&2
	scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
fi
exit "$status"
