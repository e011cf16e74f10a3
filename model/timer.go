package model

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Phase is a part of a timer (session model, section 9): a part of a session, or a rest
// between sessions.
type Phase struct {
	Length Duration // without the margin of a session that ends with it
	Rest   bool
	// Keep joins the sessions before and after a rest: the rest then runs in the session.
	Keep bool
	// Workload is the id of what the watch does, "" for that of the session type, or worn in
	// a rest. Environment is the id of the one to move to when the phase begins, "" to stay.
	Workload, Environment string
}

// Worn is the id of the workload without a session: of rests, unless they name another, and
// of absences.
const Worn = "worn"

// InSession reports whether a session runs in the phase.
func (p *Phase) InSession() bool { return !p.Rest || p.Keep }

// Leg is a phase of a timer on the time grid. The phases from Starts to Ends share a session,
// a stint.
type Leg struct {
	Phase
	From, To int  // steps; the last leg of a stint has the margin
	Starts   bool // a session starts with it
	Ends     bool // a session ends with it
	Stint    int  // number of the stint, from 0; in a rest of the one that follows
}

// Legs puts the phases of a timer on the time grid. A rest after the last phase in a session
// is dropped.
func (g *Grid) Legs(phases []Phase) []Leg {
	last := len(phases)
	for last > 0 && phases[last-1].Rest {
		last--
	}
	var legs []Leg
	at, stint := 0, 0
	for i, p := range phases[:last] {
		l := Leg{Phase: p, From: at, Stint: stint}
		if l.InSession() {
			l.Starts = i == 0 || !phases[i-1].InSession()
			l.Ends = i+1 == last || !phases[i+1].InSession()
		}
		at += int(math.Round(float64(p.Length / g.Step)))
		if l.Ends {
			at += int(math.Round(float64(g.Margin / g.Step)))
			stint++
		}
		l.To = at
		legs = append(legs, l)
	}
	return legs
}

// maxPhases is the largest number of phases of a timer.
const maxPhases = 1000

// ParsePhases reads the phases of a timer, such as
//
//	4 x (25 min, rest 5 min)
//	5 min sit, 1 min rest in sun, 5 min workout
//
// A phase is a duration. Beside it may stand rest, keep (a rest in the session), sit (the session
// type's own workload) or the id of a workload, and where it is: in, and the id of an
// environment. n x repeats a phase or phases in brackets. The error names the column.
func (s *Scenario) ParsePhases(text string) ([]Phase, error) {
	p := &phaseParser{scenario: s, tokens: phaseTokens(text)}
	phases, err := p.list()
	if err == nil && p.next().text != "" {
		err = p.wrong(p.next(), "expected a comma between phases")
	}
	if err == nil {
		err = s.CheckPhases(phases)
	}
	if err != nil {
		return nil, fmt.Errorf("timer %q: %w", text, err)
	}
	return phases, nil
}

// CheckPhases returns what is wrong with the phases of a timer.
func (s *Scenario) CheckPhases(phases []Phase) error {
	total := Duration(0)
	for i, p := range phases {
		steps := float64(p.Length / s.Grid.Step)
		if math.Abs(steps-math.Round(steps)) > 1e-6 || steps < 0.5 {
			return fmt.Errorf("phase %d lasts %v: expected a multiple of grid.step (%v)", i+1, p.Length,
				s.Grid.Step)
		}
		total += p.Length + s.Grid.Margin
	}
	first := slices.IndexFunc(phases, func(p Phase) bool { return !p.Rest })
	last := len(phases) - 1
	for last >= 0 && phases[last].Rest {
		last--
	}
	switch {
	case first < 0:
		return fmt.Errorf("all phases are rests: expected a phase in a session, such as 25 min")
	case first > 0:
		return fmt.Errorf("it begins with a rest: a session comes first, leave the rest out")
	case total > Duration(24*3600):
		return fmt.Errorf("it lasts %v: expected at most 24 h", total)
	}
	if err := s.Grid.Hold(total); err != nil {
		return err
	}
	if phases[0].Environment != "" {
		return fmt.Errorf("the first phase is in %s: give --environment %[1]s for where the timer begins",
			phases[0].Environment)
	}
	workloads := map[string]bool{}
	for i, p := range phases[:last+1] {
		workloads[p.Workload] = true
		if p.Rest && p.Workload == "" {
			workloads[Worn] = true
		}
		if p.Keep && (i+1 > last) {
			return fmt.Errorf("phase %d is kept, and no session follows", i+1)
		}
	}
	if len(workloads) > mostWorkloads {
		return fmt.Errorf("it has %d workloads: expected at most %d", len(workloads), mostWorkloads)
	}
	return nil
}

// mostWorkloads is the largest number of workloads of a timer.
const mostWorkloads = 4

// phaseToken is a word, a number, a bracket or a comma at a column.
type phaseToken struct {
	text   string
	column int
}

