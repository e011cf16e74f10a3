package ranking

import "budget/solver/estimate"

// worth returns what a design is worth with a cap.
func (r *race) worth(d *design, t int) float64 {
	if r.Worth == nil {
		return float64(t + 1)
	}
	return r.Worth(d.number, t)
}

// measureCurves finds the cap of a design and where it surely lies.
func (r *race) measureCurves(d *design) {
	curves := d.sample.Curves
	var from, best, lower, upper []int
	var values []float64
	d.safe, d.upper = nil, nil
	for i := range curves {
		failure := curves[i].Failure
		curve := estimate.Curve{Moments: failure}
		region := estimate.NewCurveCaps(curve, r.region).Invert(r.Tolerance)
		own := estimate.NewCurveCaps(curve, (1-r.Confidence)/2).Invert(r.Tolerance)
		from, d.upper = append(from, region.Index), append(d.upper, region.UpperIndex)
		d.safe = append(d.safe, estimate.NewCurveCaps(curve, r.pair).Invert(r.Tolerance).Index)
		lower, upper = append(lower, own.Index), append(upper, own.UpperIndex)
		last, t := len(failure)-1, 0
		for t <= last && failure[t].Mean() <= r.Tolerance {
			t++
		}
		t--
		best = append(best, t)
		value := r.worth(d, t)
		if t < last {
			before := 0.0
			if t >= 0 {
				before = failure[t].Mean()
			}
			value += (r.worth(d, t+1) - value) * (r.Tolerance - before) / (failure[t+1].Mean() - before)
		}
		values = append(values, value)
	}
	d.from, d.to = reached(r, from), reached(r, d.upper)
	d.Value, d.Worth = reached(r, values), r.worth(d, reached(r, best))
	d.Lower, d.Upper = r.worth(d, reached(r, lower)), r.worth(d, reached(r, upper))
}

// surelyCurves reports whether a claim of two designs certainly holds. It does if at every t where
// b's cap may lie, with s the least cap of a of which the claim is true,
//
//	F_a(s) ≤ F_b(t)  or  F_a(s) ≤ ε
//
// for certain: F_b ≤ ε at b's cap, so F_a(s) ≤ ε there. The cap is a single time, though
// unknown, so a bound that is valid at each single time is enough. Under several circumstances
// it must be so of all but those that do not matter (covers).
func (r *race) surelyCurves(a, b *design, c claim) bool {
	last, s := len(a.sample.Curves[0].Failure)-1, len(a.sample.Curves[0].Failure)
	for t := b.to; t >= b.from; t-- {
		// s falls with t.
		of := r.worth(b, t)
		holds := func(s int) bool {
			if c == better {
				return r.worth(a, s) > of
			}
			return r.worth(a, s) >= of-r.Within(of)
		}
		for s >= 0 && holds(s-1) {
			s--
		}
		switch {
		case s < 0:
			return true // and of every shorter one
		case s > last:
			return false
		}
		if !r.covers(len(a.sample.Curves),
			func(i int) bool { return s <= a.safe[i] },
			func(i int) bool { return t > b.upper[i] },
			func(i int) bool {
				return t >= 0 && r.below(&a.sample.Curves[i], &b.sample.Curves[i], s, t)
			}) {
			return false
		}
	}
	return true
}

// below reports whether the failure of curve a at index i is surely at most that of b at
// index k, by the differences of their replicates.
func (r *race) below(a, b *Curve, i, k int) bool {
	return r.surelyBelow(a.Replicates[i], b.Replicates[k], b.Failure[k].Mean()-a.Failure[i].Mean(), 0,
		min(a.Failure[i].Paths, b.Failure[k].Paths))
}
