package field

import (
	"fmt"
	"slices"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver/estimate"
	"budget/sweep/sessionlog"
)

// Rate is the posterior of a hazard rate given a log. Rates are in 1/s.
type Rate struct {
	Key      string             // of the scenario, "policy.suppress_low"
	Before   estimate.GammaRate // the prior
	Prior    Prior              // kind of the prior
	Events   int                // ends by the rate's cause in its condition
	Exposure float64            // time at risk [s]
	Sessions int                // number with exposure
	Frail    bool               // hazards differ between sessions; the posterior is a FrailRate
	Known    bool               // the posterior is proper
	Mean     float64            // posterior mean, the best prediction of rare ends
	Median   float64            // posterior median
	Interval [2]float64         // central posterior interval
	AtMost   float64            // upper bound with the confidence
	// Share is the log's part of the exposure behind the posterior. It is the log's weight
	// in the mean of a conjugate posterior.
	Share float64
	// Told is true if the log has at least half of the weight, or if the prior was measured.
	// Else the assumed value is kept: it need not be the mean of its range.
	Told bool

	posterior law // nil unless Known
}

// Quantile returns the p-quantile of the posterior, 0 < p < 1. The rate must be Known.
func (r *Rate) Quantile(p float64) float64 { return r.posterior.Quantile(p) }

// Fit finds the posterior of every rate that a log has data on. Every single interval has
// the given confidence. The exposure of a rate is the time that sessions ran in its
// condition; ends by other causes censor it. Given the exposures, the likelihoods of the
// rates are independent.
func Fit(l *Log, s *model.Scenario, prior Prior, confidence float64) []Rate {
	return fitRates(l, &fit{s, prior, confidence, frailtyOf(l, s, prior)})
}

// FitAll returns what Fit and FitLaws do. It finds the shape of the frailty, on which both depend
// and which takes most of their time, only once.
func FitAll(l *Log, s *model.Scenario, device string, prior Prior, confidence float64) ([]Rate,
	Laws) {
	shape := frailtyOf(l, s, prior)
	rates := fitRates(l, &fit{s, prior, confidence, shape})
	return rates, fitLaws(l, s, device, prior, confidence, shape)
}

// fitRates finds the posteriors of all rates.
func fitRates(l *Log, f *fit) []Rate {
	s, sums := f.scenario, l.Statistics
	var fits []func() (Rate, bool)
	add := func(h model.Hazard, sum risk) {
		fits = append(fits, func() (Rate, bool) { return f.rate(h, sum) })
	}
	for _, session := range s.Sessions {
		for _, h := range session.Hazards() {
			if h.Frail {
				fits = append(fits, func() (Rate, bool) {
					return f.frailRate(h, session.ID, &sums.Resignations)
				})
				continue
			}
			add(h, sums.Risks.get(session.ID, f.kind(h, sums)))
		}
	}
	for _, h := range s.Policy.Hazards() {
		total := risk{}
		for _, session := range s.Sessions {
			if slices.Contains(session.Under(&s.Policy), h) {
				total.add(sums.Risks.get(session.ID, f.kind(h, sums)))
			}
		}
		add(h, total)
	}
	found, has := make([]Rate, len(fits)), make([]bool, len(fits))
	parallel.For(l.workers, len(fits), func(_, i int) { found[i], has[i] = fits[i]() })
	var rates []Rate
	for i, r := range found {
		if has[i] {
			rates = append(rates, r)
		}
	}
	return rates
}

type fit struct {
	scenario   *model.Scenario
	prior      Prior
	confidence float64
	frailty    *frailty
}

// kind returns the sums that a hazard's rate follows from. If the log has bare reasons, a
// suppression in heat or at a low level counts as caused by it, and the time there does not count
// for other suppressions.
func (f *fit) kind(h model.Hazard, sums *Statistics) hazardKind {
	return hazardKind{h.Cause, h.While, h.While == model.Always && sums.Ambiguous.Bare > 0 &&
		sessionlog.Suppressed(h.Cause)}
}

