package sweep

// CapStatus says how a cap came about. Files hold these texts; people read Name.
type CapStatus string

// A cap is met, or says why it is not one.
const (
	CapMet       CapStatus = "met"                // a cap, as precise as asked
	CapImprecise CapStatus = "met-imprecise"      // a cap that holds, less precise than asked
	CapNever     CapStatus = "never-met"          // even the shortest session fails more often
	CapHorizon   CapStatus = "met-to-horizon"     // met by every length looked at
	CapUnknown   CapStatus = "not-enough-samples" // too few paths to find one
)

// state is what people read for a status.
type state struct{ name, meaning string }

var states = map[CapStatus]state{
	CapMet:       {"", "the cap is as precise as asked"},
	CapImprecise: {"imprecise", "the cap holds, but is less precise than asked"},
	CapNever:     {"none", "even the shortest length fails too often"},
	CapHorizon:   {"at least", "longer lengths were not simulated"},
	CapUnknown:   {"too few sessions simulated", "more paths are needed to find the cap"},
}

// CapStatuses lists every status.
func CapStatuses() []CapStatus {
	return []CapStatus{CapMet, CapImprecise, CapNever, CapHorizon, CapUnknown}
}

// Name returns what tables, charts and reports call the status: "none" and "too few sessions
// simulated" stand in place of a cap, "at least" before it, "imprecise" behind it. It is empty
// for CapMet.
func (s CapStatus) Name() string { return states[s].name }

// Meaning explains the status in a clause.
func (s CapStatus) Meaning() string { return states[s].meaning }

// HasCap reports whether the status comes with a length.
func (s CapStatus) HasCap() bool { return s != CapNever && s != CapUnknown }
