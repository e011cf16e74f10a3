package plots

import (
	"fmt"
	"strings"

	"budget/plots/figure"
	"budget/plots/selection"
)

// Kind is a kind of chart.
type Kind string

// What charts are to show, and the errors and figures that come of it.
type (
	Choice = selection.Choice
	Level  = selection.Level
	Unfit  = selection.Unfit
	Chart  = figure.Chart
)

// Named is a chart with the name of its file, without extension.
type Named struct {
	Name string
	*Chart
}

// named gives a chart its name.
func named(c *Chart, err error, parts ...string) ([]Named, error) {
	if err != nil {
		return nil, err
	}
	return []Named{{strings.Join(parts, "-"), c}}, nil
}

// Missing says that results have no data for a kind of chart.
type Missing struct {
	Kind   Kind
	Reason string
	Lack   Lack // what would give the data, where it is a thing to do
}

func (m *Missing) Error() string { return fmt.Sprintf("no %s chart: %s", m.Kind, m.Reason) }

// missing returns a *Missing; Draw adds the kind.
func missing(format string, args ...any) error {
	return &Missing{Reason: fmt.Sprintf(format, args...)}
}

// Lack is what results lack that something else would give.
type Lack int

// What results may lack.
const (
	LackNothing     Lack = iota
	LackLoads            // cells of several mean loads, or an axis of numbers
	LackLooks            // more than one look at the paths
	LackStates           // states of the watch
	LackUncertainty      // what budget uncertainty finds
	LackSensitivity      // what budget sensitivity finds
	LackMap              // the map of a timer
)
