package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"budget/internal/disk"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/plan"
)

// simulated runs a plan into a directory and returns the number of steps of its paths that it
// simulated.
func simulated(t *testing.T, dir string, p *plan.Plan, w Writer) int64 {
	t.Helper()
	s, err := Open(dir, w)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	units, _, _, err := s.Missing(p)
	if err != nil {
		t.Fatal(err)
	}
	progress := &Progress{}
	if err := s.Fill(context.Background(), p, units, Control{Workers: 2,
		Progress: progress}); err != nil {
		t.Fatal(err)
	}
	if n := progress.Paths.Load(); len(units) > 0 && n != int64(Runs(p, units))*p.Paths {
		t.Errorf("%d paths of %d runs of %d are counted", n, Runs(p, units), p.Paths)
	}
	err = s.Write(context.Background(), p, []byte("plan"), 2, func(plan.Cell, []sweep.Cap) {})
	if err != nil {
		t.Fatal(err)
	}
	return progress.Steps.Load()
}

// TestMorePathsTakeTheRestAlone: a plan with more paths simulates only those that its directory
// does not have, and has the tables of a directory of its own.
func TestMorePathsTakeTheRestAlone(t *testing.T) {
	t.Parallel()
	with := func(paths int) *plan.Plan {
		return parse(t, strings.Replace(smallPlan, "paths = 512", fmt.Sprintf("paths = %d", paths), 1))
	}
	dir := t.TempDir()
	steps := map[int]int64{} // of all paths
	for _, paths := range []int{512, 1024, 1280} {
		whole := t.TempDir()
		steps[paths] = simulated(t, whole, with(paths), writer)
		more := simulated(t, dir, with(paths), writer)
		if want := steps[paths] - steps[paths/2]; paths == 1024 && more != want ||
			paths == 1280 && more != steps[1280]-steps[1024] {
			t.Errorf("%d paths: %d steps of %d are simulated", paths, more, steps[paths])
		}
		sameTables(t, "more paths", tables(t, dir), tables(t, whole))
	}
	// Other rules of the same plants need no path, and fewer paths are the first of them.
	other := strings.Replace(smallPlan, `"9 /h"`, `"8 /h"`, 1)
	if more := simulated(t, dir, parse(t, other), writer); more != 0 {
		t.Errorf("other rules simulate %d steps", more)
	}
	if more := simulated(t, dir, parse(t, strings.Replace(other, "512", "600", 1)), writer); more !=
		stepsOf(t, strings.Replace(other, "512", "600", 1))-steps[512] {
		t.Errorf("88 paths more take %d steps", more)
	}
	// Other seeds and other watches are other paths.
	for _, change := range []string{"seed = 7\n", "device = \"s9-41\"\n"} {
		text := change + smallPlan
		if more := simulated(t, dir, parse(t, text), writer); more != stepsOf(t, text) {
			t.Errorf("%q simulates %d steps", change, more)
		}
	}
}

// stepsOf returns the steps of all paths of a plan.
func stepsOf(t *testing.T, text string) int64 {
	return simulated(t, t.TempDir(), parse(t, text), writer)
}

// TestPathsCanBeLost: without the file of paths, and with one that is damaged, of other code or
// something else, a sweep simulates all its paths and keeps them anew.
func TestPathsCanBeLost(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, pathsName)
	p := parse(t, smallPlan)
	all := simulated(t, dir, p, writer)
	whole, want := tables(t, dir), textOf(t, path)
	again := func(what string, w Writer, steps int64) {
		t.Helper()
		if err := os.Remove(filepath.Join(dir, journalName)); err != nil {
			t.Fatal(err)
		}
		if n := simulated(t, dir, p, w); n != steps {
			t.Errorf("%s: %d steps of %d are simulated", what, n, all)
		}
		if w == writer {
			sameTables(t, what, tables(t, dir), whole)
		}
	}
	again("whole", writer, 0)
	for what, change := range map[string]func(){
		"none":           func() { os.Remove(path) },
		"empty":          func() { rewrite(t, path, "") },
		"something else": func() { rewrite(t, path, "some other file\n") },
		"a damaged head": func() { rewrite(t, path, want[:40]+"x"+want[41:]) },
		"damaged":        func() { rewrite(t, path, want[:len(want)/2]+"x"+want[len(want)/2+1:]) },
	} {
		change()
		again(what, writer, all)
		again(what+", anew", writer, 0)
	}
	other := writer
	other.Code = "c2"
	again("of other code", other, all)
	again("of other code, anew", other, 0)

	// A record that is whole but says something else is not believed.
	j, err := OpenJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	for key := range j.places {
		if err := j.put(keyed{key, []byte("no paths")}); err != nil {
			t.Fatal(err)
		}
	}
	j.Close()
	again("of false records", other, all)
}

// TestRunsAreForgotten: a run of the watch stays in memory up to its last unit and no longer.
func TestRunsAreForgotten(t *testing.T) {
	t.Parallel()
	p := parse(t, smallPlan)
	dir := t.TempDir()
	s, err := Open(dir, writer)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	file, err := openPaths(dir, writer)
	if err != nil {
		t.Fatal(err)
	}
	defer file.close()
	units := p.Units()
	halves := []plan.Unit{units[0], units[0]}
	halves[0].Cells, halves[1].Cells = units[0].Cells[:1], units[0].Cells[1:]
	units = append(halves, units[1:]...)
	w := newFilling(p, units, s.journal, file, Control{})
	for i, u := range units {
		if err := w.unit(context.Background(), u); err != nil {
			t.Fatal(err)
		}
		if kept := w.runs[u.Run] != nil; kept != (i == 0) || len(w.runs) != len(units)-1-i {
			t.Errorf("after unit %d its run is kept: %v; %d runs in all", i, kept, len(w.runs))
		}
	}
}

// TestPathsThatAreTooManyAreNotKept: plans with more paths than can be kept do without.
func TestPathsThatAreTooManyAreNotKept(t *testing.T) {
	t.Parallel()
	p := parse(t, smallPlan)
	p.Paths = solver.MostKept + 1
	if w := newFilling(p, p.Units(), nil, &pathFile{}, Control{}); len(w.runs) > 0 {
		t.Errorf("%d runs are kept", len(w.runs))
	}
}

// TestDamagedPathsAreTold: a check finds damage of the file of paths, and the next sweep mends it
// even if it has nothing to compute.
func TestDamagedPathsAreTold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, pathsName)
	p := parse(t, smallPlan)
	if err := CheckPaths(dir); err != nil {
		t.Errorf("without the file: %v", err)
	}
	simulated(t, dir, p, writer)
	whole := textOf(t, path)
	for what, text := range map[string]string{
		"cut":        whole[:len(whole)-7],
		"empty":      "",
		"a line":     journalLine,
		"longer":     whole + "GBLK",
		"a byte":     whole[:len(whole)/3] + "x" + whole[len(whole)/3+1:],
		"a new file": "paths\n",
		"its head":   "B" + whole[1:],
	} {
		if err := CheckPaths(dir); err != nil {
			t.Errorf("before %q: %v", what, err)
		}
		rewrite(t, path, text)
		err := CheckPaths(dir)
		if _, changed := errors.AsType[*disk.Changed](err); !changed ||
			!strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", what, err)
		}
		if steps := simulated(t, dir, p, writer); steps != 0 {
			t.Errorf("%s: %d steps are simulated although all blocks are there", what, steps)
		}
	}
}

func textOf(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func rewrite(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
