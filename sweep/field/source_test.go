package field

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"budget/model"
	"budget/sweep/table"
)

// manyRows is a log of several batches, with rows that are left out in the first and the last.
func manyRows(t testing.TB) []string {
	t.Helper()
	few := simulated(t, model.Default(), 50)
	var all []Session
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
	text := strings.Join(Columns(), ",") + "\n" + strings.Join(manyRows(t), "")
	if len(text) < 3*batchSize/2 {
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
		remarks := slices.DeleteFunc(l.Remarks, func(r Remark) bool {
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

// TestEveryRemarkIsListed reads a log with more bad rows than a log keeps.
func TestEveryRemarkIsListed(t *testing.T) {
	t.Parallel()
	const bad = 2*KeptRemarks + 7
	text := plainHeader + "mindfulness,20,20,none,81,80\n" +
		strings.Repeat("mindfulness,20,x,none,81,80\n", bad) + "mindfulness,20,20,none,71,70\n"
	l := readAll(t, plainOptions(), Text("log.csv", []byte(text)))
	if len(l.Remarks) != KeptRemarks+2 || l.Numbers[Malformed] != bad || l.Malformed != bad {
		t.Errorf("%d remarks, %v", len(l.Remarks), l.Numbers)
	}
	var all []Remark
	if err := l.EachRemark(func(r Remark) error { all = append(all, r); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(all) != bad+2 || !reflect.DeepEqual(all[:1000], l.Remarks[:1000]) ||
		all[bad+1].Line != bad+2 {
		t.Errorf("%d remarks are listed, %v, want %v", len(all), all[:3], l.Remarks[:3])
	}
	if want := "levels without a unit are in per cent (2009 rows)"; all[0].Message != want {
		t.Errorf("%s, want %s", all[0].Message, want)
	}
}

// TestParquet reads the same rows from a Parquet file as from text.
func TestParquet(t *testing.T) {
	t.Parallel()
	rows := rowsOf(t, simulated(t, model.Default(), 50))
	rows = append(rows, rows[3])
	var columns []table.Column
	for _, name := range Columns() {
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
	l := readAll(t, plainOptions(), Text("log.parquet", binary.Bytes()))
	if l.Digest != want.Digest || l.Duplicate != 1 || l.Remarks[len(l.Remarks)-1].Error() !=
		"log.parquet:101:1: the same as row 4" {
		t.Errorf("%+v, %v, want %+v", l.RowCounts, l.Remarks, want.RowCounts)
	}
	_, err = Read("log.parquet", binary.Bytes()[:900], model.Default(), plainOptions())
	if err == nil || !strings.HasPrefix(err.Error(), "log.parquet: ") {
		t.Errorf("a file that is cut: %v", err)
	}
}

// TestPhonesArePassedOver reads an export with a session of an iPhone and one of unknown origin.
func TestPhonesArePassedOver(t *testing.T) {
	t.Parallel()
	sit := func(day int, device string) string {
		return fmt.Sprintf(`<Record type="HKCategoryTypeIdentifierMindfulSession" device="%s" `+
			`startDate="2026-03-0%d 07:00:03 +0100" endDate="2026-03-0%d 07:20:04 +0100"/>`+"\n", device,
			day, day)
	}
	phone := "&lt;&lt;HKDevice: 0x1&gt;, name:iPhone, hardware:iPhone14,2, software:18&gt;"
	l := readAll(t, plainOptions(), Text("export.xml", []byte("<HealthData>\n"+sit(1, phone)+
		sit(2, "")+sit(3, phone)+sit(4, strings.ReplaceAll(phone, "iPhone14", "Watch6"))+
		"</HealthData>")))
	if l.Rows != 2 || l.Used() != 2 || !slices.ContainsFunc(l.Remarks, func(r Remark) bool {
		return r.Line == 2 && r.Message ==
			"a session of iPhone14,2, which is no watch: passed over (2 rows)"
	}) {
		t.Errorf("%+v, %v", l.RowCounts, l.Remarks)
	}
}

// TestKeySet puts keys in twice.
func TestKeySet(t *testing.T) {
	t.Parallel()
	var s keySet
	key := func(i uint32) uint64 {
		var h hash64
		h.number(uint64(i))
		return uint64(h)
	}
	const n = 50_000
	for i := uint32(1); i <= n; i++ {
		if x, isNew := s.put(key(i), i, i); !isNew || x.row != i {
			t.Fatalf("%d is %+v", i, x)
		}
	}
	for i := uint32(1); i <= n; i++ {
		if x, isNew := s.put(key(i), 0, n+i); isNew || x.row != i || x.content != i {
			t.Fatalf("again %d is %+v", i, x)
		}
	}
	slots := 0
	for i := range s.parts {
		slots += len(s.parts[i].slots)
	}
	if slots > n*3/2 {
		t.Errorf("%d slots for %d sessions", slots, n)
	}
}
