package table

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
)

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

// TestTexts reads two row groups as text.
func TestTexts(t *testing.T) {
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
	x, err := OpenTexts(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	got := [][]string{x.Names}
	for {
		rows, err := x.Next()
		got = append(got, rows...)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
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
	for day := range 200_000 {
		when := time.Date(1500, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, day)
		if got := dateText(when.Unix() / 86400); got != when.Format(time.DateOnly) {
			t.Fatalf("%v is %s", when, got)
		}
	}
}

// TestDamagedTexts cuts a file and changes its bytes: there is an error or other text, no panic.
func TestDamagedTexts(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[logRow](&b)
	if _, err := w.Write(make([]logRow, 100)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	read := func(data []byte) error {
		x, err := OpenTexts(bytes.NewReader(data), int64(len(data)))
		for err == nil {
			_, err = x.Next()
		}
		return err
	}
	if err := read(b.Bytes()[:b.Len()-9]); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("a file that is cut: %v", err)
	}
	for i := 4; i < b.Len(); i += 7 {
		data := bytes.Clone(b.Bytes())
		data[i] ^= 0x55
		read(data)
	}
}
