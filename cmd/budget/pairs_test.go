//go:build unix

package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"budget/cmd/budget/internal/cli"
)

// pairs runs two processes on one directory at once. The second sweep is told that another is at
// work; a reader beside a writer shows the results of one run or refuses; of two writers the files
// of one are there, or readers refuse.
func (b *bench) pairs(t *testing.T) attack {
	caps := func(seed string) []string {
		return []string{"caps", "--no-uncertainty", "--session", "self-care", "--paths", "200",
			"--seed", seed, "-q", "-o", "OUT"}
	}
	var shown [2]string // what a reader prints of the two
	wholes := sync.OnceValues(func() (two [2]whole, err error) {
		for i, seed := range []string{"1", "2"} {
			dir, remove, err := b.scratch()
			if err != nil {
				return two, err
			}
			defer remove()
			begun := time.Now()
			if err := b.execute(caps(seed), dir); err != nil {
				return two, err
			}
			two[i].took = time.Since(begun)
			if two[i].files, err = tree(dir); err != nil {
				return two, err
			}
			_, shown[i], _ = invoke("caps", dir, "--format", "csv")
		}
		return two, nil
	})
	// ofOne returns an error unless a directory has the files of one of the two.
	ofOne := func(dir string, two [2]whole) error {
		first, second := same(dir, two[0].files), same(dir, two[1].files)
		if first != nil && second != nil {
			return errors.Join(errors.New("files of two runs"), first, second)
		}
		return nil
	}
	return attack{"two processes at once", 2, []target{
		{"two sweeps", true, func(r *rand.Rand) (ending, error) { return b.twoSweeps(r) }},
		{"a reader beside a writer", true, func(r *rand.Rand) (ending, error) {
			two, err := wholes()
			if err != nil {
				return idle, err
			}
			dir, remove, err := b.scratch()
			if err != nil {
				return idle, err
			}
			defer remove()
			if err := b.execute(caps("1"), dir); err != nil {
				return idle, err
			}
			writer := exec.Command("budget", b.arguments(caps("2"), dir)...)
			if err := writer.Start(); err != nil {
				return idle, err
			}
			how := idle
			for begun := time.Now(); time.Since(begun) < two[1].took; {
				out, err := exec.Command("budget", "caps", dir, "--format", "csv").Output()
				switch exit, ok := errors.AsType[*exec.ExitError](err); {
				case finished(err):
					how = max(how, survived)
					if !slices.Contains(shown[:], string(out)) {
						return how, fmt.Errorf("it shows what no run has: %s", out)
					}
				case ok && exit.ExitCode() == cli.ExitFile:
					how = max(how, refused)
				default:
					return how, fmt.Errorf("the reader ends with %v", err)
				}
			}
			if err := writer.Wait(); !finished(err) {
				return how, fmt.Errorf("the writer ends with %v", err)
			}
			return how, same(dir, two[1].files)
		}},
		{"two writers", true, func(r *rand.Rand) (ending, error) {
			two, err := wholes()
			if err != nil {
				return idle, err
			}
			dir, remove, err := b.scratch()
			if err != nil {
				return idle, err
			}
			defer remove()
			if r.IntN(2) == 0 {
				if err := b.execute(caps("1"), dir); err != nil {
					return idle, err
				}
			}
			var writers [2]*exec.Cmd
			for i := range writers {
				writers[i] = exec.Command("budget", b.arguments(caps(fmt.Sprint(1+i)), dir)...)
				if err := writers[i].Start(); err != nil {
					return idle, err
				}
				time.Sleep(time.Duration(r.Int64N(int64(two[0].took)/2 + 1)))
			}
			for _, w := range writers {
				if err := w.Wait(); !finished(err) {
					return idle, fmt.Errorf("a writer ends with %v", err)
				}
			}
			how := survived
			if code, _, _ := invoke("check", dir); code == cli.ExitDone {
				if err := ofOne(dir, two); err != nil {
					return survived, err
				}
			} else {
				how = refused
			}
			if err := b.execute(caps("2"), dir); err != nil {
				return how, err
			}
			return how, same(dir, two[1].files)
		}},
	}}
}

// twoSweeps runs a sweep twice at once.
func (b *bench) twoSweeps(r *rand.Rand) (ending, error) {
	want, err := b.whole["sweep"]()
	if err != nil {
		return idle, err
	}
	dir, remove, err := b.scratch()
	if err != nil {
		return idle, err
	}
	defer remove()
	args := b.arguments([]string{"sweep", "PLAN", "-o", "OUT", "-q"}, dir)
	first := exec.Command("budget", args...)
	if err := first.Start(); err != nil {
		return idle, err
	}
	time.Sleep(time.Duration(r.Int64N(int64(want.took))))
	second := exec.Command("budget", args...)
	out, err := second.CombinedOutput()
	how := survived
	switch exit, ok := errors.AsType[*exec.ExitError](err); {
	case finished(err):
	case ok && exit.ExitCode() == cli.ExitAgain && strings.Contains(string(out), "another budget"):
		how = refused
	default:
		return how, fmt.Errorf("the second ends with %v: %s", err, out)
	}
	if err := first.Wait(); !finished(err) {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok || exit.ExitCode() != cli.ExitAgain || how == refused {
			return how, fmt.Errorf("the first ends with %v", err)
		}
		how = refused
	}
	return how, same(dir, want.files)
}
