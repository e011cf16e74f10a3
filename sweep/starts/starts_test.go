package starts

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/table"
)

// poolRows makes the cells of one watch and mode, by thermal state, and pools them. A
// cell is written as "own" cap, "own<upper" with an upper end, "-" for too few paths
// and "x" for never.
func poolRows(states ...string) []Cell {
	var cells []Cell
	levels := 0
	for i, state := range states {
		words := strings.Fields(state)
		levels = len(words)
		for j, word := range words {
			c := Cell{Thermal: ThermalStates[i], Level: LevelBin{j, j}, OwnUpper: 9999,
				OwnStatus: sweep.CapMet}
			own, upper, cut := strings.Cut(word, "<")
			if cut {
				c.OwnUpper = secondsOf(upper)
			}
			switch own {
			case "-":
				c.OwnStatus = sweep.CapUnknown
			case "x":
				c.OwnStatus, c.OwnUpper = sweep.CapNever, 0
			default:
				c.Own = secondsOf(own)
			}
			cells = append(cells, c)
		}
	}
	pool(cells, levels)
	return cells
}

func secondsOf(text string) float64 {
	return table.Row{Header: []string{"x"}, Fields: []string{text}}.Number("x")
}

// pooled formats a pooled cell: its cap, basis and source.
func pooled(c Cell) string {
	return strings.TrimSpace(table.Number(c.Cap) + " " + string(c.Basis) + " " + c.From)
}

// TestPoolExactly compares with small tables pooled by hand.
func TestPoolExactly(t *testing.T) {
	for name, test := range map[string]struct {
		states []string
		want   []string
	}{
		"own caps in order stay": {[]string{"10 20 30"}, []string{"10 own", "20 own", "30 own"}},
		"lent by the longest lower level": {[]string{"10 20 - 40 -"},
			[]string{"10 own", "20 own", "20 lent nominal 1-1", "40 own", "40 lent nominal 3-3"}},
		"lent no longer than its own paths allow": {[]string{"20 -<15"},
			[]string{"15 held nominal 1-1", "15 lent nominal 0-0"}},
		"nobody lends upwards": {[]string{"- 20"}, []string{"0 samples", "20 own"}},
		"nor a hotter start": {[]string{"10 -", "- 30"},
			[]string{"10 own", "10 lent nominal 0-0", "0 samples", "10 held nominal 1-1"}},
		"held by a higher level": {[]string{"30 20"},
			[]string{"20 held nominal 1-1", "20 own"}},
		"held by a cooler start": {[]string{"10 20", "15 15"},
			[]string{"10 own", "20 own", "10 held nominal 0-0", "15 own"}},
		"never takes those below and hotter with it": {[]string{"10 x 30", "5 6 7"},
			[]string{"0 tolerance nominal 1-1", "0 tolerance", "30 own", "0 tolerance nominal 1-1",
				"0 tolerance nominal 1-1", "7 own"}},
		"no paths, and none below": {[]string{"- -", "5 5"},
			[]string{"0 samples", "0 samples", "0 samples nominal 1-1", "0 samples nominal 1-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, c := range poolRows(test.states...) {
				got = append(got, pooled(c))
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("%v become\n%q, want\n%q", test.states, got, test.want)
			}
		})
	}
}

