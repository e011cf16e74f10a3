package figure

import "math"

// stroke is a piece of a contour line, in units of the grid.
type stroke struct{ X0, Y0, X1, Y1 float64 }

// Contour returns where a surface passes through a level: the values stand at the whole
// numbers of a grid, by y then x, and between four of them the surface is taken to be
// straight along the edges (marching squares). Where both diagonals are possible, the mean
// of the four decides. Squares with an unknown corner (NaN) have none.
func Contour(values [][]float64, level float64) []stroke {
	var out []stroke
	for j := 0; j+1 < len(values); j++ {
		for i := 0; i+1 < len(values[j]); i++ {
			// Corners and edges counter-clockwise from the lower left.
			z := [4]float64{values[j][i] - level, values[j][i+1] - level, values[j+1][i+1] - level,
				values[j+1][i] - level}
			if math.IsNaN(z[0] + z[1] + z[2] + z[3]) {
				continue
			}
			corner := [4][2]float64{{0, 0}, {1, 0}, {1, 1}, {0, 1}}
			var cuts [][2]float64
			for k := range z {
				n := (k + 1) % 4
				if (z[k] >= 0) == (z[n] >= 0) {
					continue
				}
				w := z[k] / (z[k] - z[n])
				cuts = append(cuts, [2]float64{
					float64(i) + corner[k][0] + w*(corner[n][0]-corner[k][0]),
					float64(j) + corner[k][1] + w*(corner[n][1]-corner[k][1])})
			}
			join := func(a, b int) {
				out = append(out,
					stroke{cuts[a][0], cuts[a][1], cuts[b][0], cuts[b][1]})
			}
			switch len(cuts) {
			case 2:
				join(0, 1)
			case 4:
				// Cuts are of edges 0, 1, 2 and 3. The corners on the side of the mean are
				// one region, so the lines cut off the other two.
				if (z[0]+z[1]+z[2]+z[3] >= 0) == (z[0] >= 0) {
					join(0, 1)
					join(2, 3)
				} else {
					join(3, 0)
					join(1, 2)
				}
			}
		}
	}
	return out
}
