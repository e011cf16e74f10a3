package solver_test

// The oracle is a second program for the session model: one path at a time, one step at a
// time, written from the model's text alone. It is straightforward on purpose, with the
// standard library's functions and generator and no layout for speed. Of the project it
// takes the parameters' values and the causes' names, no mathematics and no random
// numbers.
//
// Tests hold package solver to it, whatever kernel runs, and a benchmark measures it, as
// what the kernels' speed is compared with. Section numbers in comments are those of the
// session model.

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"budget/model"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// oracle is what to simulate.
type oracle struct {
	Scenario                     *model.Scenario
	Session, Device, Environment string        // Device and Environment: an id, or "" to draw
	StartLevel                   *float64      // z(0), or nil to draw it
	Plans                        []float64     // durations [s], multiples of the step, ascending
	Failures                     []model.Cause // what a plan fails by
	// Given, if not nil, tells of which sessions to estimate: others are drawn again.
	Given func(oracleStart) bool

	// Derived by Run.
	networks  map[networkKey]*network
	nextState [4][4]float64 // of the workload, over a step
}

// oracleStart is what an app can observe at the first poll.
type oracleStart struct {
	Displayed float64
	Thermal   int  // 0 nominal to 3 critical
	LowPower  bool // Low Power Mode was drawn on
	Build     string
}

// The rows of a result: a cause's cumulative incidence, the sum of those a plan
// fails by, and what is left of all.
const (
	failureRow  = int(model.Completed) + iota // the sum over the failures
	survivalRow                               // nothing ended the session
	oracleRows
)

// accountCount is the number of ways to keep the books of one path: under two
// readings of the grant, with and without the user's stop. See accountIndex.
const accountCount = 4

// accountIndex returns the place of the account of a reading and a view.
func accountIndex(documented, meaning bool) int {
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
	Probability, StandardError float64
	Paths                      float64
	// Effective is the number of paths the standard error rests on: the sum of the
	// paths' squared deviations in units of the largest.
	Effective float64
}

// oracleCurves holds the estimates of one account and estimator by row and plan.
type oracleCurves [oracleRows][]oracleEstimate

// oracleResult is what Run finds, by account.
type oracleResult struct {
	Weights [accountCount]oracleCurves // hazards integrated
	Tosses  [accountCount]oracleCurves // 0/1 events
	Steps   int64                      // that all paths went through
}

// blockCount is the number of independent blocks that standard errors rest on.
const blockCount = 64

// Run simulates paths, rounded up to whole blocks, by so many workers, and estimates
// the cumulative incidence by cause and plan (section 7).
func (o *oracle) Run(paths int, seed uint64, workers int) *oracleResult {
	o.networks = newNetworks(o.Scenario)
	workload := o.Scenario.Workload.ByID[o.Scenario.Session(o.Session).Workload]
	o.nextState = workloadStep(workload, float64(o.Scenario.Grid.Step))
	perBlock := (paths + blockCount - 1) / blockCount
	blocks := make([]block, blockCount)
	var wait sync.WaitGroup
	for worker := range workers {
		wait.Go(func() {
			for b := worker; b < len(blocks); b += workers {
				blocks[b] = newBlock(len(o.Plans))
				rng := rand.New(rand.NewPCG(seed, uint64(b)))
				for range perBlock {
					path, steps := o.path(rng)
					for path == nil {
						path, steps = o.path(rng)
					}
					blocks[b].add(path, o.Failures)
					blocks[b].steps += steps
				}
			}
		})
	}
	wait.Wait()

	var result oracleResult
	for l := range accountCount {
		result.Weights[l] = summarize(blocks, perBlock, func(b *block) *sums { return &b.weights[l] })
		result.Tosses[l] = summarize(blocks, perBlock, func(b *block) *sums { return &b.tosses[l] })
	}
	for b := range blocks {
		result.Steps += blocks[b].steps
	}
	return &result
}

// cell holds the sum, the smallest and the largest of a block's paths.
type cell struct{ sum, smallest, largest float64 }

func (c *cell) add(v float64) {
	c.sum += v
	c.smallest = min(c.smallest, v)
	c.largest = max(c.largest, v)
}

// sums holds the cells of a block by row and plan.
type sums [oracleRows][]cell

func newSums(plans int) sums {
	var s sums
	for row := range s {
		s[row] = make([]cell, plans)
		for plan := range s[row] {
			s[row][plan] = cell{smallest: math.Inf(1), largest: math.Inf(-1)}
		}
	}
	return s
}

// block sums the paths of a block.
type block struct {
	weights, tosses [accountCount]sums
	steps           int64
}

func newBlock(plans int) block {
	var b block
	for l := range accountCount {
		b.weights[l], b.tosses[l] = newSums(plans), newSums(plans)
	}
	return b
}

