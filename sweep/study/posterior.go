package study

import (
	"math"

	"budget/model"
	"budget/solver/estimate"
	"budget/sweep/field"
	"budget/sweep/uncertainty"
)

// rate is an uncertain hazard rate that a log shows.
type rate struct {
	model.Hazard
	quantity int                // its number among the uncertain quantities
	prior    estimate.GammaRate // in a fit
	frailty  float64            // shape; 0 if all sessions have the same hazard
	prompts  bool               // the Low Power prompt ends sessions
	below    []float64          // by draw (uncertainty.Draws.Below)
	present  []float64          // by draw: the values by the present law
	// time is the scale on which the surface is nearly linear in the rate (surface.feature) [s].
	time float64

	// gamma has the quantiles of the gamma law of exposure 1 by draw, for each number of
	// events so far.
	gamma map[int][]float64
}

// ratesOf returns the rates that a log shows among the uncertain quantities.
func ratesOf(s *model.Scenario, session *model.Session, d *uncertainty.Draws,
	length float64) []*rate {
	var all []*rate
	for _, h := range session.Under(&s.Policy) {
		for j, q := range d.Quantities {
			if q.Key != h.Key {
				continue
			}
			r := &rate{Hazard: h, quantity: j, gamma: map[int][]float64{}}
			r.prior, _ = field.PriorOf(s.Parameter(h.Key), field.RangePrior)
			if h.Frail {
				r.frailty = float64(s.Population.FrailtyShape)
				r.prompts = session.PromptResigns(&s.Policy) > 0
			}
			switch h.While {
			case model.AtVeryLow:
				r.time = length / 4
			case model.AtSerious:
				r.time = length / 8
			case model.AtCritical:
				r.time = min(120, length/8)
			default:
				r.time = length / 2
			}
			for _, below := range d.Below {
				r.below = append(r.below, below[j])
				r.present = append(r.present, d.Law(j).Quantile(below[j]))
			}
			all = append(all, r)
		}
	}
	return all
}

// sum is what the sessions of a study show of a rate.
type sum struct {
	events   int
	exposure float64 // [s]
	frail    *frailSum
}

// frailSum has the times of a frail rate in bins.
type frailSum struct {
	times       []float64 // sum [s]
	ended, kept []int
}

// binWidth is the width of a bin [s]. Times of a bin count as their mean.
const binWidth = 60

// add adds a session to what a study shows, as field.Fit counts it.
func (u *sum) add(r *rate, x *ran) {
	if x.cause == model.Refused {
		return
	}
	time, event := x.time, x.cause == r.Cause
	switch r.While {
	case model.AtLow:
		time, event = x.at[low], event && x.in.Low && !x.in.VeryLow
	case model.AtVeryLow:
		time, event = x.at[veryLow], event && x.in.VeryLow
	case model.AtSerious:
		time, event = x.at[serious], event && x.at[critical] == 0
	case model.AtCritical:
		time, event = x.at[critical], event && x.at[critical] > 0
	case model.InLowPower:
		time, event = 0, event && x.lowPower && !x.in.Low
		if x.lowPower {
			time = x.time
		}
	}
	// The Low Power prompt ends sessions of some types in the same way. So of a session with a
	// low level only the time before counts.
	if lows := x.at[low] + x.at[veryLow]; r.frailty > 0 && r.prompts && (lows > 0 || x.in.Low) {
		time, event = max(time-lows, 0), false
	}
	u.exposure += time
	if event {
		u.events++
	}
	if r.frailty == 0 {
		return
	}
	if u.frail == nil {
		u.frail = &frailSum{}
	}
	f, bin := u.frail, int(time/binWidth)
	for len(f.times) <= bin {
		f.times, f.ended, f.kept = append(f.times, 0), append(f.ended, 0), append(f.kept, 0)
	}
	f.times[bin] += time
	if event {
		f.ended[bin]++
	} else {
		f.kept[bin]++
	}
}

// after puts the values of a rate by draw after a study into to: by its posterior, or by the
// present law if the study shows nothing of it.
func (r *rate) after(u *sum, to []float64) {
	copy(to, r.present)
	if u.exposure == 0 {
		return
	}
	if r.frailty == 0 {
		law := r.prior.Given(u.events, u.exposure)
		for i, x := range r.quantiles(u.events) {
			to[i] = x / law.Exposure
		}
		return
	}
	f := u.frail
	var means []float64
	var ended []bool
	var counts []int
	for i, time := range f.times {
		for k, n := range []int{f.kept[i], f.ended[i]} {
			if n > 0 {
				means = append(means, time/float64(f.kept[i]+f.ended[i]))
				ended, counts = append(ended, k == 1), append(counts, n)
			}
		}
	}
	law, ok := estimate.NewFrailRate(r.prior, r.frailty, means, ended, counts)
	if !ok {
		return
	}
	for i, below := range r.below {
		to[i] = law.Quantile(below)
	}
}

// quantiles returns the quantiles of the gamma law after a number of events and an exposure of 1.
func (r *rate) quantiles(events int) []float64 {
	if known, ok := r.gamma[events]; ok {
		return known
	}
	law := estimate.GammaRate{Shape: r.prior.Shape + float64(events), Exposure: 1}
	values := make([]float64, len(r.below))
	for i, below := range r.below {
		values[i] = law.Quantile(below)
	}
	r.gamma[events] = values
	return values
}

// top returns a value that the rate hardly exceeds, now or after a study.
func (r *rate) top(l *model.Law) float64 {
	return 1.5 * max(l.Quantile(0.99), float64(r.Rate), math.SmallestNonzeroFloat64)
}
