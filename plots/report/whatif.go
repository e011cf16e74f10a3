package report

import (
	"errors"
	"fmt"
	"html/template"
	"slices"
	"sync"

	"budget/internal/notation"
	"budget/sweep/store"
)

// Panel is the part of the page that answers "what if".
type Panel struct {
	Session               Pick
	Reading               *Pick // nil where there is one
	Columns               []Pick
	Tolerance, Confidence Slider
	Command               string // that prints caps at other tolerances and confidences
	Data                  template.HTML
}

// Pick is a box to choose from.
type Pick struct {
	Name, Label string
	Options     []string
	Chosen      int
}

// Slider goes over stops.
type Slider struct {
	Stops  []float64
	Chosen int
}

// Last is the place of the last stop, Text the chosen one.
func (s Slider) Last() int    { return len(s.Stops) - 1 }
func (s Slider) Text() string { return notation.Percent(s.Stops[s.Chosen]) }

// The stops of the sliders, beside the run's own.
var (
	toleranceStops = []float64{0.001, 0.0015, 0.002, 0.0025, 0.003, 0.004, 0.005, 0.006, 0.008, 0.01, 0.0125, 0.015, 0.02, 0.025, 0.03,
		0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2}
	confidenceStops = []float64{0.8, 0.9, 0.95, 0.99, 0.999}
)

// newSlider returns a slider over stops and some of a run's own, at one of these.
func newSlider(stops, own []float64, at float64) Slider {
	all := slices.Clone(own)
	for _, x := range stops {
		if !slices.ContainsFunc(own, func(o float64) bool { return notation.Percent(o) == notation.Percent(x) }) {
			all = append(all, x)
		}
	}
	slices.Sort(all)
	return Slider{all, slices.Index(all, at)}
}

// data lists the stops as the page's script reads them.
func (s Slider) data() (all []stop) {
	for _, x := range s.Stops {
		all = append(all, stop{x, notation.Percent(x)})
	}
	return all
}

// newPanel works out the caps of every cell at every stop.
func newPanel(results *store.Results, dir string, workers int) (*Panel, error) {
	p := results.Provenance
	panel := &Panel{Command: "budget caps " + dir, Session: Pick{Name: "session", Label: "Session type"},
		Tolerance: newSlider(toleranceStops, p.Tolerances, headline(p.Tolerances)), Confidence: newSlider(confidenceStops, []float64{p.Confidence}, p.Confidence)}
	if len(p.Readings) > 1 {
		panel.Reading = &Pick{Name: "reading", Label: "Reading of the granted time", Options: p.Readings}
	}
	data := panelData{Command: panel.Command, Tolerances: panel.Tolerance.data(), Confidences: panel.Confidence.data(), Statuses: statuses, Causes: causes, Columns: []string{}}
	columns := columnsOf(results)
	for k, c := range columns {
		pick := Pick{Name: fmt.Sprintf("column-%d", k), Label: c.title()}
		for _, value := range c.values {
			pick.Options = append(pick.Options, c.Text(value))
		}
		panel.Columns = append(panel.Columns, pick)
		data.Columns = append(data.Columns, c.Name)
	}
	ids := results.Sessions()
	cells := map[int]int{} // places in data.Cells by number
	for _, cell := range results.Cells {
		s := slices.Index(ids, cell.Session)
		if len(panel.Session.Options) == s {
			panel.Session.Options = append(panel.Session.Options, cell.SessionName)
			data.Sessions = append(data.Sessions, sessionData{cell.SessionName, cell.Limit})
		}
		if _, ok := cells[cell.Number]; !ok {
			cells[cell.Number] = len(data.Cells)
			levels := []int{}
			for _, c := range columns {
				levels = append(levels, slices.Index(c.values, cell.Values[c.place]))
			}
			data.Cells = append(data.Cells, cellData{levels, make([][]*curveData, len(ids))})
		}
	}
	errs := make([]error, len(results.Cells))
	var all sync.WaitGroup
	next := make(chan int)
	for range max(1, workers) {
		all.Go(func() {
			for n := range next {
				cell := results.Cells[n]
				sessions := data.Cells[cells[cell.Number]].Sessions
				sessions[slices.Index(ids, cell.Session)], errs[n] = panel.invert(cell, p.Readings)
			}
		})
	}
	for n := range results.Cells {
		next <- n
	}
	close(next)
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	var err error
	panel.Data, err = data.pack()
	return panel, err
}
