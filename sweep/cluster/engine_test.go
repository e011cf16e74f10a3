//go:build linux

package cluster

import (
	"bytes"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// An engine is a real cluster engine for a test. Its nodes are daemons on this
// machine.
type engine struct {
	*testing.T
	dir     string // for all its files
	daemons []*exec.Cmd
	// variables are in the environment of all processes started here and of most
	// of their children.
	variables []string
}

// ofNode is the variable of a node's daemons.
const ofNode = "BUDGET_TEST_NODE="

func newEngine(t *testing.T) *engine {
	t.Helper()
	// Not t.TempDir, whose path may be too long for a socket.
	dir, err := os.MkdirTemp("", "budget")
	if err != nil {
		t.Fatal(err)
	}
	return &engine{T: t, dir: dir, variables: []string{"BUDGET_TEST_ENGINE=" + dir}}
}

// at returns the path of one of the engine's files.
func (e *engine) at(name ...string) string {
	return filepath.Join(append([]string{e.dir}, name...)...)
}

func (e *engine) write(name, text string, mode fs.FileMode) {
	e.Helper()
	if err := os.MkdirAll(filepath.Dir(e.at(name)), 0o755); err != nil {
		e.Fatal(err)
	}
	if err := os.WriteFile(e.at(name), []byte(text), mode); err != nil {
		e.Fatal(err)
	}
}

// command returns a command that finds the engine.
func (e *engine) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), e.variables...)
	return cmd
}

func (e *engine) output(name string, args ...string) string {
	e.Helper()
	out, err := e.command(name, args...).CombinedOutput()
	if err != nil {
		e.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// daemon starts a daemon of a node or, without a node, of the whole engine.
func (e *engine) daemon(node, name string, args ...string) {
	e.Helper()
	cmd := e.command(name, args...)
	cmd.Env = append(cmd.Env, ofNode+node)
	log, err := os.Create(e.at(filepath.Base(name) + node + ".out"))
	if err != nil {
		e.Fatal(err)
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		e.Fatal(err)
	}
	e.daemons = append(e.daemons, cmd)
}

// await waits until a condition is true.
func (e *engine) await(what string, limit time.Duration, is func() bool) {
	e.Helper()
	for deadline := time.Now().Add(limit); !is(); time.Sleep(200 * time.Millisecond) {
		if time.Now().After(deadline) {
			e.Fatalf("waited %v for %s", limit, what)
		}
	}
}

// stop ends all processes started here and their descendants.
func (e *engine) stop() {
	killAll(e.processes()...)
	for _, d := range e.daemons {
		d.Wait()
	}
	if e.Failed() {
		e.Logf("what the daemons say is in %s", e.dir)
		return
	}
	if err := os.RemoveAll(e.dir); err != nil {
		e.Error(err)
	}
}

// processes returns the engine's processes with the given variables and their
// descendants, in the order of their start.
func (e *engine) processes(variables ...string) []int {
	variables = append(variables, e.variables[0])
	var found []int
	names, parents, children := map[int]string{}, map[int]int{}, map[int][]int{}
	paths, _ := filepath.Glob("/proc/[0-9]*")
	for _, path := range paths {
		pid, _ := strconv.Atoi(filepath.Base(path))
		// What cannot be read has ended, or is somebody else's.
		stat, err := os.ReadFile(path + "/stat")
		if err != nil {
			continue
		}
		// PID (NAME) STATE PARENT …, and a name may have spaces and brackets.
		open, end := bytes.IndexByte(stat, '('), bytes.LastIndexByte(stat, ')')
		parent, _ := strconv.Atoi(strings.Fields(string(stat[end+1:]))[1])
		names[pid], parents[pid], children[parent] = string(stat[open+1:end]), parent,
			append(children[parent], pid)
		environment, err := os.ReadFile(path + "/environ")
		if err == nil && !slices.ContainsFunc(variables, func(v string) bool {
			return !strings.Contains("\x00"+string(environment), "\x00"+v+"\x00")
		}) {
			found = append(found, pid)
		}
	}
	for _, pid := range found {
		// This puts its name over its variables, and is known by what it has started.
		if parent := parents[pid]; names[parent] == "slurmstepd" {
			found = append(found, parent)
		}
	}
	for i := 0; i < len(found); i++ {
		for _, child := range children[found[i]] {
			if !slices.Contains(found, child) {
				found = append(found, child)
			}
		}
	}
	slices.Sort(found)
	return found
}

// worker returns the process of budget that computes a shard, on a node if one is
// named, or 0. variable is the environment variable with the index.
func (e *engine) worker(variable string, shard int, node ...string) int {
	for _, pid := range e.processes(node...) {
		name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
		if err != nil || string(name) != "budget\n" {
			continue
		}
		environment, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
		if err == nil && strings.Contains("\x00"+string(environment), fmt.Sprintf("\x00%s=%d\x00",
			variable, shard)) {
			return pid
		}
	}
	return 0
}

// killAll kills processes like a power loss. Those started first go first, so that
// no daemon can report the end of the others.
func killAll(pids ...int) {
	for _, pid := range slices.Sorted(slices.Values(pids)) {
		if p, err := os.FindProcess(pid); err == nil {
			p.Kill()
		}
	}
}

// freePort returns an unused port.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// build builds a static program, so that it also runs in a container.
func (e *engine) build(name, module, pkg string) {
	e.Helper()
	build := exec.Command("go", "build", "-buildvcs=false", "-o", e.at(name), pkg)
	build.Dir = module
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		e.Fatalf("go build %s: %v\n%s", pkg, err, out)
	}
}

// slowly are arguments that make a shard of testdata/plan.toml take several seconds
// on any machine, so that there is time to kill it.
var slowly = []string{"--kernel", "portable", "--workers", "1"}

// tables returns the files of a directory of results, without the journal, whose order
// depends on the run, and without the files of shards.
func tables(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{"parts", "slurm", "kubernetes"}, path):
			return fs.SkipDir
		case entry.IsDir(), path == "journal", path == "journal.paths", path == "lock":
			return nil
		}
		text, err := os.ReadFile(filepath.Join(dir, path))
		found[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// compareTables checks that a sweep in shards gives the same tables as one on a
// single machine.
func compareTables(t *testing.T, shared, alone string) {
	t.Helper()
	got, want := tables(t, shared), tables(t, alone)
	for path := range want {
		if got[path] != want[path] {
			t.Errorf("%s in %s is not the one in %s, of a single machine", path, shared, alone)
		}
	}
	if len(got) != len(want) || len(want) == 0 {
		t.Errorf("%d tables, want %d", len(got), len(want))
	}
}

// stopwatch returns a function that logs a step with the time since the start.
func stopwatch(t *testing.T) func(what string) {
	start := time.Now()
	return func(what string) { t.Logf("%5.1f s: %s", time.Since(start).Seconds(), what) }
}
