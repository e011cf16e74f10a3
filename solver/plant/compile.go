package plant

import (
	"fmt"
	"math"

	"budget/model"
	"budget/solver/random"
)

// Fleet and Mix stand for a device drawn from the fleet and an environment
// drawn from the mix.
const (
	Fleet = "fleet"
	Mix   = "mix"
)

// Case is what to simulate: a session type, on a device or the fleet, in an
// environment or the mix.
type Case struct {
	Session     string
	Device      string   // id, or Fleet
	Environment string   // id, or Mix
	StartLevel  *float64 // fixes z(0); nil draws it
	Duration    float64  // longest plan looked at [s]; 0 means the session's horizon
}

// Plant is what happens to the watch, compiled to constants. It is immutable, its fields
// too, and serves any number of goroutines.
type Plant struct {
	Scenario *model.Scenario
	Case     Case

	Step  float64 // D [s]
	Steps int     // K: the last step starts at K−1 and ends at the longest plan's end plus the margin
	First int     // index of the time of the shortest plan, D + margin

	devices      []device
	deviceShares []float64
	environments []environment
	envShares    []float64
	fitShares    []float64
	networks     [][][]network // by build, environment and fit

	startLevel *float64
	startTable *random.BetaTable

	cell     cell
	load     load
	gauge    gaugeStep
	heard    bool       // the gauge's noise is followed from the start
	limits   [3]float64 // thermal levels [degC]
	cpuSteps int        // steps in the CPU window
	settling settling
}

type device struct {
	capacity float64 // Q0 [C]
	build    int
}

// environment holds the constants of an environment's drivers.
type environment struct {
	index                     int // in the scenario
	ambientMean, ambientSD    float64
	ouSD, ouDecay, ouInnovate float64
	reach                     float64 // that the OU part stays within of where its start takes it [K]
	sunShare, irradianceMax   float64
	sunFromSun, sunFromShade  uint64 // transition probabilities in units of 2^−32
}

// network holds the exact thermal step of a build in an environment's airflow
// with a fit, in the network's modes: an amplitude decays on its own and takes its
// share of what feeds the nodes. Amplitudes are scaled to be a mode's part of the
// temperature at node B, whose sum that temperature is.
type network struct {
	decay              model.Vector // of the amplitudes over a step
	logic, heat, front model.Vector // per watt of heat at the nodes P, B and F
	air                model.Vector // per degC of air
	wrist              model.Vector // per degC of deep wrist
	skin               model.Vector // temperature of node K per amplitude
	cellHeat           float64      // temperature of node B per watt of heat there, in a step
	amplitudes         model.Matrix // from temperatures
	gain               model.Matrix // G⁻¹
	model              *model.Network
}

// cell holds the battery's constants for the step.
type cell struct {
	eaOverRg            float64
	rho, soCGain        float64
	inverseScale, texp  float64
	decay1, decay2      float64
	entropy, vCut, tOff float64
	knots               []float64 // lower ends of the segments of U
	slope, intercept    []float64 // U = intercept + slope·z on each
}

// load holds the workload's constants for the step. Probabilities are in units
// of 2^−32, cumulated over the next states.
type load struct {
	power [4]float64
	front [4]float64 // share dissipated in the display
	next  [4][3]uint64
	cpu   [4]int64 // CPU share in units of 2^−40
}

type gaugeStep struct {
	decay, innovate, sd, biasSD, inverseConverge float64
	lowBelow, veryLowBelow                       float64 // in displayed per cent, plus one
}

// two32 scales probabilities to 32-bit words.
const two32 = 1 << 32

// Compile prepares a case of a scenario. The error names what the case has that
// the scenario lacks.
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
		Scenario:   s,
		Case:       c,
		Step:       d,
		First:      1 + int(math.Round(float64(s.Grid.Margin)/d)),
		startLevel: c.StartLevel,
		cpuSteps:   int(math.Round(float64(s.Policy.CPUWindow) / d)),
	}
	p.Steps = int(math.Floor(duration/d+1e-9)) + p.First - 1

	if err := p.compileFleet(c.Device); err != nil {
		return nil, err
	}
	if err := p.compileEnvironments(c.Environment); err != nil {
		return nil, err
	}
	p.compileNetworks()
	p.compileCell()
	p.compileLoad(s.Workload.ByID[session.Workload])
	p.compileGauge()
	if p.startLevel == nil {
		p.startTable = random.NewBetaTable(s.StartLevelShape(session))
	}
	for i, t := range s.Policy.Levels {
		p.limits[i] = float64(t)
	}
	p.compileSettling()
	return p, nil
}

