package solver_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"budget/model"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// network is the thermal network of section 4 for one build, airflow and
// fit, with its exact step.
type network struct {
	airF, airH, wrist float64       // conductances to air and wrist [W/K]
	sunArea           float64       // absorptance times area [m2]
	gain              [5][5]float64 // G⁻¹
	m, w              [5][5]float64 // T ← M T + W u
	rate              *mat.Dense    // C⁻¹ G [1/s]
}

// networkKey names a network.
type networkKey struct{ build, airflow, fit string }

// newNetworks returns every network a scenario can have.
func newNetworks(s *model.Scenario) map[networkKey]*network {
	networks := map[networkKey]*network{}
	for buildID, build := range s.Thermal.Builds {
		for airflowID, air := range map[string]model.Airflow{
			"still": s.Thermal.Still, "walking": s.Thermal.Walking, "running": s.Thermal.Running,
		} {
			for _, fit := range s.Thermal.Fits {
				networks[networkKey{buildID, airflowID, fit.ID}] = newNetwork(s, build, air, fit)
			}
		}
	}
	return networks
}

// newNetwork assembles G (section 4): the Laplacian of 1/r_xy, and on the
// diagonal g_F and g_H at F and H and 1/R_KW at K. Nodes P B H F K are 0 to 4.
func newNetwork(s *model.Scenario, build *model.Build, air model.Airflow, fit *model.Fit) *network {
	const p, b, h, f, k = 0, 1, 2, 3, 4
	t := &s.Thermal
	scale := float64(build.AreaScale)
	n := &network{
		airF:    float64(air.Front) * scale,
		airH:    float64(air.Housing) * scale,
		wrist:   1 / float64(fit.RKW),
		sunArea: float64(t.SunAbsorbArea) * scale,
	}
	g := mat.NewDense(5, 5, nil)
	for _, bond := range []struct {
		x, y       int
		resistance model.ThermalResistance
	}{
		{p, h, t.RPH}, {p, b, t.RPB}, {p, f, t.RPF},
		{b, k, t.RBK}, {b, h, t.RBH}, {h, f, t.RHF}, {h, k, t.RHK},
	} {
		conductance := 1 / float64(bond.resistance)
		g.Set(bond.x, bond.x, g.At(bond.x, bond.x)+conductance)
		g.Set(bond.y, bond.y, g.At(bond.y, bond.y)+conductance)
		g.Set(bond.x, bond.y, g.At(bond.x, bond.y)-conductance)
		g.Set(bond.y, bond.x, g.At(bond.y, bond.x)-conductance)
	}
	g.Set(f, f, g.At(f, f)+n.airF)
	g.Set(h, h, g.At(h, h)+n.airH)
	g.Set(k, k, g.At(k, k)+n.wrist)

	// M = expm(−C⁻¹ G D), W = (I − M) G⁻¹
	n.rate = mat.NewDense(5, 5, nil)
	n.rate.Apply(func(i, _ int, v float64) float64 { return v / float64(build.C[i]) }, g)
	var step, m, gain, w mat.Dense
	step.Scale(-float64(s.Grid.Step), n.rate)
	m.Exp(&step)
	if err := gain.Inverse(g); err != nil {
		panic(fmt.Sprintf("the network's conductances are singular: %v", err))
	}
	rest := mat.NewDense(5, 5, nil)
	rest.Apply(func(i, j int, v float64) float64 {
		if i == j {
			return 1 - v
		}
		return -v
	}, &m)
	w.Mul(rest, &gain)
	for i := range 5 {
		for j := range 5 {
			n.gain[i][j], n.m[i][j], n.w[i][j] = gain.At(i, j), m.At(i, j), w.At(i, j)
		}
	}
	return n
}

// input is u of section 4.
func (n *network) input(power, front, qB, sun, air, wrist float64) [5]float64 {
	return [5]float64{
		(1 - front) * power,
		qB,
		n.airH * air,
		front*power + sun + n.airF*air,
		n.wrist * wrist,
	}
}

