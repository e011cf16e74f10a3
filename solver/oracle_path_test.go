package solver_test

import (
	"math"
	"math/rand/v2"

	"budget/model"

	"gonum.org/v1/gonum/stat/distuv"
)

// oraclePhase is a phase of a timer (section 9).
type oraclePhase struct {
	Length      float64 // [s]
	Workload    string  // "" for the session's, or worn in a rest
	Environment string  // to move to, "" to stay
	Rest        bool
	Keep        bool // a rest that counts as a session phase
}

// leg is a phase on the walk. The last leg of a stint includes the margin.
type leg struct {
	session       bool // else a rest
	ends          bool // a stint
	steps, margin int
	workload      *model.Workload
	environment   *model.Environment // to move to, or nil
}

// prepare derives what all paths share.
func (o *oracle) prepare() {
	s := o.Scenario
	o.networks = newNetworks(s)
	o.nextStates = map[*model.Workload][4][4]float64{}
	for _, workload := range s.Workload.ByID {
		o.nextStates[workload] = workloadStep(workload, float64(s.Grid.Step))
	}
	phases := o.Timer
	if phases == nil {
		phases = []oraclePhase{{Length: o.Plans[len(o.Plans)-1]}}
	}
	o.course = nil
	for _, phase := range phases {
		l := leg{session: !phase.Rest || phase.Keep, steps: o.stepsOf(phase.Length)}
		workload := phase.Workload
		switch {
		case workload == "" && phase.Rest:
			workload = "worn"
		case workload == "":
			workload = s.Session(o.Session).Workload
		}
		l.workload = s.Workload.ByID[workload]
		l.environment = s.Environment(phase.Environment)
		o.course = append(o.course, l)
	}
	for last := len(phases) - 1; phases[last].Rest; last-- {
		o.course = o.course[:last] // a rest after the last session phase is dropped
	}
	for i := range o.course {
		if o.course[i].session && (i+1 == len(o.course) || !o.course[i+1].session) {
			o.course[i].ends, o.course[i].margin = true, o.stepsOf(float64(s.Grid.Margin))
		}
	}

	o.costAt, o.endAt = map[int]int{}, map[int]int{}
	if o.Timer == nil {
		for i, plan := range o.Plans {
			o.costAt[o.stepsOf(plan)] = i
			o.endAt[o.stepsOf(plan)+o.course[0].margin] = i
		}
		return
	}
	at := 0
	for _, l := range o.course {
		at += l.steps
		if l.ends {
			i := len(o.endAt)
			o.costAt[at], o.endAt[at+l.margin] = i, i
			at += l.margin
		}
	}
}

func (o *oracle) stepsOf(seconds float64) int {
	return int(math.Round(seconds / float64(o.Scenario.Grid.Step)))
}

// account records one path for one reading and view with both estimators: its
// survival probability under the hazards, and whether a random draw has ended
// it.
type account struct {
	grant     float64 // used [s]
	expired   bool    // at this time, and the app starts anew
	incidence [survivalRow]float64
	survival  float64
	late      float64 // of the refusals, those of later starts
	ended     int     // the row where a toss has ended the path, survivalRow where none has
	endedLate bool
}

// lose ends the path with a probability (1 for a threshold) in the weights, and in the
// counts if tossed is true.
func (a *account) lose(row int, probability float64, tossed bool) {
	a.incidence[row] += a.survival * probability
	a.survival *= 1 - probability
	if tossed && a.ended == survivalRow {
		a.ended = row
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
		a.incidence[cause] += a.survival * ends * rate / total
	}
	a.survival *= 1 - ends
	if a.ended == survivalRow && rng.Float64() < ends {
		a.ended = pick(rng, len(rates), func(i int) float64 { return rates[i] })
	}
}

// books returns the record of the account.
func (a *account) books() (weights, tosses books) {
	for row, part := range a.incidence {
		weights[row] = float32(part)
	}
	weights[survivalRow] = float32(a.survival)
	weights[lateRefused] = float32(a.late)
	tosses[a.ended] = 1
	if a.endedLate {
		tosses[lateRefused] = 1
	}
	return weights, tosses
}

// walk is one path: a watch and the accounts of the session or timer it runs.
type walk struct {
	*watch
	session  *model.Session
	frailty  float64
	takes    bool // the prompt takes the front
	accounts [accountCount]account
	cpu      []float64 // seconds of every step of the session so far
	records  []record  // by plan or stint
	known    []bool    // whether a record's cost is
	steps    int64
}

// path simulates one session or timer. It returns its record at the end of every session
// length, d + margin, or of every stint, and the number of steps; nil if the start is not
// the given one.
func (o *oracle) path(rng *rand.Rand) ([]record, int64) {
	s := o.Scenario
	w := &walk{watch: o.newWatch(rng), session: s.Session(o.Session)}
	shape := float64(s.Population.FrailtyShape)
	w.frailty = distuv.Gamma{Alpha: shape, Beta: shape, Src: rng}.Rand()
	w.takes = rng.Float64() < float64(s.Policy.PromptResign)
	for l := range w.accounts {
		w.accounts[l] = account{survival: 1, ended: survivalRow}
	}
	w.records, w.known = make([]record, len(o.endAt)), make([]bool, len(o.endAt))
	if !w.run() {
		return nil, w.steps
	}
	return w.records, w.steps
}

