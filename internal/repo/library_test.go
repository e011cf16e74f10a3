package repo

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLibraryProgramIsTheExample: the program that README shows under "As a library" is the
// example of package solver, which runs.
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
	section := between("README.md", "## As a library\n", "\n## ")
	_, shown, _ := strings.Cut(section, "```go\n")
	shown, _, _ = strings.Cut(shown, "```")
	example := between("solver/example_test.go", "\nfunc Example() {\n", "\t// Output:\n")
	if want := strings.ReplaceAll("\t"+example, "\n\t", "\n")[1:]; strings.TrimSpace(shown) != want {
		t.Errorf("README shows\n%s\n\nand the example is\n%s", shown, want)
	}
}
