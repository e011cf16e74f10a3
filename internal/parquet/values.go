package parquet

import (
	"encoding/binary"
	"fmt"
)

// Values are the bytes that a plain encoding has for them: those of numbers the lowest first, a
// truth value as one byte.

// decoder decodes the values of a chunk.
type decoder struct {
	leaf
	dictionary [][]byte
}

// decode returns the n values of a page.
func (c *decoder) decode(encoding int64, data []byte, n int) ([][]byte, error) {
	switch {
	case encoding == plain:
		return c.plain(data, n)
	case encoding == plainDictionary || encoding == indexDictionary:
		return c.lookUp(data, n)
	case encoding == runLengths && c.physical == boolean:
		return truths(data, n)
	case encoding == deltas && (c.physical == int32s || c.physical == int64s):
		numbers, _, err := sums(data, n)
		return c.numbers(numbers), err
	case encoding == deltaLengths && c.physical == byteArrays:
		lengths, rest, err := sums(data, n)
		if err != nil {
			return nil, err
		}
		return split(rest, lengths)
	case encoding == deltaTexts && (c.physical == byteArrays || c.physical == fixedArrays):
		return prefixed(data, n)
	case encoding == byteStreams && c.size > 0:
		return c.streams(data, n)
	}
	return nil, fmt.Errorf("its values have encoding %d, which is unknown for their type", encoding)
}

// plain returns values that stand one after the other, those of differing size after their
// lengths, truth values as bits.
func (c *decoder) plain(data []byte, n int) ([][]byte, error) {
	switch {
	case c.physical == boolean:
		numbers, err := unpackBits(nil, data, n, 1)
		return bytesOf(numbers), err
	case c.size > 0:
		if len(data)/c.size < n {
			return nil, errDamaged
		}
		values := make([][]byte, n)
		for i := range values {
			values[i] = data[i*c.size : (i+1)*c.size]
		}
		return values, nil
	case len(data)/4 < n:
		return nil, errDamaged
	}
	values := make([][]byte, n)
	for i := range values {
		if len(data) < 4 {
			return nil, errDamaged
		}
		length := uint64(binary.LittleEndian.Uint32(data))
		if data = data[4:]; uint64(len(data)) < length {
			return nil, errDamaged
		}
		values[i], data = data[:length], data[length:]
	}
	return values, nil
}

// lookUp returns values by their places in the dictionary of the chunk.
func (c *decoder) lookUp(data []byte, n int) ([][]byte, error) {
	if n == 0 {
		return nil, nil
	}
	if len(data) == 0 {
		return nil, errDamaged
	}
	places, err := runs(data[1:], int(data[0]), n)
	if err != nil {
		return nil, err
	}
	values := make([][]byte, n)
	for i, place := range places {
		if uint64(place) >= uint64(len(c.dictionary)) {
			return nil, errDamaged
		}
		values[i] = c.dictionary[place]
	}
	return values, nil
}

// truths returns truth values in runs, after their size in bytes.
func truths(data []byte, n int) ([][]byte, error) {
	_, data, err := sized(data)
	if err != nil {
		return nil, err
	}
	numbers, err := runs(data, 1, n)
	return bytesOf(numbers), err
}

// bytesOf returns numbers below 256 as values of one byte.
func bytesOf(numbers []uint32) [][]byte {
	values := make([][]byte, len(numbers))
	for i, x := range numbers {
		values[i] = []byte{byte(x)}
	}
	return values
}

// numbers returns the values of whole numbers.
func (c *decoder) numbers(numbers []int64) [][]byte {
	values := make([][]byte, len(numbers))
	for i, x := range numbers {
		values[i] = binary.LittleEndian.AppendUint64(nil, uint64(x))[:c.size]
	}
	return values
}

// sized returns the part of data after its size, which stands at the start in four bytes, and
// the rest behind the part.
func sized(data []byte) (rest, part []byte, err error) {
	if len(data) < 4 {
		return nil, nil, errDamaged
	}
	size := uint64(binary.LittleEndian.Uint32(data))
	if data = data[4:]; uint64(len(data)) < size {
		return nil, nil, errDamaged
	}
	return data[size:], data[:size], nil
}