// run walks the course and reports whether the session starts as given.
func (w *walk) run() bool {
	at := 0                     // steps of the course so far, without absences
	starts, asks := false, true // a session, and whether the user comes back is a question
	for i, leg := range w.o.course {
		if leg.environment != nil {
			w.move(leg.environment)
		}
		w.quiet()
		if leg.session && (i == 0 || !w.o.course[i-1].session) {
			starts, asks = true, i > 0
		}
		for j := 0; j < leg.steps+leg.margin; {
			w.cue(leg.workload, j)
			before := w.lowPower
			prompted := w.poll()
			if at == 0 && w.steps == 0 {
				w.shown = w.displayed
				if given := w.o.Given; given != nil &&
					!given(oracleStart{w.displayed, w.thermalLevel, before, w.device.Build}) {
					return false
				}
			}
			w.cost(at)
			if starts {
				w.start(before, w.steps == 0, asks)
				starts = false
			} else if leg.session {
				w.restart(before)
			}
			if leg.session && prompted && w.covered() {
				if w.absence(at, true) {
					break
				}
				starts, asks = true, false
				continue
			}

			off := w.load(leg.workload)
			if off {
				w.everywhere(int(model.PowerOff))
			}
			w.end(at)
			if off || w.over() {
				break
			}
			cpu := w.cpuFactor * float64(leg.workload.CPU[w.state]) * w.d
			if leg.session {
				w.hazards()
			}
			off = w.integrate(leg.workload)
			at++
			j++
			w.steps++
			if off {
				w.everywhere(int(model.PowerOff))
				break
			}
			if !leg.session {
				continue
			}
			if w.thresholds(cpu) {
				break
			}
			last := leg.ends && j == leg.steps+leg.margin
			leaves := -math.Expm1(-float64(w.session.Resign) * w.frailty * w.d)
			if w.pauses() && !last && w.rng.Float64() < leaves {
				if w.absence(at, false) {
					break
				}
				starts, asks = true, false
			}
		}
		if w.over() {
			break
		}
	}
	if !w.over() {
		// The end of the last stint: poll, prompt and power-off test once more.
		leg := w.o.course[len(w.o.course)-1]
		w.cue(leg.workload, leg.steps+leg.margin)
		if w.poll() {
			w.covered()
		}
		w.cost(at)
		if w.load(leg.workload) {
			w.everywhere(int(model.PowerOff))
		}
		w.end(at)
	}
	// Plans that end after the path did see it as it was left.
	for end := range w.o.endAt {
		if end >= at {
			w.end(end)
		}
	}
	return true
}

// over reports whether nothing is left of the path in any account.
func (w *walk) over() bool {
	for _, a := range w.accounts {
		if a.survival > 0 {
			return false
		}
	}
	return true
}

// everywhere ends what remains in all accounts.
func (w *walk) everywhere(row int) {
	for l := range w.accounts {
		w.accounts[l].lose(row, 1, true)
	}
}

// cost records what the path has cost at the first poll after a session length or stint
// ends, before its margin.
func (w *walk) cost(at int) {
	if i, ok := w.o.costAt[at]; ok && !w.known[i] {
		w.known[i] = true
		for quantity, x := range w.spent() {
			w.records[i].cost[quantity] = float32(x)
		}
	}
}

// end records the accounts at the end of a session length or stint.
func (w *walk) end(at int) {
	if i, ok := w.o.endAt[at]; ok {
		for l := range w.accounts {
			w.records[i].weights[l], w.records[i].tosses[l] = w.accounts[l].books()
		}
	}
}

// start is the start of a session (sections 6 and 9), under the Low Power Mode before the
// prompt of this poll.
func (w *walk) start(lowPower, first, asks bool) {
	accepted := w.accepted(lowPower)
	for l := range w.accounts {
		a := &w.accounts[l]
		if asks && l != accountIndex(false, true) && l != accountIndex(true, true) {
			w.toss(a, notReturnedRow, 1-float64(w.o.Scenario.Timer.Return))
		}
		w.begin(a, accepted, first)
	}
	w.cpu = w.cpu[:0]
}

// restart starts a new session in the accounts whose grant is used up.
func (w *walk) restart(lowPower bool) {
	for l := range w.accounts {
		if a := &w.accounts[l]; a.expired {
			w.begin(a, w.accepted(lowPower), false)
		}
	}
}

// toss loses a probability.
func (w *walk) toss(a *account, row int, probability float64) {
	a.lose(row, probability, w.rng.Float64() < probability)
}

// begin starts a session in an account.
func (w *walk) begin(a *account, accepted float64, first bool) {
	if !first {
		w.toss(a, inProgressRow, float64(w.o.Scenario.Timer.Orphan))
		a.late += a.survival * (1 - accepted)
	}
	ran := a.ended == survivalRow
	w.toss(a, int(model.Refused), 1-accepted)
	a.endedLate = a.endedLate || !first && ran && a.ended == int(model.Refused)
	a.grant, a.expired = 0, false
}

