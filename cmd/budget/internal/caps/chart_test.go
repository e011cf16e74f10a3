package caps

import (
	"strings"
	"testing"

	"budget/model"
	"budget/solver/estimate"
	"budget/sweep"
)

// TestTextChart: the curve rises from left to right, and fits its columns.
func TestTextChart(t *testing.T) {
	t.Parallel()
	of := sweep.Case{Session: "nap", SessionName: "Nap", Device: "fleet", Environment: "mix",
		Limit: 1200}
	in := sweep.Incidence{Case: of}
	for d := 60.0; d <= 1200; d += 60 {
		p := 0.0002 * d / 60
		if d > 600 {
			p += 0.02
		}
		in.Durations = append(in.Durations, d)
		in.Failure = append(in.Failure, estimate.Estimate{Value: p})
	}
	caps := []sweep.Cap{{Case: of, Reading: "cautious", Tolerance: 0.01, Confidence: 0.95, Cap: 600,
		CapUpper: 600, Status: sweep.CapMet, BindingCause: model.Expired}}
	r := &sweep.Result{Incidences: []sweep.Incidence{in}, Caps: caps}
	for _, columns := range []int{0, 40, 200} {
		text := textCharts(r, "cautious", columns)
		for _, want := range []string{"at most 1 in 100 fail up to 10 min", "◆ safe cap: 1 % 10 min",
			"0.1 % ┤", "20 min\n"} {
			if !strings.Contains(text, want) {
				t.Errorf("%d columns: no %q in\n%s", columns, want, text)
			}
		}
		last, dots := -1, 0 // of the curve, from below
		lines := strings.Split(text, "\n")
		for i := len(lines) - 3; i > 2; i-- {
			line := []rune(lines[i])
			if len(line) > max(columns, 80) && columns < 110 {
				t.Errorf("%d columns: a line of %d", columns, len(line))
			}
			if at := strings.IndexRune(string(line), '•'); at >= 0 {
				at = len([]rune(string(line)[:at]))
				if at < last {
					t.Errorf("%d columns: the curve falls\n%s", columns, text)
				}
				last, dots = at, dots+1
			}
		}
		if dots < 8 {
			t.Errorf("%d columns: the curve is on %d rows\n%s", columns, dots, text)
		}
	}
	if textCharts(r, "documented", 80) != "" {
		t.Error("a reading without caps is drawn")
	}
}
