package benchmarks

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkCommand measures the program as a whole process, built like the tests: its time and,
// on Linux, its peak memory.
func BenchmarkCommand(b *testing.B) {
	program := buildProgram(b)
	for _, args := range [][]string{
		{"version"},
		{"run", "mindfulness", "59 min"},
		{"caps", "--session", "mindfulness"},
		{"caps"},
	} {
		b.Run(strings.Join(args, " "), func(b *testing.B) {
			seconds, peak := 0.0, 0.0
			for b.Loop() {
				s, _, p := runProgram(b, program, args...)
				seconds, peak = seconds+s, max(peak, p)
			}
			b.ReportMetric(seconds/float64(b.N), "s")
			b.ReportMetric(peak, "MB-peak")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func buildProgram(b *testing.B) string {
	b.Helper()
	program := filepath.Join(b.TempDir(), "budget")
	if out, err := exec.Command("go", "build", "-o", program,
		"../cmd/budget").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return program
}

// runProgram runs the program and returns its time and its processor time [s], and its peak memory
// [MB].
func runProgram(b *testing.B, program string, args ...string) (seconds, processor, peak float64) {
	b.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "BUDGET_CONFIG="+os.DevNull) // no defaults of flags
	before := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- cmd.Wait() }()
	for {
		select {
		case err := <-done:
			// 6: results are complete, but some of too few paths.
			if err != nil && cmd.ProcessState.ExitCode() != 6 {
				b.Fatal(err)
			}
			used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
			return time.Since(before).Seconds(), used.Seconds(), peak
		case <-time.After(5 * time.Millisecond):
			peak = max(peak, resident(cmd.Process.Pid))
		}
	}
}

// resident returns the peak memory of a running process so far [MB], or 0 if the system does not
// report it. It asks while the process runs: the peak that a parent gets after the end includes
// the parent's own peak at the time of the fork.
func resident(pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	kilobytes := 0.0
	if _, peak, found := strings.Cut(string(status), "VmHWM:"); found {
		fmt.Sscan(peak, &kilobytes)
	}
	return kilobytes / 1024
}
