package benchmarks

import (
	"context"
	"fmt"
	"testing"

	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/live"
)

// BenchmarkLive measures what the live page waits for: an answer under another rule, which is read
// from the plant that is kept, and the first and the settled answer on a new watch. The page adds
// its own painting, which TestLiveLatency in internal/acceptance measures in a browser.
func BenchmarkLive(b *testing.B) {
	for _, session := range []string{"mindfulness", "workout"} {
		ask := func(line string) live.Question {
			s, err := model.Parse("live.toml", []byte(line))
			if err != nil {
				b.Fatal(err)
			}
			return live.Question{Scenario: s, Plan: 2700, Request: sweep.Request{
				Sessions: []string{session}, Devices: []string{solver.Fleet},
				Environments: []string{solver.Mix}, Readings: []solver.Reading{solver.Cautious},
				Tolerances: []float64{0.01}, Confidence: 0.95, Seed: sweep.DefaultSeed}}
		}
		answer := func(e *live.Engine, q live.Question) {
			err := e.Answer(context.Background(), q, false, func(*live.Answer) error { return nil })
			if err != nil {
				b.Fatal(err)
			}
		}
		moved := 0 // so that no question is asked twice
		next := func(line string) live.Question {
			moved++
			return ask(fmt.Sprintf(line, 0.5+1e-6*float64(moved)))
		}
		settled := live.NewEngine(1<<16, sweep.Control{})
		b.Run(session+"/rule", func(b *testing.B) {
			answer(settled, ask(""))
			for b.Loop() {
				answer(settled, next("policy.suppress_low = '%g /h'"))
			}
		})
		for _, x := range []struct {
			name string
			on   *live.Engine
		}{{"first", live.NewEngine(live.CoarsePaths, sweep.Control{})}, {"settled", settled}} {
			b.Run(session+"/watch/"+x.name, func(b *testing.B) {
				for b.Loop() {
					answer(x.on, next("population.power_scale = %g"))
				}
			})
		}
	}
}
