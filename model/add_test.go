package model

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const added = `
[[device]]
id = "my-watch"
like = "s9-41"
capacity = "327 mAh"
[[session]]
id = "my-sit"
like = "my-base"
workload = "taps"
[[session]]
id = "my-base"
like = "mindfulness"
limit = "40 min"
[workload.taps]
like = "seated"
cue_every = "1 min"
cue_for = "5 s"
[[environment]]
id = "balcony"
like = "sun"
ambient_mean = { value = "26 degC", range = ["20 degC", "30 degC"] }
[thermal.build.titanium]
like = "ultra"
area_scale = 1.3
[[thermal.fit]]
id = "floppy"
new = true
r_kw = "50 K/W"
`

// TestEntriesAreAdded checks the values of added entries.
func TestEntriesAreAdded(t *testing.T) {
	t.Parallel()
	s := mustParse(t, added)
	like := Default()
	watch, want := *s.Device("my-watch"), *like.Device("s9-41")
	want.ID, want.Name, want.Weight, want.Capacity = "my-watch", "my-watch", 0, 0.327*3600
	if diff := watch.Capacity - want.Capacity; diff < -1e-9 || diff > 1e-9 {
		t.Errorf("capacity %v", watch.Capacity)
	}
	want.Capacity = watch.Capacity
	if watch != want {
		t.Errorf("the device is %+v, want %+v", watch, want)
	}
	sit, base := s.Session("my-sit"), s.Session("my-base")
	if sit.Workload != "taps" || sit.Limit != 40*60 || base.Workload != "seated" ||
		sit.Resign != like.Session("mindfulness").Resign || sit.BackgroundMode != "mindfulness" {
		t.Errorf("the sessions are %+v and %+v", sit, base)
	}
	if ids := IDs(s.Sessions); !slices.Equal(ids[len(ids)-2:], []string{"my-sit", "my-base"}) {
		t.Errorf("not in the file's order: %v", ids)
	}
	taps, seated := s.Workload.ByID["taps"], s.Workload.ByID["seated"]
	if taps.CueEvery != 60 || taps.Power != seated.Power {
		t.Errorf("the workload is %+v", taps)
	}
	if seated.CueEvery != 0 {
		t.Errorf("what it is like has changed: %+v", seated)
	}
	balcony := s.Environment("balcony")
	if balcony.Share != 0 || balcony.SunShare != s.Environment("sun").SunShare {
		t.Errorf("the environment is %+v", balcony)
	}
	if p := s.Parameter("environment.balcony.irradiance_max"); p.Law == nil || !p.Overridden ||
		!strings.HasPrefix(p.Source, "as sun: ") || p.Place != "plan.toml:19:6" {
		t.Errorf("irradiance_max is %+v", p)
	}
	if fit := s.Thermal.Fits[3]; fit.ID != "floppy" || fit.RKW != 50 || fit.Share != 0 {
		t.Errorf("the fit is %+v", fit)
	}
	if s.Thermal.Builds["titanium"].AreaScale != 1.3 || s.Thermal.Builds["ultra"].AreaScale != 1.2 {
		t.Error("the build is wrong")
	}
	if IsRule("session.my-sit.resign") == IsRule("session.my-sit.workload") {
		t.Error("roles of added entries are not those of the catalog's")
	}
	want2 := []string{"device.my-watch", "session.my-sit", "session.my-base", "workload.taps",
		"environment.balcony", "thermal.build.titanium", "thermal.fit.floppy"}
	if !slices.Equal(s.Added(), want2) {
		t.Errorf("added %v", s.Added())
	}
	again := mustParse(t, written(t, s))
	if again.Digest() != s.Digest() || !slices.Equal(again.Added(), s.Added()) {
		t.Errorf("it is read again as another scenario:\n%s", written(t, s))
	}
}

