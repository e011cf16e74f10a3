package model

import (
	"embed"
	"io/fs"

	"budget/model/document"
)

//go:embed *.go
var sourceFiles embed.FS

// Sources returns the source code of the package, and of those that it imports, by path: results
// depend on it.
func Sources() map[string]fs.FS {
	all := document.Sources()
	all["model"], all["model/catalog"] = sourceFiles, catalog
	return all
}
