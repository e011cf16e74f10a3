package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"budget/internal/disk"
	"budget/sweep/plan"
)

// Shard is one of several parts of a sweep's work: every Of-th unit, from number Index
// on. Cluster engines decide where shards run.
type Shard struct{ Index, Of int }

// Units returns the shard's part of units.
func (s Shard) Units(all []plan.Unit) []plan.Unit {
	var own []plan.Unit
	for i := s.Index; i < len(all); i += s.Of {
		own = append(own, all[i])
	}
	return own
}

func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Index, s.Of) }

// name returns the file name of the shard's part.
func (s Shard) name() string { return fmt.Sprintf("%06d-of-%06d.part", s.Index, s.Of) }

// whole returns an error unless a part is complete and belongs to the plan and
// the shard.
func (s Shard) whole(j *Journal, p *plan.Plan, w Writer) error {
	if len(j.writers) == 0 || !j.writers[len(j.writers)-1].Whole {
		return errors.New("incomplete: its last record is missing")
	}
	last := j.writers[len(j.writers)-1]
	switch {
	case last.Plan != p.Fingerprint():
		return errors.New("foreign: it belongs to another plan")
	case last.Shard != s.Index || last.Of != s.Of:
		return fmt.Errorf("foreign: it belongs to shard %d/%d", last.Shard, last.Of)
	case !last.sameCode(w):
		return fmt.Errorf("foreign: made by other code, of version %s", last.Version)
	case len(j.Damage.Broken) > 0 || j.Damage.Torn > 0:
		return errors.New("damaged")
	}
	bad, err := j.bad(p, s.Units(p.Units()), w)
	if err == nil && len(bad) > 0 {
		return fmt.Errorf("damaged: %w", bad[0].err)
	}
	return err
}

// RunShard computes the blocks of a shard and writes them as a part to a directory. It
// returns false if a complete part already exists. Several attempts at the same shard
// may run at once on different machines: each writes its own file, and the first to
// finish becomes the part. Blocks of an interrupted attempt are used by the next one.
func RunShard(ctx context.Context, dir string, p *plan.Plan, shard Shard, w Writer,
	control Control) (ran bool, err error) {
	parts := filepath.Join(dir, partsName)
	if err := disk.MakeDirectory(parts); err != nil {
		return false, err
	}
	path := filepath.Join(parts, shard.name())
	left := disk.Attempts(parts, shard.name()) // by attempts that were interrupted or are running
	var sources []*Journal
	defer func() {
		for _, j := range sources {
			j.Close()
		}
	}()
	for _, source := range append([]string{path}, left...) {
		j, err := ReadJournal(source)
		if err != nil {
			continue // gone or unreadable: compute its blocks again
		}
		sources = append(sources, j)
		if source == path && shard.whole(j, p, w) == nil {
			return false, nil
		}
	}

	own, err := disk.CreateAttempt(parts, shard.name())
	if err != nil {
		return true, err
	}
	j, err := OpenJournal(own)
	if err != nil {
		return true, err
	}
	defer j.Close()
	w.Plan, w.Shard, w.Of = p.Fingerprint(), shard.Index, shard.Of
	if err := j.sign(w); err != nil {
		return true, err
	}
	units := shard.Units(p.Units())
	if err := adopt(ctx, j, p, units, sources, w); err != nil {
		return true, err
	}
	if err := fill(ctx, p, units, j, nil, control); err != nil {
		return true, err
	}
	w.Whole = true
	if err := errors.Join(j.sign(w), j.sync()); err != nil {
		return true, err
	}
	if err := disk.PlaceAttempt(own, path); err != nil {
		// A faster attempt has removed this one's file.
		if j, failed := ReadJournal(path); failed == nil {
			defer j.Close()
			if shard.whole(j, p, w) == nil {
				return true, nil
			}
		}
		return true, err
	}
	for i, attempt := range left {
		left[i] = filepath.Base(attempt)
	}
	_ = disk.Remove(parts, left...) // an attempt still running there is not needed any more
	return true, nil
}

