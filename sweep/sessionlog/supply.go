package sessionlog

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"budget/model/document"
)

// batch is consecutive rows of a source: lines of text, or records.
type batch struct {
	text    string
	line    int  // number of the first line
	end     byte // of a line
	records []record
}

// supply gives the rows of a source. Calls of next do not overlap.
type supply interface {
	// next returns the next rows; none are left if ok is false.
	next() (b batch, ok bool, err error)
	// lines returns the number of lines supplied so far.
	lines() int
}

// The size of a batch of lines, and the most of a line [bytes].
const (
	batchSize = 1 << 18
	mostLine  = 1 << 24
)

// lineSupply supplies a table line by line, so that a stray quote affects one row only.
type lineSupply struct {
	file   string
	in     io.Reader
	buffer []byte
	rest   []byte // the part of the buffer that was read, but not supplied
	line   int    // number of the next line
	end    byte   // of a line: a carriage return in old spreadsheets
	done   bool   // all is read
}

// newLines starts to read a table.
func newLines(file string, in io.Reader) (*lineSupply, error) {
	l := &lineSupply{file: file, in: in, line: 1, end: '\n'}
	if err := l.fill(batchSize); err != nil {
		return nil, err
	}
	if bytes.IndexByte(l.rest, '\n') < 0 && bytes.IndexByte(l.rest, '\r') >= 0 {
		l.end = '\r'
	}
	return l, nil
}

// fill reads until a number of bytes wait, or all is read.
func (l *lineSupply) fill(size int) error {
	have := len(l.rest)
	if l.done || have >= size {
		return nil
	}
	if len(l.buffer) < size {
		l.buffer = make([]byte, size)
	}
	copy(l.buffer, l.rest)
	var err error
	for have < size && err == nil { // io.ReadFull would take a cut archive for its end
		var n int
		n, err = l.in.Read(l.buffer[have:size])
		have += n
	}
	l.rest = l.buffer[:have]
	if err == io.EOF {
		l.done, err = true, nil
	}
	return err
}

func (l *lineSupply) next() (b batch, ok bool, err error) {
	for size := batchSize; ; size *= 2 {
		if err := l.fill(size); err != nil {
			return b, false, err
		}
		end := len(l.rest)
		if !l.done {
			end = bytes.LastIndexByte(l.rest, l.end) + 1
		}
		if end > 0 || l.done {
			b = batch{text: string(l.rest[:end]), line: l.line, end: l.end}
			l.line += bytes.Count(l.rest[:end], []byte{l.end})
			l.rest = l.rest[end:]
			return b, len(b.text) > 0, nil
		}
		if size >= mostLine {
			return b, false, document.Problems{{File: l.file, Line: l.line, Column: 1,
				Message: fmt.Sprintf("the line is longer than %d MiB: this is no table", mostLine>>20)}}
		}
	}
}

func (l *lineSupply) lines() int { return l.line }

// expected estimates the number of rows in a file [bytes], by its first lines. Few rows are shorter
// than 32 bytes: a file that begins with empty lines has fewer rows than they suggest.
func (l *lineSupply) expected(size int64) int {
	lines := bytes.Count(l.rest, []byte{l.end})
	return int(float64(size) * min(float64(lines)/float64(max(len(l.rest), 1)), 1.0/32))
}

// takeNames takes the line of column names, and returns its number.
func (l *lineSupply) takeNames() (names string, number int, err error) {
	text := string(l.rest)
	for text != "" {
		line, after, _ := strings.Cut(text, string(l.end))
		number := l.line
		l.line++
		l.rest, text = l.rest[len(text)-len(after):], after
		if isBeside(line) {
			continue
		}
		if start := strings.TrimSpace(line); start == "[" || strings.HasPrefix(start, "{") ||
			strings.HasPrefix(start, "[{") {
			return "", 0, document.Problems{{File: l.file, Line: number, Column: 1,
				Message: "the log is JSON: expected a table, with a line of column names, " +
					strings.Join(requiredNames, ",")}}
		}
		return line, number, nil
	}
	return "", 0, document.Problems{{File: l.file,
		Message: "the log is empty: expected a line of column names, " + strings.Join(requiredNames, ",")}}
}
