package inputs

import (
	"math"
	"testing"
	"time"

	"budget/model"
)

func TestParsePaths(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"1": 1, "20000": 20000, "20 000": 20000, "20_000": 20000, "20k": 20000, "1e6": 1_000_000,
		"4M": 4_000_000, "1.5k": 1500,
	} {
		if got, err := ParsePaths(text); err != nil || got != want {
			t.Errorf("ParsePaths(%q) = %d, %v, want %d", text, got, err, want)
		}
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		limit model.Duration
		n     int
		want  time.Duration
	}{
		{10, 4, 2500 * time.Millisecond}, {1e-12, 1, 1}, {400 * 365 * 86400, 1, math.MaxInt64},
		{400 * 365 * 86400, 2, 200 * 365 * 24 * time.Hour}, {1e300, 3, math.MaxInt64},
	} {
		if got := Timeout(test.limit, test.n); got != test.want {
			t.Errorf("Timeout(%v, %d) = %v, want %v", float64(test.limit), test.n, got, test.want)
		}
	}
}
