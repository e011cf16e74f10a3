package solver_test

import (
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
)

// agreedTolerance is the largest distance accepted from the agreed values, in combined
// standard errors.
const agreedTolerance = 4.0

// agreedPaths is the number of paths behind the agreed values.
const agreedPaths = 256_000

// agreedTable is a table of the agreed values (session model, section 8): by column and
// row, a row a duration [s] or the number of a timer's cycle.
type agreedTable struct {
	title  string
	rows   []float64
	values map[string][]oracleEstimate
}

// agreedTables parses testdata/agreed-values.md.
func agreedTables(t *testing.T) []agreedTable {
	t.Helper()
	data, err := os.ReadFile("testdata/agreed-values.md")
	if err != nil {
		t.Fatal(err)
	}
	var tables []agreedTable
	var columns []string
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if title, ok := strings.CutPrefix(line, "## "); ok {
			tables = append(tables, agreedTable{title: title, values: map[string][]oracleEstimate{}})
			columns = nil
		}
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|---") {
			continue
		}
		var cells []string
		for cell := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
			cells = append(cells, strings.TrimSpace(cell))
		}
		if columns == nil {
			columns = cells
			continue
		}
		table := &tables[len(tables)-1]
		var row float64
		if _, err := fmt.Sscan(cells[0], &row); err != nil || len(cells) != len(columns) {
			t.Fatalf("%q: %v", line, err)
		}
		table.rows = append(table.rows, row)
		for i, cell := range cells[1:] {
			var value, deviation float64
			if _, err := fmt.Sscanf(cell, "%f (%f)", &value, &deviation); err != nil {
				t.Fatalf("%q: %v", cell, err)
			}
			if !strings.Contains(cell[strings.Index(cell, "("):], ".") {
				deviation *= 1e-7
			}
			e := oracleEstimate{Probability: value, StandardError: deviation, Paths: agreedPaths}
			// As if the farthest path were of weight 1: at most as many as there are.
			e.Effective = math.Pow(deviation*agreedPaths, 2)
			if value > 1 { // a temperature
				e.Effective = agreedPaths
			}
			table.values[columns[i+1]] = append(table.values[columns[i+1]], e)
		}
	}
	if len(tables) == 0 {
		t.Fatal("no tables")
	}
	return tables
}

// testable reports whether an agreed value can be compared with an estimate: both come
// from more than a few paths.
func testable(want oracleEstimate, got estimate.Estimate) bool {
	return want.StandardError >= 1e-6 && want.Probability >= 4*want.StandardError &&
		got.Value >= 4*got.StandardError
}

// meaning reports whether a table is for users who mean to finish.
func (a *agreedTable) meaning() bool { return strings.Contains(a.title, "stop = 0") }

// session returns the session type of a table.
func (a *agreedTable) session() string {
	if strings.Contains(a.title, "mindfulness") {
		return "mindfulness"
	}
	return "workout"
}

// agreedCosts are the columns of what a session costs.
var agreedCosts = map[string]int{
	"level used, mean": levelUsed, "hottest skin side, mean [degC]": hottestSkin,
	"reached fair": reachedFair, "reached serious": reachedSerious,
}

// agreedRow returns the row of the oracle's results for a column of causes.
func agreedRow(column string) int {
	if column == "failure" {
		return failureRow
	}
	if _, cost := agreedCosts[column]; cost {
		return 0 // of the costs, not the causes
	}
	return int(model.CauseNamed(column))
}

// compareWithAgreed compares estimates from a number of paths, by column and row, with a
// table.
func compareWithAgreed(t *testing.T, a *agreedTable, what string, paths float64,
	of func(column string, row int) estimate.Estimate) {
	t.Helper()
	var lines strings.Builder
	compared, largest := 0, 0.0
	for _, column := range slices.Sorted(maps.Keys(a.values)) {
		fmt.Fprintf(&lines, "%-31s", column)
		for i, want := range a.values[column] {
			got := of(column, i)
			if !testable(want, got) {
				fmt.Fprintf(&lines, " %6s", "")
				continue
			}
			z := zScore(got, want, paths)
			fmt.Fprintf(&lines, " %6.2f", z)
			compared, largest = compared+1, max(largest, math.Abs(z))
			if math.Abs(z) > agreedTolerance {
				t.Errorf("%s, %s: %s at %v: %.7f ± %.7f, agreed is %.7f ± %.7f, z = %.1f",
					a.title, what, column, a.rows[i], got.Value, got.StandardError,
					want.Probability, want.StandardError, z)
			}
		}
		lines.WriteByte('\n')
	}
	t.Logf("%s, %s: %d values, largest |z| %.2f\n%s", a.title, what, compared, largest, &lines)
}

// deviationOf gives an estimate of a number of paths at least the standard error of a
// count, if the agreed value is right.
func deviationOf(got estimate.Estimate, a *agreedTable, column string, row int,
	paths float64) estimate.Estimate {
	if _, cost := agreedCosts[column]; !cost {
		p := a.values[column][row].Probability
		got.StandardError = max(got.StandardError, math.Sqrt(p*(1-p)/paths))
	}
	return got
}

