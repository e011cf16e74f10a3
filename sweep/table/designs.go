package table

import (
	"fmt"
	"math"
	"slices"

	"budget/internal/finite"
	"budget/sweep"
)

// DesignRun is what optimize.json says of the designs of a file, for charts and reports.
type DesignRun struct {
	Schema     int              `json:"schema"`
	Provenance sweep.Provenance `json:"provenance"`
	Name       string           `json:"name"` // of the design file's app
	Tolerance  float64          `json:"tolerance"`
	Confidence float64          `json:"confidence"`
	Outcome    string           `json:"outcome"` // "selected", or why none is sure
	Within     float64          `json:"within_s"`
	Relative   float64          `json:"within_relative"`
	Charts     DesignCharts     `json:"charts"`
}

// DesignsSchema is the number of the present form of optimize.json.
const DesignsSchema = 2

// What became of a design.
const (
	DesignChosen    = "chosen"
	DesignAsGood    = "as good"
	DesignShorter   = "shorter"
	DesignBreaks    = "breaks a requirement"
	DesignNoSamples = "not simulated"
)

// What a design is about: times [s], or for the last these times the value of its levels.
const (
	MeasureCap       = "cap"
	MeasureOffered   = "offered"
	MeasureCompleted = "completed"
	MeasureValue     = "value"
)

// DesignCharts is what charts show of designs.
type DesignCharts struct {
	File string `json:"file"`
	Of   int    `json:"of,omitempty"` // designs of the file, if not all were evaluated

	Case         sweep.Case          `json:"case"` // session type of the chosen design, else the first
	Requirements []DesignRequirement `json:"requirements"`
	// Worth is what designs are compared by, Minutes what fronts are of.
	Worth   string `json:"worth"`
	Minutes string `json:"minutes"`

	Knobs []DesignKnob `json:"knobs"`
	// Designs are numbered from 1 in their order.
	Designs []Design      `json:"designs"`
	Prices  []DesignPrice `json:"prices"`
	Fronts  []DesignFront `json:"fronts"`
	// Nearest is nil where a design meets all requirements, or none is known to break one.
	Nearest *NearestDesign `json:"nearest,omitempty"`
}

// NearestDesign is the design that breaks requirements least where none meets them all.
type NearestDesign struct {
	Design      int     `json:"design"`
	Requirement int     `json:"requirement"` // that it breaks most, from 1
	Value       float64 `json:"value"`       // what it has of that
}

// DesignRequirement is a requirement, and what the chosen design has of it; NaN without one.
type DesignRequirement struct {
	Title string  `json:"title"`
	Most  float64 `json:"most"`
	Value float64 `json:"value"`
	Lower float64 `json:"lower"`
	Upper float64 `json:"upper"`
}

// DesignKnob is a knob with its levels as people read them.
type DesignKnob struct {
	Name   string   `json:"name"`
	Levels []string `json:"levels"`
}

// Design is one level of every knob, and what is known of its cap.
type Design struct {
	Levels []int   `json:"levels"` // indices of levels, by knob
	State  string  `json:"state"`
	Cap    float64 `json:"cap_s"` // the best estimate
	Lower  float64 `json:"cap_lower_s"`
	Upper  float64 `json:"cap_upper_s"`
}

// DesignPrice is what another level of a knob changes, with the rest as chosen.
type DesignPrice struct {
	Knob   string  `json:"knob"`
	From   string  `json:"from"`
	To     string  `json:"to"`
	Change float64 `json:"cap_change_s"`
	Lower  float64 `json:"lower_s"`
	Upper  float64 `json:"upper_s"`
	Breaks bool    `json:"breaks"` // a requirement, surely
}

// Sure reports whether the step surely changes the cap, by as much as a sentence would say.
func (p *DesignPrice) Sure() bool {
	return (p.Lower > 0 || p.Upper < 0) && math.Abs(p.Change) >= leastChange
}

// leastChange is the smallest change of a cap that counts [s]: half a step of most grids, less
// than what a table of minutes shows.
const leastChange = 3

// DesignFront are the designs with the longest cap for so much of a second goal.
type DesignFront struct {
	Aspect string             `json:"aspect"` // one of optimize.Aspects
	More   bool               `json:"more_is_better"`
	Points []DesignFrontPoint `json:"points"` // the best of the aspect first
	// Amounts is how much of the aspect each design has, and Minutes its time [s].
	Amounts []float64 `json:"amounts"`
	Minutes []float64 `json:"minutes_s"`
}

