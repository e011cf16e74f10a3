package solver

import (
	"budget/model"
	"budget/solver/estimate"
)

// Look is what was known of a case after a number of paths: enough to find its caps at
// any tolerance and confidence.
type Look struct {
	Paths    int64
	Share    float64 // of the error probability that the look spends (estimate.LookAlpha)
	Readings []LookReading
}

// LookReading is a look under one reading, of a user who means to finish, by duration: the
// failure of the plan, the probability of Resigned, and the failure cause with the
// largest incidence.
type LookReading struct {
	Failure  estimate.Curve
	Resigned []float64
	Binding  []model.Cause
}

// look returns what is known now under the r-th reading, given the curve of failure.
func (a *Answer) look(r int, failure estimate.Curve) LookReading {
	l := LookReading{failure, make([]float64, failure.Len()), make([]model.Cause, failure.Len())}
	for i := range l.Resigned {
		l.Resigned[i] = a.probability(r, Meaning, int(model.Resigned), i)
		l.Binding[i] = a.binding(r, i)
	}
	return l
}
