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

	"budget/model"
	"budget/solver/estimate"
	"budget/sweep"
)

// readIncidence reads the curves of a case off the table that budget caps leaves. The
// table may have a million lines, of which those of the case are read alone.
func ReadIncidence(path string, c sweep.Case) (sweep.Incidence, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return sweep.Incidence{}, err
	}
	fail := func(err error) (sweep.Incidence, error) { return sweep.Incidence{}, fmt.Errorf("%s: %w", path, err) }
	header, rest, _ := bytes.Cut(text, []byte{'\n'})
	if string(bytes.TrimRight(header, "\r")) != strings.Join(IncidenceHeader, ",") {
		return fail(errors.New("it is not the table that budget writes"))
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
	lines.FieldsPerRecord, lines.ReuseRecord = len(IncidenceHeader), true
	for {
		fields, err := lines.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = addRow(&in, fields)
		}
		if err != nil {
			return fail(err)
		}
	}
	n := len(in.Durations)
	if n == 0 {
		return fail(fmt.Errorf("it has nothing of %s on %s, %s", c.Session, c.Device, c.Environment))
	}
	for _, curve := range append(slices.Clone(in.Ended), in.Survival, in.Failure) {
		if len(curve) != n {
			return fail(fmt.Errorf("%s: a cause is missing at some durations", c.Session))
		}
	}
	return in, nil
}

// addRow adds a row of the table, of which those of a duration come together.
func addRow(in *sweep.Incidence, fields []string) error {
	var numbers [5]float64
	for i, at := range [...]int{3, 5, 6, 7, 8} {
		x, err := strconv.ParseFloat(fields[at], 64)
		if fields[at] == "" {
			x, err = math.NaN(), nil
		}
		if err != nil {
			return err
		}
		numbers[i] = x
	}
	paths, err := strconv.ParseInt(fields[10], 10, 64)
	if err != nil {
		return err
	}
	if n := len(in.Durations); n == 0 || in.Durations[n-1] != numbers[0] {
		in.Durations, in.Paths = append(in.Durations, numbers[0]), append(in.Paths, paths)
	}
	in.Estimator = fields[9]
	p := estimate.Estimate{Value: numbers[1], StandardError: numbers[2], Interval: estimate.Interval{Lower: numbers[3], Upper: numbers[4]}}
	switch cause := fields[4]; cause {
	case "survival":
		in.Survival = append(in.Survival, p)
	case "failure":
		in.Failure = append(in.Failure, p)
	default:
		named := model.CauseNamed(cause)
		if int(named) >= len(in.Ended) {
			return fmt.Errorf("%q is no cause", cause)
		}
		in.Ended[named] = append(in.Ended[named], p)
	}
	return nil
}

// lineLength returns the length of the first line, with its end.
func lineLength(text []byte) int {
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		return i + 1
	}
	return len(text)
}
