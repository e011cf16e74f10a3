package sweep

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"
)

// parquetTable writes rows as Parquet.
type parquetTable struct{ writer *parquet.GenericWriter[any] }

// maxGroup is the number of rows of a row group, which are in memory at once.
const maxGroup = 1 << 17

func newParquetTable(w io.Writer, columns []tableColumn) *parquetTable {
	// A struct keeps the columns in their order; parquet's own groups sort them.
	var fields []reflect.StructField
	for i, c := range columns {
		f := reflect.StructField{Name: fmt.Sprintf("C%d", i), Tag: reflect.StructTag(fmt.Sprintf(`parquet:"%s,optional,snappy"`, c.name))}
		switch c.kind {
		case textColumn:
			f.Type = reflect.TypeFor[string]()
			f.Tag = reflect.StructTag(fmt.Sprintf(`parquet:"%s,dict,snappy"`, c.name))
		case numberColumn:
			f.Type = reflect.TypeFor[float64]()
		case wholeColumn:
			f.Type = reflect.TypeFor[int64]()
			f.Tag = reflect.StructTag(fmt.Sprintf(`parquet:"%s,delta,snappy"`, c.name))
		}
		fields = append(fields, f)
	}
	schema := parquet.SchemaOf(reflect.New(reflect.StructOf(fields)).Interface())
	return &parquetTable{parquet.NewGenericWriter[any](w, schema, parquet.MaxRowsPerRowGroup(maxGroup))}
}

// parquetRows makes rows of the values that all begin with and those that follow, row
// after row.
func parquetRows(columns []tableColumn, leading, rest []tableValue) []parquet.Row {
	width := len(columns) - len(leading)
	rows := make([]parquet.Row, 0, len(rest)/width)
	all := make([]parquet.Value, 0, len(rest)/width*len(columns))
	for row := range slices.Chunk(rest, width) {
		first := len(all)
		for _, part := range [][]tableValue{leading, row} {
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

// parquet makes a value of a column; numbers alone may be missing.
func (v *tableValue) parquet(column int) parquet.Value {
	switch {
	case v.kind == textColumn:
		return parquet.ByteArrayValue([]byte(v.text)).Level(0, 0, column)
	case v.kind == wholeColumn:
		return parquet.Int64Value(v.whole).Level(0, 0, column)
	case v.none():
		return parquet.NullValue().Level(0, 0, column)
	}
	return parquet.DoubleValue(v.number).Level(0, 1, column)
}

func (t *parquetTable) close() error { return t.writer.Close() }

// dictionary writes what the columns of the tables mean.
func (p *Plan) dictionary(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Columns of the tables of %q\n\n", p.Name)
	b.WriteString("Durations and other quantities are in the unit that ends a column's name; probabilities are parts of 1.\n" +
		"An empty field, null in Parquet, is a number there is none of. caps.csv and caps.parquet hold the same rows,\n" +
		"and so do incidence.csv and incidence.parquet; numbers in CSV have eight significant digits.\n")
	for _, table := range []string{tableCaps, tableIncidence} {
		about := "one row for every cell, session type, reading and tolerance"
		if table == tableIncidence {
			about = "one row for every cell, session type, reading, planned duration and cause"
		}
		fmt.Fprintf(&b, "\n## %s: %s\n\n| column | holds | meaning |\n|---|---|---|\n", table, about)
		for _, c := range p.columns(table) {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", c.name, [...]string{"text", "number", "whole number"}[c.kind], strings.ReplaceAll(c.meaning, "|", "\\|"))
		}
	}
	b.WriteString("\n## blocks.csv\n\nWhich block of the journal holds the curves of a cell (column cell) and session type (session): its key (block).\n")
	_, err := io.WriteString(w, b.String())
	return err
}