// times returns the product of a matrix and a vector.
func times(m *[5][5]float64, v [5]float64) [5]float64 {
	var product [5]float64
	for i := range 5 {
		for j := range 5 {
			product[i] += m[i][j] * v[j]
		}
	}
	return product
}

// workloadStep returns the matrix exponential of a workload's generator over d
// seconds (section 5).
func workloadStep(w *model.Workload, d float64) [4][4]float64 {
	generator := mat.NewDense(4, 4, nil)
	for state := 1; state < 4; state++ {
		enter, leave := float64(w.Enter[state])*d, float64(w.Leave[state])*d
		generator.Set(0, state, enter)
		generator.Set(0, 0, generator.At(0, 0)-enter)
		generator.Set(state, 0, leave)
		generator.Set(state, state, -leave)
	}
	var exponential mat.Dense
	exponential.Exp(generator)
	var rows [4][4]float64
	for i := range rows {
		for j := range rows[i] {
			rows[i][j] = exponential.At(i, j)
		}
	}
	return rows
}

// pick draws an index with probabilities proportional to shares.
func pick(rng *rand.Rand, n int, share func(int) float64) int {
	total := 0.0
	for i := range n {
		total += share(i)
	}
	u := rng.Float64() * total
	for i := range n - 1 {
		if u < share(i) {
			return i
		}
		u -= share(i)
	}
	return n - 1
}

// lognormal draws exp(sigma N(0,1)).
func lognormal(rng *rand.Rand, sigma model.Number) float64 {
	return math.Exp(float64(sigma) * rng.NormFloat64())
}

// openCircuitVoltage is U(z): piecewise linear, constant beyond the ends.
func openCircuitVoltage(b *model.Battery, z float64) float64 {
	last := len(b.OCV) - 1
	if z <= float64(b.OCVLevels[0]) {
		return float64(b.OCV[0])
	}
	for i := range last {
		z0, z1 := float64(b.OCVLevels[i]), float64(b.OCVLevels[i+1])
		if z <= z1 {
			u0, u1 := float64(b.OCV[i]), float64(b.OCV[i+1])
			return u0 + (u1-u0)*(z-z0)/(z1-z0)
		}
	}
	return float64(b.OCV[last])
}

// The nodes that rules use.
const oracleB, oracleK = 1, 4

// watch is one watch: its draws (section 2), its state at t_k and its drivers.
type watch struct {
	o   *oracle
	rng *rand.Rand
	d   float64 // D [s]

	device      *model.Device
	environment *model.Environment
	fit         *model.Fit
	network     *network
	capacity    float64 // Q [C]
	r0, r1, r2  float64 // fresh, at 25 degC [ohm]

	loadFactor, cpuFactor float64
	ambient, wrist        float64 // T_0, T_w [degC]
	thresholdOffset       float64
	gaugeBias             float64
	irradiance            float64
	acceptsPrompt         bool

	z, v1, v2     float64
	temperatures  [5]float64
	ou, noise     float64
	inSun         bool
	state         int // of the workload
	cueLeft       int // steps of a regular cue, the present one included
	lowPower      bool
	asked         bool // about Low Power Mode
	low, veryLow  bool // at the last poll
	displayed     float64
	thermalLevel  int
	promptedEver  bool
	hottest       float64
	thermalEver   int
	zStart, shown float64 // true and displayed level at t = 0

	// Of the step: what load found, for integrate.
	power, current, voltage, u, r1t, r2t float64
}

