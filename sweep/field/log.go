package field

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"

	"budget/internal/parallel"
	"budget/model"
	"budget/model/document"
	"budget/sweep/sessionlog"
)

// Log is the content of one or more files of sessions.
type Log struct {
	sessionlog.Log
	// Statistics are of the sessions used by a fit.
	Statistics *Statistics
	// Digest is the SHA-256 of what results follow from, which Reduce writes. It does not depend on
	// how the rows are split into files.
	Digest  string
	reduced reduced
	workers int // goroutines of fits
}

// Reduce writes what all results of a log follow from, as a small file that ReadAll reads. Reduced
// parts of a log give the same results as the log.
func (l *Log) Reduce(w io.Writer) error {
	content, err := l.reduced.content()
	if err != nil {
		return err
	}
	digest := sha256.Sum256(content)
	_, err = fmt.Fprintf(w, "%s%s %x\n%s", reducedName, reducedVersion, digest, content)
	return err
}

// Types returns the session types of the log, in the order of a scenario.
func (l *Log) Types(s *model.Scenario) (types []string) {
	for _, session := range s.Sessions {
		if l.Statistics.Ends.types[session.ID] != nil {
			types = append(types, session.ID)
		}
	}
	return types
}

// named names the log in the source of a fitted quantity: the same for its parts and the whole.
func (l *Log) named() string { return fmt.Sprintf("a log (digest %.8s)", l.Digest) }

// Read reads a log of sessions from memory. ReadAll describes it.
func Read(file string, data []byte, s *model.Scenario, o sessionlog.Options) (*Log, error) {
	return ReadAll(context.Background(), []sessionlog.Source{sessionlog.Text(file, data)}, s, o)
}

// ReadAll reads files of sessions as one log, as sessionlog.ReadAll does, and sums up the sessions.
// A file may also be a reduced log (Log.Reduce).
func ReadAll(ctx context.Context, sources []sessionlog.Source, s *model.Scenario,
	o sessionlog.Options) (*Log, error) {
	var sums *sums
	rows, err := sessionlog.ReadAll(ctx, sources, s, o, func(workers int) sessionlog.Sink {
		sums = newSums(s, o.Slack, workers)
		return sums
	})
	if err != nil {
		return nil, err
	}
	l := &Log{Log: *rows, workers: parallel.Workers(o.Workers)}
	if err := sums.finish(l); err != nil {
		return nil, err
	}
	sums = nil // the log, which can be read again, keeps the function that begins them
	l.reduced = reduced{readingOf(s, o.Slack, l.Statistics), l.RowCounts, l.Statistics}
	content, err := l.reduced.content()
	if err != nil {
		return nil, err
	}
	l.Digest = fmt.Sprintf("%x", sha256.Sum256(content))
	return l, nil
}

// sums sums up the sessions of a log, by worker, and keeps its reduced parts.
type sums struct {
	scenario *model.Scenario
	slack    sessionlog.Slack
	rows     []*Statistics
	parts    []part
}

// part is a reduced log.
type part struct {
	file string
	reduced
}

func newSums(s *model.Scenario, slack sessionlog.Slack, workers int) *sums {
	x := &sums{scenario: s, slack: slack}
	for range workers {
		x.rows = append(x.rows, NewStatistics(s))
	}
	return x
}

// Add adds sessions to the sums of a worker.
func (x *sums) Add(worker int, sessions []sessionlog.Session) { x.rows[worker].Add(sessions...) }

// Knows reports whether a source is a reduced log.
func (x *sums) Knows(start []byte) bool { return isReduced(start) }

// Read reads a reduced log.
func (x *sums) Read(file string, from io.Reader) error {
	of, err := readReduced(file, from, x.scenario, x.slack)
	if err != nil {
		return err
	}
	x.parts = append(x.parts, part{file, of})
	return nil
}

// finish adds all sums to a log.
func (x *sums) finish(l *Log) error {
	l.Statistics = x.rows[0]
	for _, of := range x.rows[1:] {
		l.Statistics.Merge(of)
	}
	before := "the rows of the other logs"
	for i, of := range x.parts {
		if share := l.Statistics.Sample.shared(of.Sessions.Sample); share > 0 {
			return document.Problems{{File: of.file, Message: fmt.Sprintf("shares sessions with %s, "+
				"about %.0f %% of both: a session must be in one part only; duplicates are found in rows "+
				"that are read or reduced together", before, max(100*share, 1))}}
		}
		l.Statistics.Merge(of.Sessions)
		l.RowCounts.Add(of.Rows)
		before = "the logs before it"
		if i == 0 && len(x.parts) == len(l.Sources) {
			before = of.file
		}
	}
	return nil
}
