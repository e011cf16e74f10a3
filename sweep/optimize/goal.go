package optimize

// Goal is what is maximized.
type Goal struct {
	Maximize Maximize
	Over     Over
	Quantile float64   // of Over Quantile: the share of the circumstances that may be worse
	Menu     []float64 // of Offered: session lengths, ascending [s]
	Length   float64   // of Completed: of single sessions [s]
	// Within is the indifference δ [s]; Relative the same as a part of the worth. The larger holds.
	Within, Relative float64
	// Against is the second goal of the front that the answer shows; "" means the first that varies.
	Against Aspect
	Longest float64 // session length looked at [s]; 0 means the session types' horizon
	Robust  *Robust // nil takes the uncertain inputs as assumed
}

// Maximize says what a design is worth, times its value.
type Maximize string

const (
	// Cap: the longest session that fails no more often than the tolerance.
	Cap Maximize = "cap"
	// Offered: the longest session of a menu that fails no more often than the tolerance.
	Offered Maximize = "offered"
	// Completed: the mean time in sessions that complete, of all starts: a start that is refused or
	// below the gate completes none. Of a timer each of its sessions counts for itself.
	Completed Maximize = "completed"
)

// Capped reports whether it is about caps.
func (m Maximize) Capped() bool { return m != Completed }

// Over says what the goal is over the circumstances.
type Over string

const (
	// Mean: of a session whose circumstances are drawn by their weights.
	Mean Over = "mean"
	// Worst: the least of any circumstance.
	Worst Over = "worst"
	// Quantile: the most that all circumstances reach but a share of them, by their weights.
	Quantile Over = "quantile"
)

// Robust says that a design must hold for draws of the uncertain inputs.
type Robust struct {
	Sets  int
	Share float64 // of the draws: 1 means the worst of them
	// Vary and Fix are patterns of keys to draw, as of budget uncertainty.
	Vary, Fix []string
}

// quantile returns the share of what stands side by side in a sample that may be worse than a
// design's value.
func (g *Goal) quantile() float64 {
	switch {
	case g.Robust != nil:
		return 1 - g.Robust.Share
	case g.Over == Quantile:
		return g.Quantile
	}
	return 0
}
