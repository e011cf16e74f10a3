package repo

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// node lists what a package may import besides the standard library.
type node struct {
	own    []string // packages of this module
	others []string // other modules, by path or part of it
	// shell allows flags, the clock, processes and signals. All other packages are pure functions
	// of their arguments.
	shell bool
}

// table lists the allowed imports. It is the design: to change it, first change it here and give
// the reason in the commit.
var table = map[string]node{
	"budget/model": {[]string{"budget/internal/escape", "budget/model/document"},
		[]string{"gonum.org/v1/gonum", "github.com/pelletier/go-toml/v2"}, false},
	"budget/model/document": {[]string{"budget/internal/escape"},
		[]string{"github.com/pelletier/go-toml/v2"}, false},
	"budget/solver/random": {nil, []string{"gonum.org/v1/gonum"}, false},
	"budget/solver/estimate": {[]string{"budget/internal/parallel"}, []string{"gonum.org/v1/gonum"},
		false},
	"budget/solver/ranking": {[]string{"budget/solver/estimate"}, nil, false},
	"budget/solver/plant": {[]string{"budget/model", "budget/solver/random"},
		nil, false},
	"budget/solver/histories": {[]string{"budget/model", "budget/solver/plant"}, nil, false},
	"budget/solver/incidence": {[]string{"budget/model", "budget/solver/random",
		"budget/solver/plant", "budget/solver/histories", "budget/solver/estimate"}, nil, false},
	"budget/solver": {[]string{"budget/model", "budget/solver/plant", "budget/solver/histories",
		"budget/solver/incidence", "budget/solver/estimate", "budget/internal/parallel"}, nil, false},
	"budget/sweep": {[]string{"budget/model", "budget/solver",
		"budget/solver/estimate"}, nil, false},
	"budget/sweep/table": {[]string{"budget/internal/escape", "budget/internal/finite",
		"budget/internal/parquet", "budget/model", "budget/solver", "budget/solver/estimate",
		"budget/sweep"}, nil, false},
	"budget/sweep/plan": {[]string{"budget/internal/escape", "budget/model", "budget/model/document",
		"budget/internal/parallel", "budget/solver", "budget/solver/random", "budget/sweep",
		"budget/sweep/table"}, nil, false},
	"budget/sweep/store": {[]string{"budget/model", "budget/internal/disk", "budget/internal/finite",
		"budget/internal/parallel", "budget/solver", "budget/solver/estimate", "budget/sweep",
		"budget/sweep/table", "budget/sweep/plan"},
		[]string{"github.com/gofrs/flock", "github.com/klauspost/compress"}, false},
	"budget/sweep/compare": {[]string{"budget/model", "budget/solver",
		"budget/solver/estimate", "budget/sweep", "budget/sweep/plan", "budget/sweep/store"},
		[]string{"gonum.org/v1/gonum"}, false},
	"budget/sweep/uncertainty": {[]string{"budget/internal/finite",
		"budget/model", "budget/internal/parallel",
		"budget/solver", "budget/solver/estimate", "budget/solver/random", "budget/sweep",
		"budget/sweep/compare"}, nil, false},
	"budget/sweep/optimize": {[]string{"budget/model", "budget/model/document",
		"budget/internal/parallel", "budget/solver", "budget/solver/estimate", "budget/solver/ranking",
		"budget/sweep", "budget/sweep/compare", "budget/sweep/plan",
		"budget/sweep/uncertainty"}, nil, false},
	"budget/sweep/starts": {[]string{"budget/internal/escape", "budget/internal/finite",
		"budget/model", "budget/solver",
		"budget/solver/estimate", "budget/sweep", "budget/sweep/table"}, nil, false},
	"budget/sweep/cluster": {nil, nil, false},
	"budget/sweep/live": {[]string{"budget/model", "budget/solver", "budget/sweep",
		"budget/sweep/uncertainty"}, nil, false},
	"budget/sweep/sessionlog": {[]string{"budget/internal/escape", "budget/model",
		"budget/model/document", "budget/internal/parallel", "budget/internal/parquet",
		"budget/sweep/stamp"}, nil, false},
	"budget/sweep/field": {[]string{"budget/internal/escape", "budget/internal/parallel",
		"budget/model", "budget/model/document", "budget/solver", "budget/solver/random",
		"budget/solver/estimate",
		"budget/sweep/measure", "budget/sweep/sessionlog"}, nil, false},
	"budget/sweep/study": {[]string{"budget/model", "budget/internal/parallel", "budget/solver",
		"budget/solver/random", "budget/solver/estimate", "budget/sweep", "budget/sweep/field",
		"budget/sweep/uncertainty"}, []string{"gonum.org/v1/gonum"}, false},
	"budget/sweep/measure": {[]string{"budget/internal/escape", "budget/model",
		"budget/model/document",
		"budget/solver/random", "budget/sweep/stamp"}, []string{"gonum.org/v1/gonum"}, false},
	"budget/sweep/stamp": {nil, nil, false},
	"budget/plots": {[]string{"budget/model", "budget/solver",
		"budget/solver/estimate", "budget/sweep", "budget/sweep/store", "budget/sweep/table",
		"budget/sweep/uncertainty",
		"budget/sweep/study", "budget/plots/figure", "budget/plots/selection",
		"budget/internal/notation", "budget/internal/parallel"}, []string{"gonum.org/v1/plot"}, false},
	"budget/plots/planning": {[]string{"budget/internal/notation", "budget/plots",
		"budget/plots/figure", "budget/plots/selection", "budget/sweep", "budget/sweep/compare",
		"budget/sweep/field", "budget/sweep/starts", "budget/sweep/store"},
		[]string{"gonum.org/v1/plot"}, false},
	"budget/plots/choices": {[]string{"budget/plots", "budget/plots/figure", "budget/plots/selection",
		"budget/sweep/store", "budget/sweep/table", "budget/internal/notation"},
		[]string{"gonum.org/v1/plot"}, false},
	"budget/plots/selection": {[]string{"budget/sweep", "budget/sweep/store",
		"budget/internal/notation"}, nil, false},
	"budget/plots/figure": {[]string{"budget/internal/escape", "budget/internal/notation"},
		[]string{"gonum.org/v1/plot", "codeberg.org/go-fonts/liberation", "golang.org/x/image"},
		false},
	"budget/plots/report": {[]string{"budget/internal/escape", "budget/internal/finite",
		"budget/model", "budget/solver",
		"budget/solver/estimate", "budget/sweep", "budget/sweep/store", "budget/sweep/uncertainty",
		"budget/sweep/starts", "budget/sweep/table", "budget/plots", "budget/plots/choices",
		"budget/plots/figure", "budget/plots/planning", "budget/plots/selection",
		"budget/internal/notation", "budget/internal/parallel"}, nil, false},
	"budget/plots/report/page": {[]string{"budget/internal/escape", "budget/plots/report"},
		[]string{"github.com/valyala/quicktemplate"}, false},
	// The page of budget serve paints what sweep/live answers.
	"budget/plots/live": {[]string{"budget/internal/escape", "budget/internal/notation",
		"budget/model", "budget/solver", "budget/solver/estimate", "budget/sweep",
		"budget/sweep/live"}, []string{"github.com/valyala/quicktemplate"}, false},
	"budget/internal/notation": {[]string{"budget/model", "budget/solver",
		"budget/solver/estimate", "budget/sweep"}, nil, false},
	"budget/internal/parallel": {nil, nil, false},
	"budget/internal/finite":   {[]string{"budget/internal/escape"}, nil, false},
	"budget/internal/escape":   {nil, nil, false},
	"budget/internal/parquet":  {nil, []string{"github.com/klauspost/compress"}, false},
	"budget/internal/disk": {[]string{"budget/internal/parallel"},
		[]string{"github.com/gofrs/flock"}, false},
	"budget/internal/damage":               {nil, []string{"github.com/klauspost/compress"}, true},
	"budget/cmd/budget":                    {append(commands, command.own...), command.others, true},
	"budget/cmd/budget/internal/caps":      command,
	"budget/cmd/budget/internal/fit":       command,
	"budget/cmd/budget/internal/measure":   command,
	"budget/cmd/budget/internal/optimize":  command,
	"budget/cmd/budget/internal/report":    command,
	"budget/cmd/budget/internal/serve":     command,
	"budget/cmd/budget/internal/sweeps":    command,
	"budget/cmd/budget/internal/timer":     command,
	"budget/cmd/budget/internal/uncertain": command,
	"budget/cmd/budget/internal/inputs":    command,
	"budget/cmd/budget/internal/cli": {[]string{"budget/model", "budget/model/document",
		"budget/internal/disk", "budget/internal/escape", "budget/internal/finite",
		"budget/plots", "budget/sweep/table", "budget/internal/notation", "budget/internal/parallel",
		"budget/cmd/budget/internal/completion", "budget/cmd/budget/internal/texttab"},
		[]string{"github.com/spf13/pflag", "golang.org/x/term"}, true},
	"budget/cmd/budget/internal/completion": {nil, []string{"github.com/valyala/quicktemplate"},
		false},
	"budget/cmd/budget/internal/texttab": {[]string{"budget/internal/escape"}, nil, false},
	"budget/cmd/budget/internal/sessioncaps": {[]string{"budget/internal/escape",
		"budget/internal/finite",
		"budget/internal/notation", "budget/sweep",
		"budget/sweep/table", "budget/sweep/starts"}, []string{"howett.net/plist",
		"github.com/valyala/quicktemplate"}, false},
	"budget/benchmarks":    {all, []string{"gonum.org/v1/gonum"}, true},
	"budget/internal/repo": {nil, nil, true},
}

