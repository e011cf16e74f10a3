package sweep

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
)

// csvRow is a line of a table.
type csvRow struct{ header, fields []string }

// field returns the value under a name, "" where the table has no such column.
func (r csvRow) field(name string) string {
	if i := slices.Index(r.header, name); i >= 0 {
		return r.fields[i]
	}
	return ""
}

// number returns the number under a name, NaN where there is none.
func (r csvRow) number(name string) float64 {
	x, err := strconv.ParseFloat(r.field(name), 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

// readCSVFile reads a table line by line.
func readCSVFile(path string, take func(csvRow) error) error {
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
			if err = take(csvRow{header, fields}); err != nil {
				return fmt.Errorf("%s:%d: %w", path, line, err)
			}
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
