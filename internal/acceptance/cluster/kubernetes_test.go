package cluster

import (
	"slices"
	"testing"

	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/json"

	"budget/sweep/cluster"
)

// winter is a job with every field set.
var winter = cluster.Job{
	Name:           "winter-levels",
	Program:        "/shared/bin/budget",
	Plan:           "/shared/plans/winter levels.toml",
	Directory:      "/shared/results",
	Shards:         120,
	Parallel:       40,
	Retries:        3,
	Final:          []int{3, 6, 64},
	SweepArguments: []string{"--note", "$(HOME) costs $5"},
	MergeArguments: []string{"--quiet"},
}

var pods = cluster.Pods{Image: "budget:1", Claim: "results", Mount: "/shared/",
	CPU: "500m", Memory: "2Gi"}

// decodeJob reads a manifest like Kubernetes with strict field validation.
func decodeJob(t *testing.T, f cluster.File) batch.Job {
	t.Helper()
	var job batch.Job
	if unknown, err := json.UnmarshalStrict([]byte(f.Text), &job); err != nil || len(unknown) > 0 {
		t.Fatalf("%s: %v, %v", f.Path, unknown, err)
	}
	if job.APIVersion != "batch/v1" || job.Kind != "Job" {
		t.Errorf("%s is a %s %s", f.Path, job.APIVersion, job.Kind)
	}
	return job
}

func TestKubernetesUnderstands(t *testing.T) {
	t.Parallel()
	files, err := cluster.Kubernetes(winter, pods)
	if err != nil {
		t.Fatal(err)
	}
	shards, merge := decodeJob(t, files[0]), decodeJob(t, files[1])

	if shards.Name != "winter-levels" || merge.Name != "winter-levels-merge" {
		t.Errorf("the jobs are called %s and %s", shards.Name, merge.Name)
	}
	spec := shards.Spec
	if *spec.CompletionMode != batch.IndexedCompletion || *spec.Completions != 120 ||
		*spec.Parallelism != 40 {
		t.Errorf("%s, %d tasks, %d at a time", *spec.CompletionMode, *spec.Completions, *spec.Parallelism)
	}
	if *spec.BackoffLimitPerIndex != 3 || *merge.Spec.BackoffLimit != 3 {
		t.Errorf("%d and %d retries", *spec.BackoffLimitPerIndex, *merge.Spec.BackoffLimit)
	}
	// With another policy the job would hang when a node is lost.
	if *spec.PodReplacementPolicy != batch.TerminatingOrFailed || spec.PodFailurePolicy != nil {
		t.Errorf("pods are replaced when %s", *spec.PodReplacementPolicy)
	}

	for _, job := range []batch.Job{shards, merge} {
		pod := job.Spec.Template.Spec
		if pod.RestartPolicy != core.RestartPolicyNever {
			t.Errorf("pods are restarted %s", pod.RestartPolicy)
		}
		for _, key := range []string{core.TaintNodeUnreachable, core.TaintNodeNotReady} {
			taint := core.Taint{Key: key, Effect: core.TaintEffectNoExecute}
			if !slices.ContainsFunc(pod.Tolerations, func(t core.Toleration) bool {
				return t.Key == taint.Key && t.Operator == core.TolerationOpExists &&
					t.Effect == taint.Effect && *t.TolerationSeconds == 5
			}) {
				t.Errorf("pods wait for a node that is %s", key)
			}
		}
		container := pod.Containers[0]
		if cpu, memory := container.Resources.Requests.Cpu(),
			container.Resources.Requests.Memory(); cpu.MilliValue() != 500 || memory.Value() != 2<<30 {
			t.Errorf("a task asks for %s and %s", cpu, memory)
		}
		if pod.Volumes[0].PersistentVolumeClaim.ClaimName != "results" ||
			container.VolumeMounts[0].Name != pod.Volumes[0].Name ||
			container.VolumeMounts[0].MountPath != "/shared" {
			t.Errorf("volume %v at %v", pod.Volumes[0], container.VolumeMounts[0])
		}
	}
	want := []string{winter.Program, "sweep", winter.Plan, "-o", winter.Directory,
		"--shard", "env/120", "--note", "$$(HOME) costs $$5"}
	if got := shards.Spec.Template.Spec.Containers[0].Command; !slices.Equal(got, want) {
		t.Errorf("the command is %q, want %q", got, want)
	}
}

func TestKubernetesRunsAllAtOnceIfItMay(t *testing.T) {
	t.Parallel()
	for parallel, want := range map[int]int32{0: 120, 7: 7, 500: 120} {
		j := winter
		j.Parallel = parallel
		files, err := cluster.Kubernetes(j, pods)
		if err != nil {
			t.Fatal(err)
		}
		if got := *decodeJob(t, files[0]).Spec.Parallelism; got != want {
			t.Errorf("at most %d at a time: got %d, want %d", parallel, got, want)
		}
	}
}
