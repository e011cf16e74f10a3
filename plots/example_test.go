package plots_test

import (
	"fmt"
	"io"
	"log"

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
	// How long a session may be
}
