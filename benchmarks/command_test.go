package benchmarks

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// BenchmarkCommand is the program as a whole process, built as the tests are: its time
// and its peak memory.
func BenchmarkCommand(b *testing.B) {
	program := filepath.Join(b.TempDir(), "budget")
	if out, err := exec.Command("go", "build", "-o", program, "../cmd/budget").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	for name, args := range map[string][]string{
		"caps":                       {"caps", "--quiet"},
		"caps --session mindfulness": {"caps", "--quiet", "--session", "mindfulness"},
		"run mindfulness 59 min":     {"run", "mindfulness", "59 min", "--quiet"},
		"version":                    {"version"},
	} {
		b.Run(name, func(b *testing.B) {
			var seconds, most float64
			for b.Loop() {
				cmd := exec.Command(program, args...)
				cmd.Stderr = os.Stderr
				before := b.Elapsed()
				if err := cmd.Run(); err != nil {
					b.Fatal(err)
				}
				seconds += (b.Elapsed() - before).Seconds()
				most = max(most, peak(cmd.ProcessState))
			}
			b.ReportMetric(seconds/float64(b.N), "s")
			b.ReportMetric(most, "MB-peak")
			b.ReportMetric(0, "ns/op")
		})
	}
}
