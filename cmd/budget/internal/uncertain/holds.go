package uncertain

import (
	"fmt"
	"strings"

	"budget/internal/notation"
	"budget/sweep"
	"budget/sweep/uncertainty"
)

// holds writes for which values the session length holds.
func holds(b *uncertainty.Breakpoint) string {
	key := named(b.Quantity.Key)
	plan, _ := planned(b)
	length := fmt.Sprintf("%s: a %s", notation.Case(b.Case), plan)
	within := fmt.Sprintf("at %s", notation.Percent(b.Tolerance))
	all := fmt.Sprintf("%s from %s to %s", key, b.Text(b.From), b.Text(b.To))
	if b.Unsure != nil && b.Known {
		all += fmt.Sprintf(", but from %s to %s that is not certain", b.Text(b.Unsure[0]),
			b.Text(b.Unsure[1]))
	}
	all += "."
	switch {
	case !b.Known:
		return fmt.Sprintf("%s: %s to say where a %s is safe %s, for %s", notation.Case(b.Case),
			sweep.CapUnknown.Name(), plan, within, all)
	case len(b.Crossings) == 0 && b.Holds:
		return fmt.Sprintf("%s is safe %s for all of %s", length, within, all)
	case len(b.Crossings) == 0:
		return fmt.Sprintf("%s is not safe %s anywhere for %s", length, within, all)
	}
	text := fmt.Sprintf("%s is safe %s as long as %s stays %s.", length, within, key, values(b))
	if b.Shown != nil {
		text += " " + shownLevel(b)
	}
	return text
}

// planned is what holds or not: a session with its length, or a timer; and many of it.
func planned(b *uncertainty.Breakpoint) (one, many string) {
	if n := b.Cycles.Len(); n > 1 {
		of := " of " + notation.Plural(n, "cycle")
		return "timer" + of, "timers" + of
	}
	return notation.Length(b.Plan) + " session", notation.Length(b.Plan) + " sessions"
}

// named is a lever's name in words with its key; the key of a quantity stands alone.
func named(key string) string {
	switch key {
	case uncertainty.KeyStartLevel:
		return "the battery level at the start (" + key + ")"
	case uncertainty.KeyLoad:
		return "the factor on the power (" + key + ")"
	case uncertainty.KeyAir:
		return "the mean air temperature (" + key + ")"
	}
	return key
}

// values writes the values for which the length holds. Its parts start and end at crossings.
func values(b *uncertainty.Breakpoint) string {
	var parts []string
	begin := -1 // crossing where the part starts, −1 for the least value
	holding := b.Holds
	for i, c := range b.Crossings {
		switch {
		case holding && begin < 0:
			parts = append(parts, "below "+crossing(b, c))
		case holding:
			parts = append(parts, "between "+crossing(b, b.Crossings[begin])+" and "+crossing(b, c))
		}
		holding, begin = !holding, i
	}
	if holding {
		parts = append(parts, "above "+crossing(b, b.Crossings[begin]))
	}
	return strings.Join(parts, " or ")
}

// shownLevel writes from which displayed level on the length holds, and when to warn.
func shownLevel(b *uncertainty.Breakpoint) string {
	s := b.Shown
	lower, upper := fmt.Sprintf("%d %%", s.Lower), fmt.Sprintf("%d %%", s.Upper)
	if s.LowerOpen {
		lower = "less than " + lower
	}
	if s.UpperOpen {
		upper = fmt.Sprintf("more than %d %%", s.To)
	}
	about := fmt.Sprintf(" (%s to %s)", lower, upper)
	if lower == upper {
		about = ""
	}
	switch {
	case !s.Known:
		return fmt.Sprintf("As the watch shows it: %s to say.", sweep.CapUnknown.Name())
	case s.UpperOpen && s.Level > s.To:
		return fmt.Sprintf("As the watch shows it, no level up to %d %% is surely enough.", s.To)
	case s.Upper <= s.From && s.From == 1:
		return "As the watch shows it, any level is enough."
	case s.UpperOpen:
		return fmt.Sprintf("As the watch shows it, from %d %% on%s.", s.Level, about)
	}
	return fmt.Sprintf("As the watch shows it, from %d %% on%s: warn below %d %%.", s.Level,
		about, s.Upper)
}

// crossing writes the value at which failure crosses the tolerance, with its interval.
func crossing(b *uncertainty.Breakpoint, c uncertainty.Crossing) string {
	low, high := b.Text(c.Lower), b.Text(c.Upper)
	if c.LowerOpen {
		low = "less than " + low
	}
	if c.UpperOpen {
		high = "more than " + high
	}
	at := b.Text(c.At)
	if low != high {
		at += fmt.Sprintf(" (%s to %s)", low, high)
	}
	if b.MeanLoad > 0 {
		at += fmt.Sprintf(", %.0f mW on average", 1000*b.MeanLoad*c.At)
	}
	return at
}
