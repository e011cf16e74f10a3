package report

import (
	"slices"

	"budget/model"
)

// Ending explains a cause.
type Ending struct {
	Name, Reason, Meaning, Seen string
	Failure                     bool // counts as a failure of the plan by default
}

// glossary lists the causes in the order of every table.
func glossary() []Ending {
	var endings []Ending
	for c := range model.Completed + 1 {
		e := Ending{Name: c.String(), Reason: c.Reason(model.ExtendedRuntime),
			Failure: slices.Contains(model.Failures, c)}
		e.Meaning, e.Seen = c.Meaning(), c.Seen(model.ExtendedRuntime)
		endings = append(endings, e)
	}
	return endings
}
