package incidence

import (
	"embed"
	"io/fs"
	"maps"

	"budget/solver/estimate"
	"budget/solver/histories"
)

// The sources without the tests, whose names end in t, as do those of the files that are named.
//
//go:embed *[^t].go account.go
var sourceFiles embed.FS

// Sources returns the source code of the package, and of those of the solver that it imports, by
// path: results depend on it.
func Sources() map[string]fs.FS {
	all := histories.Sources()
	maps.Copy(all, estimate.Sources())
	all["solver/incidence"] = sourceFiles
	return all
}