// TestPooledTablesAreMonotone: in any table less battery or a hotter state never allows
// more; no cap exceeds the cell's own cap, if it has one, or the length that its paths
// exclude; and every cap is at most the own cap of some cell.
func TestPooledTablesAreMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		levels := rapid.IntRange(1, 6).Draw(t, "levels")
		cells := make([]Cell, levels*len(ThermalStates))
		longest := 0.0
		for i := range cells {
			c := &cells[i]
			c.Thermal, c.Level = ThermalStates[i/levels], LevelBin{i % levels, i % levels}
			c.OwnStatus = rapid.SampledFrom([]sweep.CapStatus{sweep.CapMet, sweep.CapHorizon, sweep.CapNever,
				sweep.CapUnknown}).Draw(t, "status")
			switch c.OwnStatus {
			case sweep.CapNever:
			case sweep.CapUnknown:
				c.OwnUpper = float64(rapid.IntRange(1, 40).Draw(t, "upper"))
			default:
				c.Own = float64(rapid.IntRange(1, 20).Draw(t, "own"))
				c.OwnUpper = c.Own + float64(rapid.IntRange(0, 20).Draw(t, "more"))
			}
			longest = max(longest, c.Own)
		}
		pool(cells, levels)
		for i := range cells {
			c := &cells[i]
			for j := range cells {
				better := &cells[j]
				if j/levels <= i/levels && j%levels >= i%levels && c.Cap > better.Cap {
					t.Fatalf("%s is allowed %v, %s %v", c.Name(), c.Cap, better.Name(), better.Cap)
				}
			}
			switch {
			case c.Own > 0 && c.Cap > c.Own, c.Cap > c.OwnUpper, c.Cap > longest:
				t.Fatalf("%+v is allowed more than is known of it", *c)
			case c.OwnStatus == sweep.CapNever && (c.Cap != 0 || c.Basis != NoTolerance && c.From == ""):
				t.Fatalf("%+v has a cap", *c)
			case (c.Cap == 0) != (c.Basis == NoTolerance || c.Basis == NoSamples):
				t.Fatalf("%+v: basis and cap do not fit", *c)
			case c.Basis == OwnCap && (c.Cap != c.Own || c.From != ""):
				t.Fatalf("%+v is not its own", *c)
			}
			if c.Basis == LentCap {
				valid := false
				for j := i - i%levels; j < i; j++ {
					valid = valid || cells[j].Own >= c.Cap && cells[j].Name() == c.From
				}
				if !valid {
					t.Fatalf("%+v is lent by no lower level of its state", *c)
				}
			}
		}
	})
}

