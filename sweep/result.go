package sweep

import (
	"cmp"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
)

// Incidence holds the cumulative incidence curves of one case: the probability
// of every kind of end by each duration, for sessions as people use the app.
type Incidence struct {
	Case
	// Durations are the planned durations in seconds, ascending. Every curve
	// below has one value per duration.
	Durations []float64
	// Ended is indexed by model.Cause (Refused to Stopped).
	Ended [][]estimate.Estimate
	// Survival is the probability that nothing has ended the session.
	Survival []estimate.Estimate
	// Failure and Completed are the probabilities that a session fails, and that nothing ends
	// it, among the sessions that start, for a user who means to finish (the user's own stop
	// removed).
	Failure   []estimate.Estimate
	Completed []estimate.Estimate
	Reading   string // of the curves
	// Estimator is "weights" or "counts"; Paths the number of simulated
	// sessions behind each duration.
	Estimator string
	Paths     []int64
}

// Case names what a result is for.
type Case struct {
	Session     string  `json:"session"`      // session type id, "mindfulness"
	SessionName string  `json:"session_name"` // its name for people, "Mindfulness"
	Device      string  `json:"device"`       // device id, or "fleet"
	Environment string  `json:"environment"`  // environment id, or "mix"
	Limit       float64 `json:"limit_s"`      // limit [s]; 0 means none
	Horizon     float64 `json:"horizon_s"`    // longest duration considered [s]
	Cycles      Cycles  `json:"cycle_ends_s,omitempty"`

	// StartLevel is the true battery level at the start; nil draws it. MeanLoad is the mean
	// power of the watch during the session [W], without the differences between sessions; 0
	// means unknown. Tables have both.
	StartLevel *float64 `json:"-"`
	MeanLoad   float64  `json:"-"`
}

// Cap is the longest duration whose failure probability stays, with the stated
// confidence, at or below the tolerance.
type Cap struct {
	Case
	Reading      string  // "cautious" or "documented"
	Tolerance    float64 // largest accepted failure probability
	Confidence   float64 // probability that all caps of the table hold
	Cap          float64 // the cap [s]; 0 if there is none
	CapUpper     float64 // upper end of the cap's interval [s]
	FailureAtCap estimate.Estimate
	// most frequent failure cause one step beyond the cap; meaningless without
	// samples
	BindingCause model.Cause
	// failure of the shortest session: how far from safe a cap is that is never met
	ShortestFails estimate.Estimate
	// failure of the shortest session as long as the limit; NaN without a limit
	FailureAtLimit estimate.Estimate
	ResignedAtCap  estimate.Estimate // share of sessions that have lost the front by the cap
	CompletedAtCap estimate.Estimate // share of sessions that nothing has ended by the cap
	Refused        estimate.Estimate // share of all sessions whose start is refused
	Status         CapStatus
	Paths          int64
	// Under the first reading: Gated where the request has a gate, Spread where it was found
	// (package uncertainty).
	Gated  *GatedCap
	Spread *CapSpread
}

// CapSpread is how a cap moves over the uncertain inputs of a scenario [s].
type CapSpread struct {
	Low, Median, High float64 // 5 %, 50 % and 95 % of draws of the inputs have a shorter cap
	// Robust is a cap that holds for RobustShare of the draws, with the confidence of the
	// caps; 0 where there is none, NaN both where it was not looked for.
	Robust, RobustShare float64
	Longest             float64 // session length looked at: what reaches it may be longer
}

// Offer is a session length that a product may offer.
type Offer struct {
	Case
	Reading  string
	Duration float64 // [s]
	// Failure is that of sessions of the length that start; Missing where so long ones were
	// not looked at.
	Failure estimate.Estimate
	// Beyond reports whether the length and the margin are more than the limit: then a
	// session expires unless something else ends it first.
	Beyond bool
}

// Holds reports whether the length is within a cap of its case.
func (o *Offer) Holds(c Cap) bool { return o.Duration <= c.Cap*(1+1e-9) }

// GatedCap is the cap of the sessions alone that the app lets start: those that display a
// level, the gate, or more.
type GatedCap struct {
	Level         float64 // of the gate, parts of 1
	LeftOut       float64 // share of sessions that start below it
	Cap, CapUpper float64 // [s]
	FailureAtCap  estimate.Estimate
	Status        CapStatus
}

// Binding returns the cause that limits the cap, "" if there are too few samples.
func (c Cap) Binding() string {
	if c.Status == CapUnknown {
		return ""
	}
	return c.BindingCause.String()
}

// CompareCaps orders caps by what they allow: those that are not known come first, then
// none, then the shorter ones. It returns a negative number, 0 or a positive one.
func CompareCaps(a, b Cap) int {
	rank := func(c Cap) int {
		switch c.Status {
		case CapUnknown:
			return 0
		case CapNever:
			return 1
		}
		return 2
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Cap, b.Cap))
}

// Unanswered returns the row of a cap without any simulated path. Its upper end
// is the longest duration considered.
func Unanswered(c Case, reading solver.Reading, tolerance, confidence float64) Cap {
	return Cap{Case: c, Reading: string(reading), Tolerance: tolerance, Confidence: confidence,
		CapUpper:     c.Horizon,
		FailureAtCap: estimate.Missing, BindingCause: model.Completed, ShortestFails: estimate.Missing,
		FailureAtLimit: estimate.Missing,
		ResignedAtCap:  estimate.Missing, CompletedAtCap: estimate.Missing, Refused: estimate.Missing,
		Status: CapUnknown}
}
