package sweep

import (
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/samplemv"

	"budget/model/document"
	"budget/solver/random"
)

// Designs fill a box of several quantities with few points.
const (
	designLatin = "latin-hypercube" // one point in each of as many slices of every quantity
	designSobol = "sobol"           // scrambled Sobol' points
)

// designed makes a level of every point of a design.
func (r *planReader) designed(a *Axis, t *table, e *document.Element) {
	kind, okKind := r.word(t.path("design"), e, []string{designLatin, designSobol})
	points, over := t.need("points"), t.need("over")
	if points == nil || over == nil || !okKind {
		return
	}
	n, ok := r.whole(t.path("points"), points, 1, maxCells)
	seed := 1
	if s := t.get("seed"); s != nil {
		seed, _ = r.whole(t.path("seed"), s, 0, 1<<53)
	}
	box := r.box(t, over)
	if !ok || len(box) == 0 {
		return
	}
	place := latinHypercube
	if kind == designSobol {
		if len(box) > random.SobolDimensions {
			r.complain(over.At, t.path("over"), "has %d quantities: expected at most %d for Sobol' points, or design = %q", len(box), random.SobolDimensions, designLatin)
			return
		}
		place = sobolPoints
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

// box reads the intervals that a design fills.
func (r *planReader) box(t *table, over *document.Element) []*interval {
	path := t.path("over")
	if over.Kind != document.Array || len(over.Items) == 0 {
		r.complain(over.At, path, `expected intervals: over = [{ key = "a.b", from = ..., to = ... }]`)
		return nil
	}
	var box []*interval
	sound := true
	for _, item := range over.Items {
		inner := r.table(path, item, "key", "from", "to", "scale")
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

// latinHypercube returns n points of the unit cube.
func latinHypercube(n, dimensions int, stream random.Stream) [][]float64 {
	source := &source{stream: stream}
	batch := mat.NewDense(n, dimensions, nil)
	samplemv.LatinHypercube{Q: distmv.NewUnitUniform(dimensions, source), Src: source}.Sample(batch)
	points := make([][]float64, n)
	for i := range points {
		points[i] = batch.RawRowView(i)
	}
	return points
}

// sobolPoints returns the first n points of a scrambled Sobol' sequence.
func sobolPoints(n, dimensions int, stream random.Stream) [][]float64 {
	points := make([][]float64, n)
	for i := range points {
		for d := range dimensions {
			scramble, _, _, _ := stream.Block(uint32(d))
			points[i] = append(points[i], random.Uniform32(random.Scramble(random.Sobol(uint32(i), d), scramble)))
		}
	}
	return points
}

// randomPoints returns n independent points of the unit cube.
func randomPoints(n, dimensions int, stream random.Stream) [][]float64 {
	points := make([][]float64, n)
	for i := range points {
		for d := range dimensions {
			points[i] = append(points[i], stream.Uniform(uint32(i*dimensions+d)))
		}
	}
	return points
}

// source gives gonum the project's own random numbers.
type source struct {
	stream random.Stream
	next   uint32
}

// Uint64 implements math/rand/v2's Source.
func (s *source) Uint64() uint64 {
	hi, lo, _, _ := s.stream.Block(s.next)
	s.next++
	return uint64(hi)<<32 | uint64(lo)
}
