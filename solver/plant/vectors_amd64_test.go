//go:build goexperiment.simd && amd64

package plant

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"
	"unsafe"

	"budget/model"
)

// TestNarrowPhases: the phases with 256-bit vectors are made from those with 512
// bits.
func TestNarrowPhases(t *testing.T) {
	fresh := filepath.Join(t.TempDir(), "phases")
	narrow := exec.Command("go", "run", "narrow.go", "phases512_amd64", fresh)
	if out, err := narrow.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want, err := os.ReadFile(fresh + ".go")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile("phases256_amd64.go"); err != nil || string(got) != string(want) {
		t.Errorf("phases256_amd64.go is not what narrow.go makes (%v): go generate ./solver/plant", err)
	}
}

// needVectors skips a test where the portable kernel is the only one.
func needVectors(t *testing.T) {
	t.Helper()
	if len(implementations) == 1 {
		t.Skip("this processor has no kernel but the portable one")
	}
}

// sameHistories runs paths with all kernels and compares what they leave.
func sameHistories(t *testing.T, p *Plant, s Sampler, first, last uint64, steps int,
	ends map[model.Cause]int) {
	t.Helper()
	needVectors(t)
	want := map[uint64]History{}
	slow := newPortable(p, s)
	slow.Run(steps, pathsFrom(first, last), func(path uint64, h *History) {
		want[path] = copyOf(h)
		ends[h.Cause]++
	})
	for _, k := range implementations[:len(implementations)-1] {
		kernel := p.Kernel(k.name, s)
		seen := map[uint64]bool{}
		kernel.Run(steps, pathsFrom(first, last), func(path uint64, h *History) {
			if w := want[path]; seen[path] || !reflect.DeepEqual(copyOf(h), w) {
				t.Fatalf("%s: path %d: %+v, portable kernel %+v", k.name, path, *h, w)
			}
			seen[path] = true
		})
		if len(seen) != len(want) {
			t.Fatalf("%s: %d paths of %d", k.name, len(seen), len(want))
		}
		if kernel.Stepped() != slow.Stepped() {
			t.Fatalf("%s: %d steps, portable kernel %d", k.name, kernel.Stepped(), slow.Stepped())
		}
	}
}

// TestVectorKernelsLeaveSameHistories over every branch of the plant, from
// arbitrary path numbers on, with skipped paths and without.
func TestVectorKernelsLeaveSameHistories(t *testing.T) {
	for name, k := range kernelCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := compile(t, scenario(t, k.toml), k.c)
			ends := map[model.Cause]int{}
			for _, sampling := range []Sampling{Tilted, Independent} {
				s := NewSampler(11, sampling)
				sameHistories(t, p, s, 0, longer(400), p.Steps, ends)
				sameHistories(t, p, s, 1<<32-101, 1<<32+102, p.Steps, ends)
				sameHistories(t, p.WithoutSkipping(), s, 0, longer(130), p.Steps, ends)
			}
			t.Log(ends)
		})
	}
}

// TestVectorKernelsLeaveSameHistoriesOfAllSessions for every session type of the
// catalog to its horizon, hundreds of paths, in runs of every remainder.
func TestVectorKernelsLeaveSameHistoriesOfAllSessions(t *testing.T) {
	scenario := model.Default()
	for _, session := range scenario.Sessions {
		t.Run(session.ID, func(t *testing.T) {
			t.Parallel()
			p := compile(t, scenario, Case{Session: session.ID})
			ends := map[model.Cause]int{}
			s := NewSampler(5, Tilted)
			sameHistories(t, p, s, 0, longer(512), p.Steps, ends)
			sameHistories(t, p, s, 5000, 5001, p.Steps, ends)
			sameHistories(t, p, s, 7777, 7810, min(p.Steps, 101), ends)
			sameHistories(t, p, NewSampler(0, Independent), 1<<40+3, 1<<40+longer(200), p.Steps, ends)
			sameHistories(t, p.WithoutSkipping(), s, 0, longer(130), min(p.Steps, 1000), ends)
			t.Log(ends)
		})
	}
}

// TestVectorKernelsOfAnyNumberOfPaths: runs of different lengths, down to none and to
// paths of no steps, and a kernel used again.
func TestVectorKernelsOfAnyNumberOfPaths(t *testing.T) {
	needVectors(t)
	p := compile(t, model.Default(), Case{Session: "audio", Duration: 300}).WithoutSkipping()
	s := NewSampler(9, Tilted)
	for n := range uint64(70) {
		for _, steps := range []int{0, 1, 7, 8, p.Steps} {
			sameHistories(t, p, s, 3*n, 4*n, steps, map[model.Cause]int{})
		}
	}
	for _, k := range implementations[:len(implementations)-1] {
		again := p.Kernel(k.name, s)
		for _, n := range []uint64{100, 3, 0, 33, 1} {
			again.Run(p.Steps, pathsFrom(n, 2*n), func(path uint64, h *History) {
				if want := historyOf(p, s, path, p.Steps); !reflect.DeepEqual(*h, want) {
					t.Fatalf("%s: path %d of a kernel used before: %+v, want %+v", k.name, path, *h, want)
				}
			})
		}
	}
}

// TestVectorsAreAligned: a vector across two cache lines takes twice the time.
func TestVectorsAreAligned(t *testing.T) {
	v := new(vectorMemory)
	for _, p := range []unsafe.Pointer{unsafe.Pointer(&v.columns[0]), unsafe.Pointer(&v.columns[1]),
		unsafe.Pointer(&v.airs), unsafe.Pointer(&v.constants), unsafe.Pointer(&v.workspace)} {
		if uintptr(p)%64 != 0 {
			t.Errorf("vectors at %p", p)
		}
	}
}
