package sessionlog

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// keySet finds the sessions that a log has twice. It keeps 16 bytes a session, and hashes only: of
// ten million sessions, two different ones are taken for the same with a probability of 3e-6.
type keySet struct {
	parts   [256]keyPart
	fetched uint32 // what fetch has read, so that the compiler does not leave it out
}

// expect makes room for more sessions.
func (s *keySet) expect(sessions int) {
	for i := range s.parts {
		p := &s.parts[i]
		p.resize((p.used + sessions/len(s.parts)) * 6 / 5)
	}
}

// keyPart is a table with open addressing. It grows by a quarter when it is nearly full.
type keyPart struct {
	slots []keySlot
	used  int
}

// keySlot is a session: the hash of what identifies it, part of the hash of its row, and the
// number of its row. A free slot has the row 0.
type keySlot struct {
	key     uint64
	content uint32
	row     uint32
}

// fetch reads the slot where a key is sought first. For the slots of several keys the processor
// waits at the same time; put would wait for one after the other.
func (s *keySet) fetch(key uint64) {
	if p := &s.parts[key%256]; len(p.slots) > 0 {
		s.fetched += p.slots[p.home(key)].row
	}
}

// put adds a session with the number of its row, from 1, unless one with the key is there. It
// returns the one in the set, and whether it is new.
func (s *keySet) put(key uint64, content, row uint32) (first keySlot, isNew bool) {
	return s.parts[key%256].put(key, content, row)
}

func (p *keyPart) put(key uint64, content, row uint32) (first keySlot, isNew bool) {
	if p.used*8 >= len(p.slots)*7 {
		p.resize(len(p.slots) * 5 / 4)
	}
	x := p.find(key)
	if isNew = x.row == 0; isNew {
		*x = keySlot{key, content, row}
		p.used++
	}
	return *x, isNew
}

// home returns the place from which on a key is sought.
func (p *keyPart) home(key uint64) int {
	high, _ := bits.Mul64(key, uint64(len(p.slots)))
	return int(high)
}

// find returns the slot of a key, or a free one for it.
func (p *keyPart) find(key uint64) *keySlot {
	for i := p.home(key); ; i++ {
		if i == len(p.slots) {
			i = 0
		}
		if x := &p.slots[i]; x.row == 0 || x.key == key {
			return x
		}
	}
}

// resize makes a table larger.
func (p *keyPart) resize(slots int) {
	old := p.slots
	if slots = max(16, slots); slots <= len(old) {
		return
	}
	p.slots = make([]keySlot, slots)
	for _, x := range old {
		if x.row != 0 {
			*p.find(x.key) = x
		}
	}
}

// hash64 is a hash of texts and numbers. It has the same value on every machine.
type hash64 uint64

// number adds a number, by the folded product of wyhash.
func (h *hash64) number(x uint64) {
	high, low := bits.Mul64(uint64(*h)^0x9e3779b97f4a7c15, x^0xe7037ed1a0b428db)
	*h = hash64(high ^ low)
}

func (h *hash64) text(text string) {
	h.number(uint64(len(text)))
	for len(text) >= 8 {
		h.number(binary.LittleEndian.Uint64([]byte(text[:8])))
		text = text[8:]
	}
	var rest uint64
	for i := range len(text) {
		rest = rest<<8 | uint64(text[i])
	}
	h.number(rest)
}

func (h *hash64) real(x float64) {
	if math.IsNaN(x) {
		x = math.NaN() // of many, one
	}
	h.number(math.Float64bits(x))
}

func (h *hash64) truth(all ...bool) {
	n := uint64(0)
	for _, x := range all {
		if n <<= 1; x {
			n++
		}
	}
	h.number(n)
}
