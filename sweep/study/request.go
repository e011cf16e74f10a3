package study

import (
	"cmp"
	"errors"
	"slices"

	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/uncertainty"
)

// Truth is what the simulated studies take for true.
type Truth string

const (
	// Assumed: the scenario's values are true.
	Assumed Truth = "assumed"
	// Drawn: every study draws the rates that a log shows from their present laws. The
	// watch is as assumed.
	Drawn Truth = "prior"
)

// Truths lists the truths.
func Truths() []Truth { return []Truth{Assumed, Drawn} }

// Request asks how many sessions a study needs. It is for one case, and for the first reading
// and tolerance.
type Request struct {
	uncertainty.SpreadRequest         // what is uncertain, and the robust cap
	Length                    float64 // session length that shall be a robust cap [s]
	Assurance                 float64 // share of the studies after which it shall be
	Truth                     Truth
	// Logged is the length of the sessions logged [s]; 0 draws it as field.Simulate does.
	Logged  float64
	Studies int // to simulate for each number of sessions
	Most    int // number of sessions to look up to
}

// Status is the kind of an answer.
type Status string

const (
	Found   Status = "found"         // Sessions are needed
	Already Status = "already"       // the present robust cap reaches the length
	Never   Status = "never"         // no log is long enough
	Beyond  Status = "beyond"        // more than Request.Most sessions
	Unsafe  Status = "unsafe"        // the length is not safe even if all is as assumed
	TooFew  Status = "too-few-paths" // too few paths for a robust cap of that length
)

// Answer is the number of sessions that a study needs.
type Answer struct {
	Schema     int              `json:"schema"`
	Provenance sweep.Provenance `json:"provenance"`
	sweep.Case
	Length    float64 `json:"length_s"`
	Tolerance float64 `json:"tolerance"`
	Reading   string  `json:"reading"`
	Assurance float64 `json:"assurance"`
	Truth     Truth   `json:"truth"`
	Logged    float64 `json:"logged_s"` // 0: drawn as for a simulated log
	Studies   int     `json:"studies"`
	Share     float64 `json:"share"` // of the uncertain values that robust caps are safe for
	Draws     int     `json:"draws"` // of the uncertain inputs

	Status Status `json:"status"`
	// Sessions are needed, between Lower and Upper for the number of studies simulated. Upper
	// is 0 if it is not known.
	Sessions int `json:"sessions"`
	Lower    int `json:"sessions_lower"`
	Upper    int `json:"sessions_upper"`
	// Default is the best estimate of the cap as assumed; Now the present robust cap; Known the
	// robust cap if a log showed every rate exactly [s].
	Default float64 `json:"default_cap_s"`
	Now     float64 `json:"robust_cap_now_s"`
	Known   float64 `json:"robust_cap_known_s"`
	// Limit is the assurance of an endless log.
	Limit float64 `json:"assurance_known"`
	Rates []Rate  `json:"rates"`
	// Others are inputs that a log does not show and that keep the cap below the length, if
	// Status is Never.
	Others []Other `json:"others,omitempty"`
	Curve  []Point `json:"curve"`
}

// Rate is an uncertain rate that a log shows.
type Rate struct {
	Key string `json:"key"`
	// Alone is the robust cap if this rate were known; Without the robust cap if all the other
	// rates that a log shows were known, but not this one [s].
	Alone   float64 `json:"known_alone_cap_s"`
	Without float64 `json:"others_known_cap_s"`
	// Sessions are needed if only this rate were unknown among those that a log shows; 0 if it
	// then needs none, −1 if more than looked up to.
	Sessions int `json:"sessions"`
	// Events and Hours in its condition are the means of the studies with Answer.Sessions.
	Events float64 `json:"events"`
	Hours  float64 `json:"hours"`
}

// Other is an uncertain input that a log does not show.
type Other struct {
	Key   string  `json:"key"`
	Value string  `json:"value"` // the worse end of its range
	Cap   float64 `json:"cap_s"` // there, with all else as assumed
}

// Point is the assurance of a number of sessions.
type Point struct {
	Quantity string `json:"quantity"` // key of the only unknown rate; "" for all
	Sessions int    `json:"sessions"`
	estimate.Estimate
}

// Schema is the version of the answer's file.
const schema = 1

var errNoSurface = errors.New("study: the failure cannot be fitted as a function of the rates")

// File is the name of the answer's file.
const File = "study.json"

// ByNeed returns the rates by the sessions that they need, most first.
func (a *Answer) ByNeed() []Rate {
	rates := slices.Clone(a.Rates)
	slices.SortStableFunc(rates, func(x, y Rate) int {
		return cmp.Or(cmp.Compare(uint(y.Sessions), uint(x.Sessions)), cmp.Compare(x.Without, y.Without))
	})
	return rates
}
