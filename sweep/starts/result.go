package starts

import (
	"fmt"

	"budget/solver/estimate"
	"budget/sweep"
)

// Result holds caps by what an app can observe when a session starts. A cell of a table is
// a stratum: all sessions with the same observation. Its cap is conditional: the failure
// probability within the tolerance is that of the stratum's sessions, not of all.
//
// All caps of all tables, including those for everyone, hold together with the confidence
// of the provenance (Bonferroni over Family). Find leaves Provenance to its caller, which
// knows the program's version.
type Result struct {
	Provenance sweep.Provenance
	Family     int          // number of caps that hold together
	Drawn      int64        // sessions drawn for each session type
	Quota      int64        // largest number of paths followed in a stratum
	Levels     []LevelBin   // of the displayed battery level, ascending
	Watches    []WatchClass // classes of watches that an app can distinguish
	Tables     []Table      // by session type, then tolerance, as requested
}

// LevelBin is a range of displayed battery levels in whole per cent, both ends included.
type LevelBin struct {
	From int `json:"from"`
	To   int `json:"to"`
}

func (b LevelBin) String() string { return fmt.Sprintf("%d-%d", b.From, b.To) }

// startEdges are the lowest displayed levels of the bins. Two are just above the
// thresholds of the system, 3 % and 10 % in the catalog, so that no bin has both low
// batteries and others. Bins are narrower where caps are shorter.
var startEdges = []int{0, 4, 11, 15, 20, 30, 40, 60, 80}

func startLevels() []LevelBin {
	bins := make([]LevelBin, len(startEdges))
	for i, from := range startEdges {
		bins[i] = LevelBin{from, 100}
		if i > 0 {
			bins[i-1].To = from - 1
		}
	}
	return bins
}

// ThermalStates are the names of the thermal levels in ProcessInfo.ThermalState, from
// cool to hot.
var ThermalStates = []string{"nominal", "fair", "serious", "critical"}

// WatchClass is a class of watches that share their caps: those of one thermal build, unless
// the scenario gives them another class.
type WatchClass struct {
	ID      string        `json:"id"`
	Devices []WatchDevice `json:"devices"`
}

// WatchDevice is a watch of a class with a share of the fleet.
type WatchDevice struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Table holds the caps of a session type at a tolerance.
type Table struct {
	Session, SessionName string
	Limit                float64 // [s]; 0 means none
	// Cycles are those of the timer that sessions are, if they are one. Caps are then ends of cycles,
	// for what an app observes when the first session starts.
	Cycles    sweep.Cycles
	Tolerance float64
	Fixed     FixedCap
	// Cells has one cell for every watch class, Low Power Mode off and on, thermal state
	// from cool to hot and level bin from low to high. The bin changes fastest.
	Cells []Cell
}

// FixedCap is the one cap for all starts. It is the cap of budget caps except for
// Family.
type FixedCap struct {
	Cap, Upper float64 // [s]; 0 if there is none
	Status     sweep.CapStatus
	Failure    estimate.Estimate // at the cap; NaN without a cap
}

// Cell is a stratum with its cap.
type Cell struct {
	Watch    string // id of a WatchClass
	LowPower bool   // Low Power Mode is on at the start
	Thermal  string // of ThermalStates
	Level    LevelBin

	Share estimate.Estimate // share of the sessions in the stratum
	Paths int64             // number behind its own estimates

	// Own is the cap from the stratum's own paths and OwnUpper the upper end of its
	// interval [s]; both are 0 if there is none.
	Own, OwnUpper float64
	OwnStatus     sweep.CapStatus
	Binding       string // cause with the most failures just beyond Own; "" without paths

	Cap   float64 // [s] that the app may offer; 0 means no cap, for the reason in Basis
	Basis Basis
	// From is the name of the cell of the same watch and mode that this cap, or its
	// absence, comes from: "nominal 11-14". It is "" for the cell itself.
	From string

	FailsAtCap, FailsAtFixed estimate.Estimate // NaN without a cap or without paths
}

// Case returns the case that the caps of the table are of: they are texts of its notation.
func (t *Table) Case() sweep.Case {
	return sweep.Case{Session: t.Session, SessionName: t.SessionName, Limit: t.Limit, Cycles: t.Cycles}
}

// Status returns the state of the cap that the app may offer.
func (c *Cell) Status() sweep.CapStatus {
	switch {
	case c.Cap > 0:
		return sweep.CapMet
	case c.Basis == NoTolerance:
		return sweep.CapNever
	}
	return sweep.CapUnknown
}

// Unknown returns the number n of caps for which too few sessions were simulated, and the
// number of all caps: one for everyone and one for each cell, of every table.
func (s *Result) Unknown() (n, all int) {
	count := func(status sweep.CapStatus) {
		all++
		if status == sweep.CapUnknown {
			n++
		}
	}
	for i := range s.Tables {
		count(s.Tables[i].Fixed.Status)
		for j := range s.Tables[i].Cells {
			count(s.Tables[i].Cells[j].Status())
		}
	}
	return n, all
}

// Name identifies a cell among those of its watch and mode: "nominal 11-14".
func (c *Cell) Name() string { return c.Thermal + " " + c.Level.String() }

// Basis says where the cap of a cell comes from, or why there is none.
type Basis string

// See pool.
const (
	OwnCap      Basis = "own"       // its own paths
	LentCap     Basis = "lent"      // too few paths of its own: borrows the cap of a lower level
	HeldCap     Basis = "held"      // limited by the cap of a cell with more battery or less heat
	NoTolerance Basis = "tolerance" // sweep.CapNever
	NoSamples   Basis = "samples"   // sweep.CapUnknown, and no lower level to borrow from
)

// missing is the probability of a cell without a cap or without paths.
var missing = share(estimate.Missing)

// share drops the standard error, which the files do not have.
func share(e estimate.Estimate) estimate.Estimate {
	e.StandardError = 0
	return e
}
