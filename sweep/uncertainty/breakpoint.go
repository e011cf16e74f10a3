package uncertainty

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

// BreakpointRequest is an inverse question: at which values of a lever the cap of the request's
// first case, at its first tolerance under its first reading, falls below a session length,
// which is its Duration, with all else at the scenario's own values.
type BreakpointRequest struct {
	sweep.Request
	// Key is that of a quantity of the catalog or one of Levers. Of a list it is a common offset
	// where the catalog has one, else a common factor; a share moves the others in proportion.
	Key string
	// From and To are between which values to look, in the quantity's units; nil means the
	// ends of its law.
	From, To *string
}

// Breakpoint says for which values of a lever a session length holds.
type Breakpoint struct {
	Schema     int              `json:"schema"`
	Provenance sweep.Provenance `json:"provenance"`
	sweep.Case
	Plan      float64  `json:"plan_s"` // the session length
	Tolerance float64  `json:"tolerance"`
	Reading   string   `json:"reading"`
	Quantity  Quantity `json:"quantity"`
	From      float64  `json:"from"` // looked at, in Quantity.Unit
	To        float64  `json:"to"`
	Paths     int64    `json:"paths"` // for each value
	// Holds reports whether the length holds at From, by the best estimate; it changes at every
	// crossing.
	Holds bool `json:"holds"`
	// Known reports whether the paths decide at any of the values looked at whether the length
	// holds: an interval of its failure leaves the tolerance out. Without, too few sessions were
	// simulated, and crossings mean nothing.
	Known     bool       `json:"known"`
	Failure   float64    `json:"failure"` // of the length, at the scenario's own value
	Crossings []Crossing `json:"crossings"`
	// Shown is the answer as the watch shows it, for KeyStartLevel alone.
	Shown *ShownLevel `json:"shown,omitempty"`
	// MeanLoad is the mean power of the workload at the lever's value 1 [W], for KeyLoad alone.
	MeanLoad float64 `json:"mean_load_w,omitempty"`
}

// Crossing is a value of the quantity at which the plan's failure crosses the tolerance,
// with an interval for chance among the paths, in Breakpoint.Quantity's unit.
type Crossing struct {
	At float64 `json:"at"`
	estimate.Interval
	// LowerOpen and UpperOpen tell that the interval reaches beyond the values looked at; its
	// end is then the last of them.
	LowerOpen bool `json:"lower_open"`
	UpperOpen bool `json:"upper_open"`
}

// Text writes a value for people, with its unit and three digits.
func (b *Breakpoint) Text(x float64) string {
	short, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64)
	if err != nil {
		short = x
	}
	return strings.TrimSpace(strconv.FormatFloat(short, 'g', -1, 64) + " " + b.Quantity.Unit)
}

// scan is the failure of a session length along a lever.
type scan struct {
	*evaluator
	lever     *lever
	of        sweep.Case
	at        int // duration
	tolerance float64
	alpha     float64
	points    []scanned
}

// scanned is what is known at a value: the failure's best estimate less the tolerance, and
// so its bounds.
type scanned struct {
	x     float64
	above [3]float64 // lower bound, best estimate, upper bound
}

// decided reports whether the bounds are on one side of the tolerance.
func (s scanned) decided() bool { return s.above[0] > 0 || s.above[2] <= 0 }

// A scan looks at so many values first, and then at as many more between those where a
// crossing lies, several times.
const (
	scanPoints = 17
	scanRounds = 3
	scanFiner  = 7
)

// KeyError says that a scenario has no quantity of a key, and the key that is nearest, if
// one is near.
type KeyError struct{ Key, Near string }

func (e *KeyError) Error() string {
	if e.Near != "" {
		return fmt.Sprintf("no quantity is called %s: did you mean %s?", e.Key, e.Near)
	}
	return "no quantity is called " + e.Key
}

// The default numbers of paths for each value of a lever: those of rules share one run of the
// plant, others need one each.
const (
	rulePaths  = 65_536
	plantPaths = 16_384
)