// newWatch draws a watch and puts it at its start (sections 2 to 5).
func (o *oracle) newWatch(rng *rand.Rand) *watch {
	s := o.Scenario
	battery, population, session := &s.Battery, &s.Population, s.Session(o.Session)
	w := &watch{o: o, rng: rng, d: float64(s.Grid.Step)}

	w.device = s.Device(o.Device)
	if o.Device == "" {
		w.device = s.Devices[pick(rng, len(s.Devices),
			func(i int) float64 { return float64(s.Devices[i].Weight) })]
	}
	environment := s.Environment(o.Environment)
	if o.Environment == "" {
		environment = s.Environments[pick(rng, len(s.Environments),
			func(i int) float64 { return float64(s.Environments[i].Share) })]
	}
	w.fit = s.Thermal.Fits[pick(rng, len(s.Thermal.Fits),
		func(i int) float64 { return float64(s.Thermal.Fits[i].Share) })]

	const day = 86400.0
	youngest, oldest := float64(population.AgeYears[0]), float64(population.AgeYears[1])
	ageYears := (youngest + (oldest-youngest)*rng.Float64()) / (365 * day)
	cycles := float64(population.CyclesPerDay) * day * 365 * ageYears
	fadeSigma := float64(population.FadeSigma)
	health := 1 - float64(population.FadePer1000)*cycles/1000*
		math.Exp(fadeSigma*rng.NormFloat64()-fadeSigma*fadeSigma/2)
	health = min(max(health, float64(population.HealthMin)), 1)
	growth := float64(population.GrowthMedian) * lognormal(rng, population.GrowthSigma)
	resistanceFactor := (1 + growth*(1-health)/0.2) * lognormal(rng, population.CellSigma)

	if o.StartLevel != nil {
		w.z = *o.StartLevel
	} else {
		alpha, beta := float64(population.StartLevelAlpha), float64(population.StartLevelBeta)
		if session.StartLevelAlpha != nil {
			alpha = float64(*session.StartLevelAlpha)
		}
		if session.StartLevelBeta != nil {
			beta = float64(*session.StartLevelBeta)
		}
		least := float64(population.StartLevelMin)
		w.z = least + (1-least)*distuv.Beta{Alpha: alpha, Beta: beta, Src: rng}.Rand()
	}

	scale := population.PowerScale
	if session.PowerScale != nil {
		scale = *session.PowerScale
	}
	w.loadFactor = float64(scale) * lognormal(rng, population.PowerSigma)
	if w.device.PowerScale != nil {
		w.loadFactor *= float64(*w.device.PowerScale)
	}
	w.cpuFactor = lognormal(rng, population.CPUSigma)
	w.thresholdOffset = float64(population.ThresholdSD) * rng.NormFloat64()
	w.lowPower = rng.Float64() < float64(population.LPMOnStart)
	w.asked = w.lowPower // Low Power Mode that was on at the start counts as decided
	w.acceptsPrompt = rng.Float64() < float64(population.LPMAccept)
	w.gaugeBias = float64(s.Gauge.BiasSD) * rng.NormFloat64()
	w.noise = float64(s.Gauge.NoiseSD) * rng.NormFloat64()

	w.move(environment)
	w.wrist = float64(population.WristMean) + float64(population.WristSD)*rng.NormFloat64() -
		float64(population.WristCold)*max(0, 20-w.ambient)
	w.arrive()

	// Section 3: capacity and fresh resistances at 25 degC, in coulombs and ohms.
	// The parameters r0q, r1q, r2q are ohms times coulombs of nominal capacity.
	nominal := float64(w.device.Capacity)
	w.capacity = nominal * health
	w.r0 = float64(battery.R0Q) / nominal * resistanceFactor
	w.r1 = float64(battery.R1Q) / nominal * resistanceFactor
	w.r2 = float64(battery.R2Q) / nominal * resistanceFactor
	_, r1t, r2t := w.resistances()
	startCurrent := float64(population.PrePower) / openCircuitVoltage(battery, w.z)
	w.v1, w.v2 = startCurrent*r1t, startCurrent*r2t

	w.hottest = math.Inf(-1)
	w.zStart = w.z
	return w
}

// move puts the watch into an environment: T_0, S, the OU part and being in the sun are
// drawn from its laws.
func (w *watch) move(e *model.Environment) {
	w.environment = e
	w.network = w.o.networks[networkKey{w.device.Build, e.Airflow, w.fit.ID}]
	w.ambient = float64(e.AmbientMean) + float64(e.AmbientSD)*w.rng.NormFloat64()
	w.ou = float64(e.OUSD) * w.rng.NormFloat64()
	w.irradiance = 0
	if e.SunShare > 0 {
		w.irradiance = float64(e.IrradianceMax) * w.rng.Float64()
	}
	w.inSun = w.rng.Float64() < float64(e.SunShare)
}

