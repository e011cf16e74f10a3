package serve

import (
	"cmp"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/escape"
	"budget/internal/notation"
	"budget/model"
	"budget/plots/live"
	"budget/solver"
	"budget/sweep"
	answers "budget/sweep/live"
)

// asked is what an address asks: flags of budget caps, as its query has them.
type asked struct {
	live.Asked
	question answers.Question
	flags    [][2]string // name and value, as given
}

// flagsAsked are the flags that an address may have, in the order of the command.
var flagsAsked = []string{"session", "timer", "tolerance", "start-level", "device", "environment",
	"on-resign", "count-refused", "reading", "confidence", planFlag, alsoFlag, "set"}

// planFlag is the session length that the reader has in mind; of budget caps it is --offer.
const planFlag = "plan"

// alsoFlag names a key that the page offers to move, besides those that it always does.
const alsoFlag = "also"

// What holds where an address does not say it.
const (
	defaultSession   = "mindfulness"
	defaultTolerance = 0.01
	defaultPlan      = 45 * 60.0
)

// ask reads an address. An error is for its reader.
func (p *page) ask(query url.Values) (*asked, error) {
	o := inputs.NewOptions(0)
	o.Tolerances, o.Sessions = []float64{defaultTolerance}, []string{p.session}
	o.Readings = []solver.Reading{solver.Cautious}
	plan := model.Duration(0)
	fs := pflag.NewFlagSet("address", pflag.ContinueOnError)
	o.AddSessions(fs, "")
	o.AddCases(fs)
	o.AddTimer(fs)
	o.AddTolerances(fs)
	o.AddConfidence(fs, "")
	cli.AddValue(fs, &plan, planFlag, inputs.ParseOffered, "")
	var also []string
	cli.AddEach(fs, &also, alsoFlag, p.key, "")

	a := &asked{}
	for name := range query {
		if !slices.Contains(flagsAsked, name) && name != "pin" {
			return nil, cli.Usagef("%q is nothing that the page asks%s", name, cli.Suggest(name, flagsAsked))
		}
	}
	for _, name := range flagsAsked {
		values := query[name]
		if len(values) > 1 && name != "set" && name != alsoFlag {
			return nil, cli.Usagef("%s is given twice", name)
		}
		for _, value := range values {
			if wrong := escape.InName(value); wrong != "" {
				return nil, cli.Usagef("%s: %q %s", name, value, wrong)
			}
			if err := fs.Set(name, value); err != nil {
				return nil, flagProblem(name, err)
			}
			a.flags = append(a.flags, [2]string{name, value})
		}
	}
	if n := len(o.Set) + len(also); n > mostSet {
		return nil, cli.Usagef("%d keys: a page moves at most %d", n, mostSet)
	}
	s, err := o.Over(p.base)
	if err == nil {
		s, err = o.Resigning(s)
	}
	if err != nil {
		return nil, err
	}
	for _, one := range []struct {
		flag  string
		words []string
		also  []string
	}{{"session", o.Sessions, model.IDs(s.Sessions)},
		{"device", o.Devices, append(model.IDs(s.Devices), solver.Fleet)},
		{"environment", o.Environments, append(model.IDs(s.Environments), solver.Mix)}} {
		if len(one.words) != 1 || !slices.Contains(one.also, one.words[0]) {
			return nil, cli.Usagef("%s: %q: expected one of %s", one.flag, strings.Join(one.words, ","),
				strings.Join(one.also, ", "))
		}
	}
	if len(o.Tolerances) != 1 || len(o.Readings) != 1 {
		return nil, cli.Usagef("expected one tolerance and one reading")
	}
	q := o.Request(o.Sessions)
	q.Seed = p.Seed
	a.question = answers.Question{Scenario: s, Request: q, Plan: cmp.Or(float64(plan), defaultPlan)}
	if _, timer := s.TimerSequence(); timer {
		a.question.Plan = float64(s.Longest(s.Session(o.Sessions[0])))
	} else if err := inputs.CheckPlan(a.question.Plan, float64(s.Grid.Step)); err != nil {
		return nil, err
	}
	if _, err := q.Cases(s); err != nil {
		return nil, cli.Usagef("%v", err)
	}
	a.Asked = live.Asked{Base: p.base, Scenario: s, Session: o.Sessions[0], Usual: p.session,
		Timer:     s.Timer.Phases,
		Tolerance: o.Tolerances[0], Plan: a.question.Plan, StartLevel: o.StartLevel,
		Environment: o.Environments[0], Device: o.Devices[0], OnResign: o.OnResign,
		CountRefused: o.CountRefused, Values: map[string]string{}, Also: also,
		Seed: p.Seed}
	for _, f := range a.flags {
		a.Values[f[0]] = f[1]
	}
	for _, setting := range o.Set {
		key, value, _ := strings.Cut(setting, "=")
		if !slices.Contains(a.Set, key) {
			a.Set = append(a.Set, key)
		}
		a.Values[key] = value
	}
	return a, nil
}

