package store

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"budget/internal/disk"
	"budget/internal/finite"
	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/plan"
	"budget/sweep/table"
)

// Results are the results of budget caps or budget sweep in a directory. Nothing is
// simulated. Close them after use.
type Results struct {
	Dir        string
	Name       string // of the plan, or of the scenario
	Provenance sweep.Provenance
	Plan       *Provenance   // nil for budget caps
	Columns    []Column      // that identify cells
	Cells      []*Cell       // by cell, then session type, in the order of the tables
	Offers     []sweep.Offer // of budget caps, by case
	// Changed says what in the directory is not as it was written; "" if all is, as it must be
	// unless ReadUnchecked has read it.
	Changed string

	journal *Journal // nil if no curves are stored
}

// Cell is the result of a cell for a session type.
type Cell struct {
	Number     int         // of the cell, from 1
	Values     []string    // by Results.Columns, as in the tables
	sweep.Case             // the case simulated
	Caps       []sweep.Cap // by reading, then tolerance

	results *Results
	block   sweep.Key
}

// Errors of directories without results or without curves.
var (
	ErrNoResults  = errors.New("it holds no results")
	ErrUnfinished = errors.New("its sweep is not finished: run it again to resume, or merge its parts")
	// ErrNothingSimulated is the error of a run that ended before its first session was simulated.
	ErrNothingSimulated = errors.New("the run ended before any session was simulated: run it again")
	ErrNoCurves         = errors.New("keeps no curves")
)

// Read reads the results in a directory. The error is ErrNoResults if it holds neither a
// run of budget caps nor a sweep, ErrUnfinished if the sweep has no tables yet, and a
// *disk.Changed if a file is not as it was written with the others. Curves are read later, by
// Cell.Curves.
func Read(dir string) (*Results, error) { return read(dir, true) }

// ReadUnchecked reads the results in a directory whatever has become of its files since they were
// written, and says so in Changed.
func ReadUnchecked(dir string) (*Results, error) { return read(dir, false) }

func read(dir string, check bool) (*Results, error) {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("no such directory")
	}
	r := &Results{Dir: dir}
	has := func(name string) bool { _, err := os.Stat(filepath.Join(dir, name)); return err == nil }
	swept := has(blocksName)
	switch {
	case swept || has(capsJSONName):
	case CheckJournal(dir) == nil || has(partsName):
		return nil, ErrUnfinished
	default:
		return nil, ErrNoResults
	}
	if err := unchanged(dir, swept); err != nil {
		if check {
			return nil, err
		}
		r.Changed = err.Error()
	}
	read := r.readCaps
	if swept {
		read = func() error { return r.readSweep(check) }
	}
	if err := read(); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	if err := r.check(); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// check returns an error unless every cell has a cap for every reading and tolerance, in
// order. Files that were edited may not.
func (r *Results) check() error {
	p := &r.Provenance
	if len(r.Cells) == 0 {
		return fmt.Errorf("the tables in %s are empty", r.Dir)
	}
	err := p.Check()
	if err == nil && len(p.Tolerances) == 0 {
		err = errors.New("names no reading or no tolerance")
	}
	if err != nil {
		return fmt.Errorf("the provenance in %s %w", r.Dir, err)
	}
	for _, o := range r.Offers {
		if err := errors.Join(sweep.CheckShare(o.Failure),
			sweep.CheckCap(o.Duration, o.Duration, sweep.CapMet)); err != nil {
			return fmt.Errorf("the lengths to offer in %s have %w: run again the command that wrote them",
				r.Dir, err)
		}
	}
	if err := r.checkPlan(); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, c := range r.Cells {
		fits := len(c.Caps) == len(p.Readings)*len(p.Tolerances)
		for i := 0; fits && i < len(c.Caps); i++ {
			fits = c.Caps[i].Reading == p.Readings[i/len(p.Tolerances)] &&
				c.Caps[i].Tolerance == p.Tolerances[i%len(p.Tolerances)]
		}
		if !fits {
			return fmt.Errorf("the table of caps in %s is incomplete: expected a cap of %s for every "+
				"reading and tolerance of the provenance", r.Dir, cmp.Or(c.Session, "each session type"))
		}
		id := fmt.Sprint(c.Number, " ", c.Session)
		if seen[id] {
			return fmt.Errorf("the table of caps in %s has %s in cell %d twice", r.Dir, c.Session, c.Number)
		}
		seen[id] = true
		for i := range c.Caps {
			if err := c.Caps[i].Check(); err != nil {
				return fmt.Errorf("the table of caps in %s has for %s in cell %d %w: run again the command "+
					"that wrote it", r.Dir, c.Session, c.Number, err)
			}
		}
	}
	return nil
}

