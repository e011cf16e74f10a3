package model

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"budget/model/document"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestAllProblemsAtOnce reads a file with a mistake of every kind.
func TestAllProblemsAtOnce(t *testing.T) {
	const file = "testdata/wrong.toml"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	err = Default().lay(decoder{file: file, most: document.ManyProblems}, data)
	problems, ok := errors.AsType[Problems](err)
	if !ok {
		t.Fatalf("the error is %T: %v", err, err)
	}
	got := problems.Error() + "\n"
	golden := filepath.Join("testdata", "wrong.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the problems are not those of %s (-update writes it anew):\n%s", golden, got)
	}
	for i, p := range problems {
		checkMessage(t, p.Error())
		if p.Line == 0 || p.Column == 0 || p.Key == "" {
			t.Errorf("no place or key: %s", p)
		}
		if i > 0 && p.Line < problems[i-1].Line {
			t.Errorf("out of order: %s", p)
		}
		// A message says what would be right, or asks whether it was that.
		if !strings.Contains(p.Message, "expected") && !strings.Contains(p.Message, "did you mean") &&
			!strings.Contains(p.Message, "needs") {
			t.Errorf("no expectation: %s", p)
		}
	}
}

// parseProblems reads a scenario that must be refused and checks the form of its messages.
func parseProblems(t *testing.T, text string) Problems {
	t.Helper()
	s, err := Parse("plan.toml", []byte(text))
	if err == nil {
		t.Errorf("accepted: %.200q", text)
		return nil
	}
	problems, ok := errors.AsType[Problems](err)
	if !ok || len(problems) == 0 {
		t.Fatalf("%.200q: the error is %T: %v", text, err, err)
	}
	if s != nil {
		t.Errorf("%.200q: a scenario beside the error", text)
	}
	for _, p := range problems {
		checkMessage(t, p.Error())
		if p.File != "plan.toml" || p.Line < 1 || p.Column < 1 {
			t.Errorf("%.200q: no place: %s", text, p)
		}
	}
	return problems
}

func mustParse(t *testing.T, text string) *Scenario {
	t.Helper()
	s, err := Parse("plan.toml", []byte(text))
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	return s
}

