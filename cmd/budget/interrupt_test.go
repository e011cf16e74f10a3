//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"budget/cmd/budget/internal/cli"
)

// soon is the time in which a program must end after an interrupt. It takes less than a second;
// the rest is for a machine that is busy with other tests.
const soon = 5 * time.Second

// interrupted are command lines, each waiting for what never comes or at work for long, when an
// interrupt comes.
var interrupted = []struct {
	line  string // PIPE is a pipe that a writer holds open and writes nothing to
	input string // the last of standard input, which ends unless it is ""
	full  bool   // nothing reads standard output any more
}{
	// Standard input that does not end.
	{line: "caps -"}, {line: "run mindfulness 5min -"}, {line: "cost mindfulness 5min -"},
	{line: "compare defaults -"}, {line: "export -"}, {line: "uncertainty -"},
	{line: "sensitivity -"}, {line: "breakpoint start_level 5min -"},
	{line: "study 5min -"}, {line: "fit -"},
	{line: "optimize - -o out"},
	{line: "sweep - -o out"}, {line: "sweep - --dry-run"}, {line: "merge - -o . --shards 2"},
	{line: "breakpoint start_level 5min --plan -"}, {line: "log -"},
	{line: "measure -"}, {line: "check -"}, {line: "show parameters -"},
	// Files that do not end.
	{line: "check PIPE"}, {line: "caps PIPE"}, {line: "sweep PIPE -o out"},
	{line: "sweep PIPE --dry-run"}, {line: "merge PIPE -o . --shards 2"}, {line: "fit PIPE"},
	{line: "measure PIPE"}, {line: "breakpoint start_level 5min --plan PIPE"},
	// Nothing takes the answer.
	{line: "log --sessions 1000000", full: true},
	{line: "run workout 4h --trace 1000", full: true},
	// Work that is long.
	{line: "caps - --paths 2e9", input: "#"}, {line: "run workout 4h - --paths 2e9", input: "#"},
	{line: "cost workout 4h - --paths 2e9", input: "#"},
	{line: "export - --paths 262144", input: "#"},
	{line: "compare defaults - --paths 2e9", input: "#"},
	{line: "uncertainty - --sets 8192", input: "#"},
	{line: "sensitivity - --paths 2e9", input: "#"},
	{line: "breakpoint start_level 40min - --paths 2e9", input: "#"},
	{line: "study 15min -", input: "#"},
	{line: "log - --sessions 1000000 -o out", input: "#"},
	{line: "optimize -", input: "sessions = ['workout']\ngoal.within = '5 s'\n[[axis]]\n" +
		"choose = true\nkey = 'policy.suppress_low'\nvalues = ['1 /h', '1.01 /h']\n"},
}

// TestInterrupts: an interrupt ends every command soon, with its exit code, and leaves no file
// half written.
func TestInterrupts(t *testing.T) {
	t.Parallel()
	for _, x := range interrupted {
		t.Run(x.line, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			pipe := filepath.Join(dir, "pipe") // a file of TOML by its name would be a scenario to fit
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Fatal(err)
			}
			words := strings.Fields(x.line)
			for i, w := range words {
				words[i] = strings.ReplaceAll(w, "PIPE", pipe)
			}
			cmd := exec.Command("budget", words...)
			cmd.Dir = dir
			var said bytes.Buffer
			cmd.Stderr = &said
			stdin, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			defer stdin.Close()
			var stdout io.ReadCloser
			if x.full {
				if stdout, err = cmd.StdoutPipe(); err != nil {
					t.Fatal(err)
				}
				defer stdout.Close()
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer cmd.Process.Kill()
			// Wait until the program is where the line says.
			switch {
			case strings.Contains(x.line, "PIPE"):
				w, err := os.OpenFile(pipe, os.O_WRONLY, 0)
				if err != nil {
					t.Fatal(err)
				}
				defer w.Close()
			case x.full:
				if _, err := stdout.Read(make([]byte, 1)); err != nil {
					t.Fatal(err)
				}
			default: // more than a pipe holds
				if _, err := io.WriteString(stdin, strings.Repeat("#\n", 100_000)+x.input); err != nil {
					t.Fatal(err)
				}
				if x.input != "" {
					stdin.Close()
					time.Sleep(100 * time.Millisecond)
				}
			}
			cmd.Process.Signal(os.Interrupt)
			late := time.AfterFunc(soon, func() { cmd.Process.Kill() })
			cmd.Wait()
			const want = cli.ExitInterrupted
			if code := cmd.ProcessState.ExitCode(); !late.Stop() || code != want ||
				!strings.Contains(said.String(), "interrupted") {
				t.Errorf("%v, want exit code %d in %v; %s", cmd.ProcessState, want, soon, said.String())
			}
			for _, name := range listing(t, dir) {
				if name == "out" {
					if files := listing(t, filepath.Join(dir, name)); len(files) > 0 {
						t.Errorf("it has left %v", files)
					}
				}
			}
		})
	}
}

