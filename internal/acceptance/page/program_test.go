package page

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "take the picture of the report anew")

// root is the directory of the program's module.
var root = filepath.Join("..", "..", "..")

// temporary is a directory for what several tests use, until the last of them has ended.
var temporary string

func TestMain(m *testing.M) {
	flag.Parse()
	code, err := withProgram(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// withProgram builds the program and runs the tests.
func withProgram(m *testing.M) (code int, err error) {
	if temporary, err = os.MkdirTemp("", "budget-page-"); err != nil {
		return 0, err
	}
	defer os.RemoveAll(temporary)
	build := exec.Command("go", "build", "-o", program(), "./cmd/budget")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%w\n%s", err, out)
	}
	// The user's defaults of flags are not those of the tests.
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "BUDGET_") {
			os.Unsetenv(name)
		}
	}
	os.Setenv("BUDGET_CONFIG", os.DevNull)
	return m.Run(), nil
}

// program is the path of the program, which Windows runs under this name only.
func program() string { return filepath.Join(temporary, "budget.exe") }

// The program's exit codes that the tests look at.
const (
	exitDone      = 0
	exitImprecise = 6
)

// invoke runs the program.
func invoke(args ...string) (code int, stdout, stderr string) {
	cmd := exec.Command(program(), args...)
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		return -1, "", err.Error()
	}
	return cmd.ProcessState.ExitCode(), out.String(), problems.String()
}

// reported makes a report of a directory and returns its file.
func reported(t *testing.T, dir string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	if code, _, stderr := invoke("report", dir, "-o", file); code != exitDone {
		t.Fatal(stderr)
	}
	return file
}

// reportDirectory is a small run to report, with caps by the start. All tests share it and
// change nothing in it.
func reportDirectory(t *testing.T) string {
	t.Helper()
	dir, err := smallRun()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// smallRun makes what reportDirectory returns.
var smallRun = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(temporary, "report")
	for _, command := range [][]string{
		{"caps", "--no-uncertainty", "--session", "mindfulness,workout", "--paths", "4096"},
		{"export", "--session", "mindfulness", "--paths", "64"},
		{"uncertainty", "--session", "mindfulness", "--sets", "4", "--plants", "2", "--paths", "512"},
		{"sensitivity", "--session", "mindfulness", "--vary", "policy.suppress_l*",
			"--base", "8", "--sets", "2", "--paths", "512", "--index-paths", "128"},
	} {
		// So few paths find every cap of the first command alone.
		code, _, stderr := invoke(append(command, "-o", dir, "--quiet")...)
		if code != exitDone && (code != exitImprecise || command[0] == "caps") {
			return "", errors.New(stderr)
		}
	}
	return dir, nil
})
