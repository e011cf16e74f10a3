package benchmarks

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"budget/model"
	"budget/solver"
	"budget/sweep/plan"
)

// BenchmarkSweepPolicies measures a sweep over 1000 policies of mindfulness with 100 000 paths
// as a multiple of a sweep over 10: whole processes, measured in turn, with the usual session
// lengths in the table of incidence and with one. It reports time, and processor time, which says
// more on a busy machine.
func BenchmarkSweepPolicies(b *testing.B) {
	program := buildProgram(b)
	plan := func(durations string, cells int) string {
		path := filepath.Join(b.TempDir(), "plan.toml")
		text := fmt.Sprintf("sessions = [\"mindfulness\"]\npaths = 100_000\n%s\n[[axis]]\nkey = "+
			"\"policy.suppress_serious\"\nfrom = \"0.1 /h\"\nto = \"10 /h\"\ncount = %d\n", durations, cells)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
		return path
	}
	for name, durations := range map[string]string{"usual-lengths": "",
		"one-length": "durations = [\"55 min\"]"} {
		b.Run(name, func(b *testing.B) {
			plans := []string{plan(durations, 10), plan(durations, 1000)}
			var spent, processor [2]float64
			peak := 0.0
			for b.Loop() {
				for i, path := range plans {
					seconds, used, p := runProgram(b, program, "sweep", path, "-o", b.TempDir(), "-q")
					spent[i], processor[i] = spent[i]+seconds, processor[i]+used
					peak = max(peak, p)
				}
			}
			b.ReportMetric(spent[0]/float64(b.N), "s/10")
			b.ReportMetric(spent[1]/float64(b.N), "s/1000")
			b.ReportMetric(spent[1]/spent[0], "times-10")
			b.ReportMetric(processor[0]/float64(b.N), "cpu-s/10")
			b.ReportMetric(processor[1]/float64(b.N), "cpu-s/1000")
			b.ReportMetric(processor[1]/processor[0], "cpu-times-10")
			b.ReportMetric(peak, "MB-peak")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkSweepMorePaths measures a sweep over four start levels with 100 000 paths each, then
// with 200 000 in the same directory, and with 200 000 in another: whole processes, measured in
// turn. It reports time, processor time, and that of the second as a part of the third.
func BenchmarkSweepMorePaths(b *testing.B) {
	program := buildProgram(b)
	for _, session := range []string{"mindfulness", "workout"} {
		b.Run(session, func(b *testing.B) {
			plan := func(paths int) string {
				path := filepath.Join(b.TempDir(), "plan.toml")
				text := fmt.Sprintf("sessions = [%q]\npaths = %d\n[[axis]]\nkey = \"start_level\"\n"+
					"values = [\"20 %%\", \"40 %%\", \"60 %%\", \"80 %%\"]\n", session, paths)
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					b.Fatal(err)
				}
				return path
			}
			some, all := plan(100_000), plan(200_000)
			var spent, processor [3]float64
			for b.Loop() {
				grown := b.TempDir()
				for i, run := range [][2]string{{some, grown}, {all, grown}, {all, b.TempDir()}} {
					seconds, used, _ := runProgram(b, program, "sweep", run[0], "-o", run[1], "-q")
					spent[i], processor[i] = spent[i]+seconds, processor[i]+used
				}
			}
			for i, of := range []string{"100k", "then-200k", "200k"} {
				b.ReportMetric(spent[i]/float64(b.N), "s/"+of)
				b.ReportMetric(processor[i]/float64(b.N), "cpu-s/"+of)
			}
			b.ReportMetric(processor[1]/processor[2], "cpu-then/whole")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkSweepGrid measures the sweep of docs/plans/meditation.toml as a whole process on two
// cores: 400 cells by start level, ambient and device with 200 000 paths each. It reports the
// time as a multiple of the time for simulating the paths alone, with one thread per core and
// all cells compiled beforehand.
func BenchmarkSweepGrid(b *testing.B) {
	program := buildProgram(b)
	const path = "../docs/plans/meditation.toml"
	plan, err := plan.Read(path)
	if err != nil {
		b.Fatal(err)
	}
	kernel, whole, peak, size := 0.0, 0.0, 0.0, 0.0
	for b.Loop() {
		kernel += simulateAlone(b, plan)
		dir := b.TempDir()
		seconds, _, p := runProgram(b, program, "sweep", path, "-o", dir, "-q", "--workers", "2")
		whole, peak = whole+seconds, max(peak, p)
		size = megabytes(b, dir)
	}
	b.ReportMetric(kernel/float64(b.N), "s-alone")
	b.ReportMetric(whole/float64(b.N), "s")
	b.ReportMetric(whole/kernel, "times-alone")
	b.ReportMetric(peak, "MB-peak")
	b.ReportMetric(size, "MB-store")
	b.ReportMetric(0, "ns/op")
}

// simulateAlone returns the time for simulating the paths of a plan's cells on two cores [s].
func simulateAlone(b *testing.B, plan *plan.Plan) (seconds float64) {
	b.Helper()
	units := plan.Units()
	programs := make([]*solver.Program, len(units))
	for i, u := range units {
		s, on, err := plan.Scenario(u.Cells[0])
		if err != nil {
			b.Fatal(err)
		}
		on.Session = u.Session
		if programs[i], err = solver.Compile(s, on); err != nil {
			b.Fatal(err)
		}
	}
	settings := solver.Settings{Seed: plan.Seed, Estimator: solver.Weights, Sampling: plan.Sampling,
		Readings: plan.Readings,
		Failures: model.Failures, Workers: 1}
	begun := time.Now()
	var all sync.WaitGroup
	var next atomic.Int64
	for range 2 {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(programs)); i = next.Add(1) - 1 {
				if err := solver.Summaries(context.Background(), programs[i:i+1], settings, plan.Paths, nil,
					func(int, *solver.Estimates) {}); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	return time.Since(begun).Seconds()
}

// megabytes returns the total size of the files in a directory.
func megabytes(b *testing.B, dir string) float64 {
	b.Helper()
	sum := int64(0)
	err := fs.WalkDir(os.DirFS(dir), ".", func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		sum += info.Size()
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return float64(sum) / 1e6
}
