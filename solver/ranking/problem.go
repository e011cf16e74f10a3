package ranking

import "fmt"

// Problem says which designs compete for what.
type Problem struct {
	Designs   int     // numbered from 0
	Tolerance float64 // ε, in (0, 1), of caps
	// Worth returns what a design is worth with a cap of index t, −1 without a cap. It does not fall
	// with t. nil means t + 1, the cap in steps. The worth of scores is their own.
	Worth func(design, t int) float64
	// Within returns the indifference δ at a worth. Neither δ nor the worth less δ falls with it.
	Within func(worth float64) float64
	// Quantile is the share of the circumstances, by Weights, that may be worse than the value of a
	// design, in [0, 1): its value is the largest that all others reach. 0 means the worst
	// circumstance.
	Quantile float64
	Weights  []float64 // of the circumstances; they sum to 1. nil weighs all the same
	Limits   []Limit   // requirements
	// Confidence is 1 − α, the probability that the answer is right in every respect.
	Confidence float64
	// First is the number of paths of the first look. A look doubles those of a design, up to Most.
	First, Most int64
	// Journal lets the race go on after an interrupt; nil keeps nothing.
	Journal *Journal
}

// Limit is a requirement: a share of the design that may be at most Most.
type Limit struct {
	Most float64 // in (0, 1)
	// Zone is by how much a design may exceed Most and still be chosen. A design within the zone
	// is never excluded wrongly, and it may be accepted; without a zone a design exactly at
	// its limit would need paths without end.
	Zone float64 // more than 0
}

// check returns an error that names the field out of range.
func (p *Problem) check() error {
	ranges := []struct {
		field string
		value any
		ok    bool
		want  string
	}{
		{"Designs", p.Designs, p.Designs > 0, "1 or more"},
		{"Tolerance", p.Tolerance, p.Tolerance > 0 && p.Tolerance < 1, "more than 0 and less than 1"},
		{"Within", p.Within, p.Within != nil, "a function"},
		{"Quantile", p.Quantile, p.Quantile >= 0 && p.Quantile < 1, "at least 0 and less than 1"},
		{"Confidence", p.Confidence, p.Confidence >= 0.5 && p.Confidence < 1,
			"at least 0.5 and less than 1"},
		{"First", p.First, p.First >= 2*64, "128 or more"},
		{"Most", p.Most, p.Most >= p.First, "First or more"},
	}
	for _, r := range ranges {
		if !r.ok {
			return fmt.Errorf("ranking: Problem.%s: %v: expected %s", r.field, r.value, r.want)
		}
	}
	for _, l := range p.Limits {
		if !(l.Most > 0 && l.Most < 1 && l.Zone > 0) {
			return fmt.Errorf("ranking: Problem.Limits: %+v: expected Most between 0 and 1 and a Zone", l)
		}
	}
	return nil
}
