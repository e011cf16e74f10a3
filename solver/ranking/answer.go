package ranking

// Outcome says how a race ended.
type Outcome int

const (
	// Selected: the chosen design is within δ of the best feasible one.
	Selected Outcome = iota
	// Infeasible: every design surely breaks a requirement.
	Infeasible
	// OutOfPaths: Problem.Most came first. The chosen design leads so far.
	OutOfPaths
	// Interrupted: Extend returned an error. The chosen design leads so far.
	Interrupted
)

// State says what became of a design.
type State int

const (
	Open      State = iota // as good as the chosen one as far as is known, within δ
	Beaten                 // surely shorter than a feasible design
	Excluded               // surely breaks a requirement
	Unsampled              // never simulated
)

// Standing is what is known of a design in the end.
type Standing struct {
	State State
	// Accepted: every requirement is surely met within its zone.
	Accepted bool
	Look     int   // at which it left the race, or the last one
	Paths    int64 // behind its estimates
	// Worth is the best estimate of what it is worth; Lower and Upper are the ends of its interval,
	// which holds by itself with Problem.Confidence.
	Worth, Lower, Upper float64
	// Value is Worth with the fraction of a step up to where the curve crosses the tolerance. It
	// orders designs.
	Value float64
	// Breaks is the requirement that it surely breaks, −1 if none.
	Breaks int
	// Excess is by which factor the requirement that is broken most exceeds its limit, by the
	// best estimate; Binding is its index, −1 without requirements.
	Excess  float64
	Binding int
}

// Answer is the result of a race.
type Answer struct {
	Outcome Outcome
	Chosen  int // −1 if no design is accepted
	// Nearest is the design that breaks its requirements least, where all are infeasible.
	Nearest   int
	Standings []Standing // by design
	Samples   []*Sample  // the latest, by design; nil of designs that have left the race
	Looks     int
	Paths     int64 // simulated, over all designs
}
