package solver_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"

	"budget/model"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// The oracle is a second program for the session model: one path at a time, one
// step at a time, written from the model's text alone. Of the project it takes
// the parameters' values and the causes' names, no mathematics and no random
// numbers. Section numbers in comments are those of the session model.

// oracle is what to simulate.
type oracle struct {
	scenario                     *model.Scenario
	session, device, environment string        // device and environment: an id, or "" to draw
	startLevel                   *float64      // z(0), or nil to draw it
	plans                        []float64     // durations to report [s], multiples of the step, ascending
	failures                     []model.Cause // what a plan fails by

	// Derived by run.
	networks  map[networkKey]*oracleNetwork
	nextState [4][4]float64 // of the workload, over a step
}

// The rows of a result: a cause's cumulative incidence, the sum of those a plan
// fails by, and what is left of all.
const (
	oracleFailure  = int(model.Completed) + iota // the sum over the failures
	oracleSurvival                               // nothing ended the session
	oracleRows
)

// oracleLedgers is the number of ways to keep the books of one path: under two
// readings of the grant, with and without the user's stop. See ledgerIndex.
const oracleLedgers = 4

// ledgerIndex returns the place of the ledger of a reading and a view.
func ledgerIndex(documented, meaning bool) int {
	i := 0
	if documented {
		i += 2
	}
	if meaning {
		i++
	}
	return i
}

// oracleEstimate is an estimated probability.
type oracleEstimate struct {
	probability, standardError float64
	paths                      float64
	// effective is the number of paths the standard error rests on: the sum of the
	// paths' squared deviations in units of the largest.
	effective float64
}

// oracleCurves holds the estimates of one ledger and estimator by row and plan.
type oracleCurves [oracleRows][]oracleEstimate

// oracleResult is what run finds, by ledger.
type oracleResult struct {
	weights [oracleLedgers]oracleCurves // hazards integrated
	tosses  [oracleLedgers]oracleCurves // 0/1 events
}

// oracleBlocks is the number of independent blocks that standard errors rest on.
const oracleBlocks = 64

// run simulates paths, rounded up to whole blocks, and estimates the cumulative
// incidence by cause and plan (section 7).
func (o oracle) run(paths int, seed uint64) *oracleResult {
	o.networks = newOracleNetworks(o.scenario)
	workload := o.scenario.Workload.ByID[o.scenario.Session(o.session).Workload]
	o.nextState = workloadStep(workload, float64(o.scenario.Grid.Step))
	perBlock := (paths + oracleBlocks - 1) / oracleBlocks
	blocks := make([]oracleBlock, oracleBlocks)
	var wait sync.WaitGroup
	for b := range blocks {
		wait.Go(func() {
			blocks[b] = newOracleBlock(len(o.plans))
			rng := rand.New(rand.NewPCG(seed, uint64(b)))
			for range perBlock {
				blocks[b].add(o.path(rng), o.failures)
			}
		})
	}
	wait.Wait()

	var result oracleResult
	for l := range oracleLedgers {
		result.weights[l] = summarize(blocks, perBlock, func(b *oracleBlock) *oracleSums { return &b.weights[l] })
		result.tosses[l] = summarize(blocks, perBlock, func(b *oracleBlock) *oracleSums { return &b.tosses[l] })
	}
	return &result
}

// oracleCell holds the sum, the smallest and the largest of a block's paths.
type oracleCell struct{ sum, smallest, largest float64 }

func (c *oracleCell) add(v float64) {
	c.sum += v
	c.smallest = min(c.smallest, v)
	c.largest = max(c.largest, v)
}

// oracleSums holds the cells of a block by row and plan.
type oracleSums [oracleRows][]oracleCell

func newOracleSums(plans int) oracleSums {
	var s oracleSums
	for row := range s {
		s[row] = make([]oracleCell, plans)
		for plan := range s[row] {
			s[row][plan] = oracleCell{smallest: math.Inf(1), largest: math.Inf(-1)}
		}
	}
	return s
}

// oracleBlock sums the paths of a block.
type oracleBlock struct {
	weights, tosses [oracleLedgers]oracleSums
}

