package model

import (
	"cmp"
	"math"
	"slices"

	"budget/model/document"
)

// lawKeys are the keys of a quantity's probability law: the distribution and what its kinds
// need.
var lawKeys = []string{"distribution", "sd", "sigma", "cases", "weights"}

// needs lists the other lawKeys that a kind of law needs and may have.
var needs = map[LawKind]struct{ must, may []string }{
	Uniform: {}, LogUniform: {}, Triangular: {},
	Normal:    {must: []string{"sd"}},
	Lognormal: {must: []string{"sigma"}},
	Discrete:  {must: []string{"cases"}, may: []string{"weights"}},
}

// law reads the law of a sound parameter from the entries of its table. A range alone has the
// law of lawOfRange. A value with neither range nor distribution is known and has no law.
func (d *decoder) law(p *Parameter, parts map[string]document.Entry, bounds *document.Element,
	limits string) bool {
	offset, single := p.rangeKind != p.kind, p.Single()
	if len(parts) == 0 {
		if bounds != nil && single && p.Range[0] < p.Range[1] {
			p.Law = lawOfRange(p.Range[0], p.Range[1])
		}
		return true
	}
	given, ok := parts["distribution"]
	if !ok {
		for _, key := range lawKeys {
			if e, ok := parts[key]; ok {
				kind := map[string]LawKind{"sd": Normal, "sigma": Lognormal}[key]
				d.complain(e.At, document.Join(p.Key, key),
					"needs a distribution: distribution = %q, for instance", cmp.Or(kind, Discrete))
			}
		}
		return false
	}
	word, ok := d.word(document.Join(p.Key, "distribution"), given.Value, texts(LawKinds()))
	if !ok {
		return false
	}
	if !single {
		d.complain(given.At, document.Join(p.Key, "distribution"),
			"a list of values cannot have one: expected a single value or a list of temperatures "+
				"(an offset shifts them all)")
		return false
	}
	kind := LawKind(word)
	r := lawReader{d, p, kind, parts, bounds, given.At, limits}
	if !r.complete() {
		return false
	}
	l := &Law{Kind: kind, Centre: p.Values[0]}
	if offset {
		l.Centre, r.limits = 0, ""
	}
	switch kind {
	case Discrete:
		ok = r.discrete(l)
	case Normal, Lognormal:
		ok = r.spread(l)
	default:
		ok = r.between(l)
	}
	if ok && l.Low < l.High {
		p.Law = l
	}
	return ok
}

// lawReader reads a law of a given kind.
type lawReader struct {
	*decoder
	p      *Parameter
	kind   LawKind
	parts  map[string]document.Entry
	bounds *document.Element
	at     document.Position // of the distribution
	limits string
}

// complete checks that the table has every key that the kind of law needs and no key that it
// does not use.
func (r *lawReader) complete() bool {
	sound := true
	for _, key := range needs[r.kind].must {
		if _, ok := r.parts[key]; !ok {
			example := map[string]string{"sd": "a standard deviation, such as sd = " +
				r.p.rangeKind.Steps().example,
				"sigma": "the standard deviation of the logarithm, such as sigma = 0.5",
				"cases": "values: cases = [" + r.p.rangeKind.example + ", …]"}[key]
			r.complain(r.at, document.Join(r.p.Key, "distribution"), "%s needs %s", r.kind, example)
			sound = false
		}
	}
	for _, key := range lawKeys[1:] {
		if e, ok := r.parts[key]; ok && !slices.Contains(needs[r.kind].must, key) &&
			!slices.Contains(needs[r.kind].may, key) {
			r.complain(e.At, document.Join(r.p.Key, key), "has no meaning for %s", r.kind)
			sound = false
		}
	}
	if r.kind == Discrete && r.bounds != nil {
		r.complain(r.bounds.At, document.Join(r.p.Key, "range"),
			"has no meaning for %s: its cases are the values", r.kind)
		sound = false
	}
	return sound
}

