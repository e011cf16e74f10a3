package benchmarks

import (
	"bufio"
	"context"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"budget/model"
	"budget/solver/random"
	"budget/sweep/field"
	"budget/sweep/sessionlog"
)

var logRows = flag.Int("log-rows", 100_000, "rows of the log of BenchmarkFit")

// writeSessions writes a log in the form that budget log writes, with a device and a time stamp as
// start for each session. It depends on the number of rows alone.
func writeSessions(name string, rows int) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	w.WriteString("session,planned_min,actual_min,end,start_level,end_level,thermal,serious_min," +
		"critical_min,low_min,very_low_min,device,start\n")
	key := random.NewKey(7)
	var row []byte
	for n := range rows {
		s := random.Stream{Key: key, Path: uint64(n)}
		planned := 5 + int(55*s.Uniform(0))
		ran, end := float64(planned)+0.083, "completed"
		if left := 120 * s.Uniform(1); left < float64(planned) {
			ran = left
			end = [...]string{"stopped", "stopped", "stopped", "resigned", "error"}[int(5*s.Uniform(2))]
		}
		level := 20 + int(80*s.Uniform(3))
		row = append(row[:0], "mindfulness,"...)
		row = append(strconv.AppendInt(row, int64(planned), 10), ',')
		row = append(strconv.AppendFloat(row, ran, 'f', 3, 64), ',')
		row = append(append(row, end...), ",0."...)
		row = append(strconv.AppendInt(row, int64(level), 10), ",0."...)
		row = append(strconv.AppendInt(row, int64(level-int(ran/12)), 10), ",nominal,0,0,0,0,watch"...)
		row = append(strconv.AppendInt(row, int64(n%5000), 10), ",2026-"...)
		for i, unit := range []int{12, 28, 24, 60, 60} { // month, day, hour, minute, second
			at := n / 5000 * 3607 / []int{2419200, 86400, 3600, 60, 1}[i] % unit
			if i < 2 {
				at++
			}
			row = append(row, byte('0'+at/10), byte('0'+at%10), "-T::Z"[i])
		}
		if _, err := w.Write(append(row, '\n')); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// BenchmarkFit reads a log and fits it. -log-rows 10000000 shows that memory is bounded.
func BenchmarkFit(b *testing.B) {
	name := filepath.Join(b.TempDir(), "log.csv")
	if err := writeSessions(name, *logRows); err != nil {
		b.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	s := model.Default()
	for b.Loop() {
		l, err := field.ReadAll(context.Background(), []sessionlog.Source{{Name: name, Data: f,
			Size: info.Size()}}, s, sessionlog.Options{Slack: sessionlog.DefaultSlack})
		if err != nil {
			b.Fatal(err)
		}
		if l.Used() != *logRows {
			b.Fatalf("%d rows are used, %v", l.Used(), l.Remarks)
		}
		field.Observe(l, s, 0.95)
		field.Fit(l, s, field.RangePrior, 0.95)
	}
	b.ReportMetric(float64(*logRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/1e6, "MB")
}
