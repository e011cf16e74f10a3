package disk

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"

	"github.com/gofrs/flock"
)

// Names of temporary files: a sign of their set, then a number. The one that ends in "lock" is
// locked for as long as their process lives.
var temporaryName = regexp.MustCompile(`^\.budget-([0-9a-f]{16})-([0-9]+|lock)$`)

const lockSuffix = "lock"

func temporary(dir, sign, suffix string) string {
	return filepath.Join(dir, ".budget-"+sign+"-"+suffix)
}

// newSign returns a sign that no other set has.
func newSign() string {
	var random [8]byte
	rand.Read(random[:])
	return hex.EncodeToString(random[:])
}

// begin makes and locks the lock file for temporary files with a new sign.
func begin(dir string) (sign string, lock *flock.Flock, err error) {
	for range 100 {
		sign = newSign()
		path := temporary(dir, sign, lockSuffix)
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, fileMode)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", nil, err
		}
		f.Close()
		lock = flock.New(path, flock.SetFlag(os.O_RDWR))
		locked, err := lock.TryLock()
		if err != nil {
			// A file system without locks, or another process has removed the file.
			lock.Close()
			if _, gone := os.Stat(path); gone == nil {
				return sign, lock, nil
			}
			continue
		}
		if locked && same(lock, path) {
			return sign, lock, nil
		}
		lock.Close() // another process took it for one that a killed process left
	}
	return "", nil, errors.New("cannot lock a temporary file")
}

// same reports whether a locked file is still the one at its path.
func same(lock *flock.Flock, path string) bool {
	held, err1 := lock.Stat()
	there, err2 := os.Stat(path)
	return err1 == nil && err2 == nil && os.SameFile(held, there)
}

// RemoveDead removes the temporary files that killed processes have left in a directory. It leaves
// those of processes that still run, and all other files.
func RemoveDead(dir string) {
	entries, _ := os.ReadDir(dir) // an unreadable directory has none
	files := map[string][]string{}
	for _, entry := range entries {
		if m := temporaryName.FindStringSubmatch(entry.Name()); m != nil && m[2] != lockSuffix {
			files[m[1]] = append(files[m[1]], entry.Name())
		} else if m != nil {
			files[m[1]] = append(files[m[1]], "")
		}
	}
	for sign, names := range files {
		path := temporary(dir, sign, lockSuffix)
		lock := flock.New(path, flock.SetFlag(os.O_RDWR))
		locked, err := lock.TryLock()
		if errors.Is(err, fs.ErrNotExist) {
			locked = true // its process was killed while it cleaned up
		}
		if locked {
			for _, name := range names {
				if name != "" {
					os.Remove(filepath.Join(dir, name))
				}
			}
		}
		end(lock, path, locked)
	}
}

// end removes a lock file, if it is the process's own, and gives it up.
func end(lock *flock.Flock, path string, own bool) {
	if runtime.GOOS == "windows" {
		lock.Close() // an open file cannot be removed there
	}
	if own {
		os.Remove(path)
	}
	lock.Close()
}
