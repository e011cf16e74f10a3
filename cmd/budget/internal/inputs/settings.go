package inputs

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/model"
	"budget/model/document"
)

// Settings are what flags set in a scenario, whatever its file says.
type Settings struct {
	Set      []string // as typed: KEY=VALUE
	timer    string   // of them the one that --timer has set
	Workload string   // of the session types that are chosen; "" leaves theirs
}

// The names of the flags, and the places of what they set.
const (
	setFlag      = "set"
	timerFlag    = "timer"
	workloadFlag = "workload"
)

// timerKey is the key that --timer sets.
const timerKey = "timer.phases"

// AddSet adds the flag for settings.
func (x *Settings) AddSet(fs *pflag.FlagSet) {
	var words []string
	for _, key := range append(Keys(), wordKeys()...) {
		words = append(words, key+"=")
	}
	cli.AddEach(fs, &x.Set, setFlag, checkSetting, "set a `KEY=VALUE` as a line of a scenario file "+
		"would, such as \"policy.suppress_low=0.1 /h\"; may be given again", words...)
}

// AddTimer adds the flag for the timer that sessions are, which is a setting, too.
func (x *Settings) AddTimer(fs *pflag.FlagSet) {
	cli.AddEach(fs, &x.Set, timerFlag, func(text string) (string, error) {
		if strings.TrimSpace(text) == "" {
			return "", fmt.Errorf("expected the phases of a timer, such as \"4 x (25 min, rest 5 min)\"; for "+
				"single sessions leave it out, or give --%s %s=", setFlag, timerKey)
		}
		x.timer = timerKey + "=" + strings.TrimSpace(text)
		return x.timer, nil
	}, "`phases` of the timer that sessions are, such as \"4 x (25 min, rest 5 min)\" (budget timer)")
}

// AddWorkload adds the flag for the workload.
func (x *Settings) AddWorkload(fs *pflag.FlagSet) {
	cli.AddValue(fs, &x.Workload, workloadFlag, cli.Word,
		"workload `id` of the session types, in place of their own", WorkloadIDs()...)
}

// checkSetting wants a key and a value, which may be empty: a shell takes the quotes away.
func checkSetting(text string) (string, error) {
	key, value, ok := strings.Cut(text, "=")
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	if !ok || key == "" {
		return "", fmt.Errorf("%q is not a setting: expected KEY=VALUE, such as "+
			"\"policy.suppress_low=0.1 /h\"", text)
	}
	return key + "=" + value, nil
}

// SetKeys lists the keys that --set sets.
func (x *Settings) SetKeys() (keys []string) {
	for _, text := range x.Set {
		key, _, _ := strings.Cut(text, "=")
		keys = append(keys, key)
	}
	return keys
}

// Over returns a scenario under what --set says. Where a key is set again, the last holds.
func (x *Settings) Over(s *model.Scenario) (*model.Scenario, error) {
	var settings []model.Setting
	byTimer := false
	for _, text := range x.Set {
		key, value, _ := strings.Cut(text, "=")
		settings = slices.DeleteFunc(settings, func(o model.Setting) bool { return o.Key == key })
		e := valueElement(value)
		if key == timerKey {
			if byTimer = text == x.timer; byTimer && e.Kind != document.String {
				e = &document.Element{Kind: document.String, Text: value} // a number without its unit
			}
		}
		settings = append(settings, model.Setting{Key: key, Value: e})
	}
	s, err := s.With("--"+setFlag, settings)
	return s, flagProblems(err, byTimer)
}

// With returns a scenario whose session types have the workload that --workload names.
func (x *Settings) With(s *model.Scenario, sessions []string) (*model.Scenario, error) {
	if x.Workload == "" {
		return s, nil
	}
	if known := s.WorkloadIDs(); !slices.Contains(known, x.Workload) {
		return nil, cli.Usagef("--%s: %q is unknown%s", workloadFlag, x.Workload,
			cli.Suggest(x.Workload, known))
	}
	s, err := s.WithWorkload("--"+workloadFlag, x.Workload, sessions)
	return s, flagProblems(err, false)
}

// flagProblems says what is wrong with a setting: after the flag, as there are no lines. byTimer
// says that the timer is of its own flag.
func flagProblems(err error, byTimer bool) error {
	problems, ok := errors.AsType[model.Problems](err)
	if !ok {
		return err
	}
	var lines []string
	for _, p := range problems {
		place := p.File + " " + p.Key
		if byTimer && p.Key == timerKey {
			place = "--" + timerFlag
		}
		lines = append(lines, fmt.Sprintf("%s: %s", place, p.Message))
	}
	return cli.Usagef("%s", strings.Join(lines, "\n"))
}

// valueElement reads a value as a line of a scenario file has it, in which a shell may have
// left out the quotes of words and quantities.
func valueElement(text string) *document.Element {
	root, err := document.Parse("", []byte("x = "+text+"\n"))
	if err == nil && len(root.Entries) == 1 {
		switch e := root.Entries[0].Value; e.Kind {
		case document.Table, document.Array, document.String, document.Integer, document.Float,
			document.Bool:
			return placeless(e)
		}
	}
	if inner, ok := strings.CutPrefix(text, "["); ok && strings.HasSuffix(inner, "]") {
		list := &document.Element{Kind: document.Array}
		for item := range strings.SplitSeq(strings.TrimSuffix(inner, "]"), ",") {
			list.Items = append(list.Items, valueElement(strings.TrimSpace(item)))
		}
		return list
	}
	return &document.Element{Kind: document.String, Text: text}
}

// placeless returns an element without the places of a file.
func placeless(e *document.Element) *document.Element {
	e.At = document.Position{}
	for i := range e.Entries {
		e.Entries[i].At = document.Position{}
		placeless(e.Entries[i].Value)
	}
	for _, item := range e.Items {
		placeless(item)
	}
	return e
}
