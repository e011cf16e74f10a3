package sweep

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
)

// A block is what the journal keeps of a cell for a session type: the summary of its
// paths, without what a plan may change its mind about: tolerances, confidence and how
// many caps hold together.
//
// It is a deflated stream: of every reading the moments of failure by duration, the
// share that has resigned and what binds, then what the tables tell of the plan's
// durations. Numbers that are alike stand side by side, byte by byte, which deflates
// best. Whoever reads finds what was written, but for spreads and the means of nets,
// which are rounded to float32.
type block struct {
	paths     int64
	durations []float64 // of the curves of failure [s]
	readings  []solver.ReadingSummary
}

func (b *block) write() []byte {
	var raw []byte
	raw = binary.AppendUvarint(raw, uint64(b.paths))
	raw = binary.AppendUvarint(raw, uint64(len(b.durations)))
	raw = appendFloats(raw, b.durations[:1]) // the others are multiples of it
	raw = binary.AppendUvarint(raw, uint64(len(b.readings)))
	for _, r := range b.readings {
		raw = appendMoments(raw, r.Failure)
		raw = appendRounded(raw, r.Resigned)
		for _, cause := range r.Binding {
			raw = append(raw, byte(cause))
		}
		raw = binary.AppendUvarint(raw, uint64(len(r.Ended)))
		raw = binary.AppendUvarint(raw, uint64(len(r.Nets)))
		for _, series := range r.Ended {
			raw = appendMoments(raw, series)
		}
		for _, nets := range r.Nets {
			raw = binary.AppendUvarint(raw, uint64(len(nets)))
			raw = appendRounded(raw, nets)
		}
	}
	var out bytes.Buffer
	w, _ := flate.NewWriter(&out, flate.DefaultCompression) // the level is a valid one
	w.Write(raw)                                            // to memory
	w.Close()
	return out.Bytes()
}

// appendMoments writes the moments of one series: what is the same for all once.
func appendMoments(to []byte, all []estimate.Moments) []byte {
	var sums, variances, largest []float64
	for _, m := range all {
		to = binary.AppendUvarint(to, uint64(m.Paths))
		to = binary.AppendUvarint(to, uint64(m.Blocks))
		sums, variances, largest = append(sums, m.Sum), append(variances, atLeast(m.Variance)), append(largest, m.Largest)
	}
	to = appendFloats(to, sums)
	to = appendRounded(to, variances)
	return appendFloats(to, largest)
}

// atLeast rounds a variance up to float32, so that no bound becomes narrower.
func atLeast(x float64) float64 {
	r := float32(x)
	if float64(r) < x {
		r = math.Nextafter32(r, math.MaxFloat32)
	}
	return float64(r)
}

// appendFloats writes numbers by planes of bytes, each the change from the number before.
func appendFloats(to []byte, x []float64) []byte {
	for plane := range 8 {
		before := uint64(0)
		for _, v := range x {
			bits := math.Float64bits(v)
			to = append(to, byte((bits^before)>>(8*plane)))
			before = bits
		}
	}
	return to
}

// appendRounded does so with numbers as float32.
func appendRounded(to []byte, x []float64) []byte {
	for plane := range 4 {
		before := uint32(0)
		for _, v := range x {
			bits := math.Float32bits(float32(v))
			to = append(to, byte((bits^before)>>(8*plane)))
			before = bits
		}
	}
	return to
}

// errBlock tells that a payload is not what a block writes.
var errBlock = errors.New("a block that is not understood")

// readBlock reads what write has written.
func readBlock(payload []byte) (*block, error) {
	raw, err := io.ReadAll(flate.NewReader(bytes.NewReader(payload)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBlock, err)
	}
	in := &blockReader{rest: raw}
	b := &block{paths: int64(in.number(math.MaxInt64))}
	times := int(in.number(1 << 20))
	step := in.floats(1)
	for i := range times {
		b.durations = append(b.durations, float64(i+1)*step[0])
	}
	for range in.number(8) {
		var r solver.ReadingSummary
		r.Failure = in.moments(times)
		r.Resigned = in.rounded(times)
		for _, cause := range in.take(times) {
			r.Binding = append(r.Binding, model.Cause(cause))
		}
		series, at := in.number(64), int(in.number(1<<20))
		for range series {
			r.Ended = append(r.Ended, in.moments(at))
		}
		for range at {
			r.Nets = append(r.Nets, in.rounded(int(in.number(1<<16))))
		}
		b.readings = append(b.readings, r)
	}
	if in.short || len(in.rest) > 0 {
		return nil, errBlock
	}
	return b, nil
}

// blockReader takes what is left of a stream apart. Once it is too short all is zero.
type blockReader struct {
	rest  []byte
	short bool
}

func (in *blockReader) take(n int) []byte {
	if n > len(in.rest) {
		in.short, in.rest = true, nil
		return make([]byte, min(n, 1<<20))
	}
	out := in.rest[:n]
	in.rest = in.rest[n:]
	return out
}

// number reads a number that is at most the largest.
func (in *blockReader) number(largest uint64) uint64 {
	x, n := binary.Uvarint(in.rest)
	if n <= 0 || x > largest {
		in.short, in.rest = true, nil
		return 0
	}
	in.rest = in.rest[n:]
	return x
}

func (in *blockReader) moments(n int) []estimate.Moments {
	all := make([]estimate.Moments, n)
	for i := range all {
		all[i].Paths, all[i].Blocks = int64(in.number(math.MaxInt64)), int64(in.number(math.MaxInt64))
	}
	sums, variances, largest := in.floats(n), in.rounded(n), in.floats(n)
	for i := range all {
		all[i].Sum, all[i].Variance, all[i].Largest = sums[i], variances[i], largest[i]
	}
	return all
}

func (in *blockReader) floats(n int) []float64 {
	bits := make([]uint64, n)
	for plane := range 8 {
		for i, b := range in.take(n) {
			bits[i] |= uint64(b) << (8 * plane)
		}
	}
	out := make([]float64, n)
	before := uint64(0)
	for i, b := range bits {
		before ^= b
		out[i] = math.Float64frombits(before)
	}
	return out
}

func (in *blockReader) rounded(n int) []float64 {
	bits := make([]uint32, n)
	for plane := range 4 {
		for i, b := range in.take(n) {
			bits[i] |= uint32(b) << (8 * plane)
		}
	}
	out := make([]float64, n)
	before := uint32(0)
	for i, b := range bits {
		before ^= b
		out[i] = float64(math.Float32frombits(before))
	}
	return out
}
