package caps

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"budget/cmd/budget/internal/inputs"
	"budget/model"
)

// defaultMenu lists the session lengths to choose from unless a flag says others.
func defaultMenu() []model.Duration {
	var menu []model.Duration
	for _, minutes := range []model.Duration{5, 10, 20, 30, 45, 60, 90} {
		menu = append(menu, 60*minutes)
	}
	return menu
}

// longestOffered bounds the lengths of a menu.
const longestOffered model.Duration = 24 * 3600

// parseOffered reads a session length; a plain number is in minutes.
func parseOffered(text string) (model.Duration, error) {
	if _, err := strconv.ParseFloat(strings.TrimSpace(text), 64); err == nil {
		text += " min"
	}
	d, err := inputs.ParseLength(text)
	if err == nil && d > longestOffered {
		err = fmt.Errorf("%s is out of range: expected at most 24 h", text)
	}
	return d, err
}

// parseGate reads a displayed level in whole per cent.
func parseGate(text string) (int, error) {
	level, err := inputs.ParseShare(text)
	if err != nil {
		return 0, err
	}
	percent := math.Round(100 * level)
	if math.Abs(percent-100*level) > 1e-9 {
		return 0, fmt.Errorf("%s is not what a watch shows: expected whole per cent, such as \"20 %%\"",
			text)
	}
	return int(percent), nil
}

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
