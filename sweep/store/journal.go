package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"budget/internal/disk"
	"budget/sweep"
)

// maxWriters bounds the writers of a journal. It has one for every time that its sweep was resumed.
const maxWriters = 1 << 16

// Writer identifies the program that wrote blocks. Blocks of different writers may
// come from different models.
type Writer struct {
	Version string `json:"version"`        // of the program
	Code    string `json:"code,omitempty"` // sweep.CodeDigest; "" of older programs
	Catalog string `json:"catalog"`        // digest
	Go      string `json:"go,omitempty"`
	Kernel  string `json:"kernel,omitempty"`
	// For the part of a shard:
	Plan  string `json:"plan,omitempty"` // fingerprint
	Shard int    `json:"shard,omitempty"`
	Of    int    `json:"of,omitempty"`
	Whole bool   `json:"whole,omitempty"` // last record of a part: the part is complete
}

// sameCode reports whether two writers compute the same blocks.
func (w Writer) sameCode(o Writer) bool { return w.Code == o.Code && w.Code != "" }

// unknownVersion is the version of a writer whose record cannot be understood.
const unknownVersion = "unknown"

// signature is the payload of a writer's record. The format makes a journal known by its records,
// too.
type signature struct {
	Writer
	Format int `json:"journal,omitempty"`
}

// Journal is an open journal.
type Journal struct {
	file    *os.File
	path    string
	places  map[sweep.Key]place // of whole records
	end     int64               // offset of the next record
	writers []Writer            // in the order of the file
	signs   []place             // of their records
	formats []int               // of the journal, as its writers say; 0 of older ones
	Damage  Damage
	failed  error // set when the file cannot be written any more
}

// place is the place of a record, whose writer is that with an index; −1 if it has none.
type place struct {
	offset, length int64
	writer         int
}

// Damage lists the damage found when a journal was opened.
type Damage struct {
	Torn   int64   // bytes of an unfinished record at the end
	Broken []int64 // offsets of damaged bytes between records
}

