package cluster

import (
	"fmt"
	"path"
)

// Pods describes the pods of a job's tasks on Kubernetes.
type Pods struct {
	Image string // image with the program
	Claim string // name of the PersistentVolumeClaim; many nodes must be able to write to it
	Mount string // its mount point in a task; the directory of results is below

	// Requests of a task, such as "4" and "2Gi"; "" for none.
	CPU, Memory string
}

// kubernetesTasks is the largest number of tasks of a job with a retry limit
// for each.
const kubernetesTasks = 100000

const (
	// subdomain matches the names of most Kubernetes objects.
	subdomain = `^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`
	// amount matches the common quantities of Kubernetes.
	amount = `^[0-9]+(\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$`
)

// Kubernetes writes kubernetes/job.json, an Indexed Job that runs the shards,
// and kubernetes/merge.json, a Job that makes the tables. kubernetes/submit.sh
// applies the first and, when it is done, the second; it passes its arguments,
// such as --namespace, to kubectl.
//
// The script waits for the condition SuccessCriteriaMet, not for Complete: the
// pods of a lost node stay for a while, and a job is not Complete until they are
// gone.
func Kubernetes(j Job, p Pods) ([]File, error) {
	found := j.problems()
	if j.Shards > kubernetesTasks {
		found = append(found,
			fmt.Errorf(
				"%d shards: Kubernetes takes at most %d tasks in a job; let each shard have more cells",
				j.Shards, kubernetesTasks))
	}
	if !matches(subdomain, p.Claim) || len(p.Claim) > 253 {
		found = append(found,
			fmt.Errorf(
				"the claim is %q: name a PersistentVolumeClaim of access mode ReadWriteMany, such as budget",
				p.Claim))
	}
	for _, request := range []struct{ what, amount, example string }{{"CPU", p.CPU, "4 or 500m"},
		{"memory", p.Memory, "2Gi"}} {
		if request.amount != "" && !matches(amount, request.amount) {
			found = append(found, fmt.Errorf("a task requests %q of %s: write it like %s",
				request.amount, request.what, request.example))
		}
	}
	for _, err := range []error{checkImage(p.Image), checkMount(p.Mount, j.Directory)} {
		if err != nil {
			found = append(found, err)
		}
	}
	if err := refuse("Kubernetes", found); err != nil {
		return nil, err
	}

	parallelism := j.Shards
	if j.Parallel > 0 {
		parallelism = min(j.Parallel, j.Shards)
	}
	// A podFailurePolicy could stop the retries after a wrong plan, but with one
	// a job hangs when a node is lost.
	shards := kubernetesJob(j.Name, object{
		"completionMode":       "Indexed",
		"completions":          j.Shards,
		"parallelism":          parallelism,
		"backoffLimitPerIndex": j.Retries,
		"podReplacementPolicy": "TerminatingOrFailed",
		"template":             p.template("sweep", j.sweep()),
	})
	merge := kubernetesJob(j.Name+"-merge", object{
		"backoffLimit": j.Retries,
		"template":     p.template("merge", j.merge()),
	})
	return []File{
		document("kubernetes/job.json", shards),
		document("kubernetes/merge.json", merge),
		{Path: "kubernetes/submit.sh", Text: fmt.Sprintf(kubernetesSubmit, j.Name), Executable: true},
	}, nil
}

func kubernetesJob(name string, spec object) object {
	return object{
		"apiVersion": "batch/v1",
		"kind":       "Job",
		"metadata":   object{"name": name},
		"spec":       spec,
	}
}

// template returns the template of a pod with a single container.
func (p Pods) template(name string, command []string) object {
	requests := object{}
	if p.CPU != "" {
		requests["cpu"] = p.CPU
	}
	if p.Memory != "" {
		requests["memory"] = p.Memory
	}
	// By default Kubernetes waits five minutes before it replaces pods of a
	// lost node. Here two pods for the same shard do no harm.
	gone := func(key string) object {
		return object{"key": "node.kubernetes.io/" + key, "operator": "Exists", "effect": "NoExecute",
			"tolerationSeconds": 5}
	}
	return object{"spec": object{
		"restartPolicy":                 "Never", // a new pod, maybe on another node
		"automountServiceAccountToken":  false,
		"terminationGracePeriodSeconds": 60,
		"tolerations":                   []object{gone("unreachable"), gone("not-ready")},
		"containers": []object{{
			"name":         name,
			"image":        p.Image,
			"command":      unexpanded(command),
			"resources":    object{"requests": requests},
			"volumeMounts": []object{{"name": "results", "mountPath": path.Clean(p.Mount)}},
		}},
		"volumes": []object{{"name": "results", "persistentVolumeClaim": object{"claimName": p.Claim}}},
	}}
}

const kubernetesSubmit = `#!/bin/sh
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
run %[1]s job.json "$@"
run %[1]s-merge merge.json "$@"
kubectl "$@" logs job/%[1]s-merge
`