// phaseTokens splits a text into tokens. The last one is empty.
func phaseTokens(text string) []phaseToken {
	var tokens []phaseToken
	runes := []rune(text)
	kind := func(r rune) int {
		switch {
		case r == ' ' || r == '\t' || r == '\u00a0' || r == '\u202f':
			return 0
		case strings.ContainsRune("(),×", r):
			return 1
		case r >= '0' && r <= '9' || r == '.':
			return 2
		}
		return 3
	}
	for i := 0; i < len(runes); {
		k, from := kind(runes[i]), i
		if k == 3 && runes[i] == 'x' && i+1 < len(runes) && kind(runes[i+1]) == 2 {
			k = 1 // 4x25min
		}
		for i++; i < len(runes) && k >= 2 && (kind(runes[i]) == k || k == 3 && kind(runes[i]) == 2); i++ {
		}
		if k > 0 {
			tokens = append(tokens, phaseToken{string(runes[from:i]), from + 1})
		}
	}
	return append(tokens, phaseToken{"", len(runes) + 1})
}

// phaseParser reads phases from tokens.
type phaseParser struct {
	scenario *Scenario
	tokens   []phaseToken
	at       int
	depth    int
}

func (p *phaseParser) next() phaseToken { return p.tokens[p.at] }

func (p *phaseParser) take(text string) bool {
	if p.next().text == text {
		p.at++
		return true
	}
	return false
}

func (p *phaseParser) wrong(t phaseToken, format string, args ...any) error {
	found := "the end"
	if t.text != "" {
		found = strconv.Quote(t.text)
	}
	return fmt.Errorf("column %d, %s: %s", t.column, found, fmt.Sprintf(format, args...))
}

// list reads phases with commas between them.
func (p *phaseParser) list() (phases []Phase, err error) {
	for {
		more, err := p.item()
		if err != nil {
			return nil, err
		}
		if phases = append(phases, more...); len(phases) > maxPhases {
			return nil, p.wrong(p.next(), "the timer has more than %d phases", maxPhases)
		}
		if !p.take(",") {
			return phases, nil
		}
	}
}

// item reads a phase, phases in brackets, or either after n x.
func (p *phaseParser) item() ([]Phase, error) {
	if p.take("(") {
		if p.depth++; p.depth > 8 {
			return nil, p.wrong(p.next(), "brackets are nested too deeply")
		}
		phases, err := p.list()
		if err == nil && !p.take(")") {
			err = p.wrong(p.next(), "expected )")
		}
		p.depth--
		return phases, err
	}
	count, isCount := p.next(), false
	if n := p.tokens[min(p.at+1, len(p.tokens)-1)].text; n == "x" || n == "×" {
		isCount = true
	}
	if !isCount {
		phase, err := p.phase()
		return []Phase{phase}, err
	}
	n, err := strconv.Atoi(count.text)
	if err != nil || n < 1 || n > maxPhases {
		return nil, p.wrong(count, "expected how often, such as 4 x (25 min, rest 5 min)")
	}
	p.at += 2
	phases, err := p.item()
	if err != nil {
		return nil, err
	}
	if n*len(phases) > maxPhases {
		return nil, p.wrong(count, "the timer has more than %d phases", maxPhases)
	}
	return slices.Repeat(phases, n), nil
}

// phase reads a duration with the words about it, before or after.
func (p *phaseParser) phase() (phase Phase, err error) {
	for {
		t := p.next()
		switch {
		case t.text == "" || strings.Contains("(),", t.text):
			if phase.Length == 0 {
				return phase, p.wrong(t, "expected a duration, such as 25 min")
			}
			return phase, nil
		case t.text[0] >= '0' && t.text[0] <= '9' || t.text[0] == '.':
			if phase.Length > 0 {
				return phase, p.wrong(t, "a phase has one duration: expected a comma before the next")
			}
			phase.Length, err = p.duration()
			if err != nil {
				return phase, err
			}
			continue
		}
		p.at++
		switch {
		case t.text == "rest":
			phase.Rest = true
		case t.text == "keep" || t.text == "kept":
			phase.Rest, phase.Keep = true, true
		case t.text == "sit":
		case t.text == "in":
			where := p.next()
			if p.scenario.Environment(where.text) == nil {
				return phase, p.wrong(where, "expected an environment, one of %s",
					strings.Join(IDs(p.scenario.Environments), ", "))
			}
			phase.Environment = where.text
			p.at++
		case p.scenario.Workload.ByID[t.text] != nil:
			phase.Workload = t.text
		default:
			return phase, p.wrong(t, "expected rest, keep, sit, in and an environment, or a workload, one of %s",
				strings.Join(slices.Sorted(maps.Keys(p.scenario.Workload.ByID)), ", "))
		}
	}
}

// duration reads numbers with units, such as 1 h 30 min.
func (p *phaseParser) duration() (Duration, error) {
	first := p.next()
	var words []string
	for number := true; ; number = !number {
		t := p.next()
		digit := t.text != "" && (t.text[0] >= '0' && t.text[0] <= '9' || t.text[0] == '.')
		if number != digit || t.text == "" || strings.Contains("(),", t.text) {
			break
		}
		if !digit && slices.Contains(words, t.text) {
			return 0, p.wrong(t, "a phase has one duration: expected a comma before the next")
		}
		words = append(words, t.text)
		p.at++
	}
	d, err := ParseDuration(strings.Join(words, " "))
	if err != nil {
		return 0, p.wrong(first, "%v", err)
	}
	return d, nil
}
