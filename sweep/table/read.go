package table

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"

	"budget/internal/escape"
)

// Row is a line of a table.
type Row struct{ Header, Fields []string }

// Field returns the value of a column, "" if the table has no such column.
func (r Row) Field(name string) string {
	if i := slices.Index(r.Header, name); i >= 0 {
		return r.Fields[i]
	}
	return ""
}

// Number returns the number in a column, NaN if it is missing.
func (r Row) Number(name string) float64 {
	x, err := strconv.ParseFloat(r.Field(name), 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

// ReadFile reads a table line by line.
func ReadFile(path string, take func(Row) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	in := csv.NewReader(f)
	header, err := in.Read()
	for line := 2; err == nil; line++ {
		var fields []string
		if fields, err = in.Read(); err == nil {
			if err = take(Row{header, escape.UncellAll(fields)}); err != nil {
				return fmt.Errorf("%s:%d: %w", path, line, err)
			}
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