// checkPlan returns an error unless a sweep has a cell for every cell and session type of its
// provenance, with ascending durations.
func (r *Results) checkPlan() error {
	p := r.Plan
	if p == nil {
		return nil
	}
	if p.PathsPerCell < 1 || p.Cells < 1 || p.Cells*len(p.Sessions) != len(r.Cells) {
		return fmt.Errorf("the table of caps in %s is incomplete: it has %d caps of a cell and session "+
			"type, and its provenance %d cells of %d paths", r.Dir, len(r.Cells), p.Cells, p.PathsPerCell)
	}
	for _, session := range p.Sessions {
		before := 0.0
		for _, d := range p.Durations[session] {
			if !(d > before && !math.IsInf(d, 1)) {
				return fmt.Errorf("the provenance in %s has a duration of %v s after %v s", r.Dir, d, before)
			}
			before = d
		}
		if before == 0 {
			return fmt.Errorf("the provenance in %s has no durations of %s", r.Dir, session)
		}
	}
	return nil
}

// Simulated returns the results of the cells that were simulated, and the cells that the run did
// not reach before it was interrupted or out of time.
func (r *Results) Simulated() (reached *Results, left []*Cell) {
	some := *r
	some.Cells = nil
	for _, c := range r.Cells {
		if c.Simulated() {
			some.Cells = append(some.Cells, c)
		} else {
			left = append(left, c)
		}
	}
	return &some, left
}

