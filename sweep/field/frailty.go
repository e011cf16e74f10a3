package field

import (
	"math"

	"budget/model"
	"budget/solver/estimate"
)

const keyFrailty = "population.frailty_shape"

// frailty is the posterior of the frailty's shape, which all session types share, together with
// their rates of leaving.
type frailty struct {
	before  shapePrior
	prior   Prior
	law     *estimate.FrailShape // nil if no session type was left often enough
	types   []string             // those with a sample in law
	events  int64
	cases   int64
	share   float64 // the log's part of the evidence
	told    bool
	assumed *model.Parameter
}

// leastFrailty and mostFrailty are the limits of the shape in a scenario.
const leastFrailty, mostFrailty = 0.01, 1e6

// fewResigned is the number of sessions of a type that must have been left for its times to say
// something of the shape.
const fewResigned = 2

// frailtyOf finds the posterior for the times at risk of being left in a log.
func frailtyOf(l *Log, s *model.Scenario, prior Prior) *frailty {
	times := &l.Statistics.Resignations
	p := s.Parameter(keyFrailty)
	r := &frailty{assumed: p}
	r.before, r.prior = beforeShape(prior, p, leastFrailty, mostFrailty)
	var samples []estimate.FrailSample
	for _, session := range s.Sessions {
		sum := times.risk(session.ID)
		if sum.Events < fewResigned {
			continue
		}
		before, _ := beforeRate(prior, s.Parameter("session."+session.ID+".resign"))
		samples = append(samples, estimate.FrailSample{Prior: before, Times: times.times(session.ID)})
		r.types = append(r.types, session.ID)
		r.events, r.cases = r.events+sum.Events, r.cases+sum.Sessions
	}
	if len(samples) == 0 {
		return r
	}
	r.law = estimate.NewFrailShape(samples, r.before.logDensity, math.Log(leastFrailty),
		math.Log(mostFrailty), l.workers)
	r.share = max(0, 1-r.law.Shape().Variance()/r.before.variance)
	r.told = r.share >= 0.5 || isMeasured(p)
	return r
}

// rate returns the law of a session type's rate of leaving whatever the shape, nil if the log
// does not tell the shape.
func (r *frailty) rate(session string) *estimate.LogGrid {
	for i, id := range r.types {
		if id == session && r.told {
			return r.law.Rate(i)
		}
	}
	return nil
}