// TestProblems checks one mistake at a time: files that do not parse, and mistakes that hide
// others in the same file.
func TestProblems(t *testing.T) {
	line := strings.Repeat("x", 1<<20)
	for name, test := range map[string]struct{ text, want string }{
		"unterminated string": {"[grid]\nstep = \"5 s\nmargin = \"5 s\"\n",
			`:2:12: basic strings cannot have new lines`},
		"end in a string": {"name = \"a", `:1:9: unterminated basic string`},
		"duplicate key":   {"name = 'a'\nname = 'b'", `:2:1: name: key name is already defined`},
		"duplicate table": {"[grid]\n[grid]\n", `:2:2: grid: table grid already exists`},
		"bare text": {"ninety minutes please",
			`:1:8: expected '=' after key: expected key = value, such as step = "5 s"`},
		"no quotes, unit": {"[grid]\nstep = 5 s\n",
			`:2:10: expected newline but got U+0073 's': text, and quantities with a unit, stand in quotes, such as "45 min"`},
		"no quotes, word": {"name = sitting",
			`:1:8: unexpected character U+0073 's' at start of value: text, and quantities with a unit, stand in quotes, such as "45 min"`},
		"NUL": {"name = \"a\x00\"",
			`:1:10: basic strings cannot have control characters`},
		"NUL as key":          {"a\x00", `:1:2: `},
		"invalid UTF-8":       {"name = \"\xff\"", `:1:9: invalid UTF-8`},
		"invalid UTF-8 aside": {"# \xff\n", `:1:3: invalid UTF-8`},
		"UTF-16":              {"\xff\xfen\x00a\x00", `:1:1: `},
		"huge integer":        {"[population]\nlpm_accept = 99999999999999999999", `:2:14: `},
		"a table extended": {"[thermal]\nfit = [{ id = 'snug' }]\n[[thermal.fit]]\nid = 'loose'",
			`:3:3: thermal.fit: `},
		"a list as a table": {"a = [1]\n[a.b]\nc = 1", `:2:2: a.b: `},
		"too deep": {"a = " + strings.Repeat("[", 1<<20),
			`:1:10005: arrays and inline tables are nested more`},
		"a long line": {"[grid]\nstep = \"" + line + "\"", `:2:8: grid.step: "xxx`},
		"a long key":  {line + " = 1", `:1:1: "xxx`},
		"a long id":   {"[[session]]\nid = '" + line + "'", `:2:6: session.id: unknown id "xxx`},
		"a long sum": {"[grid]\nmargin = '" + strings.Repeat("1 s ", 1<<18) + "'",
			`:2:10: grid.margin: "1 s 1 s`},
		"after BOM": {"\ufeffstap = 1", `:1:1: stap: unknown key`},
		"after CRLF": {"[grid]\r\nstep = \"5 s\"\r\nstap = 1\r\n",
			`:3:1: grid.stap: unknown key: did you mean "step"?`},
		"after a tab": {"[grid]\n\tstap\t=\t1", `:2:2: grid.stap: `},
		"quoted key": {"\"a\\nb\\u001b\" = 1",
			`:1:1: "a\nb\x1b": the key has an end of line: expected visible text on one line`},
		"dotted key": {"population.start_level_betta = 2",
			`:1:12: population.start_level_betta: unknown key: did you mean "start_level_beta"?`},
		"key in wrong table": {"[grid]\nlimit = '60 min'",
			`:2:1: grid.limit: unknown key: did you mean limit of [[session]] with an id, such as "self-care"?`},
		"name or stranger": {"[[session]]\nid = 'workout'\nstep = '1 s'",
			`:3:1: session.workout.step: unknown key: did you mean "stop" here, or step of [grid]?`},
		"sessions": {"[sessions]", `:1:2: sessions: unknown key: did you mean "session"?`},
		"many sessions": {"[[sessions]]\nid = 'workout'",
			`:1:3: sessions: unknown key: did you mean "session"?`},
		"a session as table": {"[session.workout]\nresign = '0.1 /h'",
			`:1:2: session: expected an array of tables: [[session]] with id = "workout"`},
		"a device as table": {"device.capacity = '300 mAh'",
			`:1:1: device: expected an array of tables: [[device]] with id`},
		"a list of numbers":    {"device = [1]", `:1:`},
		"an array for a table": {"[[grid]]\nstep = '1 s'", `:1:3: grid: expected a table`},
		"an array of builds": {"[[thermal.build]]\nid = 'small'",
			`:1:11: thermal.build: expected a table`},
		"an empty list": {"[battery]\nocv_soc = { value = [], range = [0, 1] }",
			`:2:13: battery.ocv_soc: has 0 values: expected values`},
		"per cent as number": {"[policy]\nlow_battery = 10",
			`:2:15: policy.low_battery: 10 is out of range: expected a plain number or a percentage, at least 0 and at most 1`},
		"infinite": {"[policy]\ncpu_limit = inf",
			`:2:13: policy.cpu_limit: "inf" is not a quantity`},
		"not a number": {"[policy]\ncpu_limit = nan",
			`:2:13: policy.cpu_limit: "nan" is not a quantity`},
		"unit on two lines": {"[battery]\nv_cut = \"9\\nV\"",
			`:2:9: battery.v_cut: has an end of line: expected visible text on one line`},
		"levels fall": {"[policy]\nlevels = ['45 degC', '41 degC', '37 degC']",
			`:2:1: policy.levels: expected ascending temperatures`},
		"window and step": {"[policy]\ncpu_window = '61 s'",
			`:2:1: policy.cpu_window: 1 min 1 s is no multiple of grid.step (5 s): expected a step that divides it`},
		"margin and step": {"[grid]\nstep = '2 s'",
			`:2:1: grid.step: grid.margin (5 s) is no multiple of grid.step (2 s)`},
		"too many steps": {"[grid]\nstep = '1 s'\n[[session]]\nid = 'workout'\nhorizon = '2 day'",
			`:5:1: session.workout.horizon: 48 h has 172800 steps of 1 s: expected at most 100000`},
		"horizon and step": {"[grid]\nstep = '10 s'\nmargin = '10 s'\n[[session]]\nid = 'workout'\nhorizon = '9 s'", `:6:1: session.workout.horizon: 9 s is shorter than grid.step (10 s)`},
		"OCV order": {"[battery]\nocv_soc = [0, 0.5, 0.5]\nocv_v = ['3 V', '3.8 V', '4 V']",
			`:2:1: battery.ocv_soc: expected ascending levels`},
		"OCV falls": {"[battery]\nocv_soc = [0, 0.5, 1]\nocv_v = ['3 V', '3.8 V', '3.7 V']",
			`:3:1: battery.ocv_v: expected voltages that do not fall`},
		"one OCV": {"[battery]\nocv_soc = [0]\nocv_v = ['3 V']",
			`:3:1: battery.ocv_v: the open-circuit voltage has 1 levels and 1 voltages`},
		"very low": {"[policy]\nvery_low_battery = '20 %'",
			`:2:1: policy.very_low_battery: very_low_battery (0.2) is above low_battery (0.1)`},
		"sun without strength": {"[[environment]]\nid = 'shade'\nsun_share = 0.2\nsun_spell = '10 min'",
			`:3:1: environment.shade.sun_share: needs irradiance_max`},
		"always in the sun": {"[[environment]]\nid = 'sun'\nsun_share = 1",
			`:3:13: environment.sun.sun_share: 1 is out of range: expected a plain number or a percentage, at least 0 and less than 1`},
		"a gauge at once": {"[gauge]\nconverge = 0",
			`:2:12: gauge.converge: 0 is out of range: expected a plain number or a percentage, more than 0 and at most 1`},
		"from nowhere": {"[[environment]]\nid = 'sun'\nfrom = 'indoors'",
			`:3:1: environment.sun.from: unknown name "indoors": did you mean "indoor"?`},
		"from, since when": {"[[environment]]\nid = 'indoor'\nfrom = 'shade'",
			`:3:1: environment.indoor.from: needs since_max, the longest time since then`},
		"since, from where": {"[[environment]]\nid = 'indoor'\nsince_max = '1 h'",
			`:3:1: environment.indoor.since_max: needs from, the environment the watch came from`},
		"a sauna too hot": {"[[environment]]\nid = 'indoor'\nambient_mean = '111 degC'",
			`:3:16: environment.indoor.ambient_mean: "111 degC" is out of range: expected a temperature, at least -60 degC and at most 110 degC`},
		"cues and step": {"[workload.seated]\ncue_every = '62 s'",
			`:2:1: workload.seated.cue_every: 1 min 2 s is no multiple of grid.step (5 s)`},
		"step and cues": {"[workload.seated]\ncue_every = '65 s'\n[grid]\nstep = '10 s'\nmargin = '10 s'",
			`:2:1: workload.seated.cue_every: 1 min 5 s is no multiple of grid.step (10 s)`},
		"cues without end": {"[workload.seated]\ncue_every = '60 s'\ncue_for = '56 s'",
			`:3:1: workload.seated.cue_for: a cue of workload.seated lasts 1 min and leaves no step until the next, 1 min after its start: expected a longer cue_every or a shorter cue_for`},
		"a cue each step": {"[workload.seated]\ncue_every = '5 s'",
			`:2:1: workload.seated.cue_every: a cue of workload.seated lasts 5 s and leaves no step until the next`},
		"a cue once": {"[workload.seated]\ncue_for = '5 s'",
			`:2:1: workload.seated.cue_for: needs cue_every`},
		"warning ends first": {"[policy]\nwarning_min = '2 min'",
			`:2:1: policy.warning_min: warning_min (2 min) is above warning_max (1 min): expected at most that`},
		"unknown leave": {"[timer]\nresign = 'stop'",
			`:2:1: timer.resign: unknown name "stop": expected one of the names: leave, end, pause`},
		"offset range": {"[policy]\nlevels = { value = ['36 degC', '41 degC', '45 degC'], range = ['1 K', '3 K'] }", `:2:55: policy.levels.range: does not hold the value`},
	} {
		t.Run(name, func(t *testing.T) {
			problems := parseProblems(t, test.text)
			if len(problems) == 0 {
				return
			}
			if got := problems[0].Error(); !strings.HasPrefix(got, "plan.toml"+test.want) {
				t.Errorf("%.300s\nwant plan.toml%s…", got, test.want)
			}
			if len(problems) > 1 {
				t.Errorf("one mistake, %d problems:\n%v", len(problems), problems)
			}
		})
	}
}

