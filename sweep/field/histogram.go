package field

import (
	"encoding/json"
	"errors"
	"iter"
	"math"
	"slices"
	"strconv"

	"budget/solver/estimate"
)

// histogram counts whole numbers, such as times in ticks. Numbers near each other are counted in
// one page, because a log has many of them.
type histogram struct {
	pages []*page
	first int64 // number of the first page
}

// pageBits is the logarithm of the number of values in a page.
const pageBits = 6

// page counts the values whose quotient by its length is the number of the page.
type page [1 << pageBits]int64

// add counts a value n more times.
func (h *histogram) add(value, n int64) {
	number := value >> pageBits
	if i := number - h.first; i < 0 || i >= int64(len(h.pages)) || h.pages[i] == nil {
		h.extend(number)
	}
	h.pages[number-h.first][value&(1<<pageBits-1)] += n
}

// extend adds a page.
func (h *histogram) extend(number int64) {
	if len(h.pages) == 0 {
		h.first = number
	}
	if before := h.first - number; before > 0 {
		h.pages = slices.Concat(make([]*page, before), h.pages)
		h.first = number
	}
	if i := int(number - h.first); i >= len(h.pages) {
		h.pages = append(h.pages, make([]*page, i+1-len(h.pages))...)
	}
	h.pages[number-h.first] = &page{}
}

// count returns how often a value occurs.
func (h *histogram) count(value int64) int64 {
	i := value>>pageBits - h.first
	if i < 0 || i >= int64(len(h.pages)) || h.pages[i] == nil {
		return 0
	}
	return h.pages[i][value&(1<<pageBits-1)]
}

// all returns the values that occur, in ascending order, and how often each does.
func (h *histogram) all() iter.Seq2[int64, int64] {
	return func(yield func(value, n int64) bool) {
		for i, p := range h.pages {
			if p == nil {
				continue
			}
			for j, n := range p {
				if n != 0 && !yield((h.first+int64(i))<<pageBits+int64(j), n) {
					return
				}
			}
		}
	}
}

// merge adds the counts of another histogram.
func (h *histogram) merge(other *histogram) {
	for value, n := range other.all() {
		h.add(value, n)
	}
}

// total returns the number of values.
func (h *histogram) total() (n int64) {
	for _, m := range h.all() {
		n += m
	}
	return n
}

// quantiles returns quantiles of the values as estimate.Quantile does for single values.
func (h *histogram) quantiles(p ...float64) []float64 {
	n := h.total()
	out := make([]float64, len(p))
	for i, p := range p {
		out[i] = math.NaN()
		if n == 0 {
			continue
		}
		place := p * float64(n-1)
		rank := min(int64(place), n-1)
		pair := []float64{h.ranked(rank), h.ranked(min(rank+1, n-1))}
		out[i] = estimate.Quantile(pair, place-float64(rank))
	}
	return out
}

// ranked returns the value of a rank, from 0.
func (h *histogram) ranked(rank int64) float64 {
	for v, n := range h.all() {
		if rank -= n; rank < 0 {
			return float64(v)
		}
	}
	return math.NaN()
}

// MarshalJSON writes a list of the smallest value and its count, then for each further value the
// difference from the one before and its count.
func (h *histogram) MarshalJSON() ([]byte, error) {
	out := []byte{'['}
	before := int64(0)
	for v, n := range h.all() {
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = strconv.AppendInt(out, v-before, 10)
		out = append(out, ',')
		out = strconv.AppendInt(out, n, 10)
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
		h.add(value, list[i+1])
	}
	return nil
}

// mostSessions bounds the number of sessions in a log, so that no sum overflows; mostTicks bounds
// the values of a histogram, and its memory.
const (
	mostSessions = 1 << 33
	mostTicks    = 1 << 23
)