// TestBoughtExactly compares the gain with a table of four cells by hand.
func TestBoughtExactly(t *testing.T) {
	cell := func(share, cap, fails, fixed float64, paths int64) Cell {
		return Cell{Share: estimate.Estimate{Value: share}, Cap: cap, Paths: paths,
			FailsAtCap:   jsonShare{fails, fails / 2, fails * 3}.estimate(),
			FailsAtFixed: jsonShare{fixed, 0, 1}.estimate()}
	}
	table := Table{Tolerance: 0.01,
		Fixed: FixedCap{Cap: 1000, Failure: jsonShare{0.01, 0.009, 0.0101}.estimate()},
		Cells: []Cell{cell(0.1, 0, 0.5, 0.2, 100), cell(0.3, 600, 0.008, 0.03, 200),
			cell(0.5, 2000, 0.002, 0.001, 900), cell(0.1, 500, math.NaN(), math.NaN(), 0)}}
	b := table.Gain()
	near := func(name string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-12*max(1, want) {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	near("average of the table", b.Table, 0.3*600+0.5*2000+0.1*500)
	near("average of the fixed cap", b.Fixed, 1000)
	near("offered", b.Offered, 0.9)
	near("failures", b.TableFails.Value, 0.3*0.008+0.5*0.002+0.1*0.01)
	near("lower bound", b.TableFails.Lower, 0.3*0.004+0.5*0.001)
	near("upper bound, no more than the tolerance", b.TableFails.Upper, 0.3*0.01+0.5*0.006+0.1*0.01)
	near("failures under the fixed cap", b.FixedFails.Value, 0.01)
	if b.Worst != &table.Cells[0] {
		t.Errorf("the worst off are %+v", b.Worst)
	}
}

func TestLevelBinsDoNotStraddleWhatTheSystemLooksAt(t *testing.T) {
	policy := model.Default().Policy
	at := 0
	for _, bin := range startLevels() {
		if bin.From != at || bin.To < bin.From {
			t.Errorf("bin %v does not follow %d", bin, at-1)
		}
		at = bin.To + 1
		for _, level := range []model.Number{policy.LowBattery, policy.VeryLowBattery} {
			if percent := int(math.Round(100 * float64(level))); bin.From <= percent && bin.To > percent {
				t.Errorf("bin %v holds batteries at %d %% and above", bin, percent)
			}
		}
	}
	if at != 101 {
		t.Errorf("the bins end with %d %%", at-1)
	}
}

func someStarts(t *testing.T, change func(*sweep.Request)) *Result {
	t.Helper()
	q := sweep.Request{Sessions: []string{"self-care", "smart-alarm"},
		Readings: []solver.Reading{solver.Cautious}, Tolerances: []float64{0.02, 0.2},
		Confidence: 0.9, Seed: 3, Paths: 256, MaxPaths: 1 << 15, Precision: 60, RelativePrecision: 0.02}
	if change != nil {
		change(&q)
	}
	s, err := Find(context.Background(), model.Default(), q, sweep.Control{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	s.Provenance.DescribeScenario(model.Default())
	s.Provenance.DescribeRequest(model.Default(), q)
	s.Provenance.Paths, s.Provenance.Caps = []sweep.CasePaths{}, s.Family
	return s
}

// same compares by text: NaN is not equal to itself.
func same(t *testing.T, a, b *Result) bool {
	t.Helper()
	text := func(s *Result) string {
		var b bytes.Buffer
		if err := errors.Join(s.WriteCells(&b), s.WriteRest(&b)); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	return text(a) == text(b)
}

// TestStartsHoldTogether: tables fit their request.
func TestStartsHoldTogether(t *testing.T) {
	t.Parallel()
	s := someStarts(t, nil)
	if len(s.Tables) != 4 || s.Family != 4*(3*2*4*9+1) || s.Drawn != 256*256 {
		t.Fatalf("%d tables, a family of %d, %d drawn", len(s.Tables), s.Family, s.Drawn)
	}
	capped := 0
	for _, table := range s.Tables {
		shares := 0.0
		for _, c := range table.Cells {
			shares += c.Share.Value
			if c.Share.Lower > c.Share.Value || c.Share.Upper < c.Share.Value || c.Share.Upper == 0 {
				t.Errorf("%s: a share of %+v", c.Name(), c.Share)
			}
			if c.Cap > 0 {
				capped++
			}
			if c.Basis == OwnCap && !(c.FailsAtCap.Upper <= table.Tolerance &&
				c.FailsAtCap.Value <= c.FailsAtCap.Upper) {
				t.Errorf("%s may fail with %+v at its own cap, tolerance %v",
					c.Name(), c.FailsAtCap, table.Tolerance)
			}
		}
		if math.Abs(shares-1) > 1e-9 {
			t.Errorf("shares of %s sum to %v", table.Session, shares)
		}
	}
	if capped < 20 {
		t.Errorf("%d cells have a cap: the test shows little", capped)
	}
	if !same(t, s, someStarts(t, nil)) {
		t.Error("the same request finds something else")
	}
	if same(t, s, someStarts(t, func(q *sweep.Request) { q.Seed++ })) {
		t.Error("another seed finds the same")
	}
}

// TestCapsOfATimerAreEndsOfCycles: in files, too, which tell cycles that cannot be.
func TestCapsOfATimerAreEndsOfCycles(t *testing.T) {
	t.Parallel()
	s, err := model.Parse("timer", []byte("[timer]\nphases = '3 x (4 min, rest 1 min)'\n"))
	if err != nil {
		t.Fatal(err)
	}
	q := sweep.Request{Sessions: []string{"self-care"}, Readings: []solver.Reading{solver.Cautious},
		Tolerances: []float64{0.1}, Confidence: 0.9, Seed: 3, Paths: 256, MaxPaths: 1 << 15,
		Precision: 60, RelativePrecision: 0.02}
	found, err := Find(t.Context(), s, q, sweep.Control{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	table := &found.Tables[0]
	ends := append([]float64{0}, s.CycleEnds()...)
	met := map[float64]int{}
	for _, c := range table.Cells {
		if !slices.Contains(ends, c.Cap) || !slices.Contains(ends, c.Own) {
			t.Errorf("%s: a cap of %v s, own %v s: cycles end at %v s", c.Name(), c.Cap, c.Own, ends)
		}
		met[c.Cap]++
	}
	if met[0] == 0 || met[ends[3]] == 0 || len(met) < 3 {
		t.Errorf("caps %v: the test shows little", met)
	}
	found.Provenance.DescribeScenario(s)
	found.Provenance.DescribeRequest(s, q)
	found.Provenance.Paths, found.Provenance.Caps = []sweep.CasePaths{}, found.Family
	dir := t.TempDir()
	write := func() {
		for name, write := range map[string]func(io.Writer) error{CSVFile: found.WriteCells,
			JSONFile: found.WriteRest} {
			var b bytes.Buffer
			if err := errors.Join(write(&b), os.WriteFile(filepath.Join(dir, name), b.Bytes(),
				0o644)); err != nil {
				t.Fatal(err)
			}
		}
	}
	write()
	if read, err := Read(dir); err != nil || !same(t, found, read) {
		t.Errorf("what is read is not what was written: %v", err)
	}
	table.Cycles = "600 300"
	write()
	if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), "cycles that end at") {
		t.Errorf("cycles that go back are read: %v", err)
	}
}

func TestStartsAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	s := someStarts(t, func(q *sweep.Request) { q.Sessions = q.Sessions[:1] })
	write := func(dir string) {
		for name, write := range map[string]func(*os.File) error{
			CSVFile: func(f *os.File) error {
				return s.WriteCells(f)
			}, JSONFile: func(f *os.File) error { return s.WriteRest(f) }} {
			f, err := os.Create(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(write(f), f.Close()); err != nil {
				t.Fatal(err)
			}
		}
	}
	dir := t.TempDir()
	write(dir)
	read, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !same(t, s, read) || read.Tables[1].Cells[100].Paths != s.Tables[1].Cells[100].Paths ||
		read.Tables[0].Limit != 600 {
		t.Error("what is read is not what was written")
	}
	data, err := os.ReadFile(filepath.Join(dir, CSVFile))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(lines) != 1+2*216 || !reflect.DeepEqual(lines[0], Header) {
		t.Errorf("%d lines of CSV, %v", len(lines), err)
	}

	change := func(name string, edit func(string) string) string {
		dir := t.TempDir()
		write(dir)
		path := filepath.Join(dir, name)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(edit(string(data))), 0o644); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	for name, test := range map[string]struct{ dir, says string }{
		"a line less": {change(CSVFile, func(s string) string {
			return s[:strings.LastIndex(s[:len(s)-1], "\n")+1]
		}), "does not belong to"},
		"another cap": {change(CSVFile, func(s string) string {
			return strings.Replace(s, ",own,", ",lent,", 1)
		}), "does not belong to"},
		"another kind": {change(JSONFile,
			func(string) string { return "[]" }), "was not written by budget export"},
		"no JSON": {change(JSONFile,
			func(s string) string { return s[:100] }), "was not written by budget export"},
		"later version": {change(JSONFile, func(s string) string {
			return strings.Replace(s, `"schema": 1`, `"schema": 2`, 1)
		}), "has schema 2: this program reads schema 1"},
		"a table less": {change(JSONFile, func(s string) string {
			return strings.Replace(s, `"session": "self-care"`, `"session": "other"`, 1)
		}),
			`cells of "self-care", which is not in`},
	} {
		if _, err := Read(test.dir); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want it to say %q", name, err, test.says)
		}
	}
	if _, err := Read(t.TempDir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty directory: %v", err)
	}
}

func TestStartsEndWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	q := sweep.Request{Sessions: []string{"self-care"}, Readings: []solver.Reading{solver.Cautious},
		Tolerances: []float64{0.02}, Confidence: 0.9, Paths: 256, MaxPaths: 1000}
	if s, err := Find(ctx, model.Default(), q, sweep.Control{Workers: 1}); err != context.Canceled {
		t.Errorf("%v, %v", s, err)
	}
	q.Sessions = []string{"chess"}
	if _, err := Find(context.Background(), model.Default(), q, sweep.Control{Workers: 1}); err ==
		nil || !strings.Contains(err.Error(), `unknown session type "chess"`) {
		t.Errorf("%v", err)
	}
}