// TestArrivals: a watch may come from nowhere, from a sauna, and from its own environment.
func TestArrivals(t *testing.T) {
	s := mustParse(t, "[[environment]]\nid = 'shade'\nfrom = ''\n[[environment]]\nid = "+
		"'sun'\nambient_mean = '110 degC'\n[[environment]]\nid = 'indoor'\nfrom = 'sun'\nsince_max "+
		"= '0 s'")
	if s.Environment("shade").From != "" || s.Environment("indoor").From != "sun" ||
		s.Environment("indoor").SinceMax != 0 {
		t.Errorf("%+v", s.Environments)
	}
	if from := Default().Environment("shade").From; from != "indoor" {
		t.Errorf("the defaults have been changed: %q", from)
	}
}

// TestNameOfFile: a scenario that does not name itself has the file's name.
func TestNameOfFile(t *testing.T) {
	if s, err := Parse(filepath.Join("plans", "winter.toml"), []byte("# nothing\n")); err != nil ||
		s.Name != "winter" {
		t.Errorf("an empty file: %v, %v", s, err)
	}
}

// TestSpellings checks that all ways of writing a key in TOML are equivalent.
func TestSpellings(t *testing.T) {
	want := mustParse(t, "[population]\nstart_level_beta = 2\n[[thermal.fit]]\nid = 'snug'\nr_kw = "+
		"'13 K/W'\n[[session]]\nid = 'workout'\nstop = '1 /h'\n[[session]]\nid = 'audio'\nstop = '1 /h'").
		Digest()
	if want == Default().Digest() {
		t.Fatal("the overrides change nothing")
	}
	for name, text := range map[string]string{
		"dotted": "population.start_level_beta = 2\nthermal.fit = [{ id = 'snug', r_kw = '13 K/W' " +
			"}]\nsession = [{ id = 'workout', stop = '1 /h' }, { id = 'audio', stop = '1 /h' }]",
		"inline": "population = { start_level_beta = 2.0 }\nthermal = { fit = [{ id = 'snug', r_kw = " +
			"{ value = '13 K/W' } }] }\nsession = [{ stop = '1 /h', id = 'audio' }, { id = 'workout', " +
			"stop = '1 /h' }]",
		"reopened": "[[session]]\nid = 'audio'\nstop = '1 /h'\n[population]\nstart_level_beta = " +
			"2\n[[session]]\nid = 'workout'\nstop = '1 /h'\n[thermal]\n[[thermal.fit]]\nid = 'snug'\nr_kw " +
			"= '13 K/W'",
		"nested": "[population.start_level_beta]\nvalue = 2\n[[thermal.fit]]\nid = " +
			"'snug'\n[thermal.fit.r_kw]\nvalue = '13 K/W'\n[[session]]\nid = " +
			"'workout'\n[session.stop]\nvalue = '1 /h'\n[[session]]\nid = 'audio'\nstop.value = '1 /h'",
		"quoted": "\"popul\\u0061tion\".'start_level_beta' = 2\n[[\"thermal\".fit]]\nid = " +
			"'snug'\nr_kw = \"13\\u0020K/W\"\n[[session]]\n\"id\" = \"\"\"\nworkout\"\"\"\nstop = '1 " +
			"/h'\n[[session]]\nid = 'audio'\nstop = '1 /h'",
		"windows": "\ufeff[population]\r\n\tstart_level_beta = 2 # two\r\n[[thermal.fit]]\r\nid = " +
			"'snug'\r\nr_kw = '13 K/W'\r\n[[session]]\r\nid = 'workout'\r\nstop = '1 " +
			"/h'\r\n[[session]]\r\nid = 'audio'\r\nstop = '1 /h'\r\n",
		"integers": "population.start_level_beta = +2\nthermal.fit = [{ id = 'snug', r_kw = '1_3 K/W' " +
			"}]\nsession = [{ id = 'workout', stop = '24 /day' }, { id = 'audio', stop = '1 1/hour' }]",
	} {
		t.Run(name, func(t *testing.T) {
			if got := mustParse(t, text).Digest(); got != want {
				t.Errorf("%s\nis another scenario", text)
			}
		})
	}
}

