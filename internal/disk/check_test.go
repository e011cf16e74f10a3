package disk

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// changed returns the error of Check as a *Changed.
func changed(t *testing.T, dir string, needed ...string) *Changed {
	t.Helper()
	err := Check(dir, needed...)
	c, ok := errors.AsType[*Changed](err)
	if !ok {
		t.Fatalf("not refused: %v", err)
	}
	return c
}

// TestEveryByteIsCovered: whichever byte of whichever file is changed, and wherever a file is cut
// or grown, the check finds it and names the file.
func TestEveryByteIsCovered(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fill(t, dir, named("one"), map[string]string{"caps.csv": "a,b\n1,2\n", "chart.svg": "<svg/>",
		"empty": ""})
	tried := 0
	for _, name := range names(t, dir) {
		path := filepath.Join(dir, name)
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		attack := func(text []byte) {
			tried++
			write(t, dir, name, string(text))
			c := changed(t, dir)
			if !strings.Contains(c.Error(), path) {
				t.Errorf("%s: %v", name, c)
			}
			if Verify(dir) == nil {
				t.Errorf("%s: the SHA-256 is not compared", name)
			}
		}
		for i := range want {
			text := bytes.Clone(want)
			text[i] ^= 1 << (i % 8)
			attack(text)
			if i%11 == 0 {
				attack(want[:i])
			}
		}
		attack(append(bytes.Clone(want), '\n'))
		write(t, dir, name, string(want))
	}
	if err := errors.Join(Check(dir), Verify(dir)); err != nil {
		t.Error(err)
	}
	t.Logf("%d attacks", tried)
}

// TestCheckRefuses what is missing, of two runs, unsealed, or not of the seal.
func TestCheckRefuses(t *testing.T) {
	t.Parallel()
	one, two := t.TempDir(), t.TempDir()
	files := map[string]string{"a": "1", "b": "1", "c.svg": "1"}
	fill(t, one, named("one"), files)
	fill(t, two, named("two"), map[string]string{"a": "2", "b": "2", "c.svg": "2"})
	copyFile := func(name string) {
		text, err := os.ReadFile(filepath.Join(two, name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, one, name, string(text))
	}
	copyFile("b")
	if c := changed(t, one); !slices.Equal(c.Files, []string{"b"}) {
		t.Errorf("of two runs: %v", c)
	}
	copyFile(SealName)
	if c := changed(t, one); !slices.Equal(c.Files, []string{"a", "c.svg"}) {
		t.Errorf("with the other seal: %v", c)
	}
	fill(t, one, named("one"), files)
	if err := Remove(one, "c.svg"); err != nil || Check(one) != nil {
		t.Errorf("a chart may be missing: %v", Check(one))
	}
	if err := Remove(one, "a"); err != nil {
		t.Fatal(err)
	}
	if c := changed(t, one); !slices.Equal(c.Missing, []string{"a"}) {
		t.Errorf("missing: %v", c)
	}
	fill(t, one, named("one"), files)
	write(t, one, "d", "1")
	if err := Check(one); err != nil {
		t.Errorf("a stranger's file: %v", err)
	}
	if c := changed(t, one, "d"); !slices.Equal(c.Files, []string{"d"}) {
		t.Errorf("a stranger's file that is read: %v", c)
	}
	write(t, one, SealName, "{\n  \"run\": \"one\"\n}\n")
	if c := changed(t, one); !strings.Contains(c.Error(), "has no digests of the files") {
		t.Errorf("of an older version: %v", c)
	}
	if err := Remove(one, SealName); err != nil {
		t.Fatal(err)
	}
	if c := changed(t, one); !strings.Contains(c.Error(), "is missing") {
		t.Errorf("without a seal: %v", c)
	}
}

// TestEdited finds files that the seal names and that were changed, and no others.
func TestEdited(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fill(t, dir, named("one"), map[string]string{"fitted.toml": "a = 1"})
	write(t, dir, "mine.toml", "b = 1")
	path := filepath.Join(dir, "fitted.toml")
	if Edited(path) || Edited(filepath.Join(dir, "mine.toml")) || Edited(filepath.Join(dir, "none")) {
		t.Error("files that nobody changed are edited")
	}
	if write(t, dir, "fitted.toml", "a = 2"); !Edited(path) {
		t.Error("an edited file is not found")
	}
}

// TestStoppedBetweenTwoFiles: a directory where only some files of a set have taken their places
// is refused, in a new directory and in one with earlier results.
func TestStoppedBetweenTwoFiles(t *testing.T) {
	t.Parallel()
	for _, earlier := range []bool{false, true} {
		for stopped := range 3 {
			dir := t.TempDir()
			if earlier {
				fill(t, dir, named("one"), map[string]string{"a": "1", "b": "1", "c": "1"})
			}
			for _, name := range []string{"a", "b", "c"}[:stopped+1] {
				write(t, dir, name, "2")
			}
			changed(t, dir, "a", "b", "c")
			fill(t, dir, named("two"), map[string]string{"a": "2", "b": "2", "c": "2"})
			if err := Check(dir, "a", "b", "c"); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestSealsOfSeveralCommands: each command's files stay in the seal when others write theirs.
func TestSealsOfSeveralCommands(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	charts := filepath.Join(dir, "charts")
	if err := MakeDirectory(charts); err != nil {
		t.Fatal(err)
	}
	fill(t, dir, JoinSeal, map[string]string{"page.html": "0"})
	if got := names(t, dir); !slices.Equal(got, []string{"charts", "page.html"}) {
		t.Errorf("a page makes a seal: %v", got)
	}
	head := func(run string) Seal {
		return AddSeal(func() ([]byte, error) { return []byte(`{"run": "` + run + `"}`), nil })
	}
	fill(t, dir, head("measure"), map[string]string{"m": "1"})
	fill(t, dir, named("caps"), map[string]string{"a": "1", "old": "1"})
	fill(t, dir, head("uncertainty"), map[string]string{"u": "1"})
	fill(t, charts, JoinSeal, map[string]string{"x.svg": "1"})
	fill(t, dir, JoinSeal, map[string]string{"page.html": "1"})
	fill(t, dir, named("caps again"), map[string]string{"a": "2"}, "old")
	s, err := readSeal(dir)
	if err != nil {
		t.Fatal(err)
	}
	var sealed []string
	for name := range s.files {
		sealed = append(sealed, name)
	}
	slices.Sort(sealed)
	if want := []string{"a", "charts/x.svg", "m", "page.html", "u"}; !slices.Equal(sealed, want) {
		t.Errorf("the seal has %v, want %v", sealed, want)
	}
	if err := Check(dir); err != nil || !strings.Contains(string(s.head), "caps again") {
		t.Errorf("%v; head %s", err, s.head)
	}
	write(t, charts, "x.svg", "2")
	if c := changed(t, dir); !slices.Equal(c.Files, []string{"charts/x.svg"}) {
		t.Errorf("got %v", c)
	}
}
