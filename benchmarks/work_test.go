package benchmarks

import (
	"context"
	"testing"

	"budget/model"
	"budget/solver"
)

// work is a run to measure: a session type with all defaults and a fixed number of paths.
type work struct {
	session  string
	duration float64 // [s]; 0 means the session's horizon
	paths    int64
	solver.Settings
	phases []model.Phase // of a timer, instead of a session
}

// newWork returns a run of a session type on one core, with the weights estimator.
func newWork(session string, duration float64, paths int64) work {
	return work{session, duration, paths, solver.Settings{Seed: 1, Estimator: solver.Weights,
		Readings: solver.BothReadings(),
		Failures: model.Failures, Workers: 1}, nil}
}

// program compiles the run's case.
func (w *work) program(b *testing.B) *solver.Program {
	b.Helper()
	p, err := solver.Compile(model.Default(), solver.Case{Session: w.session, Device: solver.Fleet,
		Environment: solver.Mix, Duration: w.duration, Phases: w.phases})
	if err != nil {
		b.Fatal(err)
	}
	return p
}

// question asks for caps at the default tolerances.
func (w *work) question() solver.Question {
	return solver.Question{Tolerances: []float64{0.005, 0.01, 0.05}, Confidence: 0.95, Family: 6,
		Paths: w.paths, CapsOnly: true}
}

// do executes the run.
func (w *work) do(b *testing.B) *solver.Answer {
	b.Helper()
	a, err := w.program(b).Answer(context.Background(), w.Settings, w.question())
	if err != nil {
		b.Fatal(err)
	}
	return a
}

// measure times runs, each with another seed. It reports nanoseconds per path-step and per path,
// and the share of the path-steps that were stepped.
func (w *work) measure(b *testing.B) {
	b.Helper()
	w.Progress = &solver.Progress{}
	runs := 0
	for b.Loop() {
		w.Seed++
		runs++
		w.do(b)
	}
	ns := float64(b.Elapsed().Nanoseconds())
	b.ReportMetric(ns/float64(w.Progress.Steps.Load()), "ns/path-step")
	b.ReportMetric(ns/float64(runs)/float64(w.paths), "ns/path")
	b.ReportMetric(100*float64(w.Progress.Stepped.Load())/float64(w.Progress.Steps.Load()), "%stepped")
	b.ReportMetric(0, "ns/op")
}
