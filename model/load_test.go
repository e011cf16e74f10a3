package model

import (
	"fmt"
	"strings"
	"testing"

	"budget/model/document"
)

// settingsOf returns the settings in a file with quoted keys.
func settingsOf(t *testing.T, text string) []Setting {
	t.Helper()
	root, err := document.Parse("plan.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var settings []Setting
	for _, e := range root.Entries {
		settings = append(settings, Setting{e.Key, e.At, e.Value})
	}
	return settings
}

// TestSettings: settings give the same scenario as a file with the same values, and do not
// change the scenario that they override.
func TestSettings(t *testing.T) {
	base := Default()
	before := base.Digest()
	set, err := base.With("plan.toml", settingsOf(t, `
"policy.suppress_serious" = "3 /h"
"policy.levels" = ["36 degC", "38 degC", "41 degC"]
"environment.shade.ambient_mean" = "-8 degC"
"environment.shade.airflow" = "walking"
"environment.sun.ambient_sd" = "1 K"
"session.mindfulness.limit" = "30 min"
"session.mindfulness.start_level_alpha" = 3
"device.se2-40.capacity" = "300 mAh"
"workload.seated.cpu" = [0.1, 0.2, 0.3, 0.4]
"thermal.build.large.area_scale" = 0.9
"thermal.fit.snug.r_kw" = { value = "13 K/W", evidence = "assumed" }
`))
	if err != nil {
		t.Fatal(err)
	}
	written, err := Parse("plan.toml", []byte(`
policy = { suppress_serious = "3 /h", levels = ["36 degC", "38 degC", "41 degC"] }
thermal.build.large.area_scale = 0.9
[[environment]]
id = "shade"
ambient_mean = "-8 degC"
airflow = "walking"
[[environment]]
id = "sun"
ambient_sd = "1 K"
[[session]]
id = "mindfulness"
limit = "30 min"
start_level_alpha = 3
[[device]]
id = "se2-40"
capacity = "300 mAh"
[workload.seated]
cpu = [0.1, 0.2, 0.3, 0.4]
[[thermal.fit]]
id = "snug"
r_kw = "13 K/W"
`))
	if err != nil {
		t.Fatal(err)
	}
	if base.Digest() != before {
		t.Error("the scenario below has changed")
	}
	if set.Digest() != written.Digest() || set.Digest() == before {
		t.Error("the settings do not give what a file with them gives")
	}
}

// TestSettingsComplain: problems with a setting are reported at its place.
func TestSettingsComplain(t *testing.T) {
	for text, want := range map[string]string{
		`"policy.supress_serious" = "3 /h"`:          `plan.toml:1:1: policy.supress_serious: unknown key: did you mean "suppress_serious"?`,
		`"environment.shde.ambient_mean" = "3 degC"`: `plan.toml:1:1: environment.id: unknown id "shde": did you mean "shade"?`,
		`"environment.shade.ambient_mean" = "3 K"`:   `plan.toml:1:36: environment.shade.ambient_mean: "3 K" is a temperature difference: expected a temperature, such as "-8 degC"`,
		`"environment.shade" = "3 K"`:                `plan.toml:1:1: environment: expected an array`,
		`"grid.step" = "7 s"`:                        `plan.toml:1:1: grid.step: grid.margin (5 s) is no multiple of grid.step (7 s)`,
	} {
		_, err := Default().With("plan.toml", settingsOf(t, text))
		if err == nil || !strings.HasPrefix(fmt.Sprint(err), want) {
			t.Errorf("%s:\ngot  %v\nwant %s", text, err, want)
		}
	}
}
