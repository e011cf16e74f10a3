package plant

import (
	"math"

	"budget/model"
	"budget/solver/random"
)

// The draws made once per session, by their number in the session's stream: first
// those that no net takes (sampling.go).
const (
	drawDevice uint32 = iota
	drawFade
	drawGrowth
	drawCPU
	drawOU
	drawNoise
	drawSun
	drawFrailty
	drawAge // the first of the leading draws
	drawCell
	drawStartLevel
	drawPower
	drawEnvironment
	drawAmbient
	drawWrist
	drawFit
	drawThreshold
	drawLPMStart
	drawLPMAccept
	drawBias
	drawIrradiance
	_
	_
	_
	draws // how many there are, in blocks of four

	leadingDraws = drawAge
)

// inputs is what is drawn once per session (session model, section 2), with
// what follows from it at t = 0.
type inputs struct {
	device         device
	health         float64
	resistance     float64 // factor r on all resistances
	level          float64 // z(0)
	weight         float64 // of the path, for its level
	power, cpu     float64 // factors m and c
	env            *environment
	net            *network
	ambient, wrist float64 // T_0 and T_w [degC]
	threshold      float64 // offset θ of the thermal levels [K]
	lpmStart       bool
	lpmAccept      bool
	bias           float64 // of the gauge
	irradiance     float64 // S [W/m2]
	ou             float64 // ambient [K] at t = 0
	noise          float64 // of the gauge, where it begins to matter
	sun            bool
}

// draw makes the session inputs of a path.
func (p *Plant) draw(d *sessionDraws, in *inputs) {
	population := &p.Scenario.Population

	in.device = p.devices[categorical(p.deviceShares, d.uniform(drawDevice))]
	youngest, oldest := float64(population.AgeYears[0]), float64(population.AgeYears[1])
	age := youngest + (oldest-youngest)*d.uniform(drawAge)
	in.health = population.Health(float64(population.CyclesPerDay)*age, d.normal(drawFade))
	in.resistance = population.ResistanceFactor(in.health, d.normal(drawGrowth), d.normal(drawCell))
	in.weight = 1
	if p.startLevel != nil {
		in.level = *p.startLevel
	} else {
		u := d.uniform(drawStartLevel)
		if d.sampling == Tilted {
			u, in.weight = tilt(u)
		}
		least := float64(population.StartLevelMin)
		in.level = least + (1-least)*p.startTable.Quantile(u)
	}
	in.power = random.Exp(float64(population.PowerSigma) * d.normal(drawPower))
	in.cpu = random.Exp(float64(population.CPUSigma) * d.normal(drawCPU))

	in.env = &p.environments[categorical(p.envShares, d.uniform(drawEnvironment))]
	in.ambient = in.env.ambientMean + in.env.ambientSD*d.normal(drawAmbient)
	in.wrist = population.WristTemperature(in.ambient) + float64(population.WristSD)*d.normal(drawWrist)
	in.net = &p.networks[in.device.build][in.env.index][categorical(p.fitShares, d.uniform(drawFit))]

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
}

// categorical returns the class of u among shares, which need not sum to 1.
func categorical(shares []float64, u float64) int {
	total := 0.0
	for _, s := range shares {
		total += s
	}
	u *= total
	for i, s := range shares {
		if u < s {
			return i
		}
		u -= s
	}
	return len(shares) - 1
}

// equilibrium returns the temperatures at t = 0, the equilibrium of a watch that was
// worn with the power pre_power, and the overpotentials of a cell that
// delivered it, given its resistances R1 and R2 at 25 degC.
func (p *Plant) equilibrium(in *inputs, r1, r2 float64) (t model.Vector, v1, v2 float64) {
	front := float64(p.Scenario.Workload.States.Front[0])
	pre := float64(p.Scenario.Population.PrePower)
	sun := in.env.sunShare * in.irradiance * in.net.model.SunAreaScale
	t = in.net.gain.Times(in.net.model.Input(pre, front, 0, sun, in.ambient+in.ou, in.wrist))

	b := &p.Scenario.Battery
	_, r1, r2 = b.Resistances(0, r1, r2, in.level, t[model.NodeB])
	i0 := pre / b.OpenCircuitVoltage(in.level)
	return t, i0 * r1, i0 * r2
}

// resistances returns R0, R1, R2 [ohm] of the session's cell at 25 degC.
func (in *inputs) resistances(b *model.Battery) (r0, r1, r2 float64) {
	f := in.resistance / in.device.capacity
	return float64(b.R0Q) * f, float64(b.R1Q) * f, float64(b.R2Q) * f
}

// Observation is what an app can observe of a path when it starts.
type Observation struct {
	Displayed int                // level [per cent]
	Thermal   model.ThermalLevel // at the first poll
	LowPower  bool               // Low Power Mode is on before the first poll
	Build     int                // thermal build of the watch, in the order of Builds
}

// Observer returns a function that tells the observation of a path, from its session
// draws alone. It serves one goroutine.
func (p *Plant) Observer(s Sampler) func(path uint64) Observation {
	var in inputs
	d := sessionDraws{Sampler: s}
	return func(path uint64) Observation {
		d.move(path)
		p.draw(&d, &in)
		t, _, _ := p.equilibrium(&in, 0, 0)
		displayed := int(min(max(math.Floor(p.gauge.shown(in.level, in.bias+in.noise)), 0), 100))
		thermal := model.Nominal.Next(&p.Scenario.Policy, t[model.NodeK], in.threshold)
		return Observation{displayed, thermal, in.lpmStart, in.device.build}
	}
}

// Listening returns the plant with the gauge's noise followed from the start, where an app
// looks at the displayed level. Elsewhere it starts when it begins to matter (settle.go).
func (p *Plant) Listening() *Plant {
	all := *p
	all.heard = true
	return &all
}
