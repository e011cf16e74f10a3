package repo

import (
	"go/ast"
	"path/filepath"
	"strings"
	"testing"
)

// TestTextIsEscapedInOnePlace checks that text reaches standard output through a page or
// cli.System.Printf, which show what names hold, and CSV through escape.CSVWriter.
func TestTextIsEscapedInOnePlace(t *testing.T) {
	t.Parallel()
	for _, path := range files(t) {
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			continue
		}
		for _, what := range unescaped(t, path, read(t, path)) {
			t.Errorf("%s: write text by cli.Page or cli.System.Printf, CSV by escape.CSVWriter", what)
		}
	}
}

// TestUnescapedIsFound checks that TestTextIsEscapedInOnePlace can fail.
func TestUnescapedIsFound(t *testing.T) {
	t.Parallel()
	found := unescaped(t, "a.go", "package a\nfunc f() {\n\tfmt.Fprintln(sys.Stdout, a)\n"+
		"\tsys.Printf(a)\n\tcsv.NewWriter(w)\n\tfmt.Fprint(w, a)\n}\n")
	if got, want := strings.Join(found, " "), "a.go:3:2 a.go:5:2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// unescaped lists where a file prints to standard output, or writes CSV, past the escapers.
func unescaped(t *testing.T, path, text string) []string {
	t.Helper()
	return placesOf(t, path, text, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return false
		}
		f, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		switch of, _ := f.X.(*ast.Ident); {
		case of == nil:
			return false
		case of.Name == "csv" && f.Sel.Name == "NewWriter":
			return !strings.HasPrefix(path, "internal/escape/")
		case of.Name == "fmt" && strings.HasPrefix(f.Sel.Name, "Fprint"):
			to, ok := call.Args[0].(*ast.SelectorExpr)
			return ok && to.Sel.Name == "Stdout" && !strings.HasPrefix(path, "cmd/budget/internal/cli/")
		}
		return false
	})
}
