package parquet

import (
	"encoding/binary"
	"io"
	"math"
	"math/bits"

	"github.com/klauspost/compress/s2"
)

// Kind is the kind of values of a column that is written.
type Kind int

const (
	Text  Kind = iota // UTF-8
	Real              // a number; NaN is a missing one, null in the file
	Whole             // a whole number
)

// Column is a column that is written.
type Column struct {
	Name string
	Kind Kind
}

// Writer writes a table row by row. After a row's values, one for each column, comes EndRow.
type Writer struct {
	to      io.Writer
	at      int64 // bytes written
	columns []chunk
	rows    int // of this group
	total   int64
	groups  [][]byte // descriptions of the groups that are written
}

const (
	maxGroup = 1 << 17 // rows of a row group, which is held in memory
	maxPage  = 20_000  // rows of a page
)

// chunk collects the values of a column for a row group.
type chunk struct {
	Column
	numbers []uint64 // bits of Real and Whole; places in the dictionary of Text
	present []uint32 // of Real: 1 for a number
	places  map[string]uint64
	texts   []byte // the dictionary
}

// NewWriter returns a writer of a table with columns.
func NewWriter(to io.Writer, columns []Column) *Writer {
	w := &Writer{to: to}
	for _, c := range columns {
		w.columns = append(w.columns, chunk{Column: c, places: map[string]uint64{}})
	}
	return w
}

// Text adds the value of a column of kind Text to the row.
func (w *Writer) Text(column int, text string) {
	c := &w.columns[column]
	place, ok := c.places[text]
	if !ok {
		place = uint64(len(c.places))
		c.places[text] = place
		c.texts = append(binary.LittleEndian.AppendUint32(c.texts, uint32(len(text))), text...)
	}
	c.numbers = append(c.numbers, place)
}

// Real adds the value of a column of kind Real to the row.
func (w *Writer) Real(column int, x float64) {
	c := &w.columns[column]
	if math.IsNaN(x) {
		c.present = append(c.present, 0)
		return
	}
	c.present = append(c.present, 1)
	c.numbers = append(c.numbers, math.Float64bits(x))
}

// Whole adds the value of a column of kind Whole to the row.
func (w *Writer) Whole(column int, n int64) {
	c := &w.columns[column]
	c.numbers = append(c.numbers, uint64(n))
}

// EndRow ends a row, and writes the rows so far if they are enough for a group.
func (w *Writer) EndRow() error {
	w.rows++
	if w.rows < maxGroup {
		return nil
	}
	return w.writeGroup()
}

// Close writes the rest and the description of the file.
func (w *Writer) Close() error {
	if w.rows > 0 {
		if err := w.writeGroup(); err != nil {
			return err
		}
	}
	if err := w.begin(); err != nil {
		return err
	}
	footer := w.footer()
	footer = binary.LittleEndian.AppendUint32(footer, uint32(len(footer)))
	return w.write(append(footer, magic...))
}

func (w *Writer) write(data []byte) error {
	n, err := w.to.Write(data)
	w.at += int64(n)
	return err
}

// begin writes the start of the file, once.
func (w *Writer) begin() error {
	if w.at > 0 {
		return nil
	}
	return w.write([]byte(magic))
}

// writeGroup writes the chunks of a row group and keeps its description.
func (w *Writer) writeGroup() error {
	if err := w.begin(); err != nil {
		return err
	}
	var of structWriter
	of.list(groupColumns, thriftStruct, len(w.columns))
	var size int64
	for i := range w.columns {
		c := &w.columns[i]
		out, plainSize, dataAt := c.pages(w.rows)
		dictionaryAt := w.at
		of.element(func(s *structWriter) {
			s.int64(chunkOffset, dictionaryAt)
			s.inner(chunkMeta, func(s *structWriter) {
				s.int32(metaType, c.physical())
				s.list(metaEncodings, thriftInt32, 2)
				s.out = binary.AppendVarint(s.out, int64(c.encoding()))
				s.out = binary.AppendVarint(s.out, runLengths)
				s.list(metaPath, thriftBinary, 1)
				s.out = appendText(s.out, c.Name)
				s.int32(metaCodec, snappy)
				s.int64(metaValues, int64(w.rows))
				s.int64(metaPlainSize, plainSize)
				s.int64(metaSize, int64(len(out)))
				s.int64(metaDataPage, dictionaryAt+dataAt)
				if c.Kind == Text {
					s.int64(metaDictionaryPage, dictionaryAt)
				}
			})
		})
		size += plainSize
		if err := w.write(out); err != nil {
			return err
		}
		w.columns[i] = chunk{Column: c.Column, places: map[string]uint64{},
			numbers: c.numbers[:0], present: c.present[:0]}
	}
	of.int64(groupSize, size)
	of.int64(groupRows, int64(w.rows))
	w.groups = append(w.groups, append(of.out, 0))
	w.total += int64(w.rows)
	w.rows = 0
	return nil
}

