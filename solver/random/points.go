package random

import (
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/samplemv"
)

// Points that fill the unit cube evenly even if they are few.

// LatinHypercube returns n points of the unit cube.
func LatinHypercube(n, dimensions int, stream Stream) [][]float64 {
	source := &source{stream: stream}
	batch := mat.NewDense(n, dimensions, nil)
	samplemv.LatinHypercube{Q: distmv.NewUnitUniform(dimensions, source), Src: source}.Sample(batch)
	points := make([][]float64, n)
	for i := range points {
		points[i] = batch.RawRowView(i)
	}
	return points
}

// SobolPoints returns the first n points of a scrambled Sobol' sequence.
func SobolPoints(n, dimensions int, stream Stream) [][]float64 {
	points := make([][]float64, n)
	for i := range points {
		for d := range dimensions {
			scramble, _, _, _ := stream.Block(uint32(d))
			points[i] = append(points[i], Uniform32(Scramble(Sobol(uint32(i), d), scramble)))
		}
	}
	return points
}

// IndependentPoints returns n independent points of the unit cube.
func IndependentPoints(n, dimensions int, stream Stream) [][]float64 {
	points := make([][]float64, n)
	for i := range points {
		for d := range dimensions {
			points[i] = append(points[i], stream.Uniform(uint32(i*dimensions+d)))
		}
	}
	return points
}

// source is a Stream as a random source for gonum.
type source struct {
	stream Stream
	next   uint32
}

// Uint64 implements math/rand/v2's Source.
func (s *source) Uint64() uint64 {
	hi, lo, _, _ := s.stream.Block(s.next)
	s.next++
	return uint64(hi)<<32 | uint64(lo)
}
