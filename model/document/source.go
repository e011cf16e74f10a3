package document

import (
	"embed"
	"io/fs"

	"budget/internal/escape"
)

// The sources without the tests, whose names end in t, as do those of the files that are named.
//
//go:embed *[^t].go document.go element.go
var sourceFiles embed.FS

// Sources returns the source code of the package, and of those that it imports, by path: results
// depend on it.
func Sources() map[string]fs.FS {
	all := escape.Sources()
	all["model/document"] = sourceFiles
	return all
}
