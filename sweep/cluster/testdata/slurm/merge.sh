#!/bin/sh
# Makes the tables of the sweep's parts, for sbatch.
#SBATCH --job-name=winter-levels-merge
#SBATCH --output=/shared/results/slurm/merge.log
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:TERM@60

# A minute before the time is up, Slurm asks this shell to stop. It passes that on:
# budget saves what it has, and goes on from there when it is started again.
trap 'asked=yes; kill -TERM "$!"' TERM
/shared/bin/budget merge '/shared/plans/winter levels.toml' -o /shared/results --shards 120 --quiet &
while
	asked=
	wait "$!"
	status=$?
	[ -n "$asked" ] # the signal has ended the wait, not the command
do :; done

case $status in
0) exit 0 ;;
2 | 3) exit "$status" ;; # usage or plan: it would only happen again
esac
restarts=${SLURM_RESTART_COUNT:-0}
if [ "$restarts" -lt 3 ]; then
	echo "exit code $status: to be started again, $((restarts + 1)) of 3" >&2
	scontrol requeue "$SLURM_JOB_ID"
fi
exit "$status"