// Unreached says which cells a run did not reach, "" if none.
func Unreached(left []*Cell) string {
	var names []string
	for _, c := range left {
		name := cmp.Or(c.SessionName, c.Session)
		if c.Device != solver.Fleet {
			name += ", " + c.Device
		}
		if c.Environment != solver.Mix {
			name += ", " + c.Environment
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return ""
	}
	return "The run ended early. Not simulated: " + strings.Join(names, "; ") + "."
}

// Simulated reports whether any session of the cell was simulated.
func (c *Cell) Simulated() bool { return len(c.Caps) > 0 && c.Caps[0].Paths > 0 }

// Beside returns an error if a file that another command has left in the directory is of another
// scenario than the results. A sweep has many.
func (r *Results) Beside(name string, p sweep.Provenance) error {
	if r.Plan != nil || p.ScenarioDigest == r.Provenance.ScenarioDigest {
		return nil
	}
	return fmt.Errorf("%s is of scenario %q, the caps there are of %q, or their inputs differ: run "+
		"both commands with the same scenario, or remove the file", filepath.Join(r.Dir, name),
		p.Scenario, r.Name)
}

// Close closes the file of curves.
func (r *Results) Close() error {
	if r.journal == nil {
		return nil
	}
	return r.journal.Close()
}

// Sessions lists the ids of the session types, in the order of the tables.
func (r *Results) Sessions() []string {
	var ids []string
	for _, c := range r.Cells {
		if !slices.Contains(ids, c.Session) {
			ids = append(ids, c.Session)
		}
	}
	return ids
}

// Column returns the index of a column, or -1.
func (r *Results) Column(name string) int {
	return slices.IndexFunc(r.Columns, func(c Column) bool { return c.Name == name })
}

// Varying lists the indices of the columns whose value differs between cells.
func (r *Results) Varying() []int {
	var places []int
	for i := range r.Columns {
		if slices.ContainsFunc(r.Cells,
			func(c *Cell) bool { return c.Values[i] != r.Cells[0].Values[i] }) {
			places = append(places, i)
		}
	}
	return places
}

// readSweep reads the results of a finished sweep.
func (r *Results) readSweep(check bool) error {
	text, err := os.ReadFile(filepath.Join(r.Dir, provenanceName))
	if err != nil {
		return err
	}
	r.Plan = &Provenance{}
	if err := finite.Unmarshal(text, r.Plan); err != nil || r.Plan.Fingerprint == "" {
		return fmt.Errorf("%s is not the provenance of a finished sweep",
			filepath.Join(r.Dir, provenanceName))
	}
	r.Name, r.Provenance = r.Plan.Plan, r.Plan.Provenance
	known := map[string]Column{
		plan.KeyDevice:      {Name: plan.KeyDevice, Title: "device"},
		plan.KeyEnvironment: {Name: plan.KeyEnvironment, Title: "environment"},
		plan.KeyStartLevel:  {Name: plan.KeyStartLevel, Title: "start level", Number: true},
	}
	for _, axis := range r.Plan.Axes {
		for _, c := range axis.Columns {
			if _, ok := known[c.Name]; !ok {
				known[c.Name] = c
			}
		}
	}
	blocks := map[[2]string]sweep.Key{}
	if err := table.ReadFile(filepath.Join(r.Dir, blocksName), func(row table.Row) error {
		key, err := hex.DecodeString(row.Field("block"))
		if err != nil || len(key) != len(sweep.Key{}) {
			return fmt.Errorf("%q is not a block key", row.Field("block"))
		}
		blocks[[2]string{row.Field("cell"), row.Field("session")}] = sweep.Key(key)
		return nil
	}); err != nil {
		return err
	}
	var names []string
	if err := table.ReadFile(filepath.Join(r.Dir, "caps.csv"), func(row table.Row) error {
		if names == nil {
			// The columns before the reading identify cells.
			names = slices.DeleteFunc(slices.Clone(row.Header[:max(slices.Index(row.Header, "reading"), 0)]),
				func(name string) bool {
					return name == "cell" || name == "session"
				})
			for _, name := range names {
				r.Columns = append(r.Columns, cmp.Or(known[name], Column{Name: name, Title: name}))
			}
		}
		return r.addSweptCap(row, names, blocks)
	}); err != nil {
		return err
	}
	if r.journal, err = ReadJournal(filepath.Join(r.Dir, journalName)); errors.Is(err, errNoJournal) {
		err = &disk.Changed{Dir: r.Dir, Reason: filepath.Join(r.Dir, journalName) + " is " + err.Error()}
	}
	if err != nil {
		return err
	}
	err = r.journal.complete(r.Dir, blocks)
	if changed, ok := errors.AsType[*disk.Changed](err); ok && !check {
		r.Changed = strings.TrimPrefix(r.Changed+"; "+changed.Error(), "; ")
		return nil
	}
	return err
}

// addSweptCap adds a row of a sweep's table of caps.
func (r *Results) addSweptCap(row table.Row, names []string, blocks map[[2]string]sweep.Key) error {
	number, err1 := strconv.Atoi(row.Field("cell"))
	tolerance, err2 := strconv.ParseFloat(row.Field("tolerance"), 64)
	length, err3 := strconv.ParseFloat(row.Field("cap_s"), 64)
	paths, err4 := strconv.ParseInt(row.Field("paths"), 10, 64)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	session := row.Field("session")
	if n := len(r.Cells); n == 0 || r.Cells[n-1].Number != number || r.Cells[n-1].Session != session {
		c := &Cell{Number: number, results: r,
			block: blocks[[2]string{row.Field("cell"), session}],
			Case: sweep.Case{Session: session, SessionName: cmp.Or(r.Plan.SessionNames[session], session),
				Device:      row.Field(plan.KeyDevice),
				Environment: row.Field(plan.KeyEnvironment), Horizon: r.Plan.horizon(session)}}
		if limit := row.Number("limit_s"); limit > 0 {
			c.Limit = limit
		}
		if c.Cycles = sweep.Cycles(row.Field("cycle_ends_s")); c.Cycles != "" {
			c.Horizon = c.Cycles.End()
		}
		if load := row.Number("mean_load_w"); load > 0 {
			c.MeanLoad = load
		}
		if level := row.Number(plan.KeyStartLevel); !math.IsNaN(level) {
			c.StartLevel = &level
		}
		for _, name := range names {
			c.Values = append(c.Values, row.Field(name))
		}
		r.Cells = append(r.Cells, c)
	}
	c := r.Cells[len(r.Cells)-1]
	for _, t := range r.Provenance.Tolerances {
		// The table has twelve digits of a tolerance, older ones eight.
		if math.Abs(t-tolerance) < 1e-7*t {
			tolerance = t
		}
	}
	value := func(name string) estimate.Estimate {
		p := estimate.Missing
		p.Value = row.Number(name)
		return p
	}
	c.Caps = append(c.Caps, sweep.Cap{Case: c.Case, Reading: row.Field("reading"),
		Tolerance: tolerance, Confidence: r.Provenance.Confidence,
		Cap: length, CapUpper: row.Number("cap_upper_s"), FailureAtCap: value("failure_at_cap"),
		BindingCause:  model.CauseNamed(cmp.Or(row.Field("binding_cause"), model.Completed.String())),
		ShortestFails: estimate.Missing, FailureAtLimit: value("failure_at_limit"),
		ResignedAtCap: value("resigned_at_cap"), CompletedAtCap: value("completed_at_cap"),
		Refused: value("refused"),
		Status:  sweep.CapStatus(row.Field("status")), Paths: paths})
	return nil
}

// horizon returns the longest duration of the incidence table [s].
func (p *Provenance) horizon(session string) float64 {
	if d := p.Durations[session]; len(d) > 0 {
		return d[len(d)-1]
	}
	return math.NaN()
}

// readCaps reads the results of budget caps.
func (r *Results) readCaps() error {
	path := filepath.Join(r.Dir, capsJSONName)
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	result, provenance, ok := table.ReadCapsJSON(text)
	if !ok {
		return fmt.Errorf("%s is not the table of caps that budget writes", path)
	}
	r.Provenance, r.Name, r.Offers = provenance, provenance.Scenario, result.Offers
	r.Columns = []Column{{Name: plan.KeyDevice, Title: "device"},
		{Name: plan.KeyEnvironment, Title: "environment"}}
	numbers := map[[2]string]int{}
	for _, found := range result.Caps {
		if !(found.Horizon > 0) {
			found.Horizon = found.CapUpper
		}
		found.StartLevel = r.Provenance.StartLevel
		if n := len(r.Cells); n == 0 || r.Cells[n-1].Case != found.Case {
			on := [2]string{found.Device, found.Environment}
			if numbers[on] == 0 {
				numbers[on] = len(numbers) + 1
			}
			c := &Cell{Number: numbers[on], Values: on[:], Case: found.Case, results: r,
				block: caseKey(found.Case)}
			r.Cells = append(r.Cells, c)
		}
		c := r.Cells[len(r.Cells)-1]
		c.Caps = append(c.Caps, found)
	}
	r.journal, err = ReadJournal(filepath.Join(r.Dir, curvesName))
	if errors.Is(err, os.ErrNotExist) {
		err = nil // older versions stored no curves
	}
	return err
}

// Curves reads the curves of a cell. The error is ErrNoCurves for results of older
// versions without curves.
func (c *Cell) Curves() (*Curves, error) {
	if c.results.journal == nil {
		return nil, fmt.Errorf("%s %w", c.results.Dir, ErrNoCurves)
	}
	p := &c.results.Provenance
	b, err := c.results.journal.read(c.block, c.asked())
	if err != nil {
		return nil, fmt.Errorf("the curves of %s in cell %d are missing or damaged: run again the command "+
			"that made them: %w", c.Session, c.Number, err)
	}
	curves := &Curves{Case: c.Case, Durations: b.Last().Durations, States: b.States, provenance: p,
		Block: b}
	if len(c.Caps) > 0 {
		curves.gate = c.Caps[0].Gated
	}
	return curves, nil
}

// asked is what the block of a cell must contain.
func (c *Cell) asked() asked {
	p := &c.results.Provenance
	of := asked{}
	if plan := c.results.Plan; plan != nil {
		of.swept, of.kept, of.paths = true, plan.Durations[c.Session], plan.PathsPerCell
	} else {
		of.paths, of.step, of.horizon = c.Caps[0].Paths, p.Step, c.Horizon
	}
	for _, reading := range p.Readings {
		of.readings = append(of.readings, solver.Reading(reading))
	}
	return of
}

// Incidence returns the incidence table of a cell under a reading, for sessions as
// people use the app.
func (c *Cell) Incidence(reading string) (sweep.Incidence, error) {
	if c.results.Plan == nil {
		if told := c.results.Provenance.IncidenceReading; reading != told {
			return sweep.Incidence{}, fmt.Errorf("%s follows the %s reading, not the %s one",
				incidenceName, told, reading)
		}
		return table.ReadIncidence(filepath.Join(c.results.Dir, incidenceName), c.Case)
	}
	curves, err := c.Curves()
	if err != nil {
		return sweep.Incidence{}, err
	}
	return curves.incidence(reading)
}
