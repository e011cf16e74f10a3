package field

import (
	"crypto/sha256"
	"fmt"
	"io"
)

// Log is the content of one or more files of sessions.
type Log struct {
	File    string // its name, or how many there are
	Sources []SourceInfo
	RowCounts
	// Statistics are of the sessions used by a fit.
	Statistics *Statistics
	// Digest is the SHA-256 of what results follow from, which Reduce writes. It does not depend on
	// how the rows are split into files.
	Digest string
	// Remarks are the first ones of each kind, at most KeptRemarks, in the files' order. Numbers has
	// how many there are.
	Remarks []Remark
	Numbers map[RemarkKind]int
	// Sessions are those used by a fit, in the files' order, if Options.Keep asked for them.
	Sessions []Session

	reduced reduced
	again   func(take func(Remark) error) error // reads all remarks once more
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

// named names the log in the source of a fitted quantity: the same for its parts and the whole.
func (l *Log) named() string { return fmt.Sprintf("a log (digest %.8s)", l.Digest) }
