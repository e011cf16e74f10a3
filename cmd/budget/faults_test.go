package main

import (
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"budget/cmd/budget/internal/cli"
)

var flips = flag.Int("flips", 1, "number of bytes to change in every file of results; with more "+
	"than 1, of all commands")

// few are the commands that are tested unless the flags ask for more.
var few = []string{"run", "measure", "sweep", "merge", "sweep --slurm"}

// writing are commands that write a directory, each ready in a moment. OUT stands for the
// directory, RUN for one with the results of caps, PLAN and LOG for files.
var writing = []struct {
	name string
	args []string
}{
	{"caps", []string{"caps", "--no-uncertainty", "--session", "self-care", "--paths", "200", "-o",
		"OUT"}},
	{"run", []string{"run", "self-care", "5 min", "--paths", "200", "--trace", "1", "-o", "OUT"}},
	{"cost", []string{"cost", "self-care", "5 min", "--paths", "200", "-o", "OUT"}},
	{"window", []string{"window", "4 s", "-o", "OUT"}},
	{"fit", []string{"fit", "LOG", "--paths", "256", "-o", "OUT"}},
	{"log", []string{"log", "--sessions", "20", "-o", "OUT"}},
	{"measure", []string{"measure", "--from-percent", "12 % in 45 min", "--device", "s9-41", "-o",
		"OUT"}},
	{"export", []string{"export", "--session", "self-care", "--paths", "64", "-o", "OUT"}},
	{"uncertainty", []string{"uncertainty", "--session", "self-care", "--sets", "2", "--plants", "2",
		"--paths", "128", "-o", "OUT"}},
	{"sensitivity", []string{"sensitivity", "--session", "self-care", "--vary",
		"policy.suppress_low", "--paths", "128", "-o", "OUT"}},
	{"plot", []string{"plot", "RUN", "-o", "OUT"}},
	{"report", []string{"report", "RUN", "-o", "OUT/report.html"}},
	{"caps --export-csv", []string{"caps", "RUN", "--export-csv", "OUT/caps.csv"}},
	{"sweep", []string{"sweep", "PLAN", "-o", "OUT"}},
	{"sweep --shard", []string{"sweep", "PLAN", "-o", "OUT", "--shard", "0/1"}},
	{"merge", []string{"merge", "PLAN", "-o", "OUT", "--shards", "1"}},
	{"sweep --slurm", []string{"sweep", "PLAN", "-o", "OUT", "--slurm", "--shards", "1"}},
}

// bench has what the writing commands read.
type bench struct{ run, plan, log string }

func newBench(t *testing.T) bench {
	t.Helper()
	temp := t.TempDir()
	b := bench{filepath.Join(temp, "run"), filepath.Join(temp, "plan.toml"),
		filepath.Join(temp, "log.csv")}
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
	return b
}

// written reports whether a command with an exit code has written its files: few paths answer
// little.
func written(code int) bool { return code == cli.ExitDone || code == cli.ExitImprecise }

// arguments returns those of a command that writes to a directory.
func (b bench) arguments(args []string, dir string) []string {
	args = slices.Clone(args)
	for i := range args {
		args[i] = strings.NewReplacer("OUT", dir, "RUN", b.run, "PLAN", b.plan, "LOG",
			b.log).Replace(args[i])
	}
	return args
}

// execute runs a command as a process of its own.
func (b bench) execute(args []string, dir string) ([]byte, error) {
	return exec.Command("budget", b.arguments(args, dir)...).CombinedOutput()
}

// prepare makes what a command finds in the directory.
func (b bench) prepare(t *testing.T, name, dir string) {
	t.Helper()
	if name == "merge" {
		mustRun(t, "sweep", b.plan, "-o", dir, "--shard", "0/1", "-q")
	}
}

// tree returns the files below a directory, by name.
func tree(t *testing.T, dir string) map[string][]byte {
	t.Helper()
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
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// sameFiles compares two trees. What names its directory or counts writers may differ: scripts
// and journals.
func sameFiles(t *testing.T, what string, got, want map[string][]byte) {
	t.Helper()
	for name := range want {
		if _, ok := got[name]; !ok {
			t.Errorf("%s: %s is missing", what, name)
		} else if !bytes.Equal(got[name], want[name]) && !strings.HasPrefix(name, "slurm") &&
			name != "journal" && !strings.HasPrefix(name, "parts") {
			t.Errorf("%s: other bytes in %s", what, name)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s: %s is left", what, name)
		}
	}
}

// TestKillsWhileWriting kills every command that writes at random moments. Then it runs it again:
// the files are those of a command that nothing happened to, and nothing is left beside them. In
// between, no reader takes what is there for whole unless it is.
func TestKillsWhileWriting(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	random := rand.New(rand.NewPCG(uint64(*kills), 2))
	for _, w := range writing {
		if *kills <= 8 && !slices.Contains(few, w.name) {
			continue
		}
		t.Run(w.name, func(t *testing.T) {
			whole := t.TempDir()
			b.prepare(t, w.name, whole)
			begun := time.Now()
			if out, err := b.execute(w.args, whole); !done(err) {
				t.Fatalf("%v: %s", err, out)
			}
			took := time.Since(begun)
			want := tree(t, whole)
			midway, halves := 0, 0
			for range max(*kills/8, 1) {
				dir := filepath.Join(t.TempDir(), "out")
				b.prepare(t, w.name, dir)
				cmd := exec.Command("budget", b.arguments(w.args, dir)...)
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				// Most kills come near the end, where files are written.
				time.Sleep(took/2 + time.Duration(random.Int64N(int64(took/2)+1)))
				if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
					t.Fatal(err)
				}
				if err := cmd.Wait(); !done(err) {
					midway++
				}
				if half(t, dir, want) {
					halves++
					if code, _, _ := invoke("check", dir); code == cli.ExitDone {
						t.Error("half of the files pass for all")
					}
				}
				if out, err := b.execute(w.args, dir); !done(err) {
					t.Fatalf("again: %v: %s", err, out)
				}
				sameFiles(t, "after a kill", tree(t, dir), want)
				os.RemoveAll(filepath.Dir(dir))
			}
			t.Logf("%d kills came before the end, %d of them between two files", midway, halves)
		})
	}
}

