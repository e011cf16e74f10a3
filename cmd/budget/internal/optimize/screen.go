package optimize

import (
	"fmt"

	"budget/internal/notation"
	"budget/sweep/optimize"
)

// screened says which part of a large space raced, "" if all of it did.
func (a *answer) screened() string {
	s := a.Screening
	if s == nil {
		return ""
	}
	n := len(a.Design.Candidates)
	return fmt.Sprintf("The file has %s, more than race as they are (%s). %s were evaluated: %s that "+
		"fill the space, and %s near the leaders. The answer is about these.",
		notation.Plural(s.Of, "design"), notation.Count(int64(optimize.MostRaced)),
		notation.Count(int64(n)), notation.Count(int64(s.Sampled)), notation.Count(int64(n-s.Sampled)))
}
