package plan

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// parse parses a valid plan.
func parse(t testing.TB, text string) *Plan {
	t.Helper()
	p, err := Parse("plan.toml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return p
}

func descriptions(p *Plan) []string {
	var out []string
	for _, c := range p.Cells() {
		out = append(out, p.Describe(c))
	}
	return out
}

// TestAxes: every form of an axis gives a list of levels, and cells are their
// combinations; the last axis changes fastest.
func TestAxes(t *testing.T) {
	for name, test := range map[string]struct {
		axes string
		want []string
	}{
		"no axis": {"name = \"alone\"", []string{"Defaults"}},
		"what the plan adds": {`
device = "my-watch"
[[scenario.device]]
id = "my-watch"
like = "s10-46"
[[axis]]
key = "device.my-watch.capacity"
values = ["300 mAh", "400 mAh"]`,
			[]string{"device.my-watch.capacity 300 mAh", "device.my-watch.capacity 400 mAh"}},
		"lists": {`
[[axis]]
key = "start_level"
values = ["10 %", 0.5]
[[axis]]
name = "watch"
key = "device"
values = ["se2-40", "fleet"]`,
			[]string{"start_level 10 %, watch se2-40", "start_level 10 %, watch fleet",
				"start_level 0.5, watch se2-40", "start_level 0.5, watch fleet"}},
		"steps": {`
[[axis]]
name = "ambient"
key = "environment.indoor.ambient_mean"
from = "20 degC"
to = "-10 degC"
step = "-15 K"`,
			[]string{"ambient 20 degC", "ambient 5 degC", "ambient -10 degC"}},
		"steps that do not reach the end": {`
[[axis]]
name = "a"
key = "start_level"
from = 0.1
to = "45 %"
step = 0.2`,
			[]string{"a 0.1", "a 0.3"}},
		"a count on a log scale": {`
[[axis]]
name = "rate"
key = "policy.suppress_serious"
from = "0.1 /h"
to = "10 /h"
count = 3
scale = "log"`,
			[]string{"rate 0.1 /h", "rate 1 /h", "rate 10 /h"}},
		"zipped": {`
[[axis]]
name = "season"
[axis.zip]
"environment.shade.ambient_mean" = ["-8 degC", "25 degC"]
environment.shade.ambient_sd = ["3 K", "5 K"]`,
			[]string{"season -8 degC and 3 K", "season 25 degC and 5 K"}},
		"cases": {`
[[axis]]
name = "policy"
[[axis.case]]
name = "as it is"
[[axis.case]]
name = "strict"
set = { "policy.suppress_serious" = "3 /h", policy.levels = ["35 degC", "38 degC", "40 degC"] }`,
			[]string{"policy as it is", "policy strict"}},
		"exclusions": {`
[[axis]]
key = "start_level"
values = ["10 %", "50 %"]
[[axis]]
name = "ambient"
key = "environment.indoor.ambient_mean"
from = "0 degC"
to = "20 degC"
step = "10 K"
[[exclude]]
start_level = 0.1
ambient = ["0 degC", "50 degF"]
[[exclude]]
ambient = "20 degC"`,
			[]string{"start_level 50 %, ambient 0 degC", "start_level 50 %, ambient 10 degC"}},
	} {
		if got := descriptions(parse(t, test.axes)); !slices.Equal(got, test.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", name, got, test.want)
		}
	}
}

// TestCellsSetTheirLevels: the scenario of a cell is the base with the settings of its
// levels.
func TestCellsSetTheirLevels(t *testing.T) {
	p := parse(t, `
environment = "shade"
scenario.policy.suppress_base = "0.01 /h"
[[axis]]
key = "start_level"
values = ["10 %", "50 %"]
[[axis]]
name = "climate"
zip = { "environment.shade.ambient_mean" = ["-8 degC", "25 degC"], "session.mindfulness.limit" = ["60 min", "30 min"] }`)
	s, on, err := p.Scenario(p.Cells()[3])
	if err != nil {
		t.Fatal(err)
	}
	if got := float64(s.Environment("shade").AmbientMean); got != 25 {
		t.Errorf("ambient %v", got)
	}
	if got := float64(s.Session("mindfulness").Limit); got != 1800 {
		t.Errorf("limit %v", got)
	}
	if got := float64(s.Policy.SuppressBase) * 3600; math.Abs(got-0.01) > 1e-12 {
		t.Errorf("base hazard %v /h", got)
	}
	if on.Environment != "shade" || on.Device != solver.Fleet || *on.StartLevel != 0.5 {
		t.Errorf("simulated on %+v", on)
	}
	if got := float64(p.Base.Environment("shade").AmbientMean); got == 25 {
		t.Error("the base has changed")
	}
}

// TestPlanMistakes: every mistake is reported with its place, before any work.
func TestPlanMistakes(t *testing.T) {
	axis := func(text string) string { return "[[axis]]\nname = \"a\"\n" + text }
	for text, want := range map[string]string{
		`sesions = ["mindfulness"]`:            `plan.toml:1:1: sesions: unknown key: did you mean "sessions"?`,
		`sessions = ["meditation"]`:            `plan.toml:1:13: sessions: unknown word "meditation": expected one of self-care, mindfulness`,
		`sessions = []`:                        `plan.toml:1:1: sessions: is empty: expected at least one value`,
		`device = "s99"`:                       `plan.toml:1:10: device: unknown device "s99": expected fleet or one of se2-40`,
		`start_level = "120 %"`:                `plan.toml:1:15: start_level: 120 % is out of range: expected at least 0 and at most 1`,
		`start_level = "12 min"`:               `plan.toml:1:15: start_level: "12 min" has the wrong dimension: expected a plain number or a percentage`,
		`timer.phases = "5 min"`:               `plan.toml:1:1: timer: unknown key: write keys of the scenario under [scenario.timer]`,
		`policy.suppress_low = "1 /h"`:         `plan.toml:1:1: policy: unknown key: write keys of the scenario under [scenario.policy]`,
		`scenario.policy.suppress_lo = "1 /h"`: `plan.toml:1:17: policy.suppress_lo: unknown key: did you mean "suppress_low"?`,
		`paths = 0`:                            `plan.toml:1:9: paths: 0 is out of range: expected 1 to 2000000000`,
		`paths = 2.5`:                          `plan.toml:1:9: paths: expected a whole number, such as 100`,
		`seed = -1`:                            `plan.toml:1:8: seed: expected a whole number that is not negative`,
		`tolerances = ["1 %", 0.01, 2]`:        `plan.toml:1:28: tolerances: 2 is out of range: expected more than 0 and less than 1`,
		`tolerances = ["1 %", "1 %"]`:          `plan.toml:1:22: tolerances: "1 %" is given twice`,
		`readings = ["hopeful"]`:               `plan.toml:1:13: readings: unknown word "hopeful": expected one of cautious, documented`,
		`durations = ["45"]`:                   `plan.toml:1:14: durations: 45 has no unit: expected a duration, such as "45 min"`,
		`durations = "1 s"`:                    `plan.toml:1:13: durations: 1 s is shorter than a step (5 s)`,
		`durations = ["20 h"]`:                 `plan.toml:1:1: durations: all are longer than every horizon`,
		`base = "nowhere.toml"`:                `plan.toml:1:8: base: cannot read scenario nowhere.toml: no such file or directory`,
		`axis = 3`:                             `plan.toml:1:8: axis: expected an array of tables: [[axis]]`,
		"[[axis]]\nvalues = [1]":               `plan.toml:1:3: axis: expected one of key (with values, or from and to), zip, case, design, records; found none`,
		axis(
			`key = "start_level"`): `plan.toml:1:3: axis: expected values = [...], or from, to and step, beside the key`,
		axis(
			"key = \"start_level\"\nvalues = []"): `plan.toml:4:1: axis.values: is empty: expected at least one value`,
		axis(
			"key = \"start_level\"\nvalues = [0.1, \"5 K\"]"): `plan.toml:4:16: start_level: "5 K" has the wrong dimension`,
		axis(
			"key = \"policy.supress_low\"\nvalues = [1]"): `plan.toml:3:7: policy.supress_low: unknown key: did you mean "suppress_low"?`,
		axis(
			"key = \"policy.suppress_low\"\nvalues = [\"1 K\"]"): `plan.toml:4:11: policy.suppress_low: "1 K" has the wrong dimension: expected a rate, such as "0.1 /h"`,
		axis(
			"key = \"policy.suppress_low\"\nvalues = [\"-1 /h\"]"): `plan.toml:4:11: policy.suppress_low: "-1 /h" is out of range: expected a rate, at least 0 /h and at most 3600 /h`,
		axis(
			"key = \"environment.moon.ambient_mean\"\nvalues = [1]"): `plan.toml:3:7: environment.id: unknown id "moon"`,
		axis(
			"key = \"start_level\"\nfrom = 0.1\nto = 0.2"): `plan.toml:1:3: axis.step: expected either step or count beside from and to`,
		axis(
			"key = \"start_level\"\nfrom = 0.1\nto = 0.2\nstep = 0"): `plan.toml:6:8: axis.step: is 0: expected more than 0`,
		axis(
			"key = \"start_level\"\nfrom = 0.2\nto = 0.1\nstep = 0.1"): `plan.toml:6:8: axis.step: leads away from to`,
		axis(
			"key = \"start_level\"\nfrom = 0\nto = 1\nstep = 1e-9"): `plan.toml:6:8: axis.step: makes 1e+09 levels: expected at most 20000`,
		axis(
			"key = \"start_level\"\nfrom = 0\nto = 1\ncount = 3\nscale = \"log\""): `plan.toml:7:9: axis.scale: a log scale needs positive ends`,
		axis("key = \"environment.indoor.ambient_mean\"\nfrom = \"0 degC\"\nto = \"9 degC\"\nstep = " +
			"\"3 degC\""): `plan.toml:6:8: axis.step: "3 degC" is a temperature: expected a temperature difference, such as "1.5 K"`,
		axis(
			"zip = { a = [1], b = [1, 2] }"): `plan.toml:3:18: axis.zip: a has 1 values and b has 2: expected as many of each`,
		axis(
			"zip = {}"): `plan.toml:3:7: axis.zip: expected keys with a list each`,
		axis(
			"[[axis.case]]\nset = { \"policy.suppress_low\" = 1 }"): `plan.toml:3:8: axis.case.name: is missing`,
		axis(
			"[[axis.case]]\nname = \"x\"\nset = { \"policy.suppress_low\" = 1 }"): `plan.toml:5:33: policy.suppress_low: 1 has no unit: expected a rate`,
		axis(
			"design = \"random\"\npoints = 4\nover = []"): `plan.toml:3:10: axis.design: unknown word "random": expected one of latin-hypercube, sobol`,
		axis(
			"design = \"sobol\"\npoints = 0\nover = [{ key = \"start_level\", from = 0, to = 1 }]"): `plan.toml:4:10: axis.points: 0 is out of range`,
		axis(
			"design = \"sobol\"\npoints = 4\nover = [{ key = \"start_level\", from = 0 }]"): `axis.over.to: is missing`,
		axis("key = \"start_level\"\nvalues = [0.1]\n[[axis]]\nname = \"b\"\nkey = " +
			"\"start_level\"\nvalues = [0.2]"): `plan.toml:5:3: axis: sets start_level, which axis a already sets`,
		axis("key = \"start_level\"\nvalues = [0.1]\n[[axis]]\nname = \"a\"\nkey = " +
			"\"policy.refuse_lpm\"\nvalues = [0.2]"): `plan.toml:5:3: axis: there are two axes "a"`,
		"[[axis]]\nname = \"cell\"\nkey = \"start_level\"\nvalues = [0.1]": `plan.toml:1:3: axis: makes the column cell, which tables already have`,
		axis(
			"key = \"start_level\"\nvalues = [0.1]\n[[exclude]]\nb = 0.1"): `plan.toml:6:1: exclude.b: unknown axis: expected one of a`,
		axis(
			"key = \"start_level\"\nvalues = [0.1]\n[[exclude]]\na = 0.2"): `plan.toml:6:5: exclude.a: "0.2" is not a level of the axis: expected one of 0.1`,
		axis(
			"key = \"start_level\"\nvalues = [0.1]\n[[exclude]]\na = 0.1"): `plan.toml: every cell is excluded`,
		axis(
			"key = \"grid.step\"\nvalues = [\"5 s\", \"7 s\"]"): `plan.toml:4:18: grid.step: grid.margin (5 s) is no multiple`,
		axis(
			"key = \"environment.shade.share\"\nvalues = [0.5]"): `the shares sum to 1.33`,
		axis(
			"key = \"device.se2-40.build\"\nvalues = [\"huge\"]"): `unknown name "huge"`,
		axis(
			"key = \"policy.levels\"\nfrom = 1\nto = 2\nstep = 1"): `policy.levels: expected a list of 3 values`,
		axis(
			"records = \"nowhere.csv\"\nset = { \"environment.shade.ambient_mean\" = { column = \"x\" } }"): `plan.toml:3:11: axis.records: cannot read nowhere.csv`,
		axis("key = \"start_level\"\nfrom = 0.1\nto = 0.9\ncount = 1000\n") + strings.Replace(huge, `"a"`,
			`"b"`, 1) + strings.NewReplacer(`"a"`, `"c"`, "suppress_serious",
			"suppress_critical").Replace(
			huge): `makes 1e+09 cells with the axes before it: expected at most 1000000`,
		"[[axis]":            `plan.toml:1:7: `,
		"name = \"a\"\nname": `plan.toml:2:`,
	} {
		p, err := Parse("plan.toml", []byte(text))
		if err == nil {
			t.Errorf("%s\nis no mistake: %v", text, descriptions(p))
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("%s\ngot  %v\nwant %s", text, err, want)
		}
	}
}

// huge is an axis of a thousand levels.
const huge = `
[[axis]]
name = "a"
key = "policy.suppress_serious"
from = "1 /h"
to = "2 /h"
count = 1000
`

// TestManyMistakes: all mistakes of a plan are reported at once, in the file's order.
func TestManyMistakes(t *testing.T) {
	_,
		err := Parse("plan.toml",
		[]byte("paths = 0\nseed = 'x'\nreadings = [1]\n[[axis]]\nkey = \"start_level\"\nvalues = []\n"))
	problems, ok := err.(model.Problems)
	if !ok || len(problems) != 4 {
		t.Fatalf("got %v", err)
	}
	for i, line := range []int{1, 2, 3, 6} {
		if problems[i].Line != line {
			t.Errorf("problem %d is in line %d, not %d", i, problems[i].Line, line)
		}
	}
}

// TestDesigns: a Latin hypercube has one point in each of as many slices of every
// quantity, and so have the first 2^m scrambled Sobol' points; both depend on the seed.
func TestDesigns(t *testing.T) {
	for _, design := range []string{designLatin, designSobol} {
		text := func(seed int) string {
			return fmt.Sprintf(`
[[axis]]
name = "point"
design = %q
points = 32
seed = %d
over = [
  { key = "start_level", from = "20 %%", to = "60 %%" },
  { key = "policy.suppress_serious", from = "0.1 /h", to = "10 /h", scale = "log" },
]`, design, seed)
		}
		p := parse(t, text(1))
		if columns := p.Axes[0].Columns; len(columns) != 2 ||
			columns[1].Name != "policy_suppress_serious_per_h" {
			t.Fatalf("%s: columns %v", design, columns)
		}
		levels, rates := make([]bool, 32), make([]bool, 32)
		for _, level := range p.Axes[0].Levels {
			levels[int((level.Values[0].(float64)-0.2)/0.4*32)] = true
			rates[int(math.Log(level.Values[1].(float64)/0.1)/math.Log(100)*32)] = true
		}
		if slices.Contains(levels, false) || slices.Contains(rates, false) {
			t.Errorf("%s: not one point in each slice: %v %v", design, levels, rates)
		}
		if slices.Equal(descriptions(p), descriptions(parse(t, text(2)))) {
			t.Errorf("%s: the same points for another seed", design)
		}
		if !slices.Equal(descriptions(p), descriptions(parse(t, text(1)))) {
			t.Errorf("%s: other points for the same seed", design)
		}
	}
}

// TestRecords: records of a file make levels, each by itself or by period.
func TestRecords(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("weather.csv",
		"time,temp,wind\n2013-01-01T00:00:00Z,-2,3\n2013-01-31T23:00:00Z,4,1\n2013-02-01T00:00:00Z,5,NA\n2013-02-01T12:00:00Z,9,2\n")
	plan := func(more string) (*Plan, error) {
		text := "[[axis]]\nname = \"climate\"\nrecords = \"weather.csv\"\nset = { " +
			"\"environment.shade.ambient_mean\" = { column = \"temp\", unit = \"degC\" } }\n" + more
		return Parse(filepath.Join(dir, "plan.toml"), []byte(text))
	}
	for more, want := range map[string][]string{
		"": {"climate 2013-01-01T00:00:00Z",
			"climate 2013-01-31T23:00:00Z", "climate 2013-02-01T00:00:00Z", "climate 2013-02-01T12:00:00Z"},
		"every = 3": {"climate 2013-01-01T00:00:00Z",
			"climate 2013-02-01T12:00:00Z"},
		"by = \"month\"":       {"climate 2013-01", "climate 2013-02"},
		"by = \"hour of day\"": {"climate 00", "climate 23", "climate 12"},
		"by = \"day\"\nmissing = \"skip\"\n": {"climate 2013-01-01", "climate 2013-01-31",
			"climate 2013-02-01"},
	} {
		p, err := plan(more)
		if err != nil {
			t.Fatal(err)
		}
		if got := descriptions(p); !slices.Equal(got, want) {
			t.Errorf("%q: got %v", more, got)
		}
	}
	p, err := plan("by = \"month\"")
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := p.Scenario(p.Cells()[1])
	if err != nil || s.Environment("shade").AmbientMean != 7 {
		t.Errorf("February is at %v degC: %v", s.Environment("shade").AmbientMean, err)
	}
	_, err = Parse(filepath.Join(dir, "plan.toml"), []byte("[[axis]]\nname = \"climate\"\nrecords = "+
		"\"weather.csv\"\nset = { \"environment.shade.ambient_sd\" = { column = \"wind\", unit = "+
		"\"K\" } }\n"))
	if err == nil || !strings.Contains(err.Error(), `weather.csv:4:24: wind: "NA" is not a number`) {
		t.Errorf("got %v", err)
	}
}

// TestUnitsSharePlants: cells that differ only in rules are one unit, for any axes, and
// every cell is in one unit for each session type.
func TestUnitsSharePlants(t *testing.T) {
	p := parse(t, `
sessions = ["mindfulness", "workout"]
[[axis]]
name = "rate"
key = "policy.suppress_serious"
from = "1 /h"
to = "7 /h"
step = "1 /h"
[[axis]]
key = "start_level"
values = ["10 %", "50 %"]
[[axis]]
name = "mixed"
[[axis.case]]
name = "short"
set = { "session.mindfulness.limit" = "30 min" }
[[axis.case]]
name = "short and cold"
set = { "session.mindfulness.limit" = "30 min", "environment.shade.ambient_mean" = "-8 degC" }
[[axis.case]]
name = "cold"
set = { "environment.shade.ambient_mean" = "-8 degC" }
[[exclude]]
mixed = "cold"
rate = "7 /h"`)
	units := p.Units()
	if len(units) != 2*2*2 {
		t.Errorf("%d units", len(units))
	}
	seen := map[string]int{}
	for _, u := range units {
		if _, err := p.Compile(u, func(sweep.Key) bool { return false }, 2, solver.Compile); err != nil {
			t.Error(err)
		}
		for _, c := range u.Cells {
			seen[fmt.Sprint(u.Session, c.Number)]++
		}
	}
	if len(seen) != 2*len(p.Cells()) {
		t.Errorf("%d blocks of %d cells", len(seen), len(p.Cells()))
	}
	for block, n := range seen {
		if n != 1 {
			t.Errorf("%s is in %d units", block, n)
		}
	}
}

// TestKeysTellBlocksApart: the key of a block depends on everything that its content
// depends on and on nothing else: not on tolerances, confidence, other cells or names of
// the plan.
func TestKeysTellBlocksApart(t *testing.T) {
	const plan = "paths = 100\n"
	key := func(text string) sweep.Key {
		p := parse(t, text)
		k, err := p.Key(p.Cells()[0], "mindfulness")
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	base := key(plan)
	for _, same := range []string{"tolerances = [0.2]\n", "confidence = 0.8\n", "name = \"b\"\n",
		"sessions = [\"mindfulness\"]\n",
		"[[axis]]\nkey = \"policy.suppress_low\"\nvalues = [\"0.4 /h\", \"0.5 /h\"]\n"} {
		text := plan + same
		if strings.Contains(same, "suppress_low") {
			value := parse(t, plan).Base.Parameter("policy.suppress_low")
			text = strings.Replace(text, "0.4 /h", value.Text()+" "+value.Unit, 1)
		}
		if key(text) != base {
			t.Errorf("another key for %q", text)
		}
	}
	for _, other := range []string{"seed = 2\n", "start_level = 0.5\n", "device = \"se2-40\"\n",
		"environment = \"sun\"\n", "on_resign = \"end\"\n",
		"readings = [\"documented\"]\n", "sampling = \"sobol\"\n", "durations = [\"3 min\"]\n",
		"scenario.policy.suppress_low = \"9 /h\"\n",
		"scenario.device = [{ id = \"se2-40\", build = \"ultra\" }]\n"} {
		if key(plan+other) == base {
			t.Errorf("the same key for %q", other)
		}
	}
	if key("paths = 101\n") == base {
		t.Error("the same key for other paths")
	}
}

// TestExpansionProperty: the cells are all combinations of levels except the excluded
// ones, in ascending order, numbered from 1.
func TestExpansionProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &Plan{}
		n := 1
		for range rapid.IntRange(0, 4).Draw(t, "axes") {
			levels := rapid.IntRange(1, 4).Draw(t, "levels")
			p.Axes = append(p.Axes, Axis{Levels: make([]Level, levels)})
			n *= levels
		}
		if len(p.Axes) > 0 && rapid.Bool().Draw(t, "exclude") {
			axis := rapid.IntRange(0, len(p.Axes)-1).Draw(t, "axis")
			out := make(exclusion, len(p.Axes))
			out[axis] = make([]bool, len(p.Axes[axis].Levels))
			out[axis][0] = true
			p.exclusions = []exclusion{out}
			n -= n / len(p.Axes[axis].Levels)
		}
		p.expand()
		if len(p.cells) != n {
			t.Fatalf("%d cells, not %d", len(p.cells), n)
		}
		for i, c := range p.cells {
			if c.Number != i+1 || i > 0 && slices.Compare(p.cells[i-1].levels, c.levels) >= 0 {
				t.Fatalf("cell %d has number %d and levels %v", i, c.Number, c.levels)
			}
		}
	})
}

