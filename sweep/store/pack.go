package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/klauspost/compress/s2"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

// packBlock packs a block.
func packBlock(b *sweep.Block) []byte {
	room := unpacked.Get().(*[]byte)
	defer func() { unpacked.Put(room) }()
	raw := (*room)[:0]
	last := b.Last()
	raw = binary.AppendUvarint(raw, uint64(len(last.Durations)))
	raw = appendNumber(raw, last.Durations[0]) // the others are its multiples
	raw = binary.AppendUvarint(raw, uint64(len(last.Readings)))
	raw = binary.AppendUvarint(raw, uint64(len(b.Looks)))
	for _, look := range b.Looks {
		raw = binary.AppendUvarint(raw, uint64(look.Paths))
		raw = appendNumber(raw, look.Share)
		for _, r := range look.Readings {
			raw = appendIncidence(raw, r)
		}
		if look.Gated == nil {
			raw = append(raw, 0)
			continue
		}
		raw = append(raw, 1)
		raw = binary.AppendUvarint(raw, uint64(look.Gated.Paths))
		raw = appendIncidence(raw, look.Gated.Readings[0])
	}
	further := last.Readings // what sweeps store in addition to the looks
	if last.Readings[0].Ended[solver.AsUsed] == nil {
		further = nil
	}
	raw = binary.AppendUvarint(raw, uint64(len(further)))
	for _, r := range further {
		raw = binary.AppendUvarint(raw, uint64(len(r.Ended[solver.AsUsed])))
		raw = binary.AppendUvarint(raw, uint64(len(r.Replicates)))
		for _, series := range r.Ended[solver.AsUsed] {
			raw = appendMoments(raw, series.Moments)
		}
		raw = appendMoments(raw, r.Ended[solver.Meaning][model.Completed].Moments)
		for _, means := range r.Replicates {
			raw = binary.AppendUvarint(raw, uint64(len(means)))
			raw = appendRounded(raw, means)
		}
	}
	raw = appendStates(raw, b.States)
	*room = raw[:cap(raw)]
	return s2.Encode(nil, raw)
}

// appendIncidence writes what caps are made of under a reading.
func appendIncidence(to []byte, r solver.Incidence) []byte {
	to = appendCurve(to, r.Failure)
	to = appendRounded(to, r.Resigned.Values)
	to = appendRounded(to, r.Unfinished.Values)
	to = appendCurve(to, r.Refused)
	for _, cause := range r.Binding {
		to = append(to, byte(cause))
	}
	return to
}

// unpacked holds buffers for blocks before they are packed.
var unpacked = sync.Pool{New: func() any { return new([]byte) }}

// appendCurve writes a curve with its moments.
func appendCurve(to []byte, c estimate.Curve) []byte {
	form := byte(0)
	if c.Counts {
		form |= curveCounts
	}
	values := c.Values
	if c.Chained() {
		form |= curveValues
	} else {
		values = nil // they equal the means
	}
	to = appendMoments(append(to, form), c.Moments)
	return appendPlanes(to, len(values), 8, func(i int) uint64 { return math.Float64bits(values[i]) })
}

// Flags of a curve: what it has besides moments.
const (
	curveCounts = 1 << iota
	curveValues
)

// appendStates writes states: the numbers of paths, single paths and times (0 times if
// there are no states), then the thresholds and the values.
func appendStates(to []byte, s *solver.States) []byte {
	if s == nil {
		return binary.AppendUvarint(to, 0)
	}
	to = binary.AppendUvarint(to, uint64(len(s.Times)))
	to = binary.AppendUvarint(to, uint64(s.Paths))
	to = binary.AppendUvarint(to, uint64(len(s.Some)))
	limits := []float64{s.LowBattery, s.VCut, s.Levels[0], s.Levels[1], s.Levels[2], s.TOff}
	to = appendRounded(appendRounded(appendRounded(to, limits), s.Times), s.On)
	for _, quantiles := range s.Quantiles {
		for _, x := range quantiles {
			to = appendRounded(to, x)
		}
	}
	for _, path := range s.Some {
		for _, x := range path {
			to = appendRounded(to, x)
		}
	}
	return to
}

