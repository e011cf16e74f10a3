package plan_test

import (
	"fmt"
	"log"

	"budget/sweep/plan"
)

// Two axes: a rate, which is a rule, and a battery level, which affects the plant.
func ExampleParse() {
	p, err := plan.Parse("plan.toml", []byte(`
sessions = ["mindfulness"]
[[axis]]
key = "start_level"
values = ["10 %", "50 %"]
[[axis]]
name = "rate"
key = "policy.suppress_low"
values = ["0.1 /h", "1 /h", "9 /h"]
`))
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range p.Cells()[:2] {
		fmt.Println(c.Number, p.Describe(c))
	}
	fmt.Printf("%d cells share %d runs of the watch\n", len(p.Cells()), len(p.Units()))
	// Output:
	// 1 start_level 10 %, rate 0.1 /h
	// 2 start_level 10 %, rate 1 /h
	// 6 cells share 2 runs of the watch
}
