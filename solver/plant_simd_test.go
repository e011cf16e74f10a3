//go:build goexperiment.simd && amd64

package solver

import (
	"context"
	"reflect"
	"testing"
	"unsafe"

	"budget/model"
)

// sameHistories runs paths with both kernels and compares what they leave.
func sameHistories(t *testing.T, p *Program, s sampler, first, last uint64, steps int, ends map[model.Cause]int) {
	t.Helper()
	if fast.make == nil {
		t.Skip("this processor has no kernel but the portable one")
	}
	var want []History
	(&scalar{program: p, sampler: s}).run(first, last, steps, func(_ uint64, h *History) {
		copied := *h
		copied.Runs = append([]Run(nil), h.Runs...)
		want = append(want, copied)
	})
	path := first
	newKernel(p, s, false).run(first, last, steps, func(number uint64, h *History) {
		if number != path {
			t.Fatalf("history of path %d, want that of %d", number, path)
		}
		if w := &want[path-first]; !reflect.DeepEqual(h, w) {
			t.Fatalf("path %d: %+v, portable kernel %+v", path, *h, *w)
		}
		ends[h.Cause]++
		path++
	})
	if path != last {
		t.Fatalf("the last path is %d, want %d", path-1, last-1)
	}
}

// TestVectorKernelLeavesSameHistories over every branch of the plant, from
// arbitrary path numbers on.
func TestVectorKernelLeavesSameHistories(t *testing.T) {
	for name, k := range kernelCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := compile(t, scenario(t, k.toml), k.c)
			ends := map[model.Cause]int{}
			for _, e := range []Estimator{Weights, Counts} {
				s := newSampler(11, e)
				sameHistories(t, p, s, 0, 1500, p.steps, ends)
				sameHistories(t, p, s, 1<<32-101, 1<<32+102, p.steps, ends)
			}
			t.Log(ends)
		})
	}
}

// TestVectorKernelLeavesSameHistoriesOfAllSessions for every session type of the
// catalog to its horizon, thousands of paths, in runs of every remainder.
func TestVectorKernelLeavesSameHistoriesOfAllSessions(t *testing.T) {
	scenario := model.Default()
	for _, session := range scenario.Sessions {
		t.Run(session.ID, func(t *testing.T) {
			t.Parallel()
			p := compile(t, scenario, Case{Session: session.ID})
			ends := map[model.Cause]int{}
			s := newSampler(5, Weights)
			sameHistories(t, p, s, 0, 2048, p.steps, ends)
			sameHistories(t, p, s, 5000, 5001, p.steps, ends)
			sameHistories(t, p, s, 7777, 7810, min(p.steps, 100), ends)
			sameHistories(t, p, newSampler(0, Counts), 1<<40+3, 1<<40+800, p.steps, ends)
			t.Log(ends)
		})
	}
}

// TestVectorKernelOfAnyNumberOfPaths reuses one kernel for runs of different
// lengths, down to none and to paths of no steps.
func TestVectorKernelOfAnyNumberOfPaths(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "audio", Duration: 300})
	s := newSampler(9, Weights)
	for n := range uint64(70) {
		for _, steps := range []int{0, 1, 7, p.steps} {
			sameHistories(t, p, s, 3*n, 4*n, steps, map[model.Cause]int{})
		}
	}
	if fast.make == nil {
		return
	}
	k, want := newKernel(p, s, false), newKernel(p, s, true)
	for _, n := range []uint64{100, 3, 0, 33, 1} {
		var histories []History
		want.run(n, 2*n, p.steps, func(_ uint64, h *History) {
			copied := *h
			copied.Runs = append([]Run(nil), h.Runs...)
			histories = append(histories, copied)
		})
		k.run(n, 2*n, p.steps, func(path uint64, h *History) {
			if !reflect.DeepEqual(*h, histories[path-n]) {
				t.Fatalf("path %d of a kernel used before: %+v, want %+v", path, *h, histories[path-n])
			}
		})
	}
}

// TestKernelsLeaveSameTallies: the same bytes for both estimators and any number
// of workers.
func TestKernelsLeaveSameTallies(t *testing.T) {
	for _, session := range []string{"mindfulness", "physical-therapy"} {
		p := compile(t, model.Default(), Case{Session: session, Duration: 1800})
		for _, e := range []Estimator{Weights, Counts} {
			for _, q := range []Question{{Paths: 5001}, {Precision: 200, MaxPaths: 1 << 17}} {
				q.Tolerances, q.Confidence, q.Family = []float64{0.003, 0.005}, 0.95, 2
				var first *Answer
				for _, portable := range []bool{true, false} {
					a, err := p.Answer(context.Background(), Settings{Seed: 3, Estimator: e, Portable: portable,
						Readings: bothReadings, Failures: model.Failures, Workers: 2}, q)
					if err != nil {
						t.Fatal(err)
					}
					if first == nil {
						first = a
					} else if !reflect.DeepEqual(a.tally, first.tally) || !reflect.DeepEqual(a.splices, first.splices) || !reflect.DeepEqual(a.Caps, first.Caps) {
						t.Errorf("%s, %s, %+v: the kernels give different results", session, e, q)
					}
				}
			}
		}
	}
}

// TestVectorKernelDoesNotAllocate once its histories have their size.
func TestVectorKernelDoesNotAllocate(t *testing.T) {
	if fast.make == nil {
		t.Skip("this processor has no kernel but the portable one")
	}
	p := compile(t, model.Default(), Case{Session: "mindfulness", Duration: 600})
	k := newKernel(p, newSampler(1, Weights), false)
	book := func(uint64, *History) {}
	for range 20 {
		k.run(0, 256, p.steps, book)
	}
	if n := testing.AllocsPerRun(10, func() { k.run(0, 256, p.steps, book) }); n > 5 {
		t.Errorf("256 paths allocate %v times", n)
	}
}

// TestVectorsAreAligned: a vector across two cache lines takes twice the time.
func TestVectorsAreAligned(t *testing.T) {
	m := new(vectorMemory)
	for _, p := range []unsafe.Pointer{unsafe.Pointer(&m.constants), unsafe.Pointer(&m.columns[0]), unsafe.Pointer(&m.columns[1]),
		unsafe.Pointer(&m.words), unsafe.Pointer(&m.workspace)} {
		if uintptr(p)%64 != 0 {
			t.Errorf("vectors at %p", p)
		}
	}
}
