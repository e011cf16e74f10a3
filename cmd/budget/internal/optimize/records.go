package optimize

import (
	"io"

	"budget/cmd/budget/internal/cli"
	"budget/solver/estimate"
	"budget/solver/ranking"
	"budget/sweep"
	"budget/sweep/table"
)

// designs lists every design.
func (a *answer) designs() *cli.Records {
	d := a.Design
	r := &cli.Records{Fields: []string{"design"}}
	field := a.goalWords().field
	for k := range d.Knobs {
		r.Fields = append(r.Fields, a.knob(k))
	}
	r.Fields = append(r.Fields, "state", "meets_requirements", field+"_s", field+"_lower_s",
		field+"_upper_s", "largest_excess", "paths", "looks")
	for i := range a.Standings {
		s := &a.Standings[i]
		row := []any{i + 1}
		for _, level := range d.Levels(&d.Candidates[i]) {
			row = append(row, level.Label)
		}
		row = append(row, a.state(i), s.Accepted, s.Worth, s.Lower, s.Upper)
		if s.Binding >= 0 {
			row = append(row, s.Excess)
		} else {
			row = append(row, nil)
		}
		r.Add(append(row, s.Paths, s.Look)...)
	}
	return r
}

// prices lists the price list.
func (a *answer) prices() *cli.Records {
	d := a.Design
	field := a.goalWords().field
	r := &cli.Records{Fields: []string{"knob", "from", "to", "design", field + "_change_s", "lower_s",
		"upper_s", field + "_s", "paths"}}
	for i := range a.Prices {
		x := &a.Prices[i]
		r.Add(a.knob(x.Knob), d.Levels(&d.Candidates[a.Chosen])[x.Knob].Label,
			d.Levels(&d.Candidates[x.Candidate])[x.Knob].Label, x.Candidate+1, x.Change.Value,
			x.Change.Lower, x.Change.Upper, x.Found.Worth.Lower, x.Found.Paths)
	}
	return r
}

func (a *answer) writeJSON(w io.Writer) error {
	type chosen struct {
		Design int               `json:"design"`
		Levels map[string]string `json:"levels"`
		Worth  [3]float64        `json:"worth_s"` // value, lower, upper
		Cap    *float64          `json:"cap_s,omitempty"`
		Upper  *float64          `json:"cap_upper_s,omitempty"`
		Fails  *[3]float64       `json:"fails,omitempty"`
		Shares [][3]float64      `json:"required_shares"`
		Paths  int64             `json:"paths"`
	}
	var best *chosen
	three := func(e estimate.Estimate) [3]float64 { return [3]float64{e.Value, e.Lower, e.Upper} }
	if a.Best != nil {
		best = &chosen{Design: a.Chosen + 1, Levels: map[string]string{}, Worth: three(a.Best.Worth),
			Shares: [][3]float64{}, Paths: a.Best.Paths}
		if a.Design.Goal.Maximize.Capped() {
			fails := three(a.Best.Fails)
			best.Cap, best.Upper, best.Fails = &a.Best.Cap, &a.Best.Upper, &fails
		}
		for k, level := range a.Design.Levels(&a.Design.Candidates[a.Chosen]) {
			best.Levels[a.knob(k)] = level.Label
		}
		for _, s := range a.Best.Shares {
			best.Shares = append(best.Shares, three(s))
		}
	}
	outcome := map[ranking.Outcome]string{ranking.Selected: "selected",
		ranking.Infeasible: "infeasible", ranking.OutOfPaths: "out of paths",
		ranking.Interrupted: "interrupted"}[a.Outcome]
	return cli.JSON(struct {
		Schema     int              `json:"schema"`
		Provenance sweep.Provenance `json:"provenance"`
		Name       string           `json:"name"`
		Tolerance  float64          `json:"tolerance"`
		Confidence float64          `json:"confidence"`
		Outcome    string           `json:"outcome"`
		Within     float64          `json:"within_s"`
		Relative   float64          `json:"within_relative"`
		Best       *chosen          `json:"best"`
		Prices     *cli.Records     `json:"prices"`
		Designs    *cli.Records     `json:"designs"`
		Sessions   int64            `json:"sessions_simulated"`
		Even       int64            `json:"sessions_of_an_even_allocation"`

		Charts table.DesignCharts `json:"charts"`
	}{table.DesignsSchema, a.provenance, a.Design.Name, a.Design.Tolerances[0], a.Design.Confidence,
		outcome, a.Design.Goal.Within, a.Design.Goal.Relative, best, a.prices(), a.designs(), a.Sessions,
		a.Even, a.charts()})(w)
}
