package sweep

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"budget/solver"
)

// TestCodeDigestIsOfAllThatComputes: the digest is of every file of every package that this one
// imports, for every system, and of the catalog. Tests are not in the program.
func TestCodeDigestIsOfAllThatComputes(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps", "-f",
		"{{with .Module}}{{if .Main}}{{$.ImportPath}}\t{{$.Dir}}{{end}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	all := solver.Sources()
	all["sweep"] = sourceFiles
	delete(all, "model/catalog") // no package
	var own []string
	for line := range strings.Lines(string(out)) {
		path, dir, _ := strings.Cut(strings.TrimSpace(line), "\t")
		path = strings.TrimPrefix(path, "budget/")
		own = append(own, path)
		embedded, ok := all[path]
		if !ok {
			t.Errorf("results depend on %s: name it in Sources of a package that imports it", path)
			continue
		}
		disk := fstest.MapFS{}
		for _, pattern := range []string{"*.go", "*.s", "*.c", "*.h"} {
			files, err := filepath.Glob(filepath.Join(dir, pattern))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				data, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				disk[filepath.Base(file)] = &fstest.MapFile{Data: data}
			}
		}
		if tests, err := fs.Glob(embedded, "*_test.go"); err != nil || len(tests) > 0 {
			t.Errorf("%s: tests are embedded, too: %s, %v", path, tests, err)
		}
		var got, want bytes.Buffer
		if err := hashFiles(&got, path, embedded); err != nil {
			t.Fatal(err)
		}
		if err := hashFiles(&want, path, disk); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Errorf("%s: other files than those of the package are embedded", path)
		}
	}
	for path := range all {
		if !slices.Contains(own, path) {
			t.Errorf("results do not depend on %s", path)
		}
	}
}

// TestCodeDigestChangesWithTheCode: a change of a file, of its name or of its package changes
// what is hashed; tests and ends of lines do not.
func TestCodeDigestChangesWithTheCode(t *testing.T) {
	t.Parallel()
	of := func(name string, files map[string]string) string {
		var b bytes.Buffer
		fsys := fstest.MapFS{}
		for path, text := range files {
			fsys[path] = &fstest.MapFile{Data: []byte(text)}
		}
		if err := hashFiles(&b, name, fsys); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	base := of("a", map[string]string{"x.go": "package a\n"})
	for what, same := range map[string]string{
		"a test": of("a", map[string]string{"x.go": "package a\n", "x_test.go": "package a\n"}),
		"CR LF":  of("a", map[string]string{"x.go": "package a\r\n"}),
	} {
		if same != base {
			t.Errorf("%s changes the digest", what)
		}
	}
	for what, other := range map[string]string{
		"text":     of("a", map[string]string{"x.go": "package a\n\n"}),
		"a name":   of("a", map[string]string{"y.go": "package a\n"}),
		"a folder": of("b", map[string]string{"x.go": "package a\n"}),
		"a file":   of("a", map[string]string{"x.go": "package a\n", "y.go": "package a\n"}),
	} {
		if other == base {
			t.Errorf("%s does not change the digest", what)
		}
	}
	if len(CodeDigest()) != 64 || strings.Trim(CodeDigest(), "0123456789abcdef") != "" {
		t.Errorf("got %s", CodeDigest())
	}
}
