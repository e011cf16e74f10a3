package plant

import (
	"budget/model"
	"budget/solver/random"
)

// session holds the draws of a session (session model, section 2) and the state at t = 0
// that follows from them.
type session struct {
	device         device
	health         float64
	resistance     float64 // factor r on all resistances
	level          float64 // z(0)
	weight         float64 // of the path, for its level
	power, cpu     float64 // factors m and c
	env            *environment
	net            *network
	ambient, wrist float64 // T_0 and T_w [degC]
	fit            int
	threshold      float64 // offset θ of the thermal levels [K]
	lpmStart       bool
	lpmAccept      bool
	bias           float64 // of the gauge
	irradiance     float64 // S [W/m2]
	ou             float64 // ambient [K] at t = 0
	noise          float64 // of the gauge, when it begins to matter
	sun            bool
	since          float64 // time since the watch arrived from another environment [s]

	r0, r1, r2  float64 // resistances at 25 degC [ohm]
	drain       float64 // D/Q: state of charge per ampere and step
	startFactor float64 // on the power of the load at t = 0: m, and Low Power Mode
	sunHeat     float64 // in the sun [W]
	cpuLimit    int64   // largest sum of the CPU window within the limit
	watchCPU    bool    // the window can exceed the limit
}

// draw makes a session from the draws of a path.
func (p *Plant) draw(d *sessionDraws, in *session) {
	population, battery := &p.Scenario.Population, &p.Scenario.Battery

	in.device = p.devices[p.deviceShares.class(d.uniform(drawDevice))]
	youngest, oldest := float64(population.AgeYears[0]), float64(population.AgeYears[1])
	age := youngest + (oldest-youngest)*d.uniform(drawAge)
	in.health = population.Health(float64(population.CyclesPerDay)*age, d.normal(drawFade))
	in.resistance = population.ResistanceFactor(in.health, d.normal(drawGrowth), d.normal(drawCell))
	u := d.uniform(drawStartLevel)
	in.weight = 1
	if p.Case.StartLevel == nil && d.sampling == Tilted {
		u, in.weight = tilt(u)
	}
	in.level = p.startLevel(u)
	in.power = in.device.powerScale * random.Exp(float64(population.PowerSigma)*d.normal(drawPower))
	in.cpu = random.Exp(float64(population.CPUSigma) * d.normal(drawCPU))

	in.env = &p.environments[p.envShares.class(d.uniform(drawEnvironment))]
	in.ambient = in.env.ambientMean + in.env.ambientSD*d.normal(drawAmbient)
	in.wrist = population.WristTemperature(in.ambient) +
		float64(population.WristSD)*d.normal(drawWrist)
	fit := p.fitShares.class(d.uniform(drawFit))
	in.net = &p.networks[in.device.build][in.env.index][fit]

	in.threshold = float64(population.ThresholdSD) * d.normal(drawThreshold)
	in.lpmStart = d.uniform(drawLPMStart) < float64(population.LPMOnStart)
	in.lpmAccept = d.uniform(drawLPMAccept) < float64(population.LPMAccept)
	in.bias = p.gauge.biasSD * d.normal(drawBias)
	in.irradiance = 0
	if in.env.sunShare > 0 {
		in.irradiance = in.env.irradianceMax * d.uniform(drawIrradiance)
	}
	in.ou = in.env.ouSD * d.normal(drawOU)
	in.noise = p.gauge.sd * d.normal(drawNoise)
	in.sun = d.uniform(drawSun) < in.env.sunShare
	in.fit, in.since = fit, 0
	if in.env.from >= 0 {
		in.since = in.env.sinceMax * d.further(drawSince)
	}

	r := in.resistance / in.device.capacity
	in.r0, in.r1, in.r2 = float64(battery.R0Q)*r, float64(battery.R1Q)*r, float64(battery.R2Q)*r
	in.drain = p.Step / (in.device.capacity * in.health)
	in.startFactor = in.power
	if in.lpmStart {
		in.startFactor *= p.loads[0].lowPower
	}
	in.sunHeat = in.net.model.SunAreaScale * in.irradiance
	in.cpuLimit = p.cpuLimit(in.cpu)
	in.watchCPU = in.cpuLimit < p.bounds.busiest*int64(p.cpuSteps)
}

