package caps

import "slices"

// offered lists the lengths of the menu [s], the shortest first.
func (f *shown) offered() []float64 {
	var menu []float64
	for _, d := range f.offer {
		menu = append(menu, float64(d))
	}
	slices.Sort(menu)
	return menu
}

// headlineTolerance returns the tolerance that the menu is judged by: 1 %, or the first where
// that is not among them.
func headlineTolerance(tolerances []float64) float64 {
	if slices.Contains(tolerances, 0.01) {
		return 0.01
	}
	return tolerances[0]
}
