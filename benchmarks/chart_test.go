package benchmarks

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"budget/plots"
	"budget/sweep/store"
)

// BenchmarkCharts draws every kind of chart of a sweep of 400 cells in every format, from an
// open directory. Another benchmark measures reading the directory.
func BenchmarkCharts(b *testing.B) {
	path := filepath.Join(b.TempDir(), "plan.toml")
	// Few paths: the cost of a chart does not depend on them.
	plan := `sessions = ["mindfulness"]
environment = "shade"
paths = 256
trajectories = 32
[[axis]]
name = "power"
key = "workload.seated.power"
values = [["40 mW", "140 mW", "180 mW", "110 mW"], ["62 mW", "220 mW", "280 mW", "170 mW"], ["90 mW", "310 mW", "400 mW", "240 mW"],
  ["130 mW", "440 mW", "560 mW", "340 mW"], ["190 mW", "660 mW", "840 mW", "510 mW"]]
[[axis]]
name = "ambient"
key = "environment.shade.ambient_mean"
from = "-5 degC"
to = "40 degC"
step = "5 K"
[[axis]]
key = "start_level"
from = "10 %"
to = "80 %"
step = "10 %"
`
	if err := os.WriteFile(path, []byte(plan), 0o600); err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	runProgram(b, buildProgram(b), "sweep", path, "-o", dir, "-q")
	read := func(b *testing.B) *store.Results {
		b.Helper()
		r, err := store.Read(dir)
		if err != nil {
			b.Fatal(err)
		}
		return r
	}
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			if err := read(b).Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
	r := read(b)
	defer r.Close()
	for _, kind := range plots.Kinds() {
		for _, format := range []string{"svg", "png", "pdf"} {
			b.Run(string(kind)+"/"+format, func(b *testing.B) {
				charts := 0
				for b.Loop() {
					drawn, err := plots.Draw(r, kind, plots.Choice{})
					if missing, ok := errors.AsType[*plots.Missing](err); ok {
						b.Skip(missing)
					}
					if err != nil {
						b.Fatal(err)
					}
					for _, c := range drawn {
						if err := c.Encode(io.Discard, format); err != nil {
							b.Fatal(err)
						}
					}
					charts += len(drawn)
				}
				b.ReportMetric(b.Elapsed().Seconds()*1000/float64(charts), "ms/chart")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}
