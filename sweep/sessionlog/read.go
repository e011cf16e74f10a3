package sessionlog

import (
	"context"
	"errors"
	"fmt"

	"budget/model"
	"budget/model/document"
)

// ReadAll reads files of sessions as one log, with session types of the scenario. A file is a table
// in UTF-8 or UTF-16 separated by commas, semicolons, tabs or bars, HealthKit's export.xml, one of
// these packed by gzip, a Parquet file, or what a sink knows. The memory it takes does not grow
// with the files, but for 16 bytes a session to find duplicates. begin returns a sink, for each
// time that the files are read.
//
// The error, a Problems value, is about the line of column names or a file as a whole. A problem in
// a row is a remark, and the row is left out; a problem in an optional field is a note, and the
// field is unknown. The same deviation in many rows is one note.
func ReadAll(ctx context.Context, sources []Source, s *model.Scenario, o Options,
	begin func(workers int) Sink) (*Log, error) {
	known := &knowledge{levels: make([]levels, len(sources)), disputed: map[uint64]bool{}}
	for {
		p := newPass(ctx, sources, s, o, known, begin)
		err := p.run()
		switch {
		case errors.Is(err, errAgain) || err == nil && p.disputes:
			continue
		case err != nil:
			return nil, err
		}
		l := p.finish()
		l.again = func(take func(Remark) error) error {
			again := newPass(ctx, sources, s, o, known, begin)
			again.each = take
			return again.run()
		}
		return l, nil
	}
}

// run reads all sources.
func (p *pass) run() error {
	rows := 0
	for i, source := range p.sources {
		p.source = i
		p.bases, p.binary = append(p.bases, int64(rows)), append(p.binary, isParquet(source))
		last, err := p.read(source)
		if _, ok := errors.AsType[document.Problems](err); err != nil && err != errAgain && !ok {
			err = fmt.Errorf("%s: %w", source.Name, err)
		}
		if err != nil {
			return err
		}
		rows += last
	}
	return nil
}

// peekedBySink is the number of bytes at the start of a source that a sink sees.
const peekedBySink = 64

// read reads a source, and returns the number of its last line.
func (p *pass) read(source Source) (last int, err error) {
	if p.binary[p.source] {
		if last, err = p.parquet(source); err != nil {
			return 0, err
		}
		digest, err := source.digest()
		if err != nil {
			return 0, err
		}
		return last, p.enter(source.Name, digest)
	}
	t, err := source.open()
	if err != nil {
		return 0, err
	}
	if start, _ := t.Peek(peekedBySink); p.sink.Knows(start) {
		err = p.sink.Read(source.Name, t)
	} else {
		last, err = p.text(t, source.Name)
	}
	if err != nil {
		return 0, err
	}
	digest, err := t.digest()
	if err != nil {
		return 0, err
	}
	return last, p.enter(source.Name, digest)
}

// enter enters a source that was read, once.
func (p *pass) enter(name, digest string) error {
	for _, other := range p.log.Sources {
		if other.Digest == digest {
			return document.Problems{{File: name,
				Message: "the same file as " + other.Name + ": its sessions would count twice"}}
		}
	}
	p.log.Sources = append(p.log.Sources, SourceInfo{name, digest})
	return nil
}

// parquet reads a Parquet file, and returns its number of rows.
func (p *pass) parquet(source Source) (last int, err error) {
	r := p.reader(&layout{file: source.Name, perCent: p.known.levels[p.source].perCent()})
	from, names, err := newParquet(source)
	if err != nil {
		return 0, err
	}
	r.record = names
	return p.table(r, from)
}

// text reads a source that is text, and returns the number of its last line.
func (p *pass) text(t *stream, file string) (last int, err error) {
	l := &layout{file: file, perCent: p.known.levels[p.source].perCent()}
	r := p.reader(l)
	start, _ := t.Peek(peeked)
	var from supply
	if isExport(string(start)) {
		from = newExport(file, t)
		r.record = record{line: 1, fields: exportHeader, columns: []int{1, 1, 1, 1}}
	} else {
		in, err := newLines(file, t)
		if err != nil {
			return 0, err
		}
		if err := r.readNames(in); err != nil {
			return 0, err
		}
		from = in
	}
	if t.encoding != "" {
		r.remark(Note, -1, "", "the file is in %s", t.encoding)
	}
	return p.table(r, from)
}

// table reads the rows of a source, after its line of column names.
func (p *pass) table(r *reader, from supply) (last int, err error) {
	if err := r.header(); err != nil {
		return 0, err
	}
	if err := p.add(r); err != nil {
		return 0, err
	}
	// Without a start, many rows are alike and take room only once.
	if lines, ok := from.(*lineSupply); ok && r.has(columnKey) {
		p.keys.expect(lines.expected(p.sources[p.source].Size))
	}
	err = p.rows(r.layout, from)
	return from.lines(), err
}