func newOracleBlock(plans int) oracleBlock {
	var b oracleBlock
	for l := range oracleLedgers {
		b.weights[l], b.tosses[l] = newOracleSums(plans), newOracleSums(plans)
	}
	return b
}

// add books a path, given its ledgers as they stood at the end of every plan.
func (b *oracleBlock) add(path [][oracleLedgers]oracleLedger, failures []model.Cause) {
	for plan, ledgers := range path {
		for l, ledger := range ledgers {
			var weights, tosses [oracleRows]float64
			copy(weights[:], ledger.incidence[:])
			weights[oracleSurvival] = ledger.survival
			if ledger.ended {
				tosses[ledger.cause] = 1
			} else {
				tosses[oracleSurvival] = 1
			}
			for _, cause := range failures {
				weights[oracleFailure] += weights[cause]
				tosses[oracleFailure] += tosses[cause]
			}
			for row := range oracleRows {
				b.weights[l][row][plan].add(weights[row])
				b.tosses[l][row][plan].add(tosses[row])
			}
		}
	}
}

// summarize turns the sums of blocks into estimates. The standard error is that
// of the mean of the blocks' means.
func summarize(blocks []oracleBlock, perBlock int, of func(*oracleBlock) *oracleSums) oracleCurves {
	var curves oracleCurves
	n := float64(len(blocks))
	for row := range oracleRows {
		curves[row] = make([]oracleEstimate, len(of(&blocks[0])[row]))
		for plan := range curves[row] {
			mean, smallest, largest := 0.0, math.Inf(1), math.Inf(-1)
			for b := range blocks {
				cell := of(&blocks[b])[row][plan]
				mean += cell.sum / float64(perBlock) / n
				smallest, largest = min(smallest, cell.smallest), max(largest, cell.largest)
			}
			squares := 0.0
			for b := range blocks {
				deviation := of(&blocks[b])[row][plan].sum/float64(perBlock) - mean
				squares += deviation * deviation
			}
			e := oracleEstimate{probability: mean, standardError: math.Sqrt(squares / (n - 1) / n), paths: n * float64(perBlock)}
			if farthest := max(largest-mean, mean-smallest); farthest > 0 {
				e.effective = math.Pow(e.standardError*e.paths/farthest, 2)
			}
			curves[row][plan] = e
		}
	}
	return curves
}

// oracleLedger keeps the books of one path for one reading and view, with both
// estimators side by side: what is left of the path after the hazards'
// expectation, and whether a toss has ended it.
type oracleLedger struct {
	grant     float64 // used [s]
	survival  float64
	incidence [model.Completed]float64
	ended     bool
	cause     model.Cause // where ended
}

// threshold ends what remains of the path (section 6: "a threshold takes all that
// remains").
func (l *oracleLedger) threshold(cause model.Cause) {
	l.share(cause, l.survival)
	l.survival = 0
	l.end(cause)
}

// share books a part of the path's survival to a cause.
func (l *oracleLedger) share(cause model.Cause, weight float64) {
	l.incidence[cause] += weight
}

// end ends the tossed path, if it still runs.
func (l *oracleLedger) end(cause model.Cause) {
	if !l.ended {
		l.ended, l.cause = true, cause
	}
}

// refuse ends the start with a probability.
func (l *oracleLedger) refuse(probability float64, rng *rand.Rand) {
	l.share(model.Refused, l.survival*probability)
	l.survival *= 1 - probability
	if rng.Float64() < probability {
		l.end(model.Refused)
	}
}

// hazards lets constant rates [1/s] by cause act for d seconds (section 6): with
// Λ = Σλ·d the step ends the session with probability 1 − e^−Λ, cause i with
// share λ_i/Σλ.
func (l *oracleLedger) hazards(rates [model.Completed]float64, d float64, rng *rand.Rand) {
	total := 0.0
	for _, rate := range rates {
		total += rate
	}
	if total == 0 || l.survival == 0 {
		return
	}
	ends := -math.Expm1(-total * d)
	for cause, rate := range rates {
		l.share(model.Cause(cause), l.survival*ends*rate/total)
	}
	l.survival *= 1 - ends

	if l.ended || rng.Float64() >= ends {
		return
	}
	toss := rng.Float64() * total
	last := 0
	for cause, rate := range rates {
		if rate == 0 {
			continue
		}
		last = cause
		if toss < rate {
			break
		}
		toss -= rate
	}
	l.end(model.Cause(last))
}

