//go:build unix

package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"budget/cmd/budget/internal/cli"
)

// onWriting returns the targets of an attack on every command that writes.
func onWriting(try func(*writing, *rand.Rand) (ending, error)) (all []target) {
	for i := range allWriting {
		w := &allWriting[i]
		all = append(all, target{w.name, w.few, func(r *rand.Rand) (ending, error) {
			return try(w, r)
		}})
	}
	return all
}

// kills kills every command that writes at random moments. Then it runs it again: the files are
// those of a command that nothing happened to, and nothing is left beside them. In between, no
// reader takes what is there for whole unless it is.
func (b *bench) kills(t *testing.T) attack {
	return attack{"a command killed, then run again", 1, onWriting(func(w *writing,
		r *rand.Rand) (ending, error) {
		want, err := b.whole[w.name]()
		if err != nil {
			return idle, err
		}
		dir, remove, err := b.place(w)
		if err != nil {
			return idle, err
		}
		defer remove()
		// Most kills come near the end, where files are written.
		how, err := b.killed(b.arguments(w.args, dir), want.took/3+
			time.Duration(r.Int64N(int64(want.took))))
		if err != nil {
			return idle, err
		}
		if there, err := tree(dir); err != nil || len(there) < len(want.files) {
			if code, _, _ := invoke("check", dir); code == cli.ExitDone && len(there) > 0 {
				return how, errors.New("half of the files pass for all")
			}
		}
		if err := b.execute(w.args, dir); err != nil {
			return how, fmt.Errorf("run again: %w", err)
		}
		return how, same(dir, want.files)
	})}
}

// killed starts a command and kills it after a time. It is idle if the command was done before.
func (b *bench) killed(args []string, after time.Duration) (ending, error) {
	cmd := exec.Command("budget", args...)
	if err := cmd.Start(); err != nil {
		return idle, err
	}
	time.Sleep(after)
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return idle, err
	}
	if finished(cmd.Wait()) {
		return idle, nil
	}
	return survived, nil
}

// killedSweeps kills a sweep up to three times and lets it go on: nothing finished is lost, nothing
// is done twice, and the results are those of a sweep that nothing happened to.
func (b *bench) killedSweeps(t *testing.T) attack {
	plan := planFile(t, testPlan)
	undisturbed := sync.OnceValues(func() (whole, error) {
		dir := t.TempDir()
		begun := time.Now()
		err := b.execute([]string{"sweep", plan, "-o", "OUT", "-q"}, dir)
		took := time.Since(begun)
		files, _ := tree(dir)
		return whole{files, took}, err
	})
	return attack{"a sweep killed up to three times, then resumed", 3, []target{{"sweep", true,
		func(r *rand.Rand) (ending, error) {
			want, err := undisturbed()
			if err != nil {
				return idle, err
			}
			dir, remove, err := b.scratch()
			if err != nil {
				return idle, err
			}
			defer remove()
			how := idle
			for range 1 + r.IntN(3) {
				one, err := b.killed([]string{"sweep", plan, "-o", dir, "-q"},
					time.Duration(r.Int64N(int64(want.took))))
				if err != nil {
					return idle, err
				}
				how = max(how, one)
			}
			code, _, stderr := invoke("sweep", plan, "-o", dir)
			if code != cli.ExitDone || strings.Contains(stderr, "damaged") {
				return how, fmt.Errorf("resumed: code %d, %s", code, stderr)
			}
			return how, same(dir, want.files)
		}}}}
}

// fullDisks runs every command where a file may have no more than a random size. It says so with
// exit code 4, leaves nothing, and changes nothing of what was there, but for the journal of a
// sweep or a merge; with room again it ends as ever.
func (b *bench) fullDisks(t *testing.T) attack {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Log("there is no shell to limit the size of files")
		return attack{name: "a full disk"}
	}
	return attack{"a full disk, then room again", 1, onWriting(func(w *writing,
		r *rand.Rand) (ending, error) {
		want, err := b.whole[w.name]()
		if err != nil {
			return idle, err
		}
		dir, remove, err := b.place(w)
		if err != nil {
			return idle, err
		}
		defer remove()
		if r.IntN(2) == 0 { // over earlier results
			if err := b.execute(w.args, dir); err != nil {
				return idle, err
			}
		}
		before, err := tree(dir)
		if err != nil {
			return idle, err
		}
		largest := 0
		for _, text := range want.files {
			largest = max(largest, len(text))
		}
		blocks := r.IntN(3) * r.IntN(largest/1024+1) / 2 // of 512 or 1024 bytes
		out, err := exec.Command("sh", append([]string{"-c", `ulimit -f "$0"; exec budget "$@"`,
			fmt.Sprint(blocks)}, b.arguments(w.args, dir)...)...).CombinedOutput()
		if finished(err) {
			return idle, same(dir, want.files)
		}
		if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != cli.ExitFile ||
			!strings.Contains(string(out), "file too large") {
			return refused, fmt.Errorf("%d blocks: %v: %s", blocks, err, out)
		}
		if !strings.HasPrefix(w.name, "sweep") && w.name != "merge" {
			if err := same(dir, before); err != nil {
				return refused, fmt.Errorf("%d blocks: %w", blocks, err)
			}
		}
		if left, _ := filepath.Glob(filepath.Join(dir, ".budget*")); len(left) > 0 {
			return refused, fmt.Errorf("%d blocks: it has left %v", blocks, left)
		}
		if err := b.execute(w.args, dir); err != nil {
			return refused, fmt.Errorf("with room again: %w", err)
		}
		return refused, same(dir, want.files)
	})}
}
