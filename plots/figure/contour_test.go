package figure

import (
	"math"
	"testing"
)

// TestContourOfAPlane: through a tilted plane, contours are where they have to be.
func TestContourOfAPlane(t *testing.T) {
	t.Parallel()
	values := make([][]float64, 5)
	for j := range values {
		for i := range 7 {
			values[j] = append(values[j], 2*float64(i)+3*float64(j))
		}
	}
	const level = 11.3
	length := 0.0
	for _, s := range Contour(values, level) {
		for _, p := range [][2]float64{{s.X0, s.Y0}, {s.X1, s.Y1}} {
			if d := 2*p[0] + 3*p[1] - level; math.Abs(d) > 1e-12 {
				t.Errorf("(%g, %g) is off the contour by %g", p[0], p[1], d)
			}
		}
		length += math.Hypot(s.X1-s.X0, s.Y1-s.Y0)
	}
	// From (5.65, 0) to the left edge, (0, 3.7667), none of it twice.
	if want := math.Hypot(5.65, 11.3/3); math.Abs(length-want) > 1e-12 {
		t.Errorf("the contour is %g long, want %g", length, want)
	}
}

func TestContourOfASaddle(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for _, test := range []struct {
		values [][]float64
		want   []stroke
	}{
		// The mean is above: the two low corners are cut off.
		{[][]float64{{3, 0}, {0, 3}}, []stroke{{2.0 / 3, 0, 1, 1.0 / 3}, {1.0 / 3, 1, 0, 2.0 / 3}}},
		// The mean is below: the two high ones are.
		{[][]float64{{1.5, 0}, {0, 1.5}}, []stroke{{0, 1.0 / 3, 1.0 / 3, 0}, {1, 2.0 / 3, 2.0 / 3, 1}}},
		{[][]float64{{nan, 0}, {0, 3}}, nil},
		{[][]float64{{2, 2}, {2, 2}}, nil},
	} {
		got := Contour(test.values, 1)
		if len(got) != len(test.want) {
			t.Errorf("%v: got %v, want %v", test.values, got, test.want)
			continue
		}
		for i, w := range test.want {
			g := got[i]
			if math.Abs(g.X0-w.X0)+math.Abs(g.Y0-w.Y0)+math.Abs(g.X1-w.X1)+math.Abs(g.Y1-w.Y1) > 1e-12 {
				t.Errorf("%v: got %v, want %v", test.values, g, w)
			}
		}
	}
}
