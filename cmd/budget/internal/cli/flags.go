package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"budget/model"
)

// takesValue tells whether a flag needs a value.
func takesValue(f *pflag.Flag) bool { return f.NoOptDefVal == "" }

// value is a flag read by a function.
type value[T any] struct {
	to    *T
	text  string
	parse func(string) (T, error)
}

func (v *value[T]) String() string { return v.text }

func (v *value[T]) Type() string { return "value" }

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

func (l *list[T]) Type() string { return listType }

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

// AddValue adds a flag with its default; the usage names the value in back
// quotes.
func AddValue[T any](fs *pflag.FlagSet, to *T, name, standard string, parse func(string) (T, error), usage string) *pflag.Flag {
	return fs.VarPF(&value[T]{to, standard, parse}, name, "", usage)
}

// AddShort is addValue for a flag that has a letter and no default.
func AddShort[T any](fs *pflag.FlagSet, to *T, name, letter string, parse func(string) (T, error), usage string) {
	fs.VarP(&value[T]{to: to, parse: parse}, name, letter, usage)
}

func AddList[T comparable](fs *pflag.FlagSet, to *[]T, name, standard string, parse func(string) (T, error), usage string) *pflag.Flag {
	return fs.VarPF(&list[T]{to: to, text: standard, parse: parse}, name, "", usage)
}

// AddChoice adds a flag that takes one of a few words.
func AddChoice[T ~string](fs *pflag.FlagSet, to *T, name string, words []T, usage string) {
	Complete(AddValue(fs, to, name, string(*to), OneOf(words), usage), Texts(words))
}

// completions is the annotation of a flag that holds the words it takes.
const completions = "budget_completions"

// Complete says which words a flag takes, for shells.
func Complete(f *pflag.Flag, words []string) {
	if f.Annotations == nil {
		f.Annotations = map[string][]string{}
	}
	f.Annotations[completions] = words
}

func Texts[T ~string](words []T) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}

// OneOf reads one of a few words.
func OneOf[T ~string](words []T) func(string) (T, error) {
	return func(text string) (T, error) {
		if !slices.Contains(words, T(text)) {
			return "", fmt.Errorf("%q is unknown%s", text, Suggest(text, Texts(words)))
		}
		return T(text), nil
	}
}

// Suggest ends an error on an unknown word with the nearest known one and all
// there are.
func Suggest(word string, known []string) string {
	all := "expected one of " + strings.Join(known, ", ")
	if near := model.Nearest(word, known); near != "" {
		return fmt.Sprintf(": did you mean %s? (%s)", near, all)
	}
	return ": " + all
}

// Word reads any word; what it may be depends on the scenario.
func Word(text string) (string, error) { return text, nil }

// MaxWorkers keeps a slip of the finger from starting a million goroutines.
const MaxWorkers = 1024

// ParseDirectory reads the name of a directory; it need not exist.
func ParseDirectory(text string) (string, error) {
	if text == "" {
		return "", errors.New("\"\" is not a directory: expected a name, such as out")
	}
	return text, nil
}

// ParseFile reads the name of a file to write.
func ParseFile(text string) (string, error) {
	if text == "" || strings.HasSuffix(text, "/") {
		return "", fmt.Errorf("%q is not a file: expected a name, such as report.html", text)
	}
	return text, nil
}
