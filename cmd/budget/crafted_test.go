//go:build unix

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"budget/cmd/budget/internal/cli"
	"budget/internal/damage"
)

// What a command may use for a file that was made to harm it: processor time, and memory [bytes].
const (
	mostTime   = 2 * time.Second
	mostMemory = 500 << 20
)

// bounded runs a command on a file that was made to harm it. It ends with an exit code that the
// manual has, soon and in little memory, and shows no number that is none.
func bounded(args ...string) (ending, error) {
	cmd := exec.Command("budget", args...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1") // so that its time is processor time
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	late := time.AfterFunc(30*mostTime, func() { cmd.Process.Kill() })
	err := cmd.Run()
	late.Stop()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		return idle, err
	}
	line := strings.Join(args, " ")
	code := cmd.ProcessState.ExitCode()
	if !slices.Contains([]int{cli.ExitDone, cli.ExitScenario, cli.ExitFile, cli.ExitImprecise,
		cli.ExitUsage}, code) || code != cli.ExitDone && stderr.Len() == 0 {
		return idle, fmt.Errorf("budget %s: code %d: %.2000s", line, code, &stderr)
	}
	memory := int64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
	if runtime.GOOS == "linux" {
		memory *= 1024
	}
	if time := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(); time > mostTime ||
		memory > mostMemory {
		return idle, fmt.Errorf("budget %s: %v and %d MB", line, time, memory>>20)
	}
	if found := noNumber.FindString(stdout.String()); found != "" {
		return idle, fmt.Errorf("budget %s: it shows %s: %.2000s", line, found, &stdout)
	}
	if written(code) {
		return survived, nil
	}
	return refused, nil
}

var noNumber = regexp.MustCompile(`\b[+-]?(NaN|Inf)\b`)

// crafted changes what a file of results says, in its form and with right checksums. A command that
// reads it unchecked refuses it, or shows numbers that can be.
func (b *bench) crafted(*testing.T) attack {
	changes := map[string]func(*rand.Rand, []byte) []byte{"caps.json": damage.JSON,
		"outcomes.json": damage.JSON, "uncertainty.json": damage.JSON, "sensitivity.json": damage.JSON,
		"starts.json": damage.JSON, "starts.csv": damage.Table, "incidence.csv": damage.Table,
		"caps.csv": damage.Table, "blocks.csv": damage.Table, "provenance.json": damage.JSON,
		"curves": damage.Journal, "journal": damage.Journal}
	a := attack{name: "blocks, tables and documents crafted", often: 10}
	for _, m := range b.allMade() {
		if m.readers == nil {
			continue
		}
		a.on = append(a.on, target{m.name, m.few, func(r *rand.Rand) (ending, error) {
			dir, files, remove, err := b.copied(m)
			if err != nil {
				return idle, err
			}
			defer remove()
			var names []string
			for name := range changes {
				if files[name] != nil {
					names = append(names, name)
				}
			}
			slices.Sort(names)
			name := names[r.IntN(len(names))]
			text := changes[name](r, files[name])
			if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
				return idle, err
			}
			if name == "starts.csv" { // its digest is in another file
				rest := bytes.Replace(files["starts.json"], []byte(hexOf(files[name])),
					[]byte(hexOf(text)), 1)
				if err := os.WriteFile(filepath.Join(dir, "starts.json"), rest, 0o600); err != nil {
					return idle, err
				}
			}
			how, err := bounded(filled(m.readers[r.IntN(len(m.readers))], dir, "--unchecked")...)
			if err != nil {
				err = fmt.Errorf("%s: %w", name, err)
			}
			return how, err
		}})
	}
	return a
}

func hexOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

const oddScenario = `name = "Odd"
[policy]
suppress_low = "1 /h"
[[device]]
id = "my-watch"
name = "My watch"
like = "s9-41"
capacity = "250 mAh"
[[session]]
id = "sitting"
like = "mindfulness"
limit = "30 min"
`

// inputs changes what people write: a scenario, a plan, a log, defaults of flags, a timer.
func (b *bench) inputs(*testing.T) attack {
	a := attack{name: "scenarios, plans, logs, defaults and timers with mistakes", often: 6}
	add := func(name, file string, text func() ([]byte, error), lines ...[]string) {
		a.on = append(a.on, target{name, name == "plan", func(r *rand.Rand) (ending, error) {
			dir, remove, err := b.scratch()
			if err != nil {
				return idle, err
			}
			defer remove()
			whole, err := text()
			if err != nil {
				return idle, err
			}
			change := damage.Bytes
			if strings.HasSuffix(file, ".csv") && r.IntN(2) == 0 {
				change = damage.Table
			}
			path := filepath.Join(dir, file)
			changed := change(r, whole)
			if err := os.WriteFile(path, changed, 0o600); err != nil {
				return idle, err
			}
			args := slices.Clone(lines[r.IntN(len(lines))])
			for i := range args {
				args[i] = strings.NewReplacer("FILE", path, "TEXT",
					strings.ReplaceAll(string(changed), "\x00", "")).Replace(args[i])
			}
			return bounded(args...)
		}})
	}
	given := func(text string) func() ([]byte, error) {
		return func() ([]byte, error) { return []byte(text), nil }
	}
	add("scenario", "odd.toml", given(oddScenario), []string{"check", "FILE"},
		[]string{"show", "parameters", "--assumed", "FILE"})
	add("plan", "plan.toml", given(testPlan), []string{"sweep", "FILE", "--dry-run"})
	logFile := func() ([]byte, error) { return os.ReadFile(b.log) }
	add("log", "log.csv", logFile, []string{"fit", "FILE", "--paths", "64"},
		[]string{"fit", "FILE", "--reduce", "-o", filepath.Join("FILE.out")}, []string{"measure", "FILE"})
	add("defaults", "config.toml", given("tolerance = \"2 %\"\n[caps]\npaths = 64\nseed = 3\n"),
		[]string{"version", "--config", "FILE"}, []string{"caps", "--session", "self-care",
			"--no-uncertainty", "--paths", "64", "--config", "FILE"})
	add("timer", "timer.txt", given("2 x 1 min, rest 1 min in sun, 2 min workout"),
		[]string{"timer", "--paths", "64", "--", "TEXT"})
	return a
}