// appendNumber writes one number.
func appendNumber(to []byte, x float64) []byte {
	return appendPlanes(to, 1, 8, func(int) uint64 { return math.Float64bits(x) })
}

// appendMoments writes the moments of one series. Fields that are equal for all
// are written once.
func appendMoments(to []byte, all []estimate.Moments) []byte {
	same := !slices.ContainsFunc(all, func(m estimate.Moments) bool {
		return m.Paths != all[0].Paths || m.Blocks != all[0].Blocks || m.Largest != all[0].Largest
	})
	kept := all
	if same {
		kept = all[:min(1, len(all))]
	}
	to = binary.AppendUvarint(to, uint64(len(kept)))
	for _, m := range kept {
		to = binary.AppendUvarint(to, uint64(m.Paths))
		to = binary.AppendUvarint(to, uint64(m.Blocks))
	}
	to = appendPlanes(to, len(kept), 8,
		func(i int) uint64 { return math.Float64bits(kept[i].Largest) })
	to = appendPlanes(to, len(all), 8, func(i int) uint64 { return math.Float64bits(all[i].Sum) })
	return appendPlanes(to, len(all), 4,
		func(i int) uint64 { return uint64(math.Float32bits(atLeast(all[i].Variance))) })
}

// atLeast rounds a variance up to float32, so that no interval becomes
// narrower.
func atLeast(x float64) float32 {
	r := float32(x)
	if float64(r) < x {
		r = math.Nextafter32(r, math.MaxFloat32)
	}
	return r
}

// appendRounded writes numbers as float32.
func appendRounded(to []byte, x []float64) []byte {
	return appendPlanes(to, len(x), 4,
		func(i int) uint64 { return uint64(math.Float32bits(float32(x[i]))) })
}

// appendPlanes writes n numbers of size bytes as differences from the number before, byte
// plane by byte plane.
func appendPlanes(to []byte, n, size int, bits func(i int) uint64) []byte {
	at := len(to)
	to = append(to, make([]byte, size*n)...)
	before := uint64(0)
	for i := range n {
		now := bits(i)
		change := now ^ before
		before = now
		for plane := range size {
			to[at+plane*n+i] = byte(change >> (8 * plane))
		}
	}
	return to
}

// errBlock is the error of a payload that is not a packed block.
var errBlock = errors.New("unknown block format")

// readBlock unpacks a block with the given readings and, for a sweep, the stored
// durations [s].
func readBlock(payload []byte, readings []solver.Reading, kept []float64) (*sweep.Block, error) {
	if n, err := s2.DecodedLen(payload); err != nil || n > maxRecord {
		return nil, errBlock
	}
	room := unpacked.Get().(*[]byte)
	defer unpacked.Put(room)
	raw, err := s2.Decode(*room, payload)
	*room = raw
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBlock, err)
	}
	in := &blockReader{rest: raw}
	b := &sweep.Block{}
	times := int(in.number(1 << 20))
	step := in.floats(1)
	durations := make([]float64, times)
	for i := range durations {
		durations[i] = float64(i+1) * step[0]
	}
	n := in.number(8)
	for range in.number(64) {
		look := &solver.Estimates{Durations: durations, Paths: int64(in.number(math.MaxInt64)),
			Share: in.floats(1)[0]}
		for i := range int(n) {
			r := in.incidence(times)
			if i < len(readings) {
				r.Reading = readings[i]
			}
			look.Readings = append(look.Readings, r)
		}
		if in.number(1) == 1 && len(look.Readings) > 0 {
			look.Gated = &solver.Estimates{Durations: durations,
				Paths: int64(in.number(math.MaxInt64)), Share: look.Share,
				Readings: []solver.Incidence{in.incidence(times)}}
			look.Gated.Readings[0].Reading = look.Readings[0].Reading
		}
		b.Looks = append(b.Looks, look)
	}
	for i := range in.number(n) {
		if len(b.Looks) == 0 {
			return nil, errBlock
		}
		last := b.Last()
		r := &last.Readings[i]
		series, at := in.number(64), int(in.number(1<<20))
		for range series {
			r.Ended[solver.AsUsed] = append(r.Ended[solver.AsUsed], estimate.Curve{Moments: in.moments(at)})
		}
		r.Ended[solver.Meaning] = make([]estimate.Curve, model.Completed+1)
		r.Ended[solver.Meaning][model.Completed].Moments = in.moments(at)
		for range at {
			r.Replicates = append(r.Replicates, in.rounded(int(in.number(1<<16))))
		}
		if last.At = sweep.OnGrid(durations, kept); len(last.At) != at {
			return nil, errBlock
		}
	}
	b.States = in.states()
	if in.short || len(in.rest) > 0 || len(b.Looks) == 0 {
		return nil, errBlock
	}
	return b, nil
}