// oracleNetwork is the thermal network of section 4 for one build, airflow and
// fit, with its exact step.
type oracleNetwork struct {
	airF, airH, wrist float64       // conductances to air and wrist [W/K]
	sunArea           float64       // absorptance times area [m2]
	gain              [5][5]float64 // G⁻¹
	m, w              [5][5]float64 // T ← M T + W u
}

// networkKey names a network.
type networkKey struct{ build, airflow, fit string }

// newOracleNetworks returns every network a scenario can have.
func newOracleNetworks(s *model.Scenario) map[networkKey]*oracleNetwork {
	networks := map[networkKey]*oracleNetwork{}
	for buildID, build := range s.Thermal.Builds {
		for airflowID, air := range map[string]model.Airflow{
			"still": s.Thermal.Still, "walking": s.Thermal.Walking, "running": s.Thermal.Running,
		} {
			for _, fit := range s.Thermal.Fits {
				networks[networkKey{buildID, airflowID, fit.ID}] = newOracleNetwork(s, build, air, fit)
			}
		}
	}
	return networks
}

// newOracleNetwork assembles G (section 4): the Laplacian of 1/r_xy, and on the
// diagonal g_F and g_H at F and H and 1/R_KW at K. Nodes P B H F K are 0 to 4.
func newOracleNetwork(s *model.Scenario, build *model.Build, air model.Airflow, fit *model.Fit) *oracleNetwork {
	const p, b, h, f, k = 0, 1, 2, 3, 4
	t := &s.Thermal
	scale := float64(build.AreaScale)
	n := &oracleNetwork{
		airF:    float64(air.Front) * scale,
		airH:    float64(air.Housing) * scale,
		wrist:   1 / float64(fit.RKW),
		sunArea: float64(t.SunAbsorbArea) * scale,
	}
	g := mat.NewDense(5, 5, nil)
	for _, bond := range []struct {
		x, y       int
		resistance model.ThermalResistance
	}{{p, h, t.RPH}, {p, b, t.RPB}, {p, f, t.RPF}, {b, k, t.RBK}, {b, h, t.RBH}, {h, f, t.RHF}, {h, k, t.RHK}} {
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
	rate := mat.NewDense(5, 5, nil)
	rate.Apply(func(i, j int, v float64) float64 {
		return -v / float64(build.C[i]) * float64(s.Grid.Step)
	}, g)
	var m, gain, w mat.Dense
	m.Exp(rate)
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
func (n *oracleNetwork) input(power, front, qB, sun, air, wrist float64) [5]float64 {
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

// path simulates one session and returns its ledgers as they stand at the end of
// every plan, d + margin.
func (o oracle) path(rng *rand.Rand) [][oracleLedgers]oracleLedger {
	s := o.scenario
	battery, gauge, policy, population := &s.Battery, &s.Gauge, &s.Policy, &s.Population
	session := s.Session(o.session)
	workload := s.Workload.ByID[session.Workload]
	d := float64(s.Grid.Step)

	// Section 2: drawn once per session.
	device := s.Device(o.device)
	if o.device == "" {
		device = s.Devices[pick(rng, len(s.Devices), func(i int) float64 { return float64(s.Devices[i].Weight) })]
	}
	environment := s.Environment(o.environment)
	if o.environment == "" {
		environment = s.Environments[pick(rng, len(s.Environments), func(i int) float64 { return float64(s.Environments[i].Share) })]
	}
	fit := s.Thermal.Fits[pick(rng, len(s.Thermal.Fits), func(i int) float64 { return float64(s.Thermal.Fits[i].Share) })]

	const day = 86400.0
	youngest, oldest := float64(population.AgeYears[0]), float64(population.AgeYears[1])
	ageYears := (youngest + (oldest-youngest)*rng.Float64()) / (365 * day)
	cycles := float64(population.CyclesPerDay) * day * 365 * ageYears
	fadeSigma := float64(population.FadeSigma)
	health := 1 - float64(population.FadePer1000)*cycles/1000*math.Exp(fadeSigma*rng.NormFloat64()-fadeSigma*fadeSigma/2)
	health = min(max(health, float64(population.HealthMin)), 1)
	growth := float64(population.GrowthMedian) * lognormal(rng, population.GrowthSigma)
	resistanceFactor := (1 + growth*(1-health)/0.2) * lognormal(rng, population.CellSigma)

	var z float64
	if o.startLevel != nil {
		z = *o.startLevel
	} else {
		alpha, beta := float64(population.StartLevelAlpha), float64(population.StartLevelBeta)
		if session.StartLevelAlpha != nil {
			alpha = float64(*session.StartLevelAlpha)
		}
		if session.StartLevelBeta != nil {
			beta = float64(*session.StartLevelBeta)
		}
		least := float64(population.StartLevelMin)
		z = least + (1-least)*distuv.Beta{Alpha: alpha, Beta: beta, Src: rng}.Rand()
	}

	loadFactor := lognormal(rng, population.PowerSigma)
	cpuFactor := lognormal(rng, population.CPUSigma)
	ambient := float64(environment.AmbientMean) + float64(environment.AmbientSD)*rng.NormFloat64()
	wrist := float64(population.WristMean) + float64(population.WristSD)*rng.NormFloat64() -
		float64(population.WristCold)*max(0, 20-ambient)
	thresholdOffset := float64(population.ThresholdSD) * rng.NormFloat64()
	shape := float64(population.FrailtyShape)
	frailty := distuv.Gamma{Alpha: shape, Beta: shape, Src: rng}.Rand()
	lowPower := rng.Float64() < float64(population.LPMOnStart)
	lowPowerAtStart := lowPower
	acceptsPrompt := rng.Float64() < float64(population.LPMAccept)
	prompted := lowPower // Low Power Mode that was on at the start counts as decided
	gaugeBias := float64(gauge.BiasSD) * rng.NormFloat64()
	sunShare := float64(environment.SunShare)
	irradiance := 0.0
	if sunShare > 0 {
		irradiance = float64(environment.IrradianceMax) * rng.Float64()
	}

	// Section 5: the drivers' exact steps, and their stationary starts.
	ouDecay := math.Exp(-d / float64(environment.OUTau))
	ouKick := float64(environment.OUSD) * math.Sqrt(1-ouDecay*ouDecay)
	noiseDecay := math.Exp(-d / float64(gauge.NoiseTau))
	noiseKick := float64(gauge.NoiseSD) * math.Sqrt(1-noiseDecay*noiseDecay)
	ou := float64(environment.OUSD) * rng.NormFloat64()
	noise := float64(gauge.NoiseSD) * rng.NormFloat64()

	inSun := rng.Float64() < sunShare
	staysInSun, entersSun := 0.0, 0.0 // sun_share 0: never
	switch {
	case sunShare == 1:
		staysInSun = 1
	case sunShare > 0:
		leaving := 1 / float64(environment.SunSpell)
		entering := leaving * sunShare / (1 - sunShare) // share = entering/(entering+leaving)
		decay := math.Exp(-(leaving + entering) * d)
		staysInSun = sunShare + (1-sunShare)*decay
		entersSun = sunShare * (1 - decay)
	}
	state := 0 // quiet

	// Section 4: start at equilibrium with the load and the mean sun of before.
	network := o.networks[networkKey{device.Build, environment.Airflow, fit.ID}]
	prePower := float64(population.PrePower)
	front := float64(s.Workload.States.Front[0])
	temperatures := times(&network.gain, network.input(prePower, front, 0, sunShare*irradiance*network.sunArea, ambient+ou, wrist))
	const nodeB, nodeK = 1, 4

	// Section 3: capacity and fresh resistances at 25 degC, in coulombs and ohms.
	// The parameters r0q, r1q, r2q are ohms times coulombs of nominal capacity.
	nominal := float64(device.Capacity)
	capacity := nominal * health
	r0 := float64(battery.R0Q) / nominal * resistanceFactor
	r1 := float64(battery.R1Q) / nominal * resistanceFactor
	r2 := float64(battery.R2Q) / nominal * resistanceFactor
	resistances := func(z, celsius float64) (r0t, r1t, r2t float64) {
		const gasConstant = 8.314462618
		alpha := math.Exp(float64(battery.Ea) / gasConstant * (1/(celsius+273.15) - 1/298.15))
		g := float64(battery.Rho) + (1-float64(battery.Rho))*alpha
		s := 1 + float64(battery.SoCGain)*math.Exp(-z/float64(battery.SoCScale))*math.Pow(alpha, float64(battery.SoCTExp))
		return r0 * g * s, r1 * g * s, r2 * g
	}
	a1 := math.Exp(-d / float64(battery.Tau1))
	a2 := math.Exp(-d / float64(battery.Tau2))
	_, r1Start, r2Start := resistances(z, temperatures[nodeB])
	startCurrent := prePower / openCircuitVoltage(battery, z)
	v1, v2 := startCurrent*r1Start, startCurrent*r2Start

	var ledgers [oracleLedgers]oracleLedger
	for l := range ledgers {
		ledgers[l].survival = 1
	}
	everywhere := func(do func(*oracleLedger)) {
		for l := range ledgers {
			do(&ledgers[l])
		}
	}

	marginSteps := int(math.Round(float64(s.Grid.Margin) / d))
	endOf := func(plan float64) int { return int(math.Round(plan/d)) + marginSteps }
	lastStep := endOf(o.plans[len(o.plans)-1])
	windowSteps := int(math.Round(float64(policy.CPUWindow) / d))
	var cpuSeconds []float64 // of every step so far
	thermalLevel := 0

	record := make([][oracleLedgers]oracleLedger, 0, len(o.plans))
	for k := 0; ; k++ {
		// Poll at t_k: displayed level (section 3), thermal level (section 4), prompt.
		gaugeError := (gaugeBias + noise) * min(1, max(0, z/float64(gauge.Converge)))
		displayed := min(max(math.Floor(100*(z+gaugeError)+0.5)/100, 0), 1)
		low := displayed <= float64(policy.LowBattery)
		veryLow := displayed <= float64(policy.VeryLowBattery)

		for thermalLevel < 3 && temperatures[nodeK] >= float64(policy.Levels[thermalLevel])+thresholdOffset {
			thermalLevel++
		}
		for thermalLevel > 0 && temperatures[nodeK] < float64(policy.Levels[thermalLevel-1])+thresholdOffset-float64(policy.Hysteresis) {
			thermalLevel--
		}

		if low && !prompted {
			prompted = true
			lowPower = acceptsPrompt
		}

		// Section 6: refusal, at the start only.
		if k == 0 {
			notRefused := 1.0
			if lowPowerAtStart {
				notRefused *= 1 - float64(policy.RefuseLPM)
			}
			if thermalLevel == 3 {
				notRefused *= 1 - float64(policy.RefuseCritical)
			}
			if temperatures[nodeB] >= float64(s.Thermal.TOff) {
				notRefused = 0
			}
			everywhere(func(l *oracleLedger) { l.refuse(1-notRefused, rng) })
		}

		// Load (section 5) and cell (section 3); power-off booked at t_k.
		power := loadFactor * float64(workload.Power[state])
		if lowPower {
			power *= float64(policy.LPMPower)
		}
		celsius := temperatures[nodeB]
		r0t, r1t, r2t := resistances(z, celsius)
		u := openCircuitVoltage(battery, z)
		e := u - v1 - v2
		discriminant := e*e - 4*r0t*power
		off := discriminant < 0 || e <= 0
		var current, voltage float64
		if !off {
			current = 2 * power / (e + math.Sqrt(discriminant))
			voltage = e - current*r0t
			off = voltage < float64(battery.VCut)
		}
		if off {
			everywhere(func(l *oracleLedger) { l.threshold(model.PowerOff) })
		}

		// All that is booked at t_k is in: a plan may end here.
		for len(record) < len(o.plans) && k == endOf(o.plans[len(record)]) {
			record = append(record, ledgers)
		}
		if off || k == lastStep {
			break
		}

		// Hazards over the step, booked at t_{k+1} (section 6).
		var rates [model.Completed]float64
		rates[model.Resigned] = float64(session.Resign) * frailty
		switch thermalLevel {
		case 2:
			rates[model.SuppressedThermal] = float64(policy.SuppressSerious)
		case 3:
			rates[model.SuppressedThermal] = float64(policy.SuppressCritical)
		}
		switch {
		case veryLow:
			rates[model.SuppressedBattery] = float64(policy.SuppressVeryLow)
		case low:
			rates[model.SuppressedBattery] = float64(policy.SuppressLow)
		}
		if lowPower {
			rates[model.SuppressedBattery] += float64(policy.SuppressLPM)
		}
		rates[model.SuppressedOther] = float64(policy.SuppressBase)
		rates[model.Errored] = float64(policy.ErrorBase)
		for _, documented := range []bool{false, true} {
			rates[model.Stopped] = float64(session.Stop)
			ledgers[ledgerIndex(documented, false)].hazards(rates, d, rng)
			rates[model.Stopped] = 0
			ledgers[ledgerIndex(documented, true)].hazards(rates, d, rng)
		}

		// Integrate cell (section 3) and temperatures (section 4).
		heat := current*(u-voltage) - current*(celsius+273.15)*float64(battery.Entropy)
		z -= current * d / capacity
		v1 = a1*v1 + (1-a1)*current*r1t
		v2 = a2*v2 + (1-a2)*current*r2t
		sun := 0.0
		if inSun {
			sun = irradiance * network.sunArea
		}
		input := network.input(power, float64(s.Workload.States.Front[state]), heat, sun, ambient+ou, wrist)
		held, driven := times(&network.m, temperatures), times(&network.w, input)
		for node := range temperatures {
			temperatures[node] = held[node] + driven[node]
		}
		cpuSeconds = append(cpuSeconds, cpuFactor*float64(workload.CPU[state])*d)

		// Tests booked at t_{k+1}, in this order: power-off, CPU, expired.
		if z <= 0 || temperatures[nodeB] >= float64(s.Thermal.TOff) {
			everywhere(func(l *oracleLedger) { l.threshold(model.PowerOff) })
			break
		}
		recent := 0.0
		for _, seconds := range cpuSeconds[max(0, len(cpuSeconds)-windowSteps):] {
			recent += seconds
		}
		if recent > float64(policy.CPULimit)*float64(policy.CPUWindow) {
			everywhere(func(l *oracleLedger) { l.threshold(model.Errored) })
			break
		}
		pressure := 0.0
		switch thermalLevel {
		case 2:
			pressure = float64(policy.PressureSerious)
		case 3:
			pressure = float64(policy.PressureCritical)
		}
		if low {
			pressure += float64(policy.PressureLow)
		}
		for _, meaning := range []bool{false, true} {
			ledgers[ledgerIndex(false, meaning)].grant += d * (1 + pressure)
			ledgers[ledgerIndex(true, meaning)].grant += d
		}
		if session.Limit > 0 {
			everywhere(func(l *oracleLedger) {
				if l.grant >= float64(session.Limit)-1e-9 {
					l.threshold(model.Expired)
				}
			})
		}

		// Section 5: the drivers go on to t_{k+1}.
		ou = ou*ouDecay + ouKick*rng.NormFloat64()
		noise = noise*noiseDecay + noiseKick*rng.NormFloat64()
		if inSun {
			inSun = rng.Float64() < staysInSun
		} else {
			inSun = rng.Float64() < entersSun
		}
		state = pick(rng, 4, func(next int) float64 { return o.nextState[state][next] })
	}
	// Plans that end after the path did see it as it was left.
	for len(record) < len(o.plans) {
		record = append(record, ledgers)
	}
	return record
}
