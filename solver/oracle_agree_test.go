package solver_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
)

// The largest distances accepted between the project and the oracle, in combined standard
// errors. The oracle's standard error comes from its own sample: where only few paths
// have an event, a small sample without them has too small a mean and too small an error.
const (
	oracleTolerance      = 4.5
	quickOracleTolerance = 6.0
)

// oracleDistance returns the largest distance accepted from the oracle.
func oracleDistance() float64 {
	if *solver.Long {
		return oracleTolerance
	}
	return quickOracleTolerance
}

// agreement is a case in which the project and the oracle must agree.
type agreement struct {
	name         string
	toml         string // overrides of the defaults
	session      string
	device       string
	environment  string
	startLevel   float64 // 0 draws it
	plans        []float64
	withResigned bool // resigned is a failure too
	halved       bool // a long session, on half the paths
	timer        []oraclePhase
	restart      bool // a used grant starts a new session
}

// agreements lists a case for every rule of the session model that the defaults
// reach and for those that only overrides reach.
var agreements = []agreement{
	{name: "mindfulness", session: "mindfulness",
		plans: []float64{5, 600, 1800, 3300, 3590, 3600, 4200}},
	{name: "self care", session: "self-care", plans: []float64{5, 300, 590, 595, 600, 1200}},
	{name: "smart alarm", session: "smart-alarm", plans: []float64{5, 600, 1500, 1790, 1795, 2700}},
	{name: "workout", session: "workout", plans: []float64{600, 3600, 7200, 10800, 14400},
		halved: true},
	{name: "dive on one device", session: "underwater-depth", device: "se2-40",
		plans: []float64{60, 600, 1200, 1800}},
	{name: "one device and environment", session: "audio", device: "ultra2-49", environment: "sun",
		plans: []float64{60, 600, 1200, 1800}},
	{name: "walking in the cold", session: "location", environment: "shade", toml: `
		[[environment]]
		id = "shade"
		ambient_mean = "-20 degC"`, plans: []float64{5, 600, 1800, 3600}},
	{name: "running in the cold sun", session: "workout", environment: "sun", toml: `
		[[environment]]
		id = "sun"
		airflow = "running"
		ambient_mean = "-20 degC"`, plans: []float64{5, 300, 900, 1800}},
	{name: "hot sun, low critical level", session: "physical-therapy", environment: "sun", toml: `
		[policy]
		levels = ["34 degC", "36 degC", "38 degC"]
		[[environment]]
		id = "sun"
		ambient_mean = "33 degC"`, plans: []float64{5, 60, 600, 1795, 1800, 2700}},
	{name: "always in the sun", session: "physical-therapy", environment: "sun", toml: `
		[battery]
		entropy = "-5 mV/K"
		[policy]
		levels = ["35 degC", "38 degC", "41 degC"]
		hysteresis = "0 K"
		[[environment]]
		id = "sun"
		sun_share = 0.99
		irradiance_max = "1000 W/m2"`, plans: []float64{5, 600, 1800, 2700, 3600}},
	{name: "low battery temperature limit", session: "workout", environment: "sun", toml: `
		[thermal]
		t_off = "36 degC"
		[workload.states]
		front = [0, 1, 0.5, 1]
		[workload.workout]
		enter = ["0 /h", "100 /h", "20 /h", "100 /h"]
		leave = ["0 /h", "50 /h", "1200 /h", "50 /h"]`, plans: []float64{5, 60, 300, 900, 1800}},
	{name: "raised cut-off voltage", session: "workout", toml: `
		[battery]
		v_cut = "3.6 V"`, plans: []float64{5, 60, 300, 900, 1800}},
	{name: "no current delivers the load", session: "workout", toml: `
		[battery]
		v_cut = "0 V"
		r0q = "3.6 ohm Ah"`, plans: []float64{5, 60, 300, 900, 1800}},
	{name: "polarization beyond the voltage", session: "workout", environment: "shade", toml: `
		[battery]
		v_cut = "0 V"
		r1q = "2.1 ohm Ah"
		r2q = "1 ohm Ah"
		tau1 = "20 s"
		tau2 = "5 min"
		[[environment]]
		id = "shade"
		ambient_mean = "-20 degC"`, plans: []float64{5, 60, 300, 900, 1800}},
	{name: "an empty cell", session: "mindfulness", device: "s9-45", toml: `
		[battery]
		v_cut = "0 V"
		r0q = "0.001 ohm Ah"
		r1q = "0.001 ohm Ah"
		r2q = "0.001 ohm Ah"
		[[device]]
		id = "s9-45"
		capacity = "15 mAh"`, plans: []float64{60, 300, 900, 1800}},
	{name: "CPU limit", session: "physical-therapy", toml: `
		[policy]
		cpu_limit = 0.04
		[population]
		cpu_sigma = 0.4`, plans: []float64{5, 60, 300, 900, 1800}},
	{name: "short CPU window", session: "self-care", toml: `
		[policy]
		cpu_limit = 0.1
		cpu_window = "15 s"`, plans: []float64{5, 60, 300, 600}},
	{name: "low battery feeds back", session: "mindfulness", toml: `
		[policy]
		low_battery = 0.5
		pressure_low = 0.5
		suppress_lpm = "0.5 /h"
		[population]
		lpm_accept = 1`, plans: []float64{5, 600, 1800, 2390, 2395, 2400}},
	{name: "very low battery", session: "mindfulness", toml: `
		[policy]
		low_battery = 0.4
		very_low_battery = 0.3
		suppress_very_low = "5 /h"
		suppress_lpm = "5 /h"
		[gauge]
		bias_sd = 0.05
		noise_sd = 0.05
		noise_tau = "1 min"
		converge = 1
		[population]
		lpm_accept = 1`, plans: []float64{5, 300, 600, 1200, 1800}},
	{name: "Low Power Mode at every start", session: "smart-alarm", toml: `
		[population]
		lpm_on_start = 1
		[policy]
		refuse_lpm = 0.2
		suppress_lpm = "1 /h"`, plans: []float64{5, 600, 1500, 1790, 1800}},
	{name: "strong pressure", session: "mindfulness", environment: "sun", toml: `
		[policy]
		levels = ["34 degC", "36 degC", "39 degC"]
		pressure_serious = 1
		pressure_critical = 4
		pressure_low = 1
		low_battery = 0.3`, plans: []float64{5, 600, 720, 1200, 1795, 1800}},
	{name: "unequal users", session: "mindfulness", toml: `
		[population]
		frailty_shape = 0.3
		[[session]]
		id = "mindfulness"
		resign = "3 /h"
		stop = "2 /h"`, plans: []float64{5, 300, 600, 1200, 1800}, withResigned: true},
	{name: "step of 1 s", session: "self-care", toml: `
		[grid]
		step = "1 s"`, plans: []float64{1, 60, 300, 594, 595, 600}},
	{name: "step of 2.5 s", session: "smart-alarm", toml: `
		[grid]
		step = "2.5 s"
		[policy]
		cpu_limit = 0.04`, plans: []float64{2.5, 600, 1440, 1792.5, 1795, 1800}},
	{name: "no margin", session: "self-care", toml: `
		[grid]
		margin = "0 s"`, plans: []float64{5, 300, 590, 595, 600, 900}},
	{name: "long margin", session: "self-care", toml: `
		[grid]
		margin = "1 min"`, plans: []float64{5, 300, 535, 540, 545, 900}},
	{name: "limit between two steps", session: "self-care", toml: `
		[[session]]
		id = "self-care"
		limit = "601 s"`, plans: []float64{5, 300, 590, 595, 600, 900}},
	{name: "start at 12 %", session: "mindfulness", startLevel: 0.12,
		plans: []float64{5, 600, 1800, 2700, 3300, 3590}},
	{name: "start at 4 % in the cold", session: "workout", environment: "shade", startLevel: 0.04,
		toml: `
		[battery]
		r2q = "0.5 ohm Ah"
		tau2 = "1 min"
		soc_gain = 1
		soc_texp = 3
		[[environment]]
		id = "shade"
		ambient_mean = "0 degC"`, plans: []float64{5, 60, 300, 600, 1200}},
	{name: "the end of the last step", session: "mindfulness", startLevel: 0.3, toml: `
		[grid]
		margin = "0 s"
		[battery]
		v_cut = "3.74 V"
		[workload.seated]
		enter = ["0 /h", "300 /h", "3000 /h", "300 /h"]`, plans: []float64{5}},
	{name: "old cells, own beta law and load", session: "workout", toml: `
		[population]
		age_years = ["4 year", "8 year"]
		health_min = 0.5
		cell_sigma = 0.5
		[[session]]
		id = "workout"
		power_scale = 1.4
		start_level_alpha = 0.6`, plans: []float64{5, 300, 900, 1800}},
}

