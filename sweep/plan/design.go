package plan

import (
	"budget/model/document"
	"budget/solver/random"
)

// Designs: few points that fill a box of several quantities evenly.
const (
	designLatin = "latin-hypercube" // of n points, each of n slices of every quantity has one
	designSobol = "sobol"           // scrambled Sobol' points
)

// designed makes the levels of a design, one for each point.
func (r *reader) designed(a *Axis, t *section, e *document.Element) {
	kind, okKind := r.word(t.path("design"), e, []string{designLatin, designSobol})
	points, over := t.need("points"), t.need("over")
	if points == nil || over == nil || !okKind {
		return
	}
	n, ok := r.whole(t.path("points"), points, 1, maxLevels)
	seed := 1
	if s := t.get("seed"); s != nil {
		seed, _ = r.whole(t.path("seed"), s, 0, 1<<53)
	}
	box := r.box(t, over)
	if !ok || len(box) == 0 {
		return
	}
	place := random.LatinHypercube
	if kind == designSobol {
		if len(box) > random.SobolDimensions {
			r.complain(over.At, t.path("over"),
				"has %d quantities: expected at most %d for Sobol' points, or design = %q",
				len(box), random.SobolDimensions, designLatin)
			return
		}
		place = random.SobolPoints
	}
	unit := place(n, len(box), random.Stream{Key: random.NewKey(uint64(seed))})
	keys := make([]document.Entry, len(box))
	values := make([][]*document.Element, len(box))
	for j, v := range box {
		keys[j] = v.key
		for i := range n {
			values[j] = append(values[j], v.at(unit[i][j]))
		}
	}
	r.listed(a, keys, values)
}

// box reads the intervals of a design's quantities.
func (r *reader) box(t *section, over *document.Element) []*interval {
	path := t.path("over")
	if over.Kind != document.Array || len(over.Items) == 0 {
		r.complain(over.At, path, `expected intervals: over = [{ key = "a.b", from = ..., to = ... }]`)
		return nil
	}
	var box []*interval
	sound := true
	for _, item := range over.Items {
		inner := r.section(path, item, "key", "from", "to", "scale")
		if inner == nil {
			sound = false
			continue
		}
		key, ok := r.key(inner)
		if !ok {
			sound = false
			continue
		}
		v, ok := r.interval(inner, key)
		sound = sound && ok
		box = append(box, v)
	}
	if !sound {
		return nil
	}
	return box
}
