package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"budget/cmd/budget/internal/cli"
	"budget/model"
	"budget/solver"
)

func TestMain(m *testing.M) {
	testscript.Main(withShared{m}, map[string]func(){"budget": main})
}

// shared is a directory for what several tests use, until the last of them has ended.
var shared string

type withShared struct{ *testing.M }

func (m withShared) Run() int {
	clearEnvironment()
	dir, err := os.MkdirTemp("", "budget-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	shared = dir
	// Collecting garbage as early as main does takes a tenth of the time of a short command.
	os.Setenv("GOGC", "400")
	debug.SetGCPercent(400)
	return m.M.Run()
}

// clearEnvironment takes away the defaults of flags that the user's environment has.
func clearEnvironment() {
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "BUDGET_") {
			os.Unsetenv(name)
		}
	}
	os.Setenv("BUDGET_CONFIG", os.DevNull)
}

// TestScripts runs the scripts of testdata/script against the program as its
// users get it.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "script"),
		UpdateScripts: *update,
		Condition: func(name string) (bool, error) {
			if name == "root" { // whom permissions do not stop
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code":   wantCode,
			"ranged": copyRanged,
		},
	})
}

// wantCode implements "code N command…": the command ends with exit code N.
func wantCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N command [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// copyRanged implements "ranged DIR": a copy of the directory of rangedRun.
func copyRanged(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: ranged directory")
	}
	dir, err := rangedRun()
	ts.Check(err)
	ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS(dir)))
}

// TestWorkers checks that the number of workers changes not one byte of the
// answer and of the files.
func TestWorkers(t *testing.T) {
	t.Parallel()
	outputs := map[string]string{}
	files := map[string]map[string][]byte{}
	for _, workers := range []string{"1", "7"} {
		dir := t.TempDir()
		code, stdout, stderr := invoke("caps", "--no-uncertainty", "--session", "self-care",
			"--device", "fleet,s9-41", "--paths", "3000", "--tolerance", "5 %",
			"--workers", workers, "-o", dir)
		if code != cli.ExitDone || stderr != "" {
			t.Fatalf("--workers %s: code %d, stderr %q", workers, code, stderr)
		}
		outputs[workers] = stdout
		files[workers] = map[string][]byte{}
		for _, name := range listing(t, dir) {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			files[workers][name] = data
		}
	}
	if outputs["1"] != outputs["7"] {
		t.Errorf("stdout differs:\n%s\n%s", outputs["1"], outputs["7"])
	}
	if len(files["1"]) != 16 || len(files["7"]) != 16 {
		t.Fatalf("got %d and %d files, want 16: 7 tables and 3 charts in 3 forms",
			len(files["1"]), len(files["7"]))
	}
	for name, data := range files["1"] {
		if !bytes.Equal(data, files["7"][name]) {
			t.Errorf("%s differs between 1 and 7 workers", name)
		}
	}
}

// endless are arguments of a run that only an interrupt ends in good time.
func endless(dir string) []string {
	return []string{"caps", "--no-uncertainty", "--session", "mindfulness,workout", "--paths", "2e9",
		"--tolerance", "5 %", "-o", dir}
}

