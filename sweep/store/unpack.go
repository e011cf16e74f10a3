package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/klauspost/compress/s2"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

// errBlock is the error of a payload that is not the block that its key stands for.
var errBlock = errors.New("damaged block")

// asked is what a block must contain, as far as the reader knows: its key stands for it.
type asked struct {
	readings []solver.Reading
	swept    bool      // by budget sweep: one look, with incidences at durations
	kept     []float64 // these durations [s]
	paths    int64     // 0 if not known
	// of the durations of budget caps [s]; 0 if not known
	step, horizon float64
}

// Limits on what a block may say of itself.
const (
	maxTimes = 1 << 20
	maxLooks = 64
	maxPaths = 1 << 53
	maxMeans = 256
	// maxUnpacked is the largest size of a block [bytes]. It takes five times the memory when
	// read. Blocks of a day in steps of 0.1 s have half of it.
	maxUnpacked = 96 << 20
)

// readBlock unpacks a block and checks what it says: a checksum shows only that a block is as it
// was written. All errors are errBlock.
func readBlock(payload []byte, of asked) (*sweep.Block, error) {
	if n, err := s2.DecodedLen(payload); err != nil || n > maxUnpacked {
		return nil, fmt.Errorf("%w: not packed", errBlock)
	}
	room := unpacked.Get().(*[]byte)
	defer unpacked.Put(room)
	raw, err := s2.Decode(*room, payload)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBlock, err)
	}
	*room = raw
	in := &blockReader{rest: raw}
	b := in.block(of)
	if in.err == nil && len(in.rest) > 0 {
		in.failf("%d bytes too many", len(in.rest))
	}
	if in.err == nil {
		in.err = of.check(b)
	}
	if in.err != nil {
		return nil, fmt.Errorf("%w: %w", errBlock, in.err)
	}
	return b, nil
}

// check returns an error unless a block is what was asked.
func (of *asked) check(b *sweep.Block) error {
	for i, look := range b.Looks {
		if err := look.Check(); err != nil {
			return fmt.Errorf("look %d: %w", i, err)
		}
		if i > 0 && look.Paths < b.Looks[i-1].Paths {
			return fmt.Errorf("look %d: fewer paths than before", i)
		}
	}
	last := b.Last()
	longest := last.Durations[len(last.Durations)-1]
	switch {
	case of.paths > 0 && last.Paths != of.paths:
		return fmt.Errorf("%d paths, not %d", last.Paths, of.paths)
	case of.step > 0 && last.Durations[0] != of.step:
		return fmt.Errorf("a step of %v s, not %v s", last.Durations[0], of.step)
	case of.horizon > 0 && math.Abs(longest-of.horizon) > last.Durations[0]:
		return fmt.Errorf("durations up to %v s, not %v s", longest, of.horizon)
	case of.swept && (len(b.Looks) != 1 || last.Share != 1 || last.Gated != nil):
		return errors.New("looks of another command")
	case of.swept != (last.Readings[0].Ended[solver.AsUsed] != nil):
		return errors.New("ends of another command")
	case b.States != nil:
		return b.States.Check()
	}
	return nil
}

// block reads a block.
func (in *blockReader) block(of asked) *sweep.Block {
	b := &sweep.Block{}
	times := in.number("durations", 1, maxTimes)
	step := in.float()
	// Each duration takes at least its binding cause, so a file cannot claim more than it has.
	if !in.need(times, 1) {
		return b
	}
	durations := make([]float64, times)
	for i := range durations {
		durations[i] = float64(i+1) * step
	}
	n := in.number("readings", 1, maxTimes)
	if in.err == nil && n != len(of.readings) {
		in.failf("%d readings, not %d", n, len(of.readings))
	}
	for looks := in.number("looks", 1, maxLooks); looks > 0 && in.err == nil; looks-- {
		look := &solver.Estimates{Durations: durations, Paths: in.paths(), Share: in.float()}
		for _, reading := range of.readings {
			look.Readings = append(look.Readings, in.incidence(reading, times))
		}
		if in.number("gates", 0, 1) == 1 && in.err == nil {
			look.Gated = &solver.Estimates{Durations: durations, Paths: in.paths(), Share: look.Share,
				Readings: []solver.Incidence{in.incidence(of.readings[0], times)}}
		}
		b.Looks = append(b.Looks, look)
	}
	if in.err != nil {
		return b
	}
	last := b.Last()
	further := in.number("readings with ends", 0, n)
	if in.err == nil && further != 0 && further != n {
		in.failf("ends of %d readings", further)
	}
	if further > 0 {
		last.At = sweep.OnGrid(durations, of.kept)
	}
	for i := range further {
		in.ends(&last.Readings[i], len(last.At))
	}
	b.States = in.states()
	return b
}

// blockReader reads fields from a stream. The first field that is wrong or cut sets err; from
// then on all are zero. Memory is made only for bytes that are there.
type blockReader struct {
	rest []byte
	err  error
}

func (in *blockReader) failf(format string, args ...any) {
	if in.err == nil {
		in.err = fmt.Errorf(format, args...)
	}
	in.rest = nil
}

// need reports whether n fields of a size are left.
func (in *blockReader) need(n, size int) bool {
	if in.err == nil && (n < 0 || n > len(in.rest)/size) {
		in.failf("cut off")
	}
	return in.err == nil
}

// take returns the bytes of n fields of a size, nil after an error.
func (in *blockReader) take(n, size int) []byte {
	if !in.need(n, size) {
		return nil
	}
	out := in.rest[:n*size]
	in.rest = in.rest[n*size:]
	return out
}

