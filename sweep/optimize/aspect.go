package optimize

// Aspect is a second goal, which is known of a candidate without simulation.
type Aspect string

const (
	// Cues: how often the app cues in a session, per minute.
	Cues Aspect = "cues"
	// Power: the mean power of the watch over a long session [W].
	Power Aspect = "power"
	// BelowGate: the share of starts that the app's gate excludes.
	BelowGate Aspect = "left-out"
	// Value: what a minute is worth, by the values of the levels.
	Value Aspect = "value"
)

// Aspects lists all second goals, those that a reader most likely means first.
func Aspects() []Aspect { return []Aspect{Value, Cues, Power, BelowGate} }

// More reports whether more of it is better.
func (a Aspect) More() bool { return a == Cues || a == Value }
