package repo

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestModulesAreNamedWithReasons checks that the tables of CONTRIBUTING.md list the modules that
// this one needs directly, and those of the module of tests, each with a reason, and no others.
func TestModulesAreNamedWithReasons(t *testing.T) {
	t.Parallel()
	page := read(t, "CONTRIBUTING.md")
	for head, dir := range map[string]string{
		"| module | what for |\n|---|---|\n":          ".",
		"| module of tests | what for |\n|---|---|\n": "internal/acceptance",
	} {
		_, table, ok := strings.Cut(page, head)
		if !ok {
			t.Fatalf("CONTRIBUTING.md has no table with the head %q", head)
		}
		table, _, _ = strings.Cut(table, "\n\n")
		for _, problem := range differences(needed(t, dir), table) {
			t.Errorf("%s: %s", filepath.Join(dir, "go.mod"), problem)
		}
	}
}

// needed returns the paths of the other modules that a module requires directly.
func needed(t *testing.T, dir string) (paths []string) {
	t.Helper()
	cmd := exec.Command("go", "mod", "edit", "-json")
	cmd.Dir = filepath.Join(root, dir)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go mod edit -json in %s: %v", dir, err)
	}
	var file struct {
		Require []struct {
			Path     string
			Indirect bool
		}
	}
	if err := json.Unmarshal(out, &file); err != nil {
		t.Fatal(err)
	}
	for _, r := range file.Require {
		if !r.Indirect && r.Path != "budget" {
			paths = append(paths, r.Path)
		}
	}
	return paths
}

// moduleRow is a row of a table of modules: the path, and the reason.
var moduleRow = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (.*) \\|$")

// differences lists what is wrong with a table of modules.
func differences(needed []string, table string) (problems []string) {
	var named []string
	for _, row := range moduleRow.FindAllStringSubmatch(table, -1) {
		named = append(named, row[1])
		if len(strings.Fields(row[2])) < 4 {
			problems = append(problems, "CONTRIBUTING.md says too little of "+row[1])
		}
		if !slices.Contains(needed, row[1]) {
			problems = append(problems, "CONTRIBUTING.md names "+row[1]+", which is not needed")
		}
	}
	for _, path := range needed {
		if !slices.Contains(named, path) {
			problems = append(problems, "CONTRIBUTING.md does not say what "+path+" is for")
		}
	}
	return problems
}

// TestModulesWithoutReasonsAreFound checks that TestModulesAreNamedWithReasons can fail.
func TestModulesWithoutReasonsAreFound(t *testing.T) {
	t.Parallel()
	got := differences([]string{"a.b/c", "a.b/d"}, "| `a.b/c` | for c |\n"+
		"| `a.b/e` | it does four things well |\n")
	want := []string{"CONTRIBUTING.md says too little of a.b/c",
		"CONTRIBUTING.md names a.b/e, which is not needed",
		"CONTRIBUTING.md does not say what a.b/d is for"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
