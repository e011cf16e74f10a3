package sweep

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"budget/solver"
)

// The sources without the tests, whose names end in t, as do those of the files that are named.
//
//go:embed *[^t].go cost.go request.go result.go
var sourceFiles embed.FS

// CodeDigest identifies the code that results depend on: it is a hash of the source files of this
// package and of all that it imports, of the catalog, and of the versions of other modules. Builds
// of the same code have the same digest, whatever their version says; a build of a changed working
// tree has another. Tests are not part of it. Go's own version is not either.
var CodeDigest = sync.OnceValue(func() string {
	all := solver.Sources()
	all["sweep"] = sourceFiles
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if err := hashFiles(h, name, all[name]); err != nil {
			panic("sweep: embedded files cannot be read: " + err.Error())
		}
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == "gonum.org/v1/gonum" { // the only other module that computes results
				fmt.Fprintln(h, m.Path, m.Version)
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil))
})

// hashFiles adds the files of a package to a hash, in order.
func hashFiles(h io.Writer, name string, files fs.FS) error {
	var room []byte // reused, because garbage would take longer than the hash
	return fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := readInto(room, files, path)
		if err != nil {
			return err
		}
		room = text
		if bytes.IndexByte(text, '\r') >= 0 { // a clone on Windows may have other ends of lines
			text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		}
		fmt.Fprintf(h, "%s/%s %d\n", name, path, len(text))
		_, err = h.Write(text)
		return err
	})
}

// readInto reads a file into a buffer, which it makes longer if it must.
func readInto(room []byte, files fs.FS, path string) ([]byte, error) {
	f, err := files.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	room = slices.Grow(room[:0], int(info.Size()))[:info.Size()]
	_, err = io.ReadFull(f, room)
	return room, err
}
