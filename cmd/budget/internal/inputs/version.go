package inputs

import (
	"cmp"
	"runtime/debug"
	"sync"
)

// Stamp is the version that the linker was given, in place of the one that the go command found; ""
// without one.
var Stamp string

var buildInfo = sync.OnceValue(func() *debug.BuildInfo {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return info
})

// Version returns the program's version: the one given to the linker, that of the module with go
// install budget/cmd/budget@VERSION, or that of the commit with go build. It is "devel" if the
// build has none, as with go run.
func Version() string { return versionOf(buildInfo(), Stamp) }

func versionOf(info *debug.BuildInfo, stamp string) string {
	found := info.Main.Version
	if found == "(devel)" {
		found = ""
	}
	return cmp.Or(stamp, found, "devel")
}

// Commit returns the commit that the program was built from, and whether files had changed since;
// "" if the build does not say.
func Commit() (hash string, changed bool) { return commitOf(buildInfo()) }

func commitOf(info *debug.BuildInfo) (hash string, changed bool) {
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			hash = s.Value
		case "vcs.modified":
			changed = s.Value == "true"
		}
	}
	return hash, changed
}
