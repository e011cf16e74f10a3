package repo

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var (
	update = flag.Bool("update", false, "write the outputs and the picture that the pages show")
	long   = flag.Bool("long", false, "run the commands marked long, and draw the picture")
)

// root is the repository's root relative to this package's directory.
const root = "../.."

// notOurs lists files and directories that do not belong to the repository: those of version
// control and those in .gitignore.
var notOurs = []string{".git", "budget", "out", "plots/report/web/node_modules"}

// files returns the paths of the repository's files, relative to the root.
func files(t *testing.T) []string {
	t.Helper()
	var paths []string
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case slices.Contains(notOurs, path) && entry.IsDir():
			return fs.SkipDir
		case entry.IsDir(), slices.Contains(notOurs, path),
			strings.HasSuffix(path, ".test"), strings.HasSuffix(path, ".prof"):
			return nil
		}
		paths = append(paths, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// pages returns the repository's Markdown pages.
func pages(t *testing.T) []string {
	return slices.DeleteFunc(files(t), func(path string) bool {
		return filepath.Ext(path) != ".md" || strings.Contains(path, "testdata/")
	})
}

// read returns the content of a file of the repository.
func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// write replaces a file of the repository.
func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(root, path), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
