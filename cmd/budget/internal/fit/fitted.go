package fit

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/escape"
	"budget/model"
	"budget/plots"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/field"
	"budget/sweep/sessionlog"
)

// fitFlags are the flags of budget fit.
type fitFlags struct {
	*inputs.Options
	prior   field.Prior
	reading solver.Reading
	strict  bool
	reduce  bool
	maps    []string          // of --map: pairs, or names of files
	mapped  map[string]string // column names of the log, from maps
	slack   sessionlog.Slack
}

// fitted is the result of budget fit.
type fitted struct {
	*fitFlags
	log       *field.Log
	base      *model.Scenario
	scenario  *model.Scenario // with the fitted rates
	observed  []field.Observed
	agreement []*field.Agreement // parallel to observed
	rates     []field.Rate
	laws      field.Laws
}

// fitProvenance is the provenance of a fit: of its predictions and of the log.
type fitProvenance struct {
	sweep.Provenance
	Logs    []sessionlog.SourceInfo `json:"logs"`
	Digest  string                  `json:"digest"` // of what the results follow from
	Rows    int                     `json:"rows"`
	LeftOut int                     `json:"left_out"`
	Prior   field.Prior             `json:"prior"`

	Map   map[string]string `json:"map,omitempty"`
	Slack string            `json:"slack"`
}

func (a *fitted) provenance() fitProvenance {
	q := a.Request(nil)
	q.Sessions = a.log.Types(a.base)
	q.Readings = []solver.Reading{a.reading}
	p := a.Provenance(a.base, q, fmt.Sprintf("%d paths a session type", a.Paths), solver.Done)
	for _, g := range a.agreement {
		p.Paths = append(p.Paths, sweep.CasePaths{Session: g.Type, Device: a.Devices[0],
			Environment: a.Environments[0], Paths: g.Paths})
	}
	return fitProvenance{p, a.log.Sources, a.log.Digest, a.log.Rows, a.log.LeftOut(), a.prior,
		a.mapped, a.slack.String()}
}

// files lists the files to write. Each is made when it is written.
func (a *fitted) files() []cli.File {
	rows := func(records func() *cli.Records) func(io.Writer) error {
		return func(w io.Writer) error { return records().WriteCSV(w) }
	}
	return append([]cli.File{
		{Name: "fitted.toml", Write: func(w io.Writer) error { return a.scenario.Write(w) }},
		{Name: "rates.csv", Write: rows(a.rateRecords)},
		{Name: "laws.csv", Write: rows(a.lawRecords)},
		{Name: "incidence.csv", Write: rows(a.incidenceRecords)},
		{Name: "rows.csv", Write: a.writeRows},
		{Name: "fit.json", Write: a.writeJSON},
		{Name: "provenance.json", Write: func(w io.Writer) error { return cli.JSON(a.provenance())(w) }},
	}, cli.ChartFiles("agreement", []cli.ChartFormat{"svg"}, func() (*plots.Chart, error) {
		return drawAgreement(a.base, a.agreement, a.log.Used(), a.Seed)
	})...)
}

func (a *fitted) writeJSON(w io.Writer) error {
	return cli.JSON(struct {
		Schema     int                           `json:"schema"`
		Provenance fitProvenance                 `json:"provenance"`
		Sessions   *cli.Records                  `json:"sessions"`
		Rates      *cli.Records                  `json:"rates"`
		Laws       *cli.Records                  `json:"laws"`
		NotFitted  []field.Missing               `json:"not_fitted"`
		Incidence  *cli.Records                  `json:"incidence"`
		Remarks    *cli.Records                  `json:"remarks"`
		Numbers    map[sessionlog.RemarkKind]int `json:"remark_numbers"`
	}{1, a.provenance(), a.typeRecords(), a.rateRecords(), a.lawRecords(), a.laws.Missing,
		a.incidenceRecords(), a.rowRecords(), a.log.Numbers})(w)
}

