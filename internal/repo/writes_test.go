package repo

import (
	"go/ast"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// writer is the folder that may change files: it writes them whole, with digests, and with the
// modes that the umask asks for.
const writer = "internal/disk/"

// changing are the functions of package os that change files and directories.
var changing = []string{"Chmod", "Chown", "Create", "CreateTemp", "Link", "Mkdir", "MkdirAll",
	"MkdirTemp", "OpenFile", "OpenRoot", "Remove", "RemoveAll", "Rename", "Symlink", "Truncate",
	"WriteFile"}

// TestFilesAreWrittenInOnePlace checks that only package disk writes files. Tests and programs
// that generate code may, too.
func TestFilesAreWrittenInOnePlace(t *testing.T) {
	t.Parallel()
	for _, path := range files(t) {
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") ||
			strings.HasPrefix(path, writer) {
			continue
		}
		text := read(t, path)
		if strings.HasPrefix(text, "//go:build ignore\n") {
			continue
		}
		for _, what := range changes(t, path, text) {
			t.Errorf("%s: write files by package disk", what)
		}
	}
}

// TestChangesAreFound checks that TestFilesAreWrittenInOnePlace can fail.
func TestChangesAreFound(t *testing.T) {
	t.Parallel()
	found := changes(t, "a.go", "package a\nfunc f() {\n\tos.WriteFile(a, b, c)\n\tos.ReadFile(a)\n"+
		"\tdo(os.Rename)\n\tdisk.Remove(a)\n}\n")
	if got, want := strings.Join(found, " "), "a.go:3:2 a.go:5:5"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// changes lists where a file of the program changes files.
func changes(t *testing.T, path, text string) []string {
	t.Helper()
	return placesOf(t, path, text, func(n ast.Node) bool {
		f, ok := n.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		of, _ := f.X.(*ast.Ident)
		return of != nil && of.Name == "os" && slices.Contains(changing, f.Sel.Name)
	})
}
