package sweep_test

import (
	"context"
	"fmt"
	"log"

	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// How long may two kinds of sessions be, in the sun and with 30 % in the battery?
func ExampleRun() {
	level := 0.3
	request := sweep.Request{Sessions: []string{"mindfulness", "self-care"},
		Environments: []string{"sun"},
		StartLevel:   &level, Readings: []solver.Reading{solver.Cautious}, Tolerances: []float64{0.01},
		Paths: 1 << 12}
	result, err := sweep.Run(context.Background(), model.Default(), request, sweep.Control{})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range result.Caps {
		fmt.Printf("%s: %v s, %s, bound by %s\n", c.SessionName, c.Cap, c.Status, c.Binding())
	}
	// Output:
	// Mindfulness: 1250 s, met, bound by suppressed-thermal
	// Self care: 470 s, met, bound by expired
}
