package plots

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"budget/internal/notation"
	"budget/plots/selection"
	"budget/sweep"
	"budget/sweep/plan"
	"budget/sweep/store"
)

// sweptResults runs a plan of few paths and reads what it leaves.
func sweptResults(t *testing.T, text string) *store.Results {
	t.Helper()
	r, err := Swept(filepath.Join(t.TempDir(), "swept"), text)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// Swept runs a plan into a directory and reads what it leaves; the example uses it too.
func Swept(dir, text string) (*store.Results, error) {
	p, err := plan.Parse("plan.toml", []byte(text))
	if err != nil {
		return nil, err
	}
	writer := store.Writer{Version: "v1", Code: "c1"}
	s, err := store.Open(dir, writer)
	if err != nil {
		return nil, err
	}
	units, _, _, err := s.Missing(p)
	if err == nil {
		err = s.Fill(context.Background(), p, units, store.Control{Workers: 2})
	}
	if err == nil {
		err = s.Write(context.Background(), p, []byte(text), 2, func(plan.Cell, []sweep.Cap) {})
	}
	if err := errors.Join(err, s.Close()); err != nil {
		return nil, err
	}
	return store.Read(dir)
}

const gridPlan = `name = "Grid"
sessions = ["self-care", "smart-alarm"]
environment = "shade"
tolerances = ["1 %", "5 %"]
paths = 512
trajectories = 16
[[axis]]
name = "ambient"
key = "environment.shade.ambient_mean"
values = ["0 degC", "10 degC", "20 degC"]
[[axis]]
key = "start_level"
values = ["10 %", "30 %", "50 %", "90 %"]
[[axis]]
key = "device"
values = ["se2-40", "s9-45"]
`

func names(charts []Named) string {
	var out []string
	for _, c := range charts {
		out = append(out, c.Name)
	}
	return strings.Join(out, " ")
}

// TestDrawKinds draws every kind from a real sweep: what it is called, and what it says of
// what it has no room for.
func TestDrawKinds(t *testing.T) {
	t.Parallel()
	r := sweptResults(t, gridPlan)
	held := "Held at the middle of its levels: "
	for _, test := range []struct {
		kind  Kind
		c     Choice
		names string
		says  []string
	}{
		{KindIncidence, Choice{Sessions: []string{"self-care"}}, "incidence-self-care-ambient_degC",
			[]string{"20 °C", held + "device se2-40, start level 30 %"}},
		{KindIncidence, Choice{Sessions: []string{"self-care"}, X: "device"},
			"incidence-self-care-device", []string{"se2-40", "s9-45",
				held + "ambient 10 °C, start level 30 %"}},
		{KindIncidence, Choice{Sessions: []string{"self-care"}, Only: []Level{{Column: "device",
			Value: "s9-45"}, {Column: "ambient", Value: "10 °C"}, {Column: "start_level", Value: "0.9"}}},
			"incidence-self-care",
			[]string{"Self care: at most 1 in 20 fail up to", "seed 1", "1 %:"}},
		{KindFailure, Choice{}, "failure-self-care failure-smart-alarm", []string{"0 °C",
			"by itself with 95 % confidence", "512 paths each"}},
		{KindFailure, Choice{Sessions: []string{"self-care"}, X: "start_level", Confidence: 0.9},
			"failure-self-care", []string{"90 %", "by itself with 90 % confidence"}},
		{KindCaps, Choice{}, "caps", []string{"ambient 0 °C, device se2-40,",
			"levels of start level", "shown."}},
		{KindCaps, Choice{Tolerances: []float64{0.03}}, "caps", []string{"3 %"}},
		{KindMap, Choice{Sessions: []string{"smart-alarm"}}, "map-smart-alarm",
			[]string{"too few sessions simulated for the cap at 1 %", held + "device se2-40.",
				"90 %", "20 °C"}},
		{KindMap, Choice{Sessions: []string{"smart-alarm"}, X: "device", Y: "ambient_degC",
			Tolerances: []float64{0.02}}, "map-smart-alarm",
			[]string{"the cap at 2 %", "device se2-40"}},
		{KindTolerance, Choice{Sessions: []string{"self-care"}, X: "device"}, "tolerance-self-care",
			[]string{"s9-45", "96, hold together with 95 % confidence"}},
		{KindLoad, Choice{Sessions: []string{"self-care"}, X: "ambient_degC"}, "load-self-care",
			[]string{"Ambient (°C)", "5 %"}},
		{KindStates, Choice{Sessions: []string{"self-care"}}, "states-self-care-start_level-0.1 " +
			"states-self-care-start_level-0.5 states-self-care-start_level-0.9",
			[]string{"start level 10 %", "16 paths", "3 of 4 levels of start level shown."}},
		{KindCauses, Choice{Sessions: []string{"smart-alarm"}}, "causes-smart-alarm-ambient_degC " +
			"causes-smart-alarm-device causes-smart-alarm-start_level", []string{"by 29 min 50 s"}},
		{KindCauses, Choice{Sessions: []string{"smart-alarm"}, X: "device", Duration: 700},
			"causes-smart-alarm-device", []string{"by 10 min"}},
		{KindConvergence, Choice{Sessions: []string{"smart-alarm"}}, "convergence-smart-alarm",
			[]string{"failure of 29 min",
				held + "ambient 10 °C, device se2-40, start level 30 %"}},
	} {
		t.Run(string(test.kind), func(t *testing.T) {
			t.Parallel()
			charts, err := Draw(r, test.kind, test.c)
			if err != nil {
				t.Fatal(err)
			}
			if got := names(charts); got != test.names {
				t.Errorf("got %s, want %s", got, test.names)
			}
			text := strings.Join(checkTexts(t, charts[0].Chart), " ")
			for _, want := range test.says {
				if !strings.Contains(text, want) {
					t.Errorf("the chart does not say %q: %s", want, text)
				}
			}
			// Whatever the workers do in turn, the same bytes.
			again, err := Draw(r, test.kind, test.c)
			if err != nil {
				t.Fatal(err)
			}
			for i := range charts {
				first, err1 := svgOf(charts[i].Chart)
				second, err2 := svgOf(again[i].Chart)
				if err1 != nil || err2 != nil || string(first) != string(second) {
					t.Errorf("%s: the second time gives other bytes (%v, %v)", charts[i].Name, err1, err2)
				}
			}
		})
	}
}

// TestDrawMapIsOfTheTable: the map of a tolerance shows the caps of the table.
func TestDrawMapIsOfTheTable(t *testing.T) {
	t.Parallel()
	r := sweptResults(t, strings.Replace(gridPlan, `"self-care", `, "", 1))
	charts, err := Draw(r, KindMap, Choice{Only: []Level{{Column: "device", Value: "s9-45"}},
		Tolerances: []float64{0.05}})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, cell := range r.Cells {
		if cell.Device != "s9-45" {
			continue
		}
		for _, c := range cell.Caps {
			if c.Tolerance == 0.05 && hasCap(c) {
				found++
				ambient := slices.IndexFunc(r.Columns, func(c store.Column) bool {
					return c.Title == "ambient"
				})
				want := r.Columns[ambient].Text(cell.Values[ambient]) + " " + notation.Length(c.Cap)
				if !strings.Contains(charts[0].Description, want) {
					t.Errorf("the map does not say %q: %s", want, charts[0].Description)
				}
			}
		}
	}
	if found < 6 {
		t.Errorf("%d cells have a cap, too few to tell anything", found)
	}
}

// TestDrawLoad: the mean power is an axis where a plan varies it.
func TestDrawLoad(t *testing.T) {
	t.Parallel()
	r := sweptResults(t, `sessions = ["self-care"]
tolerances = ["5 %"]
paths = 512
[[axis]]
name = "power"
key = "workload.seated.power"
values = [
	["190 mW", "660 mW", "840 mW", "510 mW"], ["40 mW", "140 mW", "180 mW", "110 mW"],
	["100 mW", "330 mW", "420 mW", "255 mW"],
]
[[axis]]
key = "start_level"
values = ["20 %", "60 %"]
`)
	charts, err := Draw(r, KindLoad, Choice{})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(checkTexts(t, charts[0].Chart), " ")
	for _, want := range []string{"Mean power of the watch (mW)", "safe at 5 %:", "start level 20 %"} {
		if !strings.Contains(text, want) {
			t.Errorf("the chart does not say %q: %s", want, text)
		}
	}
}

// TestOverlay draws two directories over one another.
func TestOverlay(t *testing.T) {
	t.Parallel()
	plan := "sessions = [\"self-care\"]\npaths = 512\nstart_level = \"30 %\"\n"
	a, b := sweptResults(t, plan), sweptResults(t, "name = \"Nearly empty\"\nseed = 7\n"+
		strings.NewReplacer("30", "12", "512", "1024").Replace(plan))
	b.Dir = filepath.Join(filepath.Dir(b.Dir), "emptier")
	charts, err := Overlay([]*store.Results{a, b}, Choice{})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(checkTexts(t, charts[0].Chart), " ")
	// Each is said with what it is of.
	for _, want := range []string{"swept: “", "“plan” · 512 paths · seed 1 · grants may be cut short",
		"emptier: “Nearly empty” · 1 024 paths · seed 7 · grants may be cut short", "start level 12 %",
		"(swept)", "(emptier)"} {
		if !strings.Contains(text, want) {
			t.Errorf("the chart does not say %q: %s", want, text)
		}
	}
	other := sweptResults(t, "sessions = [\"smart-alarm\"]\npaths = 512\n")
	if _, err := Overlay([]*store.Results{a, other}, Choice{}); err == nil ||
		!strings.Contains(err.Error(), "no session type in common") {
		t.Errorf("nothing in common: got error %v", err)
	}
}

// TestOverlayOfLimits: directories of other limits have each their own pole.
func TestOverlayOfLimits(t *testing.T) {
	t.Parallel()
	scenarios := scenariosSample(2)
	scenarios[1].Limit = 1800
	scenarios[0].Caps, scenarios[1].Caps = nil, nil
	c, err := FailureChart(headingOf(mindfulnessCase), "", scenarios, nil)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(checkTexts(t, c), " ")
	for _, want := range []string{"limit of 0 °C: 60 min", "limit of 10 °C: 30 min",
		"of 25 min sessions"} {
		if !strings.Contains(text, want) {
			t.Errorf("the chart does not say %q: %s", want, text)
		}
	}
}

// TestPathsOfAllCells: cells that took other numbers of paths are counted together.
func TestPathsOfAllCells(t *testing.T) {
	t.Parallel()
	cell := func(paths int64) *store.Cell {
		return &store.Cell{Caps: []sweep.Cap{{Paths: paths}}}
	}
	a, b := cell(65536), cell(131072)
	v := selection.View{Results: &store.Results{Name: "Two"}, Reading: cautious,
		Cells: []*store.Cell{a, b}}
	if got := smallPrint(v, v.Cells); !strings.Contains(got, "65 536 and 131 072 paths") {
		t.Errorf("%q does not count all paths", got)
	}
}

func TestDrawSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	r := sweptResults(t, `sessions = ["self-care"]
paths = 512
[[axis]]
name = "unknown"
design = "sobol"
points = 8
seed = 1
over = [
	{ key = "policy.suppress_low", from = "0.1 /h", to = "1 /h" },
	{ key = "policy.suppress_critical", from = "1 /h", to = "30 /h" },
]
`)
	for _, test := range []struct {
		kind    Kind
		c       Choice
		want    string
		missing bool
	}{
		{KindStates, Choice{}, "no states chart: the results have no states", true},
		{KindLoad, Choice{}, "the mean power of the watch does not vary", true},
		{KindMap, Choice{}, "a map needs two axes that vary: this sweep varies", true},
		{KindMap, Choice{X: "policy_suppress_low_per_h", Y: "policy_suppress_critical_per_h"},
			"vary together, in 8 cells of 64", true},
		{"pie", Choice{}, `no kind of chart "pie": expected one of incidence, failure`, false},
		{KindCaps, Choice{Sessions: []string{"nap"}}, `no session type "nap": expected one of self-care`,
			false},
		{KindCaps, Choice{Reading: "hopeful"}, `no reading "hopeful"`, false},
		{KindMap, Choice{X: "colour"}, `no column "colour": expected one of those that vary: `, false},
		{KindCauses, Choice{X: "colour"}, `no column "colour"`, false},
		{KindLoad, Choice{X: "device"}, "device is no number", false},
		{KindCaps, Choice{Only: []Level{{Column: "device", Value: "s9-45"}}},
			"no cell with device s9-45: expected one of fleet", false},
	} {
		charts, err := Draw(r, test.kind, test.c)
		if charts != nil || err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got error %v, want one that says %q", test.kind, err, test.want)
		}
		if _, ok := errors.AsType[*Missing](err); ok != test.missing {
			t.Errorf("%s: got %T, which says that data are missing: %v, want %v", test.kind, err, ok,
				test.missing)
		}
	}
	// A file that is gone is no mistake of the choice.
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(r.Dir, "journal")); err != nil {
		t.Fatal(err)
	}
	if _, err := Draw(r, KindFailure, Choice{}); err == nil {
		t.Error("there is a chart of no curves")
	} else if _, ok := errors.AsType[*fs.PathError](err); !ok {
		t.Errorf("got %v, want an error of the file", err)
	}
}

func TestEveryKindHasItsMeaning(t *testing.T) {
	t.Parallel()
	if got := len(Kinds()); got != 11 {
		t.Errorf("%d kinds, want 11", got)
	}
	for _, kind := range Kinds() {
		if kind.Meaning() == "" {
			t.Errorf("%s has no meaning", kind)
		}
	}
	if Kind("pie").Meaning() != "" {
		t.Error("a kind that is none has a meaning")
	}
}
