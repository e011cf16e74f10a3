package solver

import (
	"context"
	"testing"

	"budget/model"
)

// scenario parses a scenario over the defaults.
func scenario(t testing.TB, toml string) *model.Scenario {
	t.Helper()
	s, err := model.Parse("test.toml", []byte(toml))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func compile(t testing.TB, s *model.Scenario, c Case) *Program {
	t.Helper()
	if c.Device == "" {
		c.Device = Fleet
	}
	if c.Environment == "" {
		c.Environment = Mix
	}
	p, err := Compile(s, c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func level(z float64) *float64 { return &z }

var bothReadings = []Reading{Cautious, AsDocumented}

// answer runs a program with a fixed number of paths.
func answer(t testing.TB, p *Program, e Estimator, seed uint64, paths int64, tolerances ...float64) *Answer {
	t.Helper()
	if tolerances == nil {
		tolerances = []float64{0.01}
	}
	a, err := p.Answer(context.Background(),
		Settings{Seed: seed, Estimator: e, Readings: bothReadings, Failures: model.Failures, Workers: 2},
		Question{Tolerances: tolerances, Confidence: 0.95, Family: 1, Paths: paths})
	if err != nil {
		t.Fatal(err)
	}
	return a
}
