package store

import (
	"errors"
	"os"
	"path/filepath"

	"budget/internal/disk"
)

// readWhole reads a file that has all results of a directory. The error is a *disk.Changed if a
// file there is not as it was written with the others; with unchecked, changed says so instead.
func readWhole(dir, name string, unchecked bool) (path string, text []byte, changed string,
	err error) {
	path = filepath.Join(dir, name)
	if err = disk.Check(dir, name); err != nil {
		if _, differs := errors.AsType[*disk.Changed](err); !differs || !unchecked {
			return path, nil, "", err
		}
		changed = err.Error()
	}
	text, err = os.ReadFile(path)
	return path, text, changed, err
}
