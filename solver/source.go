package solver

import (
	"embed"
	"io/fs"
	"maps"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver/incidence"
)

// The sources without the tests, whose names end in t, as do those of the files that are named.
//
//go:embed *[^t].go cost.go kept.go
var sourceFiles embed.FS

// Sources returns the source code of the package, and of those that it imports, by path: results
// depend on it.
func Sources() map[string]fs.FS {
	all := incidence.Sources()
	maps.Copy(all, model.Sources())
	maps.Copy(all, parallel.Sources())
	all["solver"] = sourceFiles
	return all
}
