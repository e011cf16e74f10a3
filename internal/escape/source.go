package escape

import (
	"embed"
	"io/fs"
)

// The sources without the tests, whose names end in t.
//
//go:embed *[^t].go
var sourceFiles embed.FS

// Sources returns the source code of the package by its path: results depend on it.
func Sources() map[string]fs.FS { return map[string]fs.FS{"internal/escape": sourceFiles} }