// arrive sets the temperatures at t = 0 (section 4): the equilibrium with the load and mean
// sun before the session, or on the way to it from another environment.
func (w *watch) arrive() {
	s := w.o.Scenario
	prePower := float64(s.Population.PrePower)
	front := float64(s.Workload.States.Front[0])
	meanSun := float64(w.environment.SunShare) * w.irradiance * w.network.sunArea
	here := times(&w.network.gain,
		w.network.input(prePower, front, 0, meanSun, w.ambient+w.ou, w.wrist))
	w.temperatures = here
	if w.environment.From == "" {
		return
	}
	from := s.Environment(w.environment.From)
	before := w.o.networks[networkKey{w.device.Build, from.Airflow, w.fit.ID}]
	there := times(&before.gain,
		before.input(prePower, front, 0, 0, float64(from.AmbientMean), w.wrist))
	since := float64(w.environment.SinceMax) * w.rng.Float64()
	var rate, kept mat.Dense
	rate.Scale(-since, w.network.rate)
	kept.Exp(&rate)
	for i := range here {
		for j := range here {
			w.temperatures[i] += kept.At(i, j) * (there[j] - here[j])
		}
	}
}

// resistances returns R0', R1' and R2' (section 3).
func (w *watch) resistances() (r0t, r1t, r2t float64) {
	const gasConstant = 8.314462618
	b := &w.o.Scenario.Battery
	kelvin := w.temperatures[oracleB] + 273.15
	alpha := math.Exp(float64(b.Ea) / gasConstant * (1/kelvin - 1/298.15))
	g := float64(b.Rho) + (1-float64(b.Rho))*alpha
	s := 1 + float64(b.SoCGain)*math.Exp(-w.z/float64(b.SoCScale))*
		math.Pow(alpha, float64(b.SoCTExp))
	return w.r0 * g * s, w.r1 * g * s, w.r2 * g
}

// poll is the system's poll at t_k: displayed level (section 3), thermal level (section 4)
// and the Low Power prompt. It reports whether the prompt comes now.
func (w *watch) poll() (prompted bool) {
	gauge, policy := &w.o.Scenario.Gauge, &w.o.Scenario.Policy
	gaugeError := (w.gaugeBias + w.noise) * min(1, max(0, w.z/float64(gauge.Converge)))
	percent := min(max(math.Floor(100*(w.z+gaugeError)+0.5), 0), 100)
	w.displayed = percent / 100
	const slack = 1e-9 // of whole per cent
	w.low = percent <= 100*float64(policy.LowBattery)+slack
	w.veryLow = percent <= 100*float64(policy.VeryLowBattery)+slack

	skin := w.temperatures[oracleK]
	threshold := func(i int) float64 { return float64(policy.Levels[i]) + w.thresholdOffset }
	for w.thermalLevel < 3 && skin >= threshold(w.thermalLevel) {
		w.thermalLevel++
	}
	for w.thermalLevel > 0 && skin < threshold(w.thermalLevel-1)-float64(policy.Hysteresis) {
		w.thermalLevel--
	}
	w.hottest = max(w.hottest, skin)
	w.thermalEver = max(w.thermalEver, w.thermalLevel)

	if w.low && !w.asked {
		w.asked, w.promptedEver = true, true
		w.lowPower = w.acceptsPrompt
		return true
	}
	return false
}

// quiet resets the workload's chain to its first state.
func (w *watch) quiet() { w.state, w.cueLeft = 0, 0 }

// cue gives regular cues their state at a step counted from the start of a phase.
func (w *watch) cue(workload *model.Workload, step int) {
	const cue = 3
	every := int(math.Round(float64(workload.CueEvery) / w.d))
	switch {
	case every > 0 && step > 0 && step%every == 0:
		w.cueLeft = max(1, int(math.Ceil(float64(workload.CueFor)/w.d-1e-9)))
	case w.cueLeft > 0:
		w.cueLeft--
		if w.cueLeft == 0 {
			w.state = 0 // quiet at the step after
		}
	}
	if w.cueLeft > 0 {
		w.state = cue
	}
}

