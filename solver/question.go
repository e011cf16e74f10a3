package solver

import (
	"cmp"

	"budget/solver/plant"
)

// Question says which caps are wanted and how precisely. The zero value is ready to use.
// A value out of range is an error that names the field.
type Question struct {
	Tolerances []float64 // largest accepted failure probabilities; empty means DefaultTolerances
	// Confidence holds for each interval, and for all caps of the family together; 0 means
	// DefaultConfidence. Below a half a bound would be wrong more often than right.
	Confidence float64
	// Family is the number of caps that are compared with each other; 0 means those of this
	// question, by reading, the gate and tolerance.
	Family int

	// Paths is the fixed number of paths. If it is 0, paths are added until every cap is
	// decided: its interval is at most twice Precision [s] or twice RelativePrecision of
	// the cap wide, whichever is more. If both are 0 they mean DefaultPrecision and
	// DefaultRelativePrecision.
	Paths                        int64
	Precision, RelativePrecision float64
	FirstLook                    int64 // number of paths before the first look; 0 means 32768
	MaxPaths                     int64 // the most paths if Paths is 0; 0 means DefaultMaxPaths

	// CapsOnly skips everything that caps do not need: the curves of most
	// causes.
	CapsOnly bool
	// KeepLooks keeps the estimates of every look (Answer.Looks).
	KeepLooks bool
}

// Defaults of a Question.
const (
	DefaultPrecision         = 60   // [s]
	DefaultRelativePrecision = 0.02 // of the cap
	DefaultMaxPaths          = 1 << 22
)

// DefaultTolerances are the tolerances of a Question without any.
var DefaultTolerances = []float64{0.005, 0.01, 0.05}

// filled returns the question with the defaults in place of zeros, for a number of
// curves: one for each reading and one at the gate.
func (q Question) filled(curves int) (Question, error) {
	if len(q.Tolerances) == 0 {
		q.Tolerances = DefaultTolerances
	}
	q.Confidence = cmp.Or(q.Confidence, DefaultConfidence)
	q.Family = cmp.Or(q.Family, curves*len(q.Tolerances))
	if q.Precision == 0 && q.RelativePrecision == 0 {
		q.Precision, q.RelativePrecision = DefaultPrecision, DefaultRelativePrecision
	}
	q.FirstLook = cmp.Or(q.FirstLook, firstLook)
	q.MaxPaths = cmp.Or(q.MaxPaths, DefaultMaxPaths)
	errs := []error{
		checkConfidence("Question.Confidence", q.Confidence),
		inRange("Question.Family", q.Family > 0, q.Family, "1 or more"),
		inRange("Question.Paths", q.Paths >= 0, q.Paths, "0 or more"),
		inRange("Question.Precision", q.Precision >= 0, q.Precision, "0 s or more"),
		inRange("Question.RelativePrecision", q.RelativePrecision >= 0, q.RelativePrecision, "0 or more"),
		inRange("Question.FirstLook", q.FirstLook > 0, q.FirstLook, "0 or more"),
		inRange("Question.MaxPaths", q.MaxPaths > 0, q.MaxPaths, "0 or more"),
	}
	for _, t := range q.Tolerances {
		errs = append(errs, inRange("Question.Tolerances", t > 0 && t < 1, t,
			"more than 0 and less than 1"))
	}
	return q, cmp.Or(errs...)
}

func checkConfidence(field string, confidence float64) error {
	return inRange(field, confidence >= 0.5 && confidence < 1, confidence,
		"at least 0.5 and less than 1")
}

// firstLook is the default number of paths before the first look at caps.
const firstLook = 512 * plant.Replicates