func TestInterrupt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := NewWorld(endless(dir)...)
	w.ErrWidth = 100
	done := make(chan int)
	go func() { done <- run(&w.System) }()
	// The progress line tells when there are paths to use.
	for !strings.Contains(w.stderr.String(), "paths/s") {
		time.Sleep(10 * time.Millisecond)
	}
	w.interrupts <- os.Interrupt
	if code := <-done; code != cli.ExitInterrupted {
		t.Errorf("code %d, want %d", code, cli.ExitInterrupted)
	}
	if out := w.stdout.String(); !strings.Contains(out, "Mindfulness:") ||
		!strings.Contains(out, "5 %") {
		t.Errorf("the table is missing:\n%s", out)
	}
	stderr := w.stderr.String()
	if !strings.Contains(stderr,
		"interrupted: the answer uses the paths done so far; not reached: Workout") {
		t.Errorf("stderr does not say what was reached:\n%s", stderr)
	}
	caps, err := os.ReadFile(filepath.Join(dir, "caps.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Split(strings.TrimSpace(string(caps)), "\n"); len(lines) != 5 ||
		!strings.Contains(lines[4], "not-enough-samples,0,") {
		t.Errorf(
			"caps.csv should have a row for every cap that was asked for, the last without paths:\n%s", caps)
	}
	if p, err := os.ReadFile(filepath.Join(dir, "provenance.json")); err != nil ||
		!bytes.Contains(p, []byte(`"outcome": "interrupted"`)) {
		t.Errorf("provenance.json does not say that the run was interrupted (%v)", err)
	}
	// What there is can be shown, drawn and reported; each says what is missing.
	const missing = "The run ended early. Not simulated: Workout (HKWorkoutSession)."
	for _, args := range [][]string{{"caps", dir}, {"caps", dir, "--tolerance", "3 %"},
		{"caps", dir, "--offer", "20", "--reading", "documented"}, {"plot", dir, "-o", t.TempDir()},
		{"report", dir}, {"report", dir, "--format", "html"}} {
		code, stdout, stderr := invoke(args...)
		want := cli.ExitDone
		if args[0] == "caps" {
			want = cli.ExitImprecise
		}
		if code != want || !strings.Contains(stdout+stderr, missing) ||
			strings.Count(stdout, "Mindfulness") == 0 {
			t.Errorf("budget %v: code %d, want %d and %q; %s", args, code, want, missing, stderr)
		}
	}
}

func TestInterruptBeforeTheFirstPath(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"table", "csv", "json", "md"} {
		w := NewWorld(append(endless(t.TempDir()), "--format", format)...)
		w.interrupts <- os.Interrupt
		if code := run(&w.System); code != cli.ExitInterrupted {
			t.Errorf("--format %s: code %d, want %d; stderr %s", format, code, cli.ExitInterrupted,
				w.stderr.String())
		}
	}
}

// TestInterruptedExport: caps by what an app observes are all there, or none are.
func TestInterruptedExport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := NewWorld("export", "--paths", "262144", "-o", dir)
	w.interrupts <- os.Interrupt
	if code := run(&w.System); code != cli.ExitInterrupted || w.stdout.String() != "" ||
		!strings.Contains(w.stderr.String(), "interrupted: nothing is exported") {
		t.Errorf("code %d, want %d; stdout %q, stderr %q", code, cli.ExitInterrupted, w.stdout.String(),
			w.stderr.String())
	}
	if files := listing(t, dir); len(files) > 0 {
		t.Errorf("it has left %v", files)
	}
}

func TestSecondInterrupt(t *testing.T) {
	t.Parallel()
	w := NewWorld(endless(t.TempDir())...)
	w.interrupts <- os.Interrupt
	w.interrupts <- syscall.SIGTERM
	// The clock stops the program until the second interrupt is served, as if a
	// block took long.
	wait := sync.OnceFunc(func() {
		select {
		case code := <-w.exits:
			if code != cli.ExitInterrupted {
				t.Errorf("left with code %d, want %d", code, cli.ExitInterrupted)
			}
		case <-time.After(10 * time.Second):
			t.Error("the second interrupt did not leave at once")
		}
	})
	w.Now = func() time.Time { wait(); return time.Time{} }
	run(&w.System)
}

// writerFunc is a function to write with.
type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// TestSecondInterruptWhileWriting: whenever the program leaves, no temporary file
// stays.
func TestSecondInterruptWhileWriting(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := NewWorld("caps", "--no-uncertainty", "--session", "self-care", "--paths", "500",
		"--tolerance", "5 %", "-o", dir)
	left := make(chan []string, 1)
	w.Exit = func(int) {
		entries, _ := os.ReadDir(dir)
		var names []string
		for _, e := range entries {
			names = append(names, e.Name())
		}
		left <- names
	}
	writes := 0
	w.ThroughDisk = func(to io.Writer) io.Writer {
		return writerFunc(func(p []byte) (int, error) {
			if writes++; writes == 3 {
				if n := len(listing(t, dir)); n != 4 {
					t.Errorf("%d temporary files after 3 writes: expected 3 and their lock", n)
				}
				w.interrupts <- os.Interrupt
				w.interrupts <- os.Interrupt
				if names := <-left; len(names) > 0 {
					t.Errorf("files left: %v", names)
				}
			}
			return to.Write(p)
		})
	}
	run(&w.System)
	if writes < 3 {
		t.Fatalf("%d writes", writes)
	}
}

