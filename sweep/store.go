package sweep

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"github.com/gofrs/flock"
	"github.com/parquet-go/parquet-go"
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

// StaleError tells that a store has blocks of another version or catalog.
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
	return fmt.Sprintf("%s has %d blocks of %s: say --stale keep to use them beside new ones, or --stale redo to find all anew",
		e.Dir, e.NumBlocks, what)
}

// ErrBusy tells that another process works on a store.
var ErrBusy = errors.New("another process is at work there")

// Store is an open store, which no other process can open meanwhile.
type Store struct {
	dir     string
	lock    *flock.Flock
	journal *Journal
	writer  Writer
	// Mended tells what was wrong with the journal and has been put right: the blocks
	// concerned will be found again.
	Mended Damage
}

// OpenStore opens the store in a directory, and makes both where there are none.
func OpenStore(dir string, w Writer, stale Stale) (*Store, error) {
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
	removeTemporaries(s.dir, slices.Concat(tableNames, []string{journalName, planName, provenanceName, dictionaryName, blocksName})...)
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
func (s *Store) Missing(p *Plan) (units []Unit, there, missing int, err error) {
	return missingUnits(p, p.Units(), s.journal.Has)
}

// Done returns how many blocks of a plan are in a directory.
func Done(dir string, p *Plan) (int, error) {
	j, err := ReadJournal(filepath.Join(dir, journalName))
	if err != nil {
		return 0, err
	}
	defer j.Close()
	_, there, _, err := missingUnits(p, p.Units(), j.Has)
	return there, err
}

func missingUnits(p *Plan, units []Unit, has func(Key) bool) (open []Unit, there, missing int, err error) {
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
func (s *Store) Fill(ctx context.Context, p *Plan, units []Unit, control FillControl) error {
	return p.fill(ctx, units, s.journal, control)
}

// Write writes the plan's text, its provenance and the tables, each as a whole, and shows
// every row of caps.
func (s *Store) Write(p *Plan, text []byte, workers int, show func(Cell, SweptCap)) error {
	if err := s.replace(planName, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
		return err
	}
	if err := s.replace(dictionaryName, p.dictionary); err != nil {
		return err
	}
	if err := s.replace(blocksName, p.writeBlocks); err != nil {
		return err
	}
	if err := s.writeTables(p, workers, show); err != nil {
		return err
	}
	return s.replace(provenanceName, func(w io.Writer) error { return WriteJSON(w, p.provenance(s.journal.Writers())) })
}

func (s *Store) replace(name string, write func(io.Writer) error) error {
	return replaceFile(filepath.Join(s.dir, name), write)
}

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
	for i, session := range p.Sessions {
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
		r := p.rows(c, session, facts.on, facts.limits[i], b)
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

// inParallel calls do for 0 to n−1 on so many goroutines.
func inParallel(workers, n int, do func(i int)) {
	var all sync.WaitGroup
	next := make(chan int)
	for range max(1, min(workers, n, max(16, runtime.GOMAXPROCS(0)))) {
		all.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	all.Wait()
}

// PlanProvenance says what the tables of a sweep rest on.
type PlanProvenance struct {
	Provenance
	Plan        string        `json:"plan"`
	Fingerprint string        `json:"plan_fingerprint"`
	Sessions    []string      `json:"sessions"`
	Axes        []AxisSummary `json:"axes"`
	Cells       int           `json:"cells"`
	Caps        int           `json:"caps"` // that hold together
	// PathsPerCell stands in place of the paths of cases.
	PathsPerCell int64                `json:"paths"`
	Durations    map[string][]float64 `json:"durations_s"` // that incidence is told of, by session type
	Writers      []Writer             `json:"writers"`     // of the blocks
	Fixed        map[string]any       `json:"fixed"`       // device, environment and start level, where no axis sets them
}

// AxisSummary is an axis of a plan: its levels, and the keys that they set.
type AxisSummary struct {
	Name   string   `json:"name"`
	Keys   []string `json:"keys"`
	Levels []string `json:"levels"`
}

func (p *Plan) provenance(writers []Writer) PlanProvenance {
	w := writers[len(writers)-1]
	out := PlanProvenance{
		Provenance: Provenance{Version: w.Version, Go: w.Go, Kernel: w.Kernel, Seed: p.Seed, Estimator: "weights", Sampling: string(p.Sampling),
			OnResign: "pause", Readings: []string{}, Tolerances: p.Tolerances, Confidence: p.Confidence,
			Precision: fmt.Sprintf("%d paths a cell and session type", p.Paths), Outcome: "done"},
		Plan: p.Name, Fingerprint: p.Fingerprint(), Sessions: p.Sessions, Axes: []AxisSummary{}, Cells: len(p.cells), Caps: p.Family(),
		PathsPerCell: p.Paths, Durations: p.Durations, Writers: writers, Fixed: map[string]any{},
	}
	if p.EndOnResign {
		out.OnResign = "end"
	}
	for _, r := range p.Readings {
		out.Readings = append(out.Readings, string(r))
	}
	out.DescribeScenario(p.Base)
	for _, s := range p.fixed {
		out.Fixed[s.Key] = labelOf(s.Value)
	}
	for _, a := range p.Axes {
		summary := AxisSummary{Name: a.Name, Keys: a.keys()}
		for _, level := range a.Levels {
			summary.Levels = append(summary.Levels, level.Label)
		}
		out.Axes = append(out.Axes, summary)
	}
	return out
}