// DesignFrontPoint is a design on a front.
type DesignFrontPoint struct {
	Design int     `json:"design"`
	Amount float64 `json:"amount"` // of the aspect
	Cap    float64 `json:"cap_s"`  // the best estimate
	Lower  float64 `json:"safe_cap_s"`
	Upper  float64 `json:"cap_upper_s"`
}

// ReadDesignsJSON reads optimize.json. The error says what budget would not have written.
func ReadDesignsJSON(text []byte) (*DesignRun, error) {
	d := &DesignRun{}
	if err := finite.Unmarshal(text, d); err != nil {
		return nil, err
	}
	return d, d.check()
}

// Chosen returns the index of the chosen design, −1 if none was.
func (c *DesignCharts) Chosen() int {
	for i := range c.Designs {
		if c.Designs[i].State == DesignChosen {
			return i
		}
	}
	return -1
}

func isMeasure(name string, more ...string) bool {
	return slices.Contains(append(more, MeasureCap, MeasureOffered, MeasureCompleted), name)
}

// check returns an error unless the designs are such as budget may have written.
func (d *DesignRun) check() error {
	c := &d.Charts
	switch {
	case d.Schema != DesignsSchema:
		return fmt.Errorf("it has schema %d: expected %d, of this version of the program", d.Schema,
			DesignsSchema)
	case len(c.Knobs) == 0 || len(c.Designs) == 0:
		return fmt.Errorf("it has no designs")
	case !isMeasure(c.Worth, MeasureValue) || !isMeasure(c.Minutes):
		return fmt.Errorf("designs are compared by %q, and fronts are of %q", c.Worth, c.Minutes)
	case !(d.Tolerance > 0 && d.Tolerance < 1) || !(d.Confidence > 0 && d.Confidence < 1):
		return fmt.Errorf("a tolerance of %v with confidence %v", d.Tolerance, d.Confidence)
	}
	isLength := func(all ...float64) bool {
		for _, x := range all {
			if !(x >= 0) || math.IsInf(x, 0) {
				return false
			}
		}
		return true
	}
	chosen := 0
	for i := range c.Designs {
		x := &c.Designs[i]
		if x.State == DesignChosen {
			chosen++
		}
		if len(x.Levels) != len(c.Knobs) || !isLength(x.Cap, x.Lower, x.Upper) || x.Upper < x.Lower {
			return fmt.Errorf("design %d has %d levels and a cap of %v s (%v to %v)", i+1, len(x.Levels),
				x.Cap, x.Lower, x.Upper)
		}
		for k, level := range x.Levels {
			if level < 0 || level >= len(c.Knobs[k].Levels) {
				return fmt.Errorf("design %d has level %d of %q", i+1, level, c.Knobs[k].Name)
			}
		}
	}
	if chosen > 1 {
		return fmt.Errorf("%d designs are chosen", chosen)
	}
	if x := c.Nearest; x != nil && (x.Design < 1 || x.Design > len(c.Designs) || x.Requirement < 1 ||
		x.Requirement > len(c.Requirements) || !(x.Value >= 0 && x.Value <= 1)) {
		return fmt.Errorf("the nearest design is %+v of %d designs and %d requirements", *x,
			len(c.Designs), len(c.Requirements))
	}
	for _, p := range c.Prices {
		for _, x := range []float64{p.Change, p.Lower, p.Upper} {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return fmt.Errorf("%q in place of %q changes the cap by %v s", p.To, p.From, x)
			}
		}
	}
	for _, f := range c.Fronts {
		if len(f.Amounts) != len(c.Designs) || !isLength(f.Amounts...) ||
			len(f.Minutes) != len(c.Designs) || !isLength(f.Minutes...) {
			return fmt.Errorf("a front has %d amounts of %q for %d designs", len(f.Amounts), f.Aspect,
				len(c.Designs))
		}
		before := -1.0
		for _, p := range f.Points {
			if p.Design < 1 || p.Design > len(c.Designs) || !isLength(p.Amount, p.Cap, p.Lower, p.Upper) ||
				p.Cap <= before {
				return fmt.Errorf("design %d stands on a front with %v and %v s", p.Design, p.Amount, p.Cap)
			}
			before = p.Cap
		}
	}
	return nil
}
