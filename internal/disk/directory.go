package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Modes of new files and directories, less the umask.
const (
	fileMode      = 0o666
	programMode   = 0o777
	directoryMode = 0o777
)

// MakeDirectory makes a directory and its parents where they are missing.
func MakeDirectory(path string) error { return os.MkdirAll(path, directoryMode) }

// Remove removes files of a directory. It is no error if one is not there.
func Remove(dir string, names ...string) error {
	for _, name := range names {
		err := os.Remove(filepath.Join(dir, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// SyncDirectory flushes new names in a directory to the disk, on systems that support it.
func SyncDirectory(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = d.Sync() // some file systems cannot sync a directory
	return d.Close()
}