// mostSet is the largest number of keys that an address may set.
const mostSet = 64

// key reads the key of a quantity.
func (p *page) key(text string) (string, error) {
	if p.base.Parameter(text) != nil {
		return text, nil
	}
	var keys []string
	for _, q := range p.base.Parameters() {
		keys = append(keys, q.Key)
	}
	hint := ""
	if near := model.Nearest(text, keys); near != "" {
		hint = ": did you mean " + near + "?"
	}
	return "", cli.Usagef("no quantity is called %q%s", text, hint)
}

// flagProblem says what is wrong with a part of an address.
func flagProblem(name string, err error) error {
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		err = invalid.Unwrap()
	}
	return cli.Usagef("%s: %v", name, err)
}

// of returns what the address asks, for another session type.
func (a *asked) of(session string) *asked {
	other := *a
	other.Session = session
	other.question.Request.Sessions = []string{session}
	return &other
}

// command returns the command that prints the answer, for a scenario that stands in a file.
func (p *page) command(file string, a *asked) string {
	parts := []string{"budget"}
	for _, arg := range p.arguments(file, a) {
		parts = append(parts, quoted(arg))
	}
	return strings.Join(parts, " ")
}

// arguments returns the arguments of that command.
func (p *page) arguments(file string, a *asked) []string {
	r := &a.question.Request
	args := []string{"caps"}
	if file != "" {
		args = append(args, file)
	}
	args = append(args, "--session", a.Session)
	if _, said := a.Values["tolerance"]; !said {
		args = append(args, "--tolerance", notation.Percent(a.Tolerance))
	}
	if _, said := a.Values["reading"]; !said {
		args = append(args, "--reading", string(r.Readings[0]))
	}
	for _, f := range a.flags {
		switch f[0] {
		case "session", planFlag, alsoFlag:
		case "count-refused":
			args = append(args, "--count-refused="+f[1])
		default:
			args = append(args, "--"+f[0], f[1])
		}
	}
	if a.Timer == "" {
		args = append(args, "--offer", notation.Length(a.Plan))
	}
	args = append(args, "--gate", "0", "--paths", strconv.FormatInt(p.engine.Paths(), 10))
	if r.Seed != sweep.DefaultSeed {
		args = append(args, "--seed", strconv.FormatUint(r.Seed, 10))
	}
	return append(args, "--no-uncertainty")
}

// quoted writes an argument as a POSIX shell reads it.
func quoted(text string) string {
	if text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"+
			"_./:,+-=@", r)
	}) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// problem says what is wrong with a question. A reader of the page has typed no flag.
func problem(err error) string {
	text := err.Error()
	if failure, ok := errors.AsType[*cli.Failure](err); ok {
		text = failure.Error()
	}
	return setPlace.ReplaceAllString(text, "")
}

// setPlace is how --set and --timer name themselves in what is wrong with a setting.
var setPlace = regexp.MustCompile(`(?m)^--(set|timer):? `)
