package repo

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// mostBytes is the largest size of the program on Linux on amd64, without what only a debugger
// needs. Without -trimpath, as here, it is some 30 kB larger.
const mostBytes = 20_000_000

// TestProgramIsSmall checks the size of the program, and that nothing in it calls methods by names
// that it finds out when it runs, as text/template does: the linker then keeps all exported methods
// of all types, which are a fifth of the program.
func TestProgramIsSmall(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "budget.exe")
	cmd := exec.Command("go", "build", "-buildvcs=false", "-ldflags=-s -w -dumpdep", "-o", program,
		"./cmd/budget")
	cmd.Dir = root
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, said[max(0, len(said)-1000):])
	}
	called := reflecting(string(said))
	if !strings.Contains(string(said), "main.main -> main.run") || len(called) > 0 {
		t.Errorf("the linker keeps all exported methods because of %q", called)
	}
	info, err := os.Stat(program)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "linux" && runtime.GOARCH == "amd64" && info.Size() >= mostBytes {
		t.Errorf("the program has %d bytes: go tool nm -size -sort size says of what", info.Size())
	}
}

// reflecting returns the functions that call methods by name, of the dependencies that the linker
// lists.
func reflecting(dependencies string) (names []string) {
	for line := range strings.Lines(dependencies) {
		from, _, _ := strings.Cut(strings.TrimSpace(line), " -> ")
		if name, flags, ok := strings.Cut(from, " <"); ok && strings.Contains(flags, "ReflectMethod") &&
			!slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// TestReflectingIsFound checks that TestProgramIsSmall can fail.
func TestReflectingIsFound(t *testing.T) {
	t.Parallel()
	got := reflecting("a.f -> a.g <ReflectMethod>\na.g <ReflectMethod> -> reflect.Value.MethodByName\n" +
		"a.g <ReflectMethod> -> a.h\ntype:a.t <UsedInIface> -> a.h\n")
	if !slices.Equal(got, []string{"a.g"}) {
		t.Errorf("found %q", got)
	}
}
