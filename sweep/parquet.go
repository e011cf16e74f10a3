package sweep

import (
	"fmt"
	"io"
	"math"
	"reflect"
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
		f := reflect.StructField{Name: fmt.Sprintf("C%d", i), Tag: reflect.StructTag(fmt.Sprintf(`parquet:"%s,optional,zstd"`, c.name))}
		switch c.kind {
		case textColumn:
			f.Type = reflect.TypeFor[string]()
			f.Tag = reflect.StructTag(fmt.Sprintf(`parquet:"%s,dict,zstd"`, c.name))
		case numberColumn:
			f.Type = reflect.TypeFor[float64]()
		case wholeColumn:
			f.Type = reflect.TypeFor[int64]()
			f.Tag = reflect.StructTag(fmt.Sprintf(`parquet:"%s,delta,zstd"`, c.name))
		}
		fields = append(fields, f)
	}
	schema := parquet.SchemaOf(reflect.New(reflect.StructOf(fields)).Interface())
	return &parquetTable{parquet.NewGenericWriter[any](w, schema, parquet.MaxRowsPerRowGroup(maxGroup))}
}

// parquetRows makes rows of the values that all begin with and those that follow.
func parquetRows(columns []tableColumn, leading []any, rest [][]any) []parquet.Row {
	rows := make([]parquet.Row, len(rest))
	values := make([]parquet.Value, 0, len(rest)*len(columns))
	for i, row := range rest {
		first := len(values)
		for _, part := range [][]any{leading, row} {
			for _, v := range part {
				column := len(values) - first
				values = append(values, parquetValue(v, columns[column].kind, column))
			}
		}
		rows[i] = values[first:len(values):len(values)]
	}
	return rows
}

func (t *parquetTable) add(rows []parquet.Row) error {
	_, err := t.writer.WriteRows(rows)
	return err
}

// parquetValue makes a value of a column; numbers alone may be missing.
func parquetValue(v any, kind columnKind, column int) parquet.Value {
	switch v := v.(type) {
	case string:
		return parquet.ByteArrayValue([]byte(v)).Level(0, 0, column)
	case int64:
		return parquet.Int64Value(v).Level(0, 0, column)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return parquet.NullValue().Level(0, 0, column)
		}
		return parquet.DoubleValue(v).Level(0, 1, column)
	}
	panic(fmt.Sprintf("sweep: no value of a table: %T in a column of kind %d", v, kind))
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
