package plots

import (
	"fmt"
	"strings"

	"budget/plots/figure"
)

// Kind is a kind of chart.
type Kind string

// Choice says what charts are to show. Its zero value is what is most often asked for.
type Choice struct {
	Sessions   []string  // ids; none is all
	Reading    string    // "" is the first of the results
	Tolerances []float64 // none is those of the tables; charts of a single one take the first, or 1 %
	Confidence float64   // 0 is that of the results
	X, Y       string    // columns of the tables, or mean_load_w; "" is the first that vary
	Duration   float64   // of causes and convergence [s]; 0 is the longest that is sensible
	Only       []Level   // leave cells at other levels out
}

// Level is a level of a column, as tables or charts write it.
type Level struct{ Column, Value string }

// Named is a chart with the name of its file, without extension.
type Named struct {
	Name string
	*figure.Chart
}

// Missing says that results have no data for a kind of chart, and what would give it.
type Missing struct {
	Kind   Kind
	Reason string
}

func (m *Missing) Error() string { return fmt.Sprintf("no %s chart: %s", m.Kind, m.Reason) }

// Unfit says what a choice asks for that the results do not have, and what they do have.
type Unfit struct{ Reason string }

func (u *Unfit) Error() string { return u.Reason }

func unfit(format string, args ...any) error { return &Unfit{fmt.Sprintf(format, args...)} }

// named gives a chart its name.
func named(c *figure.Chart, err error, parts ...string) ([]Named, error) {
	if err != nil {
		return nil, err
	}
	return []Named{{strings.Join(parts, "-"), c}}, nil
}

// Chart is a finished figure.
type Chart = figure.Chart
