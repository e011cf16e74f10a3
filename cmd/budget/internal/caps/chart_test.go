package caps

import (
	"strings"
	"testing"
	"unicode/utf8"

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
	for _, columns := range []int{40, 80, 200} {
		text := textCharts(r, "cautious", columns)
		for line := range strings.Lines(text) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > min(columns, 110) {
				t.Errorf("%d columns: a line of %d: %s", columns, n, line)
			}
		}
		one := strings.Join(strings.Fields(text), " ")
		for _, want := range []string{"at most 1 in 100 fail up to 10 min", "◆ safe cap: 1 % 10 min",
			"0.1 % ┤", " 0 10 min 20 min "} {
			if !strings.Contains(one, want) {
				t.Errorf("%d columns: no %q in\n%s", columns, want, text)
			}
		}
		last, dots := -1, 0 // of the curve, from below
		lines := strings.Split(text, "\n")
		for i := len(lines) - 3; i > 2; i-- {
			line := []rune(lines[i])
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
	// A timer that ends five seconds past the hundredth minute is marked at a round one.
	if got := lengthScale(6005, 63); len(got) != 63 ||
		strings.Join(strings.Fields(got), " ") != "0 45 min 100 min 5 s" {
		t.Errorf("the marks are %q", got)
	}
	if got := lengthScale(5, 20); got != "0       2.5 s    5 s" {
		t.Errorf("the marks of seconds are %q", got)
	}
	if textCharts(r, "documented", 80) != "" {
		t.Error("a reading without caps is drawn")
	}
}
