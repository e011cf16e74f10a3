package sessionlog

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

// Add adds the rows of another log.
func (r *RowCounts) Add(o RowCounts) {
	r.Rows += o.Rows
	r.Malformed += o.Malformed
	r.Contradictory += o.Contradictory
	r.Duplicate += o.Duplicate
}
