package histories

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strings"

	"budget/model"
	"budget/solver/plant"
)

// A record as bytes is made of numbers, most of them of variable length (encoding/binary): first
// the plain histories, each with the number of its paths; then the distinct starts of the others,
// and of each of these its start, its runs, its restarts and its end. Numbers of one meaning stand
// together, which packs best.

// AppendTo appends the record to bytes, from which ReadRecord makes it again. steps is that of Add.
// Equal paths, added in the same order, give the same bytes.
func (r *Record) AppendTo(to []byte, steps int) []byte {
	uvarint := func(n int) { to = binary.AppendUvarint(to, uint64(n)) }
	plains := make([]string, 0, len(r.plain))
	counts := map[string]int64{}
	for p, n := range r.plain {
		text := string(append(appendStart(nil, p.weight, &p.start), p.condition))
		plains, counts[text] = append(plains, text), n
	}
	slices.Sort(plains)
	uvarint(len(plains))
	for _, p := range plains {
		to = binary.AppendUvarint(append(to, p...), uint64(counts[p]))
	}

	var starts []string // few
	startOf := make([]int, len(r.paths))
	for i := range r.paths {
		h := &r.paths[i]
		start := string(appendStart(nil, h.Weight, &h.Start))
		if startOf[i] = slices.Index(starts, start); startOf[i] < 0 {
			startOf[i], starts = len(starts), append(starts, start)
		}
	}
	uvarint(len(starts))
	to = append(to, strings.Join(starts, "")...)
	uvarint(len(r.paths))
	for _, start := range startOf {
		uvarint(start)
	}
	for i := range r.paths {
		uvarint(len(r.paths[i].Runs))
	}
	for i := range r.paths {
		for _, run := range r.paths[i].Runs {
			to = append(to, run.Condition)
		}
	}
	for i := range r.paths {
		since := 0
		for _, run := range r.paths[i].Runs {
			uvarint(int(run.Step) - since)
			since = int(run.Step)
		}
	}
	for i := range r.paths {
		uvarint(len(r.paths[i].Restarts))
		for _, restart := range r.paths[i].Restarts {
			uvarint(int(restart.Step))
			to = append(to, flags(restart.LowPower, restart.Critical))
		}
	}
	for i := range r.paths {
		h := &r.paths[i]
		uvarint(steps + 1 - h.End)
		to = append(to, byte(h.Cause), flags(h.AfterGrant, h.Late))
	}
	return to
}

// startBytes is the number of bytes of a weight and a start.
const startBytes = 10

func appendStart(to []byte, weight float64, s *plant.Start) []byte {
	to = binary.LittleEndian.AppendUint64(to, math.Float64bits(weight))
	return append(to, flags(s.LowPower, s.Critical, s.TooHot, s.BelowGate), s.BelowGates)
}

// flags returns a byte with a bit for each of some facts.
func flags(facts ...bool) (bits byte) {
	for i, fact := range facts {
		if fact {
			bits |= 1 << i
		}
	}
	return bits
}

// ErrRecord is the error of bytes that are not what AppendTo appends.
var ErrRecord = errors.New("not the histories of paths")

// ReadRecord reads a record of paths that were followed through a number of steps from the start of
// bytes, and returns it with the bytes that follow. It is an error if they are no such record.
func ReadRecord(from []byte, steps int) (r *Record, rest []byte, err error) {
	d := &decoder{rest: from}
	r = &Record{}
	for range d.count(startBytes + 2) {
		var p plainHistory
		p.weight, p.start = d.start()
		p.condition = d.condition()
		if r.plain == nil {
			r.plain = map[plainHistory]int64{}
		}
		r.plain[p] += int64(d.number(mostPaths))
	}
	starts := make([]plant.History, d.count(startBytes))
	for i := range starts {
		starts[i].Weight, starts[i].Start = d.start()
	}
	r.paths = make([]plant.History, d.count(1))
	for i := range r.paths {
		if start := d.number(len(starts) - 1); !d.failed {
			r.paths[i] = starts[start]
		}
	}
	lengths, all := make([]int, len(r.paths)), 0
	for i := range lengths {
		lengths[i] = d.number(len(d.rest))
		all += lengths[i]
		d.require(lengths[i] > 0 && all <= len(d.rest))
		if d.failed {
			return nil, nil, ErrRecord
		}
	}
	runs := make([]plant.Run, all)
	for i := range r.paths {
		r.paths[i].Runs, runs = runs[:lengths[i]:lengths[i]], runs[lengths[i]:]
		for j := range r.paths[i].Runs {
			run := &r.paths[i].Runs[j]
			run.Condition = d.condition()
			r.paths[i].Seen |= 1 << run.Condition
		}
	}
	for i := range r.paths {
		since := 0
		for j := range r.paths[i].Runs {
			step := d.number(steps)
			d.require(step == 0 || j > 0)
			since += step
			d.require(since <= steps)
			r.paths[i].Runs[j].Step = int32(since)
		}
	}
	for i := range r.paths {
		since := 0
		for range d.count(2) {
			restart := plant.Restart{Step: int32(d.number(steps))}
			d.require(int(restart.Step) >= since)
			since = int(restart.Step)
			d.flags(&restart.LowPower, &restart.Critical)
			r.paths[i].Restarts = append(r.paths[i].Restarts, restart)
		}
	}
	for i := range r.paths {
		h := &r.paths[i]
		h.End = steps + 1 - d.number(steps+1)
		h.Cause = model.Cause(d.byte())
		d.require(h.Cause <= model.InProgress)
		d.flags(&h.AfterGrant, &h.Late)
	}
	if d.failed {
		return nil, nil, ErrRecord
	}
	return r, d.rest, nil
}

// mostPaths bounds the number of paths of a plain history.
const mostPaths = 1 << 40

// decoder takes numbers from the start of bytes. After one that cannot be, all that follow are 0.
type decoder struct {
	rest   []byte
	failed bool
}

// require notes a failure unless something holds.
func (d *decoder) require(holds bool) {
	if d.failed = d.failed || !holds; d.failed {
		d.rest = nil
	}
}

// number takes a number of variable length, up to most.
func (d *decoder) number(most int) int {
	x, n := binary.Uvarint(d.rest)
	if d.require(n > 0 && most >= 0 && x <= uint64(most)); d.failed {
		return 0
	}
	d.rest = d.rest[n:]
	return int(x)
}

// count takes a number of things of at least some bytes each.
func (d *decoder) count(bytes int) int { return d.number(len(d.rest) / bytes) }

func (d *decoder) byte() byte {
	if d.require(len(d.rest) > 0); d.failed {
		return 0
	}
	b := d.rest[0]
	d.rest = d.rest[1:]
	return b
}

func (d *decoder) condition() uint8 {
	c := d.byte()
	d.require(c < plant.Conditions)
	return c % plant.Conditions
}

// flags takes a byte of the function flags.
func (d *decoder) flags(facts ...*bool) {
	bits := d.byte()
	for i, fact := range facts {
		*fact = bits>>i&1 == 1
	}
	d.require(bits>>len(facts) == 0)
}

// start takes a weight and a start.
func (d *decoder) start() (weight float64, s plant.Start) {
	if d.require(len(d.rest) >= startBytes); d.failed {
		return 0, s
	}
	weight = math.Float64frombits(binary.LittleEndian.Uint64(d.rest))
	d.rest = d.rest[8:]
	d.flags(&s.LowPower, &s.Critical, &s.TooHot, &s.BelowGate)
	s.BelowGates = d.byte()
	d.require(weight > 0 && weight <= plant.Heaviest)
	return weight, s
}