func TestOverrides(t *testing.T) {
	s := mustParse(t, `
name = "Winter"
[policy]
levels = { value = ["35 degC", "39 degC", "43 degC"], evidence = "measured", source = "our own climate chamber" }
[[session]]
id = "mindfulness"
resign = "0.2 /h"
start_level_alpha = 3
`)
	overrides := s.Overrides()
	if s.Name != "Winter" || len(overrides) != 3 {
		t.Fatalf("%q has %d overrides", s.Name, len(overrides))
	}
	levels, resign, alpha := overrides[0], overrides[1], overrides[2]
	if levels.Key != "policy.levels" || levels.Text() != "35, 39, 43" ||
		levels.DefaultText() != "37, 41, 45" || levels.RangeText() != "offset -3 to 3" ||
		levels.Evidence != Measured || levels.Source != "our own climate chamber" ||
		levels.Place != "plan.toml:4:1" {
		t.Errorf("%+v", levels)
	}
	if resign.Key != "session.mindfulness.resign" || resign.Text() != "0.2" ||
		resign.DefaultText() != "0.1" || resign.RangeText() != "0.01 to 1" ||
		resign.Evidence != Assumed || resign.Source != "plan.toml:7:1" {
		t.Errorf("%+v", resign)
	}
	if alpha.Key != "session.mindfulness.start_level_alpha" || alpha.Text() != "3" ||
		alpha.DefaultText() != "" || alpha.Default != nil {
		t.Errorf("%+v", alpha)
	}
	if a, b := s.StartLevelShape(s.Session("mindfulness")); a != 3 || b != 1.4 {
		t.Errorf("start level shape %v, %v", a, b)
	}
	if s.Policy.Levels != [3]Temperature{35, 39, 43} ||
		Default().Policy.Levels != [3]Temperature{37, 41, 45} {
		t.Error("the levels are not the scenario's, or the defaults no longer theirs")
	}
	if len(s.Warnings()) != 0 {
		t.Errorf("warnings %q", s.Warnings())
	}
}

