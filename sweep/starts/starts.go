package starts

import (
	"context"
	"fmt"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

// Starts are caps by what an app can observe when a session starts. A cell of a table is
// a stratum: sessions that start alike as far as the app can see. Its caps are
// conditional: the failure probability that they keep within the tolerance is that of the
// sessions of the stratum, not of all.
//
// All caps of all tables, those for everyone too, hold together with the confidence of
// the provenance (Bonferroni over Family). FindStarts leaves the provenance to its caller,
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

// WatchClass holds the watches of one thermal build, which the caps do not tell apart.
type WatchClass struct {
	ID      string        `json:"id"`
	Devices []WatchDevice `json:"devices"`
}

// WatchDevice is a watch of a class that has a share of the fleet.
type WatchDevice struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// StartTable holds the caps of a session type at a tolerance.
type Table struct {
	Session, SessionName string
	Limit                float64 // documented [s]; 0 means none
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
	Failure    Share // at the cap; NaN without a cap
}

// Share is a probability with the bounds of its own interval, of the confidence asked for.
type Share struct{ Value, Lower, Upper float64 }

// StartCell is a stratum with its cap.
type Cell struct {
	Watch    string // id of a WatchClass
	LowPower bool   // Low Power Mode is on when the session starts
	Thermal  string // of ThermalStates
	Level    LevelBin

	Share Share // of sessions that start in the stratum
	Paths int64 // behind its own estimates

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

	FailsAtCap, FailsAtFixed Share // NaN without a cap or without paths
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
	NoTolerance Basis = "tolerance" // no cap: even the shortest plan fails more often
	NoSamples   Basis = "samples"   // no cap: too few paths to carry one, and none to borrow
)

// FindStarts finds the caps of a request's session types by what an app observes at the
// start, for the first of its readings, with Paths as the quota of a stratum. Devices,
// environments, estimator and sampling of the request are not looked at: sessions are
// drawn from all by share. If ctx ends first it returns its error.
func Find(ctx context.Context, s *model.Scenario, q sweep.Request, control sweep.Control) (*Result, error) {
	q.Devices, q.Environments = []string{solver.Fleet}, []string{solver.Mix}
	q.Readings, q.Estimator, q.CapsOnly = q.Readings[:1], solver.Weights, true
	q.StartLevel, q.Curves = nil, false
	out := &Result{Levels: startLevels(), Quota: q.Paths, Drawn: drawnPerPath * q.Paths}
	err := q.EachCase(s, control, func(i int, c sweep.Case) error {
		program, err := solver.Compile(s, solver.Case{Session: c.Session, Device: solver.Fleet, Environment: solver.Mix})
		if err != nil {
			return err
		}
		if i == 0 {
			out.Watches = watchClasses(s, program.Builds())
			cells := len(out.Watches) * 2 * len(ThermalStates) * len(out.Levels)
			out.Family = (cells + 1) * len(q.Sessions) * len(q.Tolerances)
		}
		return out.find(ctx, c, program, q, control)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// drawnPerPath is how many sessions are drawn for a path of a stratum's quota: a stratum
// with more than its inverse as a share has all its paths.
const drawnPerPath = 256

func watchClasses(s *model.Scenario, builds []string) []WatchClass {
	classes := make([]WatchClass, len(builds))
	for i, build := range builds {
		classes[i] = WatchClass{build, []WatchDevice{}}
		for _, d := range s.Devices {
			if d.Build == build && d.Weight > 0 {
				classes[i].Devices = append(classes[i].Devices, WatchDevice{d.ID, d.Name})
			}
		}
	}
	return classes
}

// find adds the tables of a case.
func (out *Result) find(ctx context.Context, c sweep.Case, p *solver.Program, q sweep.Request, control sweep.Control) error {
	settings := solver.Settings{Seed: q.Seed, Estimator: solver.Weights, Readings: q.Readings, Failures: sweep.Failures(q.EndOnResign),
		Workers: control.Workers, Kernel: control.Kernel, Progress: control.Progress}
	everyone, err := p.Answer(ctx, settings, solver.Question{Tolerances: q.Tolerances, Confidence: q.Confidence, Family: out.Family,
		Precision: q.Precision, RelativePrecision: q.RelativePrecision, MaxPaths: q.MaxPaths, CapsOnly: true})
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return err
	}
	observed, err := solver.Starts(ctx, p, settings, solver.Strata{Edges: startEdges, Candidates: out.Drawn, Quota: out.Quota})
	if err != nil {
		return err
	}
	for _, found := range everyone.Caps {
		t := Table{Session: c.Session, SessionName: c.SessionName, Limit: c.Limit, Tolerance: found.Tolerance,
			Fixed: FixedCap{Cap: found.Duration, Upper: found.Upper, Status: sweep.StatusOf(found.Status),
				Failure: share(everyone.Failure(found.Reading, found.Duration))}}
		for i := range observed {
			cell, err := out.cell(&observed[i], everyone, found)
			if err != nil {
				return err
			}
			t.Cells = append(t.Cells, cell)
		}
		for rows := t.Cells; len(rows) > 0; rows = rows[len(ThermalStates)*len(out.Levels):] {
			pool(rows[:len(ThermalStates)*len(out.Levels)], len(out.Levels))
		}
		for i := range observed {
			cell := &t.Cells[i]
			cell.FailsAtCap = failureBy(&observed[i], cell.Cap)
		}
		out.Tables = append(out.Tables, t)
	}
	return nil
}

// cell returns the cell of a stratum with what its own paths carry, given the answer for
// everyone and one of its caps.
func (out *Result) cell(o *solver.Observed, everyone *solver.Answer, fixed solver.Cap) (Cell, error) {
	o.Confidence = everyone.Confidence
	c := Cell{Watch: out.Watches[o.Build].ID, LowPower: o.LowPower, Thermal: ThermalStates[o.Thermal], Level: out.Levels[o.Level],
		Paths: o.Paths, OwnStatus: sweep.CapUnknown, OwnUpper: everyone.Durations[len(everyone.Durations)-1], FailsAtFixed: share(estimate.Missing)}
	one := (1 - o.Confidence) / 2
	ci := estimate.ClopperPearson(o.Drawn, out.Drawn, one, one)
	c.Share = Share{float64(o.Drawn) / float64(out.Drawn), ci.Lower, ci.Upper}
	if o.Paths == 0 {
		return c, nil
	}
	caps, err := solver.Caps(&o.Estimates, solver.Question{Tolerances: []float64{fixed.Tolerance}, Confidence: o.Confidence, Family: out.Family, Paths: o.Paths})
	if err != nil {
		return c, err
	}
	own := caps[0]
	c.Own, c.OwnUpper, c.OwnStatus, c.Binding = own.Duration, own.Upper, sweep.StatusOf(own.Status), own.Binding.String()
	c.FailsAtFixed = failureBy(o, fixed.Duration)
	return c, nil
}

// failureBy returns the failure in a stratum of a plan of a duration.
func failureBy(o *solver.Observed, duration float64) Share {
	if o.Paths == 0 {
		return share(estimate.Missing)
	}
	return share(o.Failure(o.Readings[0].Reading, duration))
}

func share(e estimate.Estimate) Share { return Share{e.Value, e.Lower, e.Upper} }
