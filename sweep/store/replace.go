package store

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// replaceFile replaces a file atomically: it writes a temporary file beside it, syncs it
// and renames it. A reader sees the old file or the new one.
func replaceFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	buffered := bufio.NewWriterSize(f, 1<<16)
	err = write(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if err == nil {
		err = f.Chmod(0o644) // temporary files are private; results are readable by all
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncDirectory(filepath.Dir(path))
}

// syncDirectory flushes new names in a directory to the disk, on systems that support
// it.
func syncDirectory(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	// Some file systems cannot sync a directory; ignore that.
	_ = d.Sync()
	return d.Close()
}

// removeTemporaries removes the temporary files of killed processes from a
// directory.
func removeTemporaries(dir string, names ...string) {
	for _, name := range names {
		for _, path := range hidden(dir, name) {
			os.Remove(path)
		}
	}
}

// hidden lists the temporary files of a name in a directory.
func hidden(dir, name string) []string {
	entries, _ := os.ReadDir(dir) // an unreadable directory has none
	var paths []string
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), "."+name+".") {
			paths = append(paths, filepath.Join(dir, entry.Name()))
		}
	}
	return paths
}
