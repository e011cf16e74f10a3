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
func answer(t testing.TB, p *Program, e Estimator, seed uint64, paths int64,
	tolerances ...float64) *Answer {
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

// sameBytes reports whether two answers are the same to the bit.
func sameBytes(a, b *Answer) bool { return reflect.DeepEqual(a, b) }

// looked returns the estimates after looks at the given numbers of paths, each
// followed to its end.
func looked(t testing.TB, p *Program, s Settings, looks ...[2]int) *Estimates {
	t.Helper()
	s, err := s.filled()
	if err != nil {
		t.Fatal(err)
	}
	readers, sim := together([]*Program{p}, &s, false)
	for _, look := range looks {
		if err := sim.extend(context.Background(), int64(look[0]), look[1]); err != nil {
			t.Fatal(err)
		}
	}
	r := readers[0]
	r.open(sim.account, 0, 2)
	e := r.caps(1)
	r.complete(e, AsUsed, Meaning)
	return e
}

// links returns how often the number of paths followed changes.
func links(e *Estimates) int {
	n := 0
	for i := 1; i < len(e.Followed); i++ {
		if e.Followed[i] != e.Followed[i-1] {
			n++
		}
	}
	return n
}

// historyOf returns the history of a path.
func historyOf(on *plant.Plant, s plant.Sampler, path uint64) (history plant.History) {
	left := 1
	on.Kernel("portable", s).Run(on.Steps, func() (uint64, bool) { left--; return path, left == 0 },
		func(_ uint64, h *plant.History) { history = *h })
	return history
}
