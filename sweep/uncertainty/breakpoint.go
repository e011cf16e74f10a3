package uncertainty

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"budget/model"
	"budget/solver"
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
	// Unsure is the part of the values in which an interval of the failure has the tolerance in
	// it, where there are no crossings; nil where there is no such part.
	Unsure *[2]float64 `json:"unsure,omitempty"`
	// Shown is the answer as the watch shows it, for KeyStartLevel alone.
	Shown *ShownLevel `json:"shown,omitempty"`
	// MeanLoad is the mean power of the workload at the lever's value 1 [W], for KeyLoad alone.
	MeanLoad float64 `json:"mean_load_w,omitempty"`
}

// Decided reports whether the paths say something of every part of the answer.
func (b *Breakpoint) Decided() bool { return b.Known && (b.Shown == nil || b.Shown.Known) }

// Text writes a value for people, with its unit and three digits.
func (b *Breakpoint) Text(x float64) string {
	short, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64)
	if err != nil {
		short = x
	}
	unit := strings.ReplaceAll(b.Quantity.Unit, "degC", "°C")
	return strings.TrimSpace(strconv.FormatFloat(short, 'g', -1, 64) + " " + unit)
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
	if err == nil && q.Key == KeyStartLevel && b.Known {
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
	if err := q.between(s, l); err != nil {
		return nil, err
	}
	if q.Paths == 0 {
		q.Paths = rulePaths
		if l.Plant {
			q.Paths = plantPaths
		}
	}
	e := newEvaluator(s, &q.Request, c, control)
	if !Matters(s, e.on, q.Readings, q.Key) {
		return nil, fmt.Errorf("%s does not matter for session type %s%s", q.Key, c.Session, where(c))
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

// where names the device and the environment of a case that has one of its own.
func where(c sweep.Case) (text string) {
	if c.Device != solver.Fleet {
		text += " on " + c.Device
	}
	if c.Environment != solver.Mix {
		text += " in environment " + c.Environment
	}
	return text
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
		Reading: string(w.settings.Readings[0]), Quantity: l.Quantity, Paths: w.paths,
		From: l.column(l.low), To: l.column(l.high), Holds: w.points[0].above[1] <= 0,
		Known: slices.ContainsFunc(w.points, scanned.decided), Failure: ownFailure,
		Crossings: []Crossing{}}
	for _, x := range w.crossings() {
		x.At, x.Lower, x.Upper = l.column(x.At), l.column(x.Lower), l.column(x.Upper)
		b.Crossings = append(b.Crossings, x)
	}
	if from, to, some := w.undecided(); some && len(b.Crossings) == 0 {
		b.Unsure = &[2]float64{l.column(from), l.column(to)}
	}
	if l.Key == KeyLoad {
		b.MeanLoad = w.of.MeanLoad
	}
	return b, nil
}

// between sets the values to look between.
func (q *BreakpointRequest) between(s *model.Scenario, l *lever) (err error) {
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
			if err = l.check(s, *end.to); err != nil {
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
