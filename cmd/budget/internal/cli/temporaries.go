package cli

import (
	"os"
	"sync"
)

// temporaries are the files that are not in their places yet. Whoever leaves the
// program early takes them away.
type temporaries struct {
	mu    sync.Mutex
	paths map[string]bool
}

func newTemporaries() *temporaries { return &temporaries{paths: map[string]bool{}} }

// create makes a temporary file beside the place of a name in a directory.
func (t *temporaries) create(dir, name string) (*os.File, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f, err := os.CreateTemp(dir, "."+name+".*")
	if err == nil {
		t.paths[f.Name()] = true
	}
	return f, err
}

// remove takes a file away.
func (t *temporaries) remove(path string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.paths, path)
	return os.Remove(path)
}

// place moves files to their paths. Nobody leaves halfway.
func (t *temporaries) place(files, paths []string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, file := range files {
		if err := os.Rename(file, paths[i]); err != nil {
			return Filef(err, "cannot write %s", paths[i])
		}
		delete(t.paths, file)
	}
	return nil
}

// leave takes all files away and leaves the program; no more are made meanwhile.
func (t *temporaries) leave(exit func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for path := range t.paths {
		os.Remove(path)
	}
	exit()
}
