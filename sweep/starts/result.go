package starts

import (
	"fmt"

	"budget/solver/estimate"
	"budget/sweep"
)

// Result holds caps by what an app can observe when a session starts. A cell of a table is
// a stratum: sessions that start alike as far as the app can see. Its caps are
// conditional: the failure probability that they keep within the tolerance is that of the
// sessions of the stratum, not of all.
//
// All caps of all tables, those for everyone too, hold together with the confidence of
// the provenance (Bonferroni over Family). Find leaves the provenance to its caller,
// who knows the program's version.
type Result struct {
	Provenance sweep.Provenance
	Family     int          // caps that hold together
	Drawn      int64        // sessions drawn for each session type, to find shares
	Quota      int64        // paths followed in a stratum, or fewer where fewer were drawn
	Levels     []LevelBin   // of the displayed battery level, ascending
	Watches    []WatchClass // what an app can tell of the watch
	Tables     []Table      // by session type, then tolerance, as asked
}

// LevelBin is a range of displayed battery levels in whole per cent, both ends included.
type LevelBin struct {
	From int `json:"from"`
	To   int `json:"to"`
}

func (b LevelBin) String() string { return fmt.Sprintf("%d-%d", b.From, b.To) }

// startEdges are the lowest displayed levels of the bins. Two of them stand just above the
// levels that the system looks at, 3 % and 10 % in the catalog, so that no bin holds
// batteries both low and not. Bins are narrower where caps are shorter.
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

// ThermalStates names the thermal levels as ProcessInfo.ThermalState does, from cool to
// hot.
var ThermalStates = []string{"nominal", "fair", "serious", "critical"}

// WatchClass holds the watches of a class of hardware, which the caps do not tell apart: those
// of one thermal build, unless the scenario gives them another class.
type WatchClass struct {
	ID      string        `json:"id"`
	Devices []WatchDevice `json:"devices"`
}

// WatchDevice is a watch of a class that has a share of the fleet.
type WatchDevice struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Table holds the caps of a session type at a tolerance.
type Table struct {
	Session, SessionName string
	Limit                float64 // [s]; 0 means none
	Tolerance            float64
	Fixed                FixedCap
	// Cells has one for every watch class, Low Power Mode off and on, thermal state from
	// cool to hot and level bin from low to high, the last one changing first.
	Cells []Cell
}

// FixedCap is the one cap for everyone who starts, whatever the app observes: that of
// budget caps, but for the family that it belongs to.
type FixedCap struct {
	Cap, Upper float64 // [s]; 0 where there is none
	Status     sweep.CapStatus
	Failure    estimate.Estimate // at the cap; NaN without a cap
}

// Cell is a stratum with its cap.
type Cell struct {
	Watch    string // id of a WatchClass
	LowPower bool   // Low Power Mode is on when the session starts
	Thermal  string // of ThermalStates
	Level    LevelBin

	Share estimate.Estimate // of sessions that start in the stratum
	Paths int64             // behind its own estimates

	// What the stratum's paths carry by themselves. Own is a cap and OwnUpper the longest
	// that it could be [s]; both are 0 where there is none.
	Own, OwnUpper float64
	OwnStatus     sweep.CapStatus
	Binding       string // cause with the most failures just beyond Own; "" without paths

	Cap   float64 // [s] that the app may offer; 0 means no cap, and Basis says why
	Basis Basis
	// From is the cell whose own cap this one is, or that keeps this one from having one,
	// of the same watch and mode: "nominal 11-14". It is "" where that is the cell itself.
	From string

	FailsAtCap, FailsAtFixed estimate.Estimate // NaN without a cap or without paths
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

// Unknown counts the caps, one for everyone and one for each cell of every table, that too
// few sessions were simulated for, among all.
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

// Name names a cell among those of its watch and mode: "nominal 11-14".
func (c *Cell) Name() string { return c.Thermal + " " + c.Level.String() }

// Basis says what the cap of a cell rests on, or why there is none.
type Basis string

// See pool.
const (
	OwnCap      Basis = "own"       // its own paths
	LentCap     Basis = "lent"      // too few paths of its own: the cap of a lower level
	HeldCap     Basis = "held"      // no longer than that of a start that is better off
	NoTolerance Basis = "tolerance" // sweep.CapNever
	NoSamples   Basis = "samples"   // sweep.CapUnknown, and no lower level to borrow from
)

// missing stands for a probability without a cap or without paths.
var missing = share(estimate.Missing)

// share drops the standard error, which the files do not have.
func share(e estimate.Estimate) estimate.Estimate {
	e.StandardError = 0
	return e
}
