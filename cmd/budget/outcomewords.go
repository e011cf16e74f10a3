package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// answer says in a few sentences how sessions of a case and length end.
func (o *outcomes) answer(c *caseOutcomes) string {
	text := o.shares(c)
	if o.documented() {
		text += fmt.Sprintf(" If grants are never cut, %s fail.", inWords(c.readings[1].fails))
	}
	if expiries := o.expiries(); len(expiries) > 0 {
		return expiries[0] + " " + text
	}
	return text + " " + notation.Sentence(notation.Limit(c.Case)) + "."
}

// documented reports whether how many fail differs, as far as it is written, if grants are
// never cut.
func (o *outcomes) documented() bool {
	return slices.ContainsFunc(o.cases, func(c caseOutcomes) bool {
		return len(c.readings) > 1 &&
			estimateText(c.readings[0].fails)[0] != estimateText(c.readings[1].fails)[0]
	})
}

// shares says of how many sessions out of a round number end well or not.
func (o *outcomes) shares(c *caseOutcomes) string {
	r := c.readings[0]
	name := sessionWord(c.Case)
	of := fmt.Sprintf("%s sessions of %s", name, notation.Length(c.length))
	if c.Cycles != "" {
		of = fmt.Sprintf("timers (%s)", name)
	}
	which := "that start"
	if o.CountRefused {
		which = "with those that are refused"
	}
	where := strings.TrimPrefix(caseWord(c.Case), name)
	if tooFew(r.fails) {
		return fmt.Sprintf("%s to say how often %s fail%s.", notation.Sentence(sweep.CapUnknown.Name()),
			of, where)
	}
	out := roundNumber(r.fails.Value)
	count := func(p float64) string { return countOf(p * out) }
	text := fmt.Sprintf("Of %s %s %s%s, ", notation.Count(int64(out)), of, which, where)
	switch low, high := count(r.fails.Lower), count(r.fails.Upper); {
	case r.fails.Value == 0:
		text += fmt.Sprintf("none is seen to fail (at most %s)", high)
	case low == high:
		text += fmt.Sprintf("%s fail, most often by %s", low, r.endsBy)
	default:
		text += fmt.Sprintf("%s fail (%s to %s), most often by %s", count(r.fails.Value), low, high,
			r.endsBy)
	}
	if o.pauses() {
		return text + fmt.Sprintf("; %s complete. Users who leave the app come back.",
			count(r.completes.Value))
	}
	leave := "leave"
	if o.OnResign == inputs.ResignEnds {
		leave = "of them leave" // they are among those that fail
	}
	return text + fmt.Sprintf("; %s %s the app for another, %s complete.", count(r.leaves.Value),
		leave, count(r.completes.Value))
}

// caseWord names a case within a sentence; fleet and mix go without saying.
func caseWord(c sweep.Case) string {
	_, where, _ := strings.Cut(notation.Case(c), c.SessionName)
	return sessionWord(c) + where
}

// sessionWord is the name of a session type within a sentence.
func sessionWord(c sweep.Case) string {
	name := c.SessionName
	if c.Cycles == "" {
		name, _, _ = strings.Cut(name, " (")
	}
	return strings.ToLower(name[:1]) + name[1:]
}

// roundNumber returns the power of ten, from 1000 up, out of which a share is 1 or more.
func roundNumber(p float64) float64 {
	n := 1000.0
	for p > 0 && p*n < 1 && n < 1e6 {
		n *= 10
	}
	return n
}

// countOf writes an expected number of sessions: in whole ones from 10 up, else with two
// digits.
func countOf(x float64) string {
	if x < 0.05 {
		return "none"
	}
	if x >= 9.95 {
		return notation.Count(int64(math.Round(x)))
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", x), ".0")
}

// expiries says of every session type which lengths are longer than its grant.
func (o *outcomes) expiries() (sentences []string) {
	types := o.sessionTypes()
	for _, c := range types {
		var beyond []model.Duration
		for _, length := range o.lengths {
			if !o.pauses() && c.Limit > 0 && length > c.Limit*(1+1e-9) {
				beyond = append(beyond, model.Duration(length))
			}
		}
		if len(beyond) == 0 {
			continue
		}
		grant := "The grant"
		expire := fmt.Sprintf("a %s session always expires, if nothing ends it", inputs.Lengths(beyond))
		if len(types) > 1 {
			grant += " of " + sessionWord(c)
		}
		if len(beyond) > 1 {
			expire = fmt.Sprintf("sessions of %s always expire, if nothing ends them",
				inputs.Lengths(beyond))
		}
		sentences = append(sentences, fmt.Sprintf("%s is %s: %s before.", grant,
			notation.Length(c.Limit), expire))
	}
	return sentences
}

// sessionTypes has a case of every session type of the answers.
func (o *outcomes) sessionTypes() (types []sweep.Case) {
	for _, c := range o.cases {
		if !slices.ContainsFunc(types, func(t sweep.Case) bool { return t.Session == c.Session }) {
			types = append(types, c.Case)
		}
	}
	return types
}

// spent says what a session takes of the battery, and whether the watch gets hot, given the
// share of sessions that heat ends.
func spent(cost *solver.Cost, endedByHeat float64) string {
	degrees := func(x float64) string { return fmt.Sprintf("%.1f", x) }
	text := ""
	if cost.Absences.Mean.Value > 0 {
		wall := func(away float64) string { return fmt.Sprintf("%.1f", (cost.Duration+away)/60) }
		text = fmt.Sprintf(" It pauses %.2f times and takes %s min on the wall (%s to %s min).",
			cost.Absences.Mean.Value, wall(cost.Away.Mean.Value), wall(cost.Away.P5.Value),
			wall(cost.Away.P95.Value))
	}
	return fmt.Sprintf("A session that finishes uses %.1f %% of the battery (nine in ten: %.1f to "+
		"%.1f %%). %s: its skin side reaches %s °C (%s to %s °C), and %s. The Low Power prompt comes in "+
		"%s of them.", 100*cost.Level.Mean.Value, 100*cost.Level.P5.Value, 100*cost.Level.P95.Value,
		howHot(max(cost.Serious.Value, endedByHeat)), degrees(cost.Hottest.Mean.Value),
		degrees(cost.Hottest.P5.Value), degrees(cost.Hottest.P95.Value), reaches(cost),
		inWords(cost.Prompted)) + text
}

// heat says whether the watch gets hot in any of the cases and lengths; "" where no session
// reaches an end.
func (o *outcomes) heat() string {
	var worst *solver.Cost
	where, most := "", 0.0
	for i := range o.cases {
		c := &o.cases[i]
		most = max(most, c.endedByHeat())
		if cost := o.costOf(c); cost != nil && !tooFew(cost.Serious) &&
			(worst == nil || cost.Serious.Value > worst.Serious.Value) {
			worst, where = cost, caseWord(c.Case)+", "+notation.EndOf(c.Case, c.length)
		}
	}
	if worst == nil {
		return ""
	}
	hot := howHot(max(worst.Serious.Value, most))
	if worst.Serious.Value == 0 {
		return hot + ": " + reaches(worst) + "."
	}
	return fmt.Sprintf("%s: at most %s (%s).", hot, reaches(worst), where)
}
