package live

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/live"
)

// Screen is what the page shows of an answer.
type Screen struct {
	Settled bool `json:"settled"`
	// Cap is the answer: the cap where it is settled, a range before. Note stands behind it.
	Cap  string `json:"cap"`
	Note string `json:"note"`
	None bool   `json:"none"`
	// Seconds is the cap, for the difference to another; Edge the longest length looked at, which
	// a cap may lie beyond.
	Seconds float64 `json:"seconds"`
	AtEdge  bool    `json:"atEdge"`
	Offer   string  `json:"offer"` // what to offer, in words
	Ends    string  `json:"ends"`  // what ends the next longer session
	Means   string  `json:"means"`
	Name    string  `json:"name"` // of the session type
	Refused string  `json:"refused"`

	Verdict string `json:"verdict"` // on the plan
	Holds   bool   `json:"holds"`

	Curve     Curve   `json:"curve"`
	Tolerance float64 `json:"tolerance"`
	Limit     float64 `json:"limit"`
	Plan      float64 `json:"plan"`
	Horizon   float64 `json:"horizon"`

	Causes  []Share   `json:"causes"` // of failure, at the cap
	At      string    `json:"at"`     // the length that they are at
	Stints  []Stint   `json:"stints,omitempty"`
	Basis   string    `json:"basis"`
	Control []Control `json:"controls"`
	Command string    `json:"command"`
	Title   string    `json:"title"`
}

// Curve is a failure curve with its interval.
type Curve struct {
	Durations []float64 `json:"durations"` // [s]
	Failure   []float64 `json:"failure"`
	Lower     []float64 `json:"lower"`
	Upper     []float64 `json:"upper"`
}

// Share is the share of sessions that a cause ends.
type Share struct {
	Name  string  `json:"name"`
	Text  string  `json:"text"`
	Value float64 `json:"value"`
	Means string  `json:"means"`
}

// Stint is a session of a timer.
type Stint struct {
	Ends  string `json:"ends"` // on the timer's clock
	Fails string `json:"fails"`
	Holds bool   `json:"holds"`
}

// Menu are the lengths to offer.
var Menu = []float64{300, 600, 1200, 1800, 2700, 3600, 5400}

// NewScreen makes the screen of an answer. command repeats it.
func NewScreen(q Asked, a *live.Answer, command string) *Screen {
	c := a.Cap
	s := &Screen{Settled: a.Settled, Name: c.SessionName, Tolerance: q.Tolerance, Limit: c.Limit,
		Plan: q.Plan, Horizon: c.Horizon, Seconds: c.Cap, AtEdge: c.Status == sweep.CapHorizon,
		Command: command, Control: Controls(q)}
	s.setCap(q, c)
	s.setVerdict(q, a)
	reading := solver.Reading(c.Reading)
	s.Refused = notation.Chance(c.Refused.Value) + " of starts are refused"
	if q.CountRefused {
		s.Refused += ", which counts as failure"
	}
	s.Curve = newCurve(a.Estimates, reading, c.Limit)
	s.setCauses(q, a)
	held := 0
	for _, stint := range a.Stints {
		f := a.Estimates.Failure(reading, stint.End)
		s.Stints = append(s.Stints, Stint{notation.Length(stint.End), notation.Chance(f.Value),
			stint.End <= c.Cap*(1+1e-9)})
		if s.Stints[len(s.Stints)-1].Holds {
			held++
		}
	}
	if n := len(a.Stints); n > 0 && a.Settled {
		s.Offer = fmt.Sprintf("%d of %s on the timer's clock.", held, notation.Plural(n, "session"))
	}
	s.Basis = fmt.Sprintf("%s simulated sessions, seed %d; the cap holds with %s confidence.",
		notation.Count(c.Paths), q.Seed, notation.Percent(c.Confidence))
	s.Title = s.Cap + " · " + s.Name
	return s
}

// setCap says how long a session may be.
func (s *Screen) setCap(q Asked, c sweep.Cap) {
	if known := c.Status != sweep.CapUnknown; known {
		s.Ends, s.Means = c.BindingCause.String(), c.BindingCause.Meaning()
	}
	text, upper := notation.Cap(c, float64(q.Scenario.Grid.Step))
	switch {
	case c.Status == sweep.CapNever:
		s.Cap, s.None = "None", true
		s.Note = fmt.Sprintf("%s, most often by %s; %s may",
			notation.EvenShortest(c, float64(q.Scenario.Grid.Step)), s.Ends, notation.Percent(q.Tolerance))
	case !s.Settled && c.Status.HasCap() && c.Cap != c.CapUpper:
		s.Cap, s.Note = notation.Length(c.Cap)+" to "+notation.Length(c.CapUpper), "refining"
	case !s.Settled:
		s.Cap, s.Note = text, "refining"
	case c.Status == sweep.CapUnknown:
		s.Cap, s.Note = notation.Sentence(text), "serve with more --paths"
	default:
		s.Cap, s.Note = notation.Sentence(text), upper
	}
	if c.Status.HasCap() && s.Settled && q.Timer == "" {
		offer := 0.0
		for _, d := range Menu {
			if d <= c.Cap*(1+1e-9) {
				offer = d
			}
		}
		if offer > 0 {
			s.Offer = "Of the menu, offer at most " + notation.Length(offer) + "."
		}
	}
}

