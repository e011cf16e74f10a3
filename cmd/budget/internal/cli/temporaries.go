package cli

import (
	"os"
	"sync"
)

// temporaries are the files that are not in their places yet. They are removed when the
// program ends early.
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

// remove removes a file.
func (t *temporaries) remove(path string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.paths, path)
	return os.Remove(path)
}

// place moves files to their paths; the program does not end halfway.
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

// leave removes all files and ends the program; no more are made meanwhile.
func (t *temporaries) leave(exit func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for path := range t.paths {
		os.Remove(path)
	}
	exit()
}