// TestAgreesWithOracle compares the project with the oracle, cause by cause.
func TestAgreesWithOracle(t *testing.T) {
	oraclePaths, paths := 256, int64(1024)
	if *solver.Long {
		oraclePaths, paths = 1<<14, 1<<16
	}
	var table strings.Builder
	for i, a := range slices.Concat(agreements, newRules, timers, pauses, restarts) {
		t.Run(a.name, func(t *testing.T) {
			s, err := model.Parse(a.name, []byte(a.toml))
			if err != nil {
				t.Fatal(err)
			}
			failures := slices.Clone(model.Failures)
			if a.withResigned {
				failures = append(failures, model.Resigned)
			}
			o := &oracle{Scenario: s, Session: a.session, Device: a.device, Environment: a.environment,
				Plans: a.plans, Failures: failures, Timer: a.timer,
				Restart: a.restart}
			if a.startLevel > 0 {
				o.StartLevel = &a.startLevel
			}
			oraclePaths, paths := oraclePaths, paths
			if a.halved {
				oraclePaths, paths = oraclePaths/2, paths/2
			}
			want := o.Run(oraclePaths, uint64(1100+i), 2)
			for _, estimator := range []solver.Estimator{solver.Weights, solver.Counts} {
				got := project(t, o, estimator, uint64(2000+i), paths)
				accounts := &want.Weights
				if estimator == solver.Counts {
					accounts = &want.Tosses
				}
				largest := compareWithOracle(t, o, estimator, got, accounts)
				table.WriteString(zLine(a.name+", "+string(estimator), largest))
			}
		})
	}
	t.Logf("largest |z| over plans, readings and views\n%s%s", zHeader(), &table)
}

