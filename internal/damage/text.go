package damage

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
)

// odd are cells that a table or document of results may not have, in most places.
var odd = []string{"", "NaN", "-NaN", "Inf", "-Inf", "-1", "0", "1.5", "1e400", "1e300", "-1e-300",
	"9223372036854775808", "0x10", "1_000", " 1", "nothing", "power-off", "met", "\x00", "é", "1;2",
	"99999999999999999999"}

// Table returns a CSV table with one change: a cell or a column's name, or lines lost, repeated
// or in another order.
func Table(r *rand.Rand, text []byte) []byte {
	lines := strings.SplitAfter(string(text), "\n")
	if len(lines) < 3 {
		return text
	}
	i := 1 + r.IntN(len(lines)-2)
	switch r.IntN(10) {
	case 0:
		lines = slices.Delete(lines, i, min(i+1+r.IntN(3), len(lines)))
	case 1:
		lines = slices.Insert(lines, i, lines[i])
	case 2:
		j := 1 + r.IntN(len(lines)-2)
		lines[i], lines[j] = lines[j], lines[i]
	case 3:
		lines[0] = changeCell(r, lines[0])
	case 4:
		lines[i] = strings.Repeat(lines[i], 1+r.IntN(100))
	default:
		lines[i] = changeCell(r, lines[i])
	}
	return []byte(strings.Join(lines, ""))
}

func changeCell(r *rand.Rand, line string) string {
	cells := strings.Split(strings.TrimSuffix(line, "\n"), ",")
	cells[r.IntN(len(cells))] = odd[r.IntN(len(odd))]
	return strings.Join(cells, ",") + "\n"
}

// JSON returns a document with one change to a value: another value or none, or a list that is
// shorter, longer or in another order.
func JSON(r *rand.Rand, text []byte) []byte {
	var document any
	if err := json.Unmarshal(text, &document); err != nil {
		return text
	}
	var places []func()
	visit(r, document, func(any) {}, &places)
	if len(places) == 0 {
		return text
	}
	places[r.IntN(len(places))]()
	out, err := json.Marshal(document)
	if err != nil {
		return text
	}
	return out
}

// visit lists the possible changes of a value. set replaces it.
func visit(r *rand.Rand, value any, set func(any), places *[]func()) {
	switch v := value.(type) {
	case map[string]any:
		var keys []string
		for key := range v {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			*places = append(*places, func() { delete(v, key) })
			visit(r, v[key], func(x any) { v[key] = x }, places)
		}
	case []any:
		*places = append(*places, func() {
			if len(v) == 0 {
				set([]any{1.0})
				return
			}
			i := r.IntN(len(v))
			switch r.IntN(3) {
			case 0:
				set(slices.Delete(slices.Clone(v), i, i+1))
			case 1:
				set(slices.Insert(slices.Clone(v), i, v[r.IntN(len(v))]))
			default:
				set([]any{})
			}
		})
		for i := range v {
			visit(r, v[i], func(x any) { v[i] = x }, places)
		}
		return
	}
	*places = append(*places, func() { set(another(r, value)) })
}

// another returns an odd value, more often of the same kind.
func another(r *rand.Rand, value any) any {
	numbers := []any{-1.0, 0.0, 0.5, 1.5, 1e18, 1e300, -1e-300, 3e9}
	switch value.(type) {
	case float64:
		if r.IntN(4) > 0 {
			return numbers[r.IntN(len(numbers))]
		}
	case string:
		if r.IntN(4) > 0 {
			return odd[r.IntN(len(odd))]
		}
	}
	return append(numbers, nil, true, "", "nothing", []any{}, map[string]any{})[r.IntN(14)]
}
