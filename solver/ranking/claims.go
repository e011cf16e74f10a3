package ranking

import (
	"math"

	"budget/solver/estimate"
)

// measure finds the cap of a design and where it surely lies.
func (r *race) measure(d *design) {
	last := len(d.sample.Curves[0].Failure) - 1
	d.from, d.to, d.safe, d.Cap, d.Lower, d.Upper = last, last, last, last, last, last
	d.Value = float64(last)
	for i := range d.sample.Curves {
		failure := d.sample.Curves[i].Failure
		curve := estimate.Curve{Moments: failure}
		region := estimate.NewCurveCaps(curve, r.region).Invert(r.Tolerance)
		safe := estimate.NewCurveCaps(curve, r.pair).Invert(r.Tolerance)
		own := estimate.NewCurveCaps(curve, (1-r.Confidence)/2).Invert(r.Tolerance)
		best := 0
		for best <= last && failure[best].Mean() <= r.Tolerance {
			best++
		}
		best--
		value := float64(best)
		if best < last {
			before := 0.0
			if best >= 0 {
				before = failure[best].Mean()
			}
			value += (r.Tolerance - before) / (failure[best+1].Mean() - before)
		}
		d.from, d.to = min(d.from, region.Index), min(d.to, region.UpperIndex)
		d.safe, d.Cap, d.Value = min(d.safe, safe.Index), min(d.Cap, best), min(d.Value, value)
		d.Lower, d.Upper = min(d.Lower, own.Index), min(d.Upper, own.UpperIndex)
	}
}

// judge compares a design with its requirements. What is accepted stays so.
func (r *race) judge(d *design) {
	accepted, strictly := true, true
	d.Excess, d.Binding = d.excess(r.Limits, Share.Mean)
	for i, limit := range r.Limits {
		share := d.sample.Shares[i]
		if share.Interval(r.exclusion, 0).Lower > limit.Most && !d.Accepted {
			d.State, d.Breaks = Excluded, i
		}
		upper := share.Interval(0, r.acceptance).Upper
		accepted = accepted && upper <= limit.Most+limit.Zone
		strictly = strictly && upper <= limit.Most
	}
	d.Accepted = d.State == Open && (d.Accepted || accepted)
	d.strictly = d.State == Open && (d.strictly || strictly)
}

// excess returns by which factor a design exceeds the limit that it exceeds most, and which it
// is, given what to take of each share; 0 and −1 without limits.
func (d *design) excess(limits []Limit, of func(Share) float64) (most float64, binding int) {
	binding = -1
	for i, limit := range limits {
		if x := of(d.sample.Shares[i]) / limit.Most; binding < 0 || x > most {
			most, binding = x, i
		}
	}
	return most, binding
}

// longer reports whether the cap of a surely is at least that of b plus some steps, which may
// depend on the index t of b's cap. It is so if at every t where b's cap may lie and under every
// circumstance
//
//	F_a(t+steps) ≤ F_b(t)  or  F_a(t+steps) ≤ ε
//
// for certain: F_b ≤ ε at b's cap, so F_a(t+steps) ≤ ε there. The cap is a single time,
// though unknown, so a bound that is valid at each single time is enough.
func (r *race) longer(a, b *design, steps func(t int) int) bool {
	last := len(a.sample.Curves[0].Failure) - 1
	for t := b.to; t >= b.from; t-- {
		at := t + steps(t)
		switch {
		case at <= a.safe:
			continue
		case at > last || t < 0:
			return false
		}
		for c := range a.sample.Curves {
			if !r.below(&a.sample.Curves[c], &b.sample.Curves[c], at, t) {
				return false
			}
		}
	}
	return true
}

// below reports whether the failure of curve a at index i is surely at most that of b at
// index k, by the differences of their replicates.
func (r *race) below(a, b *Curve, i, k int) bool {
	mean := b.Failure[k].Mean() - a.Failure[i].Mean()
	if !(mean > 0) {
		return false
	}
	ra, rb := a.Replicates[i], b.Replicates[k]
	deviations, centre := make([]float64, len(ra)), 0.0
	for n := range ra {
		deviations[n] = rb[n] - ra[n]
		centre += deviations[n] / float64(len(ra))
	}
	if math.IsNaN(centre) {
		return false // a replicate without a path that starts
	}
	for n := range deviations {
		deviations[n] -= centre
	}
	m := estimate.ReplicateMoments(deviations, min(a.Failure[i].Paths, b.Failure[k].Paths))
	return m.SurelyWithin(mean, r.pair) || m.Interval(0, r.pair).Upper <= mean
}