func (p *Plant) compileFleet(id string) error {
	builds := p.Builds()
	for _, d := range p.Scenario.Devices {
		if id != Fleet && d.ID != id {
			continue
		}
		for b, name := range builds {
			if name == d.Build {
				p.devices = append(p.devices, device{float64(d.Capacity), b})
			}
		}
		p.deviceShares = append(p.deviceShares, float64(d.Weight))
	}
	if len(p.devices) == 0 {
		return fmt.Errorf("unknown device %q", id)
	}
	return nil
}

// Builds names the thermal builds in the order of the devices that use them.
func (p *Plant) Builds() []string {
	var names []string
	seen := map[string]bool{}
	for _, d := range p.Scenario.Devices {
		if !seen[d.Build] {
			seen[d.Build] = true
			names = append(names, d.Build)
		}
	}
	return names
}

func (p *Plant) compileEnvironments(id string) error {
	for i, e := range p.Scenario.Environments {
		if id != Mix && e.ID != id {
			continue
		}
		c := environment{
			index:         i,
			ambientMean:   float64(e.AmbientMean),
			ambientSD:     float64(e.AmbientSD),
			ouSD:          float64(e.OUSD),
			sunShare:      float64(e.SunShare),
			irradianceMax: float64(e.IrradianceMax),
		}
		c.ouDecay, c.ouInnovate = model.OUStep(c.ouSD, float64(e.OUTau), p.Step)
		stay, enter := model.SunStep(c.sunShare, float64(e.SunSpell), p.Step)
		c.sunFromSun, c.sunFromShade = uint64(math.Round(stay*two32)), uint64(math.Round(enter*two32))
		p.environments = append(p.environments, c)
		p.envShares = append(p.envShares, float64(e.Share))
	}
	if len(p.environments) == 0 {
		return fmt.Errorf("unknown environment %q", id)
	}
	return nil
}

func (p *Plant) compileNetworks() {
	s := p.Scenario
	for _, f := range s.Thermal.Fits {
		p.fitShares = append(p.fitShares, float64(f.Share))
	}
	for _, build := range p.Builds() {
		var byEnvironment [][]network
		for _, e := range s.Environments {
			var byFit []network
			for _, fit := range s.Thermal.Fits {
				byFit = append(byFit, p.compileNetwork(model.NewNetwork(&s.Thermal, s.Thermal.Builds[build], s.Airflow(e), fit)))
			}
			byEnvironment = append(byEnvironment, byFit)
		}
		p.networks = append(p.networks, byEnvironment)
	}
}

func (p *Plant) compileNetwork(n *model.Network) network {
	_, w := n.Propagator(p.Step)
	shapes, amplitudes, decay := n.Modes(p.Step)
	var skin model.Vector
	for i := range amplitudes {
		scale := shapes[model.NodeB][i]
		if scale == 0 {
			scale = 0x1p-200 // a mode that node B has no part in
		}
		skin[i] = shapes[model.NodeK][i] / scale
		for j := range amplitudes[i] {
			amplitudes[i][j] *= scale
		}
	}
	per := func(p, front, qB, air, wrist float64) model.Vector {
		return amplitudes.Times(w.Times(n.Input(p, front, qB, 0, air, wrist)))
	}
	heat := per(0, 0, 1, 0, 0)
	return network{
		decay:      decay,
		logic:      per(1, 0, 0, 0, 0),
		heat:       heat,
		cellHeat:   heat[0] + heat[1] + heat[2] + heat[3] + heat[4],
		front:      per(1, 1, 0, 0, 0),
		air:        per(0, 0, 0, 1, 0),
		wrist:      per(0, 0, 0, 0, 1),
		skin:       skin,
		amplitudes: amplitudes,
		gain:       n.Gain(),
		model:      n,
	}
}