// FuzzParsePlan: every file gives a plan or problems with places.
func FuzzParsePlan(f *testing.F) {
	for _, name := range []string{"meditation", "suppression", "climate"} {
		if text, err := os.ReadFile("../../docs/plans/" + name + ".toml"); err == nil {
			f.Add(string(text))
		}
	}
	f.Add("[[axis]]\nname = \"x\"\ndesign = \"sobol\"\npoints = 4\nover = [{ key = \"start_level\", " +
		"from = 0, to = 1 }]\n[[exclude]]\nx = 1\n")
	f.Add("[[axis]]\nname = \"x\"\ncase = [{ name = \"a\", set = { \"policy.levels\" = [1] } }]\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse("plan.toml", []byte(text))
		if err != nil {
			if problems, ok := err.(model.Problems); !ok || len(problems) == 0 {
				t.Errorf("refused without a problem: %v", err)
			}
			return
		}
		if len(p.Cells()) == 0 || len(p.Cells()) > maxCells {
			t.Errorf("%d cells", len(p.Cells()))
		}
	})
}

// TestDocumentedPlans: the plans in the documentation are valid.
func TestDocumentedPlans(t *testing.T) {
	page, err := os.ReadFile("../../docs/plans.md")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for i, part := range strings.Split(string(page), "```toml\n") {
		text, _, ok := strings.Cut(part, "```")
		if i == 0 || !ok {
			continue
		}
		n++
		if p, err := Parse("../../docs/plans/page.toml", []byte(text)); err != nil {
			t.Error(err)
		} else if n == 2 && len(p.Axes) != 7 {
			t.Errorf("the page shows %d axes", len(p.Axes))
		}
	}
	if n != 2 {
		t.Errorf("the page has %d plans", n)
	}
	for name, cells := range map[string]int{"meditation": 400, "suppression": 31, "climate": 12} {
		p, err := Read("../../docs/plans/" + name + ".toml")
		if err != nil {
			t.Error(err)
		} else if len(p.Cells()) != cells {
			t.Errorf("%s has %d cells", name, len(p.Cells()))
		}
	}
}

// TestDurationsOfOtherSteps: a cell with another time step has durations on its own grid.
func TestDurationsOfOtherSteps(t *testing.T) {
	five, ten := []float64{}, []float64{}
	for i := range 100 {
		five, ten = append(five, float64(5*(i+1))), append(ten, float64(10*(i+1)))
	}
	some := []float64{3, 5, 10, 15, 25, 495, 500, 505}
	if got := sweep.Indices(five, some); !slices.Equal(got, []int{0, 1, 2, 4, 98, 99}) {
		t.Errorf("of steps of 5 s: %v", got)
	}
	if got := sweep.Indices(ten, some); !slices.Equal(got, []int{0, 1, 48, 49}) {
		t.Errorf("of steps of 10 s: %v", got)
	}
}
