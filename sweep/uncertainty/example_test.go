package uncertainty_test

import (
	"context"
	"fmt"
	"log"

	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/uncertainty"
)

// At which rate of suppression does a session of 40 min fail more often than 1 in 100?
func ExampleFindBreakpoint() {
	request := uncertainty.BreakpointRequest{Key: "policy.suppress_low", Request: sweep.Request{
		Sessions: []string{"mindfulness"}, Devices: []string{solver.Fleet},
		Environments: []string{solver.Mix},
		Duration:     2400, Readings: []solver.Reading{solver.Cautious}, Tolerances: []float64{0.01},
		Confidence: 0.95,
		Sampling:   solver.Tilted, Paths: 8192}}
	b, err := uncertainty.FindBreakpoint(context.Background(), model.Default(), request,
		sweep.Control{Workers: 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("holds at %s: %v\n", b.Text(b.From), b.Holds)
	for _, c := range b.Crossings {
		fmt.Println("crosses at", b.Text(c.At))
	}
	// Output:
	// holds at 0.01 /h: true
	// crosses at 0.64 /h
}