func written(t interface{ Fatal(...any) }, s *Scenario) string {
	var b strings.Builder
	if err := s.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestAddedEntriesCanBeOverridden reads a second file over one that adds entries.
func TestAddedEntriesCanBeOverridden(t *testing.T) {
	t.Parallel()
	s := mustParse(t, added)
	over, err := s.With("over.toml", settingsOf(t, `"device.my-watch.capacity" = "300 mAh"
"workload.taps.cue_for" = "10 s"`))
	if err != nil {
		t.Fatal(err)
	}
	if over.Device("my-watch").Capacity != 0.3*3600 || over.Workload.ByID["taps"].CueFor != 10 ||
		s.Workload.ByID["taps"].CueFor != 5 {
		t.Error("the settings are not taken, or change what they are laid over")
	}
	if again := mustParse(t, written(t, over)); again.Digest() != over.Digest() {
		t.Error("it is read again as another scenario")
	}
}

// TestWrongAdditions checks the messages for entries that cannot be added.
func TestWrongAdditions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"[[device]]\nid = 's10-64'": `plan.toml:2:6: device.id: unknown id "s10-64": did you mean ` +
			`"s10-46"? To add a device, give it like = "s10-46" (or new = true)`,
		"[[environment]]\nid = 'moon'": `unknown id "moon": expected one of the ids: indoor, shade, sun. ` +
			`To add an environment, give it like = "indoor" (or new = true)`,
		"[workload.seatde]\npower = ['1 W']": `plan.toml:1:11: workload.seatde: unknown name: did you mean ` +
			`"seated"? To add a workload, give it like = "seated" (or new = true)`,
		"[[device]]\nid = 'x'\nlike = 's9-14'": `plan.toml:3:8: device.x.like: unknown id "s9-14": ` +
			`did you mean "s9-41"?`,
		"[[device]]\nid = 'x'\nlike = 'x'": `plan.toml:3:8: device.x.like: is like itself, in a circle: expected ` +
			`one that is like a device of the catalog in the end`,
		"[workload.a]\nlike = 'b'\n[workload.b]\nlike = 'a'": `plan.toml:4:8: workload.b.like: is like itself, in a circle`,
		"[[device]]\nid = 's9-41'\nlike = 's10-46'": `plan.toml:3:8: device.s9-41.like: "s9-41" is ` +
			`there already: expected no like, or another id`,
		"[[device]]\nid = 'x'\nlike = 's9-41'\nnew = true": `plan.toml:4:7: device.x.new: ` +
			`expected like or new, not both`,
		"[[device]]\nid = 'x'\nnew = false": `plan.toml:3:7: device.x.new: expected true`,
		"[[device]]\nid = 'x'\nlike = 9": `plan.toml:3:8: device.x.like: expected text in quotes, such ` +
			`as "s9-45"`,
		"[[device]]\nid = 'my watch'\nnew = true": `plan.toml:2:6: device.id: "my watch" cannot be an id: ` +
			`expected letters, digits, - and _, such as "my-s9-45", and none of all, fleet, mix, like, new`,
		"[[session]]\nid = 'all'\nnew = true": `"all" cannot be an id`,
		"[[session]]\nid = 'x'\nnew = true\nworkload = 'tpas'\n[workload.taps]\nlike = 'seated'": `plan.toml:4:1: ` +
			`session.x.workload: unknown name "tpas": did you mean "taps"?`,
		"[[session]]\nid = 'x'\nlike = 'workout'\nhorizont = '1 h'": `plan.toml:4:1: session.x.horizont: ` +
			`unknown key: did you mean "horizon"?`,
		"[[device]]\nid = 'x'\nlike = 's9-41'\nweight = 0.2": `plan.toml:4:1: device.x.weight: the weights ` +
			`sum to 1.2: expected 1`,
		"[[session]]\nid = 'x'\nlike = 'y'\n[[session]]\nid = 'y'\nlike = 'z'": `plan.toml:6:8: ` +
			`session.y.like: unknown id "z"`,
		// Errors in values that an entry copies.
		"[workload.a]\nlike = 'seated'\n[workload.seated]\nenter = ['1 /h', '4 /h', '15 /h', '12 /h']": `plan.toml:1:11: ` +
			`workload.a.enter: the first rate`,
		"workload.a = 5": `plan.toml:1:14: workload.a: expected a table`,
	} {
		problems := parseProblems(t, text)
		if problems != nil && !strings.Contains(problems.Error(), want) {
			t.Errorf("%q:\n%s\nwant %s", text, problems, want)
		}
	}
}

// TestSharesFollow checks the ways to set shares.
func TestSharesFollow(t *testing.T) {
	t.Parallel()
	const watches = "[[device]]\nid = 'my-watch'\nlike = 's9-41'\nweight = 3\n[[device]]\nid = 's10-46'\nweight = 1\n"
	given := mustParse(t, "shares = 'given'\n"+watches)
	for _, d := range given.Devices {
		want := map[string]Number{"my-watch": 0.75, "s10-46": 0.25}[d.ID]
		if d.Weight != want {
			t.Errorf("%s has the weight %v, want %v", d.ID, d.Weight, want)
		}
	}
	if given.Environment("indoor").Share != Default().Environment("indoor").Share {
		t.Error("the mix of environments has changed, of which the file gives none")
	}
	relative := mustParse(t, "shares = 'relative'\n"+watches)
	sum := 3 + 1 + (1 - 0.12)
	for id, want := range map[string]float64{"my-watch": 3 / sum, "s10-46": 1 / sum,
		"s9-45": 0.2 / sum} {
		if got := float64(relative.Device(id).Weight); got < want-1e-12 || got > want+1e-12 {
			t.Errorf("%s has the weight %v, want %v", id, got, want)
		}
	}
	for _, s := range []*Scenario{given, relative} {
		if again := mustParse(t, written(t, s)); again.Digest() != s.Digest() {
			t.Errorf("it is read again as another scenario:\n%s", written(t, s))
		}
	}
	for text, want := range map[string]string{
		"shares = 'relativ'": `plan.toml:1:10: shares: unknown word "relativ": did you mean "relative"?`,
		"shares = 'exact'\n" + watches: `plan.toml:5:10: device.my-watch.weight: 3 is out of range: expected a plain ` +
			`number or a percentage, at least 0 and at most 1 (for weights of any size write shares = "relative" ` +
			`before the first table)`,
		"shares = 'given'\ndevice = [{ id = 's9-41', weight = 0 }]": `plan.toml:1:10: shares: every weight of device is 0`,
		"shares = 'given'\ndevice = [{ id = 's9-41', weight = { value = 1, range = [0, 1] } }]": `plan.toml:2:27: ` +
			`device.s9-41.weight: is a relative share: expected a value without range and distribution`,
	} {
		problems := parseProblems(t, text)
		if problems != nil && !strings.Contains(problems.Error(), want) {
			t.Errorf("%q:\n%s\nwant %s", text, problems, want)
		}
	}
}

