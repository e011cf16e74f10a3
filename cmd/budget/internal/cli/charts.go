package cli

import (
	"io"

	"budget/plots"
)

// ChartFormat is a form that charts are written in.
type ChartFormat string

func ChartFormats() []ChartFormat { return []ChartFormat{"svg", "png", "pdf"} }

// ChartFiles lists the files of a chart, one for each format. It is drawn when they are
// written.
func ChartFiles(name string, forms []ChartFormat, chart func() (*plots.Chart, error)) []File {
	var files []File
	for _, form := range forms {
		files = append(files, File{Name: name + "." + string(form), Write: func(w io.Writer) error {
			drawn, err := chart()
			if err != nil {
				return err
			}
			return drawn.Encode(w, string(form))
		}})
	}
	return files
}

// DrawnFiles lists the files of charts, where there is a directory for them.
func DrawnFiles(out *Output, draw func() ([]plots.Named, error)) ([]File, error) {
	if out == nil {
		return nil, nil
	}
	drawn, err := draw()
	if err != nil {
		return nil, err
	}
	var files []File
	for _, c := range drawn {
		files = append(files, ChartFiles(c.Name, ChartFormats(), func() (*plots.Chart, error) { return c.Chart, nil })...)
	}
	return files, nil
}
