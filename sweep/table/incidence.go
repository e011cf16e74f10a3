package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"budget/internal/escape"
	"budget/model"
	"budget/solver/estimate"
	"budget/sweep"
)

// ReadIncidence reads the curves of a case from the table that budget caps writes.
// The table may have a million lines; only those of the case are parsed.
func ReadIncidence(path string, c sweep.Case) (sweep.Incidence, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return sweep.Incidence{}, err
	}
	fail := func(err error) (sweep.Incidence, error) {
		return sweep.Incidence{}, fmt.Errorf("%s: %w", path, err)
	}
	header, rest, _ := bytes.Cut(text, []byte{'\n'})
	names := strings.Split(string(bytes.TrimRight(header, "\r")), ",")
	var at [len(incidenceRead)]int
	for i, name := range incidenceRead {
		if at[i] = slices.Index(names, name); at[i] < 0 {
			return fail(errors.New("it is not an incidence table of budget"))
		}
	}
	prefix := []byte(c.Session + "," + c.Device + "," + c.Environment + ",")
	from := 0
	for from < len(rest) && !bytes.HasPrefix(rest[from:], prefix) {
		from += lineLength(rest[from:])
	}
	to := from
	for to < len(rest) && bytes.HasPrefix(rest[to:], prefix) {
		to += lineLength(rest[to:])
	}
	in := sweep.Incidence{Case: c, Ended: make([][]estimate.Estimate, len(model.Ends))}
	lines := csv.NewReader(bytes.NewReader(rest[from:to]))
	lines.FieldsPerRecord, lines.ReuseRecord = len(names), true
	for {
		fields, err := lines.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = addRow(&in, at, escape.UncellAll(fields))
		}
		if err != nil {
			return fail(err)
		}
	}
	n := len(in.Durations)
	if n == 0 {
		return fail(fmt.Errorf("it has no rows for %s on %s, %s", c.Session, c.Device, c.Environment))
	}
	if err := in.Check(); err != nil {
		return fail(fmt.Errorf("%s: %w", c.Session, err))
	}
	return in, nil
}

// incidenceRead are the columns that are read; older tables have only these.
var incidenceRead = [...]string{"duration_s", "probability", "standard_error", "lower", "upper",
	"cause", "estimator", "paths"}

// addRow adds a row of the table. Rows of a duration are adjacent. at holds the indices
// of the columns incidenceRead.
func addRow(in *sweep.Incidence, at [len(incidenceRead)]int, fields []string) error {
	var numbers [5]float64
	for i := range numbers {
		text := fields[at[i]]
		x, err := strconv.ParseFloat(text, 64)
		if text == "" {
			x, err = math.NaN(), nil
		}
		if err != nil {
			return err
		}
		numbers[i] = x
	}
	paths, err := strconv.ParseInt(fields[at[7]], 10, 64)
	if err != nil {
		return err
	}
	if n := len(in.Durations); n == 0 || in.Durations[n-1] != numbers[0] {
		in.Durations, in.Paths = append(in.Durations, numbers[0]), append(in.Paths, paths)
	}
	in.Estimator = fields[at[6]]
	p := estimate.Estimate{Value: numbers[1], StandardError: numbers[2],
		Interval: estimate.Interval{Lower: numbers[3], Upper: numbers[4]}}
	switch cause := fields[at[5]]; cause {
	case "survival":
		in.Survival = append(in.Survival, p)
	case "failure":
		in.Failure = append(in.Failure, p)
	case "completed":
		in.Completed = append(in.Completed, p)
	default:
		named := model.CauseNamed(cause)
		if named < 0 || int(named) >= len(in.Ended) {
			return fmt.Errorf("unknown cause %q", cause)
		}
		in.Ended[named] = append(in.Ended[named], p)
	}
	return nil
}

// lineLength returns the length of the first line including its end.
func lineLength(text []byte) int {
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		return i + 1
	}
	return len(text)
}
