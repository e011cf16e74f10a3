package report

import (
	"fmt"
	"slices"

	"budget/internal/parallel"
	"budget/plots/selection"

	"budget/internal/notation"
	"budget/sweep/store"
	"budget/sweep/uncertainty"
)

// Panel is the part of the page that answers "what if".
type Panel struct {
	Session               Pick
	Reading               *Pick // nil where there is one
	Columns               []Pick
	Rules                 []Rule // those that move a cap, by their influence
	Tolerance, Confidence Slider
	Command               string // that prints caps at other tolerances and confidences
	Data                  Markup
}

// Rule is an assumption that may be otherwise, and the case whose cap it moves most.
type Rule struct{ Key, Name string }

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
	toleranceStops = []float64{0.001, 0.0015, 0.002, 0.0025, 0.003, 0.004, 0.005, 0.006, 0.008, 0.01,
		0.0125,
		0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2}
	confidenceStops = []float64{0.8, 0.9, 0.95, 0.99, 0.999}
)

// newSlider returns a slider over stops and some of a run's own, at one of these.
func newSlider(stops, own []float64, at float64) Slider {
	all := slices.Clone(own)
	for _, x := range stops {
		if !slices.ContainsFunc(own, func(o float64) bool {
			return notation.Percent(o) == notation.Percent(x)
		}) {
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

// newPanel works out the caps of every cell, which differ by some columns, at every stop.
func newPanel(results *store.Results, varying []selection.Column, dir string,
	s *uncertainty.Sensitivity, workers int) (*Panel, error) {
	p := results.Provenance
	panel := &Panel{Command: "budget caps " + dir,
		Session:    Pick{Name: "session", Label: "Session type"},
		Tolerance:  newSlider(toleranceStops, p.Tolerances, selection.Headline(p.Tolerances)),
		Confidence: newSlider(confidenceStops, []float64{p.Confidence}, p.Confidence)}
	if len(p.Readings) > 1 {
		panel.Reading = &Pick{Name: "reading", Label: "Reading of the granted time", Options: p.Readings}
	}
	data := panelData{Command: panel.Command, Tolerances: panel.Tolerance.data(),
		Confidences: panel.Confidence.data(), Statuses: statuses, Causes: causes, Columns: []string{}}
	for _, e := range influence(s) {
		panel.Rules = append(panel.Rules, Rule{e.Key, notation.Case(e.of.Case)})
		data.Rules = append(data.Rules, ruleData{
			Of:   notation.Case(e.of.Case) + ", at " + notation.Percent(s.Design.Tolerance),
			Ends: [3]string{e.Low.Value, "as assumed", e.High.Value},
			Caps: [3]string{notation.CapLength(e.of.Case, e.Low.Cap),
				notation.CapLength(e.of.Case, e.of.Cap), notation.CapLength(e.of.Case, e.High.Cap)}})
	}
	levels := make([][]string, len(varying))
	for k, c := range varying {
		pick := Pick{Name: fmt.Sprintf("column-%d", k), Label: notation.Sentence(c.Title)}
		levels[k] = c.Values(results.Cells)
		for _, value := range levels[k] {
			pick.Options = append(pick.Options, c.Text(value))
		}
		panel.Columns = append(panel.Columns, pick)
		data.Columns = append(data.Columns, c.Name)
	}
	curves, err := parallel.Map(workers, results.Cells, func(cell *store.Cell) ([]*curveData, error) {
		return invert(cell, &p, panel.Tolerance.Stops, panel.Confidence.Stops)
	})
	if err != nil {
		return nil, err
	}
	ids := results.Sessions()
	cells := map[int]int{} // places in data.Cells by number
	for n, cell := range results.Cells {
		s := slices.Index(ids, cell.Session)
		if len(panel.Session.Options) == s {
			panel.Session.Options = append(panel.Session.Options, cell.SessionName)
			data.Sessions = append(data.Sessions, sessionData{cell.SessionName, cell.Limit})
		}
		at, ok := cells[cell.Number]
		if !ok {
			at = len(data.Cells)
			cells[cell.Number] = at
			d := cellData{Levels: []int{}, Sessions: make([][]*curveData, len(ids))}
			for k, c := range varying {
				d.Levels = append(d.Levels, slices.Index(levels[k], c.Value(cell)))
			}
			data.Cells = append(data.Cells, d)
		}
		data.Cells[at].Sessions[s] = curves[n]
	}
	panel.Data, err = data.pack()
	return panel, err
}
