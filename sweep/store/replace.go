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

// replaceFile writes a file as a whole: beside its place first, to the disk, then in its
// place. A reader sees the old file or the new one.
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
		err = f.Chmod(0o644) // temporary files are private; a result is as readable as any new file
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

// syncDirectory makes sure that new names in a directory are on the disk, where systems
// know of that.
func syncDirectory(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	// Some file systems cannot sync a directory, and do without.
	_ = d.Sync()
	return d.Close()
}

// removeTemporaries takes away what killed replaceFiles have left in a directory.
func removeTemporaries(dir string, names ...string) {
	for _, name := range names {
		for _, path := range hidden(dir, name) {
			os.Remove(path)
		}
	}
}

// hidden lists the files that os.CreateTemp has made in a directory beside a name.
func hidden(dir, name string) []string {
	entries, _ := os.ReadDir(dir) // one that cannot be read has none to tell of
	var paths []string
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), "."+name+".") {
			paths = append(paths, filepath.Join(dir, entry.Name()))
		}
	}
	return paths
}
