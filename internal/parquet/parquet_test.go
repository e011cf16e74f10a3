package parquet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"
)

// columns has one of each kind.
var columns = []Column{{"session", Text}, {"failure", Real}, {"paths", Whole}}

// write returns a file of rows, and the texts that it is to be read as.
func write(t testing.TB, rows int, texts int) (file []byte, want [][]string) {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b, columns)
	from := rand.New(rand.NewPCG(1, 2))
	for i := range rows {
		text, x := fmt.Sprintf("π \"%d\"", from.IntN(texts)), from.NormFloat64()
		if i%100 < 30 { // runs
			text = ""
		}
		row := []string{text, strconv.FormatFloat(x, 'f', -1, 64), strconv.Itoa(i - 7)}
		if from.IntN(3) == 0 {
			x, row[1] = math.NaN(), ""
		}
		w.Text(0, text)
		w.Real(1, x)
		w.Whole(2, int64(i-7))
		if err := w.EndRow(); err != nil {
			t.Fatal(err)
		}
		want = append(want, row)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), want
}

// read returns the rows of a file.
func read(file []byte) (names []string, rows [][]string, err error) {
	r, err := NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, nil, err
	}
	for {
		more, err := r.Next()
		if errors.Is(err, io.EOF) {
			return r.Names, rows, nil
		}
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, more...)
	}
}

// TestRowsComeBack writes and reads nothing, a page, several pages and several row groups, with
// dictionaries of one text and of many.
func TestRowsComeBack(t *testing.T) {
	t.Parallel()
	for _, of := range []struct{ rows, texts int }{{0, 1}, {1, 1}, {7, 2}, {1000, 1}, {1000, 300},
		{maxPage + 1, 5000}, {maxGroup + 3, 3}} {
		file, want := write(t, of.rows, of.texts)
		names, got, err := read(file)
		if err != nil {
			t.Fatalf("%+v: %v", of, err)
		}
		if !slices.Equal(names, []string{"session", "failure", "paths"}) {
			t.Errorf("the columns are %q", names)
		}
		if !slices.EqualFunc(got, want, slices.Equal[[]string]) {
			t.Errorf("%+v: %d rows come back as %d others", of, len(want), len(got))
		}
		if of.rows > 1000 {
			continue
		}
		if again, _ := write(t, of.rows, of.texts); !bytes.Equal(again, file) {
			t.Errorf("%+v: the same rows are written as other bytes", of)
		}
	}
}

// TestDamagedFiles cuts a file and changes its bytes: there is an error or other text, no panic.
func TestDamagedFiles(t *testing.T) {
	t.Parallel()
	file, _ := write(t, 60, 20)
	for cut := range len(file) {
		if cut%17 != 0 {
			continue
		}
		if _, _, err := read(file[:cut]); err == nil {
			t.Fatalf("a file that is cut after %d of %d bytes is read", cut, len(file))
		}
	}
	for i := range file {
		data := bytes.Clone(file)
		data[i] ^= 0x55
		read(data)
	}
}

// FuzzRead reads what may be a file: there is an error or text, no panic.
func FuzzRead(f *testing.F) {
	for _, rows := range []int{0, 3, 40} {
		file, _ := write(f, rows, 5)
		f.Add(file)
	}
	f.Fuzz(func(_ *testing.T, file []byte) { read(file) })
}

// TestFailingWriter: what the file cannot take is an error.
func TestFailingWriter(t *testing.T) {
	t.Parallel()
	file, _ := write(t, 3, 1)
	for room := range len(file) + 1 {
		w := NewWriter(&full{room}, columns)
		var err error
		for _, text := range []string{"", "", ""} {
			w.Text(0, text)
			w.Real(1, math.NaN())
			w.Whole(2, 1)
			err = errors.Join(err, w.EndRow())
		}
		if err = errors.Join(err, w.Close()); room < 200 && err == nil {
			t.Fatalf("%d bytes are enough", room)
		} else if room == len(file) && err != nil {
			t.Fatal(err)
		}
	}
}

// full takes a number of bytes.
type full struct{ room int }

func (f *full) Write(data []byte) (int, error) {
	if f.room -= len(data); f.room < 0 {
		return 0, errors.New("no space")
	}
	return len(data), nil
}

// TestUnknownCompression names what is not read.
func TestUnknownCompression(t *testing.T) {
	t.Parallel()
	_, err := unpack(4, []byte{1}, 1)
	if want := "it is compressed with BROTLI: write it with Snappy, gzip, Zstandard or without " +
		"compression"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestPackedNumbers packs numbers of every width, with runs and without.
func TestPackedNumbers(t *testing.T) {
	t.Parallel()
	from := rand.New(rand.NewPCG(3, 4))
	for width := range 33 {
		var numbers []uint32
		for len(numbers) < 200 {
			x := uint32(from.Uint64() & (1<<width - 1))
			numbers = append(numbers, slices.Repeat([]uint32{x}, 1+from.IntN(3)*from.IntN(12))...)
		}
		for n := 1; n <= len(numbers); n++ {
			got, err := runs(appendRuns(nil, numbers[:n], width), width, n)
			if err != nil || !slices.Equal(got, numbers[:n]) {
				t.Fatalf("%d numbers of %d bits come back as %v, %v", n, width, got, err)
			}
		}
	}
}

// TestDates writes every third day of five centuries.
func TestDates(t *testing.T) {
	t.Parallel()
	for day := 0; day < 200_000; day += 3 {
		when := time.Date(1500, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, day)
		if got := dateText(when.Unix() / 86400); got != when.Format(time.DateOnly) {
			t.Fatalf("%v is %s", when, got)
		}
	}
}
