package cli

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"budget/internal/notation"
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
		if len(*l.to) == mostListed {
			return fmt.Errorf("more than %d values: give fewer, or use a plan of budget sweep", mostListed)
		}
		*l.to = append(*l.to, x)
	}
	l.text = text
	return nil
}

// mostListed bounds the values of a list on the command line.
const mostListed = 1000

// defaultText writes a default as it is typed. Numbers with a fraction are shares; a zero
// value is no default.
func defaultText(v any) string {
	x, share := v.(float64)
	switch {
	case reflect.ValueOf(v).IsZero():
		return ""
	case share:
		return notation.Percent(x)
	}
	return fmt.Sprint(v)
}

// AddValue adds a flag whose default is what it now holds. The usage names the value in
// back quotes; words complete it in shells.
func AddValue[T any](fs *pflag.FlagSet, to *T, name string, parse func(string) (T, error),
	usage string, words ...string) {
	complete(fs.VarPF(&value[T]{to, defaultText(*to), parse}, name, "", usage), words)
}

// AddOutput adds the flag -o, which has no default.
func AddOutput(fs *pflag.FlagSet, to *string, parse func(string) (string, error), usage string) {
	fs.VarP(&value[string]{to: to, parse: parse}, "output", "o", usage)
}

// AddQuiet adds the flag -q.
func AddQuiet(fs *pflag.FlagSet, to *bool, usage string) {
	fs.BoolVarP(to, "quiet", "q", false, usage)
	present(fs, "quiet")
}

// AddList adds a flag for a list, as AddValue does for a value.
func AddList[T comparable](fs *pflag.FlagSet, to *[]T, name string, parse func(string) (T, error),
	usage string, words ...string) {
	var texts []string
	for _, v := range *to {
		texts = append(texts, defaultText(v))
	}
	l := &list[T]{to: to, text: strings.Join(texts, ","), parse: parse}
	complete(fs.VarPF(l, name, "", usage), words)
}

// each is a flag that may be given more than once, and is not split at commas.
type each struct {
	to    *[]string
	parse func(string) (string, error)
}

func (e *each) String() string { return "" }
func (e *each) Type() string   { return listType }

func (e *each) Set(text string) error {
	x, err := e.parse(text)
	if err == nil {
		*e.to = append(*e.to, x)
	}
	return err
}

// AddEach adds a flag that may be given more than once, each time for one text.
func AddEach(fs *pflag.FlagSet, to *[]string, name string, parse func(string) (string, error),
	usage string, words ...string) {
	complete(fs.VarPF(&each{to, parse}, name, "", usage), words)
}

// AddChoice adds a flag that takes one of a few words.
func AddChoice[T ~string](fs *pflag.FlagSet, to *T, name string, words []T, usage string) {
	AddValue(fs, to, name, OneOf(words), usage, Texts(words)...)
}

// AddChoices adds a flag that takes several of a few words.
func AddChoices[T ~string](fs *pflag.FlagSet, to *[]T, name string, words []T, usage string) {
	AddList(fs, to, name, OneOf(words), usage, Texts(words)...)
}

// presents is the annotation of flags that do not affect an answer, only how and where it
// appears.
const presents = "budget_presents"

// Presents reports whether a flag does not affect an answer, only how and where it appears.
func Presents(f *pflag.Flag) bool { return f.Annotations[presents] != nil }

// present marks flags by their names.
func present(fs *pflag.FlagSet, names ...string) {
	for _, name := range names {
		f := fs.Lookup(name)
		if f.Annotations == nil {
			f.Annotations = map[string][]string{}
		}
		f.Annotations[presents] = []string{}
	}
}

const explainFlag = "explain"

// AddExplain adds the flag for all notes of an answer. Print reads it by itself.
func AddExplain(fs *pflag.FlagSet) {
	fs.Bool(explainFlag, false, "print all notes under a table, not only the first")
	present(fs, explainFlag)
}

// completions is the annotation of a flag that holds the words it takes.
const completions = "budget_completions"

func complete(f *pflag.Flag, words []string) {
	if words != nil {
		f.Annotations = map[string][]string{completions: words}
	}
}

// takesValue reports whether a flag needs a value.
func takesValue(f *pflag.Flag) bool { return f.NoOptDefVal == "" }

// Texts returns words as strings.
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

// Suggest ends an error on an unknown word with the nearest known one and all of them.
func Suggest(word string, known []string) string {
	all := "expected one of " + strings.Join(known, ", ")
	if near := model.Nearest(word, known); near != "" {
		return fmt.Sprintf(": did you mean %s? (%s)", near, all)
	}
	return ": " + all
}

// Word reads any word; what it may be depends on the scenario.
func Word(text string) (string, error) { return text, nil }

// Whole returns what reads a whole number from least to most. An error says that a text is
// not what is wanted, and what was expected.
func Whole(least, most int, not, expected string) func(string) (int, error) {
	return func(text string) (int, error) {
		n, err := strconv.Atoi(text)
		if err != nil || n < least || n > most {
			return 0, fmt.Errorf("%q is %s: expected %s", text, not, expected)
		}
		return n, nil
	}
}

// Directory reads the name of a directory; it need not exist.
func Directory(text string) (string, error) {
	if text == "" || text == Stdin {
		return "", fmt.Errorf("%q is not a directory: expected a name, such as out", text)
	}
	return text, nil
}

// NewFile reads the name of a file to write.
func NewFile(text string) (string, error) {
	if text == "" || strings.HasSuffix(text, "/") {
		return "", fmt.Errorf("%q is not a file: expected a name, such as report.html", text)
	}
	return text, nil
}

// addGlobal adds the flags that every command has.
func addGlobal(fs *pflag.FlagSet) {
	addVerbose(fs)
	addConfig(fs)
	fs.BoolP("help", "h", false, "show this help")
}

const verboseFlag = "verbose"

// addVerbose adds the flag -v.
func addVerbose(fs *pflag.FlagSet) {
	fs.BoolP(verboseFlag, "v", false, "say on standard error what is read, where defaults of flags come "+
		"from, how many paths are done, and how long each stage takes")
	present(fs, verboseFlag)
}

// configFlag names the file with defaults of flags, configVariable the environment variable that
// does.
const (
	configFlag     = "config"
	configVariable = "BUDGET_CONFIG"
)

// addConfig adds the flag for the file with defaults of flags.
func addConfig(fs *pflag.FlagSet) {
	fs.String(configFlag, "", "read defaults of flags from this `file` (default: budget/config.toml in "+
		"$XDG_CONFIG_HOME or ~/.config)")
	present(fs, configFlag)
}
