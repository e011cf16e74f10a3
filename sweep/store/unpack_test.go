package store

import (
	"context"
	"errors"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/klauspost/compress/s2"

	"budget/internal/damage"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

var long = flag.Bool("long", false, "make a thousand damaged files of every kind")

// damagedFiles is the number of damaged files of a kind.
func damagedFiles() int {
	if *long {
		return 1000
	}
	return 100
}

// bounded runs work on a damaged file and fails if it takes long or much memory. No other test
// may run at the same time.
func bounded(t *testing.T, what string, work func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begun := time.Now()
	work()
	runtime.ReadMemStats(&after)
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("%s: took %v", what, took)
	}
	if made := after.TotalAlloc - before.TotalAlloc; made > 500<<20 {
		t.Errorf("%s: made %d MB", what, made>>20)
	}
}

// sameMeaning reports whether two blocks say the same.
func sameMeaning(a, b *sweep.Block) bool {
	return string(packBlock(a)) == string(packBlock(b))
}

// sweptBlock returns a block of a sweep, packed, and what it must contain.
func sweptBlock(t testing.TB) (payload []byte, of asked) {
	t.Helper()
	p := parse(t, smallPlan)
	tasks, err := p.Compile(p.Units()[0], func(sweep.Key) bool { return false }, 1, solver.Compile)
	if err != nil {
		t.Fatal(err)
	}
	durations := tasks[0].Program.Durations()
	of = asked{readings: p.Readings, swept: true, paths: 512, kept: sweep.At(durations, []int{3, 50})}
	err = solver.Summaries(context.Background(), []*solver.Program{tasks[0].Program},
		solving(p, Control{Workers: 1}), 512, of.kept, func(_ int, s *solver.Estimates) {
			b := &sweep.Block{Looks: solver.Looks{s}}
			if b.States, err = sweep.States(context.Background(), tasks[0].Program, 1, 8, 1); err != nil {
				t.Fatal(err)
			}
			payload = packBlock(b)
		})
	if err != nil {
		t.Fatal(err)
	}
	return payload, of
}

// TestDamagedContent: a block whose content was changed, with a right checksum, is an error or
// says what a block can say, and is read again as it was.
func TestDamagedContent(t *testing.T) {
	payload, of := sweptBlock(t)
	raw, err := s2.Decode(nil, payload)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for i := range damagedFiles() {
		changed := damage.Bytes(r, raw)
		bounded(t, "damaged block", func() {
			b, err := readBlock(s2.Encode(nil, changed), of)
			if err != nil {
				refused++
				if !errors.Is(err, errBlock) {
					t.Fatalf("change %d: %v", i, err)
				}
				return
			}
			usable(t, b, of)
		})
	}
	if refused < damagedFiles()/2 {
		t.Errorf("%d of %d damaged blocks are refused", refused, damagedFiles())
	}
}

// usable fails unless every answer that a block gives is a probability, and it is packed and
// read as it is.
func usable(t *testing.T, b *sweep.Block, of asked) {
	t.Helper()
	again, err := readBlock(packBlock(b), of)
	if err != nil || !sameMeaning(b, again) {
		t.Fatalf("not read as it was: %v", err)
	}
	e := b.Last()
	for _, reading := range of.readings {
		for _, d := range e.Durations {
			isProbability(t, e.Failure(reading, d))
			isProbability(t, e.Completion(reading, d))
		}
		isProbability(t, e.Refused(reading))
	}
	question := solver.Question{Tolerances: []float64{0.01}, Paths: e.Paths}
	if _, err := solver.Caps(e, question); err != nil {
		t.Fatal(err)
	}
}

func isProbability(t *testing.T, p estimate.Estimate) {
	t.Helper()
	for _, x := range []float64{p.Value, p.Lower, p.Upper} {
		if x < -1e-6 || x > 1+1e-6 || math.IsInf(x, 0) {
			t.Fatalf("a probability of %+v", p)
		}
	}
}

// TestDamagedFields: every number of a block, and every length of its lists, is checked: a block
// with an impossible one is refused.
func TestDamagedFields(t *testing.T) {
	payload, of := sweptBlock(t)
	r := rand.New(rand.NewPCG(3, 4))
	for range damagedFiles() {
		b, err := readBlock(payload, of)
		if err != nil {
			t.Fatal(err)
		}
		what := changeField(r, reflect.ValueOf(b.Last()).Elem())
		var changed []byte
		func() {
			defer func() { _ = recover() }() // fields that cannot be written
			changed = packBlock(b)
		}()
		if changed == nil {
			continue
		}
		bounded(t, what, func() {
			if b, err := readBlock(changed, of); err == nil {
				usable(t, b, of)
			}
		})
	}
}

