package field

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestHistogramCountsAsAMapDoes adds numbers near each other and far apart, in any order and in two
// parts, and compares all that a histogram says with a map.
func TestHistogramCountsAsAMapDoes(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	want := map[int64]int64{}
	var h, part histogram
	for _, spread := range []int64{10, 1000, 100_000} {
		for i := range 500 {
			value := random.Int64N(2*spread) - spread
			want[value] += 3
			if i%2 == 0 {
				h.add(value, 3)
			} else {
				part.add(value, 3)
			}
		}
	}
	h.merge(&part)
	if got := maps.Collect(h.all()); !maps.Equal(got, want) {
		t.Errorf("%d different values, want %d", len(got), len(want))
	}
	var values []int64
	for value, n := range h.all() {
		values = append(values, value)
		if h.count(value) != n {
			t.Errorf("count(%d) is %d, want %d", value, h.count(value), n)
		}
	}
	if !slices.IsSorted(values) {
		t.Error("the values are not in order")
	}
	if h.total() != 4500 || h.count(values[0]-1) != 0 || h.count(1<<40) != 0 {
		t.Errorf("%d values, want 4500, and none that was not added", h.total())
	}
	if first, last := h.ranked(0), h.ranked(4499); first != float64(values[0]) ||
		last != float64(values[len(values)-1]) {
		t.Errorf("values from %v to %v, want %d to %d", first, last, values[0], values[len(values)-1])
	}
}
