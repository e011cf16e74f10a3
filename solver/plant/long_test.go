package plant

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"
)

var long = flag.Bool("long", false,
	"compare kernels, and skipped paths, on four times as many paths")

// longer multiplies a number of paths under -long.
func longer(paths uint64) uint64 {
	if *long {
		return 4 * paths
	}
	return paths
}

// TestMain collects garbage late: of many small runs that takes a tenth of the time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}