func TestWarnings(t *testing.T) {
	for text, want := range map[string]string{
		"[battery]\nv_cut = '3.4 V'":   "", // at the end of its range
		"[battery]\nv_cut = '3400 mV'": "",
		"[battery]\nv_cut = '3.5 V'": "plan.toml:2:1: battery.v_cut: 3.5 V is outside the range the " +
			"catalog varies it over (3 to 3.4 V)",
		// A file may set its own range, but that does not remove the warning about the catalog's.
		"[battery]\nv_cut = { value = '3.5 V', range = ['3 V', '4 V'] }": "plan.toml:2:1: battery.v_cut: 3.5 V is outside the range the catalog varies it over (3 to 3.4 V)",
		"[policy]\nlevels = ['34 degC', '38 degC', '42 degC']":           "",
		"[policy]\nlevels = ['93.2 degF', '100.4 degF', '107.6 degF']":   "",
		"[policy]\nlevels = ['37 degC', '41 degC', '48.5 degC']":         "plan.toml:2:1: policy.levels: 37, 41, 48.5 degC is outside the range the catalog varies it over (offset -3 to 3 K)",
		"[policy]\nlpm_power = 2":                                        "", // has no range
		"[policy]\nrefuse_lpm = '30 %'":                                  "plan.toml:2:1: policy.refuse_lpm: 30 % is outside the range the catalog varies it over (0.002 to 0.2)",
	} {
		if got := strings.Join(mustParse(t, text).Warnings(), "\n"); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", text, got, want)
		}
	}
	if w := Default().Warnings(); len(w) > 0 {
		t.Errorf("the defaults warn: %q", w)
	}
}

