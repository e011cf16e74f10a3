package parquet

import (
	"encoding/binary"
	"errors"
)

// The descriptions in a file are structs in Thrift's compact protocol: fields with ascending
// numbers, each with its type.

// Types of the compact protocol.
const (
	thriftTrue   = 1
	thriftFalse  = 2
	thriftByte   = 3
	thriftInt16  = 4
	thriftInt32  = 5
	thriftInt64  = 6
	thriftDouble = 7
	thriftBinary = 8
	thriftList   = 9
	thriftSet    = 10
	thriftMap    = 11
	thriftStruct = 12
)

// structWriter appends the fields of a struct.
type structWriter struct {
	out  []byte
	last int // number of the field before
}

func (w *structWriter) head(number, kind int) {
	w.out = append(w.out, byte((number-w.last)<<4|kind))
	w.last = number
}

func (w *structWriter) int32(number int, n int) {
	w.head(number, thriftInt32)
	w.out = binary.AppendVarint(w.out, int64(n))
}

func (w *structWriter) int64(number int, n int64) {
	w.head(number, thriftInt64)
	w.out = binary.AppendVarint(w.out, n)
}

func (w *structWriter) text(number int, text string) {
	w.head(number, thriftBinary)
	w.out = appendText(w.out, text)
}

// list begins a list of n values of a type, which the caller appends to out.
func (w *structWriter) list(number, kind, n int) {
	w.head(number, thriftList)
	if n < 15 {
		w.out = append(w.out, byte(n<<4|kind))
		return
	}
	w.out = binary.AppendUvarint(append(w.out, byte(0xf0|kind)), uint64(n))
}

// inner appends a struct as a field.
func (w *structWriter) inner(number int, write func(*structWriter)) {
	w.head(number, thriftStruct)
	w.element(write)
}

// element appends a struct without a number, as in a list.
func (w *structWriter) element(write func(*structWriter)) {
	of := structWriter{out: w.out}
	write(&of)
	w.out = append(of.out, 0)
}

func appendText(out []byte, text string) []byte {
	return append(binary.AppendUvarint(out, uint64(len(text))), text...)
}

// fields are the fields of a struct by their numbers: bool, int64, []byte, []any or fields. A
// field of another type is nil.
type fields map[int]any

func (f fields) number(n int) int64 { x, _ := f[n].(int64); return x }
func (f fields) text(n int) string  { x, _ := f[n].([]byte); return string(x) }
func (f fields) list(n int) []any   { x, _ := f[n].([]any); return x }
func (f fields) inner(n int) fields { x, _ := f[n].(fields); return x }
func (f fields) has(n int) bool     { _, ok := f[n]; return ok }

// deepest is how deep structs and lists may be nested; those of the format are half as deep.
const deepest = 16

var errThrift = errors.New("its description is damaged")

// thriftReader reads structs. After an error everything is 0.
type thriftReader struct {
	in     []byte
	failed bool
}

// readStruct reads a struct, and returns the number of bytes that it takes.
func readStruct(in []byte) (f fields, size int, err error) {
	r := thriftReader{in: in}
	f = r.fields(0)
	if r.failed {
		return nil, 0, errThrift
	}
	return f, len(in) - len(r.in), nil
}

// take returns the next n bytes.
func (r *thriftReader) take(n uint64) []byte {
	if n > uint64(len(r.in)) {
		r.in, r.failed = nil, true
		return nil
	}
	taken := r.in[:n]
	r.in = r.in[n:]
	return taken
}

func (r *thriftReader) byte() byte {
	if b := r.take(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

func (r *thriftReader) unsigned() uint64 {
	n, size := binary.Uvarint(r.in)
	if size <= 0 {
		r.in, r.failed = nil, true
		return 0
	}
	r.in = r.in[size:]
	return n
}

func (r *thriftReader) signed() int64 {
	n := r.unsigned()
	return int64(n>>1) ^ -int64(n&1)
}

func (r *thriftReader) fields(depth int) fields {
	f := fields{}
	for number := 0; !r.failed; {
		head := r.byte()
		if head == 0 {
			break
		}
		if step := int(head >> 4); step > 0 {
			number += step
		} else {
			number = int(int16(r.signed()))
		}
		switch kind := head & 15; kind {
		case thriftTrue, thriftFalse:
			f[number] = kind == thriftTrue
		default:
			f[number] = r.value(kind, depth+1)
		}
	}
	return f
}

func (r *thriftReader) value(kind byte, depth int) any {
	if depth > deepest {
		r.failed = true
	}
	if r.failed {
		return nil
	}
	switch kind {
	case thriftTrue, thriftFalse: // in a list
		return r.byte() == thriftTrue
	case thriftByte:
		return int64(int8(r.byte()))
	case thriftInt16, thriftInt32, thriftInt64:
		return r.signed()
	case thriftDouble:
		r.take(8)
		return nil
	case thriftBinary:
		return r.take(r.unsigned())
	case thriftList, thriftSet:
		return r.list(depth)
	case thriftMap:
		r.skipMap(depth)
		return nil
	case thriftStruct:
		return r.fields(depth)
	}
	r.failed = true
	return nil
}

func (r *thriftReader) list(depth int) []any {
	head := r.byte()
	n := uint64(head >> 4)
	if n == 15 {
		n = r.unsigned()
	}
	var values []any
	for i := uint64(0); i < n && !r.failed; i++ { // each takes a byte at least
		values = append(values, r.value(head&15, depth+1))
	}
	return values
}

func (r *thriftReader) skipMap(depth int) {
	n := r.unsigned()
	if n == 0 {
		return
	}
	kinds := r.byte()
	for i := uint64(0); i < n && !r.failed; i++ {
		r.value(kinds>>4, depth+1)
		r.value(kinds&15, depth+1)
	}
}
