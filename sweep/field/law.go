package field

import (
	"cmp"
	"fmt"
	"strings"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver/estimate"
)

// Law is the posterior of a quantity besides the rates: a probability, a factor or a shape of a
// law that sessions are drawn from.
type Law struct {
	Key      string // of the scenario; "" if it has no such quantity
	Name     string // the key, or what is counted
	Percent  bool   // a probability
	Prior    Prior  // kind of the prior
	Events   int64  // those counted, of Cases; 0 for a quantity that is not counted
	Cases    int64  // sessions with evidence
	From     string // the evidence in words
	Mean     float64
	Median   float64
	Interval [2]float64 // central posterior interval
	AtMost   float64    // upper bound with the confidence
	// Share is the log's part of the evidence behind the posterior.
	Share float64
	// Told is true if the log has at least half of the evidence, or if the prior was measured.
	// Else the assumed value is kept.
	Told   bool
	Source string // of the value in a scenario
	// Assumed is the quantity of the scenario that the prior is of, nil if it has none.
	Assumed *model.Parameter
}

// Laws has what a log says besides the rates.
type Laws struct {
	Found   []Law
	Missing []Missing
	Remarks []string // findings that no quantity of a scenario holds
}

// Missing is a quantity that is not fitted, and why.
type Missing struct {
	Key string `json:"key"`
	Why string `json:"why"`
}

// law is a posterior.
type law interface {
	Mean() float64
	Quantile(p float64) float64
}

// limited is a law of a quantity that a scenario holds between two values.
type limited struct {
	law
	least, most float64
}

func (l limited) Mean() float64              { return min(max(l.law.Mean(), l.least), l.most) }
func (l limited) Quantile(p float64) float64 { return min(max(l.law.Quantile(p), l.least), l.most) }

// lawFit collects laws.
type lawFit struct {
	Laws
	log        string // its name in sources
	scenario   *model.Scenario
	prior      Prior
	confidence float64
	workers    int
}

// each fits n things, at the same time, and keeps what is found in their order.
func (f *lawFit) each(n int, fit func(f *lawFit, i int)) {
	parts := make([]lawFit, n)
	parallel.For(f.workers, n, func(_, i int) {
		parts[i] = *f
		parts[i].Laws = Laws{}
		fit(&parts[i], i)
	})
	for _, p := range parts {
		f.Found = append(f.Found, p.Found...)
		f.Missing = append(f.Missing, p.Missing...)
		f.Remarks = append(f.Remarks, p.Remarks...)
	}
}

// missing says why a quantity is not fitted.
func (f *lawFit) missing(key, format string, args ...any) {
	f.Missing = append(f.Missing, Missing{key, fmt.Sprintf(format, args...)})
}

// found adds the posterior of a quantity; x has its evidence and the share of the log in it.
func (f *lawFit) found(x Law, posterior law) {
	alpha := 1 - f.confidence
	x.Mean, x.Median = posterior.Mean(), posterior.Quantile(0.5)
	x.Interval = [2]float64{posterior.Quantile(alpha / 2), posterior.Quantile(1 - alpha/2)}
	x.AtMost = posterior.Quantile(1 - alpha)
	if x.Name == "" {
		x.Name = x.Key
	}
	x.Source = fmt.Sprintf("fitted to %s: %s", f.log, cmp.Or(x.Source, x.From))
	f.Found = append(f.Found, x)
}

// share fits a probability to events in a number of starts; where says which ones.
func (f *lawFit) share(key string, events, cases int64, where string) estimate.BetaShare {
	assumed := f.scenario.Parameter(key)
	before, prior := beforeShare(f.prior, assumed)
	posterior := before.Given(events, cases)
	f.found(shareLaw(key, before, prior, events, cases, where, assumed), posterior)
	return posterior
}

// shareLaw is the law of a probability without its posterior.
func shareLaw(key string, before estimate.BetaShare, prior Prior, events, cases int64,
	where string, assumed *model.Parameter) Law {
	share := float64(cases) / (before.A + before.B + float64(cases))
	return Law{Key: key, Percent: true, Prior: prior, Events: events, Cases: cases,
		From: starts(events, cases), Source: starts(events, cases) + where, Share: share,
		Told: share >= 0.5 || isMeasured(assumed), Assumed: assumed}
}

// starts writes a count of starts, such as "3 of 12 starts".
func starts(events, cases int64) string {
	return fmt.Sprintf("%d of %s", events, several(cases, "start"))
}

// several writes a number of things, such as "1 event" or "3 starts".
func several[N int | int64](n N, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// ownKey returns the key of a quantity of sessions of a type: its own, or that of a table that
// holds for all.
func ownKey(own bool, id, table, name string) string {
	if own {
		return strings.Join([]string{"session", id, name}, ".")
	}
	return table + "." + name
}
