package cluster

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// winter is a job with every field set.
var winter = Job{
	Name:           "winter-levels",
	Program:        "/shared/bin/budget",
	Plan:           "/shared/plans/winter levels.toml",
	Directory:      "/shared/results",
	Shards:         120,
	Parallel:       40,
	Retries:        3,
	Final:          []int{3, 6, 64},
	SweepArguments: []string{"--workers", "4", "--kernel", "portable"},
	MergeArguments: []string{"--quiet"},
}

func TestGolden(t *testing.T) {
	t.Parallel()
	unlimited := winter
	unlimited.Parallel = 0
	for _, engine := range []func() ([]File, error){
		func() ([]File, error) {
			return Slurm(winter, "--partition=short", "--comment=winter's levels")
		},
		func() ([]File, error) {
			return Kubernetes(winter, Pods{
				Image: "registry.example/budget:1", Claim: "budget", Mount: "/shared", CPU: "4", Memory: "2Gi",
			})
		},
		func() ([]File, error) {
			return AWSBatch(unlimited, Containers{
				Image: "registry.example/budget:1", Queue: "batch", FileSystem: "fs-0123456789abcdef0",
				Mount: "/shared", VCPUs: 4, Memory: 2048,
			})
		},
	} {
		files, err := engine()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			golden := filepath.Join("testdata", filepath.FromSlash(f.Path))
			if *update {
				if err := os.WriteFile(golden, []byte(f.Text), 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if f.Text != string(want) {
				t.Errorf("%s differs (run with -update to accept)\ngot:\n%s\nwant:\n%s", golden, f.Text, want)
			}
		}
	}
}
