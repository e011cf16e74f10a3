package field

import "math"

// levelCounts counts levels shown, from 0 to 100 %.
type levelCounts [101]int64

// percent returns a level in whole per cent, 0 to 100.
func percent(level float64) int { return int(math.Floor(100*level + 0.5)) }

func (n levelCounts) plus(m levelCounts) levelCounts {
	for i := range n {
		n[i] += m[i]
	}
	return n
}

func (n levelCounts) total() (sum int64) {
	for _, k := range n {
		sum += k
	}
	return sum
}

// coarse reports whether a log has its levels in steps of 5 %: five different ones would rarely be
// multiples of 5 % by chance.
func (n levelCounts) coarse() bool {
	distinct := 0
	for i, k := range n {
		switch {
		case k > 0 && i%5 != 0:
			return false
		case k > 0:
			distinct++
		}
	}
	return distinct >= 5
}
