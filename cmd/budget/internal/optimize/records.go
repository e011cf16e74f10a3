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
	for k := range d.Knobs {
		r.Fields = append(r.Fields, a.knob(k))
	}
	r.Fields = append(r.Fields, "state", "meets_requirements", "cap_s", "cap_lower_s", "cap_upper_s",
		"largest_excess", "paths", "looks")
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
	r := &cli.Records{Fields: []string{"knob", "from", "to", "design", "cap_change_s", "lower_s",
		"upper_s", "cap_s", "paths"}}
	for i := range a.Prices {
		x := &a.Prices[i]
		r.Add(a.knob(x.Knob), d.Levels(&d.Candidates[a.Chosen])[x.Knob].Label,
			d.Levels(&d.Candidates[x.Candidate])[x.Knob].Label, x.Candidate+1, x.Change.Value,
			x.Change.Lower, x.Change.Upper, x.Found.Cap, x.Found.Paths)
	}
	return r
}

func (a *answer) writeJSON(w io.Writer) error {
	type chosen struct {
		Design int               `json:"design"`
		Levels map[string]string `json:"levels"`
		Cap    float64           `json:"cap_s"`
		Upper  float64           `json:"cap_upper_s"`
		Fails  [3]float64        `json:"fails"` // value, lower, upper
		Shares [][3]float64      `json:"required_shares"`
		Paths  int64             `json:"paths"`
	}
	var best *chosen
	three := func(e estimate.Estimate) [3]float64 { return [3]float64{e.Value, e.Lower, e.Upper} }
	if a.Best != nil {
		best = &chosen{Design: a.Chosen + 1, Levels: map[string]string{}, Cap: a.Best.Cap,
			Upper: a.Best.Upper, Fails: three(a.Best.Fails), Shares: [][3]float64{}, Paths: a.Best.Paths}
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
