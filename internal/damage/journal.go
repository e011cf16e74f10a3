package damage

import (
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"slices"

	"github.com/klauspost/compress/s2"
)

const (
	headLine   = len("budget journal 4\n")
	recordHead = 4 + 4 + 4 + 32 // magic, length, checksum, key
)

// Journal returns a journal with one change to the content of one of its records, packed again
// under its key. It returns the data as they are if they have no packed record.
func Journal(r *rand.Rand, data []byte) []byte {
	var starts []int
	for at := headLine; at+recordHead <= len(data); {
		length := int(binary.LittleEndian.Uint32(data[at+4:]))
		if at+recordHead+length > len(data) {
			break
		}
		if !allZero(data[at+12 : at+recordHead]) { // else it names a writer
			starts = append(starts, at)
		}
		at += recordHead + length
	}
	if len(starts) == 0 {
		return data
	}
	at := starts[r.IntN(len(starts))]
	length := int(binary.LittleEndian.Uint32(data[at+4:]))
	raw, err := s2.Decode(nil, data[at+recordHead:at+recordHead+length])
	if err != nil {
		return data
	}
	record := slices.Clone(data[at : at+recordHead])
	return slices.Concat(data[:at], Record(record[12:recordHead], s2.Encode(nil, Bytes(r, raw))),
		data[at+recordHead+length:])
}

// Record returns a record of a journal.
func Record(key, payload []byte) []byte {
	out := binary.LittleEndian.AppendUint32([]byte("GBLK"), uint32(len(payload)))
	sum := crc32.Update(0, crc32.MakeTable(crc32.Castagnoli), key)
	sum = crc32.Update(sum, crc32.MakeTable(crc32.Castagnoli), payload)
	out = binary.LittleEndian.AppendUint32(out, sum)
	return append(append(out, key...), payload...)
}

func allZero(data []byte) bool {
	return !slices.ContainsFunc(data, func(c byte) bool { return c != 0 })
}

// Bytes returns bytes with one change: some overwritten, cut, repeated or inserted, more often
// near the beginning, where numbers of things stand.
func Bytes(r *rand.Rand, data []byte) []byte {
	if len(data) == 0 {
		return []byte{byte(r.Uint32())}
	}
	out := slices.Clone(data)
	at := r.IntN(len(out))
	if r.IntN(3) == 0 {
		at = r.IntN(min(len(out), 64))
	}
	end := min(at+1+r.IntN(8), len(out))
	switch r.IntN(8) {
	case 0:
		return out[:at]
	case 1:
		return slices.Insert(out, at, out[at:end]...)
	case 2:
		return slices.Delete(out, at, end)
	case 3:
		return slices.Insert(out, at, binary.AppendUvarint(nil, r.Uint64()>>r.IntN(64))...)
	case 4:
		for i := at; i < end; i++ {
			out[i] = byte(-r.IntN(2))
		}
	case 5:
		out[at] ^= 1 << r.IntN(8)
	default:
		for i := at; i < end; i++ {
			out[i] = byte(r.Uint32())
		}
	}
	return out
}
