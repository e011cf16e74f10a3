package report

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"budget/sweep"
	"budget/sweep/store"
)

// TestRepeatingSurvivesTheShell: a shell gives back the settings as they were typed.
func TestRepeatingSurvivesTheShell(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Fatalf("a test of shell words needs one: %v", err)
	}
	settings := []string{"policy.suppress_low=0.3 /h", `policy.levels=["36 degC", "40 degC"]`,
		"policy.cpu_limit='0.3'", `session.audio.name=$HOME \n "it's" ` + "`date` !! *", "a=b#c;d&e|f",
		"device.x.name=Größe 46 mm", "x.y={ value = 1, range = [1, 2] }"}
	r := &store.Results{Provenance: sweep.Provenance{Set: settings, Workload: "my load",
		Overrides: []sweep.Override{{Key: "grid.step", Value: "2.5 s", Place: "--step"}}}}
	r.Provenance.MaxPaths = 1
	line := repeating(r)
	out, err := exec.Command(shell, "-c", `budget() { for x; do printf '%s\0' "$x"; done; }; `+
		line).Output()
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	words := strings.Split(string(out), "\x00")
	var got []string
	for i, word := range words {
		if word == "--set" {
			got = append(got, words[i+1])
		}
	}
	if !slices.Equal(got, settings) {
		t.Errorf("%s\ngives\n%q\nwant\n%q", line, got, settings)
	}
	for flag, want := range map[string]string{"--workload": "my load", "--step": "2.5 s"} {
		if i := slices.Index(words, flag); i < 0 || words[i+1] != want {
			t.Errorf("%s has no %s %q", line, flag, want)
		}
	}
}
