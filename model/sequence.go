package model

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Sequence is the phases of a timer with what it repeats: Lead once, then Cycle a number of
// Times. A timer that repeats nothing is all Lead.
type Sequence struct {
	Lead, Cycle []Phase
	Times       int
}

// Phases lists the phases one after the other.
func (q *Sequence) Phases() []Phase {
	return slices.Concat(q.Lead, slices.Repeat(q.Cycle, q.Times))
}

// Repeated returns the sequence with its cycle a number of times.
func (q Sequence) Repeated(times int) Sequence {
	q.Times = times
	return q
}

// Kept returns the sequence with one session through its rests.
func (q Sequence) Kept() Sequence {
	return q.each(func(p Phase) Phase {
		p.Keep = p.Rest
		return p
	})
}

// each returns the sequence with every phase changed.
func (q Sequence) each(change func(Phase) Phase) Sequence {
	changed := func(phases []Phase) []Phase {
		out := slices.Clone(phases)
		for i, p := range out {
			out[i] = change(p)
		}
		return out
	}
	q.Lead, q.Cycle = changed(q.Lead), changed(q.Cycle)
	return q
}

// Apart reports whether every cycle has sessions of its own, so that a timer of fewer cycles is
// the beginning of a timer of more.
func (q *Sequence) Apart() bool {
	n := len(q.Cycle)
	return n > 0 && !(q.Cycle[n-1].InSession() && q.Cycle[0].InSession())
}

// Longest returns the length of the longest phases in a session that are no kept rests.
func (q *Sequence) Longest() Duration {
	longest := Duration(0)
	for _, p := range q.Phases() {
		if !p.Rest {
			longest = max(longest, p.Length)
		}
	}
	return longest
}

// Lengthened returns the sequence with its longest session phases (Longest) of a length, and
// the others as they are; or with all of its phases in the same proportion, each a multiple of
// a step and at least one.
func (q Sequence) Lengthened(to, step Duration, inProportion bool) Sequence {
	longest := q.Longest()
	return q.each(func(p Phase) Phase {
		switch {
		case inProportion:
			steps := max(1, math.Round(float64(p.Length/step)*float64(to/longest)))
			p.Length = Duration(steps) * step
		case !p.Rest && p.Length == longest:
			p.Length = to
		}
		return p
	})
}

// String writes the sequence as ParseSequence reads it.
func (q Sequence) String() string {
	var parts []string
	for _, p := range q.Lead {
		parts = append(parts, p.String())
	}
	if len(q.Cycle) > 0 {
		cycle := Sequence{Lead: q.Cycle}.String()
		if len(q.Cycle) > 1 {
			cycle = "(" + cycle + ")"
		}
		parts = append(parts, fmt.Sprintf("%d x %s", q.Times, cycle))
	}
	return strings.Join(parts, ", ")
}

// String writes the phase as ParseSequence reads it.
func (p Phase) String() string {
	text := p.Length.String()
	switch {
	case p.Keep:
		text = "keep " + text
	case p.Rest:
		text = "rest " + text
	}
	if p.Workload != "" {
		text += " " + p.Workload
	}
	if p.Environment != "" {
		text += " in " + p.Environment
	}
	return text
}

// MostTimes returns the largest number of cycles with which the sequence is a timer
// (CheckPhases), 0 if it has no cycle.
func (s *Scenario) MostTimes(q Sequence) int {
	if len(q.Cycle) == 0 {
		return 0
	}
	return sort.Search(maxPhases/len(q.Cycle), func(n int) bool {
		return s.CheckPhases(new(q.Repeated(n+1)).Phases()) != nil
	})
}

// MostSteps returns the longest length, in time steps, to which the sequence can be lengthened
// and still is a timer.
func (s *Scenario) MostSteps(q Sequence, inProportion bool) int {
	return sort.Search(int(Duration(24*3600)/s.Grid.Step), func(n int) bool {
		longer := q.Lengthened(Duration(n+1)*s.Grid.Step, s.Grid.Step, inProportion)
		return s.CheckPhases(longer.Phases()) != nil
	})
}

// ParsePhases reads the phases of a timer (ParseSequence).
func (s *Scenario) ParsePhases(text string) ([]Phase, error) {
	q, err := s.ParseSequence(text)
	return q.Phases(), err
}

