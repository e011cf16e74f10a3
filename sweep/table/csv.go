package table

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"

	"budget/model"
	"budget/solver/estimate"
	"budget/sweep"
)

// CapsHeader names the columns of caps.csv. Durations are in seconds; the
// failure and resigned columns are probabilities; confidence is that of all caps
// of the table together.
var CapsHeader = []string{"session", "device", "environment", "reading", "tolerance", "confidence",
	"cap_s", "cap_upper_s", "failure_at_cap", "binding_cause", "failure_at_limit", "resigned_at_cap", "status", "paths"}

// WriteCaps writes caps as CSV. What there is none of is an empty field; a cap
// there is none of is 0.
func WriteCaps(w io.Writer, caps []sweep.Cap) error {
	out := csv.NewWriter(w)
	rows := [][]string{CapsHeader}
	for _, c := range caps {
		rows = append(rows, []string{c.Session, c.Device, c.Environment, c.Reading, Number(c.Tolerance), Number(c.Confidence),
			Number(c.Cap), Number(c.CapUpper), Number(c.FailureAtCap.Value), c.Binding(),
			Number(c.FailureAtLimit.Value), Number(c.ResignedAtCap.Value), string(c.Status), strconv.FormatInt(c.Paths, 10)})
	}
	if err := out.WriteAll(rows); err != nil {
		return err
	}
	return out.Error()
}

// IncidenceHeader names the columns of incidence.csv. cause is a cause of the
// session model as people use the app, "survival", or "failure", which is that
// of a user who means to finish.
var IncidenceHeader = []string{"session", "device", "environment", "duration_s", "cause",
	"probability", "standard_error", "lower", "upper", "estimator", "paths"}

// WriteIncidences writes incidence curves as CSV, a row for every duration and
// cause.
func WriteIncidences(w io.Writer, incidences []sweep.Incidence) error {
	out := csv.NewWriter(w)
	if err := out.Write(IncidenceHeader); err != nil {
		return err
	}
	for _, in := range incidences {
		for i, duration := range in.Durations {
			row := func(cause string, p estimate.Estimate) error {
				return out.Write([]string{in.Session, in.Device, in.Environment, Number(duration), cause,
					Number(p.Value), Number(p.StandardError), Number(p.Lower), Number(p.Upper),
					in.Estimator, strconv.FormatInt(in.Paths[i], 10)})
			}
			for _, cause := range model.Ends {
				if err := row(cause.String(), in.Ended[cause][i]); err != nil {
					return err
				}
			}
			if err := row("survival", in.Survival[i]); err != nil {
				return err
			}
			if err := row("failure", in.Failure[i]); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

// Number writes a number for files: twelve significant digits, and nothing for one
// there is none of, NaN or the infinite standard error of a single block.
func Number(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return ""
	}
	return strconv.FormatFloat(x, 'g', 12, 64)
}
