package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// fill writes files of some contents as one set.
func fill(t *testing.T, dir string, seal Seal, files map[string]string, gone ...string) {
	t.Helper()
	set, err := Begin(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer set.Abandon()
	for name, text := range files {
		f, err := set.Create(name)
		if err == nil {
			_, err = io.WriteString(f, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := set.Place(seal, gone...); err != nil {
		t.Fatal(err)
	}
}

// named returns a seal with a head that names a run.
func named(run string) Seal {
	return NewSeal(func() ([]byte, error) {
		return fmt.Appendf(nil, "{\n  \"run\": %q\n}\n", run), nil
	})
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// write makes a file without budget.
func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestSetTakesItsPlaceWhole: until Place nothing is there but temporary files; then all files are,
// with the mode of any new file, and nothing else.
func TestSetTakesItsPlaceWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	set, err := Begin(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b"} {
		f, err := set.Create(name)
		if err == nil {
			_, err = io.WriteString(f, name)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	program, err := set.CreateProgram("run.sh")
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range names(t, dir) {
		if !temporaryName.MatchString(name) {
			t.Errorf("%s is there already", name)
		}
	}
	if err := set.Place(named("one")); err != nil {
		t.Fatal(err)
	}
	set.Abandon() // takes nothing away
	if got := names(t, dir); !slices.Equal(got, []string{"a", "b", SealName, "run.sh"}) {
		t.Errorf("the directory holds %v", got)
	}
	if err := Check(dir, "a", "b"); err != nil {
		t.Error(err)
	}
	like, err := os.OpenFile(filepath.Join(t.TempDir(), "like"), os.O_CREATE|os.O_WRONLY, 0o777)
	if err != nil {
		t.Fatal(err)
	}
	like.Close()
	want, err := os.Stat(like.Name())
	if err != nil {
		t.Fatal(err)
	}
	plain := want.Mode() &^ 0o111
	for name, mode := range map[string]fs.FileMode{"a": plain, SealName: plain,
		"run.sh": want.Mode()} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode() != mode {
			t.Errorf("%s: %v, %v: want %v", name, info, err, mode)
		}
	}
}

// TestAbandonedSetLeavesNothing, and what was there stays.
func TestAbandonedSetLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fill(t, dir, named("one"), map[string]string{"a": "1"})
	set, err := Begin(dir)
	if err != nil {
		t.Fatal(err)
	}
	f, err := set.Create("a")
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, "2")
	set.Abandon()
	if got := names(t, dir); !slices.Equal(got, []string{"a", SealName}) || Check(dir) != nil {
		t.Errorf("the directory holds %v: %v", got, Check(dir))
	}
	if err := set.Place(Unsealed); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("an abandoned set is placed: %v", err)
	}
}

// TestFailedPlaceChangesNothing: without a right head no file takes its place.
func TestFailedPlaceChangesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fill(t, dir, named("one"), map[string]string{"a": "1"})
	set, err := Begin(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer set.Abandon()
	if _, err := set.Create("a"); err != nil {
		t.Fatal(err)
	}
	for _, head := range []string{"", "{}", "no object"} {
		if err := set.Place(NewSeal(func() ([]byte, error) { return []byte(head), nil })); err == nil {
			t.Errorf("head %q is taken", head)
		}
	}
	if err := Check(dir, "a"); err != nil {
		t.Error(err)
	}
}

// TestRemoveDead removes what a killed process has left, and nothing of one that lives or of
// other programs.
func TestRemoveDead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	living, err := Begin(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer living.Abandon()
	if _, err := living.Create("a"); err != nil {
		t.Fatal(err)
	}
	mine := names(t, dir)
	strangers := []string{".a.csv.swp", ".a.12345", ".budget-notes", ".budget-0123456789abcdef-x",
		".budget-0123456789abcdeg-1", "budget-0123456789abcdef-1", ".part.0123456789abcdef"}
	dead := []string{".budget-0123456789abcdef-0", ".budget-0123456789abcdef-12",
		".budget-0123456789abcdef-lock", ".budget-fedcba9876543210-3", ".budget-aaaaaaaaaaaaaaaa-lock"}
	for _, name := range slices.Concat(strangers, dead) {
		write(t, dir, name, "")
	}
	RemoveDead(dir)
	want := slices.Sorted(slices.Values(slices.Concat(mine, strangers)))
	if got := names(t, dir); !slices.Equal(got, want) {
		t.Errorf("left are\n%v, want\n%v", got, want)
	}
	if err := living.Place(named("one")); err != nil {
		t.Error(err)
	}
}

// TestSetsSideBySide: many sets in one directory at once all arrive, and the seal has them all.
func TestSetsSideBySide(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fill(t, dir, named("one"), map[string]string{"a": "1"})
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for j := range 3 {
				fill(t, dir, JoinSeal, map[string]string{fmt.Sprintf("%d-%d", i, j): "x",
					"shared": fmt.Sprint(i)})
				if err := Check(dir); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	s, err := readSeal(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); len(s.files) != 14 || len(got) != 15 {
		t.Errorf("%d files in the seal, %d in the directory: %v", len(s.files), len(got), got)
	}
	if !strings.Contains(string(s.head), `"run": "one"`) {
		t.Errorf("the head is %s", s.head)
	}
}

// TestAbandonedWhileWritten: whoever abandons a set need not wait for those that write and close
// its files, and nothing of them stays. The race detector runs it, too.
func TestAbandonedWhileWritten(t *testing.T) {
	t.Parallel()
	for range 100 {
		dir := t.TempDir()
		set, err := Begin(dir)
		if err != nil {
			t.Fatal(err)
		}
		var writers sync.WaitGroup
		for _, name := range []string{"a", "b", "c"} {
			f, err := set.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			writers.Go(func() {
				for range 3 {
					if _, err := f.Write(make([]byte, 1<<16)); err != nil {
						break
					}
				}
				f.Close()
			})
		}
		set.Abandon()
		writers.Wait()
		if left := names(t, dir); len(left) > 0 {
			t.Fatalf("left: %v", left)
		}
		if err := set.Place(Unsealed); !errors.Is(err, fs.ErrClosed) {
			t.Fatalf("an abandoned set took its place: %v", err)
		}
	}
}
