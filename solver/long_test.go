package solver

import "flag"

// Long asks for as many simulated sessions as the proofs rest on that README names. Tests
// without it are quick, and find what is wrong by more.
var Long = flag.Bool("long", false, "compare with the oracle, and over seeds, on many more paths")

// longer returns the number for -long, or the one for a quick test.
func longer(quick, long int) int {
	if *Long {
		return long
	}
	return quick
}
