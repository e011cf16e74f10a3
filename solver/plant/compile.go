package plant

import (
	"crypto/sha256"
	"fmt"
	"math"
	"slices"

	"budget/model"
	"budget/solver/random"
)

// Fleet means a device drawn from the fleet, Mix an environment drawn from the
// mix.
const (
	Fleet = "fleet"
	Mix   = "mix"
)

// Case is what to simulate: a session type on a device or the fleet, in an
// environment or the mix.
type Case struct {
	Session     string
	Device      string   // id, or Fleet
	Environment string   // id, or Mix
	StartLevel  *float64 // fixes z(0); nil draws it
	Duration    float64  // longest session considered [s]; 0 means the session type's horizon
	// Phases, if not nil, are those of a timer, which is simulated instead of a session of
	// any length up to Duration. The first is in a session.
	Phases []model.Phase
	// Pause means that a user who leaves comes back, and that the app then starts a new session
	// for what is left (pause.go). Else leaving does not affect the watch.
	Pause bool
	// Restart means that the app starts a new session at once when the granted time is used up.
	// It does not affect the watch.
	Restart bool
	// Gate is the displayed level [per cent] from which on the app lets a session start
	// (Start.BelowGate); 0 means that it always does.
	Gate int
	// Gates are further gates, of programs that share the plant (Start.BelowGates): at most
	// MostGates, each more than 0.
	Gates []int
}

// MostGates is the largest number of gates that paths of a plant are marked for.
const MostGates = 8

// Plant is the watch, its load and its environment, compiled to constants. It and its
// fields are immutable; goroutines may share it.
type Plant struct {
	Scenario *model.Scenario
	Case     Case

	Step float64 // D [s]
	// Steps is K: the last step starts at K−1 and ends at the longest session length plus
	// the margin.
	Steps int
	First int // index of the time of the shortest session, D + margin
	// Legs are the phases of the timer, or one leg for sessions of all lengths.
	Legs []model.Leg

	devices      []device
	deviceShares shares
	environments []environment
	envShares    shares
	fitShares    shares
	networks     [][][]network // by build, environment and fit
	startTable   *random.BetaTable

	cell   cell
	pauses *pauses        // nil unless leaving pauses
	loads  []load         // of the legs, each once; the first is that of the first leg
	loadOf []int          // by leg
	moves  []*environment // by leg, that to move to, or nil
	chains chains
	cues   bool // a load has regular cues
	// The word below which every load stays in its state quiet, and that below which it also
	// comes to it from all others.
	leastStay, leastReturn uint64
	gauge                  gauge
	limits                 [3]float64 // thermal levels [degC]
	cpuSteps               int        // steps in the CPU window
	bounds                 bounds

	noiseFromStart bool // the gauge's noise is followed from the start
}

type device struct {
	capacity   float64 // Q0 [C]
	build      int     // in the order of Builds
	class      int     // in the order of the scenario's Classes
	powerScale float64 // factor on every load
}

// Compile prepares a case of a scenario. The error names the id that the
// scenario does not have.
func Compile(s *model.Scenario, c Case) (*Plant, error) {
	session := s.Session(c.Session)
	if session == nil {
		return nil, fmt.Errorf("unknown session type %q", c.Session)
	}
	d := float64(s.Grid.Step)
	duration := c.Duration
	if duration == 0 {
		duration = float64(session.Horizon)
	}
	p := &Plant{
		Scenario: s,
		Case:     c,
		Step:     d,
		First:    1 + int(math.Round(float64(s.Grid.Margin)/d)),
		cpuSteps: int(math.Round(float64(s.Policy.CPUWindow) / d)),
		cell:     newCell(&s.Battery, float64(s.Thermal.TOff), d),
		gauge:    newGauge(&s.Gauge, &s.Policy, d),
	}
	phases := c.Phases
	if phases == nil {
		phases = []model.Phase{{Length: model.Duration(math.Floor(duration/d+1e-9) * d)}}
	}
	p.Legs = s.Grid.Legs(phases)
	p.Steps = p.Legs[len(p.Legs)-1].To
	if c.Pause {
		p.pauses = newPauses(s, session, d)
	}
	p.compileLoads()
	p.bounds = newBounds(&s.Battery, &p.cell, p.loads, len(p.Legs), &p.gauge, d, p.Steps)
	for i, t := range s.Policy.Levels {
		p.limits[i] = float64(t)
	}
	if c.StartLevel == nil {
		p.startTable = random.NewBetaTable(s.StartLevelShape(session))
	}
	if err := p.compileFleet(c.Device); err != nil {
		return nil, err
	}
	if err := p.compileEnvironments(c.Environment); err != nil {
		return nil, err
	}
	p.compileNetworks()
	if slices.ContainsFunc(p.moves, func(to *environment) bool { return to != nil }) {
		p.bounds.possible = false // the bounds are for one environment
	}
	return p, nil
}

// workload returns the workload of a leg.
func (p *Plant) workload(leg int) *model.Workload {
	return p.Scenario.WorkloadOf(&p.Legs[leg].Phase, p.Case.Session)
}

