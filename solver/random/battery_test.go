package random

import (
	"math"
	"math/bits"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mathext"
)

// A battery of classical tests on the orders in which a simulation reads its words. It
// catches a broken counter layout or a mistake in the rounds. It does not replace TestU01
// or PractRand, which Philox4x32-10 passes.
//
// References: D. E. Knuth, "The Art of Computer Programming" 2, 3rd ed., section 3.3.2; G.
// Marsaglia, W. W. Tsang, "Some difficult-to-pass tests of randomness", J. Stat. Software
// 7(3), 2002.

const (
	batteryWords = 1 << 20

	// Each p-value has to lie between these. 7 orders and 5 tests make 35 values, of which an
	// ideal source puts one outside in 0.7 % of all seeds; the seed is fixed, so a test that
	// passes keeps passing.
	batteryLow, batteryHigh = 1e-4, 1 - 1e-4
)

// wordTests give the probability that an ideal source yields at most the statistic found.
// They use all words.
var wordTests = []struct {
	name string
	p    func(words []uint32) float64
}{
	{"monobit", monobit},
	{"serial pairs", serialPairs},
	{"birthday spacings", birthdaySpacings},
	{"gap", gap},
	{"collision", collision},
}

func TestBattery(t *testing.T) {
	t.Parallel()
	key := NewKey(20240607)
	orders := []struct {
		name  string
		block func(i uint32) (x0, x1, x2, x3 uint32)
	}{
		{"one path, step after step", func(i uint32) (uint32, uint32, uint32, uint32) {
			return Stream{Key: key, Path: 12, Purpose: 1}.Block(i)
		}},
		{"one step, path after path", func(i uint32) (uint32, uint32, uint32, uint32) {
			return Stream{Key: key, Path: uint64(i), Purpose: 1}.Block(360)
		}},
		{"64 paths in turn, step after step", func(i uint32) (uint32, uint32, uint32, uint32) {
			return Stream{Key: key, Path: uint64(i % 64), Purpose: 1}.Block(i / 64)
		}},
		{"high words of the path", func(i uint32) (uint32, uint32, uint32, uint32) {
			return Stream{Key: key, Path: uint64(i) << 32, Purpose: 1}.Block(0)
		}},
		{"purpose after purpose", func(i uint32) (uint32, uint32, uint32, uint32) {
			return Stream{Key: key, Path: 12, Purpose: i}.Block(0)
		}},
		{"seed after seed", func(i uint32) (uint32, uint32, uint32, uint32) {
			return Stream{Key: NewKey(uint64(i)), Path: 12, Purpose: 1}.Block(0)
		}},
		{"one path, bits reversed", func(i uint32) (uint32, uint32, uint32, uint32) {
			x0, x1, x2, x3 := Stream{Key: key, Path: 13, Purpose: 1}.Block(i)
			return bits.Reverse32(x0), bits.Reverse32(x1), bits.Reverse32(x2), bits.Reverse32(x3)
		}},
	}
	for _, order := range orders {
		t.Run(order.name, func(t *testing.T) {
			t.Parallel()
			words := make([]uint32, 0, batteryWords)
			for i := range uint32(batteryWords / 4) {
				x0, x1, x2, x3 := order.block(i)
				words = append(words, x0, x1, x2, x3)
			}
			for _, test := range wordTests {
				if p := test.p(words); !(p > batteryLow && p < batteryHigh) {
					t.Errorf("%s: p = %.3g, want within (%g, 1 - %g)", test.name, p, batteryLow, batteryLow)
				}
			}
		})
	}
}

// Each test has to reject a source with the defect it looks for.
func TestBatteryHasPower(t *testing.T) {
	t.Parallel()
	weyl := func(i int, _ uint32) uint32 { return uint32(i) * 0x9E3779B9 } // too even
	defects := map[string]func(i int, x uint32) uint32{
		// One bit in 512 is 1.
		"monobit":           func(i int, x uint32) uint32 { return x | uint32(i%16)/15 },
		"serial pairs":      weyl,
		"birthday spacings": func(_ int, x uint32) uint32 { return x &^ 7 }, // days in eighths
		"gap":               weyl,
		"collision":         weyl,
	}
	s := Stream{Key: NewKey(1)}
	for _, test := range wordTests {
		words := make([]uint32, batteryWords)
		for i := range words {
			x, _, _, _ := s.Block(uint32(i))
			words[i] = defects[test.name](i, x)
		}
		if p := test.p(words); p > 1e-10 && p < 1-1e-10 {
			t.Errorf("%s: p = %.3g for a source with its defect, want below 1e-10 or above 1 - 1e-10",
				test.name, p)
		}
	}
}

