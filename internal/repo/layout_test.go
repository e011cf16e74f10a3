package repo

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestFilesOfPackagesFormNoCycles checks that the files of a package can be read in one order: a
// file refers only to functions, types, methods, variables and constants of files before it. The
// fields of a struct belong to its type.
func TestFilesOfPackagesFormNoCycles(t *testing.T) {
	t.Parallel()
	for _, p := range checked(t) {
		for _, cycle := range cycles(p.references()) {
			t.Errorf("%s: these files refer to each other in a circle:\n\t%s", p.path,
				strings.Join(p.explain(cycle), "\n\t"))
		}
	}
}

// TestCyclesAreFound checks that TestFilesOfPackagesFormNoCycles can fail.
func TestCyclesAreFound(t *testing.T) {
	t.Parallel()
	refs := map[string]map[string][]string{"a": {"b": nil}, "b": {"c": nil},
		"c": {"b": nil, "d": nil}, "d": {}}
	if got, want := fmt.Sprint(cycles(refs)), "[[b c]]"; got != want {
		t.Errorf("cycles: got %s, want %s", got, want)
	}
}

// typed is a type-checked package.
type typed struct {
	path  string
	fset  *token.FileSet
	files []*ast.File
	info  *types.Info
	pkg   *types.Package
}

// checked returns the module's packages, type-checked from source with the tests' own build
// settings: with the vector kernels if GOEXPERIMENT=simd is set. The settings are the same, so
// that nothing is compiled twice.
func checked(t *testing.T) []*typed {
	t.Helper()
	cmd := exec.Command("go", "list", "-export", "-deps",
		"-json=ImportPath,Dir,GoFiles,Export,Module", "./...")
	cmd.Dir = root
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	export := map[string]string{}
	fset := token.NewFileSet()
	var packages []*typed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath, Dir, Export string
			GoFiles                 []string
			Module                  *struct{ Main bool }
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		export[p.ImportPath] = p.Export
		if p.Module == nil || !p.Module.Main {
			continue
		}
		c := &typed{path: p.ImportPath, fset: fset}
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			c.files = append(c.files, f)
		}
		packages = append(packages, c)
	}
	imports := importer.ForCompiler(fset, "gc",
		func(path string) (io.ReadCloser, error) { return os.Open(export[path]) })
	for _, p := range packages {
		p.info = &types.Info{Uses: map[*ast.Ident]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{}}
		config := types.Config{Importer: imports}
		if p.pkg, err = config.Check(p.path, fset, p.files, p.info); err != nil {
			t.Fatal(err)
		}
	}
	return packages
}

// references returns, for each pair of files, what the first refers to in the second.
func (p *typed) references() map[string]map[string][]string {
	refs := map[string]map[string][]string{}
	for _, f := range p.files {
		from := filepath.Base(p.fset.Position(f.Pos()).Filename)
		refs[from] = map[string][]string{}
		ast.Inspect(f, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			object := p.info.Uses[id]
			if object == nil || object.Pkg() != p.pkg || !ofPackage(object) {
				return true
			}
			to := filepath.Base(p.fset.Position(object.Pos()).Filename)
			if to != from && !slices.Contains(refs[from][to], id.Name) {
				refs[from][to] = append(refs[from][to], id.Name)
			}
			return true
		})
	}
	return refs
}

// ofPackage reports whether an object is declared at package level: a function, method, type,
// variable or constant.
func ofPackage(object types.Object) bool {
	if f, ok := object.(*types.Func); ok {
		return f.Signature().Recv() != nil || f.Parent() == f.Pkg().Scope()
	}
	return object.Parent() == object.Pkg().Scope()
}

// cycles returns the sets of files that refer to each other in a circle, in order.
func cycles(refs map[string]map[string][]string) [][]string {
	var found [][]string
	number, low, on := map[string]int{}, map[string]int{}, map[string]bool{}
	var stack []string
	var visit func(string)
	visit = func(file string) {
		number[file] = len(number) + 1
		low[file] = number[file]
		stack, on[file] = append(stack, file), true
		for to := range refs[file] {
			if number[to] == 0 {
				visit(to)
				low[file] = min(low[file], low[to])
			} else if on[to] {
				low[file] = min(low[file], number[to])
			}
		}
		if low[file] == number[file] {
			i := slices.Index(stack, file)
			circle := slices.Clone(stack[i:])
			for _, f := range circle {
				on[f] = false
			}
			stack = stack[:i]
			if len(circle) > 1 {
				slices.Sort(circle)
				found = append(found, circle)
			}
		}
	}
	for file := range refs {
		if number[file] == 0 {
			visit(file)
		}
	}
	slices.SortFunc(found, slices.Compare[[]string])
	return found
}

// explain lists the references within a circle.
func (p *typed) explain(circle []string) []string {
	refs := p.references()
	var lines []string
	for _, from := range circle {
		for _, to := range circle {
			if names := refs[from][to]; len(names) > 0 {
				lines = append(lines, fmt.Sprintf("%s -> %s: %s", from, to, strings.Join(names, " ")))
			}
		}
	}
	return lines
}
