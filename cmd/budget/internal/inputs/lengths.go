package inputs

import (
	"slices"
	"strconv"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/internal/notation"
	"budget/model"
)

// LeadingDurations reads session lengths off the front of the arguments, and returns them in
// ascending order, each once, with the arguments after them. An argument that is a whole
// duration is a length, such as "1 h 30 min" or 20min, and so is each of several between
// commas; a bare number is one with the unit in the next argument, as a shell splits 20 min.
// Durations are never added: 1 h 30 min in four arguments is an error that says how to write
// one length and how to write two.
func LeadingDurations(args []string) (durations []model.Duration, rest []string, err error) {
	var found []given
	words := wordsOf(args)
	for len(words) > 0 {
		next, n := leading(words)
		if n == 0 {
			break
		}
		if last := len(found) - 1; last >= 0 && found[last].maySum(next) {
			return nil, nil, ambiguous(found[last], next)
		}
		found, words = append(found, next), words[n:]
	}
	if len(words) > 0 {
		if w := words[0]; w.inside || meantAsDuration(w.text) {
			text := w.text
			if len(words) > 1 && isNumber(text) && !words[1].apart {
				text += " " + words[1].text
			}
			_, err := model.ParseDuration(text)
			return nil, nil, cli.Usagef("duration: %v", err)
		}
		rest = args[words[0].arg:]
	}
	for _, d := range found {
		durations = append(durations, d.length)
	}
	slices.Sort(durations)
	return slices.Compact(durations), rest, nil
}

// LeadingDuration is LeadingDurations for commands that take a single length.
func LeadingDuration(args []string) (model.Duration, []string, error) {
	durations, rest, err := LeadingDurations(args)
	switch {
	case err != nil:
		return 0, nil, err
	case len(durations) == 0:
		_, err := model.ParseDuration(args[0])
		return 0, nil, cli.Usagef("duration: %v", err)
	case len(durations) > 1:
		return 0, nil, cli.Usagef("expected one duration, not %s: put one of several "+
			"units in quotes, such as \"1 h 30 min\"", Lengths(durations))
	}
	return durations[0], rest, nil
}

// Lengths lists session lengths: "20 min, 45 min and 60 min".
func Lengths(durations []model.Duration) string {
	var b strings.Builder
	for i, d := range durations {
		switch {
		case i == 0:
		case i == len(durations)-1:
			b.WriteString(" and ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(notation.Length(float64(d)))
	}
	return b.String()
}

// word is an argument, or a part of one between commas.
type word struct {
	text   string
	arg    int
	inside bool // not the first of its argument
	apart  bool // after a comma
}

func wordsOf(args []string) (words []word) {
	comma := false
	for i, arg := range args {
		for j, text := range strings.Split(arg, ",") {
			comma = comma || j > 0
			if text = strings.TrimSpace(text); text != "" {
				words = append(words, word{text, i, j > 0, comma})
				comma = false
			}
		}
	}
	return words
}

// given is a length as it was given.
type given struct {
	text   string
	length model.Duration
	spaced bool // number and unit are two arguments
	apart  bool // after a comma
}

// leading returns the length that words begin with, and of how many it is made; 0 if they
// begin with none.
func leading(words []word) (given, int) {
	first := words[0]
	if d, err := model.ParseDuration(first.text); err == nil {
		return given{first.text, d, false, first.apart}, 1
	}
	if len(words) > 1 && isNumber(first.text) && !words[1].apart {
		text := first.text + " " + words[1].text
		if d, err := model.ParseDuration(text); err == nil {
			return given{text, d, true, first.apart}, 2
		}
	}
	return given{}, 0
}

// maySum reports whether a length and the next one may be meant as one: a shell has split
// the first, and the next is in smaller units.
func (g given) maySum(next given) bool {
	return g.spaced && !next.apart && next.unit() < g.unit()
}

// unit returns the last unit of a length.
func (g given) unit() model.Duration {
	last := strings.LastIndexAny(g.text, "0123456789. ")
	d, err := model.ParseDuration("1 " + g.text[last+1:])
	if err != nil {
		return 0
	}
	return d
}

// ambiguous is the error of two lengths that may be one.
func ambiguous(a, b given) error {
	return cli.Usagef("%[1]s %[2]s may be one duration or two: write \"%[1]s %[2]s\" for %[3]s, or "+
		"\"%[1]s\" \"%[2]s\" for %[4]s", a.text, b.text, notation.Length(float64(a.length+b.length)),
		Lengths([]model.Duration{a.length, b.length}))
}

func isNumber(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}

// meantAsDuration reports whether a text is a mistyped duration rather than a file name.
func meantAsDuration(text string) bool {
	return text[0] >= '0' && text[0] <= '9' && !strings.HasSuffix(text, ".toml")
}