// rateRecords lists the posteriors for programs, in 1/h.
func (a *fitted) rateRecords() *cli.Records {
	r := &cli.Records{Fields: []string{"key", "events", "exposure_h", "sessions", "prior",
		"prior_shape", "prior_exposure_h", "log_share", "told", "mean_per_h", "median_per_h",
		"lower_per_h", "upper_per_h", "at_most_per_h"}}
	for _, x := range a.rates {
		row := []any{x.Key, x.Events, x.Exposure / 3600, x.Sessions, string(x.Prior),
			x.Before.Shape, x.Before.Exposure / 3600, x.Share, x.Told}
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

// incidenceRecords lists observed and predicted incidences by duration.
func (a *fitted) incidenceRecords() *cli.Records {
	r := &cli.Records{Fields: []string{"session", "duration_s", "outcome", "at_risk", "observed",
		"lower", "upper", "band_lower", "band_upper", "predicted", "inside"}}
	for i, o := range a.observed {
		for _, in := range o.Incidences {
			row := []any{o.Type, in.Duration, in.Outcome, in.AtRisk, in.Value, in.Lower, in.Upper}
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

// rowRecords lists the remarks that the log keeps: the first ones of each kind.
func (a *fitted) rowRecords() *cli.Records {
	r := &cli.Records{Fields: rowFields}
	for _, x := range a.log.Remarks {
		r.Add(rowValues(x)...)
	}
	return r
}

var rowFields = []string{"file", "line", "column", "key", "kind", "left_out", "message"}

func rowValues(x sessionlog.Remark) []any {
	return []any{x.File, x.Line, x.Column, x.Key, string(x.Kind), x.LeftOut(), x.Message}
}

// writeRows writes every remark as CSV.
func (a *fitted) writeRows(w io.Writer) error {
	if err := (&cli.Records{Fields: rowFields}).WriteCSV(w); err != nil {
		return err
	}
	out := escape.NewCSVWriter(w)
	err := a.log.EachRemark(func(x sessionlog.Remark) error {
		row := &cli.Records{}
		row.Add(rowValues(x)...)
		return out.Write(row.Texts()[0])
	})
	return cmp.Or(err, out.Flush())
}

// typeRecords lists the session types with the numbers of their ends and drain.
func (a *fitted) typeRecords() *cli.Records {
	r := &cli.Records{Fields: []string{"session", "sessions", "time_h", "shortest_plan_s",
		"longest_plan_s"}}
	for _, c := range append(model.Ends, model.Completed) {
		r.Fields = append(r.Fields, c.String())
	}
	r.Fields = append(r.Fields, "drain_sessions", "drain_p10_per_h", "drain_median_per_h",
		"drain_p90_per_h", "drain_pooled_per_h", "agrees")
	for i, o := range a.observed {
		row := []any{o.Type, o.Sessions, o.Time / 3600, o.Shortest, o.Longest}
		for _, n := range o.Ended {
			row = append(row, n)
		}
		d := o.Drain
		r.Add(append(row, d.Sessions, d.Tenth, d.Median, d.Most, d.Pooled, a.agreement[i].Agrees)...)
	}
	return r
}

// lawRecords lists the posteriors for programs.
func (a *fitted) lawRecords() *cli.Records {
	r := &cli.Records{Fields: []string{"key", "name", "events", "cases", "from", "prior", "log_share",
		"told", "mean", "median", "lower", "upper", "at_most"}}
	for _, x := range a.laws.Found {
		r.Add(x.Key, x.Name, x.Events, x.Cases, x.From, string(x.Prior), x.Share, x.Told, x.Mean,
			x.Median, x.Interval[0], x.Interval[1], x.AtMost)
	}
	return r
}

// notFitted lists what is not fitted, with the keys of one reason together.
func (a *fitted) notFitted() []field.Missing {
	var list []field.Missing
	for _, x := range a.laws.Missing {
		same := func(y field.Missing) bool { return x.Why == y.Why }
		if i := slices.IndexFunc(list, same); i >= 0 {
			list[i].Key += ", " + x.Key
			continue
		}
		list = append(list, x)
	}
	return list
}
