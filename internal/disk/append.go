package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/gofrs/flock"
)

// OpenAppend opens a file to read it and to append to it, and makes it if missing. It is for
// journals, which find damage by themselves.
func OpenAppend(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE, fileMode)
}

// WriteThrough writes to what is no regular file, such as a pipe or a device.
func WriteThrough(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// CreateAttempt makes a new file whose name begins with a dot and a name; Attempts lists them.
// Unlike the files of a Set it stays if its process is killed: the next attempt uses it.
func CreateAttempt(dir, name string) (path string, err error) {
	for {
		path = filepath.Join(dir, "."+name+"."+newSign())
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, fileMode)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		return path, f.Close()
	}
}

// Attempts lists the attempts at a name in a directory.
func Attempts(dir, name string) (paths []string) {
	entries, _ := os.ReadDir(dir) // an unreadable directory has none
	for _, entry := range entries {
		sign, ok := strings.CutPrefix(entry.Name(), "."+name+".")
		if ok && attemptSign.MatchString(sign) {
			paths = append(paths, filepath.Join(dir, entry.Name()))
		}
	}
	return paths
}

var attemptSign = regexp.MustCompile(`^[0-9a-f]{16}$`)

// PlaceAttempt moves an attempt to its place.
func PlaceAttempt(attempt, path string) error {
	if err := os.Rename(attempt, path); err != nil {
		return err
	}
	return SyncDirectory(filepath.Dir(path))
}

// Lock returns a lock file, which every user may take whom the umask lets write.
func Lock(path string) *flock.Flock { return flock.New(path, flock.SetPermissions(fileMode)) }
