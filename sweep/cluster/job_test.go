package cluster

import (
	"strings"
	"testing"
)

var (
	pods       = Pods{Image: "budget:1", Claim: "budget", Mount: "/shared"}
	containers = Containers{Image: "budget:1", Queue: "batch", FileSystem: "fs-01", Mount: "/shared",
		VCPUs: 1, Memory: 512}
)

// TestRefused makes one field wrong at a time and checks the error.
func TestRefused(t *testing.T) {
	t.Parallel()
	slurm := func(j Job, _ Pods, _ Containers) ([]File, error) { return Slurm(j) }
	kubernetes := func(j Job, p Pods, _ Containers) ([]File, error) { return Kubernetes(j, p) }
	awsBatch := func(j Job, _ Pods, c Containers) ([]File, error) { return AWSBatch(j, c) }
	type engine = func(Job, Pods, Containers) ([]File, error)
	all := []engine{slurm, kubernetes, awsBatch}
	for _, test := range []struct {
		want    string
		engines []engine
		spoil   func(*Job, *Pods, *Containers)
	}{
		{`name is ""`, all, func(j *Job, _ *Pods, _ *Containers) { j.Name = "" }},
		{`name is "Winter"`, all, func(j *Job, _ *Pods, _ *Containers) { j.Name = "Winter" }},
		{`name is "winter-"`, all, func(j *Job, _ *Pods, _ *Containers) { j.Name = "winter-" }},
		{"1 to 57 lower-case", all,
			func(j *Job, _ *Pods, _ *Containers) { j.Name = strings.Repeat("a", 58) }},
		{`program is "budget": it must be absolute`, all,
			func(j *Job, _ *Pods, _ *Containers) { j.Program = "budget" }},
		{"plan is \"/shared/a\\nb\": it must have no control", all,
			func(j *Job, _ *Pods, _ *Containers) { j.Plan = "/shared/a\nb" }},
		{`directory is "": it must be absolute`, all,
			func(j *Job, _ *Pods, _ *Containers) { j.Directory = "" }},
		{"0 shards", all, func(j *Job, _ *Pods, _ *Containers) { j.Shards = 0 }},
		{"-1 tasks at a time", all, func(j *Job, _ *Pods, _ *Containers) { j.Parallel = -1 }},
		{"plan is \"/shared/a\\xff\": it must be UTF-8", all,
			func(j *Job, _ *Pods, _ *Containers) { j.Plan = "/shared/a\xff" }},
		{"directory is \"/shared/a\\u0085b\": it must have no control", all,
			func(j *Job, _ *Pods, _ *Containers) { j.Directory = "/shared/a\u0085b" }},
		{"argument is \"\\xff\": it must be UTF-8", all,
			func(j *Job, _ *Pods, _ *Containers) { j.MergeArguments = []string{"\xff"} }},
		{"image is \"a\\xff\": it must be UTF-8", []engine{kubernetes, awsBatch},
			func(_ *Job, p *Pods, c *Containers) { p.Image, c.Image = "a\xff", "a\xff" }},
		{"volume is \"/shared\\x7f\": it must have no control", []engine{kubernetes},
			func(_ *Job, p *Pods, _ *Containers) { p.Mount = "/shared\x7f" }},
		{"exit code 2 cannot be final", all,
			func(j *Job, _ *Pods, _ *Containers) { j.Final = []int{2} }},
		{"exit code 137 cannot be final", all,
			func(j *Job, _ *Pods, _ *Containers) { j.Final = []int{137} }},
		{"6 final exit codes: expected at most 5", all,
			func(j *Job, _ *Pods, _ *Containers) { j.Final = []int{3, 4, 6, 7, 64, 65} }},
		{"-1 retries", all, func(j *Job, _ *Pods, _ *Containers) { j.Retries = -1 }},

		{"1002 shards", []engine{slurm}, func(j *Job, _ *Pods, _ *Containers) { j.Shards = 1002 }},
		{`with a \ in it`, []engine{slurm},
			func(j *Job, _ *Pods, _ *Containers) { j.Directory = `/shared/a\b` }},
		{"100001 shards", []engine{kubernetes},
			func(j *Job, _ *Pods, _ *Containers) { j.Shards = 100001 }},
		{`claim is "Budget"`, []engine{kubernetes},
			func(_ *Job, p *Pods, _ *Containers) { p.Claim = "Budget" }},
		{`"two" of CPU`, []engine{kubernetes}, func(_ *Job, p *Pods, _ *Containers) { p.CPU = "two" }},
		{`"2 GB" of memory`, []engine{kubernetes},
			func(_ *Job, p *Pods, _ *Containers) { p.Memory = "2 GB" }},
		{`image is ""`, []engine{kubernetes}, func(_ *Job, p *Pods, _ *Containers) { p.Image = "" }},
		{`volume is "shared"`, []engine{kubernetes},
			func(_ *Job, p *Pods, _ *Containers) { p.Mount = "shared" }},
		{"lost with the container", []engine{kubernetes},
			func(_ *Job, p *Pods, _ *Containers) { p.Mount = "/share" }},
		{"lost with the container", []engine{kubernetes},
			func(_ *Job, p *Pods, _ *Containers) { p.Mount = "/" }},

		{"1 shards: an array", []engine{awsBatch}, func(j *Job, _ *Pods, _ *Containers) { j.Shards = 1 }},
		{"10001 shards", []engine{awsBatch}, func(j *Job, _ *Pods, _ *Containers) { j.Shards = 10001 }},
		{"AWS Batch has no such limit", []engine{awsBatch},
			func(j *Job, _ *Pods, _ *Containers) { j.Parallel = 2 }},
		{"10 retries", []engine{awsBatch}, func(j *Job, _ *Pods, _ *Containers) { j.Retries = 10 }},
		{`queue is ""`, []engine{awsBatch}, func(_ *Job, _ *Pods, c *Containers) { c.Queue = "" }},
		{`file system is "results"`, []engine{awsBatch},
			func(_ *Job, _ *Pods, c *Containers) { c.FileSystem = "results" }},
		{"0 vCPUs", []engine{awsBatch}, func(_ *Job, _ *Pods, c *Containers) { c.VCPUs = 0 }},
		{"0 MiB", []engine{awsBatch}, func(_ *Job, _ *Pods, c *Containers) { c.Memory = 0 }},
		{`image is "a b"`, []engine{awsBatch}, func(_ *Job, _ *Pods, c *Containers) { c.Image = "a b" }},
	} {
		for _, write := range test.engines {
			j, p, c := winter, pods, containers
			j.Parallel = 0
			if _, err := write(j, p, c); err != nil {
				t.Fatalf("the job that is to be spoilt is refused: %v", err)
			}
			test.spoil(&j, &p, &c)
			if files, err := write(j, p, c); files != nil || err == nil ||
				!strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one that says %q", err, test.want)
			}
		}
	}
	if _, err := Slurm(winter, "partition=short"); err == nil ||
		!strings.Contains(err.Error(), "start with a hyphen") {
		t.Errorf("an option without a hyphen: got error %v", err)
	}
}

// TestAllProblemsAreTold checks that all problems are reported at once.
func TestAllProblemsAreTold(t *testing.T) {
	t.Parallel()
	_, err := Kubernetes(Job{Directory: "/results"}, Pods{})
	if err == nil {
		t.Fatal("an empty job is not refused")
	}
	for _, want := range []string{"no job for Kubernetes", "name", "program", "plan", "shards",
		"image", "claim", "volume"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not speak of %s: %v", want, err)
		}
	}
}