// command is the rule for a package of commands. They do not import each other. Only cmd/budget
// and its internal packages use flags, files, the terminal, the clock and processes.
var command = node{append([]string{"budget/cmd/budget/internal/inputs",
	"budget/cmd/budget/internal/cli"}, all...),
	[]string{"github.com/spf13/pflag"}, true}

// commands lists the packages of commands.
var commands = []string{"budget/cmd/budget/internal/caps", "budget/cmd/budget/internal/fit",
	"budget/cmd/budget/internal/measure", "budget/cmd/budget/internal/optimize",
	"budget/cmd/budget/internal/report", "budget/cmd/budget/internal/serve",
	"budget/cmd/budget/internal/sweeps",
	"budget/cmd/budget/internal/timer",
	"budget/cmd/budget/internal/uncertain"}

// testOwn lists the packages of this module that a package's tests may import in addition.
var testOwn = map[string][]string{"budget/internal/notation": {"budget/model"},
	"budget/plots": {"budget/sweep/plan"}, "budget/plots/choices": {"budget/sweep"},
	"budget/plots/report/page": {"budget/internal/notation"},
	"budget/plots/planning":    {"budget/solver/estimate"},
	"budget/sweep/measure":     {"budget/solver"},
	"budget/sweep/study":       {"budget/sweep/sessionlog"},
	"budget/solver/ranking":    {"budget/internal/parallel"},
	"budget/sweep/optimize":    {"budget/sweep/store"}, // prices are those of comparisons
	// Files that are damaged as a reader may find them.
	"budget/sweep/store": {"budget/internal/damage", "budget/internal/parquet"},
	"budget/cmd/budget":  {"budget/internal/damage"},
	// Tables to read again.
	"budget/sweep/field": {"budget/sweep/table"}}