// rate fits a rate, and reports whether the log has data on it.
func (f *fit) rate(h model.Hazard, sum risk) (Rate, bool) {
	r, ok := f.begin(h, sum)
	if !ok {
		return r, false
	}
	if law := r.Before.Given(r.Events, r.Exposure); law.Proper() {
		r.conclude(law, 1-f.confidence)
	}
	return f.end(r), true
}

// frailRate fits a rate that differs between sessions: given the assumed shape of the frailty or,
// if the log tells it, for all shapes by their posterior.
func (f *fit) frailRate(h model.Hazard, session string, times *resignations) (Rate, bool) {
	r, ok := f.begin(h, times.risk(session))
	if !ok {
		return r, false
	}
	if law := f.frailty.rate(session); law != nil {
		r.conclude(law, 1-f.confidence)
	} else {
		times, ended, counts := times.flat(session)
		shape := float64(f.scenario.Population.FrailtyShape)
		if law, ok := estimate.NewFrailRate(r.Before, shape, times, ended, counts); ok {
			r.conclude(law, 1-f.confidence)
		}
	}
	return f.end(r), true
}

// begin returns a rate without its posterior, and whether the log has data on it.
func (f *fit) begin(h model.Hazard, sum risk) (Rate, bool) {
	r := Rate{Key: h.Key, Frail: h.Frail, Events: int(sum.Events), Sessions: int(sum.Sessions),
		Exposure: float64(sum.Time) / 1000}
	known := f.scenario.Parameter(h.Key)
	// A rate that is documented as 0, such as losing the front in the
	// background, stays 0 until the log has an event.
	if r.Exposure == 0 || r.Events == 0 && known.Values[0] == 0 && !known.HasRange {
		return r, false
	}
	r.Before, r.Prior = beforeRate(f.prior, known)
	return r, true
}

func (f *fit) end(r Rate) Rate {
	r.Told = r.Known && (r.Share >= 0.5 || isMeasured(f.scenario.Parameter(r.Key)))
	return r
}

func (r *Rate) conclude(posterior law, alpha float64) {
	r.Known, r.posterior = true, posterior
	r.Share = r.Exposure / (r.Before.Exposure + r.Exposure)
	r.Mean, r.Median = posterior.Mean(), posterior.Quantile(0.5)
	r.Interval = [2]float64{posterior.Quantile(alpha / 2), posterior.Quantile(1 - alpha/2)}
	r.AtMost = posterior.Quantile(1 - alpha)
}

// FitLaws fits what carries the cap besides the rates. The device, "" for the fleet, is whose
// battery the levels are of. Every single interval has the given
// confidence.
func FitLaws(l *Log, s *model.Scenario, device string, prior Prior, confidence float64) Laws {
	return fitLaws(l, s, device, prior, confidence,
		frailtyOf(l, s, prior))
}

// fitLaws fits the laws, given what is known of the frailty.
func fitLaws(l *Log, s *model.Scenario, device string, prior Prior, confidence float64,
	shape *frailty) Laws {
	f := &lawFit{log: l.named(), scenario: s, prior: prior, confidence: confidence,
		workers: l.workers}
	sums := l.Statistics
	sums.LowPower.fit(f)
	sums.Refusals.fit(f)
	sums.StartLevels.fit(f)
	sums.Loads.fit(f, device)
	f.frailty(shape)
	return f.Laws
}

// frailty adds the posterior of the frailty's shape.
func (f *lawFit) frailty(r *frailty) {
	if r.law == nil {
		f.missing(keyFrailty, "fewer than %d sessions of each type were left for another app",
			fewResigned)
		return
	}
	f.found(Law{Key: keyFrailty, Prior: r.prior, Events: r.events, Cases: r.cases,
		From:  fmt.Sprintf("%d of %s left", r.events, several(r.cases, "session")),
		Share: r.share, Told: r.told, Assumed: r.assumed},
		limited{r.law.Shape(), leastFrailty, mostFrailty})
}
