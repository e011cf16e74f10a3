package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"

	"github.com/klauspost/compress/s2"

	"budget/internal/disk"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/plan"
)

const (
	pathsName     = "journal.paths" // the file with the paths that a sweep has simulated
	mostPathBytes = 256 << 20       // size from which on it takes no more
)

// pathFile keeps the paths of the watch that a sweep has simulated, so that one with more paths
// in the same directory simulates only those that are not there. It has the form of a journal; a
// key stands for a plant, seed and sampling, the number of steps and that of the first path.
// Nothing but time is lost with it: if it is damaged, or of other code, it begins anew. Goroutines
// may share it.
type pathFile struct {
	mu      sync.Mutex
	journal *Journal
}

// openPaths opens the file of paths in a directory for a writer.
func openPaths(dir string, w Writer) (*pathFile, error) {
	path := filepath.Join(dir, pathsName)
	j, err := OpenJournal(path)
	if err == nil && len(j.Damage.Broken) == 0 && len(j.writers) > 0 && j.writers[0].sameCode(w) {
		return &pathFile{journal: j}, nil
	}
	if err == nil {
		err = j.Close()
	}
	if err == nil || err == errNoJournal {
		err = disk.Remove(dir, pathsName)
	}
	if err == nil {
		j, err = OpenJournal(path)
	}
	if err != nil {
		return nil, err
	}
	if err := j.sign(w); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return &pathFile{journal: j}, nil
}

// mendPaths leaves a file of paths without damage in a directory.
func mendPaths(dir string, w Writer) error {
	file, err := openPaths(dir, w)
	if err != nil {
		return err
	}
	return file.close()
}

// CheckPaths returns an error, a *disk.Changed, if a directory has a damaged file of paths. Results
// do not depend on it, and the next sweep mends it.
func CheckPaths(dir string) error {
	j, err := readUndamaged(dir, pathsName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer j.Close()
	if j.Damage.Torn > 0 || len(j.writers) == 0 {
		return &disk.Changed{Dir: dir, Reason: j.path + " ends amid a record"}
	}
	return nil
}

// keyOfPaths returns the key of the paths of a program from a number on, followed through some
// steps.
func keyOfPaths(program *solver.Program, p *plan.Plan, first int64, steps int) sweep.Key {
	h := sha256.New()
	fmt.Fprintf(h, "paths 1\n%s\n%x\n%s %d %d %d\n", p.Code, program.PlantDigest(), p.Sampling,
		p.Seed, first, steps)
	return sweep.Key(h.Sum(nil))
}

// read returns the paths with a key that follow on others, or nil if there are none that can be
// read.
func (f *pathFile) read(key sweep.Key, kept *solver.Kept) *solver.Kept {
	f.mu.Lock()
	packed, err := f.journal.Block(key)
	f.mu.Unlock()
	if err != nil {
		return nil
	}
	if n, err := s2.DecodedLen(packed); err != nil || n > mostPathBytes {
		return nil
	}
	text, err := s2.Decode(nil, packed)
	if err != nil {
		return nil
	}
	next, err := kept.ReadNext(text)
	if err != nil {
		return nil
	}
	return next
}

// add adds paths, unless the file is full, has them or cannot be written: then they are simulated
// again when they are asked for.
func (f *pathFile) add(key sweep.Key, kept *solver.Kept) {
	payload := s2.EncodeBetter(nil, kept.AppendTo(nil))
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.journal.end+int64(len(payload)) <= mostPathBytes && !f.journal.Has(key) {
		_ = f.journal.put(keyed{key, payload})
	}
}

func (f *pathFile) close() error { return f.journal.Close() }

// paths returns the paths of a program as a plan and settings say, followed through some steps:
// those that the file has, and then those that it simulates and adds to the file. Without a file
// (nil) it simulates all.
func (f *pathFile) paths(ctx context.Context, program *solver.Program, p *plan.Plan,
	s solver.Settings, steps int) (*solver.Kept, error) {
	kept, err := program.KeepNone(s, steps)
	for err == nil && f != nil && kept.Paths() < p.Paths {
		next := f.read(keyOfPaths(program, p, kept.Paths(), steps), kept)
		if next == nil || kept.Paths()+next.Paths() > p.Paths {
			break
		}
		if s.Progress != nil {
			s.Progress.Paths.Add(next.Paths())
		}
		err = kept.Join(next)
	}
	if err != nil || kept.Paths() == p.Paths {
		return kept, err
	}
	first := kept.Paths()
	next, err := kept.Next(ctx, p.Paths)
	if err != nil {
		return nil, err
	}
	if f != nil {
		f.add(keyOfPaths(program, p, first, steps), next)
	}
	return kept, kept.Join(next)
}
