package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/gofrs/flock"

	"budget/sweep"
	"budget/sweep/plan"
)

// A store is the directory of a sweep.
const (
	journalName    = "journal"
	lockName       = "lock"
	planName       = "plan.toml"
	provenanceName = "provenance.json"
	dictionaryName = "columns.md"
	blocksName     = "blocks.csv"
	partsName      = "parts"
)

// tableNames lists the files of tables.
var tableNames = []string{"caps.csv", "caps.parquet", "incidence.csv", "incidence.parquet"}

// Stale says what to do with blocks that another version of the program has found, or
// with another catalog.
type Stale string

// Blocks of another version are refused unless they are kept, or done again.
const (
	StaleRefuse Stale = "refuse"
	StaleKeep   Stale = "keep"
	StaleRedo   Stale = "redo"
)

// StaleError says that a store has blocks of another version or catalog.
type StaleError struct {
	Dir       string
	Old, New  Writer
	NumBlocks int
}

func (e *StaleError) Error() string {
	what := fmt.Sprintf("version %s, and this is %s", e.Old.Version, e.New.Version)
	if e.Old.Version == e.New.Version {
		what = "another catalog of defaults"
	}
	return fmt.Sprintf("%s has %d blocks of %s", e.Dir, e.NumBlocks, what)
}

// ErrBusy says that another process works on a store.
var ErrBusy = errors.New("another process is at work there")

// Store is an open store, which no other process can open meanwhile.
type Store struct {
	dir     string
	lock    *flock.Flock
	journal *Journal
	writer  Writer
	// Mended is what was wrong with the journal and has been put right: the blocks
	// concerned will be found again.
	Mended Damage
}

// Open opens the store in a directory, and makes both where there are none.
func Open(dir string, w Writer, stale Stale) (*Store, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(dir, lockName))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, err
	}
	if !locked {
		return nil, ErrBusy
	}
	s := &Store{dir: dir, lock: lock, writer: w}
	if err := s.open(stale); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open(stale Stale) error {
	removeTemporaries(s.dir, slices.Concat(tableNames, []string{journalName, planName, provenanceName,
		dictionaryName, blocksName})...)
	path := filepath.Join(s.dir, journalName)
	j, err := OpenJournal(path)
	if err != nil {
		return err
	}
	s.journal, s.Mended = j, j.Damage
	if len(j.Damage.Broken) > 0 {
		if err := j.mend(); err != nil {
			return err
		}
		j.Close()
		if s.journal, err = OpenJournal(path); err != nil {
			return err
		}
	}
	if n := len(s.journal.writers); n > 0 {
		last := s.journal.writers[n-1]
		if last.sameModel(s.writer) || s.journal.Len() == 0 {
			return s.sign(last)
		}
		switch stale {
		case StaleKeep:
		case StaleRedo:
			// The tables go first: without the journal nothing would tell whose they are.
			for _, name := range append([]string{provenanceName, blocksName}, tableNames...) {
				if err := os.Remove(filepath.Join(s.dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
					return err
				}
			}
			if err := errors.Join(s.journal.Close(), os.Remove(path)); err != nil {
				return err
			}
			if s.journal, err = OpenJournal(path); err != nil {
				return err
			}
		default:
			return &StaleError{s.dir, last, s.writer, s.journal.Len()}
		}
	}
	return s.journal.sign(s.writer)
}

// sign says who writes from here on, unless that is known.
func (s *Store) sign(last Writer) error {
	if last == s.writer {
		return nil
	}
	return s.journal.sign(s.writer)
}

// Close lets other processes have the store.
func (s *Store) Close() error {
	var err error
	if s.journal != nil {
		err = s.journal.Close()
	}
	return errors.Join(err, s.lock.Unlock())
}

// Missing lists the units of a plan of which a block is missing, with the number of
// blocks that are there and that are not.
func (s *Store) Missing(p *plan.Plan) (units []plan.Unit, there, missing int, err error) {
	return missingUnits(p, p.Units(), s.journal.Has)
}

// Done returns how many blocks of a plan are in a directory.
func Done(dir string, p *plan.Plan) (int, error) {
	j, err := ReadJournal(filepath.Join(dir, journalName))
	if err != nil {
		return 0, err
	}
	defer j.Close()
	_, there, _, err := missingUnits(p, p.Units(), j.Has)
	return there, err
}

func missingUnits(p *plan.Plan, units []plan.Unit, has func(sweep.Key) bool) (open []plan.Unit,
	there, missing int, err error) {
	for _, u := range units {
		n := 0
		for _, c := range u.Cells {
			key, err := p.Key(c, u.Session)
			if err != nil {
				return nil, 0, 0, err
			}
			if has(key) {
				there++
			} else {
				n++
			}
		}
		if missing += n; n > 0 {
			open = append(open, u)
		}
	}
	return open, there, missing, nil
}

// Fill finds the missing blocks of a plan.
func (s *Store) Fill(ctx context.Context, p *plan.Plan, units []plan.Unit, control Control) error {
	return fill(ctx, p, units, s.journal, control)
}
