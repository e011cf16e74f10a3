package solver_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"budget/model"
	"budget/solver"
)

// How long may a meditation be? Every default is that of budget caps.
func Example() {
	program, err := solver.Compile(model.Default(), solver.Case{Session: "mindfulness"})
	if err != nil {
		log.Fatal(err)
	}
	answer, err := program.Answer(context.Background(), solver.Settings{Seed: 1}, solver.Question{})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range answer.Caps {
		length := time.Duration(c.Duration) * time.Second
		fmt.Printf("%-10s %5.1f %%  %v, bound by %v\n", c.Reading, 100*c.Tolerance, length, c.Binding)
	}
	// Output:
	// cautious     0.5 %  29m0s, bound by suppressed-battery
	// cautious     1.0 %  47m50s, bound by expired
	// cautious     5.0 %  59m50s, bound by expired
	// documented   0.5 %  29m0s, bound by suppressed-battery
	// documented   1.0 %  53m0s, bound by suppressed-battery
	// documented   5.0 %  59m50s, bound by expired
}

func ExampleCompile() {
	s, err := model.Parse("longer.toml", []byte(`
[[session]]
id = "mindfulness"
limit = "90 min"
horizon = "100 min"
`))
	if err != nil {
		log.Fatal(err)
	}
	level := 0.5
	program, err := solver.Compile(s, solver.Case{Session: "mindfulness", Device: "ultra2-49",
		Environment: "sun", StartLevel: &level})
	if err != nil {
		log.Fatal(err)
	}
	durations := program.Durations()
	fmt.Printf("%d plans from %v s to %v s\n", len(durations), durations[0],
		durations[len(durations)-1])

	_, err = solver.Compile(s, solver.Case{Session: "mindfulness", Environment: "sunny"})
	fmt.Println(err)
	// Output:
	// 1200 plans from 5 s to 6000 s
	// solver: Case.Environment: unknown "sunny": expected one of ["indoor" "shade" "sun" "mix"]
}

func ExampleProgram_Estimates() {
	program, err := solver.Compile(model.Default(), solver.Case{Session: "mindfulness"})
	if err != nil {
		log.Fatal(err)
	}
	estimates, err := program.Estimates(context.Background(), solver.Settings{Seed: 1}, 1<<14)
	if err != nil {
		log.Fatal(err)
	}
	const plan = 45 * 60 // seconds
	fails := estimates.Failure(solver.Cautious, plan)
	fmt.Printf("fails %.2f %%, %.2f to %.2f %%\n", 100*fails.Value, 100*fails.Lower, 100*fails.Upper)
	for _, cause := range []model.Cause{model.PowerOff, model.Expired, model.Stopped} {
		ended := estimates.Ended(solver.Cautious, solver.AsUsed, cause, plan)
		fmt.Printf("%v %.3f %%\n", cause, 100*ended.Value)
	}

	_, err = program.Estimates(context.Background(), solver.Settings{Estimator: "weigths"}, 1<<14)
	fmt.Println(err)
	// Output:
	// fails 0.79 %, 0.75 to 0.84 %
	// power-off 0.066 %
	// expired 0.001 %
	// stopped 30.142 %
	// solver: Settings.Estimator: unknown "weigths": expected one of ["weights" "counts"]
}

// One run answers any number of questions.
func ExampleCaps() {
	program, err := solver.Compile(model.Default(),
		solver.Case{Session: "workout", Duration: 2 * 3600})
	if err != nil {
		log.Fatal(err)
	}
	settings := solver.Settings{Readings: []solver.Reading{solver.Cautious}}
	estimates, err := program.Estimates(context.Background(), settings, 1<<14)
	if err != nil {
		log.Fatal(err)
	}
	for _, confidence := range []float64{0.9, 0.99} {
		q := solver.Question{Tolerances: []float64{0.01, 0.1}, Confidence: confidence}
		caps, err := solver.Caps(estimates, q)
		if err != nil {
			log.Fatal(err)
		}
		for _, c := range caps {
			fmt.Printf("%v %%, %v %% sure: %v s, at most %v s\n",
				100*c.Tolerance, 100*confidence, c.Duration, c.Upper)
		}
	}
	// Output:
	// 1 %, 90 % sure: 1510 s, at most 1630 s
	// 10 %, 90 % sure: 5400 s, at most 5530 s
	// 1 %, 99 % sure: 1470 s, at most 1660 s
	// 10 %, 99 % sure: 5350 s, at most 5560 s
}
