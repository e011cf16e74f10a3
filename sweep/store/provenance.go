package store

import (
	"fmt"
	"strconv"
	"strings"

	"budget/model"
	"budget/sweep"
	"budget/sweep/plan"
)

// Provenance records the inputs of a sweep's tables.
type Provenance struct {
	sweep.Provenance
	Plan        string   `json:"plan"`
	Fingerprint string   `json:"plan_fingerprint"`
	Sessions    []string `json:"sessions"`
	// SessionNames are the names of session types for people, by id.
	SessionNames map[string]string `json:"session_names"`
	Axes         []AxisSummary     `json:"axes"`
	Cells        int               `json:"cells"`
	// PathsPerCell replaces the paths of cases.
	PathsPerCell int64 `json:"paths"`
	// of the incidence table, by session type
	Durations map[string][]float64 `json:"durations_s"`
	Writers   []Writer             `json:"writers"` // of blocks
	// device, environment and start level if no axis sets them
	Fixed map[string]any `json:"fixed"`
}

// AxisSummary is an axis of a plan: its levels, and the keys that they set.
type AxisSummary struct {
	Name    string   `json:"name"`
	Keys    []string `json:"keys"`
	Levels  []string `json:"levels"`
	Columns []Column `json:"columns"` // of the tables
}

// ProvenanceOf returns the provenance of a plan's results, whose blocks are by the
// given writers.
func ProvenanceOf(p *plan.Plan, writers []Writer) Provenance {
	w := writers[len(writers)-1]
	out := Provenance{
		Provenance: sweep.Provenance{Version: w.Version, Go: w.Go, Kernel: w.Kernel, Seed: p.Seed,
			Estimator: "weights", Sampling: string(p.Sampling),
			OnResign: p.Base.Timer.Resign,
			Readings: []string{}, Tolerances: p.Tolerances, Confidence: p.Confidence,
			Caps:      p.Family(),
			Precision: fmt.Sprintf("%d paths a cell and session type", p.Paths), Outcome: "done"},
		Plan: p.Name, Fingerprint: p.Fingerprint(), Sessions: p.Sessions, Axes: []AxisSummary{},
		Cells:        len(p.Cells()),
		PathsPerCell: p.Paths, Durations: p.Durations, Writers: writers, Fixed: map[string]any{},
		SessionNames: map[string]string{},
	}
	for _, id := range p.Sessions {
		out.SessionNames[id] = p.Base.Session(id).Name
	}
	out.CountRefused, out.Set = p.CountRefused, p.Set
	if p.EndOnResign {
		out.OnResign = model.ResignEnd
	}
	for _, r := range p.Readings {
		out.Readings = append(out.Readings, string(r))
	}
	out.DescribeScenario(p.Base)
	for key, label := range p.FixedLabels() {
		out.Fixed[key] = label
	}
	for _, a := range p.Axes {
		summary := AxisSummary{Name: a.Name, Keys: a.Keys()}
		for _, level := range a.Levels {
			summary.Levels = append(summary.Levels, level.Label)
		}
		for _, c := range a.Columns {
			summary.Columns = append(summary.Columns, Column{c.Name, c.Title, c.Unit, c.Number})
		}
		out.Axes = append(out.Axes, summary)
	}
	return out
}

// Column is a column that identifies cells. Its values may all be equal.
type Column struct {
	Name   string `json:"name"`  // in tables, "ambient_degC"
	Title  string `json:"title"` // for people, "ambient"
	Unit   string `json:"unit"`  // "degC"; "" for words and parts of 1
	Number bool   `json:"number"`
}

// Text returns a value of the column as text for people, with its unit.
func (c Column) Text(value string) string {
	x, err := strconv.ParseFloat(value, 64)
	switch {
	case value == "":
		return "drawn"
	case !c.Number || err != nil:
		return value
	case c.Name == plan.KeyStartLevel:
		return strconv.FormatFloat(100*x, 'g', 6, 64) + " %"
	}
	unit := c.Unit
	if unit == "degC" {
		unit = "°C"
	}
	return strings.TrimSpace(strconv.FormatFloat(x, 'g', 6, 64) + " " + unit)
}
