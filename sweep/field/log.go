package field

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

// SourceInfo is a file that was read.
type SourceInfo struct {
	Name   string `json:"name"`
	Digest string `json:"sha256"` // of the file
}

// RowCounts are numbers of rows, without lines of column names.
type RowCounts struct {
	Rows          int `json:"rows"`
	Malformed     int `json:"malformed"`
	Contradictory int `json:"contradictory"`
	Duplicate     int `json:"duplicate"`
}

// LeftOut returns the number of rows not used in a fit.
func (r RowCounts) LeftOut() int { return r.Malformed + r.Contradictory + r.Duplicate }

// Used returns the number of rows used in a fit.
func (r RowCounts) Used() int { return r.Rows - r.LeftOut() }

func (r *RowCounts) add(o RowCounts) {
	r.Rows += o.Rows
	r.Malformed += o.Malformed
	r.Contradictory += o.Contradictory
	r.Duplicate += o.Duplicate
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