// FindBreakpoint answers the request; without a number of paths it takes 65 536 for each value,
// 16 384 where the lever touches the watch. If ctx ends first it returns its error.
func FindBreakpoint(ctx context.Context, s *model.Scenario, q BreakpointRequest,
	control sweep.Control) (*Breakpoint, error) {
	w, err := newScan(s, &q, control)
	if err != nil {
		return nil, err
	}
	b, err := w.find(ctx)
	if err == nil && q.Key == KeyStartLevel {
		b.Shown, err = w.shown(ctx, q.Confidence)
	}
	return b, err
}

// newScan prepares the scan of a request, whose number of paths it fills in.
func newScan(s *model.Scenario, q *BreakpointRequest, control sweep.Control) (*scan, error) {
	cases, err := q.Cases(s)
	if err != nil {
		return nil, err
	}
	c := cases[0]
	l, err := newLever(s, c, q.Key)
	if err != nil {
		return nil, err
	}
	if err := q.between(l); err != nil {
		return nil, err
	}
	if q.Paths == 0 {
		q.Paths = rulePaths
		if l.Plant {
			q.Paths = plantPaths
		}
	}
	e := newEvaluator(s, &q.Request, c, control)
	if !matters(s, e.on, q.Readings, q.Key) {
		return nil, fmt.Errorf("%s does not matter for session type %s", q.Key, c.Session)
	}
	var varied []Quantity
	if l.parameter != nil {
		varied = []Quantity{l.Quantity}
	}
	if err := e.prepare(varied); err != nil {
		return nil, err
	}
	return &scan{evaluator: e, lever: l, of: c, at: len(e.durations) - 1, tolerance: q.Tolerances[0],
		alpha: (1 - q.Confidence) / 2}, nil
}

// find looks at values of the lever, more closely where a crossing lies, and says where the
// session length holds.
func (w *scan) find(ctx context.Context) (*Breakpoint, error) {
	l := w.lever
	ownFailure := 0.0
	if err := w.each(ctx, [][]float64{w.owns()}, func(_ int, s *solver.Estimates) {
		ownFailure = s.Readings[0].Failure.Value(w.at)
	}); err != nil {
		return nil, err
	}
	if err := w.look(ctx, w.spaced(l.low, l.high, scanPoints)); err != nil {
		return nil, err
	}
	for range scanRounds {
		finer := w.finer()
		if len(finer) == 0 {
			break
		}
		if err := w.look(ctx, finer); err != nil {
			return nil, err
		}
	}
	b := &Breakpoint{Schema: schema, Case: w.of, Plan: w.durations[w.at], Tolerance: w.tolerance,
		Reading: string(w.settings.Readings[0]), Quantity: l.Quantity, Paths: w.paths, From: l.column(l.low), To: l.column(l.high), Holds: w.points[0].above[1] <= 0,
		Known: slices.ContainsFunc(w.points, scanned.decided), Failure: ownFailure,
		Crossings: []Crossing{}}
	for _, x := range w.crossings() {
		x.At, x.Lower, x.Upper = l.column(x.At), l.column(x.Lower), l.column(x.Upper)
		b.Crossings = append(b.Crossings, x)
	}
	if l.Key == KeyLoad {
		b.MeanLoad = w.of.MeanLoad
	}
	return b, nil
}

// between sets the values to look between.
func (q *BreakpointRequest) between(l *lever) (err error) {
	for _, end := range []struct {
		name string
		text *string
		to   *float64
	}{{"from", q.From, &l.low}, {"to", q.To, &l.high}} {
		switch {
		case end.text != nil:
			if *end.to, _, err = l.kind.Parse(*end.text); err != nil {
				return &OptionError{end.name, err}
			}
		case !l.ranged:
			return &RangeError{Key: l.Key}
		}
	}
	l.ratio = l.ratio && l.low > 0
	if l.low >= l.high {
		return &RangeError{l.Key, l.text(l.low), l.text(l.high)}
	}
	return nil
}

