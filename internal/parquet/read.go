package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Reader reads any Parquet file as text, as if it were a table of text: numbers with all digits,
// true and false, time stamps as 2026-03-01T07:00:03Z (without Z if they are not of an instant),
// times such as 600 s, and "" for missing values. Columns with lists or other columns inside are
// empty.
type Reader struct {
	Names  []string // of the columns
	file   io.ReaderAt
	size   int64
	leaves []leaf
	groups []any
	left   int64    // rows of the group that is read
	open   []source // its columns
}

// largestFooter is the largest size of the description of a file that is read [bytes].
const largestFooter = 1 << 24

// batchRows is the largest number of rows that Next returns.
const batchRows = 512

// NewReader starts to read a file of a size.
func NewReader(file io.ReaderAt, size int64) (*Reader, error) {
	tail := make([]byte, 8)
	if size < 12 {
		return nil, errDamaged
	}
	if _, err := file.ReadAt(tail, size-8); err != nil {
		return nil, err
	}
	length := int64(binary.LittleEndian.Uint32(tail))
	if string(tail[4:]) != magic || length > size-12 || length > largestFooter {
		return nil, errDamaged
	}
	footer := make([]byte, length)
	if _, err := file.ReadAt(footer, size-8-length); err != nil {
		return nil, err
	}
	meta, _, err := readStruct(footer)
	if err != nil {
		return nil, errDamaged
	}
	r := &Reader{file: file, size: size, groups: meta.list(fileGroups)}
	return r, r.schema(meta.list(fileSchema))
}

// schema finds the columns: those below the first element, and their leaves.
func (r *Reader) schema(elements []any) error {
	next, chunks := 1, 0
	// skip passes over what is below an element that has been read.
	skip := func(below int64) error {
		for ; below > 0; below-- {
			if next >= len(elements) {
				return errDamaged
			}
			e, _ := elements[next].(fields)
			next++
			children := e.number(elementChildren)
			if children < 0 || children > int64(len(elements)) {
				return errDamaged
			}
			if below += children; children == 0 {
				chunks++
			}
		}
		return nil
	}
	for next < len(elements) {
		e, _ := elements[next].(fields)
		next++
		place := len(r.Names)
		r.Names = append(r.Names, e.text(elementName))
		if children := e.number(elementChildren); children != 0 {
			if children < 0 || children > int64(len(elements)) {
				return errDamaged
			}
			if err := skip(children); err != nil {
				return err
			}
			continue
		}
		if e.number(elementRepetition) != repeated {
			length := e.number(elementLength)
			if length < 0 || length > largest {
				return errDamaged
			}
			r.leaves = append(r.leaves, leaf{place: place, chunk: chunks,
				physical: e.number(elementType), size: sizeOf(e.number(elementType), length),
				optional: e.number(elementRepetition) == optional, logical: logicalOf(e)})
		}
		chunks++
	}
	if len(elements) == 0 {
		return errDamaged
	}
	if len(r.leaves) == 0 {
		r.groups = nil // rows of nothing
	}
	return nil
}

// Next returns the next rows, a few hundred at most. At the end it returns io.EOF.
func (r *Reader) Next() (rows [][]string, err error) {
	for r.left == 0 {
		if len(r.groups) == 0 {
			return nil, io.EOF
		}
		if err := r.openGroup(); err != nil {
			return nil, err
		}
	}
	n := int(min(batchRows, r.left))
	for range n {
		rows = append(rows, make([]string, len(r.Names)))
	}
	for i := range r.open {
		c := &r.open[i]
		for k := range rows {
			value, err := c.next()
			if err != nil {
				return nil, fmt.Errorf("column %q: %w", r.Names[c.place], err)
			}
			if value != nil {
				rows[k][c.place] = c.text(value)
			}
		}
	}
	r.left -= int64(n)
	return rows, nil
}

// openGroup starts to read the next row group.
func (r *Reader) openGroup() error {
	group, _ := r.groups[0].(fields)
	r.groups = r.groups[1:]
	chunks := group.list(groupColumns)
	if r.left = group.number(groupRows); r.left < 0 {
		return errDamaged
	}
	r.open = slices.Grow(r.open[:0], len(r.leaves))
	for _, l := range r.leaves {
		if l.chunk >= len(chunks) {
			return errDamaged
		}
		chunk, _ := chunks[l.chunk].(fields)
		meta := chunk.inner(chunkMeta)
		at := meta.number(metaDataPage)
		if first := meta.number(metaDictionaryPage); first > 0 && first < at {
			at = first
		}
		size := meta.number(metaSize)
		if meta.number(metaType) != l.physical || at < 0 || size < 0 || at > r.size ||
			size > r.size-at {
			return errDamaged
		}
		r.open = append(r.open, source{decoder: decoder{leaf: l}, codec: meta.number(metaCodec),
			pages: io.NewSectionReader(r.file, at, size), left: r.left})
	}
	return nil
}