// cellGain and skinGain return the equilibrium temperatures at the nodes B and K
// for heat at the nodes P, F and B [W], air and deep wrist [degC].
func (n *network) cellGain(logic, front, heat, air, wrist float64) float64 {
	return n.equilibrium(&n.gain[model.NodeB], logic, front, heat, air, wrist)
}

func (n *network) skinGain(logic, front, heat, air, wrist float64) float64 {
	return n.equilibrium(&n.gain[model.NodeK], logic, front, heat, air, wrist)
}

func (n *network) equilibrium(gain *[model.Nodes]float64, logic, front, heat, air, wrist float64) float64 {
	m := n.model
	return gain[model.NodeP]*logic + gain[model.NodeB]*heat + gain[model.NodeH]*(m.AirH*air) +
		gain[model.NodeF]*(front+m.AirF*air) + gain[model.NodeK]*(m.Wrist*wrist)
}

func (p *Plant) compileCell() {
	b := &p.Scenario.Battery
	p.cell = cell{
		eaOverRg:     float64(b.Ea) / model.GasConstant,
		rho:          float64(b.Rho),
		soCGain:      float64(b.SoCGain),
		inverseScale: 1 / float64(b.SoCScale),
		texp:         float64(b.SoCTExp),
		decay1:       math.Exp(-p.Step / float64(b.Tau1)),
		decay2:       math.Exp(-p.Step / float64(b.Tau2)),
		entropy:      float64(b.Entropy),
		vCut:         float64(b.VCut),
		tOff:         float64(p.Scenario.Thermal.TOff),
	}
	// Segment 0 is the constant below the first knot, the last one that above
	// the last.
	c := &p.cell
	add := func(knot, slope, intercept float64) {
		c.knots = append(c.knots, knot)
		c.slope = append(c.slope, slope)
		c.intercept = append(c.intercept, intercept)
	}
	last := len(b.OCV) - 1
	add(math.Inf(-1), 0, float64(b.OCV[0]))
	for i := range last {
		z0, z1 := float64(b.OCVLevels[i]), float64(b.OCVLevels[i+1])
		u0, u1 := float64(b.OCV[i]), float64(b.OCV[i+1])
		slope := (u1 - u0) / (z1 - z0)
		add(z0, slope, u0-slope*z0)
	}
	add(float64(b.OCVLevels[last]), 0, float64(b.OCV[last]))
}

func (p *Plant) compileLoad(w *model.Workload) {
	for s := range p.load.power {
		p.load.power[s] = float64(w.Power[s])
		p.load.front[s] = float64(p.Scenario.Workload.States.Front[s])
		p.load.cpu[s] = int64(math.Round(float64(w.CPU[s]) * cpuUnits))
	}
	for s, row := range w.Transition(p.Step) {
		sum := 0.0
		for j := range p.load.next[s] {
			sum += row[j]
			p.load.next[s][j] = uint64(math.Round(sum * two32))
		}
	}
}

// cpuUnits scales CPU shares to integers, whose sums over the window are exact.
const cpuUnits = 1 << 40

func (p *Plant) compileGauge() {
	g := &p.Scenario.Gauge
	p.gauge.decay, p.gauge.innovate = model.OUStep(float64(g.NoiseSD), float64(g.NoiseTau), p.Step)
	p.gauge.sd, p.gauge.biasSD = float64(g.NoiseSD), float64(g.BiasSD)
	p.gauge.inverseConverge = 1 / float64(g.Converge)
	p.gauge.lowBelow = displayedBelow(float64(p.Scenario.Policy.LowBattery))
	p.gauge.veryLowBelow = displayedBelow(float64(p.Scenario.Policy.VeryLowBattery))
}

// displayedBelow turns "the displayed level is at most this" into a bound on
// the level in per cent plus a half before it is rounded down: with m the
// greatest whole per cent that is at most the level, ⌊y⌋ ≤ m is y < m + 1.
func displayedBelow(level float64) float64 {
	if level >= 1 {
		return math.Inf(1) // the displayed level is clipped to 1
	}
	m := 0
	for float64(m+1)/100 <= level {
		m++
	}
	return float64(m + 1)
}
