package study

import (
	"context"
	"math"

	"budget/model"
	"budget/solver"
	"budget/solver/random"
	"budget/sweep/field"
)

// watches are paths of watches as people use them, on which any number of sessions can be
// simulated as package field does: rates do not act on the watch.
type watches struct {
	session      *model.Session
	step, margin float64 // [s]
	steps        int
	paths        []solver.History
	ends         []int // of a path by physics or the grant, as an index of times
	expires      []bool
	refusal      []float64
	prompt       float64 // probability that the Low Power prompt ends a session
	conditions   [solver.Conditions]model.Condition
	hazards      []model.Hazard
	frailties    []float64 // of users, all equally likely
	shortest     int       // planned length [min]
	longest      int
}

// newWatches simulates a number of paths of a case of a scenario for sessions of a length [s], 0
// for those of a simulated log. With 2^15 paths, the mean time of a session at low levels is good
// to some per cent, like all that follows from it.
func newWatches(ctx context.Context, s *model.Scenario, c solver.Case, length float64, paths int,
	q solver.Settings) (*watches, error) {
	w := &watches{session: s.Session(c.Session), step: float64(s.Grid.Step),
		margin: float64(s.Grid.Margin), frailties: make([]float64, 1<<12)}
	for i := range w.frailties {
		u := (float64(i) + 0.5) / float64(len(w.frailties))
		w.frailties[i] = random.Gamma(u, float64(s.Population.FrailtyShape))
	}
	w.hazards = w.session.Under(&s.Policy)
	w.shortest, w.longest = field.PlannedMinutes(w.session)
	c.Duration = math.Ceil(max(60*float64(w.longest), length)/w.step) * w.step
	if length > 0 {
		w.shortest, w.longest = 0, 0
	}
	program, err := solver.Compile(s, c)
	if err != nil {
		return nil, err
	}
	w.steps = len(program.Durations()) + int(math.Ceil(w.margin/w.step))
	if w.paths, err = program.Histories(ctx, q.Seed, paths, q.Workers, q.Kernel); err != nil {
		return nil, err
	}
	for code := range w.conditions {
		w.conditions[code] = solver.ConditionOf(uint8(code))
	}
	policy := s.Policy.Of(w.session)
	w.prompt = w.session.PromptResigns(&s.Policy)
	for i := range w.paths {
		w.close(&w.paths[i], &policy)
	}
	return w, nil
}

// close finds when physics or the grant ends a path, and how likely its start is refused.
func (w *watches) close(h *solver.History, policy *model.Policy) {
	level := model.Nominal
	if h.Start.Critical {
		level = model.Critical
	}
	end, expires := h.End, false
	if limit := float64(w.session.Limit); limit > 0 {
		used := 0.0
		for i, run := range h.Runs {
			next := h.Next(i, w.steps+1)
			pace := w.step * policy.GrantRate(w.conditions[run.Condition])
			k := int(run.Step) + max(int(math.Ceil((limit-1e-9-used)/pace)), 0)
			if k <= next {
				if k < end || k == end && h.AfterGrant {
					end, expires = k, true
				}
				break
			}
			used += pace * float64(next-int(run.Step))
		}
	}
	w.ends, w.expires = append(w.ends, end), append(w.expires, expires)
	w.refusal = append(w.refusal, w.session.Refusal(policy, h.Start.LowPower, level, h.Start.TooHot))
}

// stay is a part of a session by what hazards depend on.
type stay int

const (
	low stay = iota // of the displayed level, and not very low
	veryLow
	serious
	critical
	stays
)

// ran is what a session shows of hazards.
type ran struct {
	time  float64        // until the end [s]; 0 for a refused start
	at    [stays]float64 // [s]
	cause model.Cause
	in    model.Condition // at the end
	// lowPower is set if Low Power Mode was on at the start.
	lowPower bool
}

// rates are the hazards of sessions under some values, by condition.
type rates struct {
	hazards []model.Hazard
	plain   [solver.Conditions]float64
	frail   [solver.Conditions]float64
}

func (w *watches) newRates(hazards []model.Hazard) *rates {
	r := &rates{hazards: hazards}
	for code, c := range w.conditions {
		for _, h := range hazards {
			switch {
			case !h.While.Holds(c):
			case h.Frail:
				r.frail[code] += float64(h.Rate)
			default:
				r.plain[code] += float64(h.Rate)
			}
		}
	}
	return r
}

// pick returns the cause at a share of the hazards in a condition.
func (r *rates) pick(c model.Condition, frailty, share float64) (cause model.Cause) {
	by := model.Rates(r.hazards, c, frailty)
	total := 0.0
	for _, rate := range by {
		total += rate
	}
	left := share * total
	for i, rate := range by {
		if rate > 0 {
			cause = model.Cause(i)
			if left -= rate; left < 0 {
				break
			}
		}
	}
	return cause
}

// draws are the random numbers of a session, between 0 and 1.
type draws struct{ path, plan, frailty, refusal, moment, cause, prompt float64 }

// drawsOf returns the draws of the n-th session of a stream.
func drawsOf(s random.Stream, n int) draws {
	a, b, c, d := s.Block(uint32(2 * n))
	e, f, g, _ := s.Block(uint32(2*n + 1))
	u := random.Uniform32
	return draws{u(a), u(b), u(c), u(d), u(e), u(f), u(g)}
}

// run simulates a session of a planned length [s], or of one drawn like those of a simulated log
// if it is 0: as field.Simulate, with a constant hazard in each condition.
func (w *watches) run(r *rates, length float64, d draws) (x ran) {
	n := int(d.path * float64(len(w.paths)))
	h := &w.paths[n]
	x.cause, x.lowPower = model.Completed, h.Start.LowPower
	if d.refusal < w.refusal[n] {
		x.cause = model.Refused
		return x
	}
	if length == 0 {
		length = 60 * float64(w.shortest+int(d.plan*float64(w.longest-w.shortest+1)))
	}
	frailty := w.frailties[int(d.frailty*float64(len(w.frailties)))]
	last := length + w.margin
	if end := w.step * float64(w.ends[n]); end <= last {
		last, x.cause = end, h.Cause
		if w.expires[n] {
			x.cause = model.Expired
		}
	}
	left, asked := -math.Log(d.moment), x.lowPower
	for i, run := range h.Runs {
		from := w.step * float64(run.Step)
		to := min(w.step*float64(h.Next(i, w.steps+1)), last)
		if from >= to {
			break
		}
		in := &w.conditions[run.Condition]
		hazard := r.plain[run.Condition] + frailty*r.frail[run.Condition]
		stays := to - from
		x.in = *in
		if in.Low && !asked {
			if asked = true; d.prompt < w.prompt {
				x.cause = model.Resigned
				break
			}
		}
		over := left < hazard*stays
		if over {
			stays = left / hazard
			x.cause = r.pick(*in, frailty, d.cause)
		}
		left -= hazard * stays
		x.time += stays
		if in.Low && !in.VeryLow {
			x.at[low] += stays
		}
		if in.VeryLow {
			x.at[veryLow] += stays
		}
		switch in.Thermal {
		case model.Serious:
			x.at[serious] += stays
		case model.Critical:
			x.at[critical] += stays
		}
		if over {
			break
		}
	}
	return x
}