// accepted is the probability that a start is not refused.
func (w *walk) accepted(lowPower bool) float64 {
	policy := &w.o.Scenario.Policy
	refuse := float64(policy.RefuseLPM)
	if w.session.RefuseLPM != nil {
		refuse = float64(*w.session.RefuseLPM)
	}
	accepted := 1 - float64(w.session.Refuse)
	if lowPower {
		accepted *= 1 - refuse
	}
	if w.thermalLevel == 3 {
		accepted *= 1 - float64(policy.RefuseCritical)
	}
	if w.temperatures[oracleB] >= float64(w.o.Scenario.Thermal.TOff) {
		accepted = 0
	}
	return accepted
}

// covered is the Low Power prompt over the app. It reports whether the user leaves and
// comes back; else it may end the session as resigned.
func (w *walk) covered() (leaves bool) {
	switch {
	case !w.session.Frontmost:
		return false
	case w.pauses():
		return w.takes
	}
	for l := range w.accounts {
		w.accounts[l].lose(int(model.Resigned), float64(w.o.Scenario.Policy.PromptResign), w.takes)
	}
	return false
}

// pauses reports whether a timer continues after the user has left and come
// back.
func (w *walk) pauses() bool { return w.o.pauses() }

func (o *oracle) pauses() bool { return o.Timer != nil && o.Scenario.Timer.Resign == "pause" }

// hazards lets the hazards of a step act, booked at t_{k+1} (section 6).
func (w *walk) hazards() {
	policy := &w.o.Scenario.Policy
	var rates [model.Completed]float64
	if !w.pauses() {
		rates[model.Resigned] = float64(w.session.Resign) * w.frailty
	}
	switch w.thermalLevel {
	case 2:
		rates[model.SuppressedThermal] = float64(policy.SuppressSerious)
	case 3:
		rates[model.SuppressedThermal] = float64(policy.SuppressCritical)
	}
	switch {
	case w.veryLow:
		rates[model.SuppressedBattery] = float64(policy.SuppressVeryLow)
	case w.low:
		rates[model.SuppressedBattery] = float64(policy.SuppressLow)
	}
	if w.lowPower {
		suppress := policy.SuppressLPM
		if w.session.SuppressLPM != nil {
			suppress = *w.session.SuppressLPM
		}
		rates[model.SuppressedBattery] += float64(suppress)
	}
	rates[model.SuppressedOther] = float64(policy.SuppressBase)
	rates[model.Errored] = float64(policy.ErrorBase)
	for _, documented := range []bool{false, true} {
		rates[model.Stopped] = float64(w.session.Stop)
		w.accounts[accountIndex(documented, false)].hazards(rates, w.d, w.rng)
		rates[model.Stopped] = 0
		w.accounts[accountIndex(documented, true)].hazards(rates, w.d, w.rng)
	}
}

// thresholds tests the CPU window and the grant at t_{k+1}, in this order, and reports
// whether the CPU limit has ended the session.
func (w *walk) thresholds(cpu float64) bool {
	policy := &w.o.Scenario.Policy
	w.cpu = append(w.cpu, cpu)
	window := w.o.stepsOf(float64(policy.CPUWindow))
	recent := 0.0
	for _, seconds := range w.cpu[max(0, len(w.cpu)-window):] {
		recent += seconds
	}
	if recent > float64(policy.CPULimit)*float64(policy.CPUWindow)+1e-9 {
		w.everywhere(int(model.Errored))
		return true
	}
	pressure := 0.0
	switch w.thermalLevel {
	case 2:
		pressure = float64(policy.PressureSerious)
	case 3:
		pressure = float64(policy.PressureCritical)
	}
	if w.low {
		pressure += float64(policy.PressureLow)
	}
	for l := range w.accounts {
		a := &w.accounts[l]
		a.grant += w.d
		if l == accountIndex(false, false) || l == accountIndex(false, true) {
			a.grant += w.d * pressure
		}
		if w.session.Limit == 0 || a.grant < float64(w.session.Limit)-1e-9 {
			continue
		}
		if a.expired = w.o.Restart; !a.expired {
			a.lose(int(model.Expired), 1, true)
		}
	}
	return false
}

// absence is the time that the user is away from a timer that pauses: a whole number of
// steps, exponential before it is rounded up. It reports whether the watch is off.
func (w *walk) absence(at int, polled bool) (off bool) {
	worn := w.o.Scenario.Workload.ByID["worn"]
	w.quiet()
	for n := math.Ceil(w.rng.ExpFloat64() * float64(w.o.Scenario.Timer.Away) / w.d); n > 0; n-- {
		if !polled {
			w.poll()
			w.cost(at)
		}
		polled = false
		if w.load(worn) || w.integrate(worn) {
			w.everywhere(int(model.PowerOff))
			return true
		}
		w.steps++
	}
	w.quiet()
	return false
}
