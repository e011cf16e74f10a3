package starts_test

import (
	"context"
	"fmt"
	"log"

	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/starts"
)

// Caps of a mindfulness session by battery level up to 19 %, for a cool watch without Low
// Power Mode.
func ExampleFind() {
	request := sweep.Request{Sessions: []string{"mindfulness"},
		Readings:   []solver.Reading{solver.Cautious},
		Tolerances: []float64{0.1}, Confidence: 0.95, Paths: 512, MaxPaths: 1 << 14, Precision: 60}
	found, err := starts.Find(context.Background(), model.Default(), request,
		sweep.Control{Workers: 1})
	if err != nil {
		log.Fatal(err)
	}
	t := found.Tables[0]
	fmt.Printf("%s, for everyone: %v s\n", t.SessionName, t.Fixed.Cap)
	for _, c := range t.Cells[:4] {
		fmt.Printf("%s %%: %v s, %s\n", c.Name(), c.Cap, c.Basis)
	}
	// Output:
	// Mindfulness, for everyone: 3590 s
	// nominal 0-3 %: 0 s, samples
	// nominal 4-10 %: 1250 s, own
	// nominal 11-14 %: 2860 s, own
	// nominal 15-19 %: 3195 s, own
}
