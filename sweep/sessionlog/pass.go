package sessionlog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"sync"

	"budget/internal/parallel"
	"budget/model"
	"budget/model/document"
)

// knowledge is what the first row of a log depends on and its last may decide.
type knowledge struct {
	levels   []levels        // by source
	disputed map[uint64]bool // keys of sessions whose rows differ
	// deviations has the numbers of rows with each, once a pass is whole.
	deviations map[deviation]int64
}

// errAgain ends a pass whose rows were read with wrong assumptions.
var errAgain = errors.New("read again")

// pass reads all rows of the sources once, under what is known. Goroutines read batches of rows,
// and take turns in the order of the rows to find duplicates and to note remarks.
type pass struct {
	ctx      context.Context
	scenario *model.Scenario
	options  Options
	sources  []Source
	known    *knowledge
	log      *Log
	each     func(Remark) error // gets every remark, if not nil
	workers  int
	sink     Sink

	source     int
	bases      []int64 // number of rows before each source
	binary     []bool  // whether the source is a Parquet file, which has no lines
	keys       *keySet
	disputes   bool // sessions were found whose rows differ
	deviations map[deviation]*counted
	kept       []keptRemark
	order      int

	mu      sync.Mutex
	turn    *sync.Cond
	taken   int // batches
	stopped error
}

// counted is a deviation, with its first remark.
type counted struct {
	remark keptRemark
	rows   int64
}

// keptRemark is a remark and its place among all.
type keptRemark struct {
	Remark
	order int
}

func newPass(ctx context.Context, sources []Source, s *model.Scenario, o Options,
	known *knowledge, begin func(workers int) Sink) *pass {
	p := &pass{ctx: ctx, scenario: s, options: o, sources: sources, known: known, keys: &keySet{},
		workers: parallel.Workers(o.Workers), deviations: map[deviation]*counted{},
		log: &Log{File: nameOf(sources), Numbers: map[RemarkKind]int{}}}
	p.turn = sync.NewCond(&p.mu)
	p.sink = begin(p.workers)
	return p
}

// reader returns a reader for rows of a layout.
func (p *pass) reader(l *layout) *reader {
	return &reader{layout: l, scenario: p.scenario, options: p.options,
		words: newVocabulary(p.scenario), yield: yield{seen: map[deviation]*occurrence{}}}
}

// rows reads the rows of a source.
func (p *pass) rows(l *layout, from supply) error {
	var reading sync.Mutex
	next := p.taken
	parallel.For(p.workers, p.workers, func(worker, _ int) {
		whole := false
		defer func() {
			if !whole { // it panics: the others must not wait for its turn
				p.stop(errors.New("a reader failed"))
			}
		}()
		r := p.reader(l)
		for {
			reading.Lock()
			number := next
			b, ok, err := from.next()
			if err == nil {
				err = p.ctx.Err()
			}
			if ok && err == nil {
				next++
			}
			reading.Unlock()
			if !ok || err != nil {
				p.fail(err, number)
				break
			}
			r.read(b)
			if !p.take(r, number) {
				break
			}
			p.sink.Add(worker, r.sessions)
			r.reset()
		}
		whole = true
	})
	return p.stopped
}

// stop ends the pass.
func (p *pass) stop(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil && p.stopped == nil {
		p.stopped = err
	}
	p.turn.Broadcast()
}

// fail ends the pass with an error that came up while a batch was supplied, after those before it
// had their turns.
func (p *pass) fail(err error, number int) {
	if err == nil {
		return
	}
	p.mu.Lock()
	for p.taken != number && p.stopped == nil {
		p.turn.Wait()
	}
	p.mu.Unlock()
	p.stop(err)
}

// take adds what a batch says, when the batches before it have been added. It removes sessions
// from the yield that are there already. ok is false if the pass has ended.
func (p *pass) take(r *reader, number int) (ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.taken != number && p.stopped == nil {
		p.turn.Wait()
	}
	defer p.turn.Broadcast()
	if p.stopped != nil {
		return false
	}
	p.taken++
	if err := p.add(r); err != nil {
		p.stopped = err
		return false
	}
	return true
}