// add books a path, given its accounts as they stood at the end of every plan.
func (b *block) add(path [][accountCount]account, failures []model.Cause) {
	for plan, accounts := range path {
		for l, account := range accounts {
			var weights, tosses [oracleRows]float64
			copy(weights[:], account.incidence[:])
			weights[survivalRow] = account.survival
			if account.ended {
				tosses[account.cause] = 1
			} else {
				tosses[survivalRow] = 1
			}
			for _, cause := range failures {
				weights[failureRow] += weights[cause]
				tosses[failureRow] += tosses[cause]
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
func summarize(blocks []block, perBlock int, of func(*block) *sums) oracleCurves {
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
			e := oracleEstimate{Probability: mean, Paths: n * float64(perBlock)}
			e.StandardError = math.Sqrt(squares / (n - 1) / n)
			if farthest := max(largest-mean, mean-smallest); farthest > 0 {
				e.Effective = math.Pow(e.StandardError*e.Paths/farthest, 2)
			}
			curves[row][plan] = e
		}
	}
	return curves
}

// account keeps the books of one path for one reading and view, with both
// estimators side by side: what is left of the path after the hazards'
// expectation, and whether a toss has ended it.
type account struct {
	grant     float64 // used [s]
	survival  float64
	incidence [model.Completed]float64
	ended     bool
	cause     model.Cause // where ended
}

// threshold ends what remains of the path (section 6: "a threshold takes all that
// remains").
func (a *account) threshold(cause model.Cause) {
	a.share(cause, a.survival)
	a.survival = 0
	a.end(cause)
}

// share books a part of the path's survival to a cause.
func (a *account) share(cause model.Cause, weight float64) {
	a.incidence[cause] += weight
}

// end ends the tossed path, if it still runs.
func (a *account) end(cause model.Cause) {
	if !a.ended {
		a.ended, a.cause = true, cause
	}
}

// refuse ends the start with a probability.
func (a *account) refuse(probability float64, rng *rand.Rand) {
	a.share(model.Refused, a.survival*probability)
	a.survival *= 1 - probability
	if rng.Float64() < probability {
		a.end(model.Refused)
	}
}

// hazards lets constant rates [1/s] by cause act for d seconds (section 6): with
// Λ = Σλ·d the step ends the session with probability 1 − e^−Λ, cause i with
// share λ_i/Σλ.
func (a *account) hazards(rates [model.Completed]float64, d float64, rng *rand.Rand) {
	total := 0.0
	for _, rate := range rates {
		total += rate
	}
	if total == 0 || a.survival == 0 {
		return
	}
	ends := -math.Expm1(-total * d)
	for cause, rate := range rates {
		a.share(model.Cause(cause), a.survival*ends*rate/total)
	}
	a.survival *= 1 - ends

	if a.ended || rng.Float64() >= ends {
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
	a.end(model.Cause(last))
}

// network is the thermal network of section 4 for one build, airflow and
// fit, with its exact step.
type network struct {
	airF, airH, wrist float64       // conductances to air and wrist [W/K]
	sunArea           float64       // absorptance times area [m2]
	gain              [5][5]float64 // G⁻¹
	m, w              [5][5]float64 // T ← M T + W u
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

// path simulates one session and returns its accounts as they stand at the end of
// every plan, d + margin, and the number of its steps; nil for one that is not given.
func (o *oracle) path(rng *rand.Rand) (record [][accountCount]account, steps int64) {
	s := o.Scenario
	battery, gauge, policy, population := &s.Battery, &s.Gauge, &s.Policy, &s.Population
	session := s.Session(o.Session)
	workload := s.Workload.ByID[session.Workload]
	d := float64(s.Grid.Step)

	// Section 2: drawn once per session.
	device := s.Device(o.Device)
	if o.Device == "" {
		device = s.Devices[pick(rng, len(s.Devices),
			func(i int) float64 { return float64(s.Devices[i].Weight) })]
	}
	environment := s.Environment(o.Environment)
	if o.Environment == "" {
		environment = s.Environments[pick(rng, len(s.Environments),
			func(i int) float64 { return float64(s.Environments[i].Share) })]
	}
	fit := s.Thermal.Fits[pick(rng, len(s.Thermal.Fits),
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

	var z float64
	if o.StartLevel != nil {
		z = *o.StartLevel
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
	meanSun := sunShare * irradiance * network.sunArea
	temperatures := times(&network.gain,
		network.input(prePower, front, 0, meanSun, ambient+ou, wrist))
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
		s := 1 + float64(battery.SoCGain)*math.Exp(-z/float64(battery.SoCScale))*
			math.Pow(alpha, float64(battery.SoCTExp))
		return r0 * g * s, r1 * g * s, r2 * g
	}
	a1 := math.Exp(-d / float64(battery.Tau1))
	a2 := math.Exp(-d / float64(battery.Tau2))
	_, r1Start, r2Start := resistances(z, temperatures[nodeB])
	startCurrent := prePower / openCircuitVoltage(battery, z)
	v1, v2 := startCurrent*r1Start, startCurrent*r2Start

	var accounts [accountCount]account
	for l := range accounts {
		accounts[l].survival = 1
	}
	everywhere := func(do func(*account)) {
		for l := range accounts {
			do(&accounts[l])
		}
	}

	marginSteps := int(math.Round(float64(s.Grid.Margin) / d))
	endOf := func(plan float64) int { return int(math.Round(plan/d)) + marginSteps }
	lastStep := endOf(o.Plans[len(o.Plans)-1])
	windowSteps := int(math.Round(float64(policy.CPUWindow) / d))
	var cpuSeconds []float64 // of every step so far
	thermalLevel := 0

	record = make([][accountCount]account, 0, len(o.Plans))
	for k := 0; ; k++ {
		steps = int64(k)
		// Poll at t_k: displayed level (section 3), thermal level (section 4), prompt.
		gaugeError := (gaugeBias + noise) * min(1, max(0, z/float64(gauge.Converge)))
		displayed := min(max(math.Floor(100*(z+gaugeError)+0.5)/100, 0), 1)
		low := displayed <= float64(policy.LowBattery)
		veryLow := displayed <= float64(policy.VeryLowBattery)

		skin := temperatures[nodeK] - thresholdOffset
		for thermalLevel < 3 && skin >= float64(policy.Levels[thermalLevel]) {
			thermalLevel++
		}
		for thermalLevel > 0 &&
			skin < float64(policy.Levels[thermalLevel-1])-float64(policy.Hysteresis) {
			thermalLevel--
		}

		if k == 0 && o.Given != nil {
			start := oracleStart{displayed, thermalLevel, lowPowerAtStart, device.Build}
			if !o.Given(start) {
				return nil, 0
			}
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
			everywhere(func(a *account) { a.refuse(1-notRefused, rng) })
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
			everywhere(func(a *account) { a.threshold(model.PowerOff) })
		}

		// All that is booked at t_k is in: a plan may end here.
		for len(record) < len(o.Plans) && k == endOf(o.Plans[len(record)]) {
			record = append(record, accounts)
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
			accounts[accountIndex(documented, false)].hazards(rates, d, rng)
			rates[model.Stopped] = 0
			accounts[accountIndex(documented, true)].hazards(rates, d, rng)
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
		front := float64(s.Workload.States.Front[state])
		input := network.input(power, front, heat, sun, ambient+ou, wrist)
		held, driven := times(&network.m, temperatures), times(&network.w, input)
		for node := range temperatures {
			temperatures[node] = held[node] + driven[node]
		}
		cpuSeconds = append(cpuSeconds, cpuFactor*float64(workload.CPU[state])*d)

		// Tests booked at t_{k+1}, in this order: power-off, CPU, expired.
		if z <= 0 || temperatures[nodeB] >= float64(s.Thermal.TOff) {
			everywhere(func(a *account) { a.threshold(model.PowerOff) })
			break
		}
		recent := 0.0
		for _, seconds := range cpuSeconds[max(0, len(cpuSeconds)-windowSteps):] {
			recent += seconds
		}
		if recent > float64(policy.CPULimit)*float64(policy.CPUWindow) {
			everywhere(func(a *account) { a.threshold(model.Errored) })
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
			accounts[accountIndex(false, meaning)].grant += d * (1 + pressure)
			accounts[accountIndex(true, meaning)].grant += d
		}
		if session.Limit > 0 {
			everywhere(func(a *account) {
				if a.grant >= float64(session.Limit)-1e-9 {
					a.threshold(model.Expired)
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
	for len(record) < len(o.Plans) {
		record = append(record, accounts)
	}
	return record, steps
}

// BenchmarkPathStep is the cost of a path-step in the oracle, on one core, with all
// defaults: what BenchmarkPathStep of package benchmarks, of the kernels, is compared with.
func BenchmarkPathStep(b *testing.B) {
	for _, session := range []string{"mindfulness", "workout"} {
		b.Run("session="+session+"/kernel=oracle", func(b *testing.B) {
			s := model.Default()
			o := &oracle{Scenario: s, Session: session, Failures: model.Failures,
				Plans: []float64{float64(s.Session(session).Horizon)}}
			steps := int64(0)
			for b.Loop() {
				steps += o.Run(256, uint64(b.N), 1).Steps
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/path-step")
			b.ReportMetric(0, "ns/op")
		})
	}
}
