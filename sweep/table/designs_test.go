package table

import (
	"encoding/json"
	"testing"
)

// designs is a result that budget may have written.
func designs() *DesignRun {
	return &DesignRun{Schema: DesignsSchema, Tolerance: 0.01, Confidence: 0.95, Charts: DesignCharts{
		Worth: MeasureValue, Minutes: MeasureCap,
		Knobs: []DesignKnob{{"gate", []string{"0 %", "20 %"}}},
		Designs: []Design{{Levels: []int{0}, State: DesignShorter, Upper: 60},
			{Levels: []int{1}, State: DesignChosen, Cap: 60, Lower: 55, Upper: 60}},
		Fronts: []DesignFront{{Aspect: "left-out", Amounts: []float64{0, 0.05}, Minutes: []float64{0, 60},
			Points: []DesignFrontPoint{{Design: 1}, {Design: 2, Amount: 0.05, Cap: 60, Upper: 60}}}}}}
}

// TestDesignsAreChecked: what is read of designs is checked for meaning.
func TestDesignsAreChecked(t *testing.T) {
	read := func(d *DesignRun) (*DesignRun, error) {
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		return ReadDesignsJSON(text)
	}
	if d, err := read(designs()); err != nil || d.Charts.Chosen() != 1 {
		t.Fatalf("%+v, %v", d, err)
	}
	for name, change := range map[string]func(*DesignRun){
		"schema":      func(d *DesignRun) { d.Schema = 1 },
		"measure":     func(d *DesignRun) { d.Charts.Minutes = MeasureValue },
		"no knob":     func(d *DesignRun) { d.Charts.Knobs = nil },
		"tolerance":   func(d *DesignRun) { d.Tolerance = 2 },
		"level":       func(d *DesignRun) { d.Charts.Designs[0].Levels[0] = 2 },
		"few levels":  func(d *DesignRun) { d.Charts.Designs[0].Levels = nil },
		"cap":         func(d *DesignRun) { d.Charts.Designs[1].Cap = -1 },
		"two chosen":  func(d *DesignRun) { d.Charts.Designs[0].State = DesignChosen },
		"design":      func(d *DesignRun) { d.Charts.Fronts[0].Points[0].Design = 3 },
		"not a front": func(d *DesignRun) { d.Charts.Fronts[0].Points[0].Cap = 60 },
		"nearest": func(d *DesignRun) {
			d.Charts.Nearest = &NearestDesign{Design: 1, Requirement: 1}
		},
		"amounts": func(d *DesignRun) { d.Charts.Fronts[0].Amounts = nil },
	} {
		d := designs()
		change(d)
		if _, err := read(d); err == nil {
			t.Errorf("%s: it is accepted", name)
		}
	}
}