// add adds a yield to the log.
func (p *pass) add(r *reader) error {
	known := &p.known.levels[p.source]
	known.share, known.above = known.share || r.levels.share, known.above || r.levels.above
	if known.perCent() != r.perCent {
		p.known.disputed = map[uint64]bool{}
		return errAgain
	}
	for i := range r.sessions {
		p.keys.fetch(r.sessions[i].identity)
	}
	used := 0
	for i := range r.sessions {
		if !p.isNew(&r.sessions[i], r) {
			continue
		}
		if used < i {
			r.sessions[used] = r.sessions[i]
		}
		used++
	}
	r.sessions = r.sessions[:used]
	p.log.RowCounts.Add(r.counts)
	if p.options.Keep {
		p.log.Sessions = append(p.log.Sessions, r.sessions...)
	}
	slices.SortStableFunc(r.remarks,
		func(a, b noted) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
	for _, x := range r.remarks {
		if err := p.note(x); err != nil {
			return err
		}
	}
	for of, o := range r.seen {
		of.source = p.source
		p.deviations[of].rows += o.rows
	}
	return nil
}

// note adds a remark.
func (p *pass) note(x noted) error {
	p.order++
	k := keptRemark{x.Remark, p.order}
	if x.of != (deviation{}) {
		x.of.source = p.source
		if p.deviations[x.of] != nil {
			return nil
		}
		p.deviations[x.of] = &counted{remark: k}
	} else if p.log.Numbers[x.Kind] < KeptRemarks {
		p.kept = append(p.kept, k)
	}
	p.log.Numbers[x.Kind]++
	if p.each != nil {
		if x.of != (deviation{}) {
			x.Message += rowsText(p.known.deviations[x.of])
		}
		return p.each(x.Remark)
	}
	return nil
}

// rowsText says in how many rows a deviation is, if in several.
func rowsText(n int64) string {
	if n > 1 {
		return fmt.Sprintf(" (%d rows)", n)
	}
	return ""
}

// isNew reports whether a session is used, and notes why not. Rows with the same session
// type, device and start are of one session: if they are equal, the first one is used, else none.
// Without a start, equal rows may be two sessions and are used.
func (p *pass) isNew(x *Session, r *reader) bool {
	say := func(kind RemarkKind, format string, args ...any) {
		r.remarks = append(r.remarks, noted{Remark: Remark{document.Problem{File: r.file, Line: x.Line,
			Column: 1, Message: fmt.Sprintf(format, args...)}, kind}})
	}
	key, content := x.identity, x.content
	row := uint32(min(p.bases[p.source]+int64(x.Line), math.MaxUint32))
	first, isFirst := p.keys.put(key, content, row)
	switch {
	case x.Key == "":
		if !isFirst {
			say(Note, "the same as %s; without a start they may be two sessions, and both are used",
				p.place(first.row))
		}
	case p.known.disputed[key] && isFirst:
		say(Contradictory, "another row with the same device and start %s differs",
			document.Quote(x.Key))
		r.counts.Contradictory++
		return false
	case p.known.disputed[key]:
		say(Contradictory, "has the device and start of %s but differs", p.place(first.row))
		r.counts.Contradictory++
		return false
	case isFirst:
	case first.content != content:
		p.known.disputed[key], p.disputes = true, true
		return false
	default:
		say(Duplicate, "the same as %s", p.place(first.row))
		r.counts.Duplicate++
		return false
	}
	return true
}

// place names the line with a row.
func (p *pass) place(row uint32) string {
	i := sort.Search(len(p.bases), func(i int) bool { return p.bases[i] >= int64(row) }) - 1
	line := int64(row) - p.bases[i]
	what := "line"
	if p.binary[i] {
		what = "row"
	}
	if i != p.source {
		return fmt.Sprintf("%s %d of %s", what, line, p.sources[i].Name)
	}
	return fmt.Sprintf("%s %d", what, line)
}

// finish completes the log after all rows.
func (p *pass) finish() *Log {
	p.known.deviations = map[deviation]int64{}
	for of, c := range p.deviations {
		p.known.deviations[of] = c.rows
		c.remark.Message += rowsText(c.rows)
		p.kept = append(p.kept, c.remark)
	}
	slices.SortFunc(p.kept, func(a, b keptRemark) int { return a.order - b.order })
	number := map[RemarkKind]int{}
	for _, k := range p.kept {
		if number[k.Kind]++; number[k.Kind] <= KeptRemarks {
			p.log.Remarks = append(p.log.Remarks, k.Remark)
		}
	}
	return p.log
}
