package ranking

// measure finds the value of a design and where it surely lies.
func (r *race) measure(d *design) {
	if len(d.sample.Scores) > 0 {
		r.measureScores(d)
		return
	}
	r.measureCurves(d)
}

// surely reports whether a claim of two designs certainly holds.
func (r *race) surely(a, b *design, c claim) bool {
	if len(a.sample.Scores) > 0 {
		return r.surelyScores(a, b, c)
	}
	return r.surelyCurves(a, b, c)
}

// may returns what an open design may be worth at most.
func (r *race) may(d *design) float64 {
	if len(d.sample.Scores) > 0 {
		return d.most
	}
	return r.worth(d, d.to)
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