func TestDigest(t *testing.T) {
	want := Default().Digest()
	for _, text := range []string{
		"", "# a comment", "name = 'other'",
		"[[session]]\nid = 'audio'\nname = 'other'\nbackground_mode = 'none'",
		"[population]\nlpm_accept = { value = 0.35, range = [0, 1], evidence = 'measured', source " +
			"= 'us' }",
		"[population]\nlpm_accept = '35 %'\n[[environment]]\nid = 'shade'\nsun_share = -0.0",
		"[gauge]\nnoise_tau = '2 h'",
	} {
		if mustParse(t, text).Digest() != want {
			t.Errorf("%q changes the digest", text)
		}
	}
	for _, text := range []string{
		"[[device]]\nid = 's9-45'\nbuild = 'small'",
		"[[environment]]\nid = 'indoor'\nairflow = 'walking'",
		"[[session]]\nid = 'mindfulness'\nworkload = 'dive'",
		"[[session]]\nid = 'mindfulness'\nstart_level_alpha = 2",
		"[[session]]\nid = 'audio'\nfrontmost = true", "[[environment]]\nid = 'sun'\nfrom = 'shade'",
		"[[device]]\nid = 's9-45'\npower_scale = 1", "timer.resign = 'pause'", "timer.keep = true",
	} {
		if mustParse(t, text).Digest() == want {
			t.Errorf("%q leaves the digest as it is", text)
		}
	}

	// Keys that the catalog lacks are in the file's order.
	one := mustParse(t, "[[session]]\nid = 'audio'\nstart_level_alpha = 2\nstart_level_beta = "+
		"3\n[battery]\nv_cut = '3.3 V'")
	two := mustParse(t, "battery.v_cut = '3300 mV'\n[[session]]\nid = 'audio'\nstart_level_beta = "+
		"3\nstart_level_alpha = 2")
	if one.Digest() != two.Digest() {
		t.Error("the order of keys changes the digest")
	}

	// Every bit of a number counts.
	for i := range Default().parameters {
		s := Default()
		p := s.parameters[i]
		for j := range p.Values {
			old := p.Values[j]
			p.Values[j] = math.Nextafter(old, math.Inf(1))
			if s.Digest() == want {
				t.Errorf("%s: value %d does not count", p.Key, j)
			}
			p.Values[j] = old
		}
	}
	if first, second := CatalogDigest(), CatalogDigest(); first != second || len(first) != 64 {
		t.Errorf("the catalog's digest is %q, then %q", first, second)
	}
}

// TestDefaultsAsScenario sets every default to its own value in its own unit: the digest is the
// same and every parameter is an override.
func TestDefaultsAsScenario(t *testing.T) {
	text := scenarioText(Default().Parameters())
	s := mustParse(t, text)
	if s.Digest() != Default().Digest() {
		t.Error("defaults set to themselves change the digest")
	}
	if got, want := len(s.Overrides()), len(Default().Parameters()); got != want {
		t.Errorf("%d overrides, want %d", got, want)
	}
	if w := s.Warnings(); len(w) > 0 {
		t.Errorf("warnings: %q", w)
	}
	for _, p := range s.Parameters() {
		if p.Text() != p.DefaultText() {
			t.Errorf("%s: %s, default %s", p.Key, p.Text(), p.DefaultText())
		}
	}
}

