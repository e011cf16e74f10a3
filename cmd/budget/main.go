package main

import (
	"os"
	"runtime/debug"
)

func main() {
	// A run makes little garbage, in large pieces. Collecting it early costs no time
	// that can be measured and halves the memory of a table of many cases.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(25)
	}
	os.Exit(run(newSystem()))
}
