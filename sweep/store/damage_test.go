package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"budget/internal/damage"
	"budget/solver"
	"budget/sweep"
)

// TestDamagedDirectories: whatever the files of a directory say, reading it is an error, or gives
// probabilities and lengths that can be; it never panics.
func TestDamagedDirectories(t *testing.T) {
	caps, swept := smallDirectories(t)
	type change func(*rand.Rand, []byte) []byte
	r := rand.New(rand.NewPCG(7, 8))
	refused, all := 0, 0
	for dir, files := range map[string]map[string]change{
		caps: {capsJSONName: damage.JSON, incidenceName: damage.Table, curvesName: damage.Journal},
		swept: {provenanceName: damage.JSON, "caps.csv": damage.Table, blocksName: damage.Table,
			journalName: damage.Journal},
	} {
		for name, change := range files {
			path := filepath.Join(dir, name)
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for range damagedFiles() / 5 {
				if err := os.WriteFile(path, change(r, whole), 0o600); err != nil {
					t.Fatal(err)
				}
				all++
				bounded(t, path, func() {
					if readAll(t, dir) != nil {
						refused++
					}
				})
			}
			if err := os.WriteFile(path, whole, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := readAll(t, dir); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d of %d refused", refused, all)
	if refused < all/4 {
		t.Errorf("%d of %d damaged directories are refused", refused, all)
	}
}

// smallDirectories makes one of budget caps and one of budget sweep.
func smallDirectories(t testing.TB) (caps, swept string) {
	t.Helper()
	caps, _ = capsDirectory(t, sweep.Request{Sessions: []string{"self-care"},
		Devices: []string{solver.Fleet}, Environments: []string{solver.Mix},
		Readings:   []solver.Reading{solver.Cautious, solver.AsDocumented},
		Tolerances: []float64{0.01, 0.05}, Confidence: 0.95,
		Estimator: solver.Weights, Paths: 256, Curves: true})
	swept = t.TempDir()
	sweepInto(t, swept, parse(t, smallPlan), 2)
	return caps, swept
}

// readAll reads all that a directory has, and fails if it is not what can be.
func readAll(t *testing.T, dir string) error {
	t.Helper()
	results, err := ReadUnchecked(dir)
	if err != nil {
		return err
	}
	defer results.Close()
	for _, cell := range results.Cells {
		for _, c := range cell.Caps {
			if !(c.Cap >= 0 && c.Cap <= c.CapUpper*(1+1e-9)) {
				t.Fatalf("a cap of %v to %v", c.Cap, c.CapUpper)
			}
			isProbability(t, c.FailureAtCap)
		}
		curves, err := cell.Curves()
		if err != nil {
			return err
		}
		for _, reading := range results.Provenance.Readings {
			if _, err := curves.Cap(reading, 0.02, 0.95); err != nil {
				return err
			}
			_, err := curves.Settling(reading, curves.Durations[0], 0.95)
			if err != nil && results.Plan == nil {
				return err
			}
			in, err := cell.Incidence(reading)
			if err != nil && (results.Plan != nil || reading == results.Provenance.IncidenceReading) {
				return err
			}
			for _, p := range in.Failure {
				isProbability(t, p)
			}
		}
	}
	return nil
}

func FuzzJournal(f *testing.F) {
	dir := f.TempDir()
	path := filepath.Join(dir, journalName)
	j, err := OpenJournal(path)
	if err == nil {
		err = j.sign(writer)
	}
	for i := 0; err == nil && i < 3; i++ {
		err = j.put(keyed{keyOf(i), payload(i)})
	}
	if err != nil {
		f.Fatal(err)
	}
	j.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[20:])
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "journal")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := ReadJournal(path)
		if err != nil {
			return
		}
		defer j.Close()
		for key := range j.places {
			if _, err := j.Block(key); err != nil {
				t.Fatalf("a block of the index: %v", err)
			}
		}
	})
}

// fuzzFiles fuzzes some files of a directory: whatever they say, reading all is an error, or gives
// what can be.
func fuzzFiles(f *testing.F, dir string, names ...string) {
	for i, name := range names {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(i, text)
		names[i] = filepath.Join(dir, name)
	}
	f.Fuzz(func(t *testing.T, i int, text []byte) {
		path := names[uint(i)%uint(len(names))]
		whole, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(path, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		bounded(t, path, func() { _ = readAll(t, dir) })
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzCurves(f *testing.F) {
	caps, _ := smallDirectories(f)
	fuzzFiles(f, caps, curvesName)
}

func FuzzTable(f *testing.F) {
	_, swept := smallDirectories(f)
	fuzzFiles(f, swept, "caps.csv", blocksName)
}

func FuzzProvenance(f *testing.F) {
	_, swept := smallDirectories(f)
	fuzzFiles(f, swept, provenanceName)
}

// TestCraftedJournals: journals made so that every byte begins a record of what follows are read in
// a time that grows with their size: what is read of them is counted.
func TestCraftedJournals(t *testing.T) {
	const size = 2 << 20
	fake := func(at, length int) []byte { // a head that claims bytes that are there
		head := make([]byte, recordHead)
		copy(head, magicBytes)
		binary.LittleEndian.PutUint32(head[4:], uint32(min(length, size-at-recordHead)))
		return head
	}
	for name, next := range map[string]func(at int) []byte{
		"heads that claim the rest": func(at int) []byte { return fake(at, size) },
		"heads that claim 1 MB":     func(at int) []byte { return fake(at, 1<<20) },
		"heads that claim nothing":  func(at int) []byte { return fake(at, 0) },
		"magic alone":               func(int) []byte { return magicBytes },
		"whole records between heads": func(at int) []byte {
			return append(fake(at, size), appendRecord(nil, keyOf(at), nil)...)
		},
		"whole records between bytes": func(at int) []byte {
			return append(appendRecord(nil, keyOf(at), nil), 'x')
		},
		"writers": func(at int) []byte {
			return appendRecord(nil, sweep.Key{}, fmt.Appendf(nil, `{"version":"%d"}`, at))
		},
	} {
		data := []byte(journalLine)
		for len(data) < size-2*recordHead-1 {
			data = append(data, next(len(data))...)
		}
		data = append(data, make([]byte, size-len(data))...)
		for _, line := range []string{journalLine, "budget jXurnal 4\n"} {
			copy(data, line)
			path := filepath.Join(t.TempDir(), "journal")
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			file, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			whole := &search{file: file, size: size}
			bounded(t, name, func() {
				var j *Journal
				if j, err = findRecords(whole, path); err == nil {
					j.Writers()
				}
			})
			if err != nil && !errors.Is(err, errNoJournal) {
				t.Errorf("%s: %v", name, err)
			}
			if whole.read+whole.tried > 2*(maxTried+2)*size {
				t.Errorf("%s: %d bytes are read of %d", name, whole.read+whole.tried, size)
			}
		}
	}
}
