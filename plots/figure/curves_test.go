package figure

import (
	"math"
	"testing"

	"gonum.org/v1/plot/vg"
)

func TestSimplifyKeepsTheLine(t *testing.T) {
	t.Parallel()
	var pts []vg.Point
	for k := range 2881 {
		x := vg.Length(k) / 8
		pts = append(pts, vg.Point{X: x, Y: 30 * vg.Length(math.Sqrt(float64(x)))})
	}
	out := simplify(pts)
	if len(out) > 120 {
		t.Errorf("%d points of %d remain, want at most 120", len(out), len(pts))
	}
	seg := 0
	for _, p := range pts {
		for out[seg+1].X < p.X {
			seg++
		}
		a, b := out[seg], out[seg+1]
		y := a.Y + (b.Y-a.Y)*(p.X-a.X)/(b.X-a.X)
		chord := math.Hypot(float64(b.X-a.X), float64(b.Y-a.Y))
		if d := math.Abs(float64((y-p.Y)*(b.X-a.X))) / chord; d > 0.05+1e-9 {
			t.Errorf("the line moved by %g pt at x = %v, want at most 0.05", d, p.X)
		}
	}
}
