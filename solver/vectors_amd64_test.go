//go:build goexperiment.simd && amd64

package solver

import (
	"context"
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
	if out, err := exec.Command("go", "run", "narrow.go", fresh).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want, err := os.ReadFile(fresh)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile("vectors_avx2_amd64.go"); err != nil || string(got) != string(want) {
		t.Errorf("vectors_avx2_amd64.go is not what narrow.go makes (%v): go generate ./solver", err)
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
func sameHistories(t *testing.T, p *Program, s sampler, first, last uint64, steps int, ends map[model.Cause]int) {
	t.Helper()
	needVectors(t)
	want := map[uint64]History{}
	slow := newScalar(p.plant, s)
	slow.run(steps, pathsFrom(first, last), func(path uint64, h *History) {
		copied := *h
		copied.Runs = append([]Run(nil), h.Runs...)
		want[path] = copied
		ends[h.Cause]++
	})
	for _, k := range implementations[:len(implementations)-1] {
		kernel := k.kernel(p.plant, s)
		seen := map[uint64]bool{}
		kernel.run(steps, pathsFrom(first, last), func(path uint64, h *History) {
			if w := want[path]; seen[path] || !reflect.DeepEqual(*h, w) {
				t.Fatalf("%s: path %d: %+v, portable kernel %+v", k.name, path, *h, w)
			}
			seen[path] = true
		})
		if len(seen) != len(want) {
			t.Fatalf("%s: %d paths of %d", k.name, len(seen), len(want))
		}
		if kernel.stepped() != slow.stepped() {
			t.Fatalf("%s: %d steps, portable kernel %d", k.name, kernel.stepped(), slow.stepped())
		}
	}
}

// TestVectorKernelsLeaveSameHistories over every branch of the plant, from
// arbitrary path numbers on, with settled paths and without.
func TestVectorKernelsLeaveSameHistories(t *testing.T) {
	for name, k := range kernelCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := compile(t, scenario(t, k.toml), k.c)
			ends := map[model.Cause]int{}
			for _, e := range []Estimator{Weights, Counts} {
				s := newSampler(11, e, "")
				sameHistories(t, p, s, 0, 1500, p.steps, ends)
				sameHistories(t, p, s, 1<<32-101, 1<<32+102, p.steps, ends)
				sameHistories(t, stepped(p), s, 0, 500, p.steps, ends)
			}
			t.Log(ends)
		})
	}
}

// TestVectorKernelsLeaveSameHistoriesOfAllSessions for every session type of the
// catalog to its horizon, thousands of paths, in runs of every remainder.
func TestVectorKernelsLeaveSameHistoriesOfAllSessions(t *testing.T) {
	scenario := model.Default()
	for _, session := range scenario.Sessions {
		t.Run(session.ID, func(t *testing.T) {
			t.Parallel()
			p := compile(t, scenario, Case{Session: session.ID})
			ends := map[model.Cause]int{}
			s := newSampler(5, Weights, Tilted)
			sameHistories(t, p, s, 0, 2048, p.steps, ends)
			sameHistories(t, p, s, 5000, 5001, p.steps, ends)
			sameHistories(t, p, s, 7777, 7810, min(p.steps, 101), ends)
			sameHistories(t, p, newSampler(0, Counts, ""), 1<<40+3, 1<<40+800, p.steps, ends)
			sameHistories(t, stepped(p), s, 0, 512, min(p.steps, 1000), ends)
			t.Log(ends)
		})
	}
}

// TestVectorKernelsOfAnyNumberOfPaths: runs of different lengths, down to none and to
// paths of no steps, and a kernel used again.
func TestVectorKernelsOfAnyNumberOfPaths(t *testing.T) {
	needVectors(t)
	p := stepped(compile(t, model.Default(), Case{Session: "audio", Duration: 300}))
	s := newSampler(9, Weights, Tilted)
	for n := range uint64(70) {
		for _, steps := range []int{0, 1, 7, 8, p.steps} {
			sameHistories(t, p, s, 3*n, 4*n, steps, map[model.Cause]int{})
		}
	}
	for _, k := range implementations[:len(implementations)-1] {
		again := k.kernel(p.plant, s)
		for _, n := range []uint64{100, 3, 0, 33, 1} {
			again.run(p.steps, pathsFrom(n, 2*n), func(path uint64, h *History) {
				if want := historyOf(p, s, path, p.steps); !reflect.DeepEqual(*h, want) {
					t.Fatalf("%s: path %d of a kernel used before: %+v, want %+v", k.name, path, *h, want)
				}
			})
		}
	}
}

// TestKernelsLeaveSameTallies: the same bytes for both estimators and any kernel.
func TestKernelsLeaveSameTallies(t *testing.T) {
	needVectors(t)
	for _, session := range []string{"mindfulness", "physical-therapy"} {
		p := compile(t, model.Default(), Case{Session: session, Duration: 1800})
		for _, e := range []Estimator{Weights, Counts} {
			for _, q := range []Question{{Paths: 5001}, {Precision: 200, MaxPaths: 1 << 17}} {
				q.Tolerances, q.Confidence, q.Family = []float64{0.003, 0.005}, 0.95, 2
				var first *Answer
				for _, kernel := range Kernels() {
					a, err := p.Answer(context.Background(), Settings{Seed: 3, Estimator: e, Kernel: kernel,
						Readings: bothReadings, Failures: model.Failures, Workers: 2}, q)
					if err != nil {
						t.Fatal(err)
					}
					if first == nil {
						first = a
					} else if !sameBytes(a, first) {
						t.Errorf("%s, %s, %+v: %s gives another result than %s", session, e, q, kernel, Kernels()[0])
					}
				}
			}
		}
	}
}

// TestVectorsAreAligned: a vector across two cache lines takes twice the time.
func TestVectorsAreAligned(t *testing.T) {
	m := new(vectorMemory)
	for _, p := range []unsafe.Pointer{unsafe.Pointer(&m.constants), unsafe.Pointer(&m.columns[0]), unsafe.Pointer(&m.columns[1]),
		unsafe.Pointer(&m.airs), unsafe.Pointer(&m.workspace)} {
		if uintptr(p)%64 != 0 {
			t.Errorf("vectors at %p", p)
		}
	}
}
