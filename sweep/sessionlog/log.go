package sessionlog

import "io"

// Log is what the rows of one or more files say, but for the sessions, which a Sink takes.
type Log struct {
	File    string // its name, or how many there are
	Sources []SourceInfo
	RowCounts
	// Remarks are the first ones of each kind, at most KeptRemarks, in the files' order. Numbers has
	// how many there are.
	Remarks []Remark
	Numbers map[RemarkKind]int
	// Sessions are those used by a fit, in the files' order, if Options.Keep asked for them.
	Sessions []Session

	again func(take func(Remark) error) error // reads all remarks once more
}

// Sink takes the sessions of a log. A log may be read several times, each time with a Sink of its
// own.
type Sink interface {
	// Add takes sessions that are used. It does not keep them. Calls with the same number of a worker
	// do not overlap.
	Add(worker int, sessions []Session)
	// Knows reports whether the sink reads a source with this start itself.
	Knows(start []byte) bool
	// Read reads such a source.
	Read(file string, from io.Reader) error
}

// KeptRemarks is the number of remarks of a kind that a Log keeps.
const KeptRemarks = 1000

// EachRemark calls take for every remark, in the files' order. It reads the files again if the log
// does not keep all of them.
func (l *Log) EachRemark(take func(Remark) error) error {
	for _, n := range l.Numbers {
		if n > KeptRemarks {
			return l.again(take)
		}
	}
	for _, r := range l.Remarks {
		if err := take(r); err != nil {
			return err
		}
	}
	return nil
}
