package model

// Evidence says how well a default is known.
type Evidence string

// The kinds of evidence, best first.
const (
	Documented Evidence = "documented" // the maker says so
	Measured   Evidence = "measured"   // a third party measured it
	Derived    Evidence = "derived"    // computed from such facts; the source names the recipe
	Reported   Evidence = "reported"   // an anecdote
	Assumed    Evidence = "assumed"    // ours, with the widest range
)

var evidenceKinds = []string{string(Documented), string(Measured), string(Derived), string(Reported), string(Assumed)}
