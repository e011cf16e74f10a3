package ranking

// measureScores finds the score of a design and where it surely lies.
func (r *race) measureScores(d *design) {
	var values, own, ownUpper []float64
	d.lowers, d.uppers, d.surest = nil, nil, nil
	for i := range d.sample.Scores {
		s := &d.sample.Scores[i]
		region := s.Part.Interval(r.region, r.region)
		d.lowers = append(d.lowers, s.Scale*region.Lower)
		d.uppers = append(d.uppers, s.Scale*region.Upper)
		d.surest = append(d.surest, s.Scale*s.Part.Interval(r.pair, 0).Lower)
		values = append(values, s.Scale*s.Part.Mean())
		by := s.Part.Interval((1-r.Confidence)/2, (1-r.Confidence)/2)
		own, ownUpper = append(own, s.Scale*by.Lower), append(ownUpper, s.Scale*by.Upper)
	}
	d.least, d.most = reached(r, d.lowers), reached(r, d.uppers)
	d.Value = reached(r, values)
	d.Worth, d.Lower, d.Upper = d.Value, reached(r, own), reached(r, ownUpper)
}

// surelyScores reports whether a claim of two designs certainly holds: under every circumstance a
// is worth at least as much as b, less δ, or as the largest value that b may have; or under
// enough of them (covers).
func (r *race) surelyScores(a, b *design, c claim) bool {
	margin := 0.0
	if c == within {
		margin = r.Within(b.least)
	}
	wanted := b.most - margin
	if c == within {
		wanted = b.most - r.Within(b.most)
	}
	return r.covers(len(a.sample.Scores),
		func(i int) bool { return a.surest[i] >= wanted && (c == within || a.surest[i] > wanted) },
		func(i int) bool { return b.uppers[i] < b.least },
		func(i int) bool {
			// Both as parts of the larger scale, so that they are in [0, 1].
			x, y := &a.sample.Scores[i], &b.sample.Scores[i]
			scale := max(x.Scale, y.Scale)
			scaled := func(s *Score) (means []float64) {
				for _, mean := range s.Replicates {
					means = append(means, mean*s.Scale/scale)
				}
				return means
			}
			difference := (x.Part.Mean()*x.Scale - y.Part.Mean()*y.Scale) / scale
			return r.surelyBelow(scaled(y), scaled(x), difference, margin/scale,
				min(x.Part.Paths, y.Part.Paths))
		})
}
