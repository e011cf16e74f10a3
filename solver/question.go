package solver

import (
	"cmp"

	"budget/solver/plant"
)

// Question is what caps are asked for, and how precisely. The zero value is ready to use;
// what is out of range is an error that names the field.
type Question struct {
	Tolerances []float64 // largest accepted failure probabilities; none means DefaultTolerances
	// Confidence is that of all intervals, and of all caps of the family together; 0 means
	// DefaultConfidence. Below a half a bound would be wrong more often than right.
	Confidence float64
	// Family is the number of caps that are shown, and chosen from, together; 0 means those
	// of the question, by reading and tolerance.
	Family int

	// Paths is the fixed number of paths. If it is 0, paths are added until every cap is
	// decided: until its interval is no wider than twice Precision [s] or twice
	// RelativePrecision of the cap, whichever is more. Where both are 0 they mean
	// DefaultPrecision and DefaultRelativePrecision.
	Paths                        int64
	Precision, RelativePrecision float64
	FirstLook                    int64 // paths after which caps are first looked at; 0 means 32768
	MaxPaths                     int64 // after which a run until decided ends; 0 means DefaultMaxPaths

	// CapsOnly leaves out what caps are not made of: the curves of most causes.
	CapsOnly bool
	// KeepLooks keeps the estimates of every look (Answer.Looks).
	KeepLooks bool
}

// What a Question means that does not say.
const (
	DefaultConfidence        = 0.95
	DefaultPrecision         = 60   // [s]
	DefaultRelativePrecision = 0.02 // of the cap
	DefaultMaxPaths          = 1 << 22
)

// DefaultTolerances are those of a Question that names none.
var DefaultTolerances = []float64{0.005, 0.01, 0.05}

// filled returns a question about so many readings with the defaults in place of zeros.
func (q Question) filled(readings int) (Question, error) {
	if len(q.Tolerances) == 0 {
		q.Tolerances = DefaultTolerances
	}
	q.Confidence = cmp.Or(q.Confidence, DefaultConfidence)
	q.Family = cmp.Or(q.Family, readings*len(q.Tolerances))
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

// firstLook is the number of paths after which caps are first looked at, unless the
// question says another.
const firstLook = 512 * plant.Replicates