// changeField gives one field below a value an odd value, and returns its path.
func changeField(r *rand.Rand, v reflect.Value) string {
	odd := []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, -1e-300, 1 + 1e-9, 2, 1e300, 0}
	switch v.Kind() {
	case reflect.Float64:
		v.SetFloat(odd[r.IntN(len(odd))])
		return " float"
	case reflect.Int, reflect.Int64:
		v.SetInt([]int64{-1, 0, 1, 99, 1 << 40, math.MaxInt64}[r.IntN(6)])
		return " number"
	case reflect.Bool:
		v.SetBool(!v.Bool())
		return " bool"
	case reflect.Struct:
		i := r.IntN(v.NumField())
		return "." + v.Type().Field(i).Name + changeField(r, v.Field(i))
	case reflect.Array:
		return changeField(r, v.Index(r.IntN(v.Len())))
	case reflect.Slice:
		if v.Len() == 0 {
			return " none"
		}
		if r.IntN(8) == 0 {
			v.Set(v.Slice(0, r.IntN(v.Len())))
			return " shorter"
		}
		i := r.IntN(v.Len())
		copied := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(copied, v)
		v.Set(copied)
		return changeField(r, v.Index(i))
	}
	return " nothing"
}

// TestClaimsBeyondItsSize: a block that claims more than it has is refused at once.
func TestClaimsBeyondItsSize(t *testing.T) {
	head := []byte{0x80, 0x80, 0x40, 0, 0, 0, 0, 0, 0, 0x14, 0x40, 2, 64} // 2^20 durations, 64 looks
	of := asked{readings: []solver.Reading{solver.Cautious, solver.AsDocumented}}
	for _, zeros := range []int{0, 1 << 10, 90 << 20} {
		payload := s2.Encode(nil, append(slices.Clone(head), make([]byte, zeros)...))
		bounded(t, "claims", func() {
			if _, err := readBlock(payload, of); !errors.Is(err, errBlock) {
				t.Errorf("%d bytes: %v", zeros, err)
			}
		})
	}
}

// TestBadBlocksAreMissing: a sweep computes a block with a right checksum and bad content again,
// and the tables are those of an undamaged sweep.
func TestBadBlocksAreMissing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := parse(t, smallPlan)
	sweepInto(t, dir, p, 2)
	want := tables(t, dir)
	u := p.Units()[0]
	key, err := p.Key(u.Cells[0], u.Session)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, journalName)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data = append(data, damage.Record(key[:], s2.Encode(nil, []byte("nothing")))...)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if r := readResults(t, dir); true {
		_, err := r.Cells[0].Curves()
		if _, ok := errors.AsType[*os.PathError](err); !ok {
			t.Errorf("a reader: %v", err)
		}
	}
	s, err := Open(dir, writer)
	if err != nil {
		t.Fatal(err)
	}
	_, there, missing, err := s.Missing(p)
	if err != nil || missing != 1 || len(s.Mended.Broken) != 1 {
		t.Errorf("%d there, %d missing, damaged at %v: %v", there, missing, s.Mended.Broken, err)
	}
	s.Close()
	if n := sweepInto(t, dir, p, 2); n != 1 {
		t.Errorf("%d blocks are found anew", n)
	}
	sameTables(t, "found anew", tables(t, dir), want)

	parts := t.TempDir()
	shard := Shard{0, 1}
	for i := range 2 {
		ran, err := RunShard(context.Background(), parts, p, shard, writer, Control{Workers: 1})
		if err != nil || !ran {
			t.Fatalf("attempt %d: %v, %v", i, ran, err)
		}
		if i == 1 {
			break
		}
		part := filepath.Join(parts, partsName, shard.name())
		data, err := os.ReadFile(part)
		if err != nil {
			t.Fatal(err)
		}
		// The damaged block stands before the last record, which says that the part is whole.
		r := rand.New(rand.NewPCG(5, 6))
		if err := os.WriteFile(part, damage.Journal(r, data), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(parts, writer)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Merge(context.Background(), p, 1); err == nil {
			t.Error("a part with a bad block is merged")
		}
		s.Close()
	}
}

func FuzzBlock(f *testing.F) {
	payload, of := sweptBlock(f)
	raw, err := s2.Decode(nil, payload)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add(raw[:40])
	f.Fuzz(func(t *testing.T, raw []byte) {
		if b, err := readBlock(s2.Encode(nil, raw), of); err == nil {
			usable(t, b, of)
		}
	})
}