// move draws anew, for a path that moves to another environment with a leg, what depends on
// the environment: T_0, S, the air's deviation and being in the sun.
func (p *Plant) move(key random.Key, path uint64, leg int, to *environment, in *session) {
	stream := random.Stream{Key: key, Path: path, Purpose: purposeMove}
	ambient, irradiance, ou, sun := stream.Block(uint32(leg))
	in.env, in.net = to, &p.networks[in.device.build][to.index][in.fit]
	in.ambient = to.ambientMean + to.ambientSD*random.Normal32(ambient)
	in.irradiance = 0
	if to.sunShare > 0 {
		in.irradiance = to.irradianceMax * random.Uniform32(irradiance)
	}
	in.ou = to.ouSD * random.Normal32(ou)
	in.sun = random.Uniform32(sun) < to.sunShare
	in.sunHeat = in.net.model.SunAreaScale * in.irradiance
}

// startLevel returns the u-quantile of the true level at the start.
func (p *Plant) startLevel(u float64) float64 {
	if p.Case.StartLevel != nil {
		return *p.Case.StartLevel
	}
	least := float64(p.Scenario.Population.StartLevelMin)
	return least + (1-least)*p.startTable.Quantile(u)
}

// cpuLimit returns the greatest sum of the window's CPU shares, in integer
// units, that the limit allows a session with CPU factor c:
//
//	c Σ cpu D ≤ cpu_limit · cpu_window
//
// A unit per step of the window allows for the rounding of the shares, so that a
// window exactly at the limit does not exceed it.
func (p *Plant) cpuLimit(c float64) int64 {
	policy := &p.Scenario.Policy
	limit := float64(policy.CPULimit) * float64(policy.CPUWindow) / (c * p.Step)
	return int64(min(limit*cpuUnits, float64(1<<62))) + int64(p.cpuSteps)
}

// worn returns the temperatures at equilibrium of a watch that is worn with the power
// pre_power.
func (p *Plant) worn(n *network, sun, air, wrist float64) model.Vector {
	front := float64(p.Scenario.Workload.States.Front[model.StateQuiet])
	pre := float64(p.Scenario.Population.PrePower)
	return n.gain.Times(n.model.Input(pre, front, 0, sun, air, wrist))
}

// left returns the temperatures of the watch in the environment it came from:
// worn at its mean temperature, without sun.
func (p *Plant) left(in *session) model.Vector {
	from := p.Scenario.Environments[in.env.from]
	n := &p.networks[in.device.build][in.env.from][in.fit]
	return p.worn(n, 0, float64(from.AmbientMean), in.wrist)
}

// start returns the temperatures at t = 0 and the overpotentials of a cell that delivered
// pre_power at them. The watch is in equilibrium here, or, a time σ after it arrived from
// another environment, on the way to it:
//
//	T(0) = T_here + exp(−C⁻¹ G σ) (T_there − T_here)
func (p *Plant) start(in *session) (t model.Vector, v1, v2 float64) {
	sun := in.env.sunShare * in.irradiance * in.net.model.SunAreaScale
	t = p.worn(in.net, sun, in.ambient+in.ou, in.wrist)
	if in.env.from >= 0 {
		there := p.left(in)
		for i := range there {
			there[i] -= t[i]
		}
		kept := in.net.after(in.since/p.Step, there)
		for i := range t {
			t[i] += kept[i]
		}
	}

	b, pre := &p.Scenario.Battery, float64(p.Scenario.Population.PrePower)
	_, r1, r2 := b.Resistances(0, in.r1, in.r2, in.level, t[model.NodeB])
	i0 := pre / b.OpenCircuitVoltage(in.level)
	return t, i0 * r1, i0 * r2
}

// Tilted reports whether paths have different weights.
func (p *Plant) Tilted(s Sampler) bool { return s.sampling == Tilted && p.Case.StartLevel == nil }

// Observation is what an app can observe of a path when it starts.
type Observation struct {
	Displayed int                // level [per cent]
	Thermal   model.ThermalLevel // at the first poll
	LowPower  bool               // Low Power Mode is on before the first poll
	Class     int                // of hardware, in the order of the scenario's Classes
}

// Observer returns a function that returns the observation of a path, from its session
// draws alone. The function is for one goroutine.
func (p *Plant) Observer(s Sampler) func(path uint64) Observation {
	var in session
	d := sessionDraws{Sampler: s}
	return func(path uint64) Observation {
		d.move(path)
		p.draw(&d, &in)
		t, _, _ := p.start(&in)
		shown := p.gauge.displayed(in.level, in.bias+in.noise)
		thermal := model.Nominal.Next(&p.Scenario.Policy, t[model.NodeK], in.threshold)
		return Observation{int(shown), thermal, in.lpmStart, in.device.class}
	}
}