var all = []string{"budget/model", "budget/model/document", "budget/solver", "budget/solver/random",
	"budget/solver/plant", "budget/solver/incidence", "budget/solver/estimate",
	"budget/solver/ranking",
	"budget/sweep", "budget/sweep/table", "budget/sweep/plan", "budget/sweep/store",
	"budget/sweep/compare", "budget/sweep/optimize",
	"budget/sweep/uncertainty", "budget/sweep/starts", "budget/sweep/cluster",
	"budget/sweep/field", "budget/sweep/live", "budget/sweep/sessionlog", "budget/sweep/measure",
	"budget/sweep/study", "budget/plots", "budget/plots/choices", "budget/plots/figure",
	"budget/plots/planning",
	"budget/plots/live", "budget/plots/report", "budget/plots/report/page",
	"budget/plots/selection",
	"budget/internal/disk", "budget/internal/finite",
	"budget/internal/escape", "budget/internal/notation", "budget/internal/parallel",
	"budget/cmd/budget/internal/texttab", "budget/cmd/budget/internal/sessioncaps"}

// testModules lists the modules that any test may import. What needs others is in the module
// internal/acceptance.
var testModules = []string{"gonum.org/v1/gonum", "github.com/pelletier/go-toml/v2",
	"pgregory.net/rapid", "github.com/rogpeppe/go-internal/testscript",
	"github.com/valyala/quicktemplate/parser"}

