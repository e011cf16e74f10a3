package store

import (
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"

	"budget/sweep"
)

// A journal is an append-only file of finished blocks. It begins with a line that identifies
// the format; then come records,
//
//	magic (4 bytes) · length n of the payload (4) · CRC-32C of the rest (4) · key (32) · payload (n),
//
// with little-endian numbers. The key is the SHA-256 of everything that the payload depends on
// (sweep.Key). A record with the zero key has the Writer of the records after it.
//
// A killed process leaves at most one unfinished record, at the end. Opening drops it, skips
// damaged bytes up to the next whole record, and reports both in Damage. A damaged first line is
// damage like any other where whole records follow.
const (
	journalLine   = "budget journal 4\n"
	journalFormat = 4
	recordMagic   = 0x4b4c4247 // "GBLK"
	recordHead    = 4 + 4 + 4 + sha256.Size
	maxRecord     = 1 << 28 // longer records are damaged
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendRecord appends a record to bytes.
func appendRecord(to []byte, key sweep.Key, payload []byte) []byte {
	start := len(to)
	to = binary.LittleEndian.AppendUint32(to, recordMagic)
	to = binary.LittleEndian.AppendUint32(to, uint32(len(payload)))
	to = append(to, 0, 0, 0, 0)
	to = append(to, key[:]...)
	to = append(to, payload...)
	binary.LittleEndian.PutUint32(to[start+8:], crc32.Checksum(to[start+12:], castagnoli))
	return to
}
