package field

import (
	"slices"

	"budget/model"
	"budget/solver/estimate"
)

// Prior says what a rate is taken to be before the log is read.
type Prior string

const (
	// RangePrior is a gamma law with the range of the scenario as its central 95 %; where
	// a rate has no range, ValuePrior.
	RangePrior Prior = "range"
	// ValuePrior is a gamma law with the scenario's value as mean that weighs as much as
	// half an event; for a value of 0, which no such law has, JeffreysPrior.
	ValuePrior Prior = "value"
	// JeffreysPrior is λ^(−1/2): the log speaks alone.
	JeffreysPrior Prior = "jeffreys"
)

// priorTails is the probability that a range leaves out, both sides together.
const priorTails = 0.05

// Rate is what a log says of a hazard rate. Rates are in 1/s.
type Rate struct {
	Key      string             // of the scenario, "policy.suppress_low"
	Before   estimate.GammaRate // what was known of it
	Prior    Prior              // what that is made of
	Events   int                // ends that the rate may have caused
	Exposure float64            // time at risk [s]
	Sessions int                // with some of it
	Frail    bool               // hazards differ between sessions: the posterior is numeric
	Known    bool               // there is a posterior
	Mean     float64            // of the posterior, which predicts rare ends best
	Median   float64            // of the posterior
	Interval [2]float64         // central, of the posterior
	AtMost   float64            // the rate is below with the confidence
	// Share is the part of the exposure behind the posterior that is the log's: the mean of
	// a conjugate posterior is that of prior and log, weighed by theirs.
	Share float64
	// Told reports whether the log says at least half of what is known, or adds to what was
	// measured before. Else what was assumed is better left as it was: its value need not be
	// the mean of its range.
	Told bool
}

// atRisk is a session's part in a rate: the time at risk, and whether the rate ended it.
type atRisk struct {
	time  float64
	ended bool
}

// Fit finds the posterior of every rate that a log says something about, each interval with
// the given confidence. The exposure of a rate is the time that sessions ran in its
// condition, whatever ended them: other ends censor it. Given exposures, the
// likelihoods of the rates are independent of each other.
func Fit(l *Log, s *model.Scenario, prior Prior, confidence float64) []Rate {
	f := &fit{s, prior, confidence, nil}
	for _, session := range s.Sessions {
		for _, h := range session.Hazards() {
			frailty := 0.0
			if h.Frail {
				frailty = float64(s.Population.FrailtyShape)
			}
			f.add(h.Key, f.risks(l, h, session.ID), frailty)
		}
	}
	for _, h := range s.Policy.Hazards() {
		f.add(h.Key, f.risks(l, h, ""), 0)
	}
	return f.rates
}

type fit struct {
	scenario   *model.Scenario
	prior      Prior
	confidence float64
	rates      []Rate
}

// risks returns the part in a hazard of the sessions of a type, "" for all, of those for
// which the log can tell it.
func (f *fit) risks(l *Log, h model.Hazard, of string) (risks []atRisk) {
	policy := &f.scenario.Policy
	bare := slices.ContainsFunc(l.Sessions, func(x Session) bool { return x.Bare })
	for i := range l.Sessions {
		x := &l.Sessions[i]
		if x.Cause == model.Refused || of != "" && of != x.Type {
			continue
		}
		atLow, atVeryLow := x.low(policy)
		inSerious, inCritical, known := x.Heat()
		risk := atRisk{x.Actual, x.Cause == h.Cause}
		switch h.While {
		case model.Always:
			// Where the log cannot tell causes, a suppression in the heat or at a low level is
			// taken for one by it, and time there does not count.
			if bare && reasonOf(h.Cause) == reasonSuppressed {
				heat := zeroIfUnknown(inSerious) + zeroIfUnknown(inCritical)
				risk.time = max(x.Actual-max(atLow+atVeryLow, heat), 0)
			}
			known = true
		case model.AtLow: // above it, only Low Power Mode suppresses for the battery
			risk.time, known = atLow, true
			risk.ended = risk.ended && x.End > lowEdge(policy.VeryLowBattery) &&
				x.End <= lowEdge(policy.LowBattery)
		case model.AtVeryLow:
			risk.time, known = atVeryLow, true
			risk.ended = risk.ended && x.End <= lowEdge(policy.VeryLowBattery)
		case model.AtSerious:
			risk.time, risk.ended = inSerious, risk.ended && !(inCritical > 0)
		case model.AtCritical:
			risk.time, risk.ended = inCritical, risk.ended && inCritical > 0
		default: // such as Low Power Mode, of which logs say nothing
			return nil
		}
		if known {
			risks = append(risks, risk)
		}
	}
	return risks
}

// add fits a rate, unless the log has nothing to say of it. A frailty's shape of 0 means
// that all sessions have the same hazard.
func (f *fit) add(key string, risks []atRisk, frailty float64) {
	r := Rate{Key: key, Frail: frailty > 0}
	var times []float64
	var ended []bool
	for _, x := range risks {
		times, ended = append(times, x.time), append(ended, x.ended)
		r.Exposure += x.time
		if x.time > 0 {
			r.Sessions++
		}
		if x.ended {
			r.Events++
		}
	}
	known := f.scenario.Parameter(key)
	// A rate that the maker says is 0, such as that of losing the front in the
	// background, stays so until it is seen.
	if r.Exposure == 0 || r.Events == 0 && known.Values[0] == 0 && !known.HasRange {
		return
	}
	r.Before, r.Prior = f.before(known)

	alpha := 1 - f.confidence
	if r.Frail {
		if law, ok := estimate.NewFrailRate(r.Before, frailty, times, ended); ok {
			r.conclude(law, alpha)
		}
	} else if law := r.Before.Given(r.Events, r.Exposure); law.Proper() {
		r.conclude(law, alpha)
	}
	r.Told = r.Known && (r.Share >= 0.5 || known.Evidence == model.Measured)
	f.rates = append(f.rates, r)
}

// before returns the prior of a rate.
func (f *fit) before(p *model.Parameter) (estimate.GammaRate, Prior) {
	switch value := p.Values[0]; {
	case f.prior == JeffreysPrior:
	case p.HasRange && p.Range[1] > p.Range[0]:
		return estimate.GammaBetween(p.Range[0], p.Range[1], priorTails), RangePrior
	case value > 0:
		return estimate.GammaRate{Shape: 0.5, Exposure: 0.5 / value}, ValuePrior
	}
	return estimate.JeffreysRate(), JeffreysPrior
}

// law is a posterior of a rate.
type law interface {
	Mean() float64
	Quantile(p float64) float64
}

func (r *Rate) conclude(posterior law, alpha float64) {
	r.Known = true
	r.Share = r.Exposure / (r.Before.Exposure + r.Exposure)
	r.Mean, r.Median = posterior.Mean(), posterior.Quantile(0.5)
	r.Interval = [2]float64{posterior.Quantile(alpha / 2), posterior.Quantile(1 - alpha/2)}
	r.AtMost = posterior.Quantile(1 - alpha)
}