// load applies the load of a workload (section 5) to the cell (section 3) at t_k and
// reports whether the watch is off.
func (w *watch) load(workload *model.Workload) (off bool) {
	s := w.o.Scenario
	w.power = w.loadFactor * float64(workload.Power[w.state])
	if w.lowPower {
		factor := float64(s.Policy.LPMPower)
		if workload.LPMPower != nil {
			factor = float64(*workload.LPMPower)
		}
		w.power *= factor
	}
	r0t, r1t, r2t := w.resistances()
	w.r1t, w.r2t = r1t, r2t
	w.u = openCircuitVoltage(&s.Battery, w.z)
	e := w.u - w.v1 - w.v2
	discriminant := e*e - 4*r0t*w.power
	if discriminant < 0 || e <= 0 {
		return true
	}
	w.current = 2 * w.power / (e + math.Sqrt(discriminant))
	w.voltage = e - w.current*r0t
	return w.voltage < float64(s.Battery.VCut)
}

// integrate advances the cell (section 3), the temperatures (section 4) and the
// drivers (section 5) to t_{k+1} and reports whether the watch is off then.
func (w *watch) integrate(workload *model.Workload) (off bool) {
	s := w.o.Scenario
	b := &s.Battery
	celsius := w.temperatures[oracleB]
	heat := w.current*(w.u-w.voltage) - w.current*(celsius+273.15)*float64(b.Entropy)
	w.z -= w.current * w.d / w.capacity
	a1, a2 := math.Exp(-w.d/float64(b.Tau1)), math.Exp(-w.d/float64(b.Tau2))
	w.v1 = a1*w.v1 + (1-a1)*w.current*w.r1t
	w.v2 = a2*w.v2 + (1-a2)*w.current*w.r2t

	sun := 0.0
	if w.inSun {
		sun = w.irradiance * w.network.sunArea
	}
	front := float64(s.Workload.States.Front[w.state])
	input := w.network.input(w.power, front, heat, sun, w.ambient+w.ou, w.wrist)
	held, driven := times(&w.network.m, w.temperatures), times(&w.network.w, input)
	for node := range w.temperatures {
		w.temperatures[node] = held[node] + driven[node]
	}

	ou := func(x float64, sd, tau float64) float64 {
		e := math.Exp(-w.d / tau)
		return x*e + sd*math.Sqrt(1-e*e)*w.rng.NormFloat64()
	}
	w.ou = ou(w.ou, float64(w.environment.OUSD), float64(w.environment.OUTau))
	w.noise = ou(w.noise, float64(s.Gauge.NoiseSD), float64(s.Gauge.NoiseTau))
	if share := float64(w.environment.SunShare); share > 0 {
		leaving := 1 / float64(w.environment.SunSpell)
		entering := leaving * share / (1 - share) // share = entering/(entering+leaving)
		decay := math.Exp(-(leaving + entering) * w.d)
		sunny := share * (1 - decay)
		if w.inSun {
			sunny += decay
		}
		w.inSun = w.rng.Float64() < sunny
	}
	next := w.o.nextStates[workload]
	w.state = pick(w.rng, 4, func(i int) float64 { return next[w.state][i] })
	return w.z <= 0 || w.temperatures[oracleB] >= float64(s.Thermal.TOff)
}

// spent returns the cost so far, at a poll.
func (w *watch) spent() (cost [costRows]float64) {
	one := func(yes bool) float64 {
		if yes {
			return 1
		}
		return 0
	}
	cost[levelUsed] = w.zStart - w.z
	cost[shownLevelUsed] = w.shown - w.displayed
	cost[hottestSkin] = w.hottest
	cost[reachedFair] = one(w.thermalEver >= 1)
	cost[reachedSerious] = one(w.thermalEver >= 2)
	cost[reachedCritical] = one(w.thermalEver >= 3)
	cost[promptedCost] = one(w.promptedEver)
	return cost
}