// uvarint reads a number of something from least to most.
func (in *blockReader) uvarint(what string, least, most uint64) uint64 {
	x, n := binary.Uvarint(in.rest)
	if n <= 0 || x < least || x > most {
		in.failf("%d %s: expected %d to %d", x, what, least, most)
		return 0
	}
	in.rest = in.rest[n:]
	return x
}

func (in *blockReader) number(what string, least, most int) int {
	return int(in.uvarint(what, uint64(least), uint64(most)))
}

func (in *blockReader) paths() int64 { return int64(in.uvarint("paths", 0, maxPaths)) }

func (in *blockReader) incidence(reading solver.Reading, times int) solver.Incidence {
	r := solver.Incidence{Reading: reading, Failure: in.curve(times),
		Resigned:   estimate.Curve{Values: in.rounded(times)},
		Unfinished: estimate.Curve{Values: in.rounded(times)},
		Refused:    in.curve(1)}
	causes := in.take(times, 1)
	r.Binding = make([]model.Cause, len(causes))
	for i, cause := range causes {
		r.Binding[i] = model.Cause(cause)
	}
	return r
}

// ends reads what sweeps store in addition to the looks, at a number of durations.
func (in *blockReader) ends(r *solver.Incidence, at int) {
	series := in.number("series of ends", int(model.Completed)+1, int(model.InProgress)+1)
	if stored := in.number("durations with ends", 0, maxTimes); in.err == nil && stored != at {
		in.failf("ends at %d durations, not %d", stored, at)
	}
	if in.err != nil {
		return
	}
	r.Ended[solver.AsUsed] = make([]estimate.Curve, series)
	for i := range series {
		r.Ended[solver.AsUsed][i].Moments = in.moments(at)
	}
	r.Ended[solver.Meaning] = make([]estimate.Curve, series)
	r.Ended[solver.Meaning][model.Completed].Moments = in.moments(at)
	for range at {
		r.Replicates = append(r.Replicates, in.rounded(in.number("replicates", 0, maxMeans)))
	}
}

func (in *blockReader) curve(n int) estimate.Curve {
	form := in.take(1, 1)
	c := estimate.Curve{Moments: in.moments(n)}
	if in.err != nil {
		return c
	}
	c.Counts = form[0]&curveCounts != 0
	if form[0]&curveValues != 0 {
		c.Values = in.floats(n)
	}
	if form[0]&^(curveCounts|curveValues) != 0 || (form[0]&curveValues != 0) != c.Chained() {
		in.failf("a curve in the form %d", form[0])
	}
	return c
}

func (in *blockReader) states() *solver.States {
	times := in.number("times of states", 0, maxTimes)
	if times == 0 {
		return nil
	}
	s := &solver.States{Paths: int(in.paths())}
	some := in.number("single paths", 0, maxTimes)
	limits := in.rounded(6)
	if in.err != nil {
		return nil
	}
	s.Thresholds = solver.Thresholds{LowBattery: limits[0], VCut: limits[1],
		Levels: [3]float64(limits[2:5]), TOff: limits[5]}
	s.Times, s.On = in.rounded(times), in.rounded(times)
	for w := range s.Quantiles {
		for q := range s.Quantiles[w] {
			s.Quantiles[w][q] = in.rounded(times)
		}
	}
	for ; some > 0 && in.err == nil; some-- {
		var path [solver.WatchedCount][]float64
		for w := range path {
			path[w] = in.rounded(times)
		}
		s.Some = append(s.Some, path)
	}
	return s
}

func (in *blockReader) moments(n int) []estimate.Moments {
	kept := in.number("numbers of paths", 0, n)
	if in.err == nil && kept != n && kept != 1 {
		in.failf("%d numbers of paths for %d times", kept, n)
	}
	if !in.need(n, 8+4) { // sums and variances
		return nil
	}
	all := make([]estimate.Moments, n)
	for i := range kept {
		all[i].Paths = in.paths()
		all[i].Blocks = int64(in.uvarint("blocks of paths", 0, maxPaths))
	}
	largest := in.floats(kept)
	sums, variances := in.floats(n), in.rounded(n)
	if in.err != nil {
		return nil
	}
	for i, x := range largest {
		all[i].Largest = x
	}
	for i := range all {
		if i >= kept {
			all[i] = all[0]
		}
		all[i].Sum, all[i].Variance = sums[i], variances[i]
	}
	return all
}

func (in *blockReader) float() float64 {
	if x := in.floats(1); in.err == nil {
		return x[0]
	}
	return 0
}

func (in *blockReader) floats(n int) []float64 {
	planes := in.take(n, 8)
	if in.err != nil {
		return nil
	}
	out := make([]float64, n)
	low, high := planes[:4*n], planes[4*n:]
	bits := uint64(0)
	for i := range out {
		bits ^= uint64(change(low, n, i)) | uint64(change(high, n, i))<<32
		out[i] = math.Float64frombits(bits)
	}
	return out
}

func (in *blockReader) rounded(n int) []float64 {
	planes := in.take(n, 4)
	if in.err != nil {
		return nil
	}
	out := make([]float64, n)
	bits := uint32(0)
	for i := range out {
		bits ^= change(planes, n, i)
		out[i] = float64(math.Float32frombits(bits))
	}
	return out
}

// change returns the i-th of n differences from the number before, from their four byte planes.
func change(planes []byte, n, i int) uint32 {
	return uint32(planes[i]) | uint32(planes[n+i])<<8 | uint32(planes[2*n+i])<<16 |
		uint32(planes[3*n+i])<<24
}