// ParseSequence reads the phases of a timer, such as
//
//	4 x (25 min, rest 5 min)
//	5 min sit, 1 min rest in sun, 5 min workout
//
// A phase is a duration. Beside it may stand rest, keep (a rest in the session), sit (the session
// type's own workload) or the id of a workload, and where it is: in, and the id of an
// environment. The name of a phase (Timer.Named) stands for all of that. n x repeats a phase or
// phases in brackets; at the end, that is what the sequence repeats. The error names the column.
func (s *Scenario) ParseSequence(text string) (Sequence, error) {
	p := &phaseParser{scenario: s, tokens: phaseTokens(text)}
	q, err := p.list()
	switch end := p.next(); {
	case err != nil || end.text == "":
	case end.text == ")":
		err = p.wrong(end, "no bracket is open: leave it out")
	default:
		err = p.wrong(end, "expected a comma between phases")
	}
	if n := len(q.Lead); err == nil && n > 1 && len(q.Cycle) == 0 && q.Lead[n-1].Keep {
		err = fmt.Errorf("it ends with %v: a kept rest joins two sessions, and none follows: "+
			"leave it out", q.Lead[n-1])
	}
	if err == nil {
		err = s.CheckPhases(q.Phases())
	}
	if err != nil {
		return Sequence{}, fmt.Errorf("timer %q: %w", text, err)
	}
	return q, nil
}

// phaseWords are the words of the notation, which no phase can have as its name.
var phaseWords = []string{"rest", "keep", "kept", "in", "x"}

// TimerSequence returns the timer that the scenario's sessions are; ok is false if they are
// single sessions.
func (s *Scenario) TimerSequence() (q Sequence, ok bool) {
	if s.Timer.Phases == "" {
		return q, false
	}
	q, err := s.ParseSequence(s.Timer.Phases)
	if err != nil {
		return q, false // a step set by a flag, which the timer does not fit
	}
	if s.Timer.Keep {
		q = q.Kept()
	}
	return q, true
}

// Longest returns the longest session of a type that is looked at: the type's horizon, or the
// end of the last session of the timer that sessions are.
func (s *Scenario) Longest(session *Session) Duration {
	q, ok := s.TimerSequence()
	if !ok {
		return session.Horizon
	}
	legs := s.Grid.Legs(q.Phases())
	return Duration(legs[len(legs)-1].To)*s.Grid.Step - s.Grid.Margin
}

// LimitOf returns the limit of sessions of a type, 0 for none. A timer of several phases has none:
// each of its sessions has one.
func (s *Scenario) LimitOf(session *Session) Duration {
	if q, timer := s.TimerSequence(); timer && len(s.Grid.Legs(q.Phases())) > 1 {
		return 0
	}
	return session.Limit
}

// CycleEnds returns the ends of the cycles of the timer that sessions are [s], without margins, or
// of its sessions if it repeats nothing or its cycles share a session. Single sessions have none,
// nor has a timer of one phase, which is a single session.
func (s *Scenario) CycleEnds() (ends []float64) {
	q, _ := s.TimerSequence()
	if len(s.Grid.Legs(q.Phases())) == 1 {
		return nil
	}
	var sessions []float64
	for _, l := range s.Grid.Legs(q.Phases()) {
		if l.Ends {
			sessions = append(sessions, float64(Duration(l.To)*s.Grid.Step-s.Grid.Margin))
		}
	}
	one := s.Grid.Legs(q.Cycle) // none if it is all rests
	if len(one) == 0 || !q.Apart() {
		return sessions
	}
	each := one[len(one)-1].Stint + 1
	for i := len(sessions) - (q.Times-1)*each; i <= len(sessions); i += each {
		ends = append(ends, sessions[i-1])
	}
	return ends
}

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
func (p *phaseParser) list() (q Sequence, err error) {
	for {
		next, err := p.item()
		if err != nil {
			return q, err
		}
		q = Sequence{slices.Concat(q.Phases(), next.Lead), next.Cycle, next.Times}
		if len(q.Phases()) > maxPhases {
			return q, p.wrong(p.next(), "the timer has more than %d phases", maxPhases)
		}
		if !p.take(",") {
			return q, nil
		}
	}
}

