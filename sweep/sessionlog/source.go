package sessionlog

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// Source is a file with sessions. It is read several times if what its last rows say matters for
// its first.
type Source struct {
	Name string
	Data io.ReaderAt
	Size int64 // [bytes]
}

// Text returns a source whose content is in memory.
func Text(name string, data []byte) Source {
	return Source{name, bytes.NewReader(data), int64(len(data))}
}

// nameOf names sources together.
func nameOf(sources []Source) string {
	if len(sources) == 1 {
		return sources[0].Name
	}
	return fmt.Sprintf("%d logs", len(sources))
}

// peeked is the number of bytes at the start of a source that show what it is.
const peeked = 1 << 16

// stream is the text of a source, unpacked and in UTF-8.
type stream struct {
	*bufio.Reader
	encoding string // of the file, "" for UTF-8
	all      io.Reader
	hash     hash.Hash
}

// open starts to read a source.
func (s Source) open() (*stream, error) {
	t := &stream{hash: sha256.New()}
	t.all = io.TeeReader(io.NewSectionReader(s.Data, 0, s.Size), t.hash)
	t.Reader = bufio.NewReaderSize(t.all, peeked)
	if start, _ := t.Peek(2); bytes.Equal(start, []byte{0x1f, 0x8b}) {
		unpacked, err := gzip.NewReader(t.Reader)
		if err != nil {
			return nil, err
		}
		t.Reader = bufio.NewReaderSize(unpacked, peeked)
	}
	start, _ := t.Peek(4)
	order, mark := orderOf(start)
	if _, err := t.Discard(mark); err != nil {
		return nil, err
	}
	if order != nil {
		t.encoding = "UTF-16"
		t.Reader = bufio.NewReaderSize(&utf16Reader{in: t.Reader, order: order}, peeked)
	}
	return t, nil
}

// digest reads what is left of a source and returns its SHA-256.
func (t *stream) digest() (string, error) {
	_, err := io.Copy(io.Discard, t.all)
	return hex.EncodeToString(t.hash.Sum(nil)), err
}

// orderOf returns the byte order of a text in UTF-16, nil for UTF-8, and the length of its byte
// order mark.
func orderOf(start []byte) (order binary.ByteOrder, mark int) {
	switch {
	case bytes.HasPrefix(start, []byte{0xff, 0xfe}):
		return binary.LittleEndian, 2
	case bytes.HasPrefix(start, []byte{0xfe, 0xff}):
		return binary.BigEndian, 2
	case bytes.HasPrefix(start, []byte("\ufeff")):
		return nil, 3
	case len(start) >= 4 && start[0] != 0 && start[1] == 0 && start[2] != 0 && start[3] == 0:
		return binary.LittleEndian, 0
	case len(start) >= 4 && start[0] == 0 && start[1] != 0 && start[2] == 0 && start[3] != 0:
		return binary.BigEndian, 0
	}
	return nil, 0
}

// utf16Reader reads UTF-16 as UTF-8. A last odd byte is dropped.
type utf16Reader struct {
	in    *bufio.Reader
	order binary.ByteOrder
	ready []byte // in UTF-8, not read yet
}

func (r *utf16Reader) Read(to []byte) (int, error) {
	for len(r.ready) == 0 {
		unit, err := r.unit()
		if err != nil {
			return 0, err
		}
		c := rune(unit)
		if utf16.IsSurrogate(c) {
			c = utf8.RuneError
			if next, err := r.in.Peek(2); err == nil {
				if both := utf16.DecodeRune(rune(unit), rune(r.order.Uint16(next))); both != c {
					c = both
					r.in.Discard(2) // it has been peeked
				}
			}
		}
		r.ready = utf8.AppendRune(r.ready[:0], c)
		for len(r.ready) < 4096 && r.in.Buffered() >= 4 { // what needs no waiting
			next, _ := r.in.Peek(2)
			if c = rune(r.order.Uint16(next)); utf16.IsSurrogate(c) {
				break
			}
			r.ready = utf8.AppendRune(r.ready, c)
			r.in.Discard(2)
		}
	}
	n := copy(to, r.ready)
	r.ready = r.ready[n:]
	return n, nil
}

// unit reads a unit of UTF-16.
func (r *utf16Reader) unit() (uint16, error) {
	pair, err := r.in.Peek(2)
	if len(pair) < 2 {
		if err == nil {
			err = io.EOF
		}
		return 0, err
	}
	unit := r.order.Uint16(pair)
	r.in.Discard(2)
	return unit, nil
}
