package sweep

import (
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// Swept is a finished sweep, read from its directory.
type Swept struct {
	Dir        string
	Provenance PlanProvenance
	Columns    []string    // that tell cells apart: the axes, and what is simulated on
	Cells      []SweptCell // by cell, session type and reading, in the order of the tables
	journal    *Journal
}

// SweptCell is a cell of a finished sweep for a session type, under a reading.
type SweptCell struct {
	Values  []string // by Swept.Columns
	Session string
	Reading string
	Rows    []SweptRow // what the table says of its caps, by tolerance
	block   Key
}

// SweptRow is a row of the table of caps, without what tells its cell.
type SweptRow struct {
	Tolerance, Cap, CapUpper            float64 // caps in seconds
	FailureAtCap, Resigned, FailAtLimit float64 // NaN where there is none
	Binding                             string
	Status                              CapStatus
}

// ReadSwept reads what a finished sweep has left in a directory. Close it after use.
func ReadSwept(dir string) (*Swept, error) {
	s := &Swept{Dir: dir}
	text, err := os.ReadFile(filepath.Join(dir, provenanceName))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &s.Provenance); err != nil || s.Provenance.Fingerprint == "" {
		return nil, fmt.Errorf("%s is not the provenance of a finished sweep", filepath.Join(dir, provenanceName))
	}
	blocks := map[[2]string]Key{}
	if err := readCSVFile(filepath.Join(dir, blocksName), func(row csvRow) error {
		key, err := hex.DecodeString(row.field("block"))
		if err != nil || len(key) != len(Key{}) {
			return fmt.Errorf("%q is no key of a block", row.field("block"))
		}
		blocks[[2]string{row.field("cell"), row.field("session")}] = Key(key)
		return nil
	}); err != nil {
		return nil, err
	}
	before := ""
	if err := readCSVFile(filepath.Join(dir, "caps.csv"), func(row csvRow) error {
		if s.Columns == nil {
			s.Columns = slices.DeleteFunc(slices.Clone(row.header[:slices.Index(row.header, "reading")]), func(name string) bool {
				return name == "cell" || name == "session"
			})
		}
		tolerance, err1 := strconv.ParseFloat(row.field("tolerance"), 64)
		duration, err2 := strconv.ParseFloat(row.field("cap_s"), 64)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		if now := fmt.Sprint(row.field("cell"), row.field("session"), row.field("reading")); now != before {
			before = now
			c := SweptCell{Session: row.field("session"), Reading: row.field("reading"),
				block: blocks[[2]string{row.field("cell"), row.field("session")}]}
			for _, name := range s.Columns {
				c.Values = append(c.Values, row.field(name))
			}
			s.Cells = append(s.Cells, c)
		}
		c := &s.Cells[len(s.Cells)-1]
		c.Rows = append(c.Rows, SweptRow{tolerance, duration, row.number("cap_upper_s"), row.number("failure_at_cap"), row.number("resigned_at_cap"),
			row.number("failure_at_limit"), row.field("binding_cause"), CapStatus(row.field("status"))})
		return nil
	}); err != nil {
		return nil, err
	}
	s.journal, err = ReadJournal(filepath.Join(dir, journalName))
	return s, err
}

// Close closes the journal.
func (s *Swept) Close() error { return s.journal.Close() }

// curves returns what the paths say of a cell under its reading, and by which durations
// incidence is told of.
func (s *Swept) curves(c SweptCell) (*curves, error) {
	payload, err := s.journal.Block(c.block)
	if err != nil {
		return nil, err
	}
	b, err := readBlock(payload)
	if err != nil {
		return nil, err
	}
	r := slices.Index(s.Provenance.Readings, c.Reading)
	if r < 0 || r >= len(b.readings) {
		return nil, fmt.Errorf("the block of %s has no reading %q", c.Session, c.Reading)
	}
	caps := map[float64]float64{}
	for _, row := range c.Rows {
		caps[row.Tolerance] = row.Cap
	}
	return &curves{b.durations, b.readings[r], indices(b.durations, s.Provenance.Durations[c.Session]), caps}, nil
}

// csvRow is a line of a table.
type csvRow struct{ header, fields []string }

// field returns the value under a name, "" where the table has no such column.
func (r csvRow) field(name string) string {
	if i := slices.Index(r.header, name); i >= 0 {
		return r.fields[i]
	}
	return ""
}

// number returns the number under a name, NaN where there is none.
func (r csvRow) number(name string) float64 {
	x, err := strconv.ParseFloat(r.field(name), 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

// readCSVFile reads a table line by line.
func readCSVFile(path string, take func(csvRow) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	in := csv.NewReader(f)
	header, err := in.Read()
	for line := 2; err == nil; line++ {
		var fields []string
		if fields, err = in.Read(); err == nil {
			err = take(csvRow{header, fields})
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
