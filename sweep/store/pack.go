package store

import (
	"encoding/binary"
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

// appendPlanes writes n numbers of size bytes, 4 or 8, as differences from the number before, byte
// plane by byte plane.
func appendPlanes(to []byte, n, size int, bits func(i int) uint64) []byte {
	at := len(to)
	to = slices.Grow(to, size*n)[:at+size*n]
	var planes [8][]byte
	for plane := range size {
		planes[plane] = to[at+plane*n:][:n]
	}
	before := uint64(0)
	for i := range n {
		now := bits(i)
		change := now ^ before
		before = now
		planes[0][i], planes[1][i] = byte(change), byte(change>>8)
		planes[2][i], planes[3][i] = byte(change>>16), byte(change>>24)
		if size == 8 {
			planes[4][i], planes[5][i] = byte(change>>32), byte(change>>40)
			planes[6][i], planes[7][i] = byte(change>>48), byte(change>>56)
		}
	}
	return to
}
