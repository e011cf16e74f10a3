//go:build goexperiment.simd && amd64

package incidence

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestNarrowFolds: folds and batches with 256-bit vectors are made from those with 512
// bits.
func TestNarrowFolds(t *testing.T) {
	fresh := filepath.Join(t.TempDir(), "phases")
	narrow := exec.Command("go", "run", "../plant/narrow.go", "vectors_avx512_amd64", fresh)
	if out, err := narrow.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want, err := os.ReadFile(fresh + ".go")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile("vectors_avx2_amd64.go"); err != nil || string(got) != string(want) {
		t.Errorf("vectors_avx2_amd64.go is not what narrow.go makes (%v): go generate ./solver/incidence",
			err)
	}
}
