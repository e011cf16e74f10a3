package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"budget/internal/disk"
	"budget/internal/finite"
	"budget/internal/parallel"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/plan"
	"budget/sweep/table"
)

// batch is the number of cells whose rows are made in parallel.
const batch = 64

// writeTables writes the tables of all cells, a batch at a time.
func (s *Store) writeTables(ctx context.Context, set *disk.Set, p *plan.Plan,
	workers int, show func(plan.Cell, []sweep.Cap)) error {
	names := append(slices.Clone(tableNames), blocksName)
	files := make([]*disk.File, len(names))
	for i, name := range names {
		var err error
		if files[i], err = set.Create(name); err != nil {
			return err
		}
	}
	caps := table.NewWriter(files[0], files[1], p.CapsColumns())
	incidence := table.NewWriter(files[2], files[3], p.IncidenceColumns())
	return s.eachRow(ctx, p, workers, caps, incidence, files[4], show)
}

// eachRow makes the rows of every cell and session type and writes them in order.
func (s *Store) eachRow(ctx context.Context, p *plan.Plan, workers int,
	caps, incidence *table.Writer, blocks io.Writer, show func(plan.Cell, []sweep.Cap)) error {
	_, err := io.WriteString(blocks, "cell,session,block\n")
	if err := errors.Join(caps.WriteHeader(), incidence.WriteHeader(), err); err != nil {
		return err
	}
	// Make the next batch while one is written.
	type made struct {
		cells []plan.Cell
		rows  [][]finishedRows
		err   error
	}
	batches := make(chan made, 1)
	stop := make(chan struct{})
	wait := parallel.Go(func() {
		defer close(batches)
		for cells := range slices.Chunk(p.Cells(), batch) {
			m := made{cells: cells, rows: make([][]finishedRows, len(cells))}
			errs := make([]error, len(cells))
			parallel.For(workers, len(cells), func(_, i int) {
				if errs[i] = ctx.Err(); errs[i] != nil {
					return
				}
				m.rows[i], errs[i] = s.finished(p, cells[i], caps.Columns, incidence.Columns)
			})
			m.err = errors.Join(errs...)
			select {
			case batches <- m:
			case <-stop:
				return
			}
		}
	})
	err = func() error {
		defer close(stop)
		for m := range batches {
			if m.err != nil {
				return m.err
			}
			for i, sessions := range m.rows {
				for _, f := range sessions {
					show(m.cells[i], f.swept)
					_, err := blocks.Write(f.block)
					if err := errors.Join(caps.Write(f.caps), incidence.Write(f.incidence), err); err != nil {
						return err
					}
				}
			}
		}
		return nil
	}()
	if wait(); err != nil {
		return err
	}
	return errors.Join(caps.Close(), incidence.Close())
}

// finishedRows are the table rows of a cell for a session type.
type finishedRows struct {
	swept           []sweep.Cap
	caps, incidence table.Rows
	block           []byte // line of blocks.csv
}

// finished makes the rows of a cell, for every session type.
func (s *Store) finished(p *plan.Plan, c plan.Cell, caps,
	incidence []table.Column) ([]finishedRows, error) {
	facts, err := p.FactsOf(c)
	if err != nil {
		return nil, err
	}
	var out []finishedRows
	for _, session := range p.Sessions {
		key, err := p.Key(c, session)
		if err != nil {
			return nil, err
		}
		b, err := s.journal.read(key, askedOf(p, session))
		if path, ok := errors.AsType[*os.PathError](err); ok {
			path.Err = fmt.Errorf("%w; run the same command again to compute it anew", path.Err)
		}
		if err != nil {
			return nil, err
		}
		on := caseOf(p, session, facts)
		f := finishedRows{block: blockLine(c, session, key)}
		if f.swept, err = capsOf(p, on, b.Last()); err != nil {
			return nil, fmt.Errorf("cell %d: %w", c.Number, err)
		}
		leading := append(p.LevelValues(c), table.CaseValues(on)...)
		var capRows, incidenceRows []table.Value
		for _, row := range f.swept {
			capRows = append(capRows, table.CapValues(row)...)
		}
		last := *b.Last()
		last.Confidence = p.Confidence
		for _, reading := range p.Readings {
			incidenceRows = table.AppendIncidence(incidenceRows,
				sweep.NewIncidence(on, &last, reading, string(solver.Weights)))
		}
		f.caps, f.incidence = table.MakeRows(caps, leading, capRows),
			table.MakeRows(incidence, leading, incidenceRows)
		out = append(out, f)
	}
	return out, nil
}

// Write writes the plan's text, the tables and their provenance, which has the digests of all
// files but the journal: all of them or none. It calls show with the caps of every cell and session
// type. When ctx ends it returns ctx's error and leaves the files as they were.
func (s *Store) Write(ctx context.Context, p *plan.Plan, text []byte, workers int,
	show func(plan.Cell, []sweep.Cap)) error {
	set, err := disk.Begin(s.dir)
	if err != nil {
		return err
	}
	defer set.Abandon()
	for _, f := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{planName, func(w io.Writer) error { _, err := w.Write(text); return err }},
		{dictionaryName, p.WriteDictionary},
	} {
		file, err := set.Create(f.name)
		if err == nil {
			err = f.write(file)
		}
		if err != nil {
			return err
		}
	}
	if err := s.writeTables(ctx, set, p, workers, show); err != nil {
		return err
	}
	return set.Place(disk.NewSeal(func() ([]byte, error) {
		var head bytes.Buffer
		err := finite.Write(&head, ProvenanceOf(p, s.writers()))
		return head.Bytes(), err
	}))
}

// writers lists the writers of blocks of the store's code: only those are in the tables.
func (s *Store) writers() []Writer {
	return slices.DeleteFunc(s.journal.Writers(), func(w Writer) bool { return !w.sameCode(s.writer) })
}
