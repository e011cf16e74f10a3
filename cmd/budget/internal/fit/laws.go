package fit

import (
	"fmt"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/sweep/field"
)

// lawTable shows the posteriors of the quantities besides the rates. One is marked as doubtful if
// the scenario keeps its assumed value.
func (a *fitted) lawTable() *texttab.Table {
	t := texttab.New("Law", ">Fitted", notation.Percent(a.Confidence)+" interval", "From", ">Log, %",
		"Prior")
	for _, x := range a.laws.Found {
		value := texttab.Cell{Text: lawText(x, x.Mean)}
		if !x.Told {
			value.Style = texttab.Doubtful
		}
		interval := lawText(x, x.Interval[0]) + " to " + lawText(x, x.Interval[1])
		if x.Percent && x.Events == 0 {
			interval = "at most " + lawText(x, x.AtMost)
		}
		if x.Percent {
			value.Text, interval = value.Text+" %", interval+" %"
		}
		t.Row(texttab.Cell{Text: x.Name}, value, texttab.Cell{Text: interval},
			texttab.Cell{Text: x.From}, texttab.Cell{Text: fmt.Sprintf("%.0f", 100*x.Share)},
			texttab.Cell{Text: a.priorOf(x)})
	}
	return t
}

// lawText writes a value of a law, a probability in per cent.
func lawText(x field.Law, value float64) string {
	if x.Percent {
		return notation.ChanceNumber(value)
	}
	return fmt.Sprintf("%.3g", value)
}

// priorOf says what was assumed about a law.
func (a *fitted) priorOf(x field.Law) string {
	p := x.Assumed
	switch {
	case x.Prior == field.JeffreysPrior || p == nil:
		return string(x.Prior)
	case x.Prior == field.ValuePrior:
		return "about " + p.Text()
	}
	if x.Percent {
		return fmt.Sprintf("%.3g to %.3g %%", 100*p.Range[0], 100*p.Range[1])
	}
	return inputs.RangeText(p)
}

// lawPage shows the laws, what is not fitted and why, and what no quantity holds.
func (a *fitted) lawPage(p *cli.Page) {
	p.Printf("\n")
	if len(a.laws.Found) > 0 {
		p.Table(a.lawTable())
	}
	for _, x := range a.notFitted() {
		p.Wrap("Not fitted: " + x.Key + ": " + x.Why + ".")
	}
	for _, line := range a.laws.Remarks {
		p.Wrap(line)
	}
}

// frailty says with which shape of the frailty the rates of leaving are fitted.
func (a *fitted) frailty() string {
	for _, x := range a.laws.Found {
		if x.Key == "population.frailty_shape" && x.Told {
			return "every shape by its weight"
		}
	}
	return fmt.Sprintf("shape %g", float64(a.base.Population.FrailtyShape))
}
