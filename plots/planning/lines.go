package planning

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/plots"
	"budget/plots/figure"
)

// Lines that mean the same in every chart.
var (
	limitLine = draw.LineStyle{Color: figure.Ink, Width: 1.8}
	offerLine = draw.LineStyle{Color: figure.Ink, Width: 1, Dashes: []vg.Length{6, 2}}
)

// named gives a chart its name.
func named(c *plots.Chart, err error, name string) ([]plots.Named, error) {
	if err != nil {
		return nil, err
	}
	return []plots.Named{{Name: name, Chart: c}}, nil
}