// TestInterruptedChoice: optimize prints the leaders so far when it is interrupted; run again, it
// goes on and writes the bytes of a run that was not interrupted.
func TestInterruptedChoice(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const design = "name = 'Two'\nsessions = ['self-care']\npaths = 65536\ngoal.within = '5 s'\n" +
		"goal.longest = '11 min'\n[[axis]]\nname = 'low'\nchoose = true\nkey = 'policy.suppress_low'\n" +
		"values = ['1 /h', '1.001 /h']\n"
	if err := os.WriteFile(filepath.Join(dir, "two.toml"), []byte(design), 0o666); err != nil {
		t.Fatal(err)
	}
	optimize := func(out string) (*exec.Cmd, *bytes.Buffer, *bytes.Buffer) {
		cmd := exec.Command("budget", "optimize", "two.toml", "-o", out)
		cmd.Dir = dir
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		return cmd, &stdout, &stderr
	}
	// interrupt interrupts a run once it has a journal, and returns its exit code and what it said.
	interrupt := func() (code int, stdout, stderr string) {
		cmd, answer, remarks := optimize("out")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		journal := filepath.Join(dir, "out", "optimize.journal")
		for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
			if _, err := os.Stat(journal); err == nil {
				break
			}
			time.Sleep(time.Millisecond)
		}
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
		return cmd.ProcessState.ExitCode(), answer.String(), remarks.String()
	}
	code, stdout, stderr := interrupt()
	for tries := 1; tries < 20 && (code == cli.ExitDone || code == cli.ExitImprecise); tries++ {
		// It was done before the interrupt came.
		if err := os.RemoveAll(filepath.Join(dir, "out")); err != nil {
			t.Fatal(err)
		}
		code, stdout, stderr = interrupt()
	}
	if code != cli.ExitInterrupted || !strings.Contains(stdout, "Not decided: ") ||
		!strings.Contains(stderr, "still in question; run it again and it goes on") {
		t.Fatalf("exit %d\n%s%s", code, stdout, stderr)
	}
	var codes []int
	for _, out := range []string{"out", "whole"} {
		cmd, _, stderr := optimize(out)
		cmd.Run()
		codes = append(codes, cmd.ProcessState.ExitCode())
		if goesOn := strings.Contains(stderr.String(), "an interrupted race goes on"); goesOn != (out ==
			"out") {
			t.Errorf("%s: %s", out, stderr)
		}
	}
	names := listing(t, filepath.Join(dir, "whole"))
	if codes[0] != codes[1] || !slices.Equal(names, listing(t, filepath.Join(dir, "out"))) ||
		slices.Contains(names, "optimize.journal") {
		t.Fatalf("exit %v, files %v", codes, names)
	}
	for _, name := range names {
		a, _ := os.ReadFile(filepath.Join(dir, "out", name))
		if b, err := os.ReadFile(filepath.Join(dir, "whole", name)); err != nil || !bytes.Equal(a, b) {
			t.Errorf("%s is not that of an unbroken run: %v", name, err)
		}
	}
}
