package store

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/table"
)

// capsDirectory makes the directory of budget caps -o, without charts.
func capsDirectory(t testing.TB, q sweep.Request) (string, *sweep.Result) {
	t.Helper()
	s := model.Default()
	var kept CurvesFile
	result, err := sweep.Run(context.Background(), s, q, sweep.Control{Workers: 2, Keep: kept.Add})
	if err != nil {
		t.Fatal(err)
	}
	p := sweep.Provenance{Readings: []string{}, IncidenceReading: string(q.Readings[0])}
	p.DescribeScenario(s)
	p.DescribeRequest(s, q)
	dir := t.TempDir()
	var caps, incidence, curves bytes.Buffer
	for name, write := range map[string]func() (*bytes.Buffer, error){
		capsJSONName: func() (*bytes.Buffer, error) {
			return &caps, table.WriteCapsJSON(&caps, result, p)
		},
		incidenceName: func() (*bytes.Buffer, error) {
			return &incidence, table.WriteIncidences(&incidence, result.Incidences)
		},
		curvesName: func() (*bytes.Buffer, error) { return &curves, kept.Write(&curves) },
	} {
		text, err := write()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir, result
}

func readResults(t *testing.T, dir string) *Results {
	t.Helper()
	r, err := ReadUnchecked(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// TestCapsOfLooks: the stored looks of a run give its caps: at its own tolerances the caps
// it printed, at others the caps of a run with these tolerances, if it looked as often.
func TestCapsOfLooks(t *testing.T) {
	t.Parallel()
	for name, q := range map[string]sweep.Request{
		"until decided": {Precision: 60, RelativePrecision: 0.02, MaxPaths: 1 << 16},
		"fixed":         {Paths: 5000},
		"counts": {Precision: 60, RelativePrecision: 0.02, MaxPaths: 1 << 16,
			Estimator: solver.Counts},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q.Sessions, q.Devices, q.Environments = []string{"self-care", "smart-alarm"},
				[]string{solver.Fleet}, []string{solver.Mix}
			q.Readings = []solver.Reading{solver.Cautious, solver.AsDocumented}
			q.Tolerances, q.Confidence, q.Seed, q.Curves = []float64{0.005, 0.01, 0.05}, 0.95, 3, true
			if q.Estimator == "" {
				q.Estimator = solver.Weights
			}
			dir, result := capsDirectory(t, q)
			r := readResults(t, dir)
			var read []sweep.Cap
			for _, c := range r.Cells {
				read = append(read, c.Caps...)
				curves, err := c.Curves()
				if err != nil {
					t.Fatal(err)
				}
				for _, want := range c.Caps {
					got, err := curves.Cap(want.Reading, want.Tolerance, want.Confidence)
					if err != nil {
						t.Fatal(err)
					}
					if got.Cap != want.Cap || got.CapUpper != want.CapUpper || got.Status != want.Status ||
						got.Binding() != want.Binding() ||
						!near(got.FailureAtCap, want.FailureAtCap) ||
						!near(got.FailureAtLimit, want.FailureAtLimit) ||
						!near(got.ShortestFails, want.ShortestFails) ||
						math.Abs(got.ResignedAtCap.Value-want.ResignedAtCap.Value) > 1e-7 {
						t.Errorf("%s %s at %g: %+v, not %+v", want.Session, want.Reading, want.Tolerance, got, want)
					}
				}
			}
			for i := range read { // NaN is not equal to itself
				if a, b := text1(t, read[i]), text1(t, result.Caps[i]); a != b {
					t.Errorf("read %s, written %s", a, b)
				}
			}
			in, err := r.Cells[1].Incidence("cautious")
			if err != nil || in.Session != "smart-alarm" ||
				!slices.Equal(in.Durations, result.Incidences[1].Durations) ||
				!slices.Equal(in.Paths, result.Incidences[1].Paths) ||
				!reflect.DeepEqual(in.Case, r.Cells[1].Case) {
				t.Fatalf("incidence of %v: %v", in.Case, err)
			}
			if got, want := in.Ended[model.PowerOff][100],
				result.Incidences[1].Ended[model.PowerOff][100]; !near(got, want) {
				t.Errorf("power-off %v, not %v", got, want)
			}
			if _, err := r.Cells[1].Incidence("documented"); err == nil ||
				!strings.Contains(err.Error(), "follows the cautious reading") {
				t.Errorf("other reading: %v", err)
			}
		})
	}
}

// near reports whether probabilities are equal up to the rounding of files.
func near(a, b estimate.Estimate) bool {
	same := func(x, y float64) bool {
		return x == y || math.Abs(x-y) < 1e-7 || math.IsNaN(x) && math.IsNaN(y)
	}
	return same(a.Value, b.Value) && same(a.Lower, b.Lower) && same(a.Upper, b.Upper)
}

func text1(t *testing.T, c sweep.Cap) string {
	t.Helper()
	var b bytes.Buffer
	if err := table.WriteCapsJSON(&b, &sweep.Result{Caps: []sweep.Cap{c}},
		sweep.Provenance{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestResultsOfSweeps: the caps from stored curves are those of the table, cell by cell,
// and incidence and states are read as computed.
func TestResultsOfSweeps(t *testing.T) {
	t.Parallel()
	p := parse(t, strings.Replace(smallPlan, "512", "4096\ntrajectories = 16", 1))
	dir := t.TempDir()
	sweepInto(t, dir, p, 2)
	r := readResults(t, dir)
	if len(r.Cells) != 12 || r.Name != p.Name {
		t.Fatalf("%d cells of %q", len(r.Cells), r.Name)
	}
	rows := 0
	for _, c := range r.Cells {
		curves, err := c.Curves()
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range c.Caps {
			rows++
			got, err := curves.Cap(want.Reading, want.Tolerance, want.Confidence)
			if err != nil || got.Cap != want.Cap || got.CapUpper != want.CapUpper ||
				got.Status != want.Status || got.Binding() != want.Binding() ||
				got.Limit != want.Limit || got.Paths != want.Paths {
				t.Errorf("cell %d: %+v, not %+v: %v", c.Number, got, want, err)
			}
		}
		in, err := c.Incidence("documented")
		if err != nil || math.Abs(sumAt(in, 2)-1) > 1e-9 {
			t.Errorf("cell %d: causes sum to %v: %v", c.Number, sumAt(in, 2), err)
		}
		if curves.States == nil || curves.States.Paths != 16 || len(curves.States.Times) < 80 {
			t.Errorf("cell %d: no states", c.Number)
		}
		settling, err := curves.Settling("cautious", in.Durations[1], 0.95)
		if n := len(settling); err != nil || n != 6 || settling[n-1].Paths != 4096 ||
			math.Abs(settling[n-1].Value-in.Failure[1].Value) > 1e-6*in.Failure[1].Value {
			t.Errorf("cell %d: settles at %+v, not %+v: %v", c.Number, settling, in.Failure[1], err)
		}
	}
	if want := len(p.Sessions) * len(p.Cells()) * len(p.Readings) * len(p.Tolerances); rows != want {
		t.Errorf("%d caps, not %d", rows, want)
	}
}

func sumAt(in sweep.Incidence, k int) float64 {
	if len(in.Survival) <= k {
		return math.NaN()
	}
	sum := in.Survival[k].Value
	for _, curve := range in.Ended {
		sum += curve[k].Value
	}
	return sum
}

// TestNoResults: directories without results are an error that says so.
func TestNoResults(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := ReadUnchecked(filepath.Join(dir, "nowhere")); err == nil ||
		err.Error() != "no such directory" {
		t.Errorf("nowhere: %v", err)
	}
	if _, err := ReadUnchecked(dir); err == nil ||
		!strings.Contains(err.Error(), "holds no results") {
		t.Errorf("empty: %v", err)
	}
	text, _ := json.Marshal(map[string]int{"schema": 2})
	for content, want := range map[string]string{"{": "is not the table of caps",
		string(text): "is not the table of caps", `{"schema": 1}`: "are empty"} {
		if err := os.WriteFile(filepath.Join(dir, capsJSONName), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadUnchecked(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", content, err)
		}
	}
}

// TestResultsThatAreNotWhole: a table that was edited, or does not match the provenance,
// is an error.
func TestResultsThatAreNotWhole(t *testing.T) {
	t.Parallel()
	dir, _ := capsDirectory(t, sweep.Request{Sessions: []string{"self-care"},
		Devices: []string{solver.Fleet}, Environments: []string{solver.Mix},
		Readings:   []solver.Reading{solver.Cautious, solver.AsDocumented},
		Tolerances: []float64{0.01, 0.05}, Confidence: 0.95,
		Estimator: solver.Weights, Paths: 256, Curves: true})
	path := filepath.Join(dir, capsJSONName)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	provenance := func(key string, value any) func(map[string]any) {
		return func(doc map[string]any) { doc["provenance"].(map[string]any)[key] = value }
	}
	row := func(key string, value any) func(map[string]any) {
		return func(doc map[string]any) { doc["caps"].([]any)[1].(map[string]any)[key] = value }
	}
	for want, edit := range map[string]func(map[string]any){
		"names no reading":             provenance("readings", []string{}),
		"or no tolerance":              provenance("tolerances", []float64{}),
		"has a confidence of -1":       provenance("confidence", -1),
		"has a confidence of 0: ":      provenance("confidence", 0),
		"counts 0 caps":                provenance("caps", 0),
		"a cap of self-care for every": row("tolerance", 0.02),
		"reading and tolerance":        row("reading", "another"),
		"table of caps in":             row("device", "another"),
		"are empty":                    func(doc map[string]any) { doc["caps"] = []any{} },
		"is incomplete": func(doc map[string]any) {
			doc["caps"] = doc["caps"].([]any)[1:]
		},
	} {
		var doc map[string]any
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		edit(doc)
		edited, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, edited, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadUnchecked(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

// TestColumnsForPeople: levels are shown in per cent, plain numbers as they are, and units
// as people write them.
func TestColumnsForPeople(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		column      Column
		value, want string
	}{
		{Column{Name: "start_level", Number: true}, "0.3", "30 %"},
		{Column{Name: "start_level", Number: true}, "", "drawn"},
		{Column{Name: "soc_gain", Number: true}, "5", "5"},
		{Column{Name: "ambient_degC", Unit: "degC", Number: true}, "-5", "-5 °C"},
		{Column{Name: "suppression_per_h", Unit: "/h", Number: true}, "0.15848932", "0.158489 /h"},
		{Column{Name: "device"}, "s9-45", "s9-45"},
	} {
		if got := test.column.Text(test.value); got != test.want {
			t.Errorf("%s %q is %q, not %q", test.column.Name, test.value, got, test.want)
		}
	}
}
