package random_test

import (
	"fmt"

	"budget/solver/random"
)

// The draws of a step, whichever worker makes them and whatever was drawn before.
func ExampleStream() {
	const loadNoise = 7 // a purpose, numbered by the caller
	s := random.Stream{Key: random.NewKey(42), Path: 1_000_000, Purpose: loadNoise}

	x, y, _, _ := s.Block(360)
	fmt.Printf("step 360: %.6f %.6f\n", random.Normal32(x), random.Normal32(y))
	x, y, _, _ = s.Block(12)
	fmt.Printf("step 12:  %.6f %.6f\n", random.Normal32(x), random.Normal32(y))
	x, y, _, _ = s.Block(360)
	fmt.Printf("step 360: %.6f %.6f\n", random.Normal32(x), random.Normal32(y))
	// Output:
	// step 360: 0.433746 1.043327
	// step 12:  -1.295170 1.475674
	// step 360: 0.433746 1.043327
}

// One state of charge at the start of a session for each path, from a beta law.
func ExampleBetaTable() {
	start := random.NewBetaTable(5, 2)
	for path := range uint64(3) {
		s := random.Stream{Key: random.NewKey(42), Path: path}
		fmt.Printf("%.6f\n", start.Quantile(s.Uniform(0)))
	}
	// Output:
	// 0.782721
	// 0.294683
	// 0.689803
}

func ExampleNormal() {
	fmt.Printf("%.12f\n", random.Normal(0.975))
	// Output: 1.959963984540
}

func ExampleGamma() {
	// The median of a standard exponential law is ln 2.
	fmt.Printf("%.12f\n", random.Gamma(0.5, 1))
	// Output: 0.693147180560
}
