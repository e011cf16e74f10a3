package field

import (
	"context"
	"io"
	"math"
	"strconv"

	"budget/internal/escape"
	"budget/internal/parallel"
	"budget/model"
	"budget/solver"
	"budget/solver/random"
	"budget/sweep/sessionlog"
)

// Simulate makes a log of simulated sessions of a type. Each session runs on its own
// path (solver.Program.Trace). Planned lengths are whole minutes, all equally likely,
// from a tenth of the longest up to the longest: a minute less than the limit, or the
// horizon if there is no limit. take gets the sessions in order. They depend on
// scenario, case and seed alone.
func Simulate(ctx context.Context, s *model.Scenario, c solver.Case, seed uint64, sessions int,
	take func(sessionlog.Session) error) error {
	session := s.Session(c.Session)
	shortest, longest := plans(session)
	c.Duration = math.Ceil(60*float64(longest)/float64(s.Grid.Step)) * float64(s.Grid.Step)
	program, err := solver.Compile(s, c)
	if err != nil {
		return err
	}
	key := random.NewKey(seed)
	traced := func(p solver.TracePoint) [model.Completed]float64 { return p.Hazards }
	simulated := func(n int) sessionlog.Session {
		stream := random.Stream{Key: key, Path: uint64(n), Purpose: purposeLog}
		planned := 60 * float64(shortest+int(stream.Uniform(drawPlan)*float64(longest-shortest+1)))
		x := life{session, float64(s.Grid.Step), float64(s.Grid.Margin), program.Trace(seed, uint64(n)),
			traced}.end(planned, stream)
		x.Key = strconv.Itoa(n + 1)
		x.Device = x.Key
		return x
	}
	var batch [100]sessionlog.Session
	for first := 0; first < sessions; first += len(batch) {
		some := batch[:min(len(batch), sessions-first)]
		parallel.For(parallel.Workers(0), len(some), func(_, i int) {
			if ctx.Err() == nil {
				some[i] = simulated(first + i)
			}
		})
		for _, x := range some {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := take(x); err != nil {
				return err
			}
		}
	}
	return nil
}

// plans returns the shortest and the longest planned length in a simulated log
// [min].
func plans(session *model.Session) (shortest, longest int) {
	longest = int(float64(session.Horizon) / 60)
	if session.Limit > 0 {
		longest = min(longest, int(float64(session.Limit)/60)-1)
	}
	longest = max(longest, 1)
	return max(longest/10, 1), longest
}

// purposeLog is the purpose of the random words of a log. The solver does not use it.
const purposeLog = 1 << 16

// The draws of a session of a log.
const (
	drawPlan uint32 = iota
	drawRefusal
	drawMoment
	drawCause
	drawPrompt
)

// life is a path of the watch and the hazards along it.
type life struct {
	session      *model.Session
	step, margin float64 // [s]
	points       []solver.TracePoint
	hazards      func(solver.TracePoint) [model.Completed]float64 // by cause [1/s]
}

// end returns a session of a planned length [s] with its end: refused; or when the
// integral of the hazards reaches an exponential draw, by a cause that a second draw
// selects in proportion to its hazard; or by the Low Power prompt, which takes the front; or at
// the path's threshold; or completed.
//
//	∫₀ᵗ Σλ ds = −ln u
func (l life) end(planned float64, draws random.Stream) sessionlog.Session {
	x := sessionlog.Session{Type: l.session.ID, Planned: planned, Cause: model.Completed,
		HasThermal: true, HasLPM: true, LPM: l.points[0].OnAtStart,
		Start: l.points[0].Displayed, End: l.points[0].Displayed}
	first := l.points[0]
	if draws.Uniform(drawRefusal) < first.Refusal {
		x.Cause, x.Thermal = model.Refused, first.Thermal
		return x
	}
	last := planned + l.margin
	left := -math.Log(draws.Uniform(drawMoment))
	for _, p := range l.points {
		if p.Time > last {
			x.Actual = last
			return x
		}
		x.End = p.Displayed
		x.Thermal = max(x.Thermal, p.Thermal)
		x.Actual = p.Time
		if !math.IsNaN(p.Power) && draws.Uniform(drawPrompt) < p.Prompt {
			x.Cause = model.Resigned
			return x
		}
		if p.End != model.Completed {
			x.Cause = p.End
			return x
		}
		length := min(l.step, last-p.Time)
		if length <= 0 {
			return x
		}
		rates := l.hazards(p)
		total := 0.0
		for _, rate := range rates {
			total += rate
		}
		ended := left < total*length
		if ended {
			length = left / total
			x.Cause = pick(rates[:], total*draws.Uniform(drawCause))
		}
		left -= total * length
		x.Actual += length
		if p.Low {
			x.Low += length
		}
		if p.VeryLow {
			x.VeryLow += length
		}
		switch p.Thermal {
		case model.Serious:
			x.Serious += length
		case model.Critical:
			x.Critical += length
		}
		if ended {
			return x
		}
	}
	return x
}

// pick returns the cause at a point of the cumulated rates.
func pick(rates []float64, point float64) model.Cause {
	last := model.Stopped
	for cause, rate := range rates {
		if rate > 0 {
			last = model.Cause(cause)
			if point -= rate; point < 0 {
				break
			}
		}
	}
	return last
}

// WriteLog writes a simulated log as CSV.
func WriteLog(ctx context.Context, w io.Writer, s *model.Scenario, cases []solver.Case, seed uint64,
	sessions int, bare bool) error {
	out := escape.NewCSVWriter(w)
	if err := out.Write(sessionlog.Columns()); err != nil {
		return err
	}
	for i, c := range cases {
		err := Simulate(ctx, s, c, seed, sessions, func(x sessionlog.Session) error {
			if len(cases) > 1 { // starts must differ between sessions of all types
				x.Key = strconv.Itoa(i+1) + "-" + x.Key
				x.Device = x.Key
			}
			return x.Write(out, bare)
		})
		if err != nil {
			return err
		}
	}
	return out.Flush()
}

// PlannedMinutes returns the shortest and the longest planned length in a simulated log [min].
func PlannedMinutes(s *model.Session) (shortest, longest int) { return plans(s) }
