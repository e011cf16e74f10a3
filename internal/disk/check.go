package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"budget/internal/parallel"
)

// Changed is the error of a directory whose files are not those that budget wrote together.
type Changed struct {
	Dir     string
	Files   []string // changed, by name
	Missing []string
	Reason  string // of a directory without a right seal; else ""
}

func (c *Changed) Error() string {
	var parts []string
	if c.Reason != "" {
		parts = append(parts, c.Reason)
	}
	name := func(files []string) string {
		const most = 3
		for i, f := range files {
			files[i] = filepath.Join(c.Dir, filepath.FromSlash(f))
		}
		if len(files) > most {
			return fmt.Sprintf("%s and %d other files", strings.Join(files[:most], ", "),
				len(files)-most)
		}
		return strings.Join(files, ", ")
	}
	if len(c.Files) > 0 {
		parts = append(parts, name(slices.Clone(c.Files))+
			" is not as budget wrote it with the other files there")
	}
	if len(c.Missing) > 0 {
		parts = append(parts, name(slices.Clone(c.Missing))+" is missing")
	}
	return strings.Join(parts, "; ")
}

// spare are the endings of files that may be missing: charts and pages, which nothing reads.
var spare = []string{".svg", ".png", ".pdf", ".html", ".md"}

// Check compares every byte of all files of a directory with its seal, by checksums. needed are
// files that the caller reads: where they are there, the seal must name them. The error is a
// *Changed.
func Check(dir string, needed ...string) error { return checkHeld(dir, needed, false) }

// Verify is Check by the SHA-256, too.
func Verify(dir string) error { return checkHeld(dir, nil, true) }

func checkHeld(dir string, needed []string, full bool) error {
	err := check(dir, needed, full)
	if _, changed := errors.AsType[*Changed](err); !changed {
		return err
	}
	held := lockSeal(dir) // a command may be between two of its files
	defer held.Close()
	return check(dir, needed, full)
}

func check(dir string, needed []string, full bool) error {
	s, err := readSeal(dir)
	wrong := &Changed{Dir: dir}
	path := filepath.Join(dir, SealName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		wrong.Reason = path + " is missing: the command that wrote the other files was stopped halfway, or is of an older version"
		return wrong
	case errors.Is(err, errPlain):
		wrong.Reason = path + " has no digests of the files: an older version of budget wrote it"
		return wrong
	case errors.Is(err, errBroken):
		wrong.Reason = path + " was changed after budget wrote it"
		return wrong
	case err != nil:
		return err
	}
	for _, name := range needed {
		if _, err := os.Lstat(filepath.Join(dir, name)); !s.files[name].known() && err == nil {
			wrong.Files = append(wrong.Files, name)
		}
	}
	files := slices.Sorted(maps.Keys(s.files))
	found, errs := make([]digest, len(files)), make([]error, len(files))
	workers := parallel.Workers(0)
	buffers := make([][]byte, workers)
	parallel.For(workers, len(files), func(worker, i int) {
		if buffers[worker] == nil {
			buffers[worker] = make([]byte, 1<<18)
		}
		found[i], errs[i] = fileDigest(dir, files[i], full, buffers[worker])
	})
	for i, name := range files {
		switch {
		case errors.Is(errs[i], fs.ErrNotExist):
			if !slices.Contains(spare, filepath.Ext(name)) {
				wrong.Missing = append(wrong.Missing, name)
			}
		case errs[i] != nil:
			return errs[i]
		case !found[i].same(s.files[name]):
			wrong.Files = append(wrong.Files, name)
		}
	}
	if len(wrong.Files)+len(wrong.Missing) == 0 {
		return nil
	}
	return wrong
}

// Edited reports whether a file is named by the seal of its directory and was changed since. It is
// for files that people may edit, such as scenarios.
func Edited(path string) bool {
	dir, name := filepath.Split(absolute(path))
	s, err := readSeal(dir)
	if err != nil || !s.files[name].known() {
		return false
	}
	found, err := fileDigest(dir, name, true, make([]byte, 1<<16))
	return err == nil && !found.same(s.files[name])
}