// spaced returns n values between two, evenly spread, or by even factors where the lever is
// moved by factors.
func (w *scan) spaced(low, high float64, n int) []float64 {
	var all []float64
	for i := range n {
		u := float64(i) / float64(n-1)
		x := low + u*(high-low)
		if w.lever.ratio {
			x = low * math.Pow(high/low, u)
		}
		all = append(all, min(max(x, low), high))
	}
	return all
}

// evaluate gives take what is found at values of the lever, in any order, from several
// goroutines.
func (w *scan) evaluate(ctx context.Context, values []float64,
	take func(i int, found *solver.Estimates)) error {
	if w.lever.parameter == nil {
		return w.apart(ctx, len(values), func(i int) (*model.Scenario, solver.Case, error) {
			set, level := w.lever.under(values[i])
			on := w.on
			if level != nil {
				on.StartLevel = level
			}
			s, err := w.base.With("values of "+w.lever.Key, set)
			return s, on, err
		}, take)
	}
	points := make([][]float64, len(values))
	for i, x := range values {
		points[i] = []float64{x}
	}
	return w.each(ctx, points, take)
}

// look evaluates values.
func (w *scan) look(ctx context.Context, values []float64) error {
	found := make([]scanned, len(values))
	err := w.evaluate(ctx, values, func(i int, s *solver.Estimates) {
		e := s.Readings[0].Failure.Estimate(w.at, w.alpha)
		found[i] = scanned{values[i], [3]float64{e.Lower - w.tolerance, e.Value - w.tolerance,
			e.Upper - w.tolerance}}
	})
	w.points = append(w.points, found...)
	slices.SortFunc(w.points, func(a, b scanned) int { return cmp.Compare(a.x, b.x) })
	return err
}

// finer returns values between those where the estimate or a bound crosses the tolerance.
func (w *scan) finer() []float64 {
	var all []float64
	for i := 1; i < len(w.points); i++ {
		a, b := w.points[i-1], w.points[i]
		for k := range a.above {
			if (a.above[k] <= 0) != (b.above[k] <= 0) &&
				b.x-a.x > 1e-4*(w.points[len(w.points)-1].x-w.points[0].x) {
				inner := w.spaced(a.x, b.x, scanFiner+2)
				all = append(all, inner[1:len(inner)-1]...)
				break
			}
		}
	}
	return all
}

// crossings returns where the estimate crosses the tolerance, between neighbouring values as
// a straight line would. The ends of an interval are where the bounds do, nearest on the
// side where the plan holds and on the other: the argument is that of estimate.InvertCap.
func (w *scan) crossings() []Crossing {
	var out []Crossing
	n := len(w.points)
	cross := func(k, i int) (float64, bool) { // of the k-th curve between points i−1 and i
		a, b := w.points[i-1], w.points[i]
		if (a.above[k] <= 0) == (b.above[k] <= 0) {
			return 0, false
		}
		return a.x + (b.x-a.x)*a.above[k]/(a.above[k]-b.above[k]), true
	}
	for i := 1; i < n; i++ {
		x, ok := cross(1, i)
		if !ok {
			continue
		}
		c := Crossing{At: x, Interval: estimate.Interval{Lower: w.points[0].x, Upper: w.points[n-1].x},
			LowerOpen: true, UpperOpen: true}
		// On the lower side it is the upper bound where the plan holds there, else the lower.
		below, beyond := 2, 0
		if w.points[i-1].above[1] > 0 {
			below, beyond = 0, 2
		}
		for j := i; j >= 1 && c.LowerOpen; j-- {
			if y, ok := cross(below, j); ok && y <= x {
				c.Lower, c.LowerOpen = y, false
			}
		}
		for j := i; j < n && c.UpperOpen; j++ {
			if y, ok := cross(beyond, j); ok && y >= x {
				c.Upper, c.UpperOpen = y, false
			}
		}
		out = append(out, c)
	}
	return out
}
