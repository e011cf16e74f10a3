package plots_test

import (
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"budget/model"
	"budget/plots"
	"budget/solver/estimate"
	"budget/sweep"
)

func ExampleCapsChart() {
	failure := estimate.Estimate{Value: 0.0094, StandardError: 2e-4,
		Interval: estimate.Interval{Lower: 0.009, Upper: 0.0099}}
	chart, err := plots.CapsChart([]sweep.Cap{{
		Case: sweep.Case{Session: "breathing", SessionName: "Breathing", Device: "fleet",
			Environment: "mix", Horizon: 3600},
		Reading: "cautious", Tolerance: 0.01, Confidence: 0.95, Cap: 2610, CapUpper: 2815,
		FailureAtCap: failure, BindingCause: model.SuppressedBattery, Status: sweep.CapMet, Paths: 20000,
	}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(chart.Title)
	if err := chart.Encode(io.Discard, "svg"); err != nil {
		log.Fatal(err)
	}
	// Output:
	// Breathing: at most 1 in 100 fail up to 43 min 30 s, then they end by suppressed-battery
}

// smallPlan sweeps the temperature for one session type.
const smallPlan = `name = "Cold"
sessions = ["smart-alarm"]
environment = "shade"
tolerances = ["1 %"]
paths = 512
[[axis]]
name = "ambient"
key = "environment.shade.ambient_mean"
values = ["-10 degC", "20 degC"]
`

// Draw makes the charts of a kind of what budget caps or budget sweep leaves in a directory.
func ExampleDraw() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	// As store.Read, of a directory that a small sweep fills.
	results, err := plots.Swept(filepath.Join(dir, "out"), smallPlan)
	if err != nil {
		log.Fatal(err)
	}
	defer results.Close()

	charts, err := plots.Draw(results, plots.KindFailure, plots.Choice{X: "ambient"})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range charts {
		if err := c.Encode(io.Discard, "svg"); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s.svg:\n%s\n", c.Name, c.Title)
	}
	// Output:
	// failure-smart-alarm.svg:
	// Smart alarm: at most 1 in 100 fail up to 25 s (ambient -10 °C) to 15 min (ambient 20 °C)
}
