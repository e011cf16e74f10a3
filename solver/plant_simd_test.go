//go:build goexperiment.simd && amd64

package solver

import (
	"reflect"
	"testing"

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
