package estimate

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// TestBisectCapFinds: with bounds that are certain, for every first number and every answer, and
// with no more looks than are paid for.
func TestBisectCapFinds(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 40; n++ {
		for first := 1; first <= n; first++ {
			for want := 0; want <= n; want++ {
				looks, paid := 0, 0.0
				got, err := BisectCap(n, first, 0.1, 0.5, func(i int, alpha float64) (Interval, error) {
					looks++
					paid += alpha
					if i <= want {
						return Interval{0, 0}, nil
					}
					return Interval{1, 1}, nil
				})
				status := Met
				if want == n {
					status = ToHorizon
				} else if want == 0 {
					status = Never
				}
				if err != nil || got != (CapResult{want, want, status}) || paid > 0.1*(1+1e-9) {
					t.Fatalf("1 to %d from %d: %+v after %d looks that spend %v, %v; want %d", n, first, got,
						looks, paid, err, want)
				}
			}
		}
	}
	for excluded := 101; excluded <= 400; excluded += 13 {
		got, _ := BisectCap(1000, 300, 0.1, 0.5, func(i int, _ float64) (Interval, error) {
			switch {
			case i <= 100:
				return Interval{0, 0}, nil
			case i < excluded:
				return Interval{0, 1}, nil
			}
			return Interval{1, 1}, nil
		})
		if got.Index != 100 || got.UpperIndex < excluded-1 || got.UpperIndex > excluded-1+100/16 {
			t.Errorf("%+v where %d is the first that is excluded", got, excluded)
		}
	}
	none := errors.New("none")
	if _, err := BisectCap(5, 3, 0.1, 0.5, func(int, float64) (Interval, error) {
		return Interval{}, none
	}); err != none {
		t.Error(err)
	}
	got, _ := BisectCap(5, 3, 0.1, 0.5, func(int, float64) (Interval, error) {
		return Interval{0, 1}, nil
	})
	if got != (CapResult{0, 5, Unknown}) {
		t.Errorf("%+v of bounds that say nothing", got)
	}
}

// TestBisectCapCovers: caps are too long at most as often as stated, whether the numbers share
// their random numbers or not. The true probability of number i is i/100.
func TestBisectCapCovers(t *testing.T) {
	t.Parallel()
	const alpha, tolerance, runs, paths = 0.05, 0.205, 2000, 400
	for _, shared := range []bool{true, false} {
		long, random := 0, rand.New(rand.NewPCG(1, 2))
		for range runs {
			draws := make([]float64, paths)
			draw := func() {
				for j := range draws {
					draws[j] = random.Float64()
				}
			}
			draw()
			cap, _ := BisectCap(60, 30, alpha, tolerance, func(i int, alpha float64) (Interval, error) {
				if !shared {
					draw()
				}
				events := int64(0)
				for _, u := range draws {
					if u < float64(i)/100 {
						events++
					}
				}
				return ClopperPearson(events, paths, alpha, alpha), nil
			})
			if cap.Index > 20 {
				long++
			}
		}
		// four standard errors of a share of alpha
		if most := runs*alpha + 4*math.Sqrt(runs*alpha*(1-alpha)); float64(long) > most {
			t.Errorf("shared %v: %d of %d caps are too long, at most %.0f may be", shared, long, runs, most)
		}
	}
}