// TestAgreedValues compares the project with the agreed values of causes.
func TestAgreedValues(t *testing.T) {
	paths := int64(8192)
	if *solver.Long {
		paths = 1 << 20
	}
	for _, estimator := range []solver.Estimator{solver.Weights, solver.Counts} {
		answers := map[string]*solver.Estimates{}
		for _, a := range agreedTables(t) {
			if strings.Contains(a.title, "costs") {
				continue
			}
			if strings.Contains(a.title, "timer") {
				compareTimer(t, &a, estimator, paths)
				continue
			}
			o := &oracle{Scenario: model.Default(), Session: a.session(), Plans: a.rows,
				Failures: model.Failures}
			if answers[o.Session] == nil {
				answers[o.Session] = project(t, o, estimator, 3000, paths)
			}
			answer := answers[o.Session]
			view := solver.AsUsed
			if a.meaning() {
				view = solver.Meaning
			}
			of := func(column string, row int) estimate.Estimate {
				plan := a.rows[row]
				got := answer.Failure(solver.Cautious, plan)
				if column != "failure" {
					got = answer.Ended(solver.Cautious, view, model.CauseNamed(column), plan)
				}
				if estimator == solver.Counts {
					got = deviationOf(got, &a, column, row, float64(answer.PathsTo(plan)))
				}
				return got
			}
			compareWithAgreed(t, &a, string(estimator), float64(paths), of)
		}
	}
}

// compareTimer compares a timer of as many cycles as a table has rows with the table.
func compareTimer(t *testing.T, a *agreedTable, estimator solver.Estimator, paths int64) {
	t.Helper()
	s := model.Default()
	s.Timer.Return = 1
	var phases []model.Phase
	for range a.rows {
		phases = append(phases, model.Phase{Length: 1500}, model.Phase{Length: 300, Rest: true})
	}
	p, err := solver.Compile(s, solver.Case{Session: a.session(), Phases: phases,
		Pause: strings.Contains(a.title, "pauses")})
	if err != nil {
		t.Fatal(err)
	}
	e, err := p.Estimates(t.Context(), solver.Settings{Seed: 3100, Estimator: estimator}, paths)
	if err != nil {
		t.Fatal(err)
	}
	positions := stintEnds(s, phases)
	of := func(column string, row int) estimate.Estimate {
		got := e.Failure(solver.Cautious, positions[row])
		if column != "failure" {
			got = e.Ended(solver.Cautious, solver.Meaning, model.CauseNamed(column), positions[row])
		}
		if estimator == solver.Counts {
			got = deviationOf(got, a, column, row, float64(paths))
		}
		return got
	}
	compareWithAgreed(t, a, string(estimator), float64(paths), of)
}

// stintEnds returns the lengths from the start of a timer to the ends of its stints, before
// their margins.
func stintEnds(s *model.Scenario, phases []model.Phase) (ends []float64) {
	for _, l := range s.Grid.Legs(phases) {
		if l.Ends {
			ends = append(ends, float64(l.To)*float64(s.Grid.Step)-float64(s.Grid.Margin))
		}
	}
	return ends
}

// TestOracleAgreedValues compares the oracle with the agreed values.
func TestOracleAgreedValues(t *testing.T) {
	paths := 1024
	if *solver.Long {
		paths = 65536
	}
	results := map[string]*oracleResult{}
	for i, a := range agreedTables(t) {
		o := &oracle{Scenario: model.Default(), Session: a.session(), Plans: a.rows,
			Failures: []model.Cause{model.SuppressedThermal, model.SuppressedBattery,
				model.SuppressedOther, model.Errored, model.Expired, model.PowerOff}}
		key := fmt.Sprint(o.Session, a.rows)
		if strings.Contains(a.title, "timer") {
			o.Scenario.Timer.Return = 1
			if strings.Contains(a.title, "pauses") {
				o.Scenario.Timer.Resign = "pause"
			}
			for range a.rows {
				rest := oraclePhase{Length: 300, Rest: true}
				o.Timer = append(o.Timer, oraclePhase{Length: 1500}, rest)
			}
			key = a.title
		}
		result := results[key]
		if result == nil {
			result = o.Run(paths, uint64(4000+i), 2)
			results[key] = result
		}
		account := accountIndex(false, a.meaning())
		for what, of := range map[string]struct {
			rows  *oracleCurves
			costs *oracleCosts
		}{
			"weights": {&result.Weights[account], &result.WeightsCosts[account]},
			"tosses":  {&result.Tosses[account], &result.TossesCosts[account]},
		} {
			estimates := func(column string, row int) estimate.Estimate {
				e := of.rows[agreedRow(column)][row]
				if cost, ok := agreedCosts[column]; ok {
					e = of.costs[cost][row]
				}
				got := estimate.Estimate{Value: e.Probability, StandardError: e.StandardError}
				if what == "tosses" {
					got = deviationOf(got, &a, column, row, e.Paths)
				}
				return got
			}
			compareWithAgreed(t, &a, what, of.rows[0][0].Paths, estimates)
		}
	}
}