// blockReader reads fields from a stream. After its end all fields are zero.
type blockReader struct {
	rest  []byte
	short bool
}

func (in *blockReader) take(n int) []byte {
	if n > len(in.rest) {
		in.short, in.rest = true, nil
		return nil
	}
	out := in.rest[:n]
	in.rest = in.rest[n:]
	return out
}

// number reads a number and fails if it exceeds largest.
func (in *blockReader) number(largest uint64) uint64 {
	x, n := binary.Uvarint(in.rest)
	if n <= 0 || x > largest {
		in.short, in.rest = true, nil
		return 0
	}
	in.rest = in.rest[n:]
	return x
}

func (in *blockReader) incidence(times int) solver.Incidence {
	r := solver.Incidence{Failure: in.curve(times),
		Resigned:   estimate.Curve{Values: in.rounded(times)},
		Unfinished: estimate.Curve{Values: in.rounded(times)},
		Refused:    in.curve(1), Binding: make([]model.Cause, times)}
	for i, cause := range in.take(times) {
		r.Binding[i] = model.Cause(cause)
	}
	return r
}

func (in *blockReader) curve(n int) estimate.Curve {
	form := in.take(1)
	c := estimate.Curve{Moments: in.moments(n)}
	if len(form) == 0 {
		return c
	}
	c.Counts = form[0]&curveCounts != 0
	if form[0]&curveValues != 0 {
		c.Values = in.floats(n)
	}
	return c
}

func (in *blockReader) states() *solver.States {
	times := int(in.number(1 << 20))
	if times == 0 {
		return nil
	}
	s := &solver.States{Paths: int(in.number(1 << 30))}
	some := in.number(1 << 10)
	limits := in.rounded(6)
	s.Thresholds = solver.Thresholds{LowBattery: limits[0], VCut: limits[1],
		Levels: [3]float64(limits[2:5]), TOff: limits[5]}
	s.Times, s.On = in.rounded(times), in.rounded(times)
	for w := range s.Quantiles {
		for q := range s.Quantiles[w] {
			s.Quantiles[w][q] = in.rounded(times)
		}
	}
	for range some {
		var path [solver.WatchedCount][]float64
		for w := range path {
			path[w] = in.rounded(times)
		}
		s.Some = append(s.Some, path)
	}
	return s
}

func (in *blockReader) moments(n int) []estimate.Moments {
	all := make([]estimate.Moments, n)
	kept := int(in.number(uint64(n)))
	for i := range kept {
		all[i].Paths, all[i].Blocks = int64(in.number(math.MaxInt64)), int64(in.number(math.MaxInt64))
	}
	for i, x := range in.floats(kept) {
		all[i].Largest = x
	}
	sums, variances := in.floats(n), in.rounded(n)
	for i := range all {
		if i >= kept {
			all[i] = all[0]
		}
		all[i].Sum, all[i].Variance = sums[i], variances[i]
	}
	return all
}

func (in *blockReader) floats(n int) []float64 {
	planes := in.take(8 * n)
	out := make([]float64, n)
	bits := uint64(0)
	for i := range min(n, len(planes)/8) {
		for plane := range 8 {
			bits ^= uint64(planes[plane*n+i]) << (8 * plane)
		}
		out[i] = math.Float64frombits(bits)
	}
	return out
}

func (in *blockReader) rounded(n int) []float64 {
	planes := in.take(4 * n)
	out := make([]float64, n)
	bits := uint32(0)
	for i := range min(n, len(planes)/4) {
		for plane := range 4 {
			bits ^= uint32(planes[plane*n+i]) << (8 * plane)
		}
		out[i] = float64(math.Float32frombits(bits))
	}
	return out
}