// done reports whether a command has written its files.
func done(err error) bool {
	exit, ok := errors.AsType[*exec.ExitError](err)
	return err == nil || ok && written(exit.ExitCode())
}

// half reports whether some but not all files of a set are in their places.
func half(t *testing.T, dir string, want map[string][]byte) bool {
	if _, err := os.Stat(dir); err != nil {
		return false
	}
	there := 0
	for name := range tree(t, dir) {
		if _, ok := want[name]; ok {
			there++
		}
	}
	return there > 0 && there < len(want)
}

// TestFullDiskWhileWriting: where a file cannot be written, a command says so with exit code 4,
// leaves nothing, and changes nothing of what was there.
func TestFullDiskWhileWriting(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no shell to limit the size of files")
	}
	b := newBench(t)
	for _, w := range writing {
		if *kills <= 8 && !slices.Contains(few, w.name) {
			continue
		}
		if w.name == "sweep" || w.name == "sweep --shard" {
			continue // TestSweepOnAFullDisk: a journal keeps what is finished
		}
		dir := filepath.Join(t.TempDir(), "out")
		b.prepare(t, w.name, dir)
		if out, err := b.execute(w.args, dir); !done(err) {
			t.Fatalf("%s: %v: %s", w.name, err, out)
		}
		before := tree(t, dir)
		out, err := exec.Command("sh", append([]string{"-c", `ulimit -f 0; exec budget "$@"`, "sh"},
			b.arguments(w.args, dir)...)...).CombinedOutput()
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok || exit.ExitCode() != cli.ExitFile || !strings.Contains(string(out), "file too large") {
			t.Errorf("%s: %v: %s", w.name, err, out)
		}
		sameFiles(t, w.name+" on a full disk", tree(t, dir), before)
	}
}

// TestFlipsAreFound changes bytes in every file of every directory of results. Every reader of the
// directory refuses it, with exit code 4 and the name of the file, and a sweep mends its own.
func TestFlipsAreFound(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	random := rand.New(rand.NewPCG(3, uint64(*flips)))
	readers := map[string][][]string{
		"caps":   {{"check"}, {"caps"}, {"plot", "-o", filepath.Join(t.TempDir(), "x")}, {"report"}},
		"sweep":  {{"check"}, {"caps"}, {"plot", "-o", filepath.Join(t.TempDir(), "y")}, {"report"}},
		"export": {{"check"}, {"export"}},
	}
	tried := 0
	for _, w := range writing {
		if strings.Contains(w.name, " ") || slices.Contains([]string{"log", "plot", "report",
			"merge"}, w.name) {
			continue // files without a provenance of their own
		}
		if *flips <= 1 && !slices.Contains(few, w.name) {
			continue
		}
		dir := filepath.Join(t.TempDir(), w.name)
		if code, _, stderr := invoke(b.arguments(w.args, dir)...); !written(code) {
			t.Fatalf("%s: %s", w.name, stderr)
		}
		if w.name == "caps" { // with charts and a page beside them
			invoke("plot", dir, "-q")
			invoke("report", dir, "-o", filepath.Join(dir, "report.html"))
		}
		mustRun(t, "check", dir)
		for name, text := range tree(t, dir) {
			if len(text) == 0 {
				continue // the lock
			}
			for range *flips {
				path := filepath.Join(dir, name)
				at := random.IntN(len(text))
				flipped := bytes.Clone(text)
				flipped[at] ^= 1 << random.IntN(8)
				if err := os.WriteFile(path, flipped, 0o600); err != nil {
					t.Fatal(err)
				}
				for _, reader := range slices.Concat([][]string{{"check"}}, readers[w.name]) {
					tried++
					args := slices.Insert(slices.Clone(reader), 1, dir)
					code, _, stderr := invoke(args...)
					if code != cli.ExitFile || !strings.Contains(stderr, path) {
						t.Errorf("budget %s: byte %d of %s is taken: code %d, %s", strings.Join(args, " "),
							at, name, code, stderr)
					}
				}
				if w.name == "sweep" {
					invoke(b.arguments(w.args, dir)...)
					mustRun(t, "check", dir)
					// A journal may have been written in another order.
					if mended, err := os.ReadFile(path); err != nil ||
						name != "journal" && !bytes.Equal(mended, text) {
						t.Errorf("byte %d of %s is not mended: %v", at, name, err)
					}
				}
				if err := os.WriteFile(path, text, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	t.Logf("%d readings of changed files", tried)
}
