package inputs

import (
	"strings"
	"testing"

	"budget/model"
)

// TestSettingsAreReadAsLinesOfAFile: what a shell passes gives what a file with the quotes
// gives.
func TestSettingsAreReadAsLinesOfAFile(t *testing.T) {
	t.Parallel()
	for text, line := range map[string]string{
		"policy.suppress_low=0.3 /h":                `policy.suppress_low = "0.3 /h"`,
		"policy.suppress_low='0.3 /h'":              `policy.suppress_low = "0.3 /h"`,
		"policy.cpu_limit = 0.3":                    `policy.cpu_limit = 0.3`,
		"policy.cpu_limit=30 %":                     `policy.cpu_limit = "30 %"`,
		"policy.levels=[36 degC, 40 degC, 44 degC]": `policy.levels = ["36 degC", "40 degC", "44 degC"]`,
		"battery.ocv_soc=[0, 0.5, 1]":               "",
		"policy.suppress_low=":                      "",
		"timer.phases=":                             "[timer]\nphases = \"\"",
		"session.audio.frontmost=true":              "[[session]]\nid = \"audio\"\nfrontmost = true",
		"session.audio.workload=workout":            "[[session]]\nid = \"audio\"\nworkload = \"workout\"",
		"device.x.like=s9-41":                       "[[device]]\nid = \"x\"\nlike = \"s9-41\"",
		"workload.x.new=true":                       "[workload.x]\nnew = true",
		"environment.shade.ambient_mean=-8 degC":    "[[environment]]\nid = \"shade\"\nambient_mean = \"-8 degC\"",
		"policy.suppress_low={ value = '0.3 /h', range = ['0.1 /h', '1 /h'] }": `policy.suppress_low = { ` +
			`value = "0.3 /h", range = ["0.1 /h", "1 /h"] }`,
	} {
		typed, err := checkSetting(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		x := Settings{Set: []string{"policy.cpu_limit=0.99", typed}}
		if !strings.HasPrefix(typed, "policy.cpu_limit") {
			x.Set = []string{typed}
		}
		got, err := x.Over(model.Default())
		if line == "" {
			if err == nil {
				t.Errorf("%s is accepted", text)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		want, err := model.Parse("plan.toml", []byte(line))
		if err != nil {
			t.Fatal(err)
		}
		if got.Digest() != want.Digest() {
			t.Errorf("%s is not what %s is", text, line)
		}
		for _, p := range got.Overrides() {
			if p.Place != "--set" {
				t.Errorf("%s: %s is set at %s", text, p.Key, p.Place)
			}
		}
	}
	for _, text := range []string{"", "=", "=1", "policy.cpu_limit"} {
		if _, err := checkSetting(text); err == nil {
			t.Errorf("%q is a setting", text)
		}
	}
}

// TestWorkloadOfChosenSessions: the others keep theirs, and a short step no horizon fits in is
// no obstacle.
func TestWorkloadOfChosenSessions(t *testing.T) {
	t.Parallel()
	base := model.Default()
	if err := base.SetStep(0.1, "--step"); err != nil {
		t.Fatal(err)
	}
	x := Settings{Workload: "dive"}
	s, err := x.With(base, []string{"audio"})
	if err != nil {
		t.Fatal(err)
	}
	if s.Session("audio").Workload != "dive" || s.Session("workout").Workload != "workout" ||
		base.Session("audio").Workload != "audio" {
		t.Error("the workload is not that of the chosen session type alone")
	}
	x.Workload = "dvie"
	_, err = x.With(base, nil)
	if err == nil || !strings.Contains(err.Error(), "did you mean dive?") {
		t.Errorf("an unknown workload: %v", err)
	}
}
