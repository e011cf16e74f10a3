package store

import (
	"context"
	"errors"
	"path/filepath"
	"slices"

	"github.com/gofrs/flock"

	"budget/internal/disk"
	"budget/internal/parallel"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/plan"
)

// Files in the directory of a sweep.
const (
	journalName    = "journal"
	lockName       = "lock"
	planName       = "plan.toml"
	provenanceName = disk.SealName
	dictionaryName = "columns.md"
	blocksName     = "blocks.csv"
	partsName      = "parts"
)

// tableNames lists the files of tables.
var tableNames = []string{"caps.csv", "caps.parquet", "incidence.csv", "incidence.parquet"}

// ErrBusy is the error of a store that another process works in.
var ErrBusy = errors.New("another process is working there")

// Store is an open store. No other process can open it at the same time.
type Store struct {
	dir     string
	lock    *flock.Flock
	journal *Journal
	writer  Writer
	// Mended is the damage of the journal that Open has repaired, and Missing found. The lost
	// blocks will be computed again.
	Mended Damage
}

// Open opens the store in a directory and creates both if missing. Blocks that other code than
// that of the writer computed stay in the journal, but are missing.
func Open(dir string, w Writer) (*Store, error) {
	if err := disk.MakeDirectory(dir); err != nil {
		return nil, err
	}
	lock := disk.Lock(filepath.Join(dir, lockName))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, err
	}
	if !locked {
		return nil, ErrBusy
	}
	s := &Store{dir: dir, lock: lock, writer: w}
	if err := s.open(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open() error {
	disk.RemoveDead(s.dir)
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
	if CheckPaths(s.dir) != nil {
		if err := mendPaths(s.dir, s.writer); err != nil {
			return err
		}
	}
	n := len(s.journal.writers)
	if n > 0 && s.journal.writers[n-1] == s.writer {
		return nil
	}
	return s.journal.sign(s.writer)
}

// Close closes the store, so that other processes can open it.
func (s *Store) Close() error {
	var err error
	if s.journal != nil {
		err = s.journal.Close()
	}
	return errors.Join(err, s.lock.Unlock())
}

// Missing lists the units of a plan with missing blocks, and the numbers of blocks that exist
// and that are missing. A block that says what cannot be is missing: its place is in Mended.
func (s *Store) Missing(p *plan.Plan) (units []plan.Unit, there, missing int, err error) {
	all := p.Units()
	if err := s.forget(p, all); err != nil {
		return nil, 0, 0, err
	}
	return missingUnits(p, all, s.journal)
}

// Others counts the blocks that other code computed, by their writer.
func (s *Store) Others() map[Writer]int {
	others := map[Writer]int{}
	for key := range s.journal.places {
		if w := s.journal.by(key); !w.sameCode(s.writer) {
			others[w]++
		}
	}
	return others
}

// forget takes the bad blocks of units out of the journal's index, so that they are computed
// again.
func (s *Store) forget(p *plan.Plan, units []plan.Unit) error {
	bad, err := s.journal.bad(p, units, s.writer)
	for _, b := range bad {
		if b.err != errOther {
			s.Mended.Broken = append(s.Mended.Broken, s.journal.places[b.key].offset)
		}
		delete(s.journal.places, b.key)
	}
	return err
}

// errOther is the error of a block by other code.
var errOther = errors.New("made by other code")

// badBlock is a block whose content is not what its key stands for.
type badBlock struct {
	key sweep.Key
	err error
}

// bad lists the bad blocks of units for a writer, in their order.
func (j *Journal) bad(p *plan.Plan, units []plan.Unit, w Writer) ([]badBlock, error) {
	if j.Len() == 0 {
		return nil, nil
	}
	workers := parallel.Workers(0)
	found, failed := make([][]badBlock, len(units)), make([]error, len(units))
	parallel.For(workers, len(units), func(_, n int) {
		u, of := units[n], askedOf(p, units[n].Session)
		blocks, errs := make([]badBlock, len(u.Cells)), make([]error, len(u.Cells))
		parallel.For(workers, len(u.Cells), func(_, i int) {
			key, err := p.Key(u.Cells[i], u.Session)
			if errs[i] = err; err != nil || !j.Has(key) {
				return
			}
			if blocks[i].key = key; !j.by(key).sameCode(w) {
				blocks[i].err = errOther
				return
			}
			_, blocks[i].err = j.read(key, of)
		})
		for _, b := range blocks {
			if b.err != nil {
				found[n] = append(found[n], b)
			}
		}
		failed[n] = errors.Join(errs...)
	})
	return slices.Concat(found...), errors.Join(failed...)
}

// Done returns the number of blocks of a plan in a directory.
func Done(dir string, p *plan.Plan) (int, error) {
	j, err := ReadJournal(filepath.Join(dir, journalName))
	if err != nil {
		return 0, err
	}
	defer j.Close()
	_, there, _, err := missingUnits(p, p.Units(), j)
	return there, err
}

// missingUnits lists the units with blocks that a journal does not have, and counts the blocks that
// it has and those that it does not.
func missingUnits(p *plan.Plan, units []plan.Unit, j *Journal) (open []plan.Unit,
	there, missing int, err error) {
	for _, u := range units {
		n := 0
		if j.Len() == 0 { // the keys of many cells take a while
			open, missing = append(open, u), missing+len(u.Cells)
			continue
		}
		for _, c := range u.Cells {
			key, err := p.Key(c, u.Session)
			if err != nil {
				return nil, 0, 0, err
			}
			if j.Has(key) {
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

// Fill computes the missing blocks of a plan. Paths that a sweep in the directory has simulated
// before, up to a quarter of a million of a run, are not simulated again.
func (s *Store) Fill(ctx context.Context, p *plan.Plan, units []plan.Unit, control Control) error {
	if len(units) == 0 || p.Paths > solver.MostKept {
		return fill(ctx, p, units, s.journal, nil, control)
	}
	file, err := openPaths(s.dir, s.writer)
	if err != nil {
		return err
	}
	return errors.Join(fill(ctx, p, units, s.journal, file, control), file.close())
}