// adopt copies the blocks of units from journals of the same code, until ctx ends.
func adopt(ctx context.Context, to *Journal, p *plan.Plan, units []plan.Unit, from []*Journal,
	w Writer) error {
	from = slices.DeleteFunc(slices.Clone(from), func(j *Journal) bool {
		return len(j.places) == 0 || slices.ContainsFunc(j.writers,
			func(o Writer) bool { return !o.sameCode(w) })
	})
	if len(from) == 0 {
		return nil
	}
	for _, u := range units {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for _, c := range u.Cells {
			key, err := p.Key(c, u.Session)
			if err != nil {
				return err
			}
			for _, j := range from {
				if to.Has(key) || !j.Has(key) {
					continue
				}
				payload, err := j.Block(key)
				if err == nil {
					_, err = readBlock(payload, askedOf(p, u.Session))
				}
				if err != nil {
					continue // compute it anew
				}
				if err := to.put(keyed{key, payload}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// PartsError lists the missing and bad parts of a sweep.
type PartsError struct {
	Of      int
	Missing []int          // shards
	Bad     map[int]string // why parts are foreign or damaged, by shard
}

func (e *PartsError) Error() string {
	var lines []string
	if n := len(e.Missing); n > 0 {
		lines = append(lines, fmt.Sprintf("%d of %d parts are missing: %s", n, e.Of, ranges(e.Missing)))
	}
	var bad []int
	for i := range e.Bad {
		bad = append(bad, i)
	}
	slices.Sort(bad)
	for _, i := range bad {
		lines = append(lines, fmt.Sprintf("part %d is %s", i, e.Bad[i]))
	}
	return strings.Join(lines, "\n") + "\nrun those shards again, then merge"
}

// ranges formats ascending numbers: "0-3, 7".
func ranges(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		last := i
		for last+1 < len(numbers) && numbers[last+1] == numbers[last]+1 {
			last++
		}
		part := fmt.Sprint(numbers[i])
		if last > i {
			part = fmt.Sprintf("%d-%d", numbers[i], numbers[last])
		}
		parts = append(parts, part)
		i = last + 1
	}
	return strings.Join(parts, ", ")
}

// whyUnread returns why a file cannot be read, without its name.
func whyUnread(err error) string {
	if path, ok := errors.AsType[*os.PathError](err); ok {
		return path.Err.Error()
	}
	return err.Error()
}

// Merge copies the blocks of the parts of all shards into the store. If parts are
// missing, foreign or damaged, the error is a *PartsError and nothing is copied.
// others are the names of other files in the directory of parts. When ctx ends it returns ctx's
// error; blocks that are copied stay, and the next merge goes on.
func (s *Store) Merge(ctx context.Context, p *plan.Plan, shards int) (others []string,
	err error) {
	dir := filepath.Join(s.dir, partsName)
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	expected := map[string]bool{}
	wrong := &PartsError{Of: shards, Bad: map[int]string{}}
	for i := range shards {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		shard := Shard{i, shards}
		expected[shard.name()] = true
		j, err := ReadJournal(filepath.Join(dir, shard.name()))
		switch {
		case errors.Is(err, os.ErrNotExist):
			wrong.Missing = append(wrong.Missing, i)
		case err != nil:
			wrong.Bad[i] = "not readable: " + whyUnread(err)
		default:
			if err := shard.whole(j, p, s.writer); err != nil {
				wrong.Bad[i] = err.Error()
			}
			j.Close()
		}
	}
	for _, entry := range entries {
		if !expected[entry.Name()] && !strings.HasPrefix(entry.Name(), ".") {
			others = append(others, entry.Name())
		}
	}
	if len(wrong.Missing)+len(wrong.Bad) > 0 {
		return others, wrong
	}
	all := p.Units()
	if err := s.forget(p, all); err != nil {
		return others, err
	}
	for i := range shards {
		shard := Shard{i, shards}
		j, err := ReadJournal(filepath.Join(dir, shard.name()))
		if err != nil {
			return others, err
		}
		err = adopt(ctx, s.journal, p, shard.Units(all), []*Journal{j}, s.writer)
		j.Close()
		if err != nil {
			return others, err
		}
	}
	if err := s.journal.sync(); err != nil {
		return others, err
	}
	if _, _, missing, err := missingUnits(p, all, s.journal); err != nil || missing > 0 {
		return others, errors.Join(err,
			fmt.Errorf("no part has %d of the blocks: run the shards again", missing))
	}
	return others, nil
}
