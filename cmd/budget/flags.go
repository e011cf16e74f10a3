package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"budget/model"
)

// value is a flag read by a function.
type value[T any] struct {
	to    *T
	text  string
	parse func(string) (T, error)
}

func (v *value[T]) String() string { return v.text }
func (v *value[T]) Type() string   { return "value" }

func (v *value[T]) Set(text string) error {
	x, err := v.parse(text)
	if err != nil {
		return err
	}
	*v.to, v.text = x, text
	return nil
}

// listType is the type of flags that may be given more than once.
const listType = "list"

// list is a flag that may be given more than once, and takes lists with commas.
// What is given replaces the default.
type list[T comparable] struct {
	to    *[]T
	text  string
	given bool
	parse func(string) (T, error)
}

func (l *list[T]) String() string { return l.text }
func (l *list[T]) Type() string   { return listType }

func (l *list[T]) Set(text string) error {
	if !l.given {
		*l.to, l.given = nil, true
	}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			return fmt.Errorf("%q has an empty entry", text)
		}
		x, err := l.parse(part)
		if err != nil {
			return err
		}
		if slices.Contains(*l.to, x) {
			return fmt.Errorf("%q is given twice", part)
		}
		*l.to = append(*l.to, x)
	}
	l.text = text
	return nil
}

// addValue adds a flag with its default; the usage names the value in back
// quotes.
func addValue[T any](fs *pflag.FlagSet, to *T, name, standard string, parse func(string) (T, error), usage string) *pflag.Flag {
	return fs.VarPF(&value[T]{to, standard, parse}, name, "", usage)
}

func addList[T comparable](fs *pflag.FlagSet, to *[]T, name, standard string, parse func(string) (T, error), usage string) *pflag.Flag {
	return fs.VarPF(&list[T]{to: to, text: standard, parse: parse}, name, "", usage)
}

// addChoice adds a flag that takes one of a few words.
func addChoice[T ~string](fs *pflag.FlagSet, to *T, name string, words []T, usage string) {
	complete(addValue(fs, to, name, string(*to), oneOf(words), usage), texts(words))
}

// completions is the annotation of a flag that holds the words it takes.
const completions = "budget_completions"

// complete says which words a flag takes, for shells.
func complete(f *pflag.Flag, words []string) {
	if f.Annotations == nil {
		f.Annotations = map[string][]string{}
	}
	f.Annotations[completions] = words
}

func texts[T ~string](words []T) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}

// oneOf reads one of a few words.
func oneOf[T ~string](words []T) func(string) (T, error) {
	return func(text string) (T, error) {
		if !slices.Contains(words, T(text)) {
			return "", fmt.Errorf("%q is unknown%s", text, suggest(text, texts(words)))
		}
		return T(text), nil
	}
}

// suggest ends an error on an unknown word with the nearest known one and all
// there are.
func suggest(word string, known []string) string {
	all := "expected one of " + strings.Join(known, ", ")
	if near := model.Nearest(word, known); near != "" {
		return fmt.Sprintf(": did you mean %s? (%s)", near, all)
	}
	return ": " + all
}

// word reads any word; what it may be depends on the scenario.
func word(text string) (string, error) { return text, nil }

// maxPaths is the largest number of paths a tally holds.
const maxPaths = 2_000_000_000

// parsePaths reads a number of paths: "20000", "20 000", "20k", "1e6", "4M".
func parsePaths(text string) (int64, error) {
	digits := strings.NewReplacer("_", "", " ", "").Replace(text)
	factor := 1.0
	for suffix, f := range map[string]float64{"k": 1e3, "K": 1e3, "M": 1e6} {
		if rest, ok := strings.CutSuffix(digits, suffix); ok {
			digits, factor = rest, f
		}
	}
	n, err := strconv.ParseFloat(digits, 64)
	n *= factor
	switch {
	case err != nil || n != math.Trunc(n) || strings.ContainsAny(digits, "xXpP"):
		return 0, fmt.Errorf("%q is not a number of paths: expected a whole number, such as 20000, 20k or 1e6", text)
	case n < 1:
		return 0, fmt.Errorf("%s is too few: expected at least 1", text)
	case n > maxPaths:
		return 0, fmt.Errorf("%s is too many: expected at most %s", text, count(maxPaths))
	}
	return int64(n), nil
}

func parseSeed(text string) (uint64, error) {
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a seed: expected a whole number from 0 to %d", text, uint64(math.MaxUint64))
	}
	return seed, nil
}

// maxWorkers keeps a slip of the finger from starting a million goroutines.
const maxWorkers = 1024

func parseWorkers(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxWorkers {
		return 0, fmt.Errorf("%q is not a number of workers: expected 1 to %d", text, maxWorkers)
	}
	return n, nil
}

// parseShare reads a plain number or a percentage that lies between bounds.
func parseShare(text string, within func(float64) bool, expected string) (float64, error) {
	x, err := model.ParseNumber(text)
	if err != nil {
		return 0, err
	}
	if !within(float64(x)) {
		hint := ""
		if percent := float64(x) / 100; within(percent) && !strings.Contains(text, "%") {
			hint = fmt.Sprintf(": did you mean \"%s %%\"?", strings.TrimSpace(text))
		}
		return 0, fmt.Errorf("%s is out of range: expected %s%s", text, expected, hint)
	}
	return float64(x), nil
}

func parseTolerance(text string) (float64, error) {
	return parseShare(text, func(x float64) bool { return x > 0 && x < 1 }, "more than 0 and less than 1")
}

// parseConfidence reads a confidence. Below a half a bound would be wrong more
// often than right.
func parseConfidence(text string) (float64, error) {
	return parseShare(text, func(x float64) bool { return x >= 0.5 && x <= 1-1e-12 }, "at least 0.5 and less than 1")
}

func parseRelative(text string) (float64, error) {
	return parseShare(text, func(x float64) bool { return x >= 0 && x <= 1 }, "0 to 1")
}

func parseLevel(text string) (*float64, error) {
	x, err := parseShare(text, func(x float64) bool { return x >= 0 && x <= 1 }, "0 to 1")
	return &x, err
}

// parseDirectory reads the name of a directory; it need not exist.
func parseDirectory(text string) (string, error) {
	if text == "" {
		return "", errors.New("\"\" is not a directory: expected a name, such as out")
	}
	return text, nil
}

// parseLength reads a duration that is longer than nothing.
func parseLength(text string) (model.Duration, error) {
	d, err := model.ParseDuration(text)
	if err == nil && d <= 0 {
		err = errors.New(text + " is out of range: expected more than 0 s")
	}
	return d, err
}

// parseFile reads the name of a file to write.
func parseFile(text string) (string, error) {
	if text == "" || strings.HasSuffix(text, "/") {
		return "", fmt.Errorf("%q is not a file: expected a name, such as report.html", text)
	}
	return text, nil
}