// monobit counts ones.
func monobit(words []uint32) float64 {
	ones := 0
	for _, x := range words {
		ones += bits.OnesCount32(x)
	}
	n := float64(32 * len(words))
	return normalProbability((float64(ones) - n/2) / math.Sqrt(n/4))
}

// serialPairs compares the counts of the 2^16 values of the upper bytes of two words in turn.
func serialPairs(words []uint32) float64 {
	counts := make([]int, 1<<16)
	for i := 0; i+1 < len(words); i += 2 {
		counts[words[i]>>24<<8|words[i+1]>>24]++
	}
	expected := float64(len(words)/2) / float64(len(counts))
	chi2 := 0.0
	for _, n := range counts {
		d := float64(n) - expected
		chi2 += d * d / expected
	}
	return chiSquareProbability(chi2, len(counts)-1)
}

// birthdaySpacings takes 2^12 words as birthdays in a year of 2^32 days and counts the
// spacings that occur again. They are Poisson with mean m³/(4n) = 4, and their sum over all
// groups is Poisson too.
func birthdaySpacings(words []uint32) float64 {
	const m = 1 << 12
	days, spacings := make([]uint32, m), make([]uint32, m)
	repeated, groups := 0, 0
	for ; len(words) >= m; words = words[m:] {
		copy(days, words)
		slices.Sort(days)
		for i := range days {
			spacings[i] = days[i] - days[max(i-1, 0)]
		}
		slices.Sort(spacings)
		for i := 1; i < m; i++ {
			if spacings[i] == spacings[i-1] {
				repeated++
			}
		}
		groups++
	}
	// P(N ≤ r) for a Poisson N.
	return mathext.GammaIncRegComp(float64(repeated+1), 4*float64(groups))
}

// gap compares the lengths of the runs of words that lie outside the lowest sixteenth with
// the geometric law.
func gap(words []uint32) float64 {
	const hit, longest = 1.0 / 16, 96
	counts := make([]int, longest+1) // the last for all longer ones
	gaps, length := 0, 0
	for _, x := range words {
		if x>>28 != 0 {
			length++
			continue
		}
		counts[min(length, longest)]++
		gaps++
		length = 0
	}
	chi2, tail := 0.0, 1.0
	for i, n := range counts {
		p := tail * hit
		if i == longest {
			p = tail
		}
		tail -= p
		d := float64(n) - p*float64(gaps)
		chi2 += d * d / (p * float64(gaps))
	}
	return chiSquareProbability(chi2, longest)
}

// collision throws 2^16 words at a time into 2^20 urns, chosen by their upper bits, and
// counts those that find their urn taken. With load α, n balls and m urns the mean is n -
// m·(1 - (1-1/m)^n) and the variance m·e^-α·(1 - (1+α)·e^-α), up to terms of relative size
// 1/m.
func collision(words []uint32) float64 {
	const n, m = 1 << 16, 1 << 20
	const load = float64(n) / m
	taken := make([]bool, m)
	collisions, rounds := 0, 0
	for ; len(words) >= n; words = words[n:] {
		clear(taken)
		for _, x := range words[:n] {
			urn := x >> 12
			if taken[urn] {
				collisions++
			}
			taken[urn] = true
		}
		rounds++
	}
	mean := n + m*math.Expm1(n*math.Log1p(-1.0/m))
	variance := m * math.Exp(-load) * (1 - (1+load)*math.Exp(-load))
	excess := float64(collisions) - mean*float64(rounds)
	return normalProbability(excess / math.Sqrt(variance*float64(rounds)))
}

func normalProbability(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

func chiSquareProbability(chi2 float64, freedom int) float64 {
	return mathext.GammaIncReg(float64(freedom)/2, chi2/2)
}
