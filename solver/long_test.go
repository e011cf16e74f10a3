package solver

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"
)

// Long makes tests simulate as many sessions as docs/trust.md claims. Without it, tests are
// quick and only find larger errors.
var Long = flag.Bool("long", false, "compare with the oracle, and over seeds, on many more paths")

// longer returns the number for -long or the number for a quick test.
func longer(quick, long int) int {
	if *Long {
		return long
	}
	return quick
}

// TestMain collects garbage late: of many small runs that takes a twentieth of the time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}
