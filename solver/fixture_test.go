package solver

import (
	"context"
	"reflect"
	"testing"

	"budget/model"
	"budget/solver/plant"
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

// sameBytes tells whether two answers rest on the same tallies and say the same.
func sameBytes(a, b *Answer) bool {
	if !reflect.DeepEqual(a.Caps, b.Caps) || a.paths != b.paths || a.Outcome != b.Outcome {
		return false
	}
	for r := range a.read {
		if !reflect.DeepEqual(a.read[r].tallies, b.read[r].tallies) {
			return false
		}
	}
	return true
}

// looked returns the answer after looks at so many paths, each followed to an end.
func looked(t testing.TB, p *Program, s Settings, looks ...[2]int) *Answer {
	t.Helper()
	var books []*endings
	a := newAnswer(p, s, &books)
	sim := newSimulation(s, books)
	for _, look := range looks {
		if err := sim.extend(context.Background(), int64(look[0]), look[1]); err != nil {
			t.Fatal(err)
		}
	}
	a.conclude(sim, Question{Tolerances: []float64{0.01}, Confidence: 0.95, Family: 1}, nil, 1, 2)
	a.tally(sim, AsUsed, 2)
	return a
}

// historyOf runs a path with the portable kernel.
func historyOf(p *Program, s plant.Sampler, path uint64, steps int) (history History) {
	p.plant.Kernel("portable", s).Run(steps, pathsFrom(path, path+1), func(_ uint64, h *History) { history = *h })
	return history
}

// pathsFrom tells the paths from first up to but not including last.
func pathsFrom(first, last uint64) func() (uint64, bool) {
	return func() (uint64, bool) {
		first++
		return first - 1, first <= last
	}
}