// runs returns n numbers of a width in bits, as appendRuns writes them.
func runs(data []byte, width, n int) (numbers []uint32, err error) {
	if width > 32 {
		return nil, errDamaged
	}
	for len(numbers) < n {
		head, size := binary.Uvarint(data)
		if size <= 0 {
			return nil, errDamaged
		}
		data = data[size:]
		if head&1 == 1 {
			// The last group may be filled up, and cut after the last number.
			groups := min(head>>1, uint64(n-len(numbers)+7)/8)
			if numbers, err = unpackBits(numbers, data, min(int(8*groups), n-len(numbers)),
				width); err != nil {
				return nil, err
			}
			data = data[min(uint64(len(data)), groups*uint64(width)):]
			continue
		}
		bytes := (width + 7) / 8
		if len(data) < bytes {
			return nil, errDamaged
		}
		var one uint32
		for b := range bytes {
			one |= uint32(data[b]) << (8 * b)
		}
		data = data[bytes:]
		for range min(head>>1, uint64(n-len(numbers))) {
			numbers = append(numbers, one)
		}
	}
	return numbers, nil
}

// unpackBits appends n numbers of a width in bits, the lowest bits first.
func unpackBits(numbers []uint32, data []byte, n, width int) ([]uint32, error) {
	if uint64(n)*uint64(width) > 8*uint64(len(data)) {
		return nil, errDamaged
	}
	at := 0 // bit
	for range n {
		numbers = append(numbers, uint32(bitsAt(data, at, width)))
		at += width
	}
	return numbers, nil
}

// bitsAt returns the number in width bits from a bit of data on, which has them.
func bitsAt(data []byte, at, width int) uint64 {
	var x uint64
	for got := 0; got < width; {
		bit := (at + got) % 8
		take := min(8-bit, width-got)
		part := uint64(data[(at+got)/8]>>bit) & (1<<take - 1)
		x |= part << got
		got += take
	}
	return x
}

// sums returns n numbers that are written as differences, packed in blocks, and the data behind
// them: a block has its smallest difference, the widths of its parts, and what the differences
// have above the smallest one.
func sums(data []byte, n int) (numbers []int64, rest []byte, err error) {
	next := func() uint64 {
		x, size := binary.Uvarint(data)
		if size <= 0 {
			err = errDamaged
			return 0
		}
		data = data[size:]
		return x
	}
	signed := func() int64 {
		x := next()
		return int64(x>>1) ^ -int64(x&1)
	}
	block, parts, total, last := next(), next(), next(), signed()
	if err != nil || total != uint64(n) || block > 1<<20 || parts == 0 || parts > block ||
		block%parts != 0 {
		return nil, nil, errDamaged
	}
	if n > 0 {
		numbers = append(numbers, last)
	}
	part := int(block / parts)
	for len(numbers) < n {
		least := signed()
		if err != nil || uint64(len(data)) < parts {
			return nil, nil, errDamaged
		}
		widths := data[:parts]
		data = data[parts:]
		for _, width := range widths {
			if len(numbers) >= n {
				break
			}
			size := (part*int(width) + 7) / 8
			if width > 64 || len(data) < size {
				return nil, nil, errDamaged
			}
			for i := 0; i < part && len(numbers) < n; i++ {
				last += least + int64(bitsAt(data, i*int(width), int(width)))
				numbers = append(numbers, last)
			}
			data = data[size:]
		}
	}
	return numbers, data, nil
}

// split cuts data into values of lengths.
func split(data []byte, lengths []int64) ([][]byte, error) {
	values := make([][]byte, len(lengths))
	for i, length := range lengths {
		if length < 0 || length > int64(len(data)) {
			return nil, errDamaged
		}
		values[i], data = data[:length], data[length:]
	}
	return values, nil
}

// prefixed returns values that begin as the one before: the lengths of what is the same, and the
// rest.
func prefixed(data []byte, n int) ([][]byte, error) {
	same, rest, err := sums(data, n)
	if err != nil {
		return nil, err
	}
	lengths, rest, err := sums(rest, n)
	if err != nil {
		return nil, err
	}
	values, err := split(rest, lengths)
	if err != nil {
		return nil, err
	}
	var before []byte
	total := int64(0)
	for i, length := range same {
		if total += length; length < 0 || length > int64(len(before)) || total > largest {
			return nil, errDamaged
		}
		if length > 0 {
			values[i] = append(before[:length:length], values[i]...)
		}
		before = values[i]
	}
	return values, nil
}

// streams returns values of which the first bytes stand together, then the second ones, and so on.
func (c *decoder) streams(data []byte, n int) ([][]byte, error) {
	if len(data)/c.size < n {
		return nil, errDamaged
	}
	values := make([][]byte, n)
	for i := range values {
		value := make([]byte, c.size)
		for b := range value {
			value[b] = data[b*n+i]
		}
		values[i] = value
	}
	return values, nil
}
