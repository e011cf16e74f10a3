package cli

import (
	"io"

	"budget/plots"
)

// ChartFormat is a form that charts are written in.
type ChartFormat string

// ChartFormats lists the forms of charts.
func ChartFormats() []ChartFormat { return []ChartFormat{"svg", "png", "pdf"} }

// ChartFiles lists the files of a chart, one for each format. It is drawn when they are
// written.
func ChartFiles(name string, forms []ChartFormat, draw func() (*plots.Chart, error)) []File {
	var files []File
	for _, form := range forms {
		files = append(files, File{name + "." + string(form), func(w io.Writer) error {
			chart, err := draw()
			if err != nil {
				return err
			}
			return chart.Encode(w, string(form))
		}})
	}
	return files
}

// NamedFiles lists the files of charts that are drawn.
func NamedFiles(charts []plots.Named, forms []ChartFormat) []File {
	var files []File
	for _, c := range charts {
		files = append(files, ChartFiles(FileName(c.Name), forms, func() (*plots.Chart, error) {
			return c.Chart, nil
		})...)
	}
	return files
}
