package report

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"

	"budget/internal/notation"
	"budget/sweep/store"
	"budget/sweep/uncertainty"
)

// Deciding are the few assumptions that decide how long sessions may be, the one that moves a cap
// most first.
type Deciding struct {
	Inputs  []DecidingInput // none where budget sensitivity has left nothing
	Measure string          // what to measure first; without a ranking what makes one
}

// DecidingInput is an assumption with what it does to a cap.
type DecidingInput struct{ Key, Evidence, Effect string }

// mostDeciding is the number of assumptions on the first screen, at most.
const mostDeciding = 3

// readSensitivity reads what budget sensitivity may have left beside the results, nil if nothing.
func readSensitivity(results *store.Results) (*uncertainty.Sensitivity, error) {
	s, err := uncertainty.ReadSensitivity(results.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = results.Beside(uncertainty.SensitivityFile, s.Provenance)
	}
	return s, err
}

// effect is what an input does to the cap of a case.
type effect struct {
	uncertainty.Effect
	of    *uncertainty.CaseSensitivity
	swing float64
}

// influence ranks inputs by the largest swing of a cap that each makes.
func influence(s *uncertainty.Sensitivity) (ranked []effect) {
	if s == nil {
		return nil
	}
	for i := range s.Cases {
		c := &s.Cases[i]
		for _, q := range c.Quantities {
			e := effect{q, c, q.Swing(c.Cap)}
			at := slices.IndexFunc(ranked, func(o effect) bool { return o.Key == q.Key })
			switch {
			case e.swing == 0:
			case at < 0:
				ranked = append(ranked, e)
			case e.swing > ranked[at].swing:
				ranked[at] = e
			}
		}
	}
	slices.SortStableFunc(ranked, func(a, b effect) int { return cmp.Compare(b.swing, a.swing) })
	return ranked
}

// newDeciding says which assumptions decide, of so many, and what to measure first.
func newDeciding(s *uncertainty.Sensitivity, assumed, all int) (d Deciding) {
	ranked := influence(s)
	if len(ranked) == 0 {
		d.Measure = fmt.Sprintf("%d of %d inputs are our assumptions. Run budget sensitivity -o with the same "+
			"directory to see here which of them decide, and what to measure first.", assumed, all)
		return d
	}
	for _, e := range ranked[:min(len(ranked), mostDeciding)] {
		d.Inputs = append(d.Inputs, DecidingInput{e.Key, e.Evidence,
			fmt.Sprintf("the cap of %s is %s at %s, %s at %s", notation.Case(e.of.Case),
				notation.CapLength(e.of.Case, e.Low.Cap), e.Low.Value,
				notation.CapLength(e.of.Case, e.High.Cap), e.High.Value)})
	}
	first := ranked[0]
	for _, e := range ranked {
		if e.Together == 1 && e.Narrowing.Value > first.Narrowing.Value {
			first = e
		}
	}
	d.Measure = "Measure first: " + first.Key + "."
	if first.Together == 1 && first.Narrowing.Value >= 60 {
		d.Measure += fmt.Sprintf(" To know it would narrow the range of the cap of %s by %s.",
			notation.Case(first.of.Case), notation.Length(60*math.Round(first.Narrowing.Value/60)))
	}
	return d
}
