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

// longFactor multiplies the numbers of paths under -long.
const longFactor = 32

// The largest distances accepted, in combined standard errors: between the project and the
// oracle, and from the agreed values. The oracle's standard error is that of its own sample,
// and where few paths are unlike most, a small sample without them has too small a mean and
// too small an error.
const (
	oracleTolerance      = 4.5
	quickOracleTolerance = 6.0
	agreedTolerance      = 4.0
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
		sun_share = 1
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
	{name: "old cells, own beta law", session: "workout", toml: `
		[population]
		age_years = ["4 year", "8 year"]
		health_min = 0.5
		cell_sigma = 0.5
		[[session]]
		id = "workout"
		start_level_alpha = 0.6`, plans: []float64{5, 300, 900, 1800}},
}

// TestAgreesWithOracle compares the project with the oracle, cause by cause.
func TestAgreesWithOracle(t *testing.T) {
	oraclePaths, paths := 512, int64(2048)
	if *solver.Long {
		oraclePaths, paths = oraclePaths*longFactor, paths*longFactor
	}
	var table strings.Builder
	for i, a := range agreements {
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
				Plans: a.plans, Failures: failures}
			if a.startLevel > 0 {
				o.StartLevel = &a.startLevel
			}
			oraclePaths, paths := oraclePaths, paths
			if a.halved {
				oraclePaths, paths = oraclePaths/2, paths/2
			}
			want := o.Run(oraclePaths, uint64(1000+i), 2)
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

// project asks the project what the oracle is asked.
func project(t *testing.T, o *oracle, estimator solver.Estimator, seed uint64,
	paths int64) *solver.Estimates {
	t.Helper()
	c := solver.Case{Session: o.Session, Device: o.Device, Environment: o.Environment,
		StartLevel: o.StartLevel, Duration: o.Plans[len(o.Plans)-1]}
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
	estimates, err := program.Estimates(t.Context(),
		solver.Settings{Seed: seed, Estimator: estimator, Failures: o.Failures, Workers: 2}, paths)
	if err != nil {
		t.Fatal(err)
	}
	return estimates
}

// durationIndex returns the index of a planned duration in the project's answers.
func durationIndex(s *model.Scenario, plan float64) int {
	return int(math.Round(plan/float64(s.Grid.Step))) - 1
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
					case row < int(model.Completed):
						g = got.Ended(name, view, model.Cause(row), plan)
					case row == failureRow && view == solver.Meaning:
						g = got.Failure(name, plan)
					case row == survivalRow && view == solver.AsUsed:
						g = got.Survival(name, plan)
					default: // not a number the project gives
						continue
					}
					w := want[account][row][i]
					z := zScore(g, w, float64(got.PathsTo(plan)))
					largest[row] = max(largest[row], math.Abs(z))
					if math.Abs(z) > oracleDistance() {
						t.Errorf("%s, reading %d, view %d, %s by %v s: %.7f ± %.7f, the oracle has %.7f ± %.7f, z = %.1f",
							estimator, reading, view, rowName(row), plan, g.Value, g.StandardError, w.Probability, w.StandardError, z)
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
// paths and the oracle's in combined standard errors. Where the oracle's, or the
// project's share of it, rests on few paths, one that met none would claim to
// be certain: each is then given the larger of both deviations per path, which
// for a Poisson count is a fair allowance.
func zScore(got estimate.Estimate, want oracleEstimate, paths float64) float64 {
	oracleVariance := want.StandardError * want.StandardError
	variance := got.StandardError * got.StandardError
	if want.Effective*min(1, paths/want.Paths) < fewPaths {
		perPath := max(oracleVariance*want.Paths, variance*paths)
		oracleVariance, variance = perPath/want.Paths, perPath/paths
	}
	const rounding = 1e-9
	difference := got.Value - want.Probability
	return difference / math.Sqrt(oracleVariance+variance+rounding*rounding)
}

// rowName names a row of the oracle's results.
func rowName(row int) string {
	switch row {
	case failureRow:
		return "failure"
	case survivalRow:
		return "survival"
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

// The agreed values of the session model, section 8: by duration [s], the
// cumulative incidence by cause in the causes' order and last the sum over the
// failures, with standard errors in units of 1e-7. They rest on 384 000 paths.
const (
	// agreedAsUsed is mindfulness, as people use it.
	agreedAsUsed = `
| 300 | 0.0010401 (112) | 0.0082114 (106) | 0.0000925 (60) | 0.0001955 (23) | 0.0001650 (0) | 0.0000875 (35) | 0.0000000 (0) | 0.0000282 (93) | 0.0412482 (6) | 0.0016088 (171) |
| 600 | 0.0010401 (112) | 0.0158446 (203) | 0.0001940 (124) | 0.0004021 (50) | 0.0003192 (0) | 0.0001742 (57) | 0.0000000 (0) | 0.0000387 (118) | 0.0798049 (16) | 0.0021683 (240) |
| 1200 | 0.0010401 (112) | 0.0298867 (378) | 0.0003697 (202) | 0.0008751 (109) | 0.0006053 (0) | 0.0003353 (85) | 0.0000000 (0) | 0.0000813 (151) | 0.1513139 (45) | 0.0033067 (359) |
| 1800 | 0.0010401 (112) | 0.0424423 (529) | 0.0005006 (242) | 0.0014314 (163) | 0.0008638 (0) | 0.0004828 (119) | 0.0000001 (0) | 0.0002227 (227) | 0.2159489 (89) | 0.0045414 (482) |
| 2700 | 0.0010401 (112) | 0.0588279 (719) | 0.0006467 (279) | 0.0023964 (234) | 0.0012057 (1) | 0.0006609 (119) | 0.0000290 (45) | 0.0006886 (334) | 0.3014230 (173) | 0.0066674 (648) |
| 3300 | 0.0010401 (112) | 0.0682264 (823) | 0.0006887 (289) | 0.0027844 (250) | 0.0014044 (1) | 0.0007716 (122) | 0.0132047 (1339) | 0.0008253 (357) | 0.3511063 (257) | 0.0207193 (1691) |
| 3590 | 0.0010401 (112) | 0.0723320 (867) | 0.0006919 (290) | 0.0028528 (250) | 0.0014919 (1) | 0.0008209 (125) | 0.0206119 (1683) | 0.0008269 (359) | 0.3729854 (312) | 0.0283363 (2014) |
`
	// agreedMeaning is mindfulness, a user who means to finish.
	agreedMeaning = `
| 300 | 0.0010401 (112) | 0.0083862 (108) | 0.0000946 (61) | 0.0001997 (24) | 0.0001685 (0) | 0.0000894 (36) | 0.0000000 (0) | 0.0000286 (95) | 0.0000000 (0) | 0.0016209 (173) |
| 600 | 0.0010401 (112) | 0.0165162 (212) | 0.0002027 (129) | 0.0004199 (53) | 0.0003328 (0) | 0.0001819 (61) | 0.0000000 (0) | 0.0000397 (122) | 0.0000000 (0) | 0.0022171 (247) |
| 1200 | 0.0010401 (112) | 0.0324313 (410) | 0.0004017 (218) | 0.0009571 (119) | 0.0006570 (0) | 0.0003643 (93) | 0.0000000 (0) | 0.0000886 (162) | 0.0000000 (0) | 0.0035087 (386) |
| 1800 | 0.0010401 (112) | 0.0478983 (596) | 0.0005629 (270) | 0.0016435 (187) | 0.0009755 (0) | 0.0005458 (136) | 0.0000001 (0) | 0.0002632 (263) | 0.0000000 (0) | 0.0050311 (543) |
| 2700 | 0.0010401 (112) | 0.0702857 (855) | 0.0007618 (322) | 0.0029663 (287) | 0.0014427 (1) | 0.0007894 (138) | 0.0000410 (64) | 0.0009047 (426) | 0.0000000 (0) | 0.0079459 (781) |
| 3300 | 0.0010401 (112) | 0.0845428 (1013) | 0.0008249 (337) | 0.0035492 (311) | 0.0017442 (1) | 0.0009572 (147) | 0.0200975 (2042) | 0.0011069 (467) | 0.0000000 (0) | 0.0293200 (2426) |
| 3590 | 0.0010401 (112) | 0.0911713 (1085) | 0.0008300 (338) | 0.0036592 (312) | 0.0018855 (2) | 0.0010368 (153) | 0.0320718 (2617) | 0.0011094 (471) | 0.0000000 (0) | 0.0416328 (2981) |
`
	// agreedSmartAlarm is smart alarm, a user who means to finish.
	agreedSmartAlarm = `
| 300 | 0.0010446 (88) | 0.0000000 (0) | 0.0000863 (55) | 0.0002863 (34) | 0.0001692 (0) | 0.0000846 (0) | 0.0000000 (0) | 0.0000036 (28) | 0.0000000 (0) | 0.0016746 (117) |
| 600 | 0.0010446 (88) | 0.0000000 (0) | 0.0001846 (113) | 0.0006112 (66) | 0.0003355 (0) | 0.0001756 (44) | 0.0000000 (0) | 0.0000136 (54) | 0.0000000 (0) | 0.0023652 (174) |
| 1200 | 0.0010446 (88) | 0.0000000 (0) | 0.0003751 (189) | 0.0014507 (155) | 0.0006678 (0) | 0.0003443 (51) | 0.0000341 (71) | 0.0000748 (124) | 0.0000000 (0) | 0.0039915 (307) |
| 1790 | 0.0010446 (88) | 0.0000000 (0) | 0.0004536 (205) | 0.0020402 (201) | 0.0009888 (1) | 0.0005048 (51) | 0.0378210 (2674) | 0.0001661 (187) | 0.0000000 (0) | 0.0430191 (2821) |
`
)

// agreedPaths is the number of paths the agreed values rest on.
const agreedPaths = 384_000

// agreedCases lists the sections of the agreed values, by session and view.
var agreedCases = []struct {
	session, table string
	view           solver.View
}{
	{"mindfulness", agreedAsUsed, solver.AsUsed},
	{"mindfulness", agreedMeaning, solver.Meaning},
	{"smart-alarm", agreedSmartAlarm, solver.Meaning},
}

// agreedRow holds the agreed values for a duration: by cause, and the sum over
// the failures at the place of failureRow. What must not be tested is NaN.
type agreedRow struct {
	plan   float64
	values [oracleRows]oracleEstimate
}

// agreedRows parses a table of agreed values.
func agreedRows(t *testing.T, table string) []agreedRow {
	t.Helper()
	var rows []agreedRow
	for line := range strings.Lines(strings.TrimSpace(table)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 2+int(model.Completed) {
			t.Fatalf("%q has %d cells", line, len(cells))
		}
		var row agreedRow
		if _, err := fmt.Sscan(cells[0], &row.plan); err != nil {
			t.Fatal(err)
		}
		for i, cell := range cells[1:] {
			var value, units float64
			if _, err := fmt.Sscanf(strings.TrimSpace(cell), "%f (%f)", &value, &units); err != nil {
				t.Fatalf("%q: %v", cell, err)
			}
			e := oracleEstimate{Probability: value, StandardError: units * 1e-7, Paths: agreedPaths}
			// As if the farthest path were of weight 1: at most as many as there are.
			e.Effective = math.Pow(e.StandardError*e.Paths, 2)
			if e.StandardError < 1e-6 {
				e.Probability = math.NaN()
			}
			if i < int(model.Completed) {
				row.values[i] = e
			} else {
				row.values[failureRow] = e
			}
		}
		row.values[survivalRow].Probability = math.NaN()
		rows = append(rows, row)
	}
	return rows
}

// TestAgreedValues compares the project with the agreed values.
func TestAgreedValues(t *testing.T) {
	paths := int64(32768)
	if *solver.Long {
		paths *= longFactor
	}
	for _, estimator := range []solver.Estimator{solver.Weights, solver.Counts} {
		answers := map[string]*solver.Estimates{}
		for _, c := range agreedCases {
			rows := agreedRows(t, c.table)
			o := &oracle{Scenario: model.Default(), Session: c.session, Failures: model.Failures,
				Plans: plansOf(rows)}
			if answers[c.session] == nil {
				answers[c.session] = project(t, o, estimator, 3000, paths)
			}
			answer := answers[c.session]
			var table strings.Builder
			for _, agreed := range rows {
				z := compareWithAgreed(t, agreed, estimator, float64(answer.PathsTo(agreed.plan)),
					func(row int) estimate.Estimate {
						if row < int(model.Completed) {
							return answer.Ended(solver.Cautious, c.view, model.Cause(row), agreed.plan)
						}
						e := answer.Failure(solver.Cautious, agreed.plan)
						if c.view == solver.AsUsed {
							// The project gives no such sum. Its deviation is a little less
							// than without the stop hazard.
							e.Value = 0
							for _, cause := range model.Failures {
								e.Value += answer.Ended(solver.Cautious, c.view, cause, agreed.plan).Value
							}
						}
						return e
					})
				table.WriteString(zLine(agreed.label(c.session, c.view, estimator), z))
			}
			t.Logf("z\n%s%s", zHeader(), &table)
		}
	}
}

// TestOracleAgreedValues compares the oracle with the agreed values.
func TestOracleAgreedValues(t *testing.T) {
	paths := 512
	if *solver.Long {
		paths *= longFactor
	}
	for _, session := range []string{"mindfulness", "smart-alarm"} {
		var result *oracleResult
		for _, c := range agreedCases {
			if c.session != session {
				continue
			}
			rows := agreedRows(t, c.table)
			if result == nil {
				o := &oracle{Scenario: model.Default(), Session: session, Failures: model.Failures,
					Plans: plansOf(rows)}
				result = o.Run(paths, 4000, 2)
			}
			account := accountIndex(false, c.view == solver.Meaning)
			for _, estimator := range []solver.Estimator{solver.Weights, solver.Counts} {
				curves := &result.Weights[account]
				if estimator == solver.Counts {
					curves = &result.Tosses[account]
				}
				var table strings.Builder
				for i, agreed := range rows {
					z := compareWithAgreed(t, agreed, estimator, curves[0][i].Paths,
						func(row int) estimate.Estimate {
							e := curves[row][i]
							return estimate.Estimate{Value: e.Probability, StandardError: e.StandardError}
						})
					table.WriteString(zLine(agreed.label(session, c.view, estimator), z))
				}
				t.Logf("z\n%s%s", zHeader(), &table)
			}
		}
	}
}

// plansOf returns the durations of a table's rows.
func plansOf(rows []agreedRow) []float64 {
	var plans []float64
	for _, row := range rows {
		plans = append(plans, row.plan)
	}
	return plans
}

// label names a line of distances from the agreed values.
func (r *agreedRow) label(session string, v solver.View, e solver.Estimator) string {
	view := "as used"
	if v == solver.Meaning {
		view = "meaning"
	}
	return fmt.Sprintf("%s %s, %s, %v s", session, view, e, r.plan)
}

// compareWithAgreed compares the estimates for one duration, from a number of
// paths, with the agreed values, and returns the distances by row.
func compareWithAgreed(t *testing.T, agreed agreedRow, estimator solver.Estimator, paths float64,
	of func(row int) estimate.Estimate) [oracleRows]float64 {
	t.Helper()
	var distances [oracleRows]float64
	for row, want := range agreed.values {
		distances[row] = math.NaN()
		if math.IsNaN(want.Probability) {
			continue
		}
		got := of(row)
		if estimator == solver.Counts {
			// If the agreed value is right, this is the deviation of a count.
			p := want.Probability
			got.StandardError = max(got.StandardError, math.Sqrt(p*(1-p)/paths))
		}
		z := zScore(got, want, paths)
		distances[row] = z
		if math.Abs(z) > agreedTolerance {
			t.Errorf("%s by %v s: %.7f ± %.7f, agreed is %.7f ± %.7f, z = %.1f",
				rowName(row), agreed.plan, got.Value, got.StandardError, want.Probability, want.StandardError, z)
		}
	}
	return distances
}
