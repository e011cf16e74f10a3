package histories

import (
	"embed"
	"io/fs"

	"budget/solver/plant"
)

// The sources without the tests, whose names end in t.
//
//go:embed *[^t].go
var sourceFiles embed.FS

// Sources returns the source code of the package, and of those of the solver that it imports, by
// path: results depend on it.
func Sources() map[string]fs.FS {
	all := plant.Sources()
	all["solver/histories"] = sourceFiles
	return all
}
