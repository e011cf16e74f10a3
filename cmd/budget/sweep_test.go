package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"budget/cmd/budget/internal/cli"
)

const testPlan = `
sessions = ["mindfulness", "self-care"]
tolerances = ["1 %", "5 %"]
paths = 1000
[[axis]]
key = "start_level"
values = ["10 %", "30 %", "50 %"]
[[axis]]
name = "rate"
key = "policy.suppress_low"
values = ["0.1 /h", "1 /h", "9 /h"]
`

// planFile writes a plan and returns its path.
func planFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plan.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// results returns what a sweep has left for others to read.
func results(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, name := range []string{"caps.csv", "caps.parquet", "incidence.csv", "incidence.parquet",
		"columns.md", "plan.toml", "provenance.json"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = data
	}
	return out
}

func compareResults(t *testing.T, what string, got, want map[string][]byte) {
	t.Helper()
	for name := range want {
		if !bytes.Equal(got[name], want[name]) {
			t.Fatalf("%s: other bytes in %s", what, name)
		}
	}
}

func mustRun(t *testing.T, args ...string) (stdout, stderr string) {
	t.Helper()
	code, stdout, stderr := invoke(args...)
	if code != cli.ExitDone {
		t.Fatalf("budget %s: code %d\n%s", strings.Join(args, " "), code, stderr)
	}
	return stdout, stderr
}

// TestSweepStops: whoever is told to stop keeps what is finished and says that it can go
// on; a second one on the same directory is told and stops.
func TestSweepStops(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no SIGTERM")
	}
	plan := planFile(t, strings.Replace(testPlan, "1000", "15000", 1))
	dir := t.TempDir()
	// It is nice, so that it is still at work when it is told to stop, however busy the machine is.
	cmd := exec.Command("nice", "-n", "19", "budget", "sweep", plan, "-o", dir, "--workers", "1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	journal := filepath.Join(dir, "journal")
	for size := int64(0); size < 10_000; time.Sleep(10 * time.Millisecond) {
		if info, err := os.Stat(journal); err == nil {
			size = info.Size()
		}
	}
	code, _, second := invoke("sweep", plan, "-o", dir)
	if code != cli.ExitAgain || !strings.Contains(second, "another budget is working in "+dir) {
		t.Errorf("a second sweep ends with %d: %s", code, second)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if got := cmd.ProcessState.ExitCode(); got != cli.ExitAgain ||
		!strings.Contains(stderr.String(), "are kept; run the command again to resume") {
		t.Errorf("exit code %d: %s", got, &stderr)
	}
	_, note := mustRun(t, "sweep", plan, "-o", dir)
	if !strings.Contains(note, "of the plan are in "+dir) {
		t.Errorf("it does not go on: %q", note)
	}
	other := t.TempDir()
	mustRun(t, "sweep", plan, "-o", other)
	compareResults(t, "stopped", results(t, dir), results(t, other))
}

// TestDamagedJournal: a byte that has changed is found, told, and what stood there is done
// again.
func TestDamagedJournal(t *testing.T) {
	t.Parallel()
	plan := planFile(t, testPlan)
	dir := t.TempDir()
	mustRun(t, "sweep", plan, "-o", dir, "-q")
	want := results(t, dir)
	path := filepath.Join(dir, "journal")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 4
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	_, stderr := mustRun(t, "sweep", plan, "-o", dir)
	if !strings.Contains(stderr, "was damaged at byte") ||
		!strings.Contains(stderr, "17 blocks of the plan are in "+dir+", 1 to go") {
		t.Errorf("got %s", stderr)
	}
	compareResults(t, "damaged", results(t, dir), want)
	if _, stderr = mustRun(t, "sweep", plan, "-o", dir); strings.Contains(stderr, "damaged") {
		t.Errorf("still damaged: %s", stderr)
	}
}

// TestProgressForPrograms: every line is an object, and the last one tells the end.
func TestProgressForPrograms(t *testing.T) {
	t.Parallel()
	_, stderr := mustRun(t, "sweep", planFile(t, testPlan), "-o", t.TempDir(), "--progress", "json")
	lines := strings.Split(strings.TrimSpace(stderr), "\n")
	var last struct {
		Blocks, Of, Paths int64
		Left              float64 `json:"left_s"`
	}
	for _, line := range lines {
		if err := json.Unmarshal([]byte(line), &last); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
	}
	if last.Blocks != 18 || last.Of != 18 || last.Paths != 6000 || last.Left != 0 {
		t.Errorf("the end is %+v", last)
	}
}

// TestShardOfEnvironment: an engine's index says which shard to run.
func TestShardOfEnvironment(t *testing.T) {
	t.Parallel()
	plan, dir := planFile(t, testPlan), t.TempDir()
	for i, name := range []string{"SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX",
		"AWS_BATCH_JOB_ARRAY_INDEX"} {
		w := NewWorld("sweep", plan, "-o", dir, "--shard", "env/3")
		w.env[name] = fmt.Sprint(i)
		if code := run(&w.System); code != cli.ExitDone {
			t.Fatalf("%s: code %d: %s", name, code, w.stderr.String())
		}
	}
	mustRun(t, "merge", plan, "-o", dir, "--shards", "3")
	w := NewWorld("sweep", plan, "-o", dir, "--shard", "env/3")
	if code := run(&w.System); code != cli.ExitUsage ||
		!strings.Contains(w.stderr.String(), "no index in the environment") {
		t.Errorf("code %d: %s", code, w.stderr.String())
	}
	w = NewWorld("sweep", plan, "-o", dir, "--shard", "env/3")
	w.env["JOB_COMPLETION_INDEX"] = "3"
	if code := run(&w.System); code != cli.ExitUsage ||
		!strings.Contains(w.stderr.String(), `JOB_COMPLETION_INDEX is "3": expected 0 to 2`) {
		t.Errorf("code %d: %s", code, w.stderr.String())
	}
}