// footer returns the description of the file.
func (w *Writer) footer() []byte {
	var of structWriter
	of.int32(fileVersion, 1)
	of.list(fileSchema, thriftStruct, 1+len(w.columns))
	of.element(func(s *structWriter) {
		s.text(elementName, "budget")
		s.int32(elementChildren, len(w.columns))
	})
	for _, c := range w.columns {
		of.element(func(s *structWriter) {
			s.int32(elementType, c.physical())
			if c.Kind == Real {
				s.int32(elementRepetition, optional)
			} else {
				s.int32(elementRepetition, required)
			}
			s.text(elementName, c.Name)
			if c.Kind == Text {
				s.int32(elementConverted, convertedUTF8)
				s.inner(elementLogical, func(s *structWriter) {
					s.inner(logicalString, func(*structWriter) {})
				})
			}
		})
	}
	of.int64(fileRows, w.total)
	of.list(fileGroups, thriftStruct, len(w.groups))
	for _, g := range w.groups {
		of.out = append(of.out, g...)
	}
	of.text(fileCreator, "budget")
	return append(of.out, 0)
}

func (c *chunk) physical() int {
	return [...]int{Text: byteArrays, Real: doubles, Whole: int64s}[c.Kind]
}

func (c *chunk) encoding() int {
	if c.Kind == Text {
		return indexDictionary
	}
	return plain
}

// pages returns the pages of a chunk with rows, their size without compression, and where those
// of data begin.
func (c *chunk) pages(rows int) (out []byte, plainSize, dataAt int64) {
	page := func(kind int, body []byte, describe func(*structWriter)) {
		packed := s2.EncodeSnappy(nil, body)
		var head structWriter
		head.int32(pageType, kind)
		head.int32(pagePlainSize, len(body))
		head.int32(pageSize, len(packed))
		describe(&head)
		head.out = append(head.out, 0)
		plainSize += int64(len(head.out) + len(body))
		out = append(append(out, head.out...), packed...)
	}
	if c.Kind == Text {
		page(dictionaryPage, c.texts, func(s *structWriter) {
			s.inner(pageDictionary, func(s *structWriter) {
				s.int32(dataValues, len(c.places))
				s.int32(dataEncoding, plain)
			})
		})
	}
	dataAt = int64(len(out))
	numbers := c.numbers
	for first := 0; first < rows; first += maxPage {
		n := min(maxPage, rows-first)
		var body []byte
		values := n
		if c.Kind == Real {
			levels := appendRuns(nil, c.present[first:first+n], 1)
			body = append(binary.LittleEndian.AppendUint32(nil, uint32(len(levels))), levels...)
			values = 0
			for _, one := range c.present[first : first+n] {
				values += int(one)
			}
		}
		body = c.appendValues(body, numbers[:values])
		numbers = numbers[values:]
		page(dataPage, body, func(s *structWriter) {
			s.inner(pageData, func(s *structWriter) {
				s.int32(dataValues, n)
				s.int32(dataEncoding, c.encoding())
				s.int32(dataLevels, runLengths)
				s.int32(dataRepetitions, runLengths)
			})
		})
	}
	return out, plainSize, dataAt
}

// appendValues appends values of a page.
func (c *chunk) appendValues(body []byte, numbers []uint64) []byte {
	if c.Kind != Text {
		for _, n := range numbers {
			body = binary.LittleEndian.AppendUint64(body, n)
		}
		return body
	}
	width := bits.Len(uint(len(c.places) - 1))
	places := make([]uint32, len(numbers))
	for i, n := range numbers {
		places[i] = uint32(n)
	}
	return appendRuns(append(body, byte(width)), places, width)
}

// appendRuns appends numbers of a width in bits: a run of equal ones as its length and the
// number, others in groups of eight, packed.
func appendRuns(out []byte, numbers []uint32, width int) []byte {
	for len(numbers) > 0 {
		if n := equal(numbers); n >= 8 || n == len(numbers) {
			out = binary.AppendUvarint(out, uint64(n)<<1)
			for b := 0; b < width; b += 8 {
				out = append(out, byte(numbers[0]>>b))
			}
			numbers = numbers[n:]
			continue
		}
		// Packed up to the next long run; only the last group may be filled up.
		n := 8
		for n < len(numbers) && equal(numbers[n:]) < 8 {
			n += 8
		}
		out = binary.AppendUvarint(out, uint64((n+7)/8)<<1|1)
		packed := min(n, len(numbers))
		out = appendPacked(out, numbers[:packed], width)
		numbers = numbers[packed:]
	}
	return out
}

// equal returns how many of the first numbers are equal.
func equal(numbers []uint32) int {
	n := 1
	for n < len(numbers) && numbers[n] == numbers[0] {
		n++
	}
	return n
}

// appendPacked appends numbers of a width, the lowest bits first, filled up with zeros to a
// multiple of eight.
func appendPacked(out []byte, numbers []uint32, width int) []byte {
	var buffer uint64
	held := 0
	for i := range (len(numbers) + 7) / 8 * 8 {
		if i < len(numbers) {
			buffer |= uint64(numbers[i]) << held
		}
		for held += width; held >= 8; held -= 8 {
			out = append(out, byte(buffer))
			buffer >>= 8
		}
	}
	return out
}