// shellOnly lists the standard packages that only a shell may import. "time" is one; packages
// sweep and store may use it for durations.
var shellOnly = []string{"flag", "log", "log/slog", "math/rand", "math/rand/v2", "net", "os/exec",
	"os/signal", "syscall", "time"}

var shellExceptions = map[string]string{"budget/sweep": "time", "budget/sweep/store": "time"}

// targets are the systems whose source files are checked.
var targets = []string{"linux/amd64", "linux/arm64", "darwin/arm64", "windows/amd64"}

type listed struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
	Module                             *struct{ Main bool }
}

// list returns the module's packages with their imports on a system.
func list(t *testing.T, target string) []listed {
	t.Helper()
	system, architecture, _ := strings.Cut(target, "/")
	cmd := exec.Command("go", "list", "-deps",
		"-json=ImportPath,Imports,TestImports,XTestImports,Module", "./...")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH="+architecture)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list for %s: %v\n%s", target, err, &stderr)
	}
	var packages []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		if p.Module != nil && p.Module.Main {
			packages = append(packages, p)
		}
	}
}

func TestImportsAreThoseOfTheTable(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, target := range targets {
		for _, p := range list(t, target) {
			seen[p.ImportPath] = true
			allowed, ok := table[p.ImportPath]
			if !ok {
				t.Errorf("package %s is not in the table of imports_test.go", p.ImportPath)
				continue
			}
			for _, path := range p.Imports {
				if reason := allowed.refuse(p.ImportPath, path); reason != "" {
					t.Errorf("%s: %s imports %s: %s", target, p.ImportPath, path, reason)
				}
			}
			// Tests may use more modules, but no more packages of this module.
			allowed.others, allowed.shell = append(slices.Clone(allowed.others), testModules...), true
			allowed.own = append(slices.Clone(allowed.own), testOwn[p.ImportPath]...)
			for _, path := range append(p.TestImports, p.XTestImports...) {
				if reason := allowed.refuse(p.ImportPath, path); path != p.ImportPath && reason != "" {
					t.Errorf("%s: a test of %s imports %s: %s", target, p.ImportPath, path, reason)
				}
			}
		}
	}
	for path := range table {
		if !seen[path] {
			t.Errorf("the table of imports_test.go has %s, which does not exist", path)
		}
	}
}

// refuse returns why a package may not import a path, or "" if it may.
func (n node) refuse(from, path string) string {
	first, _, _ := strings.Cut(path, "/")
	switch {
	case first == "budget":
		if !slices.Contains(n.own, path) {
			return "no such edge in the table"
		}
	case strings.Contains(first, "."):
		if !slices.ContainsFunc(n.others,
			func(m string) bool { return path == m || strings.HasPrefix(path, m+"/") }) {
			return "the table does not give it that module"
		}
	case !n.shell && shellExceptions[from] != path:
		if slices.Contains(shellOnly, path) || strings.HasPrefix(path, "net/") {
			return "flags, clock, processes and common random numbers are for cmd/budget alone"
		}
	}
	return ""
}

// TestTheTableRefuses checks that the import test can fail.
func TestTheTableRefuses(t *testing.T) {
	t.Parallel()
	for _, edge := range []struct {
		from, path string
		refused    bool
	}{
		{"budget/model", "budget/solver", true},
		{"budget/model", "gonum.org/v1/gonum/mat", false},
		{"budget/model", "gonum.org/v1/plot", true},
		{"budget/model", "gonum.org/v1/gonumother", true},
		{"budget/model", "os", false},
		{"budget/solver", "time", true},
		{"budget/solver", "math/rand/v2", true},
		{"budget/solver", "budget/model", false},
		{"budget/sweep", "time", false},
		{"budget/sweep", "net/http", true},
		{"budget/sweep", "budget/plots", true},
		{"budget/solver/estimate", "budget/model", true},
		{"budget/cmd/budget", "time", false},
		{"budget/cmd/budget", "github.com/spf13/cobra", true},
	} {
		if got := table[edge.from].refuse(edge.from, edge.path); (got != "") != edge.refused {
			t.Errorf("%s imports %s: got %q, want refused %v", edge.from, edge.path, got, edge.refused)
		}
	}
}
