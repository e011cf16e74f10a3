package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"budget/internal/notation"
	"budget/model"
	"budget/sweep/store"
	"budget/sweep/table"
)

// DrawRun draws what the results of budget run have the data for: what ended the sessions that
// failed, by case and length.
func DrawRun(r *store.Run) ([]Named, error) {
	first := slices.DeleteFunc(r.First(), func(o table.Outcome) bool {
		return math.IsNaN(o.Fails.Value)
	})
	var paths []int64
	for _, o := range first {
		paths = append(paths, o.Paths)
	}
	if len(first) == 0 {
		return nil, missing("too few sessions were simulated")
	}
	foot := []string{"“" + r.Provenance.Scenario + "”", notation.Counts(paths) + " paths",
		fmt.Sprintf("seed %d", r.Provenance.Seed), notation.Grants(first[0].Reading)}
	if r.Changed != "" {
		foot = append(foot, uncheckedNote)
	}
	h := Heading{Foot: []string{strings.Join(foot, " · ")}}
	var out []Named
	for part := range slices.Chunk(first, mostBars) {
		var bars []Endings
		for _, o := range part {
			bars = append(bars, Endings{Name: notation.Case(o.Case), Duration: o.Length,
				Ended: o.Ended[:len(model.Ends)]})
		}
		name := "outcomes"
		if len(out) > 0 {
			name += fmt.Sprintf("-%d", len(out)+1)
		}
		chart, err := CausesChart(h, "session", bars)
		drawn, err := named(chart, err, name)
		if err != nil {
			return nil, err
		}
		out = append(out, drawn...)
	}
	return out, nil
}