// setVerdict says whether the plan holds.
func (s *Screen) setVerdict(q Asked, a *live.Answer) {
	o := a.Plan
	name := notation.Length(o.Duration)
	if q.Timer != "" {
		name = q.Timer
	}
	fails, may := notation.Chance(o.Failure.Value), notation.Percent(q.Tolerance)
	s.Holds = a.Cap.Status.HasCap() && o.Holds(a.Cap)
	switch {
	case math.IsNaN(o.Failure.Value):
		s.Verdict = fmt.Sprintf("%s is longer than the longest session looked at, %s.", name,
			notation.Length(a.Cap.Horizon))
	case s.Holds:
		s.Verdict = fmt.Sprintf("%s holds: %s fail; %s may.", name, fails, may)
	case o.Beyond && q.Timer == "":
		s.Verdict = fmt.Sprintf("%s always expires: the grant is %s.", name, notation.Length(a.Cap.Limit))
	case o.Failure.Value <= q.Tolerance:
		s.Verdict = fmt.Sprintf("%s is not sure to hold: %s fail; %s may.", name, fails, may)
	default:
		s.Verdict = fmt.Sprintf("%s does not hold: %s fail; %s may.", name, fails, may)
	}
	if !s.Settled {
		s.Verdict = fmt.Sprintf("%s: about %s fail; %s may.", name, fails, may)
	}
}

// setCauses lists what ends the sessions that fail, at the cap or at the shortest length: of a
// timer the end of its first session.
func (s *Screen) setCauses(q Asked, a *live.Answer) {
	shortest := a.Estimates.Durations[0]
	if len(a.Stints) > 0 {
		shortest = a.Stints[0].End
	}
	at := cmp.Or(a.Cap.Cap, shortest)
	s.At = notation.Length(at)
	reading := solver.Reading(a.Cap.Reading)
	for _, cause := range sweep.Failures(q.OnResign == model.ResignEnd, q.CountRefused) {
		p := a.Estimates.Ended(reading, solver.Meaning, cause, at)
		if p.Value > 0 {
			s.Causes = append(s.Causes, Share{cause.String(), notation.Chance(p.Value), p.Value,
				cause.Meaning()})
		}
	}
	slices.SortStableFunc(s.Causes, func(a, b Share) int { return cmp.Compare(b.Value, a.Value) })
}

// drawn is the number of lengths that a curve is drawn by; all within a minute of the limit are
// drawn besides.
const drawn = 120

// newCurve picks the points of a curve that the page draws.
func newCurve(e *solver.Estimates, reading solver.Reading, limit float64) (c Curve) {
	every := max(1, len(e.Durations)/drawn)
	for i, d := range e.Durations {
		if i%every != 0 && i != len(e.Durations)-1 && math.Abs(d-limit) > 60 {
			continue
		}
		f := e.Failure(reading, d)
		c.Durations = append(c.Durations, d)
		c.Failure = append(c.Failure, short(f.Value))
		c.Lower = append(c.Lower, short(f.Lower))
		c.Upper = append(c.Upper, short(f.Upper))
	}
	return c
}

// short rounds a probability to six digits: the page only draws it.
func short(p float64) float64 { return tidy(math.Round(p*1e9) / 1e9) }

// Cost is what a session as long as the cap costs.
type Cost struct {
	Text string `json:"text"`
}

// NewCost says what sessions cost.
func NewCost(c solver.Cost) Cost {
	if c.Paths == 0 {
		return Cost{"No session reaches its end."}
	}
	text := fmt.Sprintf("A %s session that finishes uses %.1f %% of the battery (nine in ten: %.1f to "+
		"%.1f %%). Its skin side reaches %.1f °C; %s of sessions reach thermal level serious.",
		notation.Length(c.Duration), 100*c.Level.Mean.Value, 100*c.Level.P5.Value,
		100*c.Level.P95.Value, c.Hottest.Mean.Value, notation.Chance(c.Serious.Value))
	return Cost{text}
}

// Type is the cap of another session type.
type Type struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Cap     string  `json:"cap"`
	Note    string  `json:"note"`
	Seconds float64 `json:"seconds"`
	Ends    string  `json:"ends"`
}

// NewType makes the line of a session type from its answer.
func NewType(q Asked, a *live.Answer) Type {
	s := Screen{Settled: a.Settled}
	s.setCap(q, a.Cap)
	id := a.Cap.Session
	return Type{id, q.Scenario.Session(id).Name, s.Cap, s.Note, a.Cap.Cap, s.Ends}
}