// item reads a phase, phases in brackets, or either after n x.
func (p *phaseParser) item() (q Sequence, err error) {
	if p.take("(") {
		if p.depth++; p.depth > 8 {
			return q, p.wrong(p.next(), "brackets are nested too deeply")
		}
		q, err = p.list()
		if err == nil && !p.take(")") {
			err = p.wrong(p.next(), "expected )")
		}
		p.depth--
		return q, err
	}
	count, times := p.next(), p.tokens[min(p.at+1, len(p.tokens)-1)]
	isCount := times.text == "x" || times.text == "×"
	if _, err := strconv.Atoi(count.text); err == nil &&
		slices.Contains([]string{"*", "X", "times", "("}, times.text) {
		return q, p.wrong(times, "expected x, such as 4 x (25 min, rest 5 min)")
	}
	if !isCount {
		phase, err := p.phase()
		return Sequence{Lead: []Phase{phase}}, err
	}
	n, err := strconv.Atoi(count.text)
	if err != nil || n < 1 || n > maxPhases {
		return q, p.wrong(count, "expected how often, a whole number from 1 to %d, such as "+
			"4 x (25 min, rest 5 min)", maxPhases)
	}
	p.at += 2
	if q, err = p.item(); err != nil {
		return q, err
	}
	cycle := q.Phases()
	if n*len(cycle) > maxPhases {
		return q, p.wrong(count, "the timer has more than %d phases", maxPhases)
	}
	return Sequence{Cycle: cycle, Times: n}, nil
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
			if err == nil {
				err = p.onGrid(t, phase.Length)
			}
			if err != nil {
				return phase, err
			}
			continue
		}
		p.at++
		if named := p.scenario.Timer.Named[t.text]; named != nil {
			if phase.Length > 0 {
				return phase, p.wrong(t, "a phase has one duration: expected a comma before the next")
			}
			phase.Length, phase.Workload, phase.Environment = named.Length, named.Workload,
				named.Environment
			phase.Rest, phase.Keep = phase.Rest || named.Rest || named.Keep, phase.Keep || named.Keep
			continue
		}
		switch {
		case t.text == "rest":
			phase.Rest = true
		case t.text == "keep" || t.text == "kept":
			phase.Rest, phase.Keep = true, true
		case t.text == "sit":
		case t.text == "in":
			where := p.next()
			if phase.Environment != "" {
				return phase, p.wrong(where,
					"a phase has one environment, and %s stands before: leave one out", phase.Environment)
			}
			if p.scenario.Environment(where.text) == nil {
				return phase, p.wrong(where, "expected an environment, one of %s",
					strings.Join(IDs(p.scenario.Environments), ", "))
			}
			phase.Environment = where.text
			p.at++
		case p.scenario.Workload.ByID[t.text] != nil && phase.Workload != "":
			return phase, p.wrong(t, "a phase has one workload, and %s stands before: leave one out",
				phase.Workload)
		case p.scenario.Workload.ByID[t.text] != nil:
			phase.Workload = t.text
		default:
			known := strings.Join(p.scenario.WorkloadIDs(), ", ")
			if names := slices.Sorted(maps.Keys(p.scenario.Timer.Named)); len(names) > 0 {
				known += ", or a phase, one of " + strings.Join(names, ", ")
			}
			return phase, p.wrong(t,
				"expected rest, keep, sit, in and an environment, or a workload, one of %s", known)
		}
	}
}

// onGrid returns an error unless a length is a multiple of the time step.
func (p *phaseParser) onGrid(at phaseToken, length Duration) error {
	step := p.scenario.Grid.Step
	steps := math.Round(float64(length / step))
	if steps >= 1 && math.Abs(float64(length/step)-steps) <= 1e-6 {
		return nil
	}
	if length == 0 {
		return p.wrong(at, "a phase lasts at least a time step (grid.step, %v)", step)
	}
	return p.wrong(at, "%v is no multiple of the time step (grid.step, %v): expected %v or %v", length,
		step, Duration(max(1, math.Floor(float64(length/step))))*step,
		Duration(max(1, math.Floor(float64(length/step)))+1)*step)
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
