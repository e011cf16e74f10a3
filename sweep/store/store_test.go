package store

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"

	"budget/internal/parallel"
	"budget/internal/parquet"
	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/plan"
	"budget/sweep/table"
)

// TestMain collects garbage late: of many small sweeps that takes a sixth of the time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

// smallPlan varies rules and plants, for two session types and both readings.
const smallPlan = `
sessions = ["mindfulness", "self-care"]
readings = ["cautious", "documented"]
tolerances = ["1 %", "5 %"]
paths = 512
[[axis]]
key = "start_level"
values = ["10 %", "50 %"]
[[axis]]
name = "rate"
key = "policy.suppress_low"
values = ["0.1 /h", "1 /h", "9 /h"]
`

// parse parses a valid plan.
func parse(t testing.TB, text string) *plan.Plan {
	t.Helper()
	p, err := plan.Parse("plan.toml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return p
}

var writer = Writer{Version: "v1", Code: "c1", Catalog: model.CatalogDigest(), Go: "go",
	Kernel: "portable"}

// sweepInto runs a plan into a directory and returns the number of blocks it
// computed.
func sweepInto(t testing.TB, dir string, p *plan.Plan, workers int) (found int) {
	t.Helper()
	s, err := Open(dir, writer)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	units, _, missing, err := s.Missing(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Fill(context.Background(), p, units, Control{Workers: workers}); err != nil {
		t.Fatal(err)
	}
	err = s.Write(context.Background(), p, []byte("plan"), workers, func(plan.Cell, []sweep.Cap) {})
	if err != nil {
		t.Fatal(err)
	}
	return missing
}

// tables returns the bytes of all result files of a sweep.
func tables(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, name := range append([]string{provenanceName, dictionaryName}, tableNames...) {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = data
	}
	return out
}

func sameTables(t *testing.T, what string, got, want map[string][]byte) {
	t.Helper()
	for name := range want {
		if !bytes.Equal(got[name], want[name]) {
			t.Errorf("%s: other bytes in %s", what, name)
		}
	}
}

// TestSameTables: any number of workers, interruptions and shards give the same bytes;
// a second run has nothing to do.
func TestSameTables(t *testing.T) {
	p := parse(t, smallPlan)
	dir := t.TempDir()
	if n := sweepInto(t, dir, p, 1); n != 12 {
		t.Errorf("found %d blocks", n)
	}
	want := tables(t, dir)
	if n := sweepInto(t, dir, p, 1); n != 0 {
		t.Errorf("found %d blocks again", n)
	}
	sameTables(t, "again", tables(t, dir), want)
	for _, workers := range []int{2, 7} {
		other := t.TempDir()
		sweepInto(t, other, p, workers)
		sameTables(t, fmt.Sprint(workers, " workers"), tables(t, other), want)
	}
	for _, shards := range []int{1, 3} {
		other := filepath.Join(t.TempDir(), "a[b *?")
		for i := range shards {
			if ran, err := RunShard(context.Background(), other, p, Shard{i, shards}, writer,
				Control{Workers: 1}); err != nil || !ran {
				t.Fatalf("shard %d: %v, %v", i, ran, err)
			}
			if ran, err := RunShard(context.Background(), other, p, Shard{i, shards}, writer,
				Control{Workers: 1}); err != nil || ran {
				t.Fatalf("shard %d again: %v, %v", i, ran, err)
			}
		}
		s, err := Open(other, writer)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Merge(context.Background(), p, shards); err != nil {
			t.Fatal(err)
		}
		err = s.Write(context.Background(), p, []byte("plan"), 2, func(plan.Cell, []sweep.Cap) {})
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
		sameTables(t, fmt.Sprint(shards, " shards"), tables(t, other), want)
	}
}

// TestSweptCapsAreCaps: the caps and probabilities of each cell equal those of a separate
// answer to the same question.
func TestSweptCapsAreCaps(t *testing.T) {
	p := parse(t, strings.Replace(smallPlan, "512", "2048", 1))
	dir := t.TempDir()
	sweepInto(t, dir, p, 2)
	rows := readCSV(t, filepath.Join(dir, "caps.csv"))
	incidence := readCSV(t, filepath.Join(dir, "incidence.csv"))
	for _, c := range p.Cells() {
		s, on, err := p.Scenario(c)
		if err != nil {
			t.Fatal(err)
		}
		for _, session := range p.Sessions {
			on.Session = session
			program, err := solver.Compile(s, on)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := program.Answer(context.Background(),
				solver.Settings{Seed: p.Seed, Sampling: p.Sampling, Readings: p.Readings, Workers: 1},
				p.Question())
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range answer.Caps {
				want := found.Duration
				i := slices.IndexFunc(rows, func(row map[string]string) bool {
					return row["cell"] == strconv.Itoa(c.Number) && row["session"] == session &&
						row["reading"] == string(found.Reading) && row["tolerance"] == fmt.Sprint(found.Tolerance)
				})
				if row := rows[i]; parsed(row["cap_s"]) != want || found.Status != estimate.Unknown &&
					row["binding_cause"] != found.Binding.String() {
					t.Errorf("cell %d, %s, %v: %v bound by %v, not %v by %v",
						c.Number, session, found, row["cap_s"], row["binding_cause"], want, found.Binding)
				}
			}
			for _, row := range incidence {
				if row["cell"] != strconv.Itoa(c.Number) || row["session"] != session ||
					row["reading"] != "cautious" {
					continue
				}
				d := parsed(row["duration_s"])
				want := answer.Survival(solver.Cautious, d)
				switch row["cause"] {
				case "survival":
				case "failure":
					want = answer.Failure(solver.Cautious, d)
				case "completed":
					want = answer.Completion(solver.Cautious, d)
				default:
					cause := slices.IndexFunc(model.Ends,
						func(c model.Cause) bool { return c.String() == row["cause"] })
					want = answer.Ended(solver.Cautious, solver.AsUsed, model.Ends[cause], d)
				}
				// Twelve digits in the file, and spreads of float32 in the journal.
				for name, pair := range map[string][2]float64{"probability": {parsed(row["probability"]),
					want.Value},
					"lower": {parsed(row["lower"]), want.Lower}, "upper": {parsed(row["upper"]), want.Upper}} {
					if math.Abs(pair[0]-pair[1]) > 1e-6*pair[1]+1e-9 {
						t.Errorf("cell %d, %s at %s s: %s of %s is %v, not %v", c.Number, session, row["duration_s"],
							name, row["cause"], pair[0], pair[1])
					}
				}
			}
		}
	}
}

func parsed(text string) float64 {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

func readCSV(t *testing.T, path string) []map[string]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// TestParquetAgreesWithCSV: both forms of a table hold the same rows under the same names,
// in the same order, and the dictionary explains every column.
func TestParquetAgreesWithCSV(t *testing.T) {
	p := parse(t, smallPlan+`
[[axis]]
name = "a, \"b\""
[[axis.case]]
name = "with, comma"
[[axis.case]]
name = "with \"quotes\""
set = { "device.se2-40.capacity" = "280 mAh" }
`)
	dir := t.TempDir()
	sweepInto(t, dir, p, 2)
	dictionary, err := os.ReadFile(filepath.Join(dir, dictionaryName))
	if err != nil {
		t.Fatal(err)
	}
	for name, columns := range map[string][]table.Column{"caps": p.CapsColumns(),
		"incidence": p.IncidenceColumns()} {
		rows := readCSV(t, filepath.Join(dir, name+".csv"))
		f, err := os.Open(filepath.Join(dir, name+".parquet"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		file, err := parquet.NewReader(f, info.Size())
		if err != nil {
			t.Fatal(err)
		}
		for i, column := range file.Names {
			if column != columns[i].Name {
				t.Errorf("%s: column %d is %s, not %s", name, i, column, columns[i].Name)
			}
			if !strings.Contains(string(dictionary), "| "+column+" |") {
				t.Errorf("the dictionary does not explain %s", column)
			}
		}
		n := 0
		for {
			read, err := file.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range read {
				for i, got := range row {
					if columns[i].Kind == table.Real && got != "" {
						x, err := strconv.ParseFloat(got, 64)
						if err != nil {
							t.Fatal(err)
						}
						got = strconv.FormatFloat(x, 'g', 12, 64) // the digits of CSV
					}
					if want := rows[n][columns[i].Name]; got != want {
						t.Fatalf("%s, row %d: %s is %q, not %q", name, n, columns[i].Name, got, want)
					}
				}
				n++
			}
		}
		if n != len(rows) {
			t.Errorf("%s: %d rows in Parquet and %d in CSV", name, n, len(rows))
		}
	}
}

// TestChangedPlans: unchanged blocks are not computed again, and the tables equal those
// of a fresh sweep of the changed plan.
func TestChangedPlans(t *testing.T) {
	dir := t.TempDir()
	smallPlan := strings.Replace(smallPlan, "512", "128", 1)
	sweepInto(t, dir, parse(t, smallPlan), 2)
	for text, want := range map[string]int{
		// tolerances are read off what is there
		strings.Replace(smallPlan, `"5 %"`, `"5 %", "10 %"`, 1):    0,
		strings.Replace(smallPlan, `"9 /h"`, `"9 /h", "20 /h"`, 1): 4, // two levels by two session types
		strings.Replace(smallPlan, `"9 /h"`, `"8 /h"`, 1):          4,
		strings.Replace(smallPlan, `"self-care"`, `"audio"`, 1):    6,
		strings.Replace(smallPlan, "128", "150", 1):                12,
	} {
		p := parse(t, text)
		if n := sweepInto(t, dir, p, 2); n != want {
			t.Errorf("found %d blocks, not %d, for%s", n, want, text)
		}
		alone := t.TempDir()
		sweepInto(t, alone, p, 2)
		sameTables(t, text, tables(t, dir), tables(t, alone))
	}
}

// TestOtherCode: a sweep computes again what other code computed, and says how much there is of
// it; its tables and their provenance have its own blocks only. The first code resumes its own.
func TestOtherCode(t *testing.T) {
	dir := t.TempDir()
	p := parse(t, smallPlan)
	sweepInto(t, dir, p, 2)
	want := tables(t, dir)
	for _, newer := range []Writer{{Version: "v1", Code: "c3"}, {Version: "v1"}} {
		q := *p
		q.Code = newer.Code
		s, err := Open(dir, newer)
		if err != nil {
			t.Fatal(err)
		}
		if _, there, missing, err := s.Missing(&q); err != nil || there != 0 || missing != 12 {
			t.Errorf("%+v: %d blocks there, %d missing: %v", newer, there, missing, err)
		}
		if n := s.Others()[writer]; n != 12 {
			t.Errorf("%+v: %d blocks by other code, want 12", newer, n)
		}
		s.Close()
	}
	newer := writer
	newer.Version, newer.Code = "v2", "c2"
	q := *p
	q.Code = newer.Code
	s, err := Open(dir, newer)
	if err != nil {
		t.Fatal(err)
	}
	units, _, _, err := s.Missing(&q)
	if err == nil {
		err = s.Fill(context.Background(), &q, units, Control{Workers: 2})
	}
	if err == nil {
		err = s.Write(context.Background(), &q, []byte("plan"), 2, func(plan.Cell, []sweep.Cap) {})
	}
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	if writers := readResults(t, dir).Plan.Writers; !slices.Equal(writers, []Writer{newer}) {
		t.Errorf("the tables are by %+v", writers)
	}
	if n := sweepInto(t, dir, p, 2); n != 0 {
		t.Errorf("%d of its own blocks are found again", n)
	}
	sameTables(t, "again", tables(t, dir), want)
}

// TestWritersStayWithTheirBlocks: mending a journal keeps writers in order, also where one writes
// again, and each block after its writer. Blocks after a writer that cannot be read are nobody's.
func TestWritersStayWithTheirBlocks(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), journalName)
	j, err := OpenJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	a, b := Writer{Version: "v1", Code: "a"}, Writer{Version: "v1", Code: "b"}
	for i, w := range []Writer{a, b, a} {
		if err := errors.Join(j.sign(w), j.put(keyed{keyOf(i), payload(i)})); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(j.put(keyed{sweep.Key{}, []byte("no writer")}), j.write([]byte("damage")),
		j.put(keyed{keyOf(3), payload(3)}), j.Close()); err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"damaged", "mended"} {
		if j, err = OpenJournal(path); err != nil {
			t.Fatal(err)
		}
		var codes []string
		for i := range 4 {
			codes = append(codes, j.by(keyOf(i)).Code)
		}
		if want := []string{"a", "b", "a", ""}; !slices.Equal(codes, want) || len(j.writers) != 4 {
			t.Errorf("%s: blocks by %q of %d writers, want %q of 4", what, codes, len(j.writers), want)
		}
		if err := errors.Join(j.mend(), j.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTwoProcesses: the second process in a directory gets an error; when the first
// ends, the directory is free.
func TestTwoProcesses(t *testing.T) {
	dir := t.TempDir()
	first, err := Open(dir, writer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, writer); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v", err)
	}
	first.Close()
	second, err := Open(dir, writer)
	if err != nil {
		t.Fatal(err)
	}
	second.Close()
}

// TestInterruptedSweep: an interrupted sweep keeps its finished blocks.
func TestInterruptedSweep(t *testing.T) {
	dir := t.TempDir()
	p := parse(t, smallPlan)
	s, err := Open(dir, writer)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	progress := &Progress{}
	units, _, _, err := s.Missing(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Fill(ctx, p, units[:1], Control{Workers: 1, Progress: progress}); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := s.Fill(ctx, p, units, Control{Workers: 1, Progress: progress}); !errors.Is(err,
		context.Canceled) {
		t.Errorf("got %v", err)
	}
	s.Close()
	if n := progress.Blocks.Load(); n != 3 {
		t.Errorf("%d blocks in the first unit", n)
	}
	if n := sweepInto(t, dir, p, 2); n != 9 {
		t.Errorf("%d blocks were still to find", n)
	}
}

// TestMergeNamesWhatIsWrong: parts that are missing, damaged, or of another plan, shard
// or version are named, and nothing is merged.
func TestMergeNamesWhatIsWrong(t *testing.T) {
	p := parse(t, smallPlan)
	other := parse(t, strings.Replace(smallPlan, "512", "300", 1))
	dir := t.TempDir()
	run := func(p *plan.Plan, s Shard, w Writer) {
		t.Helper()
		if _, err := RunShard(context.Background(), dir, p, s, w, Control{Workers: 1}); err != nil {
			t.Fatal(err)
		}
	}
	part := func(i, of int) string { return filepath.Join(dir, partsName, Shard{i, of}.name()) }
	run(p, Shard{0, 4}, writer)
	run(other, Shard{1, 4}, writer)
	run(p, Shard{3, 4}, writer)
	run(p, Shard{0, 2}, writer)
	data, err := os.ReadFile(part(3, 4))
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(part(3, 4), data, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(dir, writer)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	others, err := s.Merge(context.Background(), p, 4)
	want := "1 of 4 parts are missing: 2\npart 1 is foreign: it belongs to another plan\npart 3 is " +
		"damaged\nrun those shards again, then merge"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if !slices.Equal(others, []string{Shard{0, 2}.name()}) {
		t.Errorf("others are %v", others)
	}
	if s.journal.Len() > 0 {
		t.Errorf("%d blocks were taken", s.journal.Len())
	}
	// Run the shards again: the damaged and the foreign part are replaced.
	for i := range 4 {
		run(p, Shard{i, 4}, writer)
	}
	if err := os.Rename(part(0, 4), part(1, 4)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Merge(context.Background(), p, 4); err == nil ||
		!strings.Contains(err.Error(), "part 1 is foreign: it belongs to shard 0/4") {
		t.Errorf("got %v", err)
	}
	run(p, Shard{0, 4}, writer)
	run(p, Shard{1, 4}, writer)
	if _, err := s.Merge(context.Background(), p, 4); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, partsName, ".*")); len(left) > 0 {
		t.Errorf("attempts are left: %v", left)
	}
}

// TestAttemptsSideBySide: several attempts at the same shard at once give one complete
// part.
func TestAttemptsSideBySide(t *testing.T) {
	p := parse(t, smallPlan)
	dir := t.TempDir()
	errs := make([]error, 4)
	parallel.For(4, 4, func(_, i int) {
		_, errs[i] = RunShard(context.Background(), dir, p, Shard{0, 1}, writer, Control{Workers: 1})
	})
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	s, err := Open(dir, writer)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Merge(context.Background(), p, 1); err != nil {
		t.Error(err)
	}
}

// TestAttemptsAreGoneOnWith: the blocks of an interrupted attempt are not computed
// again.
func TestAttemptsAreGoneOnWith(t *testing.T) {
	p := parse(t, smallPlan)
	dir := t.TempDir()
	parts := filepath.Join(dir, partsName)
	if _, err := RunShard(context.Background(), dir, p, Shard{0, 1}, writer,
		Control{Workers: 1}); err != nil {
		t.Fatal(err)
	}
	// As if it had been killed before its last record.
	path := filepath.Join(parts, Shard{0, 1}.name())
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	attempt := filepath.Join(parts, "."+Shard{0, 1}.name()+".0123456789abcdef")
	if err := errors.Join(os.WriteFile(attempt,
		data[:len(data)*3/4], 0o600), os.Remove(path)); err != nil {
		t.Fatal(err)
	}
	progress := &Progress{}
	if _, err := RunShard(context.Background(), dir, p, Shard{0, 1}, writer,
		Control{Workers: 1, Progress: progress}); err != nil {
		t.Fatal(err)
	}
	if n := progress.Blocks.Load(); n == 0 || n > 8 {
		t.Errorf("%d of 12 blocks were found anew", n)
	}
}

// TestBlocks: a block is read as written, except for rounded spreads, which are never
// narrower; damage is an error, never a panic.
func TestBlocks(t *testing.T) {
	p := parse(t, smallPlan)
	u := p.Units()[0]
	tasks, err := p.Compile(u, func(sweep.Key) bool { return false }, 2, solver.Compile)
	if err != nil {
		t.Fatal(err)
	}
	durations := tasks[0].Program.Durations()
	err = solver.Summaries(context.Background(), []*solver.Program{tasks[0].Program},
		solving(p, Control{Workers: 1}), 512, sweep.At(durations, []int{3, 50}),
		func(_ int, s *solver.Estimates) {
			b := &sweep.Block{Looks: solver.Looks{s}}
			var err error
			if b.States, err = sweep.States(context.Background(), tasks[0].Program, 1, 8, 1); err != nil {
				t.Fatal(err)
			}
			// As if not all paths were followed to the last duration.
			chained := &s.Readings[1].Failure
			chained.Moments[len(durations)-1].Paths--
			chained.Values = make([]float64, len(durations))
			for i := 7; i < len(durations); i++ {
				chained.Values[i] = 0.125
			}
			data := packBlock(b)
			read := func(data []byte) (*sweep.Block, error) {
				return readBlock(data, asked{readings: p.Readings, swept: true, paths: 512,
					kept: sweep.At(durations, []int{3, 50})})
			}
			got, err := read(data)
			if err != nil {
				t.Fatal(err)
			}
			if look := got.Last(); len(got.Looks) != 1 || look.Paths != 512 || look.Share != 1 ||
				!slices.Equal(look.Durations, durations) || len(look.Readings) != 2 {
				t.Fatalf("got %d looks, %d paths, %d readings", len(got.Looks), look.Paths, len(look.Readings))
			}
			if values := got.Looks[0].Readings[1].Failure.Values; len(values) != len(durations) ||
				values[7] != 0.125 || got.Looks[0].Readings[0].Failure.Values != nil {
				t.Error("other estimates")
			}
			if got.States.Paths != 8 || len(got.States.Some) != 5 || got.States.On[3] != b.States.On[3] ||
				got.States.Levels != b.States.Levels || got.States.TOff != b.States.TOff ||
				math.Abs(got.States.Quantiles[solver.WatchedVoltage][2][7]-
					b.States.Quantiles[solver.WatchedVoltage][2][7]) > 1e-6 {
				t.Error("other states")
			}
			for r, reading := range got.Last().Readings {
				want := s.Readings[r]
				if !slices.Equal(reading.Binding, want.Binding) {
					t.Error("other causes bind")
				}
				for i, m := range reading.Failure.Moments {
					w := want.Failure.Moments[i]
					if m.Sum != w.Sum || m.Paths != w.Paths || m.Blocks != w.Blocks || m.Largest != w.Largest ||
						m.Variance < w.Variance || m.Variance > w.Variance*(1+1e-6) {
						t.Fatalf("duration %d: %+v, not %+v", i, m, w)
					}
				}
				ended := reading.Ended[solver.AsUsed]
				if len(ended) != len(model.Ends)+1 || ended[0].Len() != 2 || len(reading.Replicates) != 2 ||
					len(reading.Replicates[0]) != len(want.Replicates[0]) {
					t.Errorf("%d series, %d durations with replicates", len(ended), len(reading.Replicates))
				}
			}
			for i := 0; i < len(data); i += 101 {
				damaged := bytes.Clone(data)
				damaged[i] ^= 0x55
				if b, err := read(damaged); err == nil && len(b.Last().Readings) == 0 {
					t.Errorf("byte %d: taken for nothing", i)
				}
				if _, err := read(data[:i]); err == nil {
					t.Errorf("cut at %d: not refused", i)
				}
			}
		})
	if err != nil {
		t.Fatal(err)
	}
}

// TestDamageUnderway: a block that is damaged while the store is open is reported with
// its place, no table is left half written, and the next run computes the block again.
func TestDamageUnderway(t *testing.T) {
	dir := t.TempDir()
	p := parse(t, smallPlan)
	sweepInto(t, dir, p, 1)
	want := tables(t, dir)
	s, err := Open(dir, writer)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, journalName)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 8
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	err = s.Write(context.Background(), p, []byte("plan"), 2, func(plan.Cell, []sweep.Cap) {})
	s.Close()
	if err == nil || !strings.Contains(err.Error(),
		"of the journal: damaged record; run the same command again to compute it anew") {
		t.Errorf("got %v", err)
	}
	sameTables(t, "damaged", tables(t, dir), want)
	if n := sweepInto(t, dir, p, 1); n != 1 {
		t.Errorf("%d blocks are found anew", n)
	}
	sameTables(t, "found anew", tables(t, dir), want)
}

// TestUnitsShareARun: units of one run of the watch, as plans of thousands of cells have them,
// simulate its paths once and have the same tables.
func TestUnitsShareARun(t *testing.T) {
	t.Parallel()
	p := parse(t, smallPlan)
	whole, dir := t.TempDir(), t.TempDir()
	sweepInto(t, whole, p, 1)
	s, err := Open(dir, writer)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var units []plan.Unit
	for _, u := range p.Units() {
		for part := range slices.Chunk(u.Cells, 1) {
			units = append(units, plan.Unit{Session: u.Session, Cells: part, Run: u.Run})
		}
	}
	runs := Runs(p, units)
	if runs != len(p.Units()) || runs == len(units) {
		t.Errorf("%d runs of %d units", runs, len(units))
	}
	progress := &Progress{}
	if err := s.Fill(context.Background(), p, units, Control{Workers: 2,
		Progress: progress}); err != nil {
		t.Fatal(err)
	}
	if n := progress.Paths.Load(); n != int64(runs)*p.Paths {
		t.Errorf("%d paths of %d runs of %d", n, runs, p.Paths)
	}
	err = s.Write(context.Background(), p, []byte("plan"), 2, func(plan.Cell, []sweep.Cap) {})
	if err != nil {
		t.Fatal(err)
	}
	sameTables(t, "shared", tables(t, dir), tables(t, whole))
}

// TestInterruptedUnit: the blocks of a unit that are finished when it is interrupted stay, and the
// next run computes the others alone, with the same tables.
func TestInterruptedUnit(t *testing.T) {
	t.Parallel()
	p := parse(t, `sessions = ["self-care"]
paths = 256
[[axis]]
key = "policy.suppress_low"
from = "0.1 /h"
to = "10 /h"
count = 120
`)
	whole := t.TempDir()
	sweepInto(t, whole, p, 2)
	for range 20 { // an interrupt may come after the last block
		dir := t.TempDir()
		s, err := Open(dir, writer)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		progress := &Progress{}
		go func() {
			for ; progress.Blocks.Load() == 0; runtime.Gosched() {
			}
			cancel()
		}()
		err = s.Fill(ctx, p, p.Units(), Control{Workers: 2, Progress: progress})
		s.Close()
		kept := int(progress.Blocks.Load())
		if err == nil || kept == len(p.Cells()) {
			continue
		}
		if !errors.Is(err, context.Canceled) || kept == 0 {
			t.Fatalf("%d blocks are kept: %v", kept, err)
		}
		if n := sweepInto(t, dir, p, 2); n != len(p.Cells())-kept {
			t.Errorf("%d blocks are kept and %d computed, of %d", kept, n, len(p.Cells()))
		}
		sameTables(t, "after an interrupt", tables(t, dir), tables(t, whole))
		return
	}
	t.Error("no interrupt came in time")
}