// compileLoads finds the loads of the legs, and of absences.
func (p *Plant) compileLoads() {
	var of []*model.Workload
	find := func(w *model.Workload) int {
		n := slices.Index(of, w)
		if n < 0 {
			n, of = len(of), append(of, w)
			p.loads = append(p.loads, newLoad(p.Scenario, w, p.Step))
		}
		return n
	}
	for i := range p.Legs {
		p.loadOf = append(p.loadOf, find(p.workload(i)))
	}
	if p.pauses != nil {
		p.pauses.load = find(p.Scenario.Workload.ByID[model.Worn])
	}
	p.chains = newChains(p.loads)
	p.cues = slices.ContainsFunc(p.loads, func(l load) bool { return l.cueEvery > 0 })
	p.leastStay, p.leastReturn = two32, two32
	for i := range p.loads {
		p.leastStay = min(p.leastStay, p.loads[i].next[0][0])
		for _, next := range p.loads[i].next {
			p.leastReturn = min(p.leastReturn, next[0])
		}
	}
}

func (p *Plant) compileFleet(id string) error {
	builds, classes := p.Builds(), p.Scenario.Classes()
	for _, d := range p.Scenario.Devices {
		if id == Fleet || d.ID == id {
			p.devices = append(p.devices, device{float64(d.Capacity),
				slices.Index(builds, d.Build), slices.Index(classes, d.HardwareClass()),
				p.Scenario.PowerScale(p.Scenario.Session(p.Case.Session), d)})
			p.deviceShares.add(float64(d.Weight))
		}
	}
	if len(p.devices) == 0 {
		return fmt.Errorf("unknown device %q", id)
	}
	return nil
}

// Builds returns the names of the thermal builds, in the order of the devices
// that use them.
func (p *Plant) Builds() []string {
	var names []string
	for _, d := range p.Scenario.Devices {
		if !slices.Contains(names, d.Build) {
			names = append(names, d.Build)
		}
	}
	return names
}

func (p *Plant) compileEnvironments(id string) error {
	for i, e := range p.Scenario.Environments {
		if id == Mix || e.ID == id {
			from := slices.Index(model.IDs(p.Scenario.Environments), e.From)
			p.environments = append(p.environments, newEnvironment(i, from, e, p.Step, p.Steps))
			p.envShares.add(float64(e.Share))
		}
	}
	if len(p.environments) == 0 {
		return fmt.Errorf("unknown environment %q", id)
	}
	for i := range p.Legs {
		var to *environment
		if id := p.Legs[i].Environment; i > 0 && id != "" {
			n := slices.Index(model.IDs(p.Scenario.Environments), id)
			if n < 0 {
				return fmt.Errorf("unknown environment %q", id)
			}
			e := newEnvironment(n, -1, p.Scenario.Environments[n], p.Step, p.Steps)
			to = &e
		}
		p.moves = append(p.moves, to)
	}
	return nil
}

func (p *Plant) compileNetworks() {
	s := p.Scenario
	for _, f := range s.Thermal.Fits {
		p.fitShares.add(float64(f.Share))
	}
	for _, build := range p.Builds() {
		var byEnvironment [][]network
		for _, e := range s.Environments {
			var byFit []network
			for _, fit := range s.Thermal.Fits {
				n := model.NewNetwork(&s.Thermal, s.Thermal.Builds[build], s.Airflow(e), fit)
				net := newNetwork(n, p.Step)
				net.cellLoad = p.bounds.heatOf(&net, model.NodeB, p.Step)
				net.skinLoad = p.bounds.heatOf(&net, model.NodeK, p.Step)
				byFit = append(byFit, net)
			}
			byEnvironment = append(byEnvironment, byFit)
		}
		p.networks = append(p.networks, byEnvironment)
	}
}

// WithoutSkipping returns the plant with every path stepped to its end, for measurements
// and tests. Histories are the same.
func (p *Plant) WithoutSkipping() *Plant {
	all := *p
	all.bounds.possible = false
	return &all
}

// WithNoiseFromStart returns the plant with the gauge's noise followed from the start, as
// needed if an app reads the displayed level. By default the noise starts when it can
// matter.
func (p *Plant) WithNoiseFromStart() *Plant {
	all := *p
	all.noiseFromStart = true
	return &all
}

// Digest identifies the plant: plants with the same digest give paths of the same seed and sampling
// the same histories.
func (p *Plant) Digest() [sha256.Size]byte {
	h := sha256.New()
	of := model.PlantDigest(p.Scenario, p.Case.Session, p.OtherLoads())
	h.Write(of[:])
	c := p.Case
	start := "drawn"
	if c.StartLevel != nil {
		start = fmt.Sprintf("%x", *c.StartLevel)
	}
	fmt.Fprintf(h, "%q %q %q %s %x %v %#v %d %d\n", c.Session, c.Device, c.Environment, start,
		c.Duration, c.Pause, p.Legs, c.Gate, c.Gates)
	if p.pauses != nil {
		fmt.Fprintf(h, "%#v\n", *p.pauses)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// OtherLoads reports whether the watch may have other loads than that of the session type: those of
// a timer's phases, and of absences.
func (p *Plant) OtherLoads() bool { return p.Case.Phases != nil || p.Pauses() }

// Pauses reports whether absences pause the sessions.
func (p *Plant) Pauses() bool { return p.pauses != nil }

// PausesAlike reports whether the absences are the same under another scenario, which may
// differ in rules that they depend on.
func (p *Plant) PausesAlike(s *model.Scenario) bool {
	if p.pauses == nil {
		return true
	}
	other := newPauses(s, s.Session(p.Case.Session), p.Step)
	other.load = p.pauses.load
	return *other == *p.pauses
}
