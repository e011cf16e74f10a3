package sweep

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// batch is the number of cells whose rows are made side by side.
const batch = 64

// writeTables writes the tables of all cells, a batch at a time.
func (s *Store) writeTables(p *Plan, workers int, show func(Cell, SweptCap)) error {
	return s.replace("caps.csv", func(capsCSV io.Writer) error {
		return s.replace("caps.parquet", func(capsParquet io.Writer) error {
			return s.replace("incidence.csv", func(incidenceCSV io.Writer) error {
				return s.replace("incidence.parquet", func(incidenceParquet io.Writer) error {
					caps := newTableWriter(capsCSV, capsParquet, p.columns(tableCaps))
					incidence := newTableWriter(incidenceCSV, incidenceParquet, p.columns(tableIncidence))
					return s.eachRow(p, workers, caps, incidence, show)
				})
			})
		})
	})
}

// eachRow makes the rows of every cell and session type and writes them in order.
func (s *Store) eachRow(p *Plan, workers int, caps, incidence *tableWriter, show func(Cell, SweptCap)) error {
	if err := errors.Join(caps.header(), incidence.header()); err != nil {
		return err
	}
	// While a batch is written, the next one is made.
	type made struct {
		cells []Cell
		rows  [][]finishedRows
		err   error
	}
	batches := make(chan made, 1)
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		defer close(batches)
		for cells := range slices.Chunk(p.cells, batch) {
			m := made{cells, make([][]finishedRows, len(cells)), nil}
			errs := make([]error, len(cells))
			inParallel(workers, len(cells), func(i int) {
				m.rows[i], errs[i] = s.finished(p, cells[i], caps.columns, incidence.columns)
			})
			m.err = errors.Join(errs...)
			select {
			case batches <- m:
			case <-stop:
				return
			}
		}
	}()
	for m := range batches {
		if m.err != nil {
			return m.err
		}
		for i, sessions := range m.rows {
			for _, f := range sessions {
				for _, row := range f.swept {
					show(m.cells[i], row)
				}
				if err := errors.Join(caps.write(f.capsCSV, f.capsParquet), incidence.write(f.incidenceCSV, f.incidenceParquet)); err != nil {
					return err
				}
			}
		}
	}
	return errors.Join(caps.close(), incidence.close())
}

// finishedRows are rows in both forms.
type finishedRows struct {
	swept                         []SweptCap
	capsCSV, incidenceCSV         []byte
	capsParquet, incidenceParquet []parquet.Row
}

// finished makes the rows of a cell, for every session type.
func (s *Store) finished(p *Plan, c Cell, caps, incidence []tableColumn) ([]finishedRows, error) {
	facts, err := p.factsOf(c)
	if err != nil {
		return nil, err
	}
	var out []finishedRows
	for _, session := range p.Sessions {
		key, err := p.Key(c, session)
		if err != nil {
			return nil, err
		}
		payload, err := s.journal.Block(key)
		if err != nil {
			return nil, err
		}
		b, err := readBlock(payload)
		if err != nil {
			return nil, fmt.Errorf("cell %d: %w", c.Number, err)
		}
		r := p.rows(c, session, facts, b)
		out = append(out, finishedRows{r.swept, csvText(r.leading, r.caps, len(caps)), csvText(r.leading, r.incidence, len(incidence)),
			parquetRows(caps, r.leading, r.caps), parquetRows(incidence, r.leading, r.incidence)})
	}
	return out, nil
}

// csvText writes rows of so many values as lines of CSV, after what all begin with.
func csvText(leading, rows []tableValue, columns int) []byte {
	first := appendCSV(nil, leading)
	const usual = 96 // bytes of a line, behind what all begin with
	lines := make([]byte, 0, len(rows)/(columns-len(leading))*(len(first)+usual))
	for row := range slices.Chunk(rows, columns-len(leading)) {
		lines = appendCSV(append(lines, first...), row)
		lines[len(lines)-1] = '\n' // in place of the last comma
	}
	return lines
}

// tableWriter writes a table in both forms.
type tableWriter struct {
	columns []tableColumn
	csv     io.Writer
	parquet *parquetTable
}

func newTableWriter(csv, binary io.Writer, columns []tableColumn) *tableWriter {
	return &tableWriter{columns, csv, newParquetTable(binary, columns)}
}

func (t *tableWriter) header() error {
	var names bytes.Buffer
	for i, c := range t.columns {
		if i > 0 {
			names.WriteByte(',')
		}
		names.WriteString(c.name)
	}
	names.WriteByte('\n')
	_, err := t.csv.Write(names.Bytes())
	return err
}

func (t *tableWriter) write(csv []byte, rows []parquet.Row) error {
	if _, err := t.csv.Write(csv); err != nil {
		return err
	}
	return t.parquet.add(rows)
}

func (t *tableWriter) close() error { return t.parquet.close() }
