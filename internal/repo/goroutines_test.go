package repo

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// starters is the folder that may start goroutines: a panic in any other ends the process with
// the trace of Go and the exit code 2, past the program's own message.
const starters = "internal/parallel/"

// TestGoroutinesStartInOnePlace checks that only package parallel starts goroutines, which hands
// their panics to the caller. Tests may start some, too.
func TestGoroutinesStartInOnePlace(t *testing.T) {
	t.Parallel()
	for _, path := range files(t) {
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") ||
			strings.HasPrefix(path, starters) {
			continue
		}
		for _, what := range starts(t, path, read(t, path)) {
			t.Errorf("%s: use parallel.Go, For or Map", what)
		}
	}
}

// TestStartsAreFound checks that TestGoroutinesStartInOnePlace can fail.
func TestStartsAreFound(t *testing.T) {
	t.Parallel()
	found := starts(t, "a.go", "package a\nfunc f() {\n\tgo f()\n\tvar g sync.WaitGroup\n\tg.Go(f)\n"+
		"\ttime.AfterFunc(1, f)\n\tparallel.Go(f)\n}\n")
	if got, want := strings.Join(found, " "), "a.go:3:2 a.go:5:2 a.go:6:2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// starts lists where a file starts goroutines.
func starts(t *testing.T, path, text string) []string {
	t.Helper()
	return placesOf(t, path, text, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			return true
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.SelectorExpr); ok {
				of, _ := f.X.(*ast.Ident)
				return f.Sel.Name == "AfterFunc" || f.Sel.Name == "Go" && (of == nil || of.Name != "parallel")
			}
		}
		return false
	})
}

// placesOf lists where a file has what is looked for.
func placesOf(t *testing.T, path, text string, is func(ast.Node) bool) (places []string) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, text, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if is(n) {
			places = append(places, fset.Position(n.Pos()).String())
		}
		return true
	})
	return places
}
