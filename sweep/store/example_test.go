package store_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"budget/sweep"
	"budget/sweep/plan"
	"budget/sweep/store"
)

// A sweep into a directory, and its results. If opened again, the store would have no
// missing blocks.
func Example() {
	const text = `
sessions = ["self-care"]
tolerances = ["1 %"]
readings = ["cautious"]
paths = 2048
[[axis]]
key = "start_level"
values = ["15 %", "60 %"]
`
	dir, err := os.MkdirTemp("", "sweep")
	check(err)
	defer os.RemoveAll(dir)
	p, err := plan.Parse("plan.toml", []byte(text))
	check(err)
	s, err := store.Open(dir, store.Writer{Version: "example", Code: sweep.CodeDigest()})
	check(err)
	units, _, _, err := s.Missing(p)
	check(err)
	check(s.Fill(context.Background(), p, units, store.Control{}))
	check(s.Write(context.Background(), p, []byte(text), 1, func(plan.Cell, []sweep.Cap) {}))
	check(s.Close())

	results, err := store.Read(dir)
	check(err)
	defer results.Close()
	for _, c := range results.Cells {
		fmt.Printf("%v: %v s, %s\n", c.Values, c.Caps[0].Cap, c.Caps[0].Status)
	}
	// Output:
	// [fleet mix 0.15]: 470 s, met
	// [fleet mix 0.6]: 590 s, met
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
