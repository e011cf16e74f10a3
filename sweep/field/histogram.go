package field

import (
	"encoding/json"
	"errors"
	"maps"
	"math"
	"slices"
	"strconv"

	"budget/solver/estimate"
)

// histogram counts whole numbers, such as times in ticks.
type histogram map[int64]int64

// add counts a value n more times.
func (h *histogram) add(value, n int64) {
	if *h == nil {
		*h = histogram{}
	}
	(*h)[value] += n
}

// merge adds the counts of another histogram.
func (h *histogram) merge(other histogram) {
	for value, n := range other {
		h.add(value, n)
	}
}

// values returns the values that occur, in ascending order.
func (h histogram) values() []int64 { return slices.Sorted(maps.Keys(h)) }

// total returns the number of values.
func (h histogram) total() (n int64) {
	for _, m := range h {
		n += m
	}
	return n
}

// quantiles returns quantiles of the values as estimate.Quantile does for single values.
func (h histogram) quantiles(p ...float64) []float64 {
	values, n := h.values(), h.total()
	out := make([]float64, len(p))
	for i, p := range p {
		out[i] = math.NaN()
		if n == 0 {
			continue
		}
		place := p * float64(n-1)
		rank := min(int64(place), n-1)
		pair := []float64{h.ranked(values, rank), h.ranked(values, min(rank+1, n-1))}
		out[i] = estimate.Quantile(pair, place-float64(rank))
	}
	return out
}

// ranked returns the value of a rank, from 0, given the values in order.
func (h histogram) ranked(values []int64, rank int64) float64 {
	for _, v := range values {
		if rank -= h[v]; rank < 0 {
			return float64(v)
		}
	}
	return math.NaN()
}

// MarshalJSON writes a list of the smallest value and its count, then for each further value the
// difference from the one before and its count.
func (h histogram) MarshalJSON() ([]byte, error) {
	out := []byte{'['}
	before := int64(0)
	for _, v := range h.values() {
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = strconv.AppendInt(out, v-before, 10)
		out = append(out, ',')
		out = strconv.AppendInt(out, h[v], 10)
		before = v
	}
	return append(out, ']'), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (h *histogram) UnmarshalJSON(data []byte) error {
	var list []int64
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	if len(list)%2 != 0 {
		return errors.New("expected pairs of a value and a count")
	}
	*h = histogram{}
	value := int64(0)
	for i := 0; i < len(list); i += 2 {
		value += list[i]
		if i > 0 && list[i] <= 0 || list[i+1] <= 0 || list[i+1] > mostSessions ||
			max(value, -value) > mostTicks {
			return errors.New("expected ascending values with positive counts")
		}
		(*h)[value] = list[i+1]
	}
	return nil
}

// mostSessions bounds the number of sessions in a log, mostTicks the values of a histogram, so
// that no sum overflows.
const (
	mostSessions = 1 << 33
	mostTicks    = 1 << 40
)
