package plant

import "flag"

var long = flag.Bool("long", false,
	"compare kernels, and skipped paths, on four times as many paths")

// longer multiplies a number of paths under -long.
func longer(paths uint64) uint64 {
	if *long {
		return 4 * paths
	}
	return paths
}