// project simulates the oracle's case with the project. The plans of a timer are then its
// stints.
func project(t *testing.T, o *oracle, estimator solver.Estimator, seed uint64,
	paths int64) *solver.Estimates {
	t.Helper()
	c := solver.Case{Session: o.Session, Device: o.Device, Environment: o.Environment,
		StartLevel: o.StartLevel}
	c.Pause, c.Restart = o.pauses(), o.Restart
	if o.Timer == nil {
		c.Duration = o.Plans[len(o.Plans)-1]
	}
	c.Phases = o.phases()
	if c.Device == "" {
		c.Device = solver.Fleet
	}
	if c.Environment == "" {
		c.Environment = solver.Mix
	}
	program, err := solver.Compile(o.Scenario, c)
	if err != nil {
		t.Fatal(err)
	}
	if o.Timer != nil {
		o.Plans = stintEnds(o.Scenario, c.Phases)
	}
	estimates, err := program.Estimates(t.Context(),
		solver.Settings{Seed: seed, Estimator: estimator, Failures: o.Failures, Workers: 2}, paths)
	if err != nil {
		t.Fatal(err)
	}
	return estimates
}

// phases returns the oracle's timer as the project's.
func (o *oracle) phases() (phases []model.Phase) {
	for _, p := range o.Timer {
		phases = append(phases, model.Phase{Length: model.Duration(p.Length), Rest: p.Rest,
			Keep: p.Keep, Workload: p.Workload, Environment: p.Environment})
	}
	return phases
}

