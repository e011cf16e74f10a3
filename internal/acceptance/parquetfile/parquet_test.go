package parquetfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"

	ours "budget/internal/parquet"
)

// readAll reads a file with the package under test.
func readAll(t *testing.T, file []byte) (names []string, rows [][]string) {
	t.Helper()
	r, err := ours.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for {
		more, err := r.Next()
		if errors.Is(err, io.EOF) {
			return r.Names, rows
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, more...)
	}
}

// A row with every kind of value that logs have.
type logRow struct {
	Session string    `parquet:"session,dict"`
	Planned float64   `parquet:"planned_min,optional"`
	Actual  float32   `parquet:"actual_min"`
	Seconds int32     `parquet:"low_s"`
	Start   time.Time `parquet:"start,timestamp(microsecond)"`
	Local   int64     `parquet:"local,timestamp(millisecond:local)"`
	Day     int32     `parquet:"day,date"`
	Clock   int32     `parquet:"clock,time(millisecond)"`
	LPM     bool      `parquet:"lpm"`
	Level   int64     `parquet:"start_level,decimal(2:18)"`
	Device  *string   `parquet:"device,optional"`
	Tags    []string  `parquet:"tags"`
}

// TestTheirRowsAreRead reads two row groups with every kind of value as text.
func TestTheirRowsAreRead(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 29, 19, 0, 3, 250_000_000, time.UTC)
	watch := "Watch6,1"
	var b bytes.Buffer
	w := parquet.NewGenericWriter[logRow](&b)
	for i, row := range []logRow{
		{"mindfulness", 20, 19.5, 7, at, at.UnixMilli(), 20786, 605500, true, 81,
			&watch, []string{"a", "b"}},
		{"workout", 0, 0.1, -7, at.Add(-100 * 366 * 24 * time.Hour), 0, -1, 0, false, -5, nil, nil},
	} {
		if _, err := w.Write([]logRow{row}); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	names, rows := readAll(t, b.Bytes())
	got := append([][]string{names}, rows...)
	want := [][]string{
		{"session", "planned_min", "actual_min", "low_s", "start", "local", "day", "clock", "lpm",
			"start_level", "device", "tags"},
		{"mindfulness", "20", "19.5", "7", "2026-11-29T19:00:03.25Z", "2026-11-29T19:00:03.25",
			"2026-11-29", "605.5 s", "true", "0.81", "Watch6,1", ""},
		{"workout", "", "0.1", "-7", "1926-09-15T19:00:03.25Z", "1970-01-01T00:00:00", "1969-12-31",
			"0 s", "false", "-0.05", "", ""},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

// encoded has a column for every encoding of every type.
type encoded struct {
	Text      string   `parquet:"text,plain"`
	Named     string   `parquet:"named,dict"`
	Long      string   `parquet:"long,delta"`
	Raw       []byte   `parquet:"raw,delta,optional"`
	Number    float64  `parquet:"number,optional"`
	Split     float64  `parquet:"split,split"`
	Short     float32  `parquet:"short,split"`
	Few       float64  `parquet:"few,dict,optional"`
	Count     int64    `parquet:"count,delta"`
	Small     int32    `parquet:"small,delta"`
	Plain     int32    `parquet:"plain"`
	Above     uint32   `parquet:"above"`
	Truth     bool     `parquet:"truth"`
	MaybeTrue *bool    `parquet:"maybe,optional"`
	Fixed     [16]byte `parquet:"fixed"`
}

// row returns a row, and the text that it is to be read as.
func row(i int) (e encoded, texts []string) {
	spread := math.Sin(float64(i)) * math.Pow(10, float64(i%30-15))
	e = encoded{Text: fmt.Sprint("text ", i), Named: fmt.Sprint("name ", i%7),
		Long: fmt.Sprint("a long start ", i/10), Split: spread, Short: float32(spread),
		Count: int64(i*i) * int64(1-2*(i%2)) << (i % 20), Small: int32(i*i*i) * 7919, Plain: int32(-i),
		Above: math.MaxUint32 - uint32(i), Truth: i%3 == 0}
	copy(e.Fixed[:], fmt.Sprintf("%016d", i))
	maybe, number, few := "", "", ""
	if i%5 != 0 {
		truth := i%2 == 0
		e.MaybeTrue, maybe = &truth, strconv.FormatBool(truth)
		e.Raw = []byte(fmt.Sprint("raw ", i/3))
	}
	if e.Number = spread; spread != 0 {
		number = strconv.FormatFloat(spread, 'f', -1, 64)
	}
	if e.Few = float64(i % 3); e.Few != 0 {
		few = fmt.Sprint(e.Few)
	}
	return e, []string{e.Text, e.Named, e.Long, string(e.Raw), number,
		strconv.FormatFloat(e.Split, 'f', -1, 64), strconv.FormatFloat(float64(e.Short), 'f', -1, 32),
		few, fmt.Sprint(e.Count), fmt.Sprint(e.Small), fmt.Sprint(e.Plain), fmt.Sprint(e.Above),
		fmt.Sprint(e.Truth), maybe, string(e.Fixed[:])}
}

// TestEveryEncodingIsRead reads files of other writers: both versions of pages, several of them
// in several row groups, and every compression that the package knows.
func TestEveryEncodingIsRead(t *testing.T) {
	t.Parallel()
	for name, codec := range map[string]compress.Codec{"none": &parquet.Uncompressed,
		"snappy": &parquet.Snappy, "gzip": &parquet.Gzip, "zstd": &parquet.Zstd} {
		for version := 1; version <= 2; version++ {
			t.Run(fmt.Sprint(name, " ", version), func(t *testing.T) {
				t.Parallel()
				var b bytes.Buffer
				w := parquet.NewGenericWriter[encoded](&b, parquet.Compression(codec),
					parquet.DataPageVersion(version), parquet.PageBufferSize(3000),
					parquet.MaxRowsPerRowGroup(1500))
				var want [][]string
				for i := range 4000 {
					e, texts := row(i)
					if _, err := w.Write([]encoded{e}); err != nil {
						t.Fatal(err)
					}
					want = append(want, texts)
				}
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
				names, got := readAll(t, b.Bytes())
				if len(got) != len(want) {
					t.Fatalf("%d rows are read as %d", len(want), len(got))
				}
				for i := range want {
					for k := range want[i] {
						if got[i][k] != want[i][k] {
							t.Fatalf("row %d: %s is %q, want %q", i, names[k], got[i][k], want[i][k])
						}
					}
				}
			})
		}
	}
}

// TestOurRowsAreRead reads what the package writes, in more than one row group.
func TestOurRowsAreRead(t *testing.T) {
	t.Parallel()
	columns := []ours.Column{{Name: "session", Kind: ours.Text}, {Name: "failure", Kind: ours.Real},
		{Name: "paths", Kind: ours.Whole}}
	const rows = 150_000
	text := func(i int) string { return fmt.Sprint("π ", i%1000/100, " ", i%13) }
	number := func(i int) float64 {
		if i%4 == 1 {
			return math.NaN()
		}
		return math.Sin(float64(i))
	}
	var b bytes.Buffer
	w := ours.NewWriter(&b, columns)
	for i := range rows {
		w.Text(0, text(i))
		w.Real(1, number(i))
		w.Whole(2, int64(i-100)<<20)
		if err := w.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	type read struct {
		Session string   `parquet:"session"`
		Failure *float64 `parquet:"failure,optional"`
		Paths   int64    `parquet:"paths"`
	}
	file, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := file.Schema().String(), `message budget {
	required binary session (STRING);
	optional double failure;
	required int64 paths (INT(64,true));
}`; got != want {
		t.Errorf("the schema is %s, want %s", got, want)
	}
	if n := len(file.RowGroups()); n != 2 || file.NumRows() != rows {
		t.Errorf("%d rows in %d groups, want %d in 2", file.NumRows(), n, rows)
	}
	got, err := parquet.Read[read](bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != rows {
		t.Fatalf("%d rows, want %d", len(got), rows)
	}
	for i, r := range got {
		missing := math.IsNaN(number(i))
		if r.Session != text(i) || r.Paths != int64(i-100)<<20 || (r.Failure == nil) != missing ||
			!missing && *r.Failure != number(i) {
			t.Fatalf("row %d is %+v", i, r)
		}
	}
}
