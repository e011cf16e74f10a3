#!/bin/sh
# Runs the shards of the sweep and then its merge. It may be stopped and run again:
# it goes on with the jobs that are there. Arguments go to kubectl.
set -eu
cd "$(dirname "$0")"
run() { # JOB FILE [ARGUMENT FOR KUBECTL]...
	job=$1 file=$2
	shift 2
	kubectl "$@" apply -f "$file"
	while :; do
		# Where the cluster does not answer, ask again.
		conditions=$(kubectl "$@" get job "$job" -o 'jsonpath={.status.conditions[?(@.status=="True")].type}') || conditions=
		case " $conditions " in
		*' SuccessCriteriaMet '* | *' Complete '*) return ;;
		*' FailureTarget '* | *' Failed '*)
			echo "job $job has failed: look at its pods, kubectl delete job $job, and run this again for what is missing; where the merge ends with exit code 6 the tables are there, with too few sessions simulated for some caps" >&2
			exit 75
			;;
		esac
		sleep 5
	done
}
run winter-levels job.json "$@"
run winter-levels-merge merge.json "$@"
kubectl "$@" logs job/winter-levels-merge
