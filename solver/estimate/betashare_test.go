package estimate

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"
)

// TestBetaBetweenHasItsQuantiles: the range is the central 95 % of the law.
func TestBetaBetweenHasItsQuantiles(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]float64{{0.0125, 0.2}, {0.002, 0.2}, {0.1, 0.7}, {0.4, 0.41}, {0.9, 0.99}} {
		law := BetaBetween(c[0], c[1], 0.05)
		for i, p := range []float64{0.025, 0.975} {
			if got := mathext.RegIncBeta(law.A, law.B, c[i]); math.Abs(got-p) > 1e-8 {
				t.Errorf("%v: %v is below %g with %.10g, want %g", c, law, c[i], got, p)
			}
			if got := law.Quantile(p); math.Abs(got-c[i]) > 1e-7 {
				t.Errorf("%v: the %g-quantile is %.10g, want %g", c, p, got, c[i])
			}
		}
	}
	if law := BetaBetween(0, 0.2, 0.05); law.A != 0.5 ||
		math.Abs(mathext.RegIncBeta(law.A, law.B, 0.2)-0.975) > 1e-9 {
		t.Errorf("from 0: got %v", law)
	}
	if a, b := BetaBetween(0, 0.2, 0.05), BetaBetween(0.8, 1, 0.05); a.A != b.B ||
		math.Abs(a.B-b.A) > 1e-9 {
		t.Errorf("from 0 %v and to 1 %v do not mirror each other", a, b)
	}
	if law := BetaBetween(0, 1, 0.05); law != (BetaShare{1, 1}) {
		t.Errorf("the whole range: got %v, want the uniform law", law)
	}
}

// TestBetaShareGiven: 3 of 10 over the uniform law; its quantiles are those of Clopper and
// Pearson's bounds, whose laws are Beta(k, n−k+1) and Beta(k+1, n−k).
func TestBetaShareGiven(t *testing.T) {
	t.Parallel()
	if got := (BetaShare{1, 1}).Given(3, 10); got != (BetaShare{4, 8}) || got.Mean() != 1.0/3 {
		t.Errorf("got %v with mean %g", got, got.Mean())
	}
	exact := ClopperPearson(3, 10, 0.025, 0.025)
	for _, c := range []struct {
		law     BetaShare
		p, want float64
	}{{BetaShare{3, 8}, 0.025, exact.Lower}, {BetaShare{4, 7}, 0.975, exact.Upper},
		{BetaShare{8, 3}, 0.975, 1 - exact.Lower}} {
		if got := c.law.Quantile(c.p); math.Abs(got-c.want) > 1e-10 {
			t.Errorf("%v at %g: got %.12g, want %.12g", c.law, c.p, got, c.want)
		}
	}
	if got := (BetaShare{0.5, 1e6}).Quantile(0.025); math.Abs(got/4.9107e-10-1) > 1e-3 {
		t.Errorf("a small quantile loses its digits: %g", got)
	}
}

// TestHomogeneity: 10 of 100 and 20 of 100 give χ² = 2·5²/(0.15·0.85·100) = 3.9216 with one
// degree of freedom.
func TestHomogeneity(t *testing.T) {
	t.Parallel()
	if got := Homogeneity([]int64{10, 20, 0}, []int64{100, 100, 0}); math.Abs(got-0.04767) > 1e-5 {
		t.Errorf("got %.6g, want 0.04767", got)
	}
	for _, c := range [][2][]int64{{{5}, {9}}, {{0, 0}, {4, 9}}, {{4, 9}, {4, 9}}, {{}, {}}} {
		if got := Homogeneity(c[0], c[1]); got != 1 {
			t.Errorf("%v: got %g, want 1", c, got)
		}
	}
}