// between reads a law on a range: the table's own, or the catalog's.
func (r *lawReader) between(l *Law) bool {
	at, key := r.at, document.Join(r.p.Key, "distribution")
	l.Low, l.High = r.p.Range[0], r.p.Range[1]
	if r.bounds != nil {
		at, key = r.bounds.At, document.Join(r.p.Key, "range")
	} else if old := r.scenario.Parameter(r.p.Key); old != nil && old.HasRange {
		l.Low, l.High = old.Range[0], old.Range[1]
	} else {
		r.complain(at, key, "%s needs a range: range = [the least, the greatest]", r.kind)
		return false
	}
	if l.Centre < l.Low || l.Centre > l.High {
		r.complain(at, key, "the catalog's range does not hold the value: expected a range = [the "+
			"least, the greatest]")
		return false
	}
	if r.kind == LogUniform && (l.Low <= 0 || r.p.rangeKind != r.p.kind || r.p.kind.celsius) {
		r.complain(at, key, "log-uniform has no place for zero, negative values and temperatures: "+
			"expected a range above 0, or uniform")
		return false
	}
	return true
}

// spread reads a normal or lognormal law around the value. It is cut to the table's range, or
// without one to the limits of the key.
func (r *lawReader) spread(l *Law) bool {
	l.Low, l.High = math.Inf(-1), math.Inf(1)
	if r.limits != "" {
		low, high, _, _ := limitsOf(r.p.kind, r.limits)
		l.Low, l.High = low, high
	}
	if r.bounds != nil {
		l.Low, l.High = r.p.Range[0], r.p.Range[1]
	}
	key, kind := "sd", r.p.rangeKind.Steps()
	if r.kind == Lognormal {
		key, kind = "sigma", KindNumber
		if l.Centre <= 0 || r.p.rangeKind != r.p.kind || r.p.kind.celsius {
			r.complain(r.at, document.Join(r.p.Key, "distribution"),
				"lognormal has no place for zero, negative values and temperatures: expected a value above "+
					"0, or normal")
			return false
		}
		l.Low = max(l.Low, 0)
	}
	e := r.parts[key]
	spread, _, ok := r.scalar(document.Join(r.p.Key, key), e.Value, kind, "")
	if ok && spread <= 0 {
		r.complain(e.Value.At, document.Join(r.p.Key, key), "%s is out of range: expected more than 0; "+
			"leave the distribution out where the value is known", show(e.Value.Text))
		ok = false
	}
	l.Spread = spread
	return ok
}

// discrete reads cases and their weights and sorts them by value.
func (r *lawReader) discrete(l *Law) bool {
	list := r.parts["cases"].Value
	if list.Kind != document.Array || len(list.Items) < 2 {
		r.complain(list.At, document.Join(r.p.Key, "cases"), "expected a list of at least two values, "+
			"each %s, such as %s", r.p.rangeKind.name, r.p.rangeKind.example)
		return false
	}
	type weighed struct{ value, weight float64 }
	cases := make([]weighed, len(list.Items))
	sound := true
	for i, item := range list.Items {
		x, _, ok := r.scalar(document.Join(r.p.Key, "cases"), item, r.p.rangeKind, r.limits)
		cases[i], sound = weighed{x, 1 / float64(len(cases))}, sound && ok
	}
	if e, ok := r.parts["weights"]; ok {
		key := document.Join(r.p.Key, "weights")
		if e.Value.Kind != document.Array || len(e.Value.Items) != len(cases) {
			r.complain(e.Value.At, key, "expected as many weights as cases, %d", len(cases))
			return false
		}
		sum := 0.0
		for i, item := range e.Value.Items {
			w, _, ok := r.scalar(key, item, KindNumber, "[0, 1]")
			cases[i].weight, sound = w, sound && ok
			sum += w
		}
		if sound && math.Abs(sum-1) > 1e-3 {
			r.complain(e.Value.At, key, "sum to %v: expected 1", roundDigits(sum))
			return false
		}
		for i := range cases {
			cases[i].weight /= sum
		}
	}
	if !sound {
		return false
	}
	slices.SortStableFunc(cases, func(a, b weighed) int { return cmp.Compare(a.value, b.value) })
	for _, c := range cases {
		l.Cases, l.Weights = append(l.Cases, c.value), append(l.Weights, c.weight)
	}
	l.Low, l.High = l.Cases[0], l.Cases[len(cases)-1]
	return true
}

// texts returns words as strings.
func texts(kinds []LawKind) []string {
	var out []string
	for _, k := range kinds {
		out = append(out, string(k))
	}
	return out
}