// compareWithOracle compares every row, plan, reading and view, and returns the
// largest distances by row.
func compareWithOracle(t *testing.T, o *oracle, estimator solver.Estimator, got *solver.Estimates,
	want *[accountCount]oracleCurves) [oracleRows]float64 {
	t.Helper()
	var largest [oracleRows]float64
	for reading, name := range solver.BothReadings() {
		for _, view := range []solver.View{solver.AsUsed, solver.Meaning} {
			account := accountIndex(reading == 1, view == solver.Meaning)
			for row := range oracleRows {
				for i, plan := range o.Plans {
					var g estimate.Estimate
					switch {
					case row == int(model.Completed):
						continue
					case row < survivalRow:
						g = got.Ended(name, view, model.Cause(row), plan)
					case row == failureRow && view == solver.Meaning:
						g = got.Failure(name, plan)
					case row == leftRow && view == solver.Meaning:
						g = got.Resigned(name, plan)
					case row == completionRow && view == solver.Meaning:
						g = got.Completion(name, plan)
					case row == survivalRow && view == solver.AsUsed:
						g = got.Survival(name, plan)
					default: // not a number the project gives
						continue
					}
					w := want[account][row][i]
					z := zScore(g, w, float64(got.PathsTo(plan)))
					largest[row] = max(largest[row], math.Abs(z))
					if math.Abs(z) > oracleDistance() {
						t.Errorf(
							"%s, reading %d, view %d, %s by %v s: %.7f ± %.7f, the oracle has %.7f ± %.7f, z = %.1f",
							estimator, reading, view, rowName(row), plan, g.Value, g.StandardError, w.Probability,
							w.StandardError, z)
					}
				}
			}
		}
	}
	return largest
}

// fewPaths is the number of paths below which a standard error is not trusted.
const fewPaths = 20

// zScore returns the difference between the project's estimate from a number of
// paths and the oracle's in combined standard errors. An estimate from few paths
// without an event would claim to be certain, so both then get the larger of the
// two deviations per path. For a Poisson count that is a fair allowance.
func zScore(got estimate.Estimate, want oracleEstimate, paths float64) float64 {
	oracleVariance := want.StandardError * want.StandardError
	variance := got.StandardError * got.StandardError
	if want.Effective*min(1, paths/want.Paths) < fewPaths {
		perPath := max(oracleVariance*want.Paths, variance*paths)
		oracleVariance, variance = perPath/want.Paths, perPath/paths
	}
	const rounding = 1e-7 // the oracle keeps its books in float32
	difference := got.Value - want.Probability
	return difference / math.Sqrt(oracleVariance+variance+rounding*rounding)
}

// rowName names a row of the oracle's results.
func rowName(row int) string {
	if row >= survivalRow {
		return [...]string{"survival", "failure", "left", "completion"}[row-survivalRow]
	}
	return model.Cause(row).String()
}

// zHeader and zLine write a table of distances by row; NaN is a blank.
func zHeader() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-41s", "")
	for row := range oracleRows {
		fmt.Fprintf(&b, " %9s", strings.Replace(rowName(row), "suppressed-", "s-", 1))
	}
	b.WriteByte('\n')
	return b.String()
}

func zLine(label string, z [oracleRows]float64) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-41s", label)
	for _, v := range z {
		if math.IsNaN(v) {
			fmt.Fprintf(&b, " %9s", "")
		} else {
			fmt.Fprintf(&b, " %9.2f", v)
		}
	}
	b.WriteByte('\n')
	return b.String()
}
