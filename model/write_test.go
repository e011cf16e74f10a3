package model

import (
	"reflect"
	"strings"
	"testing"
)

// TestScenariosAreWrittenAndReadAgain writes scenarios and reads them again: all values are
// equal to the last bit, and so is their provenance.
func TestScenariosAreWrittenAndReadAgain(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing": "",
		"words": `name = "Odd \"name\" \\ and a 'quote' in it"
[[environment]]
id = "shade"
airflow = "running"
ambient_mean = { value = "14 degF", range = ["-20 degC", "5 degC"], evidence = "measured", source = "a \"station\", ünder <snow>\t& \u202eice" }
[[device]]
id = "se2-40"
name = "Smallest"
build = "large"
[[session]]
id = "mindfulness"
workload = "asleep"
frontmost = false
resign = "1e-7 /s"
start_level_alpha = 3
start_level_beta = { value = 1.1, range = [1, 1.5] }
`,
		"lists and offsets": `
[policy]
levels = { value = ["36.6 degC", "40 degC", "44.123456789 degC"], range = ["-2 K", "2500 mK"] }
suppress_low = { value = "0.3333333333333333 /h", range = ["0 /h", "1 /h"], evidence = "reported", source = "x" }
[population]
age_years = ["3 month", "4 year"]
[workload.seated]
power = ["64 mW", "0.22 W", "280 mW", "170 mW"]
[thermal.build.large]
area_scale = 1.05
[[thermal.fit]]
id = "snug"
r_kw = "11 K/W"
[battery]
tau1 = "1 min 3.5 s"
`,
		"of version 3": `
[timer]
resign = "pause"
keep = true
away = "4 min"
[window]
front = "1 h"
[workload.worn]
lpm_power = 0.5
cue_every = "2 min"
cue_for = "7 s"
[[environment]]
id = "shade"
from = ""
[[environment]]
id = "indoor"
from = "sun"
since_max = { value = "90 min", range = ["1 min", "2 h"] }
[[device]]
id = "s11-46"
power_scale = 0.9
[[session]]
id = "audio"
frontmost = true
power_scale = 1.1
refuse_lpm = "3 %"
suppress_lpm = "0.3 /h"
[policy]
prompt_resign = 0.2
warning_min = "2 s"
`,
		"laws": `
[policy]
levels = { value = ["37 degC", "41 degC", "45 degC"], distribution = "normal", sd = "0.3 K" }
suppress_base = { value = "0.002 /h", range = ["0 /h", "0.02 /h"] }
suppress_low = { value = "0.1 /h", distribution = "discrete", cases = ["0.3333333333333333 /h", "0 /h"], weights = [0.3, 0.7] }
suppress_serious = { value = "0.5 /h", distribution = "uniform" }
suppress_lpm = { value = "0.02 /h", range = ["0 /h", "3 /h"], distribution = "lognormal", sigma = 0.7 }
refuse_lpm = { value = 0.02, range = [0.01, 0.2], distribution = "triangular" }
suppress_critical = "9 /h"
[population]
wrist_mean = { value = "33 degC", distribution = "normal", sd = "0.5 K" }
`,
	} {
		text = strings.Replace(text, "3 month", "90 day", 1)
		s, err := Parse(name+".toml", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var b strings.Builder
		if err := s.Write(&b); err != nil {
			t.Fatal(err)
		}
		again, err := Parse("again.toml", []byte(b.String()))
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, &b)
			continue
		}
		if again.Digest() != s.Digest() || again.Name != s.Name {
			t.Errorf("%s: another scenario is read:\n%s", name, &b)
		}
		if len(again.Overrides()) != len(s.Overrides()) {
			t.Fatalf("%s: %d overrides became %d", name, len(s.Overrides()), len(again.Overrides()))
		}
		for _, p := range s.Overrides() {
			q := again.find(p.Key)
			if !reflect.DeepEqual(q.Law, p.Law) {
				t.Errorf("%s: %s had the law %+v and has %+v", name, p.Key, p.Law, q.Law)
			}
			if q.Source != p.Source || q.Evidence != p.Evidence || q.HasRange != p.HasRange ||
				q.Range != p.Range || q.Unit != p.Unit {
				t.Errorf("%s: %s was %+v and is %+v", name, p.Key, p, q)
			}
		}
		for i, x := range s.Sessions {
			y := again.Sessions[i]
			if x.Workload != y.Workload || x.Frontmost != y.Frontmost || x.Name != y.Name {
				t.Errorf("%s: %s has other words", name, x.ID)
			}
		}
		if !reflect.DeepEqual(again.Timer, s.Timer) || again.Window != s.Window {
			t.Errorf("%s: the timer was %+v and is %+v, the windows %+v and %+v", name, s.Timer, again.Timer,
				s.Window, again.Window)
		}
		for i, x := range s.Environments {
			if x.From != again.Environments[i].From {
				t.Errorf("%s: %s comes from elsewhere", name, x.ID)
			}
		}
		for i, x := range s.Devices {
			if x.Name != again.Devices[i].Name {
				t.Errorf("%s: %s has another name", name, x.ID)
			}
		}
	}
}
