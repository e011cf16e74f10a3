//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"budget/cmd/budget/internal/cli"
)

// made is a directory of results for tries to copy, with the commands that made it and those that
// read it. In their arguments DIR stands for the copy, ELSEWHERE for a directory of the try.
type made struct {
	name    string
	by      [][]string // as writing.args
	readers [][]string
	few     bool
	files   func() (map[string][]byte, error)
}

var readersOfCaps = [][]string{{"caps", "DIR"}, {"caps", "DIR", "--tolerance", "3 %", "--offer",
	"3"}, {"plot", "DIR", "-o", "ELSEWHERE/charts"}, {"report", "DIR", "-o", "ELSEWHERE/page.html"}}

// allMade has a directory of every command that seals one.
func (b *bench) allMade() []*made {
	all := []*made{
		{name: "caps with all that may stand beside it", readers: append([][]string{{"export", "DIR"},
			{"report", "DIR", "--format", "md"}, {"export", "DIR", "--format", "swift"}},
			readersOfCaps...)},
		{name: "run", few: true, readers: [][]string{{"report", "DIR", "-o", "ELSEWHERE/page.html"},
			{"plot", "DIR", "-o", "ELSEWHERE/charts"}}},
		{name: "sweep", few: true, readers: append([][]string{{"compare", "DIR", "DIR"}},
			readersOfCaps...)},
		{name: "export", readers: [][]string{{"export", "DIR"}}},
		{name: "measure", few: true}, {name: "cost"}, {name: "timer"},
		{name: "timer --map", readers: [][]string{{"plot", "DIR", "-o", "ELSEWHERE/charts"}}},
		{name: "fit"},
		{name: "fit --reduce"}, {name: "log"}, {name: "study"}, {name: "uncertainty"},
		{name: "sensitivity"},
	}
	args := func(name string) []string {
		return allWriting[slices.IndexFunc(allWriting, func(w writing) bool {
			return w.name == name
		})].args
	}
	for _, m := range all {
		m.by = [][]string{args(strings.TrimSuffix(m.name, " with all that may stand beside it"))}
		if len(m.readers) > 5 {
			m.by = append(m.by, args("uncertainty"), args("sensitivity"), args("export"),
				[]string{"plot", "OUT", "-q"}, []string{"report", "OUT", "-o", "OUT/report.html"})
		}
		m.files = sync.OnceValues(func() (map[string][]byte, error) {
			dir, remove, err := b.scratch()
			if err != nil {
				return nil, err
			}
			defer remove()
			for _, by := range m.by {
				if err := b.execute(by, dir); err != nil {
					return nil, err
				}
			}
			return tree(dir)
		})
	}
	return all
}

// copied makes a directory with the files that a command has made.
func (b *bench) copied(m *made) (dir string, files map[string][]byte, remove func(), err error) {
	dir, remove, err = b.scratch()
	if err == nil {
		files, err = m.files()
	}
	for name, text := range files {
		path := filepath.Join(dir, "results", name)
		err = errors.Join(err, os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, text, 0o600))
	}
	return filepath.Join(dir, "results"), files, remove, err
}

// filled returns the arguments of a reader.
func filled(reader []string, dir string, more ...string) []string {
	args := slices.Clone(reader)
	for i := range args {
		args[i] = strings.NewReplacer("DIR", dir, "ELSEWHERE", filepath.Dir(dir)).Replace(args[i])
	}
	return append(args, more...)
}

// flips changes a file of a directory of results. Every reader of the directory refuses it, with
// exit code 4 and the name of the file, and a sweep mends its own.
func (b *bench) flips(*testing.T) attack {
	a := attack{name: "a byte changed, a file cut or longer", often: 2}
	for _, m := range b.allMade() {
		a.on = append(a.on, target{m.name, m.few, func(r *rand.Rand) (ending, error) {
			dir, files, remove, err := b.copied(m)
			if err != nil {
				return idle, err
			}
			defer remove()
			names := slices.Sorted(maps.Keys(files))
			names = slices.DeleteFunc(names, func(name string) bool { return len(files[name]) == 0 })
			name := names[r.IntN(len(names))]
			path, text := filepath.Join(dir, name), files[name]
			if err := os.WriteFile(path, changed(r, text), 0o600); err != nil {
				return idle, err
			}
			readers := m.readers
			if name == "journal.paths" {
				readers = nil // which sweeps alone read
			}
			for _, reader := range append([][]string{{"check", "DIR"}}, readers...) {
				args := filled(reader, dir)
				if code, _, stderr := invoke(args...); code != cli.ExitFile ||
					!strings.Contains(stderr, path) {
					return refused, fmt.Errorf("budget %s: %s is believed: code %d, %s",
						strings.Join(args, " "), name, code, stderr)
				}
			}
			if m.name != "sweep" {
				return refused, nil
			}
			if err := b.execute(m.by[0], dir); err != nil {
				return refused, err
			}
			if code, _, stderr := invoke("check", dir); code != cli.ExitDone {
				return refused, fmt.Errorf("%s is not mended: %s", name, stderr)
			}
			return refused, same(dir, files)
		}})
	}
	return a
}

// changed returns a text with one accident: a bit turned, bytes that are zero, an end that is cut
// off or added.
func changed(r *rand.Rand, text []byte) []byte {
	out := bytes.Clone(text)
	at := r.IntN(len(out))
	switch r.IntN(8) {
	case 0:
		return out[:at]
	case 1:
		return append(out, out[at])
	case 2:
		if end := min(at+512, len(out)); slices.ContainsFunc(out[at:end], func(c byte) bool {
			return c != 0
		}) {
			clear(out[at:end])
			return out
		}
	}
	out[at] ^= 1 << r.IntN(8)
	return out
}
