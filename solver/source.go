package solver

import (
	"embed"
	"io/fs"
	"maps"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver/incidence"
)

//go:embed *.go
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
