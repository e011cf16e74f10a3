package live

import (
	"fmt"
	"math"

	"budget/internal/notation"
	"budget/model"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/live"
)

// Range says how the cap moves over what is not known.
type Range struct {
	Text string `json:"text"`
}

// NewRuleRange says how the cap moves over the rules of the system.
func NewRuleRange(r *live.Range) Range {
	if r == nil {
		return Range{"No rule of watchOS that is uncertain moves this cap."}
	}
	return Range{"Over the rules of watchOS that nobody knows: " + r3(r) +
		" (5, 50, 95 % of draws have a shorter cap)."}
}

// NewFullRange says how the cap moves over all uncertain inputs.
func NewFullRange(r *live.Range) Range {
	if r == nil {
		return Range{"No uncertain input moves this cap."}
	}
	text := "Over all uncertain inputs: " + r3(r) + " (5, 50, 95 % of draws)"
	if !math.IsNaN(r.Robust) {
		text += "; robust: " + notation.Drawn(sweep.Case{}, r.Robust, r.Longest)
	}
	return Range{text + "."}
}

func r3(r *live.Range) string {
	text := func(x float64) string { return notation.Drawn(sweep.Case{}, x, r.Longest) }
	return text(r.Low) + ", " + text(r.Median) + ", " + text(r.High)
}

// NewLongest says how long the phases of a timer may be at its number of cycles, and how often it
// may repeat.
func NewLongest(s *model.Scenario, of model.Sequence, caps *sweep.TimerCaps) Range {
	cycles := func(n int) string { return notation.Plural(n, "cycle") }
	most, found := caps.Most, caps.Longest
	text := ""
	switch {
	case most.Status == estimate.Unknown:
		return Range{notation.Sentence(sweep.CapUnknown.Name()) + " to say how many cycles hold."}
	case most.Index == 0:
		text = "Not even one cycle holds."
	case most.Index == 1:
		text = "At most 1 cycle holds."
	default:
		text = fmt.Sprintf("At most %s hold.", cycles(most.Index))
	}
	length := model.Duration(found.Index) * s.Grid.Step
	switch {
	case found.Status == estimate.Unknown || found.Index == 0:
	case found.UpperIndex > found.Index:
		text += fmt.Sprintf(" %s would hold with %v in place of %v (to %v).",
			notation.Sentence(cycles(max(of.Times, 1))), length, of.Longest(),
			model.Duration(found.UpperIndex)*s.Grid.Step)
	default:
		text += fmt.Sprintf(" %s would hold with %v in place of %v.",
			notation.Sentence(cycles(max(of.Times, 1))), length, of.Longest())
	}
	return Range{text}
}
