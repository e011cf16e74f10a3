package fit

import (
	"io"
	"math"

	"budget/cmd/budget/internal/cli"
	"budget/model"
	"budget/sweep/table"
)

// rateRecords lists the posteriors for programs, in 1/h.
func (a *fitted) rateRecords() *cli.Records {
	r := &cli.Records{Fields: []string{"key", "events", "exposure_h", "sessions", "prior", "prior_shape", "prior_exposure_h",
		"log_share", "told", "mean_per_h", "median_per_h", "lower_per_h", "upper_per_h", "at_most_per_h"}}
	for _, x := range a.rates {
		row := []any{x.Key, int64(x.Events), x.Exposure / 3600, int64(x.Sessions), string(x.Prior), x.Before.Shape, x.Before.Exposure / 3600, x.Share, x.Told}
		for _, rate := range []float64{x.Mean, x.Median, x.Interval[0], x.Interval[1], x.AtMost} {
			if !x.Known {
				rate = math.NaN()
			}
			row = append(row, rate*3600)
		}
		r.Add(row...)
	}
	return r
}

// incidenceRecords lists what was observed by duration, with what was predicted.
func (a *fitted) incidenceRecords() *cli.Records {
	r := &cli.Records{Fields: []string{"session", "duration_s", "outcome", "at_risk", "observed", "lower", "upper",
		"band_lower", "band_upper", "predicted", "inside"}}
	for i, o := range a.observed {
		for _, in := range o.Incidences {
			row := []any{o.Type, in.Duration, in.Outcome, int64(in.AtRisk), in.Value, in.Lower, in.Upper}
			compared := []any{nil, nil, nil, nil}
			for _, c := range a.agreement[i].Comparisons {
				if c.Duration == in.Duration && c.Outcome == in.Outcome {
					compared = []any{c.Lower, c.Upper, c.Predicted, c.Inside}
				}
			}
			r.Add(append(row, compared...)...)
		}
	}
	return r
}

// rowRecords lists every remark.
func (a *fitted) rowRecords() *cli.Records {
	r := &cli.Records{Fields: []string{"line", "column", "key", "kind", "left_out", "message"}}
	for _, x := range a.log.Remarks {
		r.Add(int64(x.Line), int64(x.Column), x.Key, string(x.Kind), x.LeftOut(), x.Message)
	}
	return r
}

// typeRecords lists the session types: how many ended how, and drain.
func (a *fitted) typeRecords() *cli.Records {
	r := &cli.Records{Fields: []string{"session", "sessions", "time_h", "shortest_plan_s", "longest_plan_s"}}
	for _, c := range append(model.Ends, model.Completed) {
		r.Fields = append(r.Fields, c.String())
	}
	r.Fields = append(r.Fields, "drain_sessions", "drain_p10_per_h", "drain_median_per_h", "drain_p90_per_h", "drain_pooled_per_h", "agrees")
	for i, o := range a.observed {
		row := []any{o.Type, int64(o.Sessions), o.Time / 3600, o.Shortest, o.Longest}
		for _, n := range o.Ended {
			row = append(row, int64(n))
		}
		d := o.Drain
		r.Add(append(row, int64(d.Sessions), d.Tenth, d.Median, d.Most, d.Pooled, a.agreement[i].Agrees)...)
	}
	return r
}

func (a *fitted) writeJSON(w io.Writer, p fitProvenance) error {
	return table.WriteJSON(w, struct {
		Schema     int           `json:"schema"`
		Provenance fitProvenance `json:"provenance"`
		Sessions   *cli.Records  `json:"sessions"`
		Rates      *cli.Records  `json:"rates"`
		Incidence  *cli.Records  `json:"incidence"`
		Remarks    *cli.Records  `json:"remarks"`
	}{1, p, a.typeRecords(), a.rateRecords(), a.incidenceRecords(), a.rowRecords()})
}
