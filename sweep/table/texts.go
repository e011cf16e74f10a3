package table

import (
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"strconv"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// Texts reads any Parquet file as text, as if it were a table of text: numbers with all digits,
// true and false, time stamps as 2026-03-01T07:00:03Z (without Z if they are not of an instant),
// times such as 600 s, and "" for missing values. Columns with lists or other columns inside are
// empty.
type Texts struct {
	Names  []string // of the columns
	leaves map[int]textColumn
	groups []parquet.RowGroup
	rows   parquet.Rows // of the group that is read; nil before it
	buffer []parquet.Row
}

// textColumn is a column that is read, and its place.
type textColumn struct {
	place int
	kind  parquet.Type
}

// errDamaged is the error of files that the library cannot read.
var errDamaged = errors.New("the Parquet file is damaged")

// OpenTexts starts to read a Parquet file.
func OpenTexts(r io.ReaderAt, size int64) (t *Texts, err error) {
	defer damaged(&err)
	f, err := parquet.OpenFile(r, size, parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, err
	}
	t = &Texts{leaves: map[int]textColumn{}, groups: f.RowGroups(), buffer: make([]parquet.Row, 512)}
	for i, field := range f.Schema().Fields() {
		t.Names = append(t.Names, field.Name())
		if leaf, ok := f.Schema().Lookup(field.Name()); ok && !field.Repeated() {
			t.leaves[leaf.ColumnIndex] = textColumn{i, leaf.Node.Type()}
		}
	}
	return t, nil
}

// damaged makes an error of a panic of the library.
func damaged(err *error) {
	if recover() != nil {
		*err = errDamaged
	}
}

// Next returns the next rows, a few hundred at most. At the end it returns io.EOF.
func (t *Texts) Next() (rows [][]string, err error) {
	defer damaged(&err)
	for {
		if t.rows == nil {
			if len(t.groups) == 0 {
				return nil, io.EOF
			}
			t.rows, t.groups = t.groups[0].Rows(), t.groups[1:]
		}
		n, err := t.rows.ReadRows(t.buffer)
		for _, row := range t.buffer[:n] {
			texts := make([]string, len(t.Names))
			for i := range row {
				if c, ok := t.leaves[row[i].Column()]; ok {
					texts[c.place] = textOf(&row[i], c.kind)
				}
			}
			rows = append(rows, texts)
		}
		if err != nil {
			err = errors.Join(ignoreEnd(err), t.rows.Close())
			t.rows = nil
		}
		if n > 0 || err != nil {
			return rows, err
		}
	}
}

func ignoreEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// textOf writes a value as text.
func textOf(v *parquet.Value, of parquet.Type) string {
	if v.IsNull() {
		return ""
	}
	var logical format.LogicalTypeValue
	if l := of.LogicalType(); l != nil {
		logical = l.Value
	}
	switch v.Kind() {
	case parquet.Boolean:
		return strconv.FormatBool(v.Boolean())
	case parquet.Int32:
		return wholeText(int64(v.Int32()), logical)
	case parquet.Int64:
		return wholeText(v.Int64(), logical)
	case parquet.Int96: // days since the start of the Julian calendar, and ns of the day
		const unix, day = 2440588, 86400_000_000_000
		x := v.Int96()
		return stampText((int64(x[2])-unix)*day+int64(x[1])<<32+int64(x[0]), 1e9, true)
	case parquet.Float:
		return realText(float64(v.Float()), 32)
	case parquet.Double:
		return realText(v.Double(), 64)
	}
	if d, ok := logical.(*format.DecimalType); ok {
		return decimalText(signed(v.ByteArray()), d.Scale)
	}
	return string(v.ByteArray())
}

func realText(x float64, bits int) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'f', -1, bits)
}

// wholeText writes a whole number, which may stand for a time.
func wholeText(n int64, logical format.LogicalTypeValue) string {
	switch l := logical.(type) {
	case *format.DecimalType:
		return decimalText(big.NewInt(n), l.Scale)
	case *format.DateType:
		return dateText(n)
	case *format.TimestampType:
		return stampText(n, int64(1e9/l.Unit.Value.Duration()), l.IsAdjustedToUTC)
	case *format.TimeType:
		return realText(float64(n)*l.Unit.Value.Duration().Seconds(), 64) + " s"
	case *format.IntType:
		if !l.IsSigned {
			return strconv.FormatUint(uint64(n), 10)
		}
	}
	return strconv.FormatInt(n, 10)
}

// stampText writes a time since the start of 1970, in parts of a second.
func stampText(n, parts int64, utc bool) string {
	day := 86400 * parts
	days := n / day
	if n%day < 0 {
		days--
	}
	n -= days * day
	seconds := n / parts
	text := fmt.Sprintf("%sT%02d:%02d:%02d", dateText(days), seconds/3600, seconds/60%60, seconds%60)
	if rest := n % parts; rest > 0 {
		text += strconv.FormatFloat(float64(rest)/float64(parts), 'f', -1, 64)[1:]
	}
	if utc {
		text += "Z"
	}
	return text
}

// dateText writes a number of days since the start of 1970 as a date of the Gregorian calendar,
// with years that begin in March and eras of 400 years.
func dateText(days int64) string {
	const era = 146097 // days
	days += 719468
	eras := days / era
	if days%era < 0 {
		eras--
	}
	of := days - eras*era
	year := (of - of/1460 + of/36524 - of/146096) / 365
	of -= 365*year + year/4 - year/100
	month := (5*of + 2) / 153
	day := of - (153*month+2)/5 + 1
	year += 400 * eras
	if month += 3; month > 12 {
		year, month = year+1, month-12
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
}

// signed returns the number that bytes are in two's complement, the highest first.
func signed(bytes []byte) *big.Int {
	n := new(big.Int).SetBytes(bytes)
	if len(bytes) > 0 && bytes[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(bytes))))
	}
	return n
}

// decimalText writes a number of units of 10^-scale.
func decimalText(n *big.Int, scale int32) string {
	text := new(big.Int).Abs(n).String()
	for int32(len(text)) <= scale {
		text = "0" + text
	}
	if scale > 0 {
		i := len(text) - int(scale)
		text = text[:i] + "." + text[i:]
	}
	if n.Sign() < 0 {
		text = "-" + text
	}
	return text
}
