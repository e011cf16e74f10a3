//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"budget/cmd/budget/internal/cli"
)

// writing is a command that writes to a directory, ready in a moment. In its arguments OUT stands
// for the directory, RUN for one with the results of caps, PLAN and LOG for files.
type writing struct {
	name string
	args []string
	few  bool // see target
}

var allWriting = []writing{
	{"caps", []string{"caps", "--no-uncertainty", "--session", "self-care", "--paths", "200", "-o",
		"OUT"}, false},
	{"run", []string{"run", "self-care", "5 min", "--paths", "200", "--trace", "1", "-o", "OUT"},
		true},
	{"cost", []string{"cost", "self-care", "5 min", "--paths", "200", "-o", "OUT"}, false},
	{"window", []string{"window", "4 s", "-o", "OUT"}, false},
	{"timer", []string{"timer", "2 x 2 min, rest 1 min", "--session", "self-care", "--paths", "64",
		"-o", "OUT"}, false},
	{"timer --map", []string{"timer", "2 x 2 min, rest 1 min", "--session", "self-care", "--paths",
		"64", "--map", "1,2", "--offer", "2 min; 3 min", "-o", "OUT"}, false},
	{"fit", []string{"fit", "LOG", "--paths", "256", "-o", "OUT"}, false},
	{"fit --reduce", []string{"fit", "LOG", "--reduce", "-o", "OUT"}, false},
	{"log", []string{"log", "--sessions", "20", "-o", "OUT"}, false},
	{"measure", []string{"measure", "--from-percent", "12 % in 45 min", "--device", "s9-41", "-o",
		"OUT"}, true},
	{"export", []string{"export", "--session", "self-care", "--paths", "64", "-o", "OUT"}, false},
	{"uncertainty", []string{"uncertainty", "--session", "self-care", "--sets", "2", "--plants", "2",
		"--paths", "128", "-o", "OUT"}, false},
	{"sensitivity", []string{"sensitivity", "--session", "self-care", "--vary",
		"policy.suppress_low", "--paths", "128", "-o", "OUT"}, false},
	{"study", []string{"study", "2 min", "--session", "self-care", "--paths", "128", "--plants", "8",
		"--studies", "100", "--most", "100", "-o", "OUT"}, false},
	{"breakpoint --export-csv", []string{"breakpoint", "start_level", "2 min", "--session",
		"self-care", "--paths", "64", "--export-csv", "OUT/breakpoint.csv"}, false},
	{"plot", []string{"plot", "RUN", "-o", "OUT"}, false},
	{"report", []string{"report", "RUN", "-o", "OUT/report.html"}, false},
	{"caps --export-csv", []string{"caps", "RUN", "--export-csv", "OUT/caps.csv"}, false},
	{"sweep", []string{"sweep", "PLAN", "-o", "OUT"}, true},
	{"sweep --shard", []string{"sweep", "PLAN", "-o", "OUT", "--shard", "0/1"}, false},
	{"merge", []string{"merge", "PLAN", "-o", "OUT", "--shards", "1"}, true},
	{"sweep --slurm", []string{"sweep", "PLAN", "-o", "OUT", "--slurm", "--shards", "1"}, true},
	{"man", []string{"man", "OUT"}, false},
}

// bench has what the attacks use.
type bench struct {
	t              *testing.T
	run, plan, log string
	whole          map[string]func() (whole, error) // by command
}

// whole is what a command writes when nothing happens to it, and the time it takes.
type whole struct {
	files map[string][]byte
	took  time.Duration
}

func newBench(t *testing.T) *bench {
	t.Helper()
	temp := t.TempDir()
	b := &bench{t: t, run: filepath.Join(temp, "run"), plan: filepath.Join(temp, "plan.toml"),
		log: filepath.Join(temp, "log.csv"), whole: map[string]func() (whole, error){}}
	plan := "sessions = [\"self-care\"]\ntolerances = [\"20 %\"]\npaths = 128\n" +
		"[[axis]]\nkey = \"start_level\"\nvalues = [\"20 %\", \"60 %\"]\n"
	if err := os.WriteFile(b.plan, []byte(plan), 0o600); err != nil {
		t.Fatal(err)
	}
	_, stdout, _ := invoke("log", "--sessions", "60")
	if err := os.WriteFile(b.log, []byte(stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := invoke("caps", "--no-uncertainty", "--session", "self-care", "--paths",
		"200", "-q", "-o", b.run); !written(code) {
		t.Fatal(stderr)
	}
	for i := range allWriting {
		w := &allWriting[i]
		b.whole[w.name] = sync.OnceValues(func() (whole, error) {
			dir, remove, err := b.place(w)
			if err != nil {
				return whole{}, err
			}
			defer remove()
			begun := time.Now()
			if err := b.execute(w.args, dir); err != nil {
				return whole{}, err
			}
			took := time.Since(begun)
			files, err := tree(dir)
			return whole{files, took}, err
		})
	}
	return b
}

// written reports whether a command with an exit code has written its files: few paths answer
// little.
func written(code int) bool { return code == cli.ExitDone || code == cli.ExitImprecise }

// arguments returns those of a command that writes to a directory.
func (b *bench) arguments(args []string, dir string) []string {
	args = slices.Clone(args)
	for i := range args {
		args[i] = strings.NewReplacer("OUT", dir, "RUN", b.run, "PLAN", b.plan, "LOG",
			b.log).Replace(args[i])
	}
	return args
}

// execute runs a command as a process of its own. It is an error if it does not write its files.
func (b *bench) execute(args []string, dir string) error {
	out, err := exec.Command("budget", b.arguments(args, dir)...).CombinedOutput()
	if !finished(err) {
		return fmt.Errorf("%v: %s", err, out)
	}
	return nil
}

// finished reports whether a process has written its files.
func finished(err error) bool {
	exit, ok := errors.AsType[*exec.ExitError](err)
	return err == nil || ok && written(exit.ExitCode())
}

// scratch makes a directory, which remove removes.
func (b *bench) scratch() (dir string, remove func(), err error) {
	dir, err = os.MkdirTemp(filepath.Dir(b.run), "try-")
	return dir, func() { os.RemoveAll(dir) }, err
}

// place makes the directory that a command writes to, with what it must find there.
func (b *bench) place(w *writing) (dir string, remove func(), err error) {
	dir, remove, err = b.scratch()
	if err == nil {
		dir = filepath.Join(dir, "out")
		if w.name == "merge" {
			err = b.execute([]string{"sweep", "PLAN", "-o", "OUT", "--shard", "0/1", "-q"}, dir)
		}
	}
	return dir, remove, err
}

// tree returns the files below a directory, by name; none if there is no such directory.
func tree(dir string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[name] = text
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return files, err
}

// same returns an error unless a directory has the files of a tree. What names its directory or
// counts writers may differ: scripts and journals.
func same(dir string, want map[string][]byte) error {
	got, err := tree(dir)
	for name := range want {
		if _, ok := got[name]; !ok {
			err = errors.Join(err, fmt.Errorf("%s is missing", name))
		} else if !bytes.Equal(got[name], want[name]) && !strings.HasPrefix(name, "slurm") &&
			!strings.HasPrefix(name, "journal") && !strings.HasPrefix(name, "parts") {
			err = errors.Join(err, fmt.Errorf("other bytes in %s", name))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			err = errors.Join(err, fmt.Errorf("%s is left", name))
		}
	}
	return err
}