// OpenJournal opens a journal for reading and appending and creates it if missing.
func OpenJournal(path string) (*Journal, error) {
	file, err := disk.OpenAppend(path)
	if err != nil {
		return nil, err
	}
	j, err := readJournal(file, path)
	if err != nil {
		file.Close()
		return nil, err
	}
	if j.end == 0 {
		if err = j.write([]byte(journalLine)); err == nil {
			err = disk.SyncDirectory(filepath.Dir(path))
		}
	} else if err = file.Truncate(j.end); err == nil {
		_, err = file.Seek(j.end, io.SeekStart)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return j, nil
}

// ReadJournal opens a journal for reading only.
func ReadJournal(path string) (*Journal, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	j, err := readJournal(file, path)
	if err != nil {
		file.Close()
	}
	return j, err
}

// errNoJournal is the error of a file that is not a journal.
var errNoJournal = errors.New("damaged, or not a budget journal")

// readJournal finds the records of a file.
func readJournal(file *os.File, path string) (*Journal, error) {
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	return findRecords(&search{file: file, size: size}, path)
}

func findRecords(whole *search, path string) (j *Journal, err error) {
	file, size := whole.file, whole.size
	j = &Journal{file: file, path: path, places: map[sweep.Key]place{}}
	at := int64(len(journalLine))
	line := make([]byte, min(size, at))
	if _, err := file.ReadAt(line, 0); err != nil && err != io.EOF {
		return nil, err
	}
	switch {
	case string(line) == journalLine:
	case bytes.HasPrefix([]byte(journalLine), line):
		j.Damage.Torn = size // killed while the first line was written
		return j, nil
	default:
		// Whole records say that it is a journal, and their writers which format it has.
		if at, err = whole.next(0); err != nil {
			return nil, err
		}
		if at == size {
			return nil, errNoJournal
		}
		j.Damage.Broken = []int64{0}
	}
	for at < size {
		next, err := whole.next(at)
		if err != nil {
			return nil, err
		}
		if next == size {
			if last, err := j.wholeLast(at, size); err != nil {
				return nil, err
			} else if last || whole.exhausted() {
				j.Damage.Broken = append(j.Damage.Broken, at)
			} else {
				j.Damage.Torn = size - at
			}
			break
		}
		if next > at {
			j.Damage.Broken = append(j.Damage.Broken, at)
		}
		key, length := whole.head(next)
		if key == (sweep.Key{}) {
			if err := j.addWriter(next, size); err != nil {
				return nil, err
			}
		} else {
			j.places[key] = place{next, length, len(j.writers) - 1}
		}
		at = next + recordHead + length
	}
	j.end = at
	if string(line) != journalLine && !j.ofThisFormat(line) {
		return nil, errNoJournal
	}
	return j, nil
}

// addWriter adds the writer of the records after an offset.
func (j *Journal) addWriter(at, size int64) error {
	if len(j.writers) == maxWriters {
		return errNoJournal
	}
	_, payload, err := j.record(at, size)
	if err != nil {
		return err
	}
	var w signature
	if err := json.Unmarshal(payload, &w); err != nil {
		w = signature{Writer: Writer{Version: unknownVersion}}
	}
	j.signs = append(j.signs, place{at, int64(len(payload)), len(j.writers)})
	j.writers, j.formats = append(j.writers, w.Writer), append(j.formats, w.Format)
	return nil
}

// ofThisFormat reports whether a journal whose first line is another has the format of this
// program nevertheless: its writers say so. Those of older programs say nothing; then it has,
// unless the line is whole and names another format.
func (j *Journal) ofThisFormat(line []byte) bool {
	if slices.ContainsFunc(j.formats, func(f int) bool { return f != 0 }) {
		return !slices.ContainsFunc(j.formats, func(f int) bool { return f != 0 && f != journalFormat })
	}
	var format int
	n, err := fmt.Sscanf(string(line), "budget journal %d\n", &format)
	return n != 1 || err != nil || format < 1 || format > journalFormat
}

// wholeLast reports whether the bytes from an offset to the end are one record that was whole once:
// its length fits, or its checksum does, but not both. Otherwise it was never finished.
func (j *Journal) wholeLast(at, size int64) (bool, error) {
	if size-at < recordHead || size-at > maxRecord {
		return false, nil
	}
	record := make([]byte, size-at)
	if _, err := j.file.ReadAt(record, at); err != nil {
		return false, err
	}
	return int64(binary.LittleEndian.Uint32(record[4:])) == size-at-recordHead ||
		crc32.Checksum(record[12:], castagnoli) == binary.LittleEndian.Uint32(record[8:]), nil
}

var errDamaged = errors.New("damaged record")

// record reads the record at an offset. size is the size of the file.
func (j *Journal) record(at, size int64) (key sweep.Key, payload []byte, err error) {
	if at+recordHead > size {
		return key, nil, errDamaged
	}
	var head [recordHead]byte
	if _, err := j.file.ReadAt(head[:], at); err != nil {
		return key, nil, err
	}
	length := int64(binary.LittleEndian.Uint32(head[4:]))
	if binary.LittleEndian.Uint32(head[:]) != recordMagic || length > maxRecord ||
		at+recordHead+length > size {
		return key, nil, errDamaged
	}
	payload = make([]byte, length)
	if _, err := j.file.ReadAt(payload, at+recordHead); err != nil {
		return key, nil, err
	}
	copy(key[:], head[12:])
	sum := crc32.Update(crc32.Checksum(head[12:], castagnoli), castagnoli, payload)
	if sum != binary.LittleEndian.Uint32(head[8:]) {
		return key, nil, errDamaged
	}
	return key, payload, nil
}

// Has reports whether the journal has a block.
func (j *Journal) Has(key sweep.Key) bool { _, ok := j.places[key]; return ok }

// Len returns the number of blocks.
func (j *Journal) Len() int { return len(j.places) }

// by returns the writer of a block.
func (j *Journal) by(key sweep.Key) Writer {
	p, ok := j.places[key]
	if !ok || p.writer < 0 {
		return Writer{Version: unknownVersion}
	}
	return j.writers[p.writer]
}

// Writers lists the distinct writers of the journal.
func (j *Journal) Writers() []Writer {
	var out []Writer
	seen := map[Writer]bool{}
	for _, w := range j.writers {
		if !seen[w] {
			out = append(out, w)
		}
		seen[w] = true
	}
	return out
}

// Block returns the payload of a block. It is an error if the block is missing or was
// damaged after the journal was opened.
func (j *Journal) Block(key sweep.Key) ([]byte, error) {
	p, ok := j.places[key]
	if !ok {
		return nil, fmt.Errorf("%s: no block %x", j.path, key[:4])
	}
	found, payload, err := j.record(p.offset, p.offset+recordHead+p.length)
	if err == nil && found != key {
		err = errDamaged
	}
	if err != nil {
		return nil, j.blockError(key, err)
	}
	return payload, nil
}

// read returns a block that is what was asked.
func (j *Journal) read(key sweep.Key, of asked) (*sweep.Block, error) {
	payload, err := j.Block(key)
	if err != nil {
		return nil, err
	}
	b, err := readBlock(payload, of)
	if err != nil {
		return nil, j.blockError(key, err)
	}
	return b, nil
}

// blockError is the error of a block that cannot be read.
func (j *Journal) blockError(key sweep.Key, err error) error {
	return &os.PathError{Op: "read", Path: j.path,
		Err: fmt.Errorf("block %x at byte %d of the journal: %w", key[:4], j.places[key].offset, err)}
}

// keyed is a block to append to a journal.
type keyed struct {
	key     sweep.Key
	payload []byte
}

// put appends blocks with one write. After an error it tries to restore the file, and
// the journal accepts no more blocks.
func (j *Journal) put(blocks ...keyed) error {
	if j.failed != nil {
		return j.failed
	}
	size := 0
	for _, b := range blocks {
		size += recordHead + len(b.payload)
	}
	all := make([]byte, 0, size)
	at := j.end
	places := make([]place, len(blocks))
	for i, b := range blocks {
		places[i] = place{at + int64(len(all)), int64(len(b.payload)), len(j.writers) - 1}
		all = appendRecord(all, b.key, b.payload)
	}
	if err := j.write(all); err != nil {
		return err
	}
	for i, b := range blocks {
		if b.key != (sweep.Key{}) {
			j.places[b.key] = places[i]
		}
	}
	return nil
}

// sign appends a record with the writer of the following records.
func (j *Journal) sign(w Writer) error {
	text, err := json.Marshal(signature{w, journalFormat})
	if err != nil {
		return err
	}
	at := j.end
	if err := j.put(keyed{sweep.Key{}, text}); err != nil {
		return err
	}
	j.signs = append(j.signs, place{at, int64(len(text)), len(j.writers)})
	j.writers = append(j.writers, w)
	return nil
}

func (j *Journal) write(data []byte) error {
	n, err := j.file.WriteAt(data, j.end)
	if err != nil {
		// Half a record does no harm, but truncating frees disk space.
		if n > 0 {
			err = errors.Join(err, j.file.Truncate(j.end))
		}
		j.failed = err
		return err
	}
	j.end += int64(len(data))
	return nil
}

// sync flushes all blocks to the disk.
func (j *Journal) sync() error { return j.file.Sync() }

// readUndamaged opens a journal in a directory for reading only. The error is a *disk.Changed if it
// is damaged.
func readUndamaged(dir, name string) (*Journal, error) {
	path := filepath.Join(dir, name)
	j, err := ReadJournal(path)
	if errors.Is(err, errNoJournal) {
		err = &disk.Changed{Dir: dir, Reason: path + " is " + errNoJournal.Error()}
	}
	if err != nil {
		return nil, err
	}
	if err := j.damaged(dir); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return j, nil
}

// damaged returns an error, a *disk.Changed of a directory, if there were damaged bytes between
// records.
func (j *Journal) damaged(dir string) error {
	if len(j.Damage.Broken) == 0 {
		return nil
	}
	return &disk.Changed{Dir: dir, Reason: fmt.Sprintf("%s is damaged at byte %d", j.path,
		j.Damage.Broken[0])}
}

// Close closes the file.
func (j *Journal) Close() error { return j.file.Close() }

// mend replaces a damaged journal by a new file with its whole records in the same order, each
// after its writer.
func (j *Journal) mend() error {
	if len(j.Damage.Broken) == 0 {
		return nil
	}
	order := slices.AppendSeq(slices.Clone(j.signs), maps.Values(j.places))
	slices.SortFunc(order, func(a, b place) int { return cmp.Compare(a.offset, b.offset) })
	return disk.Replace(j.path, func(w io.Writer) error {
		if _, err := io.WriteString(w, journalLine); err != nil {
			return err
		}
		for _, p := range order {
			key, payload, err := j.record(p.offset, p.offset+recordHead+p.length)
			if err != nil {
				return j.blockError(key, err)
			}
			if _, err := w.Write(appendRecord(nil, key, payload)); err != nil {
				return err
			}
		}
		return nil
	})
}