// source is a column of the row group that is read.
type source struct {
	decoder
	codec   int64
	pages   *io.SectionReader
	at      int64
	left    int64    // rows after this page
	rows    int      // of this page that are left
	present []uint32 // 0 for those without a value; nil: all have one
	values  [][]byte
}

// next returns the value of the next row, nil if it has none.
func (c *source) next() ([]byte, error) {
	for c.rows == 0 {
		if err := c.page(); err != nil {
			return nil, err
		}
	}
	c.rows--
	if c.present != nil {
		there := c.present[0]
		if c.present = c.present[1:]; there == 0 {
			return nil, nil
		}
	}
	value := c.values[0]
	c.values = c.values[1:]
	return value, nil
}

// headSize is the number of bytes to look for the head of a page in. Heads may hold a smallest
// and a largest value, and so be longer.
const headSize = 1 << 10

// head reads the head of the next page, and its data.
func (c *source) head() (head fields, data []byte, err error) {
	for size := int64(headSize); ; size *= 16 {
		size = min(size, c.pages.Size()-c.at)
		start := make([]byte, size)
		if _, err := c.pages.ReadAt(start, c.at); err != nil && !errors.Is(err, io.EOF) {
			return nil, nil, err
		}
		head, taken, err := readStruct(start)
		if err == nil {
			c.at += int64(taken)
			length := head.number(pageSize)
			if length < 0 || length > c.pages.Size()-c.at || length > largest {
				return nil, nil, errDamaged
			}
			data = make([]byte, length)
			_, err = c.pages.ReadAt(data, c.at)
			if c.at += length; err != nil && !errors.Is(err, io.EOF) {
				return nil, nil, err
			}
			return head, data, nil
		}
		if size == c.pages.Size()-c.at || size > largest {
			return nil, nil, errDamaged
		}
	}
}

// page reads the next page.
func (c *source) page() error {
	head, data, err := c.head()
	if err != nil {
		return err
	}
	switch head.number(pageType) {
	case dictionaryPage:
		return c.readDictionary(head, data)
	case dataPage:
		return c.readData(head, data)
	case dataPage2:
		return c.readData2(head, data)
	}
	return nil // an index, which is not needed
}

func (c *source) readDictionary(head fields, data []byte) error {
	data, err := unpack(c.codec, data, head.number(pagePlainSize))
	if err != nil {
		return err
	}
	of := head.inner(pageDictionary)
	n := of.number(dataValues)
	if n < 0 || n > int64(8*len(data)) {
		return errDamaged
	}
	c.dictionary, err = c.plain(data, int(n))
	return err
}

func (c *source) readData(head fields, data []byte) error {
	data, err := unpack(c.codec, data, head.number(pagePlainSize))
	if err != nil {
		return err
	}
	of := head.inner(pageData)
	rows, err := c.take(of.number(dataValues))
	if err != nil {
		return err
	}
	var levels []byte
	if c.optional {
		if of.number(dataLevels) != runLengths {
			return errors.New("what is missing in it is marked in a way that Parquet has given up")
		}
		if data, levels, err = sized(data); err != nil {
			return err
		}
	}
	return c.read(rows, levels, of.number(dataEncoding), data)
}

func (c *source) readData2(head fields, data []byte) error {
	of := head.inner(pageData2)
	rows, err := c.take(of.number(data2Values))
	if err != nil {
		return err
	}
	levels, repetitions := of.number(data2Levels), of.number(data2Repetitions)
	if levels < 0 || repetitions < 0 || levels > int64(len(data)) ||
		repetitions > int64(len(data))-levels {
		return errDamaged
	}
	marks := data[repetitions : repetitions+levels]
	data = data[repetitions+levels:]
	if packed, given := of[data2Packed].(bool); packed || !given {
		if data, err = unpack(c.codec, data,
			head.number(pagePlainSize)-levels-repetitions); err != nil {
			return err
		}
	}
	return c.read(rows, marks, of.number(data2Encoding), data)
}

// take returns the number of rows of a page, which the row group must have.
func (c *source) take(rows int64) (int, error) {
	if rows < 0 || rows > c.left || rows > largest/16 {
		return 0, errDamaged
	}
	c.left -= rows
	return int(rows), nil
}

// read reads which rows of a page have values, and the values.
func (c *source) read(rows int, levels []byte, encoding int64, data []byte) (err error) {
	n := rows
	c.present = nil
	if c.optional {
		if c.present, err = runs(levels, 1, rows); err != nil {
			return err
		}
		n = 0
		for _, one := range c.present {
			n += int(one)
		}
	}
	if c.values, err = c.decode(encoding, data, n); err != nil {
		return err
	}
	c.rows = rows
	return nil
}
