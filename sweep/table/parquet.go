package table

import (
	"fmt"
	"io"
	"reflect"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// parquetTable writes rows as Parquet.
type parquetTable struct{ writer *parquet.GenericWriter[any] }

// maxGroup is the largest number of rows of a row group. A group is held in
// memory.
const maxGroup = 1 << 17

func newParquetTable(w io.Writer, columns []Column) *parquetTable {
	// A struct keeps the order of the columns; parquet.Group would sort them.
	var fields []reflect.StructField
	for i, c := range columns {
		f := reflect.StructField{Name: fmt.Sprintf("C%d", i),
			Tag: reflect.StructTag(fmt.Sprintf(`parquet:"%s,optional,snappy"`, c.Name))}
		switch c.Kind {
		case Text:
			f.Type = reflect.TypeFor[string]()
			f.Tag = reflect.StructTag(fmt.Sprintf(`parquet:"%s,dict,snappy"`, c.Name))
		case Real:
			f.Type = reflect.TypeFor[float64]()
		case Whole:
			f.Type = reflect.TypeFor[int64]()
			f.Tag = reflect.StructTag(fmt.Sprintf(`parquet:"%s,delta,snappy"`, c.Name))
		}
		fields = append(fields, f)
	}
	schema := parquet.SchemaOf(reflect.New(reflect.StructOf(fields)).Interface())
	return &parquetTable{parquet.NewGenericWriter[any](w, schema,
		parquet.MaxRowsPerRowGroup(maxGroup))}
}

// parquetRows returns rows that all start with leading; rest holds their other
// values, row after row.
func parquetRows(columns []Column, leading, rest []Value) []parquet.Row {
	width := len(columns) - len(leading)
	rows := make([]parquet.Row, 0, len(rest)/width)
	all := make([]parquet.Value, 0, len(rest)/width*len(columns))
	for row := range slices.Chunk(rest, width) {
		first := len(all)
		for _, part := range [][]Value{leading, row} {
			for i := range part {
				all = append(all, part[i].parquet(len(all)-first))
			}
		}
		rows = append(rows, all[first:len(all):len(all)])
	}
	return rows
}

func (t *parquetTable) add(rows []parquet.Row) error {
	_, err := t.writer.WriteRows(rows)
	return err
}

// parquet returns the value for a column. Only numbers may be missing.
func (v *Value) parquet(column int) parquet.Value {
	switch {
	case v.kind == Text:
		return parquet.ByteArrayValue([]byte(v.text)).Level(0, 0, column)
	case v.kind == Whole:
		return parquet.Int64Value(v.whole).Level(0, 0, column)
	case v.none():
		return parquet.NullValue().Level(0, 0, column)
	}
	return parquet.DoubleValue(v.number).Level(0, 1, column)
}

func (t *parquetTable) close() error { return t.writer.Close() }