// scenarioText writes parameters as a scenario file, in the units they carry.
func scenarioText(parameters []*Parameter) string {
	var b strings.Builder
	last := ""
	for _, p := range parameters {
		dot := strings.LastIndexByte(p.Key, '.')
		if table := p.Key[:dot]; table != last {
			last = table
			list, isList := "", false
			for _, list = range []string{"device", "environment", "session", "thermal.fit"} {
				if _, isList = strings.CutPrefix(table, list+"."); isList {
					break
				}
			}
			if isList {
				fmt.Fprintf(&b, "[[%s]]\nid = %q\n", list, table[len(list)+1:])
			} else {
				fmt.Fprintf(&b, "[%s]\n", table)
			}
		}
		var values []string
		for text := range strings.SplitSeq(p.Text(), ", ") {
			values = append(values, fmt.Sprintf("%q", strings.TrimSpace(text+" "+p.unitOf(p.Unit))))
		}
		value := strings.Join(values, ", ")
		if scalar := len(values) == 1; !scalar {
			value = "[" + value + "]"
		}
		fmt.Fprintf(&b, "%s = %s\n", p.Key[dot+1:], value)
	}
	return b.String()
}

func TestSetStep(t *testing.T) {
	s := Default()
	if err := s.SetStep(2.5, "--step"); err != nil || s.Grid.Step != 2.5 {
		t.Fatalf("a step of 2.5 s: %v, %v", s.Grid.Step, err)
	}
	if s.Digest() != mustParse(t, "grid.step = '2.5 s'").Digest() {
		t.Error("the step of a flag is not that of a file")
	}
	before := s.Digest()
	for step, want := range map[Duration]string{
		2:                    "--step: grid.step: grid.margin (5 s) is no multiple of grid.step (2 s)",
		0:                    "--step: grid.step: \"0 s\" is out of range",
		-1:                   "--step: grid.step: \"-1 s\" is out of range",
		Duration(math.NaN()): "--step: grid.step: \"NaN s\" is not a quantity",
	} {
		err := s.SetStep(step, "--step")
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("a step of %v: %v, want %s…", float64(step), err, want)
		}
		if s.Grid.Step != 2.5 || s.Digest() != before {
			t.Fatalf("a refused step of %v changes the scenario", float64(step))
		}
	}
	if err := s.SetStep(1, "--step"); err != nil {
		t.Fatal(err)
	}
	set := s.Overrides()
	if len(set) != 1 || set[0].DefaultText() != "5" || set[0].Text() != "1" ||
		set[0].Place != "--step" {
		t.Errorf("the step set twice: %+v", set[0])
	}
}

// TestSetStepLeavesHorizons: a step may be too fine for sessions that are not needed, unless a
// file sets it.
func TestSetStepLeavesHorizons(t *testing.T) {
	const want = "4 h has 144000 steps of 0.1 s: expected at most 100000"
	s := Default()
	if err := s.SetStep(0.1, "--step"); err != nil {
		t.Fatal(err)
	}
	if err := s.Grid.Hold(s.Session("self-care").Horizon); err != nil {
		t.Errorf("self care: %v", err)
	}
	if err := s.Grid.Hold(s.Session("workout").Horizon); err == nil || err.Error() != want {
		t.Errorf("workout: %v, want %s", err, want)
	}
	problems := parseProblems(t, "grid.step = '0.1 s'")
	if got := problems[0].Error(); !strings.HasPrefix(got, "plan.toml:1:6: grid.step: session.") ||
		!strings.HasSuffix(got, ".horizon (4 h) has 144000 steps of 0.1 s: expected at most 100000") {
		t.Error(got)
	}
}

// TestDefaultIsACopy: what is changed in one default scenario is not in the next.
func TestDefaultIsACopy(t *testing.T) {
	t.Parallel()
	s, digest := Default(), Default().Digest()
	s.Name, s.Policy.SuppressLow, s.Battery.OCV[3], s.Battery.OCVLevels[3] = "other", 7, 9, 9
	s.Devices[0].Weight, s.Environments[0].Share, s.Thermal.Fits[0].Share = 9, 9, 9
	s.Sessions = append(s.Sessions[:1], &Session{ID: "new"})
	s.Sessions[0].Limit, s.Workload.ByID["seated"].Power[0], s.Policy.Levels[0] = 9, 9, 9
	for _, b := range s.Thermal.Builds {
		b.AreaScale = 9
	}
	delete(s.Workload.ByID, "worn")
	if again := Default(); !reflect.DeepEqual(again, readCatalog()) || again.Digest() != digest {
		t.Error("the next default scenario is changed")
	}
}
