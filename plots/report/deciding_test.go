package report

import (
	"strings"
	"testing"

	"budget/plots/figure"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/uncertainty"
)

// moved is what two inputs do to the caps of two session types.
func moved() *uncertainty.Sensitivity {
	input := func(key string, low, high, narrowing float64) (e uncertainty.Effect) {
		e.Key, e.Evidence = key, "assumed"
		e.Low = uncertainty.Bar{Value: "1 /h", Cap: low}
		e.High = uncertainty.Bar{Value: "9 /h", Cap: high}
		e.Together, e.Narrowing = 1, estimate.Estimate{Value: narrowing}
		return e
	}
	of := func(name string) sweep.Case {
		return sweep.Case{SessionName: name, Device: "fleet", Environment: "mix"}
	}
	return &uncertainty.Sensitivity{Cases: []uncertainty.CaseSensitivity{
		{Case: of("Nap"), Cap: 1200, Quantities: []uncertainty.Effect{
			input("policy.a", 1200, 600, 300), input("policy.b", 1200, 1200, 0)}},
		{Case: of("Walk"), Cap: 2400, Quantities: []uncertainty.Effect{
			input("policy.a", 2400, 2100, 60), input("policy.c", 2400, 1500, 120)}},
	}}
}

// TestDeciding: inputs are ranked by the largest swing of any cap; what moves none is not there.
// What narrows a range most is to be measured first.
func TestDeciding(t *testing.T) {
	t.Parallel()
	d := newDeciding(moved(), 3, 9)
	if len(d.Inputs) != 2 || d.Inputs[0].Key != "policy.c" || d.Inputs[1].Key != "policy.a" ||
		d.Inputs[0].Effect != "the cap of Walk is 40 min at 1 /h, 25 min at 9 /h" {
		t.Errorf("%+v", d.Inputs)
	}
	if want := "Measure first: policy.a. To know it would narrow the range of the cap of Nap by " +
		"5 min."; d.Measure != want {
		t.Errorf("%q, want %q", d.Measure, want)
	}
	if d := newDeciding(nil, 3, 9); d.Inputs != nil || !strings.Contains(d.Measure,
		"Run budget sensitivity -o") {
		t.Errorf("without a ranking: %+v", d)
	}
	a := Assumptions{Groups: []QuantityGroup{{Rows: []Quantity{{Key: "policy.b"}, {Key: "policy.a"},
		{Key: "policy.c"}}}}}
	a.rank(influence(moved()))
	if rows := a.Groups[0].Rows; rows[0].Key != "policy.c" || rows[2].Key != "policy.b" || !a.Ranked {
		t.Errorf("assumptions are in the order %+v", rows)
	}
}

// TestDarkColours: every colour of a chart in the page has one in the dark.
func TestDarkColours(t *testing.T) {
	t.Parallel()
	of := []Figure{{SVG: `<path style="fill:` + `var(--xFFFFFF,#FFFFFF);stroke:var(--x0072BE,#0072BE)"/>`}}
	if got := themed(`<path style="fill:#FFFFFF;stroke:#0072BE"/>`); got != string(of[0].SVG) {
		t.Errorf("%s", got)
	}
	css := string(darkColours(of))
	for _, want := range []string{"--xFFFFFF:#1", "--x0072BE:#", "prefers-color-scheme:dark"} {
		if !strings.Contains(css, want) {
			t.Errorf("%q does not have %q", css, want)
		}
	}
	if figure.InDark(figure.White).R > 40 || darkColours() != "" {
		t.Error("white stays white in the dark")
	}
}
