package repo

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLibraryProgramIsTheExample checks that the program in docs/library.md is the example of
// package solver. The example is run as a test.
func TestLibraryProgramIsTheExample(t *testing.T) {
	t.Parallel()
	between := func(file, first, last string) string {
		data, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		_, text, _ := strings.Cut(string(data), first)
		text, _, found := strings.Cut(text, last)
		if !found {
			t.Fatalf("%s has nothing between %q and %q", file, first, last)
		}
		return strings.TrimSpace(text)
	}
	shown := between("docs/library.md", "```go\n", "```")
	example := between("solver/example_test.go", "\nfunc Example() {\n", "\t// Output:\n")
	if want := strings.ReplaceAll("\t"+example, "\n\t", "\n")[1:]; shown != want {
		t.Errorf("docs/library.md shows\n%s\n\nand the example is\n%s", shown, want)
	}
}