func TestCrash(t *testing.T) {
	t.Parallel()
	for _, debug := range []string{"", "1"} {
		w := NewWorld("caps", "--no-uncertainty", "--paths", "10")
		w.env["BUDGET_DEBUG"] = debug
		w.Now = func() time.Time { panic(fmt.Errorf("%T", w)) }
		if code := run(&w.System); code != cli.ExitInternal {
			t.Errorf("code %d, want %d", code, cli.ExitInternal)
		}
		stderr := w.stderr.String()
		if !strings.Contains(stderr, "internal error") || !strings.Contains(stderr, "report") {
			t.Errorf("stderr does not ask for a report: %s", stderr)
		}
		if detailed := strings.Contains(stderr, "*main.world"); detailed != (debug != "") {
			t.Errorf("BUDGET_DEBUG=%q: stderr:\n%s", debug, stderr)
		}
	}
}

func TestAnswerThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err    error
		code   int
		stderr string
	}{
		{syscall.ENOSPC, cli.ExitFile, "budget: cannot write the answer: no space left on device\n"},
		{&fs.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.EPIPE}, cli.ExitDone, ""},
	} {
		w := NewWorld("show", "parameters")
		w.System.Stdout = &failingWriter{to: &w.stdout, left: 100, err: test.err}
		if code := run(&w.System); code != test.code || w.stderr.String() != test.stderr {
			t.Errorf("%v: code %d and %q, want %d and %q", test.err, code, w.stderr.String(), test.code,
				test.stderr)
		}
	}

	// The loss does not hide what else there is to say, nor the other way round.
	w := NewWorld("caps", "--no-uncertainty", "--session", "self-care", "--paths", "1",
		"--tolerance", "1 %")
	w.System.Stdout = &failingWriter{to: &w.stdout, err: syscall.ENOSPC}
	code := run(&w.System)
	stderr := w.stderr.String()
	if code != cli.ExitFile || !strings.Contains(stderr, "budget: precision not reached") ||
		!strings.Contains(stderr, "budget: cannot write the answer: no space left on device\n") {
		t.Errorf("an imprecise answer that is lost: code %d and %q", code, stderr)
	}
}

// TestFullDisk fills the disk at ever later bytes: never a half file, never a
// temporary one, and the old files stay.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	for _, room := range []int{0, 1, 1000, 30_000, 300_000} {
		dir := t.TempDir()
		old := filepath.Join(dir, "caps.csv")
		if err := os.WriteFile(old, []byte("old"), 0o644); err != nil {
			t.Fatal(err)
		}
		w := NewWorld("caps", "--no-uncertainty", "--session", "self-care", "--paths", "500",
			"--tolerance", "5 %", "-o", dir)
		disk := &failingWriter{left: room, err: syscall.ENOSPC}
		w.ThroughDisk = func(to io.Writer) io.Writer { disk.to = to; return disk }
		if code := run(&w.System); code != cli.ExitFile {
			t.Errorf("room for %d bytes: code %d, want %d", room, code, cli.ExitFile)
		}
		if names := listing(t, dir); len(names) != 1 {
			t.Errorf("room for %d bytes: files left: %v", room, names)
		}
		if data, _ := os.ReadFile(old); string(data) != "old" {
			t.Errorf("room for %d bytes: the old file is gone", room)
		}
		if !strings.Contains(w.stderr.String(), "no space left on device") ||
			!strings.Contains(w.stdout.String(), "Self care") {
			t.Errorf("room for %d bytes: stdout %q, stderr %q", room, w.stdout.String(), w.stderr.String())
		}
	}
}

// TestTraceRow: what a path did not live to see is empty.
func TestTraceRow(t *testing.T) {
	t.Parallel()
	none := math.NaN()
	var p solver.TracePoint
	for cause := range p.Hazards {
		p.Hazards[cause] = none
	}
	p.Path, p.Time, p.Level, p.End = 1, 5, 0.5, model.PowerOff
	p.Voltage, p.Current, p.Power = none, none, none
	row := traceRow(p, true)
	want := "1,5,0,false,0.5,0,,,,0,0,0,0,0,0,false,nominal,false,quiet,0,,,,,,,power-off"
	if got := strings.Join(row, ","); got != want || len(row) != len(traceHeader()) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestColour(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		width  int
		env    map[string]string
		colour bool
	}{
		{0, nil, false},
		{100, nil, true},
		{100, map[string]string{"NO_COLOR": "1"}, false},
		{100, map[string]string{"TERM": "dumb"}, false},
	} {
		w := NewWorld("show", "sessions")
		w.OutWidth, w.env = test.width, test.env
		run(&w.System)
		if colour := strings.Contains(w.stdout.String(), "\x1b["); colour != test.colour {
			t.Errorf("width %d, environment %v: colour %v, want %v", test.width, test.env, colour,
				test.colour)
		}
	}
}
