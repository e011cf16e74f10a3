package plots

import (
	"cmp"
	"fmt"
	"math"

	"budget/internal/notation"
	"budget/plots/figure"
	"budget/plots/selection"
	"budget/sweep"
)

// The title of a chart is what it shows, in numbers of its own data: a reader who sees only
// the title has the answer. Kinds differ, and each has its sentence in its file; those below
// are shared.

// odds writes a tolerance as people say it, "1 in 100", or in per cent where it is no whole
// number of sessions.
func odds(tolerance float64) string {
	n := math.Round(1 / tolerance)
	if n < 5 || math.Abs(n*tolerance-1) > 1e-9 {
		return notation.Percent(tolerance)
	}
	return "1 in " + notation.Count(int64(n))
}

// headlineCap picks the cap that a title is about: the safe one at the headline tolerance, or
// where too few sessions were simulated for it at the next larger one that has a cap; nil of no
// caps.
func headlineCap(caps []sweep.Cap) *sweep.Cap {
	var tolerances []float64
	for _, c := range caps {
		tolerances = append(tolerances, c.Tolerance)
	}
	var best *sweep.Cap
	better := func(c *sweep.Cap) bool {
		known, bestKnown := c.Status != sweep.CapUnknown, best.Status != sweep.CapUnknown
		if known != bestKnown {
			return known
		}
		return c.Tolerance < best.Tolerance || c.Tolerance == best.Tolerance && c.Reading == cautious
	}
	for i := range caps {
		c := &caps[i]
		if c.Tolerance >= selection.Headline(tolerances) && (best == nil || better(c)) {
			best = c
		}
	}
	return best
}

// capFinding says how long a session may be.
func capFinding(c sweep.Cap) string {
	text := "at most " + odds(c.Tolerance) + " fail up to " + notation.CapLength(c.Case, c.Cap)
	switch {
	case c.Status == sweep.CapNever:
		return "even " + theShortest(c.Case) + " more often than " + odds(c.Tolerance)
	case c.Status == sweep.CapUnknown:
		return "too few sessions simulated for a cap at " + notation.Percent(c.Tolerance)
	case c.Status == sweep.CapHorizon && c.Cycles != "":
		return "at most " + odds(c.Tolerance) + " fail in " + notation.CapLength(c.Case, c.Cap)
	case c.Status == sweep.CapHorizon:
		return text + ", the longest simulated"
	case c.Binding() == "":
		return text
	}
	return text + ", then they end by " + c.Binding()
}

// theShortest says what fails first: the shortest sessions, or a timer in its first one.
func theShortest(c sweep.Case) string {
	if c.Cycles != "" {
		return "in their first session they fail"
	}
	return "the shortest sessions fail"
}

// extremes returns the places of the least and of the greatest value: of ties the first, so that
// every chart names the same one.
func extremes(values []float64) (least, greatest int) {
	for i, v := range values {
		if v < values[least] {
			least = i
		}
		if v > values[greatest] {
			greatest = i
		}
	}
	return least, greatest
}

// timersFail is what titles say of timers: their failure by the end of each.
const timersFail = "of timers fail by their end"

// failureFinding says how often sessions of a length [s] fail in scenarios.
func failureFinding(length float64, names []string, failures []float64) string {
	return failuresOf(fmt.Sprintf("of %s sessions fail", notation.Length(length)), names, failures)
}

// failuresOf says how often what is named fails in scenarios.
func failuresOf(of string, names []string, failures []float64) string {
	least, greatest := extremes(failures)
	low, high := notation.Chance(failures[least]), notation.Chance(failures[greatest])
	switch {
	case len(failures) == 1:
		return low + " " + of
	case low == high:
		return fmt.Sprintf("%s %s in each case", low, of)
	}
	return fmt.Sprintf("%s (%s) to %s (%s) %s", low, names[least], high, names[greatest], of)
}

// tellingLength returns the place among ascending durations of the length that titles speak of:
// a little before the limit, at which all sessions expire, or half the longest without one; of
// timers their end.
func tellingLength(durations []float64, of sweep.Case) int {
	limit := of.Limit
	if of.Cycles != "" {
		return len(durations) - 1
	}
	if limit > 0 && limit <= durations[len(durations)-1] {
		return lastUpTo(durations, 0.95*limit)
	}
	if limit > 0 {
		return len(durations) - 1
	}
	return lastUpTo(durations, durations[len(durations)-1]/2)
}

// LengthAxis returns an axis of session lengths, or of positions in timers, up to one [s].
func LengthAxis(of sweep.Case, longest float64) figure.Scale {
	if of.Cycles != "" {
		return figure.Durations("Position on the timer's clock", longest)
	}
	return figure.Durations("Session length", longest)
}

// within prefixes the name of a level with its column, if it has one.
func within(title, name string) string {
	if title == "" {
		return name
	}
	return title + " " + name
}

// titled begins a finding with the name of a case's session.
func titled(c sweep.Case, finding string) string {
	return cmp.Or(sessionName(c), "All sessions") + ": " + finding
}
