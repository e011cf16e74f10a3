package store

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"os"

	"budget/sweep"
)

// search finds whole records one after the other. Whatever the file says, its time does not grow
// faster than the size of the file: it holds the part that it looks at, and gives up once the
// records tried in vain have maxTried times the size of the file. In a journal that budget wrote,
// there is at most one such record for each damage.
type search struct {
	file  *os.File
	size  int64 // of the file
	at    int64 // offset of what is held
	held  []byte
	part  []byte // of a record beyond
	tried int64  // bytes of records that were not whole
	read  int64  // bytes read
}

const (
	searchWindow = 1 << 20
	maxTried     = 4
)

var magicBytes = binary.LittleEndian.AppendUint32(nil, recordMagic)

// next returns the offset of the first whole record at or after an offset, or the size of the file.
func (s *search) next(at int64) (int64, error) {
	for at+recordHead <= s.size && !s.exhausted() {
		if at < s.at || at+recordHead > s.at+int64(len(s.held)) {
			if err := s.hold(at); err != nil {
				return 0, err
			}
		}
		rest := s.held[at-s.at:]
		i := bytes.Index(rest, magicBytes)
		if i < 0 {
			at += int64(len(rest) - len(magicBytes) + 1)
			continue
		}
		at += int64(i)
		if i+recordHead > len(rest) {
			continue // hold more
		}
		if whole, err := s.whole(at, rest[i:]); whole || err != nil {
			return at, err
		}
		at++
	}
	return s.size, nil
}

// head returns the key of the whole record at an offset that next has returned, and the length of
// its payload.
func (s *search) head(at int64) (key sweep.Key, length int64) {
	head := s.held[at-s.at:]
	copy(key[:], head[12:recordHead])
	return key, int64(binary.LittleEndian.Uint32(head[4:]))
}

// exhausted reports whether it has given up.
func (s *search) exhausted() bool { return s.tried > maxTried*s.size }

// hold reads the part of the file at an offset.
func (s *search) hold(at int64) error {
	if s.held == nil {
		s.held = make([]byte, min(searchWindow, s.size))
	}
	s.held = s.held[:min(searchWindow, s.size-at)]
	s.at = at
	return s.readAt(s.held, at)
}

func (s *search) readAt(to []byte, at int64) error {
	n, err := s.file.ReadAt(to, at)
	s.read += int64(n)
	return err
}

// whole reports whether the record at an offset is whole. from are the bytes held from there.
func (s *search) whole(at int64, from []byte) (bool, error) {
	length := int64(binary.LittleEndian.Uint32(from[4:]))
	end := at + recordHead + length
	if length > maxRecord || end > s.size {
		return false, nil
	}
	want := binary.LittleEndian.Uint32(from[8:])
	held := min(recordHead+length, int64(len(from)))
	sum := crc32.Checksum(from[12:held], castagnoli)
	if s.part == nil {
		s.part = make([]byte, 1<<16)
	}
	for at += held; at < end; at += int64(len(s.part)) {
		part := s.part[:min(int64(len(s.part)), end-at)]
		if err := s.readAt(part, at); err != nil {
			return false, err
		}
		sum = crc32.Update(sum, castagnoli, part)
	}
	if sum != want {
		s.tried += recordHead + length
	}
	return sum == want, nil
}
