package cluster

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// odd is a name with all characters that are special to a shell.
const odd = `it's "odd" $HOME %a #1; & *`

// words writes its arguments to a file, one a line, and then runs the command
// in DO.
const words = `#!/bin/sh
for word; do echo "$word"; done >"$(dirname "$0")/$(basename "$0").words"
eval "$DO"
`

// A place has a job's files, stub programs, and the arguments of their calls.
type place struct {
	*testing.T
	dir string
	job Job
}

func newPlace(t *testing.T, programs ...string) *place {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the scripts are for a POSIX shell")
	}
	dir := filepath.Join(t.TempDir(), odd)
	p := &place{t, dir, Job{
		Name: "odd", Program: dir + "/budget", Plan: dir + "/plan.toml", Directory: dir, Shards: 7,
		Retries: 3, Final: winter.Final,
		SweepArguments: []string{"--note", odd}, MergeArguments: []string{"", `\`},
	}}
	for _, program := range append(programs, "budget") {
		p.write(program, words)
	}
	return p
}

func (p *place) write(name, text string) {
	p.Helper()
	name = filepath.Join(p.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
		p.Fatal(err)
	}
}

func (p *place) writeAll(files []File, err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
	for _, f := range files {
		p.write(f.Path, f.Text)
	}
}

// words returns the arguments of the last call of a program, nil if there was
// none.
func (p *place) words(program string) []string {
	p.Helper()
	text, err := os.ReadFile(filepath.Join(p.dir, program+".words"))
	if os.IsNotExist(err) {
		return nil
	} else if err != nil {
		p.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

func (p *place) expect(program string, want ...string) {
	p.Helper()
	if got := p.words(program); !slices.Equal(got, want) {
		p.Errorf("%s was called with\n%q\nwant\n%q", program, got, want)
	}
}

// shell returns a command that runs a script, with the programs of the place.
func (p *place) shell(script string, environment ...string) *exec.Cmd {
	cmd := exec.Command("/bin/sh", filepath.Join(p.dir, filepath.FromSlash(script)))
	cmd.Env = append(os.Environ(), "PATH="+p.dir+":"+os.Getenv("PATH"))
	cmd.Env = append(cmd.Env, environment...)
	return cmd
}

func TestScriptsPassOnWords(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "sbatch")
	p.writeAll(Slurm(p.job, "--comment="+odd))

	if out, err := p.shell("slurm/array.sh").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	p.expect("budget", "sweep", p.job.Plan, "-o", p.dir, "--shard", "env/7", "--note", odd)

	if out, err := p.shell("slurm/merge.sh").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	p.expect("budget", "merge", p.job.Plan, "-o", p.dir, "--shards", "7", "", `\`)

	out, err := p.shell("slurm/submit.sh", "DO=echo '12;cluster'").CombinedOutput()
	if err != nil || string(out) != "array 12\nmerge 12\n" {
		t.Errorf("%v\n%s", err, out)
	}
	p.expect("sbatch", "--parsable", "--comment="+odd, "--dependency=afterok:12",
		"--kill-on-invalid-dep=yes", p.dir+"/slurm/merge.sh")

	if out, err := p.shell("slurm/submit.sh", "DO=exit 5").CombinedOutput(); err == nil {
		t.Errorf("a failure of sbatch goes unseen:\n%s", out)
	}
}

// TestSlurmStartsAgain checks after which exit codes a task is requeued.
func TestSlurmStartsAgain(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "squeue", "scontrol")
	p.writeAll(Slurm(p.job))
	for _, test := range []struct {
		do, restarts string
		status       int
		again        bool
	}{
		{"exit 0", "", 0, false},
		{"exit 1", "", 1, true},
		{"exit 2", "", 2, true},
		{"exit 3", "", 3, false},
		{"exit 6", "", 6, false},
		{"exit 64", "", 64, false},
		{"exit 63", "", 63, true},
		{"exit 4", "", 4, true},
		{"exit 75", "", 75, true},
		{"exit 75", "2", 75, true},
		{"exit 75", "3", 75, false},
		{"kill -9 $$", "1", 137, true},
		// A program in Go that crashes, or has no memory.
		{crash("panic"), "", 2, true},
		{crash("memory"), "", 2, true},
	} {
		os.Remove(filepath.Join(p.dir, "scontrol.words"))
		cmd := p.shell("slurm/array.sh", "DO=case $0 in *budget) "+test.do+
			" ;; *squeue) echo RUNNING ;; esac",
			"SLURM_RESTART_COUNT="+test.restarts, "SLURM_ARRAY_JOB_ID=12", "SLURM_ARRAY_TASK_ID=6")
		out, _ := cmd.CombinedOutput()
		if got := cmd.ProcessState.ExitCode(); got != test.status {
			t.Errorf("%s: the script's exit code is %d, want %d\n%s", test.do, got, test.status, out)
		}
		if test.again {
			p.expect("squeue", "-h", "-o", "%T", "-j", "12_6")
			p.expect("scontrol", "requeue", "12_6")
		} else {
			p.expect("scontrol")
		}
	}

	if err := p.shell("slurm/merge.sh", "DO=case $0 in *squeue) echo RUNNING ;; *) exit 75 ;; esac",
		"SLURM_JOB_ID=13").Run(); err == nil {
		t.Error("a merge that fails goes unseen")
	}
	p.expect("scontrol", "requeue", "13")
}

// TestSlurmStops checks a task that is told to stop: at its time limit it must be
// requeued, after scancel it must not.
func TestSlurmStops(t *testing.T) {
	t.Parallel()
	const saves = `case $0 in
*budget) trap 'sleep 0.1; echo saved; exit 75' TERM; echo $$ >"$0.pid"; echo runs; while :; do sleep 0.05; done ;;
*squeue) echo "$STATE" ;;
esac`
	for signal, then := range map[string]struct{ state, log string }{
		"USR1": {"RUNNING", "runs\nsaved\nexit code 75: to be started again, 1 of 3\n"},
		"TERM": {"COMPLETING", "runs\nsaved\n"},
	} {
		t.Run(signal, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t, "squeue", "scontrol")
			p.writeAll(Slurm(p.job))
			cmd := p.shell("slurm/array.sh", "DO="+saves, "STATE="+then.state, "SLURM_ARRAY_JOB_ID=12",
				"SLURM_ARRAY_TASK_ID=6")
			out, err := os.Create(filepath.Join(p.dir, "log"))
			if err != nil {
				t.Fatal(err)
			}
			defer out.Close()
			cmd.Stdout, cmd.Stderr = out, out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			log := func() []byte {
				text, err := os.ReadFile(out.Name())
				if err != nil {
					t.Fatal(err)
				}
				return text
			}
			for deadline := time.Now().Add(10 * time.Second); !bytes.HasPrefix(log(),
				[]byte("runs\n")); time.Sleep(10 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatal("the program does not start")
				}
			}
			// Slurm sends TERM to all processes of a job, and USR1 to the shell alone.
			kill := fmt.Sprintf("kill -%s %d", signal, cmd.Process.Pid)
			if signal == "TERM" {
				pid, err := os.ReadFile(filepath.Join(p.dir, "budget.pid"))
				if err != nil {
					t.Fatal(err)
				}
				kill += " " + string(pid)
			}
			if out, err := exec.Command("/bin/sh", "-c", kill).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			cmd.Wait()
			if got := cmd.ProcessState.ExitCode(); got != 75 || string(log()) != then.log {
				t.Errorf("the script's exit code is %d, its log\n%s\nwant 75 and\n%s", got, log(), then.log)
			}
			if signal == "USR1" {
				p.expect("scontrol", "requeue", "12_6")
			} else {
				p.expect("scontrol")
			}
		})
	}
}
