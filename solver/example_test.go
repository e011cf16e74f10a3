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
	// cautious     0.5 %  35m35s, bound by suppressed-battery
	// cautious     1.0 %  47m50s, bound by expired
	// cautious     5.0 %  59m50s, bound by expired
	// documented   0.5 %  35m35s, bound by suppressed-battery
	// documented   1.0 %  57m50s, bound by suppressed-battery
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
	// fails 0.66 %, 0.63 to 0.71 %
	// power-off 0.063 %
	// expired 0.001 %
	// stopped 30.118 %
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
	// 1 %, 90 % sure: 1595 s, at most 1715 s
	// 10 %, 90 % sure: 5250 s, at most 5390 s
	// 1 %, 99 % sure: 1575 s, at most 1745 s
	// 10 %, 99 % sure: 5215 s, at most 5435 s
}
