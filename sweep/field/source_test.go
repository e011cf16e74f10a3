package field

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"budget/model"
	"budget/sweep/sessionlog"
	"budget/sweep/table"
)

// manyRows is a log of several batches, with rows that are left out in the first and the last.
func manyRows(t testing.TB) []string {
	t.Helper()
	few := simulated(t, model.Default(), 50)
	var all []sessionlog.Session
	for range 100 {
		all = append(all, few...)
	}
	rows := rowsOf(t, all)
	return slices.Concat([]string{rows[0], "mindfulness,20,x,none,0.5,0.4,,,,,,,a\n"}, rows[1:],
		[]string{rows[0], rows[9000], strings.Replace(rows[1], "mindfulness,", "mindfulness,1", 1),
			"mindfulness,\"20\",20,none,0.5,0.4,,,,,,,b\n", "mindfulness,20,20,none,81,0.4,,,,,,,c\n"})
}

// TestWorkersDoNotMatter reads a log with one goroutine and with several, as UTF-16, packed, and
// through a reader of bytes: everything is the same.
func TestWorkersDoNotMatter(t *testing.T) {
	t.Parallel()
	text := strings.Join(sessionlog.Columns(), ",") + "\n" + strings.Join(manyRows(t), "")
	const batch = 1 << 18 // bytes that are read at a time
	if len(text) < 3*batch/2 {
		t.Fatal("the log is one batch")
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	io.WriteString(z, text)
	z.Close()
	wide := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(text)) {
		wide = append(wide, byte(u>>8), byte(u))
	}
	says := func(data []byte, workers int) string {
		o := plainOptions()
		o.Workers = workers
		l, err := Read("log.csv", data, model.Default(), o)
		if err != nil {
			t.Fatal(err)
		}
		if l.Duplicate != 2 || l.Contradictory != 2 || l.Malformed != 1 {
			t.Fatalf("%+v, %v", l.RowCounts, l.Remarks)
		}
		remarks := slices.DeleteFunc(l.Remarks, func(r sessionlog.Remark) bool {
			return r.Message == "the file is in UTF-16"
		})
		return fmt.Sprint(l.Digest, remarks)
	}
	want := says([]byte(text), 1)
	for name, got := range map[string]string{"two workers": says([]byte(text), 2),
		"seven workers": says([]byte(text), 7), "gzip": says(packed.Bytes(), 2),
		"UTF-16": says(wide, 2)} {
		if got != want {
			t.Errorf("%s: got\n%.2000s\nwant\n%.2000s", name, got, want)
		}
	}
	if _, err := Read("log.csv.gz", packed.Bytes()[:packed.Len()/2], model.Default(),
		plainOptions()); err == nil || !strings.Contains(err.Error(), "log.csv.gz: unexpected EOF") {
		t.Errorf("a packed log that is cut: %v", err)
	}
}

// TestParquet reads the same rows from a Parquet file as from text.
func TestParquet(t *testing.T) {
	t.Parallel()
	rows := rowsOf(t, simulated(t, model.Default(), 50))
	rows = append(rows, rows[3])
	var columns []table.Column
	for _, name := range sessionlog.Columns() {
		kind := table.Text
		if strings.HasSuffix(name, "_min") || strings.HasSuffix(name, "_level") {
			kind = table.Real
		}
		columns = append(columns, table.Column{Name: name, Kind: kind})
	}
	fields, err := csv.NewReader(strings.NewReader(strings.Join(rows, ""))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var values []table.Value
	for _, row := range fields {
		for i, text := range row {
			v := table.TextValue(text)
			if columns[i].Kind == table.Real {
				x, err := strconv.ParseFloat(text, 64)
				if err != nil {
					x = math.NaN()
				}
				v = table.RealValue(x)
			}
			values = append(values, v)
		}
	}
	var binary bytes.Buffer
	w := table.NewWriter(io.Discard, &binary, columns)
	if err := w.Write(table.MakeRows(columns, nil, values)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	want := readAll(t, plainOptions(), sourceOf("log.csv", rows))
	l := readAll(t, plainOptions(), sessionlog.Text("log.parquet", binary.Bytes()))
	if l.Digest != want.Digest || l.Duplicate != 1 || l.Remarks[len(l.Remarks)-1].Error() !=
		"log.parquet:101:1: the same as row 4" {
		t.Errorf("%+v, %v, want %+v", l.RowCounts, l.Remarks, want.RowCounts)
	}
	_, err = Read("log.parquet", binary.Bytes()[:900], model.Default(), plainOptions())
	if err == nil || !strings.HasPrefix(err.Error(), "log.parquet: ") {
		t.Errorf("a file that is cut: %v", err)
	}
}
