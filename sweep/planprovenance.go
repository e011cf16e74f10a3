package sweep

import "fmt"

// PlanProvenance says what the tables of a sweep rest on.
type PlanProvenance struct {
	Provenance
	Plan        string        `json:"plan"`
	Fingerprint string        `json:"plan_fingerprint"`
	Sessions    []string      `json:"sessions"`
	Axes        []AxisSummary `json:"axes"`
	Cells       int           `json:"cells"`
	Caps        int           `json:"caps"` // that hold together
	// PathsPerCell stands in place of the paths of cases.
	PathsPerCell int64                `json:"paths"`
	Durations    map[string][]float64 `json:"durations_s"` // that incidence is told of, by session type
	Writers      []Writer             `json:"writers"`     // of the blocks
	Fixed        map[string]any       `json:"fixed"`       // device, environment and start level, where no axis sets them
}

// AxisSummary is an axis of a plan: its levels, and the keys that they set.
type AxisSummary struct {
	Name   string   `json:"name"`
	Keys   []string `json:"keys"`
	Levels []string `json:"levels"`
}

func (p *Plan) provenance(writers []Writer) PlanProvenance {
	w := writers[len(writers)-1]
	out := PlanProvenance{
		Provenance: Provenance{Version: w.Version, Go: w.Go, Kernel: w.Kernel, Seed: p.Seed, Estimator: "weights", Sampling: string(p.Sampling),
			OnResign: "pause", Readings: []string{}, Tolerances: p.Tolerances, Confidence: p.Confidence,
			Precision: fmt.Sprintf("%d paths a cell and session type", p.Paths), Outcome: "done"},
		Plan: p.Name, Fingerprint: p.Fingerprint(), Sessions: p.Sessions, Axes: []AxisSummary{}, Cells: len(p.cells), Caps: p.Family(),
		PathsPerCell: p.Paths, Durations: p.Durations, Writers: writers, Fixed: map[string]any{},
	}
	if p.EndOnResign {
		out.OnResign = "end"
	}
	for _, r := range p.Readings {
		out.Readings = append(out.Readings, string(r))
	}
	out.DescribeScenario(p.Base)
	for _, s := range p.fixed {
		out.Fixed[s.Key] = labelOf(s.Value)
	}
	for _, a := range p.Axes {
		summary := AxisSummary{Name: a.Name, Keys: a.keys()}
		for _, level := range a.Levels {
			summary.Levels = append(summary.Levels, level.Label)
		}
		out.Axes = append(out.Axes, summary)
	}
	return out
}