// TestWrittenAdditionsAreReadAgain draws scenarios that add entries, in any order, writes them
// and reads them again: the digest, the order and the provenance of uncertain inputs are the
// same.
func TestWrittenAdditionsAreReadAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := drawnAdditions(t)
		s, err := Parse("plan.toml", []byte(text))
		if err != nil {
			t.Fatalf("%s\n%v", text, err)
		}
		b := written(t, s)
		again, err := Parse("again.toml", []byte(b))
		if err != nil {
			t.Fatalf("%s\n%s\n%v", text, b, err)
		}
		if again.Digest() != s.Digest() || !slices.Equal(again.Added(), s.Added()) ||
			!slices.Equal(IDs(again.Devices), IDs(s.Devices)) ||
			!slices.Equal(IDs(again.Sessions), IDs(s.Sessions)) {
			t.Fatalf("%s\nis read again as another scenario:\n%s", text, b)
		}
		for _, p := range s.Overrides() {
			q := again.find(p.Key)
			if q == nil || q.LawText() != p.LawText() || q.Evidence != p.Evidence || q.Source != p.Source ||
				q.HasRange != p.HasRange || q.Range != p.Range {
				t.Fatalf("%s\n%s was %+v and is %+v", text, p.Key, p, q)
			}
		}
	})
}

// drawnAdditions draws a scenario file that adds entries.
func drawnAdditions(t *rapid.T) string {
	catalog := Default()
	var tables []string
	for _, list := range []struct {
		header string // first lines of a table
		known  []string
		lines  []string
	}{
		{"[[device]]\nid = %q\n", IDs(catalog.Devices), []string{`capacity = "300 mAh"`, `weight = 0`,
			`power_scale = { value = 1, range = [0.9, 1.1] }`, `build = "ultra"`, `name = "A \"name\""`}},
		{"[[session]]\nid = %q\n", IDs(catalog.Sessions), []string{`limit = "40 min"`,
			`frontmost = false`, `resign = "1e-7 /s"`, `stop = { value = "1 /h", distribution = "lognormal", sigma = 0.5 }`,
			`suppress_lpm = "0.1 /h"`, `background_mode = "audio"`}},
		{"[[environment]]\nid = %q\n", IDs(catalog.Environments), []string{`ambient_mean = "14 degF"`,
			`from = "sun"` + "\n" + `since_max = "20 min"`, `airflow = "running"`}},
		{"[workload.%s]\n", []string{"seated", "workout", "worn"}, []string{`lpm_power = 0.4`,
			`cue_every = "2 min"` + "\n" + `cue_for = "5 s"`, `cpu = [0.01, 0.07, 0.15, 0.061]`}},
		{"[thermal.build.%s]\n", []string{"small", "large"}, []string{`area_scale = 1.05`}},
	} {
		ids := slices.Clone(list.known)
		var own []string
		for i := range rapid.IntRange(0, 3).Draw(t, "n") {
			id := fmt.Sprintf("n%d", i)
			text := fmt.Sprintf(list.header, id)
			if rapid.Bool().Draw(t, "new") {
				text += "new = true\n"
			} else {
				text += fmt.Sprintf("like = %q\n", rapid.SampledFrom(ids).Draw(t, "like"))
			}
			for _, line := range list.lines {
				if rapid.Bool().Draw(t, "line") {
					text += line + "\n"
				}
			}
			ids, own = append(ids, id), append(own, text)
		}
		tables = append(tables, own...)
	}
	return strings.Join(rapid.Permutation(tables).Draw(t, "order"), "\n")
}

// TestClassesOfHardware: a device has its own hardware class or that of its build.
func TestClassesOfHardware(t *testing.T) {
	t.Parallel()
	if got := Default().Classes(); !slices.Equal(got, []string{"small", "large", "ultra"}) {
		t.Errorf("the catalog's classes are %v", got)
	}
	s := mustParse(t, "[[device]]\nid = 'x'\nlike = 's9-41'\nclass = 'newest'\n[[device]]\nid = 'y'\nlike = 'x'")
	if got := s.Classes(); !slices.Equal(got, []string{"small", "large", "ultra", "newest"}) ||
		s.Device("y").HardwareClass() != "newest" {
		t.Errorf("the classes are %v", got)
	}
}
